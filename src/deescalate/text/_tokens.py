"""A text as tokens: one linear pass that knows no language.

Words, numbers, amounts, emoji, links, mentions and punctuation, each with its place in the text
and its folded form. Everything later (word weights, cue patterns, agent moves) looks at folded
forms, so ``SOOO``, ``sooo`` and full-width letters become one word here and nowhere else.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from attrs import field, frozen

__all__ = ["Cut", "Kind", "Places", "Span", "Token", "cut", "cuts_in", "tokenize"]

Kind = Literal["word", "number", "money", "punct", "emoji", "url", "mention"]


@frozen
class Span:
    """A passage of a text, as character offsets; ``text[span.start:span.end]`` quotes it.

    >>> Span(0, 5).of("hello there")
    'hello'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Quote the passage from the text it was found in."""
        return text[self.start : self.end]


class Token(NamedTuple):
    """One token of a text.

    Attributes:
        text: Folded: compatibility-composed (NFKC), case-folded, straight apostrophes, a letter
            repeated three times or more kept twice. A run of ``!``, ``?`` or ``,`` is each mark
            once (``!!!`` is ``!``, ``?!?!`` is ``?!``), a run of dots is ``...``; emoticons
            lose noses and repeats (``:-((`` is ``:(``), emoji skin tone and variation.
        start: Where it begins in the text.
        end: Where it ends in the text.
        kind: What it is. A hashtag is a ``punct`` (``#``) and a ``word``.
        shouted: Whether it is a word of two letters or more, all of them capitals.
        elongated: Whether a letter or a mark is repeated three times or more.

    >>> Token("late", 3, 7, "word").shouted
    False
    """

    text: str
    start: int
    end: int
    kind: Kind
    shouted: bool = False
    elongated: bool = False


Cut: TypeAlias = tuple[str, int, int, Kind, bool, bool]
"""A token as a plain tuple, which takes less time to make."""

# Marks combine with the letter before them and are no word characters to `re`.
_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff"
)
_LETTERS: Final = rf"[^\W_]*(?:[{_MARKS}]+[^\W_]*)*"
_WORD: Final = rf"[^\W_]{_LETTERS}(?:(?:['’ʼ]|\*+)[^\W_]{_LETTERS})*(?:\*{{2,}})?"
_URL: Final = r"(?i:https?://|www\.)[^\s<>]+"
_NUMBER: Final = r"\d+(?:[.,]\d+|['’]\d{3}(?!\d))*"
_MEASURE: Final = r"\d+(?:[.,]\d+)+[^\W\d_]{1,9}(?!\w|\.\w)"
_SIGN: Final = r"[$\u00a3\u00a5\u0e3f\u20a0-\u20cf]"
_MONEY: Final = rf"{_SIGN}\s?{_NUMBER}|{_NUMBER}(?:{_SIGN}|\s{_SIGN}(?!\d))"
_MENTION: Final = r"(?<![\w@])@\w+"
_FACE: Final = r"[:;=]['’]?[-^]?(?:[()\[\]/\\|]+|[DPpOo3](?![^\W_]))|</?3(?!\d)|>_<|-_+-|\^_+\^"
_PICTURE: Final = r"[\u2190-\u21ff\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_DRESS: Final = r"[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]"
_EMOJI: Final = rf"{_PICTURE}{_DRESS}*(?:\u200d{_PICTURE}{_DRESS}*)*"
_HYPHEN: Final = r"(?<![^\W_])-|-(?![^\W_])"

# The commonest first. No alternative can look further than its own characters, so all is linear.
_CUT: Final = re.compile(
    rf"([A-Za-z]+(?![\w'’ʼ*:.{_MARKS}])|[.!?…。！？]+|,+|{_URL}|{_MONEY}|{_MEASURE}|{_NUMBER}(?![^\W_])"
    rf"|{_WORD}|{_MENTION}|{_FACE}|{_EMOJI}|[^\w\s-]|{_HYPHEN})"
)
_SORT: Final = re.compile(
    rf"(?P<url>{_URL})|(?P<money>{_MONEY})|(?P<number>{_NUMBER})|(?P<word>{_MEASURE}|{_WORD})"
    rf"|(?P<mention>@\w+)|(?P<face>{_FACE})|(?P<emoji>{_EMOJI})|(?P<punct>.+)",
    re.DOTALL,
)
_LONG: Final = re.compile(r"([^\W\d_])\1\1+")
_DRESSING: Final = re.compile(_DRESS)
_QUOTES: Final = str.maketrans("’ʼ", "''")
_AS_IT_IS: Final[Mapping[str, str]] = MappingProxyType({})
_MASKED: Final = 3
# Only a sum of money may have a space inside.
_APART: Final = re.compile(rf"{_SIGN}(?: \d|(?<=\d .))", re.DOTALL)


def tokenize(text: str, spelt: Mapping[str, str] = _AS_IT_IS) -> tuple[Token, ...]:
    """Cut a text into tokens, in one pass whose time is linear in its length.

    Args:
        text: Any text: empty, huge, with control characters or lone surrogates.
        spelt: Words that are spelt otherwise: of two or more words each gets its part of the place.

    Returns:
        The tokens in order. They do not overlap; what lies between them is white space,
        underscores, and hyphens inside words (``follow-up`` is two words).

    >>> [token.text for token in tokenize("I've waited SOOO long!!! Refund my $50 :-(")]
    ["i've", 'waited', 'soo', 'long', '!', 'refund', 'my', '$50', ':(']
    >>> tokenize("SOOO")[0]
    Token(text='soo', start=0, end=4, kind='word', shouted=True, elongated=True)
    """
    return tuple(map(Token._make, cuts_in(text, spelt)))


def cut(text: str, chunks: Mapping[str, Iterable[Cut] | None]) -> list[Cut]:
    """Cut a text as `cuts_in` does, in less time.

    Args:
        text: Any text.
        chunks: What stands between spaces, cut already; ``None`` for a plain word.

    >>> cut("my car", {"my": None, "car": [("auto", 0, 3, "word", False, False)]})
    [('my', 0, 2, 'word', False, False), ('auto', 3, 6, 'word', False, False)]
    """
    cuts: list[Cut] = []
    append, at = cuts.append, 0
    for chunk in (text,) if _APART.search(text) else text.split(" "):
        found, end = chunks[chunk], at + len(chunk)
        if found is None:
            append((chunk, at, end, "word", False, False))
        else:
            for folded, first, last, kind, shouted, elongated in found:
                append((folded, at + first, at + last, kind, shouted, elongated))
        at = end + 1
    return cuts


def cuts_in(text: str, spelt: Mapping[str, str]) -> Iterator[Cut]:
    """Cut a text as `tokenize` does, into plain tuples."""
    for word, start, end, kind, shouted, elongated in _found(text):
        parts = spelt[word].split()[: end - start] if word in spelt else [word]
        first = start
        for number, part in enumerate(parts, 1):
            last = end if number == len(parts) else first + 1
            yield part, first, last, kind, shouted, elongated
            first = last


def _found(text: str) -> Iterator[Cut]:
    end = 0
    gaps_and_tokens = iter(_CUT.split(text))
    for gap, raw in zip(gaps_and_tokens, gaps_and_tokens, strict=False):
        start = end + len(gap)
        end = start + len(raw)
        folded, kind, shouted, elongated = _sorted(raw)
        yield folded, start, end, kind, shouted, elongated


def _sorted(raw: str) -> tuple[str, Kind, bool, bool]:
    found = _SORT.fullmatch(raw)
    kind = found.lastgroup if found else "punct"
    match kind:
        case "word":
            folded = _folded(raw)
            squeezed = _LONG.sub(r"\1\1", folded)
            if squeezed.isdecimal():  # such as a circled digit
                return squeezed, "number", False, False
            return squeezed, "word", len(raw) > 1 and raw.isupper(), squeezed != folded
        case "face":
            return _face(raw), "emoji", False, len(raw) > _MASKED
        case "url" | "money" | "number" | "mention" | "emoji":
            return _DRESSING.sub("", raw).casefold(), kind, False, False
        case _:
            return _mark(raw), "punct", False, len(raw) >= _MASKED


def _folded(word: str) -> str:
    if len(bare := word.rstrip("*")) > _MASKED:  # the end of *emphasis*, not a masked word
        word = bare
    if word.isascii():
        return word.lower()
    # Folding can undo the normal form, so it is restored.
    plain = unicodedata.normalize("NFKC", word).casefold()
    return unicodedata.normalize("NFKC", plain).translate(_QUOTES)


def _mark(raw: str) -> str:
    plain = unicodedata.normalize("NFKC", raw)
    if len(plain) > 1 and not plain.strip("."):
        return "..."
    return "".join(dict.fromkeys(plain))


def _face(raw: str) -> str:
    if raw[0] not in ":;=":
        return raw
    bare = raw.replace("-", "").replace("^", "").replace("’", "'").lower()
    return bare.rstrip(bare[-1]) + bare[-1]


def _merged(spans: Iterable[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    starts: list[int] = []
    ends: list[int] = []
    for span in sorted(spans, key=_start):
        if ends and span.start < ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        elif span.start < span.end:
            starts.append(span.start)
            ends.append(span.end)
    return tuple(starts), tuple(ends)


def _start(span: Span) -> int:
    return span.start


@frozen
class Places:
    """Spans of a text, in any order; a question costs little however many there are.

    >>> places = Places([Span(4, 9), Span(0, 5)])
    >>> places.touch(Span(8, 20)), places.touch(Span(9, 20))
    (True, False)
    """

    _places: tuple[tuple[int, ...], tuple[int, ...]] = field(converter=_merged)

    def touch(self, span: Span) -> bool:
        """Whether a span overlaps one of them."""
        starts, ends = self._places
        at = bisect_right(ends, span.start)
        return at < len(starts) and starts[at] < span.end
