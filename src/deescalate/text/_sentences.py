"""Sentences as runs of tokens."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from deescalate.text._tokens import Token

__all__ = ["Sentence", "sentences_of"]

_ENDS = frozenset({".", "!", "?", "!?", "?!"})


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


def sentences_of(tokens: Sequence[Token], text: str) -> Iterator[Sentence]:
    """Cut tokens at full stops, exclamation and question marks, and line breaks.

    Args:
        tokens: The tokens of a text.
        text: The text itself, for its line breaks.

    Yields:
        The sentences in order; every token is in exactly one.

    >>> from deescalate.text import tokenize
    >>> text = "Sorry. What happened?"
    >>> [each.asks for each in sentences_of(tokenize(text), text)]
    [False, True]
    """
    first = 0
    for index, token in enumerate(tokens):
        if index > first and "\n" in text[tokens[index - 1].end : token.start]:
            yield Sentence(first, index - 1)
            first = index
        if token.kind == "punct" and token.text in _ENDS:
            yield Sentence(first, index, asks="?" in token.text)
            first = index + 1
    if first < len(tokens):
        yield Sentence(first, len(tokens) - 1)
