"""The review's settings, as data: codes on or off, severities, limits, phrases of the house."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any, cast

from attrs import evolve, field, frozen

from deescalate.documents import (
    Document,
    FrozenMapping,
    Given,
    Notes,
    Shape,
    is_mapping,
    joined,
    listed,
    number,
    part,
    record,
    text,
    whole,
)
from deescalate.errors import DocumentError
from deescalate.findings import Finding, Report, Severity
from deescalate.text import tokenize
from deescalate.text.phrases import PatternSet, PhraseRule
from deescalate.wording._codes import Code

__all__ = ["HousePhrase", "Limits", "Wording"]

_FORBIDDEN, _HOUSE = "H701", "H702"
_RISING = (
    ("upset", "furious"),
    ("questions", "questions_calm"),
    ("words_furious", "words_upset"),
    ("words_upset", "words"),
)
"""Limits of which the second is to be no lower than the first."""

_SHARE = part(number(0.0, 1.0))
_COUNT = part(whole(0))


@frozen(kw_only=True)
class Limits:
    """From where on a finding is one. Every number is ours.

    Attributes:
        upset: Distress from which a customer counts as upset, 0 to 1.
        furious: Distress from which a customer counts as furious, 0 to 1.
        listens: Openness below which explanations do not reach the customer, 0 to 1.
        questions: Questions a reply may ask an upset customer.
        questions_calm: Questions a reply may ask anybody.
        words: Words a reply may have.
        words_upset: Words a reply to an upset customer may have.
        words_furious: Words a reply to a furious customer may have.
        sentence_words: Words a sentence may have.
        apologies: Apologies after which another one without anything new wears thin.
        shouted: Words in a row in capitals that read as shouting.
        words_brief: Words from which a reply is expected to make the move that matters most.
        understood: Share of a reply that the language must know, 0 to 1.
        fine: How bad a draft is at most that is fine as a whole, as `Review.bad` tells it: what is
            no error then weighs one step less.
        bad: From how bad on a draft is told to be bad as a whole, 0 to 1.

    >>> Wording.default().limits.apologies
    3
    """

    upset: float = field(metadata=_SHARE)
    furious: float = field(metadata=_SHARE)
    listens: float = field(metadata=_SHARE)
    questions: int = field(metadata=_COUNT)
    questions_calm: int = field(metadata=_COUNT)
    words: int = field(metadata=_COUNT)
    words_upset: int = field(metadata=_COUNT)
    words_furious: int = field(metadata=_COUNT)
    sentence_words: int = field(metadata=_COUNT)
    apologies: int = field(metadata=_COUNT)
    shouted: int = field(metadata=_COUNT)
    words_brief: int = field(metadata=_COUNT)
    understood: float = field(metadata=_SHARE)
    fine: float = field(metadata=_SHARE)
    bad: float = field(metadata=_SHARE)


def _rule(label: str, pattern: str, **also: str) -> PhraseRule:
    return PhraseRule(label=label, patterns=(pattern.casefold(),), also=also)


@frozen(kw_only=True)
class HousePhrase:
    """How the house says something.

    Attributes:
        say: What is said.
        instead_of: What is not said, as a phrase of `deescalate.text.phrases`.
    """

    say: str = field(metadata=part(text(empty=True)))
    instead_of: str = field(metadata=part(text()))

    @property
    def rule(self) -> PhraseRule:
        """What finds the phrase, and what may be put in its place."""
        return _rule(_HOUSE, self.instead_of, replace=self.say)


def _readable(shape: Shape, end: str = "") -> Shape:
    """A list whose phrases can be compiled; where they cannot, each is named that is to blame."""

    def read(notes: Notes, path: str, found: Any) -> tuple[Any, ...]:
        entries: tuple[Any, ...] = listed(shape).read(notes, path, found)
        rules = {
            f"{path}[{place}]{end}": _rule(_FORBIDDEN, each) if isinstance(each, str) else each.rule
            for place, each in enumerate(entries)
            if isinstance(each, HousePhrase) or (isinstance(each, str) and each == found[place])
        }
        if _complaint(rules.values()) is not None:
            for at, rule in rules.items():
                for problem in getattr(_complaint([rule]), "problems", ()):
                    notes.problem(at, problem.reason, problem.nearest)
        return entries

    return evolve(listed(shape), read=read)


def _complaint(rules: Iterable[PhraseRule]) -> DocumentError | None:
    try:
        PatternSet.from_rules(*rules)
    except DocumentError as error:
        return error
    return None


def _codes_shape(_given: Given) -> Shape:
    """Changes to the shipped codes."""
    shipped = Wording.default().codes

    def before(name: str, found: object) -> Code:
        """The shipped code; without its second weight where the document says the first alone."""
        alone = is_mapping(found) and "severity" in found and "upset" not in found
        return evolve(shipped[name], upset=None) if alone else shipped[name]

    def read(notes: Notes, path: str, found: object) -> Mapping[str, Code]:
        changed = {
            name: record(Code, over=before(name, each)).read(notes, joined(path, name), each)
            for name, each in notes.mapping(path, found, shipped).items()
        }
        return {**shipped, **changed}

    def written(name: str, code: Code) -> dict[str, Any]:
        if code.upset is shipped[name].upset and code.severity is shipped[name].severity:
            weights: dict[str, Any] = {}
        else:
            weights = {"severity": code.severity.value}
            weights |= {"upset": code.upset.value} if code.upset else {}
        over = evolve(shipped[name], severity=code.severity, upset=code.upset)
        return {**weights, **record(Code, over=over).write(code)}

    def write(codes: Mapping[str, Code]) -> dict[str, Any]:
        return {name: written(name, code) for name, code in codes.items() if code != shipped[name]}

    def schema() -> dict[str, Any]:
        each = record(Code, over=shipped).schema()
        return {
            "type": "object",
            "properties": dict.fromkeys(shipped, each),
            "additionalProperties": False,
        }

    return Shape(read, schema, write)


def _penalties_shape(_given: Given) -> Shape:
    """Changes to the shipped penalties."""
    shipped = Wording.default().penalties
    share = number(0.0, 1.0)

    def read(notes: Notes, path: str, found: object) -> dict[str, float]:
        parts = notes.mapping(path, found, [each.value for each in Severity])
        given = {name: share.read(notes, joined(path, name), each) for name, each in parts.items()}
        return {**{each.value: share for each, share in shipped.items()}, **given}

    return Shape(
        read,
        lambda: {
            "type": "object",
            "properties": {each.value: share.schema() for each in Severity},
            "additionalProperties": False,
        },
        lambda penalties: {Severity(each).value: share for each, share in penalties.items()},
    )


def _codes(codes: Mapping[str, Code]) -> FrozenMapping[Code]:
    return FrozenMapping(codes)


def _penalties(penalties: Mapping[Severity, float]) -> Mapping[Severity, float]:
    told = {Severity(name): share for name, share in penalties.items()}
    return cast("Mapping[Severity, float]", FrozenMapping(cast("Mapping[str, float]", told)))


@frozen(kw_only=True, repr=False, cache_hash=True)
class Wording(Document):
    """The settings of a review.

    A document holds changes to the shipped settings: ``threshold``; ``[penalties]`` and
    ``[limits]`` by name; ``[codes.T101]`` with ``enabled``, ``severity``, ``upset``, ``reason``,
    ``suggestion``; ``forbidden``, a list of phrases (code H701); ``[[house]]`` with ``say`` and
    ``instead_of`` (code H702). Phrases may use the language of `deescalate.text.phrases`.

    Attributes:
        codes: The codes by name.
        limits: From where on a finding is one.
        penalties: What each severity takes off the score, 0 to 1.
        threshold: The score from which `Review.ok` calls a draft good enough, 0 to 1.
        forbidden: Phrases that the house does not say.
        house: Phrases that the house says in another way.

    Raises:
        DocumentError: A phrase that cannot be read.

    >>> house = Wording.from_document('''
    ... forbidden = ["no worries"]
    ... [codes.T113]
    ... enabled = false
    ... [[house]]
    ... say = "guest"
    ... instead_of = "customer"
    ... ''')
    >>> house.codes["T113"].enabled, Wording.default().codes["T113"].enabled
    (False, True)
    """

    document_kind = "wording"

    threshold: float = field(metadata=_SHARE)
    forbidden: tuple[str, ...] = field(default=(), metadata=part(_readable(text(empty=True))))
    penalties: Mapping[Severity, float] = field(
        converter=_penalties, metadata=part(_penalties_shape)
    )
    limits: Limits = field(
        metadata=part(lambda _given: record(Limits, over=Wording.default().limits))
    )
    codes: Mapping[str, Code] = field(converter=_codes, metadata=part(_codes_shape))
    house: tuple[HousePhrase, ...] = field(
        default=(), metadata=part(_readable(record(HousePhrase), ".instead_of"))
    )

    def __attrs_post_init__(self) -> None:
        self.phrases  # noqa: B018  refused here, not in the first review

    @classmethod
    def document_shape(cls) -> Shape:
        """How it is read and written: as changes to the shipped settings."""
        return record(cls, over=cls.default())

    @classmethod
    def default(cls) -> "Wording":
        """The shipped settings.

        >>> Wording.default().codes["T108"].name
        'demand to calm down'
        """
        return _shipped()

    @cached_property
    def phrases(self) -> PatternSet | None:
        """What finds the phrases of the house; ``None`` where there are none."""
        rules = [_rule(_FORBIDDEN, each) for each in self.forbidden]
        rules += [each.rule for each in self.house]
        return PatternSet.from_rules(*rules) if rules else None

    def weighed(self, code: str, *, distress: float | None) -> Severity:
        """How bad a code is for a customer.

        Args:
            code: The code.
            distress: The customer's distress, 0 to 1, or ``None`` where it is not known.

        >>> str(Wording.default().weighed("T111", distress=0.9))
        'error'
        """
        upset = distress is not None and distress >= self.limits.upset
        return self.codes[code].weighed(upset=upset)

    def check(self) -> Report:
        r"""Look for settings that get in each other's way.

        >>> print(Wording.from_document("[limits]\nfurious = 0.2").check())
        wording:
        warning limits-cross (limits.furious): it is 0.2, below 0.5 of upset
        """
        found = (*self._crossed(), *self._unsettled())
        return Report(name=self.document_kind, findings=found, meanings=MEANINGS)

    def _crossed(self) -> Iterator[Finding]:
        for low, high in _RISING:
            least, most = getattr(self.limits, low), getattr(self.limits, high)
            if most < least:
                text = f"it is {most}, below {least} of {low}"
                yield _warning("limits-cross", text, f"limits.{high}")
        for lower, graver in pairwise(Severity):
            if self.penalties[graver] < self.penalties[lower]:
                text = f"it is {self.penalties[graver]}, below {self.penalties[lower]} of {lower}"
                yield _warning("penalties-cross", text, f"penalties.{graver}")

    def _unsettled(self) -> Iterator[Finding]:
        """What the house says, though it says that it does not."""
        unsaid = self.phrases
        if unsaid is None:
            return
        for place, say in enumerate(each.say for each in self.house):
            for _ in unsaid.find(tokenize(say))[:1]:
                text = f"`{say}` is a phrase that the house does not say"
                yield _warning("never-settles", text, f"house[{place}].say")


MEANINGS: Mapping[str, str] = {
    "limits-cross": "a limit leaves more to the angrier customer than to the calmer one",
    "never-settles": "what is said instead would be found again",
    "penalties-cross": "a graver finding takes less off the score than a lighter one",
}
"""What the codes of a check mean."""


def _warning(code: str, text: str, place: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, text=text, place=place)


@cache
def _shipped() -> Wording:
    text = files("deescalate.wording").joinpath("data/codes.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    return Wording(
        codes={name: _code(name, table) for name, table in document["codes"].items()},
        limits=Limits(**document["limits"]),
        penalties={Severity(name): share for name, share in document["penalties"].items()},
        threshold=document["threshold"],
    )


def _code(name: str, table: dict[str, Any]) -> Code:
    severity = Severity(table["severity"])
    return Code(
        code=name,
        severity=severity,
        upset=Severity(table.get("upset", severity)),
        needs=tuple(table.get("needs", ())),
        **{key: table[key] for key in table if key not in ("severity", "upset", "needs")},
    )
