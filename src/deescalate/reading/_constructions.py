"""Cues in a customer's message: the constructions of a language, read from its documents."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, Self, TypeVar

from attrs import evolve, field, frozen

from deescalate.cues import Cue, CueKind, Span
from deescalate.errors import DocumentError, Problem, nearest_name
from deescalate.languages import Language
from deescalate.text import Amount, Cut, Duration, SaidNumber, Text, Token
from deescalate.text.phrases import Match, PatternSet, PhraseRule

__all__ = ["CueFinder"]

CARRIES = ("age", "amount", "count", "seconds")
ALSO = ("carries", "shouted")
YEAR = 31_557_600.0
OLDEST = 122.5  # the longest human life on record (Jeanne Calment)
LARGEST = 10**15  # what no sum of money reaches, as in deescalate.money
SHOUTED_WORDS = 2
SHOUTED_LETTERS = 8
BETWEEN = 2
_SHOUTED = itemgetter(4)
_Found = TypeVar("_Found", Amount, Duration)
_Placed = TypeVar("_Placed")


@frozen(kw_only=True, slots=False)
class CueFinder:
    """Finds the cues of one language.

    Attributes:
        patterns: The constructions.
        acronyms: Words that are written in capitals without being shouted.
        old: Years of age from which age makes vulnerable.
        young: Years of age below which it does.

    >>> from deescalate.languages import Language
    >>> from deescalate.text import Text
    >>> text = Text.of("Third time I call! Give me my $50 back or I will see you in court.")
    >>> cues = CueFinder.of(Language.load("english")).find(text)
    >>> [(str(cue.kind), cue.count, cue.amount) for cue in cues if cue.count or cue.amount]
    [('repeat_contact', 3.0, None), ('money_demand', None, Decimal('50')),
     ('refund_request', None, Decimal('50'))]
    """

    patterns: PatternSet
    acronyms: frozenset[str] = field(default=frozenset(), repr=False)
    old: float = 70.0
    young: float = 18.0

    @classmethod
    def of(cls, language: Language) -> "CueFinder":
        """The finder of a language; once made it is kept.

        Args:
            language: The labels of its rules for customers are cue kinds. A rule may say
                ``carries`` (age, amount, count or seconds) and ``shouted`` (only in capitals). Its
                ``amounts.toml`` may hold ``acronyms`` and ``age`` (old, young).

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
            acronyms=frozenset(acronyms),
            **{name: float(value) for name, value in ages.items()},
        )

    def find(self, text: Text) -> tuple[Cue, ...]:
        """Find every cue, in the order of the text.

        Args:
            text: The text.

        Returns:
            The cues. Those of one kind do not overlap.
        """
        found = [
            cue
            for match in self.patterns.find_in(text)
            if (cue := self._cue(match, text)) is not None
        ]
        if any(map(_SHOUTED, text.cuts)):
            found.extend(self._shouting(text))
        return _apart(found) if found else ()

    def _cue(self, match: Match, text: Text) -> Cue | None:
        first, last = match.first, match.last
        cuts = text.cuts
        if match.rule.shouted and not any(map(_SHOUTED, cuts[first : last + 1])):
            return None
        span = Span(cuts[first][1], cuts[last][2])
        cue = Cue(
            kind=CueKind(match.label),
            span=span,
            quote=span.of(text.raw),
            weight=match.rule.weight,
        )
        match match.rule.also.get("carries"):
            case "amount":
                return _with_amount(cue, text)
            case "count":
                return evolve(cue, count=_count(text, first, last))
            case "seconds":
                return evolve(cue, seconds=_seconds(text, span) or _seconds_after(text, last))
            case "age":
                return self._with_age(cue, text, first, last)
            case _:
                return cue

    def with_carried(self, cue: Cue, text: Text) -> Cue:
        """A cue whose passage no construction measured, with what it says once and not twice.

        Args:
            cue: The cue, such as one that a learned model quotes a whole sentence for.
            text: The text that it was found in.

        Returns:
            The cue with the only sum, length of time, number of times or age in its passage,
            where its kind carries one; of two nobody knows which is meant.

        >>> from deescalate.cues import Cue, CueKind
        >>> from deescalate.languages import Language
        >>> from deescalate.text import Span, Text
        >>> text = Text.of("On hold 2h30, order 4711")
        >>> cue = Cue(kind=CueKind.LONG_WAIT, span=Span(0, 12), quote="On hold 2h30")
        >>> CueFinder.of(Language.load("english")).with_carried(cue, text).seconds
        9000.0
        """
        match self._carried.get(cue.kind):
            case "amount":
                [*sums] = _among(text.amounts, cue.span)
                one = sums[0] if len(sums) == 1 and sums[0].amount < LARGEST else None
                return evolve(cue, amount=one.amount, currency=one.currency) if one else cue
            case "count":
                counts = [float(each.value) for each in _counting(text, cue.span)]
                return evolve(cue, count=counts[0]) if len(counts) == 1 else cue
            case "seconds":
                [*spans] = _among(text.told_durations, cue.span)
                return evolve(cue, seconds=spans[0].least) if len(spans) == 1 else cue
            case "age":
                numbers = _numbers(text, cue.span)
                years = float(numbers[0].value) if len(numbers) == 1 else self.young
                return evolve(cue, count=years) if self._is_telling(years) else cue
            case _:
                return cue

    @cached_property
    def _carried(self) -> Mapping[str, str]:
        rules = self.patterns.rules
        return {rule.label: str(rule.also["carries"]) for rule in rules if "carries" in rule.also}

    def _is_telling(self, years: float) -> bool:
        """Whether an age makes vulnerable."""
        return years < self.young or self.old <= years <= OLDEST

    def _with_age(self, cue: Cue, text: Text, first: int, last: int) -> Cue | None:
        seconds = _seconds(text, cue.span)
        years = seconds / YEAR if seconds else _count(text, first, last)
        telling = years is not None and self._is_telling(years)
        return evolve(cue, count=years) if telling else None

    def _shouting(self, text: Text) -> Iterable[Cue]:
        run: list[Cut] = []
        for token in text.cuts:
            if token[4]:
                if run and text.raw.count("\n", run[-1][2], token[1]) > 1:
                    yield from self._shout(run, text)
                    run = []
                run.append(token)
            elif run and _quiet(token):
                yield from self._shout(run, text)
                run = []
        yield from self._shout(run, text)

    def _shout(self, run: Sequence[Cut], text: Text) -> Iterable[Cue]:
        """Words in a row that are shouted; names and codes are capitals without being so."""
        tells = text.words.knows if text.words.section("common") else bool
        words = [word for word, *_ in run if word not in self.acronyms and tells(word)]
        if len(words) >= SHOUTED_WORDS and sum(map(len, words)) >= SHOUTED_LETTERS:
            span = Span(run[0][1], run[-1][2])
            yield Cue(kind=CueKind.SHOUTING, span=span, quote=span.of(text.raw))


