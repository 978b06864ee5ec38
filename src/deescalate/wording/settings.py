"""The review's settings, as data: codes on or off, severities, limits, phrases of the house."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Self, TypeAlias, cast

from attrs import evolve, field, fields, frozen

from deescalate.errors import DocumentError, Problem, nearest_name
from deescalate.rules import Outputs
from deescalate.text.phrases import PatternSet, PhraseRule
from deescalate.wording.codes import Code, Severity

__all__ = ["Limits", "Wording"]

_Table: TypeAlias = dict[str, Any]

_KEYS = ("threshold", "penalties", "limits", "codes", "forbidden", "house")
_CODE_KEYS = ("enabled", "severity", "upset", "reason", "suggestion")
_HOUSE_KEYS = ("say", "instead_of")


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
        tone: Tone level from which a draft without a tone phrase gets a second look, 0 to 1.

    >>> Wording.default().limits.apologies
    3
    """

    upset: float
    furious: float
    listens: float
    questions: int
    questions_calm: int
    words: int
    words_upset: int
    words_furious: int
    sentence_words: int
    apologies: int
    shouted: int
    tone: float


def _codes(codes: Mapping[str, Code]) -> Mapping[str, Code]:
    return Outputs(codes)


def _penalties(penalties: Mapping[Severity, float]) -> Mapping[Severity, float]:
    return cast("Mapping[Severity, float]", Outputs(cast("Mapping[str, float]", penalties)))


