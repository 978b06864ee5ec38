"""What the simulation assumes: every number in one document, with its range and its source."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Self, TypedDict

from attrs import Attribute, evolve, field, frozen

from deescalate.documents import (
    Document,
    FrozenMapping,
    Notes,
    Shape,
    joined,
    number,
    part,
    record,
    text,
    whole,
)
from deescalate.emotion import MoveEffects
from deescalate.emotion._values import checked_number
from deescalate.errors import SettingError
from deescalate.findings import Finding, Report, Severity
from deescalate.moves import Move, Phase
from deescalate.simulation._checks import no_such

__all__ = ["Assumption", "Assumptions", "SalibProblem"]

_MOST = MappingProxyType(
    {"share": 1.0, "times": 100.0, "seconds": 1e7, "latent": 10.0, "turns": 1e4, "logit": 1e3}
)
"""The furthest that any number of a unit may be set, from 0."""
_PLAIN = (
    "reach",
    "onset_s",
    "memory_s",
    "repetition",
    "displeasure",
    "heat",
    "relief",
    "settling_s",
    "contagion",
    "spoiling",
)
"""What the simulation adds to the emotion model; at 0 that model is what is left."""


class SalibProblem(TypedDict):
    """What SALib asks for: how many numbers, their names, their bounds."""

    num_vars: int
    names: list[str]
    bounds: list[list[float]]


def _bounds(value: "Assumption", _: "Attribute[Any]", __: object) -> None:
    most = _MOST[value.unit]
    low = checked_number("low", value.low, low=0.0, high=most)
    high = checked_number("high", value.high, low=low, high=most)
    checked_number("value", value.value, low=low, high=high)


@frozen
class Push:
    """What a move does, and whether openness decides how far it reaches."""

    pleasure: float
    arousal: float
    dominance: float
    issue: bool


_WITHIN = number(0.0, max(_MOST.values()))


@frozen(kw_only=True)
class Assumption:
    """One number that is assumed.

    Attributes:
        value: The number.
        low: The least that is thought possible.
        high: The most that is thought possible.
        source: Where it comes from; "ours" is a guess.
        about: What it is.
        error: The standard error of the estimate, where it is one.
        n: How many cases it was estimated from.
        unit: ``share``, ``times``, ``seconds``, ``latent``, ``turns`` or ``logit``.

    Raises:
        SettingError: The value does not lie between low and high, or these cannot be.

    >>> Assumptions.default().numbers["reach"].high
    1.0
    """

    unit: str = "share"
    low: float = field(default=0.0, metadata=part(_WITHIN))
    high: float = field(default=1.0, metadata=part(_WITHIN))
    value: float = field(metadata=part(_WITHIN), validator=_bounds)
    error: float | None = field(default=None, metadata=part(_WITHIN))
    n: int | None = field(default=None, metadata=part(whole(1)))
    about: str = field(default="", metadata=part(text(empty=True)))
    source: str = field(default="ours", metadata=part(text()))


@cache
def _shipped() -> FrozenMapping[Assumption]:
    written = files("deescalate.simulation").joinpath("data/assumptions.toml").read_text("utf-8")
    return FrozenMapping(
        {name: Assumption(**each) for name, each in tomllib.loads(written).items()}
    )


def _numbers_shape() -> Shape:
    """The shipped numbers with what a document says of them."""

    def read(notes: Notes, path: str, found: object) -> Mapping[str, Assumption]:
        shipped = _shipped()
        said = {
            name: record(Assumption, over=shipped[name]).read(notes, joined(path, name), each)
            for name, each in notes.mapping(path, found, shipped).items()
        }
        return {**shipped, **said}

    def schema() -> dict[str, Any]:
        each = record(Assumption, over=next(iter(_shipped().values()))).schema()
        return {
            "type": "object",
            "properties": dict.fromkeys(_shipped(), each),
            "additionalProperties": False,
        }

    def write(numbers: Mapping[str, Assumption]) -> dict[str, Any]:
        return {name: _written(each) for name, each in numbers.items()}

    return Shape(read, schema, write, lambda: tuple(_shipped()))


def _written(each: Assumption) -> dict[str, Any]:
    whole: dict[str, Any] = {"value": each.value, "low": each.low, "high": each.high}
    more = {"error": each.error, "n": each.n}
    whole |= {name: value for name, value in more.items() if value is not None}
    return whole | {"about": each.about, "source": each.source}


def _of_known(_: object, __: "Attribute[Any]", numbers: Mapping[str, object]) -> None:
    for name in numbers:
        if name not in _shipped():
            raise _unknown(name)
    for name in _shipped():
        if not isinstance(numbers.get(name), Assumption):
            raise SettingError(f"numbers.{name}", numbers.get(name), "an Assumption")


def _unknown(name: object) -> SettingError:
    return no_such("name", name, _shipped())


def _complete(numbers: Mapping[str, Assumption]) -> FrozenMapping[Assumption]:
    return FrozenMapping(numbers)


@frozen(kw_only=True, repr=False, slots=False)
class Assumptions(Document):
    r"""Every number that the simulation assumes, and the effects of the moves.

    Attributes:
        numbers: Each number by its name, with its range and its source.
        effects: What moves do; ``person_effect`` and ``issue_effect`` scale it.

    As a document: a section for each number that is other than shipped, with any of ``value``,
    ``low``, ``high``, ``error``, ``n``, ``about`` and ``source``, and ``effects`` as a whole.

    Raises:
        SettingError: A number is missing, or there is none of that name.

    >>> Assumptions.default()["reach"]
    0.5
    >>> Assumptions.from_document("[reach]\nvalue = 0.0")["reach"]
    0.0
    """

    document_kind = "assumptions"

    numbers: Mapping[str, Assumption] = field(
        factory=_shipped,
        converter=_complete,
        validator=_of_known,
        metadata=part(_numbers_shape(), inline=True, needed=True),
        repr=False,
    )
    effects: MoveEffects = field(
        factory=MoveEffects.default, metadata=part(record(MoveEffects)), repr=False
    )

    @classmethod
    def default(cls) -> Self:
        """The shipped assumptions.

        >>> Assumptions.default().check().ok
        True
        """
        return cls()

    @classmethod
    def plain(cls) -> Self:
        """Nothing added to the emotion model: what is said is felt at once, and forgotten at once.

        >>> Assumptions.plain()["onset_s"]
        0.0
        """
        shipped = _shipped()
        without = {name: evolve(shipped[name], low=0.0, value=0.0) for name in _PLAIN}
        doubt = evolve(shipped["doubt"], value=1.0)
        return cls(numbers={**shipped, **without, "doubt": doubt})

    def __getitem__(self, name: str) -> float:
        try:
            return self.values[name]
        except (KeyError, TypeError):
            raise _unknown(name) from None

    @cached_property
    def values(self) -> Mapping[str, float]:
        """The numbers alone, by name."""
        return MappingProxyType({name: each.value for name, each in self.numbers.items()})

    def with_(self, **values: float) -> Self:
        """The same with some numbers set.

        Args:
            values: The numbers by name, each within its own range.

        Raises:
            SettingError: There is none of that name, or it is out of its range.

        >>> Assumptions.default().with_(reach=1.0)["reach"]
        1.0
        """
        changed = dict(self.numbers)
        for name, value in values.items():
            if name not in changed:
                raise _unknown(name)
            known = changed[name]
            number = checked_number(name, value, low=known.low, high=known.high)
            changed[name] = evolve(known, value=number)
        return evolve(self, numbers=changed)

    def problem(self, names: Iterable[str] | None = None) -> SalibProblem:
        """What SALib samples over: every number that has room to vary, with its bounds.

        Args:
            names: Which numbers; all where not given.

        Raises:
            SettingError: There is none of that name.

        >>> Assumptions.default().problem(["reach"])
        {'num_vars': 1, 'names': ['reach'], 'bounds': [[0.0, 1.0]]}
        """
        chosen = list(self.numbers if names is None else names)
        for name in chosen:
            if name not in self.numbers:
                raise _unknown(name)
        ranges = {name: self.numbers[name] for name in chosen}
        free = {name: each for name, each in ranges.items() if each.low < each.high}
        return SalibProblem(
            num_vars=len(free),
            names=list(free),
            bounds=[[each.low, each.high] for each in free.values()],
        )

    def check(self) -> Report:
        """Look for what is odd: a number without room to vary, or one of no stated source.

        >>> print(Assumptions.default().check())
        assumptions: nothing to find
        """
        odd = [
            ("no-range", name, f"{name} cannot vary: low and high are both {each.low:g}")
            for name, each in self.numbers.items()
            if each.low == each.high
        ]
        return Report(
            name=self.document_kind,
            findings=[
                Finding(severity=Severity.NOTE, code=code, text=told, place=name)
                for code, name, told in odd
            ],
            meanings={"no-range": "a number whose range is a point"},
        )

    def __getstate__(self) -> dict[str, Any]:
        return {"numbers": self.numbers, "effects": self.effects}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @cached_property
    def pushes(self) -> Mapping[str, "Push"]:
        """Of each move its push, scaled, and whether it is of the issue or later."""
        made: dict[str, Push] = {}
        for name, push in self.effects.pushes.items():
            issue = name in _ISSUE
            by = self.values["issue_effect" if issue else "person_effect"]
            made[name] = Push(by * push.pleasure, by * push.arousal, by * push.dominance, issue)
        return MappingProxyType(made)


_ISSUE = frozenset(move.value for move in Move if move.phase.rank >= Phase.ISSUE.rank)
