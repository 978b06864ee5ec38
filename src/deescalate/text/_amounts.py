"""Sums of money: signs, codes, words, scales, grouping of many lands.

Nothing is money without a sign, a code or a name of money beside it, so dates, telephone and order
numbers and percentages are none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from attrs import frozen

from deescalate.money import CURRENCIES
from deescalate.text._numbers import Row, SaidNumber, decimal_of
from deescalate.text._tokens import Span

__all__ = ["Amount", "amounts_in"]

_SPACES: Final = frozenset(" \u00a0\u2009\u202f")
_HYPHENS: Final = frozenset("-\u2010\u2011\u2013\u2014")
_MINUS: Final = _HYPHENS | {"\u2212"}
_THREE: Final = 3


@frozen(kw_only=True)
class Amount:
    """A sum of money as it was written.

    Attributes:
        amount: The sum; of a range the greater end.
        currencies: The ISO 4217 codes that it can mean, the usual one first; empty where nothing
            tells, as in "2 grand".
        span: Where it stands.
        least: The smaller end of a range; otherwise the sum.

    >>> from deescalate.text import Text
    >>> [(str(each.amount), each.currency) for each in Text.of("€5.5m or 1'250 CHF").amounts]
    [('5500000.0', 'EUR'), ('1250', 'CHF')]
    """

    amount: Decimal
    currencies: tuple[str, ...]
    span: Span
    least: Decimal

    @property
    def currency(self) -> str | None:
        """The usual currency of what was written, of a bare ``$`` the US dollar."""
        return self.currencies[0] if self.currencies else None


def amounts_in(row: Row) -> tuple[Amount, ...]:
    """Find the sums of money, in order, none overlapping another."""
    found: list[_Found] = []
    for number in row.numbers:
        each = None if number.ordinal else _Reader(row).read(number)
        last = found[-1] if found else None
        if each is None or (last and each.first <= last.last):
            continue
        each = _with_bare_cents(row, each)
        whole = (_with_cents(row, last, each) or _ranged(row, last, each)) if last else None
        if whole:
            found[-1] = whole
        else:
            found.append(each)
    return tuple(
        Amount(
            amount=each.amount,
            currencies=each.codes,
            span=Span(row.tokens[each.first].start, row.tokens[each.last].end),
            least=each.least,
        )
        for each in found
    )


class _Found(NamedTuple):
    amount: Decimal
    least: Decimal
    codes: tuple[str, ...]
    first: int
    last: int
    minor: bool = False


@frozen
class _Reader:
    row: Row

    def read(self, number: SaidNumber) -> _Found | None:
        """The sum that a number is, with what names the money before or behind it."""
        number = self._pointed(number)
        row, first, last = self.row, number.first, number.last
        token, minor = row.tokens[first], False
        codes: tuple[str, ...] | None = None
        behind, end = self._behind(number)
        if token.kind == "money":
            signs = self._list("signs")
            sign = next((mark for mark in token.text if mark in signs), "")
            codes, first = self._signed(sign, first)
            if behind and not self._is_minor(end):
                codes, last = behind, end
            elif not behind:
                codes, last = self._told_apart(codes, last)
        elif number.head:
            code = number.head.upper()
            named = tuple(self._list("names").get(number.head, "").split())
            codes = (code,) if code in CURRENCIES else named or None
        elif behind:
            codes, last, minor = behind, end, self._is_minor(end)
        elif before := self._before(first):
            codes, first = before
        elif alone := [
            row.word(at) for at in range(first, last + 1) if row.word(at) in self._alone
        ]:
            codes = tuple(self._alone[alone[-1]].split())
        if codes is None:
            return None
        return self._summed(number, codes, first, last, minor=minor)

    def _pointed(self, number: SaidNumber) -> SaidNumber:
        """A number with the point before it that has no nought: ".99"."""
        row, at = self.row, number.first - 1
        if row.word(at) != "." or row.gap(at + 1) or not number.digits.isdecimal():
            return number
        if at > 0 and not row.gap(at) and row.word(at - 1) not in self._list("signs"):
            return number
        digits = f"0.{number.digits}"
        return number._replace(value=Decimal(digits), digits=digits, first=at)

    def _list(self, section: str) -> Mapping[str, str]:
        return self.row.words.section("currencies", section)

    @property
    def _alone(self) -> Mapping[str, str]:
        return self.row.words.section("numbers", "money alone")

    def _is_minor(self, index: int) -> bool:
        number = self.row.ending.get(index)
        name = number.tail if number and number.tail else self.row.word(index)
        return name in self._list("minor")

    def _code(self, index: int, *, behind: bool = False) -> str:
        """The ISO code that a token is, if it is one."""
        token = self.row.tokens[index]
        code = token.text.upper()
        if len(code) != _THREE or code not in CURRENCIES:
            return ""
        word = token.text in self._list("words")
        return "" if word and not (behind and token.shouted) else code

    def _behind(self, number: SaidNumber) -> tuple[tuple[str, ...], int]:
        """The codes that stand behind a number, and the last token of their name."""
        row, end = self.row, number.last
        names = row.words.money_names
        if number.tail in names:
            return tuple(names[number.tail].split()), end
        if number.tail.upper() in CURRENCIES:
            return (number.tail.upper(),), end
        at = end + 1
        if at >= len(row.tokens) or (number.tail and number.tail not in row.words.scales):
            return (), end
        at = self._past_dash(at)
        return self._named(at) or ((), end) if at < len(row.tokens) else ((), end)

    def _named(self, at: int) -> tuple[tuple[str, ...], int] | None:
        """The codes of the sign, name or code that stands at a place, and its last token."""
        row, names = self.row, self.row.words.money_names
        if sign := self._list("signs").get(row.word(at)):
            return tuple(sign.split()), at
        word = row.word(at)
        for last in (at, at + 1):  # Swiss francs, Hong Kong dollars
            whose = self._list("whose").get(" ".join(map(row.word, range(at, last + 1))))
            if whose and row.word(last + 1) in names:
                return (whose,), last + 1
        if len(word) > 1 and word in names:
            return self._told_apart(tuple(names[word].split()), at)
        code = self._code(at, behind=True)
        return ((code,), at) if code else None

    def _past_dash(self, at: int) -> int:
        """Behind the dash that stands for no cents: "50,- €"."""
        row = self.row
        dashed = row.word(at) in {",", "."} and row.word(at + 1) in _HYPHENS
        return at + 2 if dashed and not (row.gap(at) or row.gap(at + 1)) else at

    def _told_apart(self, codes: tuple[str, ...], at: int) -> tuple[tuple[str, ...], int]:
        """The codes of a name, with what stands behind it: "dollars Australian"."""
        bracket = self.row.word(at + 1) == "("
        after = at + 1 + bracket
        if after >= len(self.row.tokens):
            return codes, at
        token = self.row.tokens[after]
        whose = self._list("whose").get(token.text) or self._code(after, behind=True)
        plain = len(token.text) > _THREE or token.shouted  # "fifty dollars us two paid"
        if not (plain and whose in codes):
            return codes, at
        return (whose,), after + (bracket and self.row.word(after + 1) == ")")

    def _signed(self, sign: str, at: int) -> tuple[tuple[str, ...], int]:
        """The codes of a sign, with letters or a code before it, and where they begin."""
        dollars = self._list("dollars")
        head = self.row.raw(at - 1).lower() if at and not self.row.gap(at) else ""
        if sign == "$" and head in dollars:
            return (dollars[head],), at - 1
        if at and (code := self._code(at - 1)):
            return (code,), at - 1
        return tuple(self._list("signs").get(sign, "").split()), at

    def _before(self, first: int) -> tuple[tuple[str, ...], int] | None:
        """The codes that stand before a number, and where they begin."""
        at = first - 1
        if self.row.word(at) in _MINUS and not self.row.gap(first):  # "$-50"
            at -= 1
            if self.row.word(at) in self._list("signs"):
                return self._signed(self.row.word(at), at)
        if self.row.word(at) == "." and self.row.word(at - 1) in self._list("before"):
            at -= 1
        if at < 0:
            return None
        if not self.row.gap(at + 1) and self.row.word(at) in self._list("signs"):
            return self._signed(self.row.word(at), at)
        if self.row.word(at) in self._list("before"):
            return tuple(self._list("names")[self.row.word(at)].split()), at
        code = self._code(at)
        return ((code,), at) if code else None

    def _summed(
        self, number: SaidNumber, codes: tuple[str, ...], first: int, last: int, *, minor: bool
    ) -> _Found | None:
        row = self.row
        places = CURRENCIES.get(codes[0], 2) if codes else 2
        digits, scale = number.digits, number.scale
        if number.tail in row.words.scales:
            scale = row.words.scales[number.tail]
        elif last == number.last and codes and row.word(last + 1) in row.words.scales:
            scale, last = scale * row.words.scales[row.word(last + 1)], last + 1  # EUR 2 k
        scale, last = self._own_scale(codes, scale, last)
        group = digits
        while _groups(group) and (left := self._group_before(first)):
            digits, first, group = left.digits + digits, left.first, left.digits
        if last == number.last and row.tokens[number.first].kind == "money" and scale == 1:
            while digits and (right := self._group_behind(last, codes)):
                digits, last = digits + right.digits, right.last
        value = decimal_of(digits, money=True, places=places) if digits else number.value
        if value is None:
            return None
        amount = value * scale if digits else value
        least, first = self._least(amount, scale, first)
        if least == amount:
            least, amount, last = self._most(amount, last)
        cents = Decimal(100) if minor else Decimal(1)
        return _Found(amount / cents, least / cents, codes, first, last, minor)

    def _own_scale(self, codes: tuple[str, ...], scale: Decimal, last: int) -> tuple[Decimal, int]:
        """The scale with the one that only this money has: "₹2.5L", "₹3 Cr"."""
        own = self._list(f"scales of {codes[0] if codes else ''}")
        factor = own.get(self.row.word(last + 1))
        return (scale * Decimal(factor), last + 1) if factor else (scale, last)

    def _group_before(self, first: int) -> SaidNumber | None:
        """Digits that belong to the ones from here on, as the "1" of "1 250 €"."""
        left = self.row.ending.get(first - 1)
        plain = left is not None and left.digits.isdecimal() and left.first == left.last
        spaced = first > 0 and self.row.gap(first) in _SPACES
        if left is None or not (plain and spaced) or left.tail or left.digits == "0":
            return None
        return left if len(left.digits) <= _THREE else None

    def _group_behind(self, last: int, codes: tuple[str, ...]) -> SaidNumber | None:
        """The "250" of "€ 1 250"; those who write dollars and pounds group by commas."""
        right = self.row.starting.get(last + 1)
        if right is None or right.tail or not _groups(right.digits) or right.first != right.last:
            return None
        space = self.row.gap(last + 1)
        commas = bool(codes) and codes[0] in {"USD", "GBP"} and space == " "
        return right if space in _SPACES and not commas else None

    def _least(self, amount: Decimal, scale: Decimal, first: int) -> tuple[Decimal, int]:
        """The lower end of a range that ends here, and where it begins."""
        row = self.row
        mark, hyphen = row.word(first - 1), row.hyphen(first)
        both = mark in row.words.joiners
        if not (hyphen or both or mark in row.words.ranges):
            return amount, first
        left = row.ending.get(first - 1 if hyphen else first - 2)
        if left is None or left.ordinal or row.tokens[left.first].kind == "money":
            return amount, first
        if both and row.word(left.first - 1) not in row.words.section("numbers", "between"):
            return amount, first
        low = left.value * row.words.scales.get(left.tail, Decimal(1))
        if low < amount / scale and left.scale == 1:
            low *= scale
        return (low, left.first) if low < amount else (amount, first)

    def _most(self, amount: Decimal, last: int) -> tuple[Decimal, Decimal, int]:
        """Both ends of "£50-60", and where it ends."""
        row, at = self.row, last + 1
        hyphen = at < len(row.tokens) and row.gap(at) in _HYPHENS
        right = row.starting.get(at if hyphen else at + 1)
        if right is None or not (hyphen or row.word(at) in _HYPHENS):
            return amount, amount, last
        scale = row.words.scales.get(right.tail, Decimal(1))
        digits = decimal_of(right.digits, money=True) if right.digits else None
        high = (right.value if digits is None else digits) * scale
        if right.ordinal or row.tokens[right.first].kind == "money" or high <= amount:
            return amount, amount, last
        return amount * scale if amount < scale else amount, high, right.last


def _groups(digits: str) -> bool:
    """Whether digits are what follows a space between thousands."""
    whole = digits[:_THREE].isdecimal() and len(digits) >= _THREE
    return whole and not digits[_THREE : _THREE + 1].isdecimal()


def _with_cents(row: Row, sum_: _Found, more: _Found) -> _Found | None:
    """The sum with the cents that follow it: "2 euros and 50 cents"."""
    between = more.first - sum_.last - 1
    joined = between == 0 or (between == 1 and row.word(sum_.last + 1) in row.words.joiners)
    if sum_.minor or not more.minor or not joined or not set(sum_.codes) & set(more.codes):
        return None
    return sum_._replace(
        amount=sum_.amount + more.amount, least=sum_.least + more.least, last=more.last
    )


def _with_bare_cents(row: Row, sum_: _Found) -> _Found:
    """The sum with cents that are not named: "two pounds fifty", "12€50"."""
    more = row.starting.get(sum_.last + 1)
    if more is None or more.ordinal or more.tail or sum_.minor or _is_broken(sum_.amount):
        return sum_
    behind = row.tokens[more.last + 1].kind if more.last + 1 < len(row.tokens) else "punct"
    named = row.word(sum_.last) in row.words.money_names and behind == "punct"
    glued = row.tokens[sum_.last].kind == "money" and not row.gap(more.first)
    spoken = 0 < more.value < 100 and more.value % 1 == 0 and len(more.digits) in {0, 2}
    if not (spoken and (named or (glued and more.digits))):
        return sum_
    cents = more.value / 100
    return sum_._replace(amount=sum_.amount + cents, least=sum_.least + cents, last=more.last)


def _is_broken(amount: Decimal) -> bool:
    return amount != amount.to_integral_value()


def _ranged(row: Row, low: _Found, high: _Found) -> _Found | None:
    """Two sums of one money as a range: "$50-$60", "between £20 and £30"."""
    between = [row.word(at) for at in range(low.last + 1, high.first)]
    glued = between in ([], *([mark] for mark in _HYPHENS)) and row.tokens[low.last].end + 1 == (
        row.tokens[high.first].start
    )
    hyphen = glued and row.text[row.tokens[low.last].end] in _HYPHENS
    led = row.word(low.first - 1) in row.words.section("numbers", "between")
    both = led and len(between) == 1 and between[0] in {*row.words.ranges, *row.words.joiners}
    fits = low.codes == high.codes and low.least < high.amount and not (low.minor or high.minor)
    if not fits or not (hyphen or both):
        return None
    return high._replace(least=low.least, first=low.first)
