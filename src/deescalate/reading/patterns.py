"""Phrase rules over tokens: a small pattern language, compiled once, linear in the text.

A pattern is a line of words. ``a|b`` is either word, ``(a b|c)`` either phrase, ``[x]`` and
``[a b|c]`` may be left out, ``_`` is exactly one word, ``*3`` up to three words, ``<name>`` a named
list, ``<:number>`` a kind of token, ``cancel*`` a stem of three letters or more, ``,`` a break
inside a sentence, ``!`` and ``?`` are themselves, ``^`` and ``$`` the start and the end of a
sentence. A word with an apostrophe is found without it too. Patterns run over commas and quotes
but never over the end of a sentence.

Each pattern is filed under its rarest words. A message costs one look-up a word, and a few short
steps for each pattern that is filed under a word it holds.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Self

from attrs import field, frozen

from deescalate.errors import DocumentError, Problem
from deescalate.reading.pattern_documents import (
    Lexicon,
    ParsedRule,
    PhraseRule,
    Row,
    parse_documents,
)
from deescalate.reading.pattern_items import (
    CLAUSE,
    LINE,
    Either,
    View,
    Words,
    run,
    view_of,
)
from deescalate.reading.tokens import Token

__all__ = ["Match", "PatternSet", "PhraseRule"]

STEM = 3
COMMON = 1_000
UNLESS_REACH = 12


@frozen
class Match:
    """One place where a rule's phrase stands.

    Attributes:
        rule: The rule.
        label: The rule's label.
        first: The index of its first token.
        last: The index of its last token.
    """

    rule: PhraseRule
    label: str
    first: int
    last: int


@frozen(eq=False)
class _Filed:
    """A pattern seen from the word it is filed under: what stands before, what stands after."""

    rule: int
    before: Row
    after: Row
    needs: tuple[frozenset[str], ...]

    def misses(self, present: Collection[str]) -> bool:
        """Whether a word that it needs is not near by."""
        for need in self.needs:  # noqa: SIM110  a loop is twice as fast here
            if need.isdisjoint(present):
                return True
        return False

    def spans(self, view: View, index: int) -> Iterator[tuple[int, int]]:
        ends = run(self.after, view, index + 1, 1)
        if ends:
            for start in run(self.before, view, index, -1):
                for end in ends:
                    yield start, end


@frozen
class _Index:
    """Patterns by the word, the stem or the kind of token that they are filed under."""

    words: Mapping[str, Sequence[_Filed]]
    stems: Mapping[str, Sequence[tuple[str, _Filed]]]
    kinds: Mapping[str, Sequence[_Filed]]

    def spans(
        self, view: View, low: int, high: int, present: Collection[str]
    ) -> Iterator[tuple[int, int, int]]:
        """Yield (rule, start, end) for every phrase with its key word in ``low`` to ``high``.

        ``present`` are the words near by: a phrase that needs another is not tried.
        """
        for index in range(low, high):
            for filed in self._filed_at(view, index):
                if not filed.misses(present):
                    for start, end in filed.spans(view, index):
                        yield filed.rule, start, end

    def _filed_at(self, view: View, index: int) -> Iterator[_Filed]:
        word = view.words[index]
        yield from self.words.get(word, ())
        for stem, filed in self.stems.get(word[:STEM], ()):
            if word.startswith(stem):
                yield filed
        yield from self.kinds.get(view.kinds[index], ())


@frozen
class PatternSet:
    """Phrase rules, compiled.

    Attributes:
        rules: The rules in the order of their documents.
        values: Whatever the documents hold under ``values``.

    >>> from deescalate.reading.tokens import tokenize
    >>> rules = PatternSet.from_document('''
    ... [[rules]]
    ... label = "leaving"
    ... patterns = ["cancel* *2 account|contract"]
    ... ''')
    >>> [match.label for match in rules.find(tokenize("I am cancelling my account."))]
    ['leaving']
    """

    rules: tuple[PhraseRule, ...]
    values: Mapping[str, object] = field(eq=False)
    _lexicon: Lexicon = field(alias="lexicon", eq=False, repr=False)
    _index: _Index = field(alias="index", eq=False, repr=False)
    _guards: tuple[tuple[_Index, _Index], ...] = field(alias="guards", eq=False, repr=False)
    _not_negators: _Index = field(alias="not_negators", eq=False, repr=False)

    @classmethod
    def from_document(cls, text: str, *more: str) -> Self:
        """Compile documents.

        Args:
            text: A TOML document with ``rules`` and, where wanted, ``lists``, ``negation`` (words,
                except, stops, reach), ``clauses`` (starters), ``common``, ``apostrophes`` (words
                that are another word without theirs), ``spellings`` and ``values``.
            more: Further documents that share its lists.

        Returns:
            The pattern set.

        Raises:
            DocumentError: With every problem of all documents.
        """
        lexicon = parse_documents(text, *more)
        problems = [
            Problem(f"rule {number} ({parsed.rule.label})", f"`{phrase}` needs at least one word")
            for number, parsed in enumerate(lexicon.rules)
            for phrase, row in zip(
                (*parsed.rule.patterns, *parsed.rule.unless, *parsed.rule.exceptions),
                (*parsed.patterns, *parsed.unless, *parsed.exceptions),
                strict=True,
            )
            if not _variants(row)
        ]
        if problems:
            raise DocumentError("phrase rules", tuple(problems))
        rows = [(n, row) for n, parsed in enumerate(lexicon.rules) for row in parsed.patterns]
        return cls(
            rules=tuple(parsed.rule for parsed in lexicon.rules),
            values=lexicon.values,
            lexicon=lexicon,
            index=_filed(rows, lexicon.common),
            guards=tuple(_guards_of(parsed, lexicon.common) for parsed in lexicon.rules),
            not_negators=_filed([(0, row) for row in lexicon.not_negators], lexicon.common),
        )

    def find(self, tokens: Sequence[Token], text: str = "") -> tuple[Match, ...]:
        """Find every phrase, in the order of the text.

        Matches of one rule do not overlap: the leftmost and there the longest is kept. Nothing
        that cancels a match reaches over the end of a sentence or a line.

        Args:
            tokens: The tokens of a text.
            text: The text itself; without it, line breaks are not seen.

        Returns:
            The matches.
        """
        view = view_of(tokens, text, keep=self._lexicon.marks, known=self._lexicon.vocabulary)
        found = {
            span
            for low, high, present in _sentences(view)
            for span in self._index.spans(view, low, high, present)
        }
        kept = (span for span in found if not self._cancelled(view, *span))
        matches: list[Match] = []
        taken: dict[int, int] = {}
        for rule, start, end in sorted(kept, key=lambda span: (span[1], -span[2], span[0])):
            if start >= taken.get(rule, 0):
                taken[rule] = end
                phrase = self.rules[rule]
                first, last = view.tokens[start], view.tokens[end - 1]
                matches.append(Match(phrase, phrase.label, first, last))
        return tuple(matches)

    def _cancelled(self, view: View, rule: int, start: int, end: int) -> bool:
        if self.rules[rule].negatable and self._negated(view, start):
            return True
        unless, exceptions = self._guards[rule]
        if exceptions.words or exceptions.stems or exceptions.kinds:
            low, high = self._around(view, start, end, LINE)
            if any(
                low <= first and last <= high and first < end and last > start
                for _, first, last in exceptions.spans(view, low, high, view.words[low : high + 1])
            ):
                return True
        if unless.words or unless.stems or unless.kinds:
            low, high = self._around(view, start, end, CLAUSE)
            return any(
                low <= first and last <= high
                for _, first, last in unless.spans(view, low, high, view.words[low : high + 1])
            )
        return False

    def _around(self, view: View, start: int, end: int, level: int) -> tuple[int, int]:
        """Widen a span up to a break, an end or the word that starts another clause."""
        starters = self._lexicon.starters if level == CLAUSE else ()
        low, high = start, end
        while (
            low > 0
            and start - low < UNLESS_REACH
            and view.breaks[low] < level
            and view.words[low] not in starters
        ):
            low -= 1
        while (
            high - end < UNLESS_REACH
            and view.breaks[high] < level
            and view.words[high] not in starters
        ):
            high += 1
        return low, high

    def _negated(self, view: View, start: int) -> bool:
        lexicon = self._lexicon
        for place in range(start, max(start - lexicon.reach - 1, 0), -1):
            word = view.words[place - 1]
            if view.breaks[place] or word in lexicon.stops:
                return False
            if word in lexicon.negators:
                return not any(
                    first < place <= last
                    for _, first, last in self._not_negators.spans(
                        view,
                        max(place - 3, 0),
                        min(place + 2, len(view.words) - 1),
                        view.words[max(place - UNLESS_REACH, 0) : place + UNLESS_REACH],
                    )
                )
        return False


def _sentences(view: View) -> Iterator[tuple[int, int, frozenset[str]]]:
    """The sentences as ranges of places, each with the words in it and in its neighbours."""
    last = len(view.words) - 1
    ends = [place + 1 for place in range(last) if view.kinds[place] == "end"]
    edges = [0, *ends, *([last] if not ends or ends[-1] < last else [])]
    for place in range(len(edges) - 1):
        near = slice(edges[max(place - 1, 0)], edges[min(place + 2, len(edges) - 1)])
        yield edges[place], edges[place + 1], frozenset(view.words[near])


def _need(item: object) -> frozenset[str] | None:
    """Words of which at least one must stand where the item does, if it names them all."""
    if isinstance(item, Words):
        return None if item.stems or item.kinds else item.words
    if isinstance(item, Either):
        named = [_needs(option) for option in item.options]
        if all(named):
            return frozenset[str]().union(*(min(needs, key=len) for needs in named))
    return None


def _needs(row: Row) -> tuple[frozenset[str], ...]:
    """Sets of words of which each must have one near by, the smallest first."""
    found = {need for item in row if (need := _need(item)) is not None}
    return tuple(sorted(found, key=lambda need: (len(need), sorted(need))))


def _variants(row: Row) -> list[Row]:
    """Spell out alternatives until every row holds an item that is a plain set of words."""
    if any(isinstance(item, Words) for item in row):
        return [row]
    for place, item in enumerate(row):
        if isinstance(item, Either):
            return [
                variant
                for option in item.options
                for variant in _variants((*row[:place], *option, *row[place + 1 :]))
            ]
    return []


def _guards_of(parsed: ParsedRule, common: frozenset[str]) -> tuple[_Index, _Index]:
    return (
        _filed([(0, row) for row in parsed.unless], common),
        _filed([(0, row) for row in parsed.exceptions], common),
    )


def _cost(item: Words, popularity: Mapping[str, int]) -> int:
    """How often a message would be looked up by this item, by and large."""
    return sum(popularity[word] for word in item.words) + (COMMON // 2) * len(item.kinds)


def _filed(rows: Iterable[tuple[int, Row]], common: frozenset[str]) -> _Index:
    """File every row under the item whose words are rarest among the rows and in the language."""
    variants = [(rule, variant) for rule, row in rows for variant in _variants(row)]
    popularity: dict[str, int] = dict.fromkeys(common, COMMON)
    for _, row in variants:
        for item in row:
            if isinstance(item, Words):
                for word in item.words:
                    popularity[word] = popularity.get(word, 0) + 1
    by_word: dict[str, dict[_Filed, None]] = {}
    by_stem: dict[str, dict[tuple[str, _Filed], None]] = {}
    by_kind: dict[str, dict[_Filed, None]] = {}
    for rule, row in variants:
        keys = {place: item for place, item in enumerate(row) if isinstance(item, Words)}
        place = min(keys, key=lambda place: _cost(keys[place], popularity))
        key = keys[place]
        others = (*row[:place], *row[place + 1 :])
        filed = _Filed(rule, row[:place][::-1], row[place + 1 :], _needs(others))
        for word in key.words:
            by_word.setdefault(word, {})[filed] = None
        for stem in key.stems:
            by_stem.setdefault(stem[:STEM], {})[stem, filed] = None
        for kind in key.kinds:
            by_kind.setdefault(kind, {})[filed] = None
    return _Index(
        words={key: tuple(filed) for key, filed in by_word.items()},
        stems={key: tuple(filed) for key, filed in by_stem.items()},
        kinds={key: tuple(filed) for key, filed in by_kind.items()},
    )
