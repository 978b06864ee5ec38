"""Ranges of exact numbers: what an amount can still be while some facts are missing."""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

__all__ = ["ANYTHING", "End", "Span", "add", "divide", "hull", "is_huge", "multiply", "subtract"]

End: TypeAlias = Fraction | float
"""An exact number, or an infinity as a float. No other float is ever an end."""


@frozen
class Span:
    """Every number from ``low`` to ``high``, both included.

    Attributes:
        low: The least, or minus infinity.
        high: The most, or infinity.

    >>> Span(Fraction(1), Fraction(1)).is_point
    True
    """

    low: End
    high: End

    @classmethod
    def point(cls, value: Fraction) -> "Span":
        """One number.

        >>> Span.point(Fraction(2)).high
        Fraction(2, 1)
        """
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether it holds a single number."""
        return self.low == self.high

    def through(self, rising: Callable[[End], End]) -> "Span":
        """Its image under a function that never falls.

        >>> Span(Fraction(1), math.inf).through(lambda end: min(end, Fraction(5)))
        Span(low=Fraction(1, 1), high=Fraction(5, 1))
        """
        return Span(rising(self.low), rising(self.high))


_HUGE = 10**300
ANYTHING = Span(-math.inf, math.inf)


def hull(spans: Iterable[Span]) -> Span:
    """The least span around some others, of which there must be one.

    >>> hull([Span.point(Fraction(1)), Span.point(Fraction(3))]).high
    Fraction(3, 1)
    """
    every = list(spans)
    return Span(min(each.low for each in every), max(each.high for each in every))


def is_huge(end: End) -> bool:
    """Whether a number has more than 300 digits (ours) in either half, as no amount ever needs.

    >>> is_huge(Fraction(10) ** 400), is_huge(math.inf)
    (True, False)
    """
    if isinstance(end, float):
        return False
    return max(abs(end.numerator), end.denominator) >= _HUGE


def add(left: Span, right: Span) -> Span:
    """Every sum of a number of each.

    >>> add(Span.point(Fraction(1)), ANYTHING) == ANYTHING
    True
    """
    return Span(_sum(left.low, right.low), _sum(left.high, right.high))


def subtract(left: Span, right: Span) -> Span:
    """Every difference of a number of each.

    >>> subtract(Span.point(Fraction(5)), Span(Fraction(1), math.inf))
    Span(low=-inf, high=Fraction(4, 1))
    """
    return add(left, Span(-right.high, -right.low))


def multiply(left: Span, right: Span) -> Span:
    """Every product of a number of each.

    >>> multiply(Span(Fraction(0), math.inf), Span.point(Fraction(2))).low
    Fraction(0, 1)
    """
    corners = [_product(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Span(min(corners), max(corners))


def divide(left: Span, right: Span) -> Span:
    """Every quotient; anything at all where the divisor could be 0.

    >>> divide(Span.point(Fraction(1)), Span(Fraction(2), math.inf))
    Span(low=Fraction(0, 1), high=Fraction(1, 2))
    """
    if right.low <= 0 <= right.high:
        return ANYTHING
    return multiply(left, Span(_inverse(right.high), _inverse(right.low)))


def _sum(left: End, right: End) -> End:
    if isinstance(left, float):
        return left
    return right if isinstance(right, float) else left + right


def _product(left: End, right: End) -> End:
    if not left or not right:
        return Fraction(0)
    if isinstance(left, float) or isinstance(right, float):
        return math.inf if (left > 0) == (right > 0) else -math.inf
    return left * right


def _inverse(end: End) -> End:
    return Fraction(0) if isinstance(end, float) else 1 / end
