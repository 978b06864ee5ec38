"""Amounts of money: exact decimals with an ISO 4217 code, and rounding that is always stated.

The codes and their minor units are those of ISO 4217's list one as published on 2026-01-01
(SIX Financial Information). That list gives the special drawing right, XDR, no minor unit;
its two places here are ours.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import total_ordering
from types import MappingProxyType
from typing import Never, TypeAlias

from attrs import field, frozen

from deescalate._public import publish
from deescalate.errors import MoneyError, SettingError, nearest_name

__all__ = [
    "CURRENCIES",
    "Exact",
    "Money",
    "Rounding",
    "decimal_of",
    "exact",
    "minor_units",
    "round_to",
    "total",
]

Exact: TypeAlias = Decimal | int | Fraction

_TWO_PLACES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB "
    "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG XDR YER ZAR "
    "ZMW ZWG"
)
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_PLACES = "CLF UYW"

CURRENCIES: Mapping[str, int] = MappingProxyType(
    {
        code: places
        for codes, places in (
            (_TWO_PLACES, 2),
            (_NO_PLACES, 0),
            (_THREE_PLACES, 3),
            (_FOUR_PLACES, 4),
        )
        for code in codes.split()
    }
)
"""Every currency with the decimal places of its minor unit."""

_LARGEST = 10**15
_FINEST = 12
# A number as people write it: never ``1_000``, which is a program's, nor ``nan``.
_WRITTEN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
# Within those bounds every sum of two amounts fits 40 digits, so an inexact one is a defect.
_SUMS = Context(prec=40, traps=[Inexact, InvalidOperation])
_AMOUNT = (
    f"is not an amount: expected a Decimal or a whole number, below 10^15, "
    f"of at most {_FINEST} decimal places"
)


class Rounding(StrEnum):
    """How a number is brought to a place.

    ``up`` goes away from zero and ``down`` towards it; the halves decide only exact ties.

    >>> [str(round_to(Fraction(5, 2), mode, 1)) for mode in Rounding]
    ['3', '2', '3', '2']
    """

    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def exact(value: object) -> Fraction:
    """Read a number without loss.

    Args:
        value: A finite Decimal, an int or a Fraction.

    Returns:
        The same number as a fraction.

    Raises:
        MoneyError: A float, a bool, a text, NaN, an infinity, or an exponent that is out of reach.

    >>> exact(Decimal("0.1"))
    Fraction(1, 10)
    >>> exact(0.1)
    Traceback (most recent call last):
    deescalate.errors.MoneyError: `0.1` is a float, which is not exact: give `Decimal("0.1")`
    """
    if isinstance(value, Fraction):
        return value
    if type(value) is int:
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= 100:
        return Fraction(value)
    if isinstance(value, float):
        raise MoneyError(value, f'is a float, which is not exact: give `Decimal("{value!r}")`')
    raise MoneyError(value, "is not an exact number: expected a finite Decimal, int or Fraction")


def decimal_of(value: Exact) -> Decimal:
    """Write a fraction as a decimal, exactly.

    Args:
        value: A number whose decimal expansion ends.

    Raises:
        MoneyError: The expansion never ends, such as a third: round it first.

    >>> decimal_of(Fraction(209, 100))
    Decimal('2.09')
    """
    number = exact(value)
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise MoneyError(value, "has no exact decimal form: round it first")
    places = max(twos, fives)
    return _shifted(number.numerator * (10**places // number.denominator), places)


def _shifted(digits: int, places: int) -> Decimal:
    sign = 1 if digits < 0 else 0
    return Decimal((sign, tuple(int(digit) for digit in str(abs(digits))), -places))


def round_to(value: Exact, mode: Rounding | str, to: Exact) -> Fraction:
    """Bring a number to a multiple of a place.

    Args:
        value: What is rounded.
        mode: One of `Rounding`.
        to: The place, above 0: ``Decimal("0.01")`` for cents, ``Decimal("0.05")`` for the
            nearest five cents, ``25`` for the nearest twenty-five.

    Raises:
        SettingError: An unknown mode, or a place that is not above 0.
        MoneyError: A number that is not exact.

    >>> round_to(Decimal("4.01"), "up", Decimal("0.05")) == Decimal("4.05")
    True
    >>> round_to(1062, "half_up", 25)
    Fraction(1050, 1)
    """
    place = exact(to)
    if place <= 0:
        raise SettingError("to", to, "a place above 0, such as `0.01`")
    ratio = exact(value) / place
    whole, rest = divmod(abs(ratio.numerator), ratio.denominator)
    if rest and _goes_up(mode, 2 * rest, ratio.denominator, odd=whole % 2 == 1):
        whole += 1
    return place * (-whole if ratio < 0 else whole)


def _goes_up(mode: Rounding | str, doubled: int, unit: int, *, odd: bool) -> bool:
    if mode == Rounding.UP:
        return True
    if mode == Rounding.DOWN:
        return False
    if mode == Rounding.HALF_UP:
        return doubled >= unit
    if mode == Rounding.HALF_EVEN:
        return doubled > unit or (doubled == unit and odd)
    raise SettingError("mode", mode, "one of " + ", ".join(Rounding))


def minor_units(currency: str) -> int:
    """The decimal places of a currency's minor unit.

    Args:
        currency: An ISO 4217 code in capitals.

    Raises:
        MoneyError: An unknown code.

    >>> minor_units("EUR"), minor_units("JPY"), minor_units("KWD")
    (2, 0, 3)
    """
    return CURRENCIES[_currency(currency)]


def _minor(currency: str) -> Fraction:
    return Fraction(1, 10 ** minor_units(currency))


def _currency(code: object) -> str:
    if isinstance(code, str) and code in CURRENCIES:
        return code
    near = nearest_name(code, CURRENCIES)
    hint = f"; did you mean `{near}`?" if near else ""
    raise MoneyError(code, f"is not an ISO 4217 code, such as `EUR`{hint}")


def _amount(value: object) -> Decimal:
    number = Decimal(value) if type(value) is int else value
    if isinstance(value, float):
        exact(value)
    if isinstance(value, str):
        number = _read(value)
    if not isinstance(number, Decimal) or not number.is_finite():
        raise MoneyError(value, _AMOUNT)
    exponent = number.as_tuple().exponent
    if number.adjusted() >= len(str(_LARGEST)) or not isinstance(exponent, int):
        raise MoneyError(value, _AMOUNT)
    if abs(number) >= _LARGEST or exponent < -_FINEST:
        raise MoneyError(value, _AMOUNT)
    return number or Decimal(0)  # there is one nothing, and it has no sign


def _read(text: str) -> Decimal:
    plain = text.strip()
    if len(plain) > 40 or not _WRITTEN.fullmatch(plain):
        raise MoneyError(text, _AMOUNT)
    return Decimal(plain)


@total_ordering
@frozen(order=False)
class Money:
    """An exact amount in one currency.

    Attributes:
        amount: In major units, below 10^15 either way, of at most 12 decimal places. A whole
            number or a text such as ``"12.99"`` is read exactly; a float is refused.
        currency: An ISO 4217 code in capitals.

    Raises:
        MoneyError: An amount or a currency that cannot be used, two currencies in one sum, or a
            plain number in one.

    >>> Money("12.99", "EUR") + Money(1, "EUR")
    Money(amount=Decimal('13.99'), currency='EUR')
    >>> Money(5, "EUR") < Money(5, "USD")
    Traceback (most recent call last):
    deescalate.errors.MoneyError: `USD` does not mix with `EUR`: exchange it first
    >>> print(Money(1500, "JPY"))
    JPY 1500
    """

    amount: Decimal = field(converter=_amount)
    currency: str = field(converter=_currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency.

        >>> bool(Money.zero("EUR"))
        False
        """
        return cls(Decimal(0), currency)

    def same(self, other: "Money") -> "Money":
        """The other amount, once it is known to be in the same currency.

        Raises:
            MoneyError: It is in another currency, or no money.

        >>> Money(1, "EUR").same(Money(2, "EUR")).amount
        Decimal('2')
        """
        if not isinstance(other, Money):  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
            raise self._alien(other)
        if other.currency != self.currency:
            raise MoneyError(
                other.currency, f"does not mix with `{self.currency}`: exchange it first"
            )
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(_SUMS.add(self.amount, self.same(other).amount), self.currency)

    def __radd__(self, other: Never) -> Never:
        raise self._alien(other)  # the 0 with which `sum` begins, for one

    def __sub__(self, other: "Money") -> "Money":
        return Money(_SUMS.subtract(self.amount, self.same(other).amount), self.currency)

    def __rsub__(self, other: Never) -> Never:
        raise self._alien(other)

    def _alien(self, other: object) -> MoneyError:
        give = f'give `Money("1", "{self.currency}")`, or add many up with `total`'
        return MoneyError(other, f"is no money and does not mix with it: {give}")

    def __neg__(self) -> "Money":
        return Money.zero(self.currency) - self

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self.same(other).amount

    def times(
        self, factor: Exact, *, mode: Rounding | str = Rounding.HALF_UP, to: Exact | None = None
    ) -> "Money":
        """Multiply, and round once, as stated.

        Args:
            factor: An exact number, such as ``Decimal("0.25")``.
            mode: How to round.
            to: Which place to round to; the currency's minor unit where left out.

        Raises:
            MoneyError: A factor that is not exact.
            SettingError: An unknown mode, or a place that is not above 0.

        >>> print(Money("8.34", "GBP").times(Decimal("0.25")))
        GBP 2.09
        """
        product = exact(self.amount) * exact(factor)
        place = _minor(self.currency) if to is None else exact(to)
        return Money(decimal_of(round_to(product, mode, place)), self.currency)

    def rounded(
        self, mode: Rounding | str = Rounding.HALF_UP, *, to: Exact | None = None
    ) -> "Money":
        """Round to a place, the currency's minor unit where none is given.

        Args:
            mode: How to round.
            to: Which place to round to, above 0.

        Raises:
            SettingError: An unknown mode, or a place that is not above 0.

        >>> print(Money("12.345", "EUR").rounded("down"), Money("12.345", "EUR").rounded())
        EUR 12.34 EUR 12.35
        """
        return self.times(1, mode=mode, to=to)

    @property
    def is_payable(self) -> bool:
        """Whether it is a whole number of minor units.

        >>> Money("0.5", "JPY").is_payable
        False
        """
        return round_to(self.amount, Rounding.DOWN, _minor(self.currency)) == exact(self.amount)

    def share(self, weights: Iterable[int]) -> tuple["Money", ...]:
        """Share an amount out in proportion, to the last minor unit.

        What cannot be shared evenly goes to the shares with the largest remainders, the first
        of equals first.

        Args:
            weights: Whole numbers, 0 or more, not all 0.

        Returns:
            One amount a weight; they add up to the amount exactly.

        Raises:
            SettingError: Weights that are negative, not whole, or all 0.
            MoneyError: The amount is not a whole number of minor units.

        >>> [str(part) for part in Money(10, "EUR").share([1, 1, 1])]
        ['EUR 3.34', 'EUR 3.33', 'EUR 3.33']
        """
        parts = list(weights)
        if not all(type(each) is int and each >= 0 for each in parts) or not sum(parts):
            raise SettingError("weights", parts, "whole numbers, 0 or more, not all 0")
        if not self.is_payable:
            raise MoneyError(
                self.amount, f"is not a whole number of minor units of {self.currency}"
            )
        places = minor_units(self.currency)
        units = int(exact(self.amount) * 10**places)
        sign = -1 if units < 0 else 1
        shares = [divmod(abs(units) * each, sum(parts)) for each in parts]
        left = abs(units) - sum(whole for whole, _ in shares)
        first = sorted(range(len(parts)), key=lambda at: (-shares[at][1], at))[:left]
        return tuple(
            Money(_shifted(sign * (whole + (at in first)), places), self.currency)
            for at, (whole, _) in enumerate(shares)
        )

    def __str__(self) -> str:
        places = minor_units(self.currency)
        amount = self.amount
        with localcontext(_SUMS):
            if self.is_payable:
                amount = amount.quantize(Decimal(1).scaleb(-places))
        return f"{self.currency} {amount:f}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts up, exactly and in any order.

    Args:
        amounts: Any number of them, all in one currency.
        currency: Which; it also says what nothing at all adds up to.

    Raises:
        MoneyError: An amount in another currency.

    >>> print(total([Money("0.1", "EUR")] * 3, "EUR"))
    EUR 0.30
    """
    return sum(amounts, start=Money.zero(currency))


publish(__name__, __all__, globals())
