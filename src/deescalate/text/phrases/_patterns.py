"""A set of phrase rules, and where they stand in a text."""

from collections.abc import Sequence
from functools import cache
from typing import Self

from attrs import field, frozen

from deescalate.languages import Language
from deescalate.text import Cut, Text
from deescalate.text.phrases._compiled import (
    EXCEPT,
    NOT_NEGATOR,
    UNLESS,
    CompiledRules,
)
from deescalate.text.phrases._documents import ParsedRules, PhraseRule
from deescalate.text.phrases._index import PhraseIndex, Sightings
from deescalate.text.phrases._items import CLAUSE, LINE, View, view_of

__all__ = ["Match", "PatternSet"]

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


@frozen
class PatternSet:
    """Phrase rules, compiled.

    Attributes:
        rules: The rules in the order of their documents.

    >>> from deescalate.text import tokenize
    >>> rules = PatternSet.from_document('''
    ... [rule leaving]
    ... cancel* *2 (account|contract)
    ... ''')
    >>> [match.label for match in rules.find(tokenize("I am cancelling my account."))]
    ['leaving']
    """

    rules: tuple[PhraseRule, ...]
    _compiled: CompiledRules = field(alias="compiled", eq=False, repr=False)
    _index: PhraseIndex = field(alias="index", eq=False, repr=False)

    @classmethod
    def from_document(cls, text: str, *more: str) -> Self:
        """Compile documents.

        Args:
            text: A document of phrase rules. Headers cut it into sections: ``[rule LABEL]``, then
                ``[unless]`` and ``[except]`` of that rule, ``[list NAME]``, and what all rules
                share: ``[negation]``, ``[negation except]``, ``[negation stops]``, ``[clauses]``
                (words that start one), ``[common]`` (the most frequent words, the most frequent
                first), ``[apostrophes]`` (words that are another word without theirs) and
                ``[spellings]``. Under a header stands one phrase a line; a line that begins with
                a space goes on from the one before it, one that begins with ``# `` is a comment.
                A rule may begin with ``weight = 0.5``, ``negatable = yes`` and other settings.
            more: Further documents that share its lists.

        Returns:
            The pattern set.

        Raises:
            DocumentError: With every problem of all documents.
        """
        documents = {f"document {number}": each for number, each in enumerate(more, 2)}
        return cls.from_compiled(CompiledRules.from_documents({"": text, **documents}))

    @classmethod
    def from_rules(cls, *rules: PhraseRule) -> Self:
        """Compile rules that stand in no document.

        Args:
            rules: The rules.

        Returns:
            The pattern set.

        Raises:
            DocumentError: With every problem of all rules.

        >>> PatternSet.from_rules(PhraseRule(label="bye", patterns=("bye bye",))).rules[0].label
        'bye'
        """
        return cls.from_compiled(CompiledRules.from_parsed(ParsedRules.from_rules(rules)))

    @classmethod
    def of(cls, language: Language, name: str) -> "PatternSet":
        """Take the phrase rules of a language; once taken they are kept.

        Args:
            language: The language.
            name: Which of its rules, as `Language.phrases` takes it.

        Returns:
            The pattern set; one without rules where the language has no such files.

        Raises:
            DocumentError: With every problem of the documents.
        """
        return _kept(language, name)

    @classmethod
    def from_compiled(cls, compiled: CompiledRules) -> Self:
        """Take documents that are compiled already.

        Args:
            compiled: The compiled rules.

        Returns:
            The pattern set.
        """
        return cls(compiled.rules, compiled, PhraseIndex(compiled))

    def find(self, tokens: Sequence[Cut], text: str = "") -> tuple[Match, ...]:
        """Find every phrase, in the order of the text.

        Matches of one rule do not overlap: the leftmost and there the longest is kept. Nothing
        that cancels a match reaches over the end of a sentence or a line.

        Args:
            tokens: The tokens of a text.
            text: The text itself; without it, line breaks are not seen.

        Returns:
            The matches.
        """
        compiled = self._compiled
        view = view_of(tokens, text, keep=compiled.marks, known=compiled.vocabulary)
        return self._found(view)

    def find_in(self, text: Text) -> tuple[Match, ...]:
        """Find every phrase in a text, which keeps what was found.

        Args:
            text: The text.

        Returns:
            The matches, as `find` gives them.
        """
        compiled, kept = self._compiled, text.kept
        if compiled not in kept:
            view = kept.get(View) or view_of(
                text.cuts, text.raw, keep=compiled.marks, known=compiled.vocabulary
            )
            if view.shared:
                kept[View] = view
            kept[compiled] = self._found(view)
        found: tuple[Match, ...] = kept[compiled]
        return found

    def _found(self, view: View) -> tuple[Match, ...]:
        seen = self._index.look(view)
        found = self._index.patterns(view, seen, shouted=view.shouted)
        if not found:
            return ()
        kept = (span for span in found if not self._cancelled(view, seen, *span))
        matches: list[Match] = []
        taken: dict[int, int] = {}
        for rule, start, end in sorted(kept, key=_leftmost_longest):
            if start >= taken.get(rule, 0):
                taken[rule] = end
                phrase = self.rules[rule]
                matches.append(
                    Match(phrase, phrase.label, view.tokens[start], view.tokens[end - 1])
                )
        return tuple(matches)

    def _cancelled(self, view: View, seen: Sightings, rule: int, start: int, end: int) -> bool:
        if self.rules[rule].negatable and self._negated(view, seen, start):
            return True
        phrase, guards = self.rules[rule], self._index.guards
        if phrase.exceptions:
            low, high = self._around(view, start, end, LINE)
            for _, first, last in guards(view, seen, EXCEPT, rule, low, high):
                if low <= first and last <= high and first < end and last > start:
                    return True
        if phrase.unless:
            low, high = self._around(view, start, end, CLAUSE)
            for _, first, last in guards(view, seen, UNLESS, rule, low, high):
                if low <= first and last <= high:
                    return True
        return False

    def _around(self, view: View, start: int, end: int, level: int) -> tuple[int, int]:
        """Widen a span up to a break, an end or the word that starts another clause."""
        words, breaks = view.words, view.breaks
        starters = self._compiled.starters if level == CLAUSE else ()
        low, high = start, end
        while (
            low > 0
            and start - low < UNLESS_REACH
            and breaks[low] < level
            and words[low] not in starters
        ):
            low -= 1
        while high - end < UNLESS_REACH and breaks[high] < level and words[high] not in starters:
            high += 1
        return low, high

    def _negated(self, view: View, seen: Sightings, start: int) -> bool:
        compiled = self._compiled
        for place in range(start, max(start - compiled.reach - 1, 0), -1):
            word = view.words[place - 1]
            if view.breaks[place] or word in compiled.stops:
                return False
            if word in compiled.negators:
                near = self._index.guards(view, seen, NOT_NEGATOR, 0, place - 3, place + 2)
                return not any(first < place <= last for _, first, last in near)
        return False


@cache
def _kept(language: Language, name: str) -> PatternSet:
    return PatternSet.from_compiled(CompiledRules.of(language, name))


def _leftmost_longest(span: tuple[int, int, int]) -> tuple[int, int, int]:
    rule, start, end = span
    return start, -end, rule
