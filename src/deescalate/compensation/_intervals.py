"""Intervals around rates and means, without any library: exact for counts, normal for means."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean, variance

from attrs import frozen

__all__ = ["Interval", "chance_of", "difference", "rate", "z_of"]


@frozen
class Interval:
    """An estimate with its uncertainty.

    Attributes:
        estimate: The estimate.
        low: The lower end.
        high: The upper end.

    >>> Interval(0.5, 0.2, 0.8).excludes(1.0)
    True
    """

    estimate: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Whether a value lies outside."""
        return not self.low <= value <= self.high


def chance_of(count: int, expected: float) -> float:
    """The chance of so many events or more where a Poisson process expects so many.

    Args:
        count: Events, 0 or more.
        expected: Events expected, above 0.

    >>> round(chance_of(3, 1.0), 4)
    0.0803
    """
    if count == 0:
        return 1.0
    below = math.fsum(
        math.exp(each * math.log(expected) - expected - math.lgamma(each + 1))
        for each in range(count)
    )
    return min(1.0, max(0.0, 1.0 - below))


def rate(count: int, exposure: float, *, confidence: float) -> Interval:
    """The rate of a Poisson process with its exact interval (Garwood 1936).

    Args:
        count: Events seen, 0 or more.
        exposure: Over how much, above 0.
        confidence: How sure the interval is to hold the rate, between 0 and 1.

    >>> interval = rate(3, 10, confidence=0.95)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.062, 0.877)
    """
    tail = (1 - confidence) / 2
    most = 2 * count + 40.0 + 4 * NormalDist().inv_cdf(1 - tail / 2) * math.sqrt(count + 1)
    low = _root(lambda mean: chance_of(count, mean) - tail, most) if count else 0.0
    high = _root(lambda mean: tail - (1 - chance_of(count + 1, mean)), most)
    return Interval(count / exposure, low / exposure, high / exposure)


def _root(rising: Callable[[float], float], high: float) -> float:
    low = 1e-12
    for _ in range(100):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def difference(one: Sequence[float], other: Sequence[float], *, confidence: float) -> Interval:
    """The difference of two means with its interval (Welch, normal).

    Args:
        one: Two numbers or more.
        other: Two numbers or more.
        confidence: How sure the interval is to hold the difference, between 0 and 1.

    >>> difference([1.0, 1.0], [0.5, 0.5], confidence=0.95)
    Interval(estimate=0.5, low=0.5, high=0.5)
    """
    estimate = fmean(one) - fmean(other)
    error = math.sqrt(variance(one) / len(one) + variance(other) / len(other))
    wide = z_of(confidence) * error
    return Interval(estimate, estimate - wide, estimate + wide)


def z_of(confidence: float) -> float:
    """How many standard errors an interval reaches to each side.

    >>> round(z_of(0.95), 2)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + confidence / 2)
