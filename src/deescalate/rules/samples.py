"""Plain numbers to stand for an interval, so that a proof's witness can be read and decided."""

import math
from decimal import Decimal, localcontext

from deescalate.rules.sets import Bound, Real

__all__ = ["sample_between", "sample_near"]

DIGITS = 1000
"""Digits carried when two bounds are halved: more than any two accepted numbers need."""


def sample_between(start: Bound, end: Bound) -> Real:
    """Pick the plainest number between two bounds.

    Args:
        start: Where the interval begins; it lies before ``end``.
        end: Where it ends.

    Returns:
        An end of the interval where it holds one, else a round number within.

    >>> sample_between(Bound(30, after=True), Bound(45))
    31
    >>> sample_between(Bound(0.7, after=True), Bound(0.9))
    0.8
    """
    if not start.finite:
        return _below(end)
    if not start.after:
        return start.value
    if end.after and end.finite:
        return end.value
    step = math.floor(start.value) + 1
    if Bound(step) < end:
        return step
    return _halfway(start.value, end.value)


def sample_near(start: Bound, end: Bound, value: Real) -> Real:
    """Pick a number between two bounds, on the side of a value outside.

    Args:
        start: Where the interval begins; it lies before ``end``.
        end: Where it ends.
        value: A number outside.

    >>> sample_near(Bound(0), Bound(10), 20), sample_near(Bound(30, after=True), Bound(45), 20)
    (9, 31)
    """
    if Bound(value) < start or not end.finite:
        open_end = Bound(end.value)
        return sample_between(start, open_end if start < open_end else end)
    if end.after:
        return end.value
    step = math.ceil(end.value) - 1
    return step if start <= Bound(step) else sample_between(start, end)


def _below(end: Bound) -> Real:
    if not end.finite:
        return 0
    if end.after:
        return end.value
    return math.ceil(end.value) - 1


def _halfway(low: Real, high: Real) -> Real:
    with localcontext() as context:
        context.prec = DIGITS
        low, high = Decimal(low), Decimal(high)
        middle = (low + high) / 2
        digits = max(0, -(high - low).adjusted())
        rounded = round(middle, digits)
        chosen = rounded if low < rounded < high else middle
        near = float(chosen)
        return near if low < Decimal(near) < high else chosen
