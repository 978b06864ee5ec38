"""How much of a text the language knows.

A word counts as known if it is common, or a known word with an ending; what has no letters counts
neither way, nor does a single name among known words. Small words that other languages have too
count for little where nothing else is known.
"""

import re
from collections.abc import Sequence
from typing import Final

from deescalate.text._tokens import Token
from deescalate.text._words import LONGEST, Words

__all__ = ["understood"]

_NAME: Final = 0.2
_SHARED: Final = 0.3
_NEITHER: Final = -1.0
_ACRONYM: Final = 3
_MOST: Final = 2**14
_LETTERS: Final = re.compile(r"[^\W\d_]")


def understood(tokens: Sequence[Token], text: str, words: Words) -> float:
    """The share of the words that the language knows, 0 to 1; 1 where there is no word.

    >>> from deescalate.text import Text
    >>> Text.of("My parcel is late again").understood, Text.of("Ich will sterben").understood < 0.5
    (1.0, True)
    """
    if not words.section("common"):
        return 1.0  # nothing to tell by
    known = unknown = 0.0
    memory = words.memory
    for index, (word, start, _, kind, shouted, _) in enumerate(tokens):
        if kind != "word":
            continue
        weight = memory.get(word)
        if weight is None:
            weight = _weight(words, word)
            if len(memory) < _MOST and len(word) <= LONGEST:
                memory[word] = weight
        if weight > 0.0:
            known += weight
        elif weight == 0.0:
            short = len(word) <= _ACRONYM
            name = text[start].isupper() and (short if shouted else not _opens(tokens, index))
            unknown += _NAME if name else 1.0
    total = known + unknown
    return known / total if total else 1.0


def _opens(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word begins a sentence."""
    return index == 0 or tokens[index - 1].text[:1] in ".!?"


def _weight(words: Words, word: str) -> float:
    """What a word counts as known; 0 if it is unknown, below 0 if it counts neither way."""
    if not _LETTERS.search(word):
        return _NEITHER
    if words.knows(word):
        return _SHARED if word in words.foreign else 1.0
    return _NEITHER if any(letter.isdecimal() for letter in word) else 0.0
