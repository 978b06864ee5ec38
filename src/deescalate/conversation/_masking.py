"""Masking: card numbers, e-mail addresses and phone numbers leave a handover as a mark."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import frozen

__all__ = ["Masked", "mask"]

_DIGITS = re.compile(r"[+(]?\d(?:[ .\-/()\u00a0\u2010-\u2015]{0,3}\d)*")
_DATE = re.compile(r"(?<!\d)(?:\d{4}([-./])\d\d?\1\d\d?|\d\d?([-./])\d\d?\2\d{4})(?!\d)")
_CARD_LENGTHS = range(13, 20)
_PHONE_LENGTHS = range(7, 16)
_LOCAL = frozenset("!#$%&'*+-/=?^_`{|}~.")
_LOCAL_MOST, _DOMAIN_MOST = 64, 255


@frozen
class Masked:
    """A text with what identifies a person taken out.

    Attributes:
        text: The text with a mark in each place.
        cards: How many card numbers were masked.
        emails: How many e-mail addresses.
        phones: How many phone numbers.

    >>> from deescalate.conversation import mask
    >>> mask("write to ann@example.org").emails
    1
    """

    text: str
    cards: int = 0
    emails: int = 0
    phones: int = 0


def mask(text: str) -> Masked:
    """Take card numbers, e-mail addresses and phone numbers out of a text.

    A run of digits is a card number where any 13 to 19 of its digits in a row pass Luhn's check
    (ISO/IEC 7812-1); up to three separators between two digits do not hide it. It is a phone number
    (E.164: at most 15 digits) where it is written like one: with a leading ``+``, ``00`` or ``0``,
    or in groups. A date and a plain order number stay.

    Args:
        text: Any text; time is linear in its length.

    Returns:
        The masked text, with counts. Masking twice changes nothing more.

    >>> from deescalate.conversation import mask
    >>> mask("card 4111 1111 1111 1111, call +44 20 7946 0018, order 48213 of 2026-07-11").text
    'card [card number], call [phone number], order 48213 of 2026-07-11'
    """
    text, emails = _replaced(text, _addresses(text))
    text, numbers = _replaced(text, _numbers(text))
    return Masked(
        text,
        cards=numbers["card number"],
        emails=emails["e-mail address"],
        phones=numbers["phone number"],
    )


def _replaced(text: str, places: Iterable[tuple[int, int, str]]) -> tuple[str, Counter[str]]:
    """The text with a mark in each place, and how many of each there are."""
    kept: list[str] = []
    counts: Counter[str] = Counter()
    end = 0
    for start, stop, what in places:
        if start >= end:
            kept += (text[end:start], f"[{what}]")
            counts[what] += 1
            end = stop
    kept.append(text[end:])
    return "".join(kept), counts


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    at = text.find("@")
    while at >= 0:
        start = at
        while (
            start > 0
            and at - start < _LOCAL_MOST
            and (text[start - 1].isalnum() or text[start - 1] in _LOCAL)
        ):
            start -= 1
        stop = at + 1
        while (
            stop < len(text)
            and stop - at <= _DOMAIN_MOST
            and (text[stop].isalnum() or text[stop] in "-.")
        ):
            stop += 1
        domain = text[at + 1 : stop].rstrip(".-")
        if start < at and "." in domain:
            yield start, at + 1 + len(domain), "e-mail address"
        at = text.find("@", at + 1)


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _DIGITS.finditer(text):
        written = found[0]
        digits = [int(char) for char in written if char.isdecimal()]
        if _holds_a_card(digits):
            yield found.start(), found.end(), "card number"
        elif _is_phone(written):
            yield found.start(), found.end(), "phone number"


def _holds_a_card(digits: list[int]) -> bool:
    return any(
        _passes_luhn(digits[start : start + length])
        for length in _CARD_LENGTHS
        for start in range(len(digits) - length + 1)
    )


def _passes_luhn(digits: list[int]) -> bool:
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_phone(written: str) -> bool:
    written = _DATE.sub("", written)
    count = sum(char.isdecimal() for char in written)
    if count not in _PHONE_LENGTHS:
        return False
    groups = re.split(r"\D+", written.strip("+() "))
    return written[0] in "+(0" or (len(groups) >= 3 and max(map(len, groups)) <= 5)
