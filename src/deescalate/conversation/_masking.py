"""Masking: what identifies a person leaves a text as a mark, before anything is cut from it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from html import unescape

from attrs import frozen

from deescalate.conversation._identifiers import account_places, card_places, identifier_places
from deescalate.conversation._phones import COVER, phone_places

__all__ = ["Masked", "mask", "masked_passage"]

Place = tuple[int, int, str]

_PIECE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,8});|.", re.DOTALL)
_WORD = r"[\w\u0300-\u036f]"
_LABEL = rf"{_WORD}(?:[\w\-\u0300-\u036f]{{0,62}}{_WORD})?"
_BEFORE = re.compile(
    r"(?:\"[^\"@\n]{1,62}\"|[\w!#$%&'*+\-/=?^`{|}~.\u0300-\u036f]{1,64}|([\w.+-]{1,64}) )$"
)
_AFTER = re.compile(
    rf"( ?)(?:(?:{_LABEL}\.){{1,8}}(?:xn--[a-z\d-]{{2,40}}|[^\W\d_]{{2,24}})"
    r"|\[?(?:\d{1,3}\.){3}\d{1,3}\]?)"
)
_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}"
    r"(?: ?(?:[(\[{<] ?(?:at|ät|arroba|@) ?[)\]}>]) ?"
    r"(?:[\w-]{1,63}(?: ?(?:[(\[{<] ?(?:dot|punkt|punto|\.) ?[)\]}>]| dot |\.) ?)){1,4}[a-z]{2,24}"
    r"| at (?:(?!(?:the|a|my|your)\b)[\w-]{1,63} dot ){1,3}"
    r"(?:com|org|net|io|eu|info|co|edu|gov|[a-z]{2}))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    [
        *("it", "this", "that", "them", "one", "bought", "order", "ordered", "shop", "from", "on"),
        *("us", "you", "is", "was", "at", "look"),
    ]
)
"""Words before a shop's ``@name``, which are nobody's address: ours."""
_DIGIT = re.compile(r"\d")
_MARKS = re.compile(
    r"\[(?:card number|e-mail address|phone number|bank account|national identifier|IP address)\]"
)
_IDS_AND_DATES = re.compile(
    r"(?<![^\W_])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![^\W_])"
    r"|(?<!\d)(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:T\d\d(?=:))?"
    r"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d\d(?!\d)"
    r"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|1[0-2])\3\d\d(?![./-]?\d)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?\d{4,6})?(?!\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?!\d)"
    r"|(?<![\d-])(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d(?![\d-])"
    r"|(?<![\d+(])(?:19|20)\d\d(?:[ -](?:19|20)\d\d)+(?![\d-])"
)
"""Days without separators, times of day, opening hours and years: no phone numbers either."""


@frozen
class Masked:
    """A text with what identifies a person taken out.

    Attributes:
        text: The text with a mark in each place.
        cards: How many card numbers were masked.
        emails: How many e-mail addresses.
        phones: How many phone numbers.
        accounts: How many bank accounts (IBAN).
        identifiers: How many national identifiers.
        addresses: How many IP addresses.

    >>> from deescalate.conversation import mask
    >>> mask("write to ann@example.org").emails
    1
    """

    text: str
    cards: int = 0
    emails: int = 0
    phones: int = 0
    accounts: int = 0
    identifiers: int = 0
    addresses: int = 0


def mask(text: str, *, keep: Iterable[str] = (), regions: Sequence[str] = ()) -> Masked:
    """Take what identifies a person out of a text.

    Card numbers go by their issuer's range, length and Luhn's check, IBANs and national identifiers
    by their check digits, e-mail addresses also where they are spelt out, phone numbers by how they
    are written or by the words before them. Marks without width, any kind of space or dash and the
    digits of any script hide nothing. Dates, sums and order numbers stay.

    Args:
        text: Any text; time is linear in its length.
        keep: The host's own names and numbers, such as the case's, which stay.
        regions: Countries as two capital letters, whose phone numbers are looked up with the
            ``phonenumbers`` package (the extra ``masking``), however they are written.

    Returns:
        The masked text, with counts. Masking twice changes nothing more.

    Raises:
        SettingError: Regions are given and the package is not there, or does not know them.

    >>> from deescalate.conversation import mask
    >>> mask("card 4111 1111 1111 1111, call +44 20 7946 0018, order 48213 of 2026-07-11").text
    'card [card number], call [phone number], order 48213 of 2026-07-11'
    """
    places = places_in(text, keep=keep, regions=regions)
    counts = Counter(what for _, _, what in places)
    return Masked(
        masked_passage(text, 0, len(text), places),
        cards=counts["card number"],
        emails=counts["e-mail address"],
        phones=counts["phone number"],
        accounts=counts["bank account"],
        identifiers=counts["national identifier"],
        addresses=counts["IP address"],
    )


def masked_passage(text: str, start: int, end: int, places: Iterable[Place]) -> str:
    """A passage of a text with a mark for each place in it, also for one that it cuts in two."""
    kept: list[str] = []
    for first, last, what in places:
        if first < end and start < last:
            kept += (text[start:first], f"[{what}]")
            start = last
    return "".join((*kept, text[start:end]))


def places_in(
    text: str, *, keep: Iterable[str] = (), regions: Sequence[str] = ()
) -> tuple[Place, ...]:
    """What is to be masked: beginning, end and kind of each place, in order and apart."""
    view, starts, ends = _plain(text)
    view = _covered(view, (each.span() for each in _host_names(keep, view)))
    found: list[Place] = []
    for others, finder in (
        (None, _mail_places),
        (_MARKS, account_places),
        (_IDS_AND_DATES, card_places),
        (None, identifier_places),
        (_TIMES, partial(phone_places, regions=regions)),
    ):
        if others:
            view = _covered(view, (each.span() for each in others.finditer(view)))
        more = _apart(finder(view))
        view = _covered(view, ((start, end) for start, end, _ in more))
        found += more
        if not (regions or _DIGIT.search(view)):
            break
    return tuple((starts[start], ends[end - 1], what) for start, end, what in sorted(found))


def _plain(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text as it looks, and where each of its characters begins and ends in the raw one."""
    if text.isascii() and "&" not in text:
        return text, range(len(text)), range(1, len(text) + 1)
    shown: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(text):
        if char := _looks(unescape(piece[0]) if len(piece[0]) > 1 else piece[0]):
            shown.append(char)
            starts.append(piece.start())
            ends.append(piece.end())
    return "".join(shown), starts, ends


