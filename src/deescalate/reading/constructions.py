"""Cues in a customer's message: the constructions of a language, read from its documents."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Self

from attrs import evolve, field, frozen

from deescalate.cues import Cue, CueKind, Span
from deescalate.errors import DocumentError, Problem, nearest_name
from deescalate.languages import Language
from deescalate.reading.quantities import Quantities
from deescalate.text import Token
from deescalate.text.phrases import Match, PatternSet, PhraseRule

__all__ = ["CueFinder"]

CARRIES = ("age", "amount", "count", "seconds")
ALSO = ("carries", "shouted")
YEAR = 31_557_600.0
OLDEST = 122.5  # the longest human life on record (Jeanne Calment)
SHOUTED_WORDS = 2
SHOUTED_LETTERS = 8


@frozen(kw_only=True)
class CueFinder:
    """Finds the cues of one language.

    Attributes:
        patterns: The constructions.
        quantities: How the language writes numbers, durations and money.
        acronyms: Words that are written in capitals without being shouted.
        old: Years of age from which age makes vulnerable.
        young: Years of age below which it does.

    >>> from deescalate.text import tokenize
    >>> text = "Third time I call! Give me my $50 back or I will see you in court."
    >>> cues = CueFinder.of(Language.load("english")).find(tokenize(text), text)
    >>> [(str(cue.kind), cue.count, cue.amount) for cue in cues if cue.count or cue.amount]
    [('repeat_contact', 3.0, None), ('money_demand', None, Decimal('50')),
     ('refund_request', None, Decimal('50'))]
    """

    patterns: PatternSet
    quantities: Quantities = field(factory=Quantities, repr=False)
    acronyms: frozenset[str] = field(default=frozenset(), repr=False)
    old: float = 70.0
    young: float = 18.0

    @classmethod
    def of(cls, language: Language) -> "CueFinder":
        """The finder of a language; once made it is kept.

        Args:
            language: The labels of its rules for customers are cue kinds. A rule may say
                ``carries`` (age, amount, count or seconds) and ``shouted`` (only in capitals). Its
                ``amounts.toml`` may hold ``acronyms``, ``age`` (old, young) and the tables of
                :class:`~deescalate.reading.quantities.Quantities`.

        Returns:
            The finder.

        Raises:
            DocumentError: With every problem of the rules.
        """
        return _of(language)

    @classmethod
    def from_patterns(cls, patterns: PatternSet, amounts: Mapping[str, Any] | None = None) -> Self:
        """Build a finder from phrase rules that are read already.

        Args:
            patterns: The rules, as `of` describes them.
            amounts: How numbers are written, as `of` describes it.

        Returns:
            The finder.

        Raises:
            DocumentError: With every problem of the rules.
        """
        amounts = amounts or {}
        problems = [
            problem
            for number, rule in enumerate(patterns.rules)
            for problem in _problems(f"rule {number + 1}", rule)
        ]
        acronyms = amounts.get("acronyms", [])
        if not _is_texts(acronyms):
            problems.append(Problem("acronyms", "expected a list of texts"))
        ages = amounts.get("age", {"old": 70, "young": 18})
        if not _is_ages(ages):
            problems.append(Problem("age", "expected numbers for `old` and `young`"))
        if problems:
            raise DocumentError("cue rules", tuple(problems))
        return cls(
            patterns=patterns,
            quantities=Quantities.from_values(amounts),
            acronyms=frozenset(acronyms),
            **{name: float(value) for name, value in ages.items()},
        )

    def find(self, tokens: Sequence[Token], text: str) -> tuple[Cue, ...]:
        """Find every cue, in the order of the text.

        Args:
            tokens: The tokens of the text.
            text: The text.

        Returns:
            The cues. Those of one kind do not overlap.
        """
        found = [
            cue
            for match in self.patterns.find(tokens, text)
            if (cue := self._cue(match, tokens, text)) is not None
        ]
        found.extend(self._shouting(tokens, text))
        return _apart(found)

    def _cue(self, match: Match, tokens: Sequence[Token], text: str) -> Cue | None:
        also = match.rule.also
        inside = tokens[match.first : match.last + 1]
        if match.rule.shouted and not any(token.shouted for token in inside):
            return None
        span = Span(inside[0].start, inside[-1].end)
        cue = Cue(
            kind=CueKind(match.label),
            span=span,
            quote=span.of(text),
            weight=match.rule.weight,
        )
        match also.get("carries"):
            case "amount":
                return self._with_amount(cue, inside)
            case "count":
                return evolve(cue, count=self.quantities.count_in(inside))
            case "seconds":
                return evolve(cue, seconds=self.quantities.seconds_in(inside))
            case "age":
                return self._with_age(cue, inside)
            case _:
                return cue

    def _with_amount(self, cue: Cue, inside: Sequence[Token]) -> Cue:
        found = self.quantities.amount_in(inside)
        if found is None:
            return cue
        return evolve(cue, amount=found.amount, currency=found.currency)

    def _with_age(self, cue: Cue, inside: Sequence[Token]) -> Cue | None:
        count = self.quantities.count_in(inside)
        seconds = self.quantities.seconds_in(inside)
        years = seconds / YEAR if seconds else count
        if years is None or self.young <= years < self.old or years > OLDEST:
            return None
        return evolve(cue, count=years)

    def _shouting(self, tokens: Sequence[Token], text: str) -> Iterable[Cue]:
        run: list[Token] = []
        for token in tokens:
            if token.shouted:
                if run and text.count("\n", run[-1].end, token.start) > 1:
                    yield from self._shout(run, text)
                    run = []
                run.append(token)
            elif run and _quiet(token):
                yield from self._shout(run, text)
                run = []
        yield from self._shout(run, text)

    def _shout(self, run: Sequence[Token], text: str) -> Iterable[Cue]:
        words = [token for token in run if token.text not in self.acronyms]
        letters = sum(len(token.text) for token in words)
        if len(words) >= SHOUTED_WORDS and letters >= SHOUTED_LETTERS:
            span = Span(run[0].start, run[-1].end)
            yield Cue(kind=CueKind.SHOUTING, span=span, quote=span.of(text))


def _quiet(token: Token) -> bool:
    """Whether a token ends a run of shouted words."""
    if token.kind == "word":
        return len(token.text) > 1 and not token.text[0].isdecimal()
    return token.kind == "punct" and token.text in (".", "?", "...", ";")


@cache
def _of(language: Language) -> CueFinder:
    return CueFinder.from_patterns(
        PatternSet.of(language, "customer"), language.settings("amounts")
    )


def _strength(cue: Cue) -> tuple[bool, float, int]:
    carries = any(value is not None for value in (cue.amount, cue.seconds, cue.count, cue.currency))
    return carries, cue.weight, cue.span.end - cue.span.start


def _apart(found: Iterable[Cue]) -> tuple[Cue, ...]:
    """Of overlapping cues of one kind keep the one that tells most."""
    last: dict[CueKind, Cue] = {}
    kept: list[Cue] = []
    for cue in sorted(found, key=lambda cue: (cue.span.start, -cue.span.end)):
        before = last.get(cue.kind)
        if before is None or cue.span.start >= before.span.end:
            kept.append(cue)
            last[cue.kind] = cue
        elif _strength(cue) > _strength(before):
            kept[kept.index(before)] = cue
            last[cue.kind] = cue
    return tuple(sorted(kept, key=lambda cue: (cue.span.start, cue.span.end, cue.kind)))


def _problems(path: str, rule: PhraseRule) -> Iterable[Problem]:
    kinds = [str(kind) for kind in CueKind]
    label = rule.label
    if label not in kinds:
        yield Problem(f"{path}.label", f"unknown cue kind `{label}`", nearest_name(label, kinds))
    for key, value in rule.also.items():
        if key not in ALSO:
            yield Problem(f"{path}.{key}", "unknown key", nearest_name(key, ALSO))
        elif key == "carries" and value not in CARRIES:
            yield Problem(f"{path}.carries", f"expected one of {', '.join(CARRIES)}")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)  # pyright: ignore[reportUnknownVariableType]  checked here


def _is_ages(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"old", "young"}  # pyright: ignore[reportUnknownArgumentType]  checked here
        and all(isinstance(years, int | float) for years in value.values())  # pyright: ignore[reportUnknownVariableType]  the same
    )
