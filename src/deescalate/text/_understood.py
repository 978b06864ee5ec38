"""How much of a text the language knows.

A word counts as known if it is common, or a known word with an ending; what has no letters counts
neither way, nor does a single name among known words. Small words that other languages have too
count for little where nothing else is known.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from deescalate.text._tokens import Token
from deescalate.text._words import Words

__all__ = ["understood"]

_NAME: Final = 0.35
_SHARED: Final = 0.4
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
    first = True
    for token in tokens:
        if token.kind == "punct":
            first = first or token.text[:1] in ".!?"
            continue
        if token.kind != "word" or not _LETTERS.search(token.text):
            continue
        if _knows(words, token.text):
            known += _SHARED if token.text in words.foreign else 1.0
        elif any(letter.isdecimal() for letter in token.text):
            pass
        elif not first and text[token.start].isupper() and not token.shouted:
            unknown += _NAME
        else:
            unknown += 1.0
        first = False
    total = known + unknown
    return known / total if total else 1.0


@lru_cache(maxsize=2**14)
def _knows(words: Words, word: str) -> bool:
    if len(word) > 40:
        return False
    common = words.common
    if word in common:
        return True
    bare = word.replace("'", "")
    if bare in common:
        return True
    for ending, instead in words.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: -len(ending)]
            if stem + instead in common or (
                not instead and stem[-2:-1] == stem[-1:] and stem[:-1] in common
            ):
                return True
    return any(
        word.startswith(start) and word[len(start) :] in common for start in words.beginnings
    )