@lru_cache(maxsize=4_096)
def _looks(char: str) -> str:
    """The plain character that one looks like; nothing for a mark that is not seen."""
    category = unicodedata.category(char) if len(char) == 1 else ""
    if category == "Cf" or char in "\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe0e\ufe0f\u20e3":
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or char in "\u2212\u2043":
        return "-"
    if char in "\u3002\uff61\u00b7\u2022\u2024":
        return "."
    if category == "Nd":
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char[:1]


def _covered(view: str, places: Iterable[tuple[int, int]]) -> str:
    """A view in which `COVER` stands in every character of some places, which are in order."""
    kept: list[str] = []
    done = 0
    for start, end in places:
        kept += (view[done:start], COVER * (end - start))
        done = end
    return "".join((*kept, view[done:]))


def _apart(places: Iterable[Place]) -> list[Place]:
    """Places in order; those that run into one another are one."""
    kept: list[Place] = []
    for start, end, what in sorted(places, key=lambda each: (each[0], -each[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, what))
        elif end > kept[-1][1]:
            kept[-1] = (kept[-1][0], end, kept[-1][2])
    return kept


def _host_names(keep: Iterable[str], view: str) -> Iterator[re.Match[str]]:
    names = sorted({_plain(name)[0] for name in keep} - {""}, key=len, reverse=True)
    if names:
        yield from re.finditer(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})(?![^\W_])", view)


def _mail_places(view: str) -> Iterator[Place]:
    at = view.find("@")
    while at >= 0:
        before, after = _BEFORE.search(view[max(at - 66, 0) : at]), _AFTER.match(view, at + 1)
        if before and after:
            apart = before[1] or (before[0] if after[1] else "")
            if apart.casefold() not in _NO_NAMES:
                yield at - len(before[0]), after.end(), "e-mail address"
        at = view.find("@", at + 1)
    for found in _SPELT.finditer(view):
        yield found.start(), found.end(), "e-mail address"
