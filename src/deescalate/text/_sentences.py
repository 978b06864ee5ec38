"""Sentences as runs of tokens."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from attrs import frozen

from deescalate.text._tokens import Token

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
    tokens: Sequence[Token], text: str, abbreviations: Collection[str] = ()
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
    first = 0
    for index, token in enumerate(tokens):
        broken = index > first and "\n" in text[tokens[index - 1].end : token.start]
        if broken and not _wrapped(tokens, index, text):
            yield Sentence(first, index - 1)
            first = index
        if token.kind == "punct" and (token.text in _STOPS or not _MARKS.isdisjoint(token.text)):
            if token.text == "." and _inside(tokens, index, first, text, abbreviations):
                continue
            yield Sentence(first, index, asks="?" in token.text)
            first = index + 1
    if first < len(tokens):
        yield Sentence(first, len(tokens) - 1)


def _wrapped(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether the line break before a token only wraps a long line."""
    before, after = tokens[index - 1], tokens[index]
    gap = text[before.end : after.start]
    if gap.count("\n") > 1 or before.kind == "punct" or not text[after.start].islower():
        return False
    break_at = before.end + gap.index("\n")
    return text.rfind("\n", max(break_at - _WRAPPED, 0), break_at) < 0 and break_at >= _WRAPPED


def _inside(
    tokens: Sequence[Token], index: int, first: int, text: str, abbreviations: Collection[str]
) -> bool:
    """Whether a full stop stands within a sentence."""
    if index == first or index + 1 == len(tokens):
        return False
    before, stop, after = tokens[index - 1 : index + 2]
    follows = text[after.start]
    if stop.end == after.start and (follows.islower() or follows.isdecimal()):
        return before.end == stop.start
    if "\n" in text[stop.end : after.start] or before.end != stop.start:
        return False
    letter = len(before.text) == 1 and before.kind == "word" and before.text != "i"
    return before.text in abbreviations or (letter and not follows.isupper())
