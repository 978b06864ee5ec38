"""What the room of texts must know of a language, out of its lists."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Final

from attrs import Factory, field, frozen

from deescalate._memory import Remembered
from deescalate.languages import Language, lists_of

__all__ = ["Phrases", "Words", "words_of"]

LONGEST: Final = 40
"""Letters of the longest word that is looked up."""
_SHARED: Final = 0.3
_NEITHER: Final = -1.0
_LETTERS: Final = re.compile(r"[^\W\d_]")

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
"""Phrases by their first word, the longest first, each with what it means."""


_TIMES = (
    "days", "ends", "days of", "whose days", "working day", "weekdays", "short weekdays", "months",
    "parts",
)  # fmt: skip
_LISTED = (
    ("common", ("",)),
    ("chat", ("",)),
    ("masked", ("",)),
    ("abbreviations", ("",)),
    ("numbers", ("numbers", "scales", "ordinals")),
    ("units", ("units",)),
    ("times", ("days", "ends", "weekdays", "short weekdays", "months", "parts")),
    ("currencies", ("names", "minor", "whose")),
)


@cache
def words_of(language: Language) -> "Words":
    """The words of a language; made once.

    >>> from deescalate.languages import ENGLISH
    >>> "never" in words_of(ENGLISH).negators
    True
    """
    return Words(language)


def _weights_of(words: "Words") -> Remembered[float]:
    return Remembered(words.weight)


@frozen(slots=False, eq=False)
class Words:
    """The lists of a language, as this room asks for them.

    Attributes:
        language: The language.
        weights: What each word counts as known; 0 if it is unknown, below 0 if neither way.

    >>> from deescalate.languages import ENGLISH
    >>> words_of(ENGLISH).chat["thx"]
    'thanks'
    """

    language: Language
    _sections: dict[tuple[str, str], Mapping[str, str]] = field(
        factory=dict[tuple[str, str], Mapping[str, str]], init=False, repr=False
    )
    _phrases: dict[tuple[str, str], Phrases] = field(
        factory=dict[tuple[str, str], Phrases], init=False, repr=False
    )
    _last: dict[tuple[str, str], frozenset[str]] = field(
        factory=dict[tuple[str, str], frozenset[str]], init=False, repr=False
    )

    weights: Remembered[float] = field(
        init=False, repr=False, default=Factory(_weights_of, takes_self=True)
    )

    def section(self, file: str, name: str = "") -> Mapping[str, str]:
        """A section of a file; empty where there is none."""
        if (file, name) not in self._sections:
            self._sections[file, name] = lists_of(self.language, file).get(name, {})
        return self._sections[file, name]

    def phrases(self, file: str, section: str) -> Phrases:
        """A section as phrases by their first word."""
        if (file, section) not in self._phrases:
            self._phrases[file, section] = by_first_word(self.section(file, section).items())
        return self._phrases[file, section]

    def last_words(self, file: str, section: str) -> frozenset[str]:
        """The last words of the phrases of a section."""
        if (file, section) not in self._last:
            ends = frozenset(phrase.split()[-1] for phrase in self.section(file, section))
            self._last[file, section] = ends
        return self._last[file, section]

    @cached_property
    def negators(self) -> frozenset[str]:
        """Words that turn what follows them in their clause."""
        return frozenset(word for word in self.section("negation") if " " not in word)

    @cached_property
    def chat(self) -> Mapping[str, str]:
        """Chat spellings, and what they stand for."""
        return self.section("chat")

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """Words after which a full stop ends no sentence."""
        return frozenset(self.section("abbreviations"))

    @cached_property
    def masked(self) -> frozenset[str]:
        """Words that are read through digits and signs in place of letters."""
        return frozenset(self.section("masked"))

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that the language is made of."""
        listed = (
            word
            for file, sections in _LISTED
            for section in sections
            for phrase in self.section(file, section)
            for word in phrase.split()
        )
        return frozenset(listed)

    def knows(self, word: str) -> bool:
        """Whether a folded word is common, or is a common one with an ending or a beginning.

        >>> from deescalate.languages import ENGLISH
        >>> words_of(ENGLISH).knows("refunded"), words_of(ENGLISH).knows("yorkshire")
        (True, False)
        """
        if len(word) > LONGEST:
            return False
        common = self.common
        if word in common or word.replace("'", "") in common:
            return True
        for ending, instead in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= 2:
                stem = word[: -len(ending)]
                if stem + instead in common or (
                    not instead and stem[-2:-1] == stem[-1:] and stem[:-1] in common
                ):
                    return True
        return any(word.startswith(s) and word[len(s) :] in common for s in self.beginnings)

    def weight(self, word: str) -> float:
        """What a word counts as known; 0 if it is unknown, below 0 if it counts neither way.

        >>> from deescalate.languages import ENGLISH
        >>> words_of(ENGLISH).weight("refunded"), words_of(ENGLISH).weight("xyzzy")
        (1.0, 0.0)
        """
        if not _LETTERS.search(word):
            return _NEITHER
        if self.knows(word):
            return _SHARED if word in self.foreign else 1.0
        return _NEITHER if any(letter.isdecimal() for letter in word) else 0.0

    @cached_property
    def foreign(self) -> frozenset[str]:
        """Small words that are a sign of other languages although this one may have them too."""
        return frozenset(self.section("foreign"))

    @cached_property
    def endings(self) -> tuple[tuple[str, str], ...]:
        """Endings of words, with what stands in their place in the word they are made of."""
        entries = self.section("endings", "endings").items()
        return tuple(
            (ending, "" if each == "-" else each)
            for ending, instead in entries
            for each in instead.split()
        )

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """Beginnings of words that leave a known word known."""
        return tuple(self.section("endings", "beginnings"))

    @cached_property
    def numbers(self) -> Mapping[str, Decimal]:
        """Values of number words."""
        return _values(self.section("numbers", "numbers"))

    @cached_property
    def scales(self) -> Mapping[str, Decimal]:
        """Factors, such as "hundred"."""
        return _values(self.section("numbers", "scales"))

    @cached_property
    def ordinals(self) -> Mapping[str, Decimal]:
        """Values of "second", "third"."""
        return _values(self.section("numbers", "ordinals"))

    @cached_property
    def articles(self) -> frozenset[str]:
        """Words such as "a"."""
        return frozenset(self.section("numbers", "articles"))

    @cached_property
    def joiners(self) -> frozenset[str]:
        """Words inside a number, such as "and"."""
        return frozenset(self.section("numbers", "joiners"))

    @cached_property
    def ranges(self) -> frozenset[str]:
        """Words and marks between the ends of a range."""
        return frozenset(self.section("numbers", "ranges"))

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Units of time by their spellings."""
        return self.section("units", "units")

    @cached_property
    def glued_units(self) -> Mapping[str, str]:
        """The same directly behind digits."""
        return {**self.units, **self.section("units", "glued")}

    @cached_property
    def number_starts(self) -> frozenset[str]:
        """Words that may begin a number."""
        return frozenset((*self.numbers, *self.scales, *self.ordinals))

    @cached_property
    def time_starts(self) -> frozenset[str]:
        """Words that may begin a point in time."""
        phrases = (phrase for name in _TIMES for phrase in self.section("times", name))
        return frozenset((*(phrase.split()[0] for phrase in phrases), *self.units))

    @cached_property
    def time_fillers(self) -> frozenset[str]:
        """Words between "within" and a length of time."""
        phrases = self.section("times", "within fillers")
        return frozenset(word for phrase in phrases for word in phrase.split())

    @cached_property
    def money_names(self) -> Mapping[str, str]:
        """Names of money, hundredths among them, with their codes."""
        return {**self.section("currencies", "minor"), **self.section("currencies", "names")}

    @cached_property
    def ones(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words that make one of a unit, everywhere and where something took so long."""
        one = frozenset(self.section("units", "one"))
        return one, one.union(self.section("units", "one told"))


def by_first_word(entries: Iterable[tuple[str, str]]) -> Phrases:
    """Sort phrases under their first words, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, value in entries:
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append((words, value))
    return {first: tuple(sorted(rows, key=_longest)) for first, rows in found.items()}


def _longest(row: tuple[tuple[str, ...], str]) -> int:
    return -len(row[0])


def _values(entries: Mapping[str, str]) -> Mapping[str, Decimal]:
    return {word: Decimal(value) for word, value in entries.items()}