def _with_amount(cue: Cue, text: Text) -> Cue:
    """The cue with the first sum of money that its passage touches or leads to."""
    found = next(_among(text.amounts, cue.span), None) or _directly_after(text, cue.span)
    if found is None or found.amount >= LARGEST:
        return cue
    span = Span(cue.span.start, max(cue.span.end, found.span.end))
    return evolve(
        cue,
        span=span,
        quote=span.of(text.raw),
        amount=found.amount,
        currency=found.currency,
    )


def _directly_after(text: Text, span: Span) -> Amount | None:
    """The sum of money that a passage leads to, as "refund" does in "refund 99p"."""
    at = bisect_right(text.amounts, span.end, key=_end)
    found = text.amounts[at] if at < len(text.amounts) else None
    beside = found is not None and not text.raw[span.end : found.span.start].strip()
    return found if beside else None


def _seconds(text: Text, span: Span) -> float | None:
    """The lengths of time that a passage touches, added up; of a range the shorter end."""
    found = [each.least for each in _among(text.told_durations, span)]
    return sum(found) if found else None


def _seconds_after(text: Text, last: int) -> float | None:
    """The length of time that a passage leads to: "on hold, now 2h30"."""
    at = bisect_right(text.told_durations, last, key=_first_token)
    found = text.told_durations[at] if at < len(text.told_durations) else None
    between = text.tokens[last + 1 : found.first] if found else ()
    near = len(between) <= BETWEEN and all(_leads_on(token) for token in between)
    return found.least if found and near else None


def _leads_on(token: Token) -> bool:
    return token.kind == "word" or token.text == ","


def _numbers(text: Text, span: Span) -> Sequence[SaidNumber]:
    """The numbers in a passage."""
    tokens, numbers = text.tokens, text.numbers

    def start(number: SaidNumber) -> int:
        return tokens[number.first].start

    at = bisect_left(numbers, span.start, key=start)
    inside = _from(numbers, at, until=span.end, start=start)
    return [number for number in inside if tokens[number.last].end <= span.end]


def _counting(text: Text, span: Span) -> Iterator[SaidNumber]:
    """The numbers of a passage that count how often: "4 times", "third call", "3x", "twice"."""
    counting = text.words.section("numbers", "counting")
    for number in _numbers(text, span):
        words = (number.tail, text.row.word(number.first), text.row.word(number.last + 1))
        if any(word in counting for word in words):
            yield number


def _count(text: Text, first: int, last: int) -> float | None:
    """The first number of a passage that counts: "4 times", "third", "3x"."""
    counting = text.words.section("numbers", "counting")
    at = bisect_left(text.numbers, first, key=_last_token)
    for number in _from(text.numbers, at, until=last + 1, start=_first_token):
        if number.ordinal or not number.tail or number.tail in counting:
            return float(number.value)
    return None


def _first_token(found: Duration | SaidNumber) -> int:
    return found.first


def _start(found: Amount | Duration) -> int:
    return found.span.start


def _last_token(number: SaidNumber) -> int:
    return number.last


def _end(found: Amount | Duration) -> int:
    return found.span.end


def _among(found: Sequence[_Found], span: Span) -> Iterator[_Found]:
    """Those that a passage touches, in order."""
    return _from(found, bisect_right(found, span.start, key=_end), until=span.end, start=_start)


def _from(
    found: Sequence[_Placed], at: int, *, until: int, start: Callable[[_Placed], int]
) -> Iterator[_Placed]:
    """Those from a place on that start before another."""
    while at < len(found) and start(found[at]) < until:
        yield found[at]
        at += 1


def _quiet(token: Cut) -> bool:
    """Whether a token ends a run of shouted words."""
    word, kind = token[0], token[3]
    if kind == "word":
        return len(word) > 1 and not word[0].isdecimal()
    return kind == "punct" and word in (".", "?", "...", ";")


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
