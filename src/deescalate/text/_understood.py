"""How much of a text the language knows.

A word counts as known if it is common, or a known word with an ending; what has no letters counts
neither way, nor does a single name among known words. Small words that other languages have too
count for little where nothing else is known.
"""

from collections.abc import Sequence
from typing import Final

from deescalate.text._tokens import Cut
from deescalate.text._words import Words

__all__ = ["understood"]

_NAME: Final = 0.2
_ACRONYM: Final = 3


def understood(tokens: Sequence[Cut], text: str, words: Words) -> float:
    """The share of the words that the language knows, 0 to 1; 1 where there is no word.

    >>> from deescalate.text import Text
    >>> Text.of("My parcel is late again").understood, Text.of("Ich will sterben").understood < 0.5
    (1.0, True)
    """
    if not words.section("common"):
        return 1.0  # nothing to tell by
    known = unknown = 0.0
    weights = words.weights
    for index, (word, start, _, kind, shouted, _) in enumerate(tokens):
        if kind != "word":
            continue
        weight = weights[word]
        if weight > 0.0:
            known += weight
        elif weight == 0.0:
            name = text[start].isupper() and (
                len(word) <= _ACRONYM if shouted else not _opens(tokens, index)
            )
            unknown += _NAME if name else 1.0
    total = known + unknown
    return known / total if total else 1.0


def _opens(tokens: Sequence[Cut], index: int) -> bool:
    """Whether a word begins a sentence."""
    return index == 0 or tokens[index - 1][0][:1] in ".!?"
