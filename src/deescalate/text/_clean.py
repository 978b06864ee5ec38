"""A clean view of a text, every character of which points into the raw text.

What hides a word from a reader who looks at letters is undone: marks without width, soft hyphens,
look-alike letters of other scripts, entities and tags of HTML, full-width and mathematical letters,
heaps of combining marks, and digits, signs or gaps in the letters of words that people mask.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from html.entities import html5
from itertools import product
from typing import Final, TypeAlias

from attrs import field, frozen

from deescalate._memory import Remembered
from deescalate.text._tokens import Span
from deescalate.text._words import Words

__all__ = ["Clean", "clean", "is_open", "unmasked"]

_WIDTHLESS: Final = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]+|(?<=\w)[\u200d\ufe00-\ufe0f\U000e0000-\U000e007f]+(?=\w)"
)
_ENTITY: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-zA-Z]{2,8}));")
_TAG: Final = re.compile(
    r"</?(?:(br|p|div|li|tr|h[1-6]|ul|ol|table|blockquote|hr)|a|b|i|u|em|strong|span|font|small|s|"
    r"td|th|tbody|img|body|html|head|sub|sup|center)(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_HEAP: Final = re.compile(
    r"(?<=[A-Za-z\u0300-\u036f])[\u0300-\u036f\u0489\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_FORMS: Final = re.compile(
    r"[\u0262\u026a\u0274\u0280\u0299\u029c\u029f\u028f\u1d00-\u1d22\ua730\ua731\u2100-\u214f"
    r"\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f130-\U0001f189]"
)
_SMALL_CAPITALS: Final = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_WHITE_ON_BLACK: Final = (0x1F150, 0x1F170)
_OTHER_SCRIPTS: Final = re.compile(r"[\u0370-\u052f]")
_MIXED: Final = re.compile(r"[A-Za-z\u0370-\u052f]{2,}")
_ALIKE: Final = str.maketrans(
    "аеорсухіјѕԁһӏԛԝкмтвнАЕОРСУХІЈЅКМТВНӒἀαοενικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlqwkmtbhAEOPCYXIJSKMTBHAaaoevikptuxABEZHIKMNOPTYX",
)
_MASKED: Final = re.compile(
    r"(?<![\w@$#&/.-])(?:[A-Za-z]{1,21}+[\d!@$*|+#]|[\d@$][A-Za-z])[\w!@$*|+#]{0,22}(?![\w@/])"
)
_GAPPED: Final = re.compile(
    r"(?<![^\s\"'(])[A-Za-z](?:([ .*_,/-])[A-Za-z])(?:\1[A-Za-z]){1,14}(?![\w'’])"
)
# Most texts hold nothing of the kind, which a short look says.
_MAYBE_HIDDEN: Final = re.compile(
    r"[\u00ad\u0262\u026a\u0274\u0280\u0299\u029c\u029f\u028f\u0300-\u052f\u061c\u115f\u1160\u17b4\u17b5\u180e\u1d00-\u1d22\u1dc0-\u1dff\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u214f\u2460-\u24ff\ua730\ua731\ufe00-\ufe0f\ufeff\uff01-\uff5e\ufff9-\ufffb\U0001d400-\U0001d7ff"
    r"\U0001f130-\U0001f189\U000e0000-\U000e007f]"
)
_MAYBE_MASKED: Final = re.compile(r"[*@$!|+#\d](?:(?<=[A-Za-z$].)|(?<=[\d@$])[A-Za-z])", re.DOTALL)
_MAYBE_GAPPED: Final = re.compile(r"[ .*_,/-][A-Za-z][ .*_,/-][A-Za-z](?![A-Za-z])")
_LEET: Final = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "au", "$": "s",
    "!": "i", "|": "il", "+": "t",
}  # fmt: skip


_LONG: Final = 6
_SHORTEST: Final = 4
# How many letters may stand before and behind a gapped word: "I k i l l u", "F U C K Y O U".
_ASIDE: Final = sorted(product(range(5), range(5)), key=sum)

_Replace: TypeAlias = Callable[[re.Match[str]], str]


@frozen
class Clean:
    """A clean text and where each of its characters stands in the raw one.

    Attributes:
        text: The clean text.
        starts: Where each character begins in the raw text; ``None`` if nothing was changed.
        ends: Where each ends.
    """

    text: str
    starts: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def raw(self, start: int, end: int) -> Span:
        """The passage of the raw text that a passage of the clean one stands for."""
        if self.starts is None or self.ends is None or start >= end:
            return Span(start, end)
        return Span(self.starts[start], self.ends[end - 1])

    def place(self, at: int) -> int:
        """Where a place of the raw text is in the clean one: the first character not before it."""
        if self.starts is None:
            return at
        return bisect_right(self.starts, at - 1)


def clean(text: str, words: Words) -> Clean:
    r"""Undo what hides words, in time linear in the length of the text.

    >>> from deescalate.languages import ENGLISH
    >>> from deescalate.text._words import words_of
    >>> clean("f\u200buck &amp; sh1t", words_of(ENGLISH)).text
    'fuck & shit'
    """
    view = Clean(text)
    if not text.isascii() and _MAYBE_HIDDEN.search(text):
        for pattern, replace in ((_WIDTHLESS, _nothing), (_FORMS, _plain), (_HEAP, _composed)):
            view = _rewritten(view, pattern, replace)
        if _OTHER_SCRIPTS.search(text):
            view = _rewritten(view, _MIXED, _latin(words))
    if "&" in text:
        view = _rewritten(view, _ENTITY, _entity)
    if "<" in text:
        view = _rewritten(view, _TAG, _tag)
    view = unmasked(view, words)
    if _MAYBE_GAPPED.search(view.text):
        view = _rewritten(view, _GAPPED, _joined(words))
    return view


def unmasked(view: Clean, words: Words) -> Clean:
    """Undo digits and signs in the letters of words, of which none goes over white space.

    >>> from deescalate.languages import ENGLISH
    >>> from deescalate.text._words import words_of
    >>> unmasked(Clean("sh1t!"), words_of(ENGLISH)).text
    'shit!'
    """
    if _MAYBE_MASKED.search(view.text):
        return _rewritten(view, _MASKED, _read_through(words))
    return view


def is_open(text: str) -> bool:
    """Whether a short look says that nothing hides words in a text, but for those in `unmasked`.

    >>> is_open("sh1t"), is_open("s h i t")
    (True, False)
    """
    hidden = not text.isascii() and _MAYBE_HIDDEN.search(text)
    return not (hidden or "&" in text or "<" in text or _MAYBE_GAPPED.search(text))


def _rewritten(view: Clean, pattern: re.Pattern[str], replace: _Replace) -> Clean:
    changes = [
        (*found.span(), new)
        for found in pattern.finditer(view.text)
        if (new := replace(found)) != found[0]
    ]
    if not changes:
        return view
    pieces: list[str] = []
    starts, ends = array("q"), array("q")
    at = 0
    for first, last, new in changes:
        pieces += (view.text[at:first], new)
        _copy(view, starts, ends, at, first)
        span = view.raw(first, last)
        if len(new) == last - first:
            _copy(view, starts, ends, first, last)
        elif new:
            starts.extend([span.start] * len(new))
            ends.extend([span.end] * len(new))
        elif ends and pattern is _HEAP:
            ends[-1] = span.end
        at = last
    pieces.append(view.text[at:])
    _copy(view, starts, ends, at, len(view.text))
    return Clean("".join(pieces), starts, ends)


def _copy(view: Clean, starts: "array[int]", ends: "array[int]", first: int, last: int) -> None:
    if view.starts is None or view.ends is None:
        starts.extend(range(first, last))
        ends.extend(range(first + 1, last + 1))
    else:
        starts.extend(view.starts[first:last])
        ends.extend(view.ends[first:last])


def _nothing(_: re.Match[str]) -> str:
    return ""


def _entity(found: re.Match[str]) -> str:
    if found[3]:
        shown = html5.get(found[3] + ";", found[0])
    else:
        code = int(found[1], 16) if found[1] else int(found[2])
        shown = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]
    return " " if shown == "\u00a0" else "" if _WIDTHLESS.fullmatch(shown) else shown


def _tag(found: re.Match[str]) -> str:
    return "\n" if found[1] else ""


def _plain(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found.string[found.end() : found.end() + 1] == "\ufe0f":
        return found[0]  # a picture
    for first in _WHITE_ON_BLACK:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    shown = unicodedata.normalize("NFKC", found[0].translate(_SMALL_CAPITALS))
    return shown if len(shown) == 1 and shown.isascii() else found[0]


def _composed(found: re.Match[str]) -> str:
    """One mark that belongs to its letter stays; a heap goes."""
    before = found.string[found.start() - 1]
    single = len(found[0]) == 1 and len(unicodedata.normalize("NFC", before + found[0])) == 1
    return found[0] if single else ""


def _latin(words: Words) -> _Replace:
    """Look-alikes in a word that has Latin letters too; a word of another script stays."""

    def replace(found: re.Match[str]) -> str:
        word = found[0]
        if word.isascii() or not any(letter < "\x7f" for letter in word):
            return word
        # One looks like a y and is used as a u, the other like an l and is used as an i.
        other = word.replace("у", "u").replace("ӏ", "i").translate(_ALIKE)
        return other if other.lower() in words.masked else word.translate(_ALIKE)

    return replace


@cache
def _read_through(words: Words) -> _Replace:
    by_length: dict[int, list[str]] = {}
    for word in words.masked:
        by_length.setdefault(len(word), []).append(word)

    def read(raw: str) -> str:
        tail = raw[len(raw.rstrip("!")) - len(raw) :] if raw.endswith("!") else ""
        body = raw.removesuffix(tail).lower()
        if len(body) < _SHORTEST and body[-1:].isdecimal():
            return raw  # a code such as DI3
        fitting = [word for word in by_length.get(len(body), ()) if _stands_for(body, word)]
        if len(fitting) != 1 or fitting == [body]:
            return raw
        return (fitting[0].upper() if raw.isupper() and len(raw) > 2 else fitting[0]) + tail

    known = Remembered(read)
    return lambda found: known[found[0]]


def _stands_for(masked: str, word: str) -> bool:
    """Whether a word may hide behind digits and signs; about half of it must be seen."""
    seen = 0
    for shown, letter in zip(masked, word, strict=True):
        if shown == letter:
            seen += 1
        elif shown not in "*#" and letter not in _LEET.get(shown, ""):
            return False
    hidden = "*" in masked or "#" in masked or len(word) < _LONG
    return 2 * seen >= len(word) or (not hidden and 5 * seen >= 2 * len(word))


def _joined(words: Words) -> _Replace:
    """A gapped word, beside which single letters may be words of their own: "I k i l l u"."""

    def alone(letters: str) -> bool:
        shown = letters.lower()
        if len(shown) > 1:
            return len(shown) > 2 and shown in words.common
        return not shown or shown in words.common or shown in words.chat

    def replace(found: re.Match[str]) -> str:
        letters = found[0][::2]
        for first, last in _ASIDE:
            end = len(letters) - last
            word = letters[first:end]
            if word.lower() in words.masked and alone(letters[:first]) and alone(letters[end:]):
                return found[0][: 2 * first] + word + found[0][2 * end - 1 :]
        return found[0]

    return replace
