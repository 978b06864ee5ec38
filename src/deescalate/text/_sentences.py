"""Sentences as runs of tokens."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from attrs import frozen

from deescalate.text._tokens import Cut

__all__ = ["Sentence", "sentences_of"]

_STOPS: Final = frozenset({".", "。", "...", "…"})
_MARKS: Final = frozenset("!?！？")
"""What ends a sentence whatever stands beside it: ``!.`` and ``...?`` do."""
_WRAPPED: Final = 55


@frozen
class Sentence:
    """A sentence as token indexes.

    Attributes:
        first: Its first token.
        last: Its last token, the ending mark included.
        asks: Whether it ends in a question mark.

    >>> Sentence(0, 3, asks=True).asks
    True
    """

    first: int
    last: int
    asks: bool = False


def sentences_of(
    tokens: Sequence[Cut], text: str, abbreviations: Collection[str] = ()
) -> Iterator[Sentence]:
    """Cut tokens at full stops, exclamation and question marks, and line breaks.

    A full stop ends nothing behind an abbreviation, within "p.m.", or directly before a small
    letter or a digit, as in an address. A line that a mail program wrapped, long and followed by a
    small letter, goes on in the next one.

    Args:
        tokens: The tokens of a text.
        text: The text itself, for its line breaks.
        abbreviations: Words after which a full stop ends no sentence.

    Yields:
        The sentences in order; every token is in exactly one.

    >>> from deescalate.text import tokenize
    >>> text = "Sorry. What happened?"
    >>> [each.asks for each in sentences_of(tokenize(text), text)]
    [False, True]
    >>> text = "Really...? Then send it!. Now"
    >>> [each.asks for each in sentences_of(tokenize(text), text)]
    [True, False, False]
    """
    first, lines = 0, "\n" in text
    for index, (mark, _, _, kind, _, _) in enumerate(tokens):
        if lines and index > first and _breaks(tokens, index, text):
            yield Sentence(first, index - 1)
            first = index
        if kind == "punct" and (mark in _STOPS or not _MARKS.isdisjoint(mark)):
            if mark == "." and _inside(tokens, index, first, text, abbreviations):
                continue
            yield Sentence(first, index, asks="?" in mark)
            first = index + 1
    if first < len(tokens):
        yield Sentence(first, len(tokens) - 1)


def _breaks(tokens: Sequence[Cut], index: int, text: str) -> bool:
    """Whether a line break before a token does more than wrap a long line."""
    end, start = tokens[index - 1][2], tokens[index][1]
    gap = text[end:start]
    if "\n" not in gap:
        return False
    if gap.count("\n") > 1 or tokens[index - 1][3] == "punct" or not text[start].islower():
        return True
    break_at = end + gap.index("\n")
    return text.rfind("\n", max(break_at - _WRAPPED, 0), break_at) >= 0 or break_at < _WRAPPED


def _inside(
    tokens: Sequence[Cut], index: int, first: int, text: str, abbreviations: Collection[str]
) -> bool:
    """Whether a full stop stands within a sentence."""
    if index == first or index + 1 == len(tokens):
        return False
    (word, _, before, kind, _, _), (_, start, end, _, _, _) = tokens[index - 1 : index + 1]
    after = tokens[index + 1][1]
    follows = text[after]
    if end == after and (follows.islower() or follows.isdecimal()):
        return before == start
    if "\n" in text[end:after] or before != start:
        return False
    letter = len(word) == 1 and kind == "word" and word != "i"
    return word in abbreviations or (letter and not follows.isupper())
