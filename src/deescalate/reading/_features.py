"""What a learned model looks at in a text: words, pairs of words, capitals, constructions."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from deescalate.languages import Language, lists_of
from deescalate.text import Cut

__all__ = ["CAPITALS", "EDGE", "ENDS", "NAMES", "SHOUTED", "features_of", "opened"]

EDGE: Final = "|"
"""What stands before the first word of a sentence and after the last."""
ENDS: Final = ".!|"
"""Marks that say no more than that something ends."""
NAMES: Final[Mapping[str, str]] = {
    "number": "<number>",
    "money": "<money>",
    "url": "<url>",
    "mention": "<mention>",
}
"""What kinds of token are called, whatever they say."""
SHOUTED: Final = 3
"""Letters of a word in capitals that is no abbreviation; ours."""
CAPITALS: Final = ((1, "<capitals>"), (2, "<capitals 2>"), (4, "<capitals 4>"))
"""Features of a text with so many words in capitals."""


@cache
def opened(language: Language | str) -> Mapping[str, tuple[str, ...]]:
    """The words that a contraction stands for."""
    words = lists_of(language, "contractions").get("", {})
    return {word: tuple(each.split()) for word, each in words.items()}


def features_of(
    tokens: Sequence[Cut],
    language: Language | str,
    constructions: Iterable[str] = (),
    *,
    at: int = 0,
    ends: str = "",
) -> dict[str, tuple[int, int]]:
    """Find the features of a text.

    Args:
        tokens: Its tokens.
        language: Its language, which opens contractions.
        constructions: Names of what else was found in it.
        at: The number of its first token in a longer text.
        ends: Marks that say no more than that something ends (`ENDS`, or none): however a sentence
            ends, it then ends alike.

    Returns:
        Each feature once, with its first and last token where it stands first; features of the
        whole text have the whole text.

    >>> from deescalate.text import tokenize
    >>> list(features_of(tokenize("Don't go"), "english"))
    ['do', '| do', 'not', 'do not', 'go', 'not go', 'go |']
    """
    found: dict[str, tuple[int, int]] = {}
    opens = opened(language).get
    before, before_at, capitals = EDGE, at, 0
    for index, (text, start, end, kind, shouted, _) in enumerate(tokens, at):
        key = text if kind == "word" else NAMES.get(kind, text)
        words = opens(key) or (key,) if not ends or text.strip(ends) else (EDGE,)
        if shouted and end - start >= SHOUTED:
            capitals += 1
        for word in words:
            if not ends or word != EDGE:
                found.setdefault(word, (index, index))
            if not ends or before != EDGE or word != EDGE:
                found.setdefault(f"{before} {word}", (before_at, index))
            before, before_at = word, index
    whole = (at, at + len(tokens) - 1)
    if tokens and (not ends or before != EDGE):
        found.setdefault(f"{before} {EDGE}", (before_at, whole[1]))
    for least, name in CAPITALS:
        if capitals >= least:
            found[name] = whole
    for name in constructions:
        found[f"<{name}>"] = whole
    return found
