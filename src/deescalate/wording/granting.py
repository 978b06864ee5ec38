"""Authority: what a draft offers, against what may be offered without asking."""

import re
from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from deescalate.authority import Authority
from deescalate.cues import Span
from deescalate.money import CURRENCIES
from deescalate.wording.draft import Draft, Hit

__all__ = ["authority_hits"]

_SYMBOLS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "£": ("GBP",),
    "€": ("EUR",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "₪": ("ILS",),
    "₦": ("NGN",),
}
_NAMES = {
    "dollar": _SYMBOLS["$"],
    "dollars": _SYMBOLS["$"],
    "bucks": _SYMBOLS["$"],
    "pound": ("GBP",),
    "pounds": ("GBP",),
    "quid": ("GBP",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "yen": ("JPY",),
    "rupees": ("INR",),
}
_NO_DIGITS = re.compile(r"[^\d.,]")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
_LONGEST = 20


@frozen
class _Sum:
    """An amount in a draft; a symbol such as $ leaves several currencies open."""

    span: Span
    amount: Decimal
    currencies: tuple[str, ...]


def authority_hits(draft: Draft, authority: Authority) -> Iterator[Hit]:
    """Sums and actions that are offered although they may not be."""
    grants = list(draft.signs("grant"))
    sentences = iter(draft.sentences)
    place, at = Span(0, 0), 0
    for found in _sums(draft):
        while found.span.start >= place.end:
            sentence = next(sentences)
            place = draft.span(sentence.first, sentence.last)
        while at < len(grants) and grants[at].end <= place.start:
            at += 1
        offered = at < len(grants) and grants[at].start < min(place.end, found.span.end)
        if offered and not _allowed(found, authority):
            yield Hit(code="M501", span=found.span, suggestion=_within(found, authority))
    for match in draft.actions:
        action = str(match.rule.also["action"])
        if authority.actions and not authority.may(action):
            yield Hit(code="M502", span=draft.span(match.first, match.last))


def _allowed(found: _Sum, authority: Authority) -> bool:
    return any(authority.may_grant(found.amount, code) for code in found.currencies)


def _within(found: _Sum, authority: Authority) -> str:
    known = [code for code in found.currencies if code in authority.money]
    if not known:
        return f"{authority.tier} may grant nothing in this currency: bring in someone who may"
    limits = " or ".join(f"{authority.limit(code)} {code}" for code in known)
    return f"{authority.tier} may grant up to {limits}: stay within it, or bring in someone who may"


def _sums(draft: Draft) -> Iterator[_Sum]:
    """Every amount with a currency: ``$50``, ``50 EUR``, ``EUR 50``, ``50 euros``."""
    tokens = draft.tokens
    for index, token in enumerate(tokens):
        raw = draft.text[token.start : token.end]
        if token.kind == "money":
            currencies = next((codes for sign, codes in _SYMBOLS.items() if sign in raw), ())
            yield _Sum(Span(token.start, token.end), _amount(raw), currencies)
        elif token.kind == "number":
            beside = next((i for i in (index + 1, index - 1) if _named(draft, i)), index)
            if beside != index:
                span = draft.span(min(index, beside), max(index, beside))
                yield _Sum(span, _amount(raw), _named(draft, beside))


def _named(draft: Draft, index: int) -> tuple[str, ...]:
    """The currencies that a word names, if there is such a word and it names one."""
    if not 0 <= index < len(draft.tokens):
        return ()
    token = draft.tokens[index]
    raw = draft.text[token.start : token.end]
    return (raw,) if raw in CURRENCIES else _NAMES.get(token.text, ())


def _amount(raw: str) -> Decimal:
    """The amount that a text writes, whether a comma or a point parts the thousands."""
    digits = _NO_DIGITS.sub("", raw)
    grouped = _GROUPED.fullmatch(digits)
    if len(digits) > _LONGEST:
        return Decimal("Infinity")
    if grouped:
        digits = digits.replace(grouped[1], "")
    whole, point, cents = digits.replace(",", ".").rpartition(".")
    return Decimal(whole.replace(".", "") + point + cents)
