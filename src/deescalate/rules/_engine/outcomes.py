"""Outcomes: a scalar or a mapping of scalars, and what makes two of them the same."""

import math
import numbers
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, cast

from deescalate.documents import FrozenMapping
from deescalate.errors import TableError, quoted
from deescalate.rules._engine.plain import (
    EXACT,
    MOST_DIGITS,
    Real,
    check_text,
    exactly,
    is_huge,
    is_mapping,
    plain_flag,
    plain_number,
    plain_text,
)

__all__ = ["Outputs", "Scalar", "kind_of", "to_outcome", "total"]

Scalar = str | bool | int | float | Decimal

MOST_EXACT = 2**53
"""Whole numbers up to this are floats exactly."""


class Outputs(FrozenMapping[Any]):
    """A rule's several outputs by name: a mapping that never changes and can be hashed.

    >>> Outputs({"tier": "manager", "minutes": 15}) == {"minutes": 15, "tier": "manager"}
    True
    """

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.items())


def _to_scalar(place: str, value: object) -> Scalar:
    if isinstance(value, str):
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise TableError(place, f"{quoted(value)} holds half a surrogate pair")
        return plain_text(value)
    flag = plain_flag(value)
    if flag is not None:
        return flag
    number = plain_number(value)
    if number is not None and not is_huge(number):
        return number
    if isinstance(value, numbers.Number):
        reason = f"found {quoted(value)}, expected a finite number of at most {MOST_DIGITS} digits"
        raise TableError(place, reason)
    raise TableError(
        place,
        f"found {quoted(value)}, expected a text, a number, True or False, or a mapping of them",
    )


def to_outcome(place: str, value: object) -> Scalar | Outputs:
    """Pass a scalar on as a plain value, and make a mapping of scalars unchangeable.

    Args:
        place: Whose outcome it is, for the message.
        value: The outcome.

    Raises:
        TableError: It is neither.

    >>> to_outcome("rule", {"tier": "agent"})
    Outputs({'tier': 'agent'})
    """
    if not is_mapping(value):
        return _to_scalar(place, value)
    if not value:
        raise TableError(place, "its outcome is an empty mapping, expected one output or more")
    return Outputs(
        {
            check_text(place, name): _to_scalar(f"{place}.{name}", each)
            for name, each in value.items()
        }
    )


def kind_of(outcome: object) -> object:
    """What makes two outcomes the same: their value, with truth values kept apart from numbers.

    >>> kind_of(1) == kind_of(1.0), kind_of(1) == kind_of(True)
    (True, False)
    """
    if isinstance(outcome, tuple):
        return tuple(kind_of(each) for each in cast("tuple[object, ...]", outcome))
    if isinstance(outcome, Outputs):
        return frozenset((name, kind_of(value)) for name, value in outcome.items())
    return isinstance(outcome, bool), outcome


def total(outcomes: Iterable[object]) -> Real:
    """Add up numbers: exactly in integers and decimals, correctly rounded where floats are among.

    Args:
        outcomes: Numbers, without floats beside decimals.

    Returns:
        The sum; of floats, an exact decimal where it is more than a float holds.

    >>> total([1, Decimal("0.10")]), total([0.1] * 10)
    (Decimal('1.10'), 1.0)
    """
    listed: list[Any] = list(outcomes)
    kinds = set(map(type, listed))
    if float in kinds:
        try:
            exact = int not in kinds or all(abs(each) <= MOST_EXACT for each in listed)
            return math.fsum(listed) if exact else float(sum(map(Fraction, listed)))
        except OverflowError:
            return reduce(EXACT.add, map(exactly, listed))
    return reduce(EXACT.add, map(exactly, listed)) if Decimal in kinds else sum(listed)