@frozen(kw_only=True)
class Wording:
    """The settings of a review.

    Attributes:
        codes: The codes by name.
        limits: From where on a finding is one.
        penalties: What each severity takes off the score, 0 to 1.
        threshold: The score from which `Review.ok` calls a draft good enough, 0 to 1.

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

    codes: Mapping[str, Code] = field(converter=_codes)
    limits: Limits
    penalties: Mapping[Severity, float] = field(converter=_penalties)
    threshold: float
    phrases: PatternSet | None = field(default=None, repr=False)

    @classmethod
    def default(cls) -> Self:
        """The shipped settings.

        >>> Wording.default().codes["T108"].name
        'demand to calm down'
        """
        return cls(**_shipped())

    @classmethod
    def from_document(cls, text: str) -> Self:
        """The shipped settings with changes.

        Args:
            text: A TOML document. ``threshold``; ``[penalties]`` and ``[limits]`` by name;
                ``[codes.T101]`` with ``enabled``, ``severity``, ``upset``, ``reason``,
                ``suggestion``; ``forbidden``, a list of phrases (code H701); ``[[house]]`` with
                ``say`` and ``instead_of`` (code H702). Phrases may use the pattern syntax of
                `deescalate.text.phrases`.

        Raises:
            DocumentError: With every problem of the document.
        """
        try:
            document = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            reason = str(error)[:1].lower() + str(error)[1:]
            raise DocumentError("wording", (Problem("toml", reason),)) from None
        changes: Self = _Changes(document).applied(cls.default())
        return changes

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


@cache
def _shipped() -> Mapping[str, Any]:
    text = files("deescalate.wording").joinpath("data/codes.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    return MappingProxyType(
        {
            "codes": MappingProxyType(
                {name: _code(name, table) for name, table in document["codes"].items()}
            ),
            "limits": Limits(**document["limits"]),
            "penalties": MappingProxyType(
                {Severity(name): number for name, number in document["penalties"].items()}
            ),
            "threshold": document["threshold"],
        }
    )


def _code(name: str, table: _Table) -> Code:
    severity = Severity(table["severity"])
    return Code(
        code=name,
        severity=severity,
        upset=Severity(table.get("upset", severity)),
        needs=tuple(table.get("needs", ())),
        **{key: table[key] for key in table if key not in ("severity", "upset", "needs")},
    )


class _Changes:
    """Collects the problems of a document while it applies it."""

    def __init__(self, document: _Table) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def applied(self, wording: Any) -> Any:
        self._known("", self.document, _KEYS)
        changed = evolve(
            wording,
            threshold=self._number("threshold", self.document.get("threshold", wording.threshold)),
            penalties=self._penalties(wording),
            limits=self._limits(wording.limits),
            codes=self._codes(wording.codes),
            phrases=self._phrases(),
        )
        if self.problems:
            raise DocumentError("wording", tuple(self.problems))
        return changed

    def _known(self, path: str, table: _Table, known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self._problem(f"{path}{key}", "unknown key", nearest_name(key, known))

    def _problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        self.problems.append(Problem(path, reason, nearest))

    def _table(self, path: str, value: object) -> _Table:
        if isinstance(value, dict):
            return {str(key): entry for key, entry in value.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  TOML keys are texts
        self._problem(path, "expected a table")
        return {}

    def _list(self, path: str, value: object) -> list[object]:
        if isinstance(value, list):
            return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  TOML gives objects
        self._problem(path, "expected a list")
        return []

    def _number(self, path: str, value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        self._problem(path, "expected a number, 0 to 1")
        return 0.0

    def _penalties(self, wording: Wording) -> Mapping[Severity, float]:
        table = self._table("penalties", self.document.get("penalties", {}))
        self._known("penalties.", table, tuple(Severity))
        given = {
            severity: self._number(f"penalties.{severity}", table[severity])
            for severity in Severity
            if severity in table
        }
        return MappingProxyType({**wording.penalties, **given})

    def _limits(self, limits: Limits) -> Limits:
        table = self._table("limits", self.document.get("limits", {}))
        names = {each.name: each.type for each in fields(Limits)}
        self._known("limits.", table, tuple(names))
        given: dict[str, Any] = {}
        for name, kind in names.items():
            if name in table:
                count = kind in (int, "int")
                given[name] = (self._count if count else self._number)(
                    f"limits.{name}", table[name]
                )
        return evolve(limits, **given)

    def _count(self, path: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._problem(path, "expected a whole number, 0 or more")
        return 0

    def _codes(self, codes: Mapping[str, Code]) -> Mapping[str, Code]:
        table = self._table("codes", self.document.get("codes", {}))
        self._known("codes.", table, tuple(codes))
        changed = {
            name: evolve(codes[name], **dict(self._code(f"codes.{name}", changes)))
            for name, changes in table.items()
            if name in codes
        }
        return MappingProxyType({**codes, **changed})

    def _code(self, path: str, value: object) -> Iterator[tuple[str, Any]]:
        table = self._table(path, value)
        self._known(f"{path}.", table, _CODE_KEYS)
        for key in ("severity", "upset"):
            if key in table:
                try:
                    yield key, Severity(table[key])
                except ValueError:
                    options = ", ".join(Severity)
                    self._problem(f"{path}.{key}", f"expected one of {options}")
        for key, kind, wanted in (
            ("enabled", bool, "true or false"),
            ("reason", str, "a text"),
            ("suggestion", str, "a text"),
        ):
            if key in table:
                if isinstance(table[key], kind):
                    yield key, table[key]
                else:
                    self._problem(f"{path}.{key}", f"expected {wanted}")
        if "severity" in table and "upset" not in table:
            yield "upset", None

    def _phrases(self) -> PatternSet | None:
        rules = dict([*self._forbidden(), *self._house()])
        if not rules:
            return None
        try:
            return PatternSet.from_rules(*rules.values())
        except DocumentError:
            for path, rule in rules.items():
                self._unreadable(path, rule)
            return None

    def _unreadable(self, path: str, rule: PhraseRule) -> None:
        try:
            PatternSet.from_rules(rule)
        except DocumentError as error:
            for problem in error.problems:
                self._problem(path, problem.reason, problem.nearest)

    def _forbidden(self) -> Iterator[tuple[str, PhraseRule]]:
        entries = self._list("forbidden", self.document.get("forbidden", []))
        for number, phrase in enumerate(entries):
            if isinstance(phrase, str):
                yield f"forbidden[{number}]", _rule("H701", phrase)
            else:
                self._problem(f"forbidden[{number}]", "expected a text")

    def _house(self) -> Iterator[tuple[str, PhraseRule]]:
        for number, entry in enumerate(self._list("house", self.document.get("house", []))):
            path = f"house[{number}]"
            table = self._table(path, entry)
            self._known(f"{path}.", table, _HOUSE_KEYS)
            texts = [table.get(key) for key in _HOUSE_KEYS]
            if all(isinstance(text, str) for text in texts):
                yield f"{path}.instead_of", _rule("H702", str(texts[1]), replace=str(texts[0]))
            else:
                self._problem(path, "expected the texts `say` and `instead_of`")


def _rule(label: str, pattern: str, replace: str | None = None) -> PhraseRule:
    also = {} if replace is None else {"replace": replace}
    return PhraseRule(label=label, patterns=(pattern.casefold(),), also=also)
