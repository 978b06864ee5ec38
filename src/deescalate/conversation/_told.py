"""What a text tells of the case, and what an agent says again: found by words, kept with quotes."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import takewhile

from attrs import frozen

from deescalate.languages import ENGLISH, Language
from deescalate.moves import Phase
from deescalate.reading import MoveFound
from deescalate.text import Places, Span, Text
from deescalate.text.phrases import PatternSet

__all__ = ["Found", "Told", "asks", "is_alike", "sayings_of", "told_in"]

_REFERENCE = re.compile(
    r"(?<![\w.,])(?!\d{4}-\d\d-\d\d)(?=[\w#-]{5,24}(?![\w.,]\d))[A-Za-z]{0,4}[-#]?\d{4,}[\w-]{0,12}"
)
_DIGITS = re.compile(r"\d{4}")
"""What every reference has and most texts have not."""
_QUESTION = re.compile(r"\?(?!\w)")
_LINK = re.compile(r"(?:https?://|www\.)\S{3,200}")
_WORD_LETTERS, _SAYING_WORDS, _ALIKE = 4, 3, 0.6
"""Letters of a word, words of a saying, and the share of them that makes two alike: ours."""
_LONGEST = 10_000
"""Characters of a text in which references and questions are looked for: ours."""
_SPARED = (Phase.PERSON, Phase.SAFETY, Phase.CLOSING)


@frozen
class Found:
    """One thing that a text tells.

    Attributes:
        what: Which, such as ``fault.late`` or ``since``.
        quote: The words, exactly.
    """

    what: str
    quote: str


@frozen(kw_only=True)
class Told:
    """One thing that was told in the course of a case.

    Attributes:
        what: Which, such as ``fault.late``, ``since``, ``wish`` or ``reference``.
        quote: The words that it rests on, exactly.
        at: When they were said first.
    """

    what: str
    quote: str
    at: datetime


def told_in(text: str | Text, language: Language = ENGLISH) -> tuple[Found, ...]:
    """What a text newly tells of the case, in its order: no quoted mail, footers or logs.

    >>> [found.what for found in told_in("My parcel is late, order 48213. Since Monday!")]
    ['fault.late', 'reference', 'since']
    """
    own = Text.of(text, language).own
    raw, tokens = own.raw, own.tokens
    found = [
        (tokens[match.first].start, tokens[match.last].end, match.label)
        for match in PatternSet.of(own.language, "told").find_in(own)
    ]
    starts = [token.start for token in tokens]
    references = _REFERENCE.finditer(raw) if _DIGITS.search(raw) else ()
    for match in takewhile(lambda each: each.end() <= _LONGEST, references):
        at = bisect_right(starts, match.end() - 1) - 1
        if at >= 0 and match.start() < tokens[at].end:
            found.append((match.start(), match.end(), "reference"))
    return tuple(Found(label, raw[start:end]) for start, end, label in sorted(found))


def asks(text: str) -> bool:
    """Whether a text asks a question.

    >>> asks("Where is it?"), asks("see http://x.example/?a=1")
    (True, False)
    """
    return _QUESTION.search(text[:_LONGEST]) is not None


def sayings_of(text: Text, moves: Iterable[MoveFound]) -> Iterator[frozenset[str]]:
    """The advice, links and questions in an agent's text, each as the set of its longer words.

    What is said for the person, such as "I'm so sorry", and at the end may be said again.
    """
    spared = Places(found.span for found in moves if found.move.phase in _SPARED)
    tokens = text.tokens
    for sentence in text.sentences:
        start, end = tokens[sentence.first].start, tokens[sentence.last].end
        if spared.touch(Span(start, end)):
            continue
        said = text.raw[start:end].casefold()
        words = {
            token.text
            for token in tokens[sentence.first : sentence.last + 1]
            if token.kind == "word" and len(token.text) >= _WORD_LETTERS
        }
        links = _LINK.findall(said)
        if links or len(words) >= _SAYING_WORDS:
            yield frozenset(links or words)


def is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sayings are the same advice in much the same words.

    >>> is_alike(frozenset(["restart", "router"]), frozenset(["restart", "router", "please"]))
    True
    """
    return len(one & other) >= _ALIKE * len(one | other)
