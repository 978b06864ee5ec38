"""Reading amounts, quantities and names exactly, with one clear error for each wrong one."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any, cast

from attrs import Attribute, frozen

from deescalate.documents import exact, part
from deescalate.errors import MoneyError, SettingError, nearest_name
from deescalate.money import Money, minor_units

__all__ = ["Between", "as_decimal", "currency_code", "payable", "within", "word", "yes_or_no"]

_FINEST = 12


def as_decimal(value: Decimal | int) -> Decimal:
    """Let a whole number stand for its Decimal; pass anything else on to be judged.

    >>> as_decimal(3)
    Decimal('3')
    """
    return Decimal(value) if type(value) is int else cast("Decimal", value)


@frozen
class Between:
    """What an exact quantity may be, as a validator and as a part of a document.

    ``None`` passes where it is the default.

    Attributes:
        low: The least it may be.
        high: The most it may be.
        unit: What it counts, for the message.

    >>> from attrs import field, frozen
    >>> HOURS = Between(0, 100, "hours")
    >>> @frozen
    ... class Wait:
    ...     hours: Decimal = field(converter=as_decimal, validator=HOURS, metadata=HOURS.part)
    >>> Wait(1.5)
    Traceback (most recent call last):
    deescalate.errors.SettingError: `hours` is `1.5`: expected a Decimal or whole number of hours \
from 0 to 100
    """

    low: int | Decimal
    high: int | Decimal
    unit: str = ""

    def __call__(self, _instance: object, attribute: "Attribute[Any]", value: object) -> None:
        if value is not None or attribute.default is not None:
            within(attribute.name, value, self.low, self.high, self.unit)

    @property
    def part(self) -> dict[str, object]:
        """The metadata of an attrs field that it bounds."""
        judge = partial(within, low=self.low, high=self.high, unit=self.unit)
        return part(exact(judge, minimum=float(self.low), maximum=float(self.high)))


def within(
    name: str, value: object, low: int | Decimal, high: int | Decimal, unit: str = ""
) -> None:
    """Judge one exact quantity.

    Raises:
        SettingError: It is no Decimal, out of range, or of more than 12 places.

    >>> within("share", Decimal("0.5"), 0, 1)
    """
    kind = f"a Decimal or whole number{' of ' if unit else ''}{unit} from {low} to {high}"
    if not isinstance(value, Decimal) or not value.is_finite() or not low <= value <= high:
        raise SettingError(name, value, kind)
    if cast("int", value.as_tuple().exponent) < -_FINEST:
        raise SettingError(name, value, f"{kind}, of at most {_FINEST} places")


def yes_or_no(_instance: object, attribute: "Attribute[bool]", value: object) -> None:
    """Validate a flag: yes or no, and nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise SettingError(attribute.name, value, "True or False")


def payable(value: Money) -> Money:
    """Pass money of 0 or more, in whole minor units; refuse anything else.

    Raises:
        MoneyError: No money, a negative amount, or a fraction of a minor unit.

    >>> payable(Money("0.50", "EUR")).currency
    'EUR'
    """
    if not isinstance(value, Money):  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
        raise MoneyError(value, 'is not money: give `Money("12.99", "EUR")`')
    if value.amount < 0:
        raise MoneyError(value.amount, "is negative: expected an amount of 0 or more")
    if not value.is_payable:
        places = minor_units(value.currency)
        raise MoneyError(value.amount, f"has more places than the {places} of {value.currency}")
    return value


def currency_code(value: str) -> str:
    """Pass an ISO 4217 code; refuse anything else.

    Raises:
        MoneyError: An unknown code.

    >>> currency_code("EUR")
    'EUR'
    """
    minor_units(value)
    return value


def word(name: str, words: Iterable[str], value: object) -> str:
    """Read one of some words.

    Raises:
        SettingError: It is none of them.

    >>> from deescalate.money import Rounding
    >>> word("mode", Rounding, "up") == Rounding.UP
    True
    """
    known = list(words)
    for each in known:
        if value == each:
            return each
    near = nearest_name(value, known)
    hint = f"; did you mean `{near}`?" if near else ""
    raise SettingError(name, value, f"one of {', '.join(known)}{hint}")
