"""Pieces of a point in time, and the words around them that make them one."""

from collections.abc import Mapping
from typing import NamedTuple

from attrs import frozen

from deescalate.text._numbers import Row
from deescalate.text._times import When

__all__ = ["Around", "Piece"]


class Piece(NamedTuple):
    """A day, a time of day, a length or the end of a day.

    Attributes:
        kind: ``length``, ``date``, ``weekday``, ``day``, ``end``, ``clock``, ``part``, or ``vague``
            for a day with a part of it.
        when: What it means; ``None`` for what no calendar and no clock has.
        first: The index of its first token.
        last: The index of its last token.
        exact: Whether what was said tells which half of the day is meant.

    >>> Piece("day", When(day="today"), 0, 0).kind
    'day'
    """

    kind: str
    when: When | None
    first: int
    last: int
    exact: bool = False


@frozen
class Around:
    """The words of time around a place in a row.

    Attributes:
        row: The tokens.

    >>> from deescalate.text import Text
    >>> Around(Text.of("by noon").row).led(1, "deadlines")
    True
    """

    row: Row

    def section(self, section: str) -> Mapping[str, str]:
        return self.row.words.section("times", section)

    def led(self, index: int, section: str) -> bool:
        """Whether a word that leads to a time stands before a place, perhaps with an article."""
        at = index - 1 - (self.row.word(index - 1) == "the")
        return self.row.word(at) in self.row.words.last_words("times", section)

    def behind(self, index: int, section: str) -> bool:
        """Whether a phrase of a section ends just before a place, perhaps with an article."""
        end = index - (self.row.word(index - 1) == "the")
        if self.row.word(end - 1) not in self.row.words.last_words("times", section):
            return False
        starts = (end - len(phrase.split()) for phrase in self.section(section))
        found = (self.match(start, section) for start in starts)
        return any(match and match[1] == end - 1 for match in found)

    def free(self, index: int) -> bool:
        """Whether what stands here leaves the number before it a time or a date."""
        tokens = self.row.tokens
        if index >= len(tokens):
            return True
        token = tokens[index]
        if token.kind == "word":
            return (
                token.text in self.section("behind hours")
                or (
                    token.text in self.row.words.time_starts
                    and token.text not in self.row.words.units
                )
                or token.text in self.row.words.section("zones")
            )
        return token.kind in {"punct", "emoji"} and token.text not in {"%", "/", ":"}

    def match(self, index: int, section: str) -> tuple[str, int] | None:
        """The phrase of a section that begins here: what it means and its last token."""
        word = self.row.word(index)
        for phrase, value in self.row.words.phrases("times", section).get(word, ()):
            if all(self.row.word(index + step) == each for step, each in enumerate(phrase)):
                return value, index + len(phrase) - 1
        return None
