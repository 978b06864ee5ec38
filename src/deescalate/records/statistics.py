"""The few statistics that records need, exact or with a stated approximation."""

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, variance

from attrs import frozen

from deescalate.errors import SettingError

__all__ = ["ChangePoint", "Difference", "Rate", "change_point", "difference", "rate"]


@frozen(kw_only=True)
class Rate:
    """A share with the interval that it is known to.

    Attributes:
        hits: How many.
        of: Of how many.
        low: Lower end of the interval, 0 to 1.
        high: Upper end.

    >>> rate(3, 4).value
    0.75
    """

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; ``None`` of nothing."""
        return self.hits / self.of if self.of else None

    def __str__(self) -> str:
        if not self.of:
            return "no cases"
        return f"{self.hits} of {self.of} ({self.low:.0%} to {self.high:.0%})"


def rate(hits: int, of: int, *, level: float = 0.9) -> Rate:
    """A share with its Wilson score interval (Wilson 1927), which is sane at 0 and at 1.

    Args:
        hits: How many, 0 to ``of``.
        of: Of how many, 0 or more.
        level: How sure the interval is to be, above 0 and below 1.

    Raises:
        SettingError: More hits than cases, or a level out of range.

    >>> found = rate(0, 10)
    >>> found.low, round(found.high, 2)
    (0.0, 0.21)
    """
    if not 0 <= hits <= of:
        raise SettingError("hits", hits, f"0 to {of}")
    if not of:
        return Rate(hits=0, of=0, low=0.0, high=1.0)
    z = _reach(level)
    share = hits / of
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if hits == 0 else (middle - reach) / scale
    high = 1.0 if hits == of else (middle + reach) / scale
    return Rate(hits=hits, of=of, low=low, high=high)


def _reach(level: float) -> float:
    if not 0 < level < 1:
        raise SettingError("level", level, "above 0 and below 1")
    return NormalDist().inv_cdf((1 + level) / 2)


@frozen(kw_only=True)
class Difference:
    """A difference of two means with its interval.

    Attributes:
        value: Mean of the first less mean of the second.
        low: Lower end of the interval.
        high: Upper end.
        first: How many values the first has.
        second: How many values the second has.

    >>> difference([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]).value
    0.0
    """

    value: float
    low: float
    high: float
    first: int
    second: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def difference(
    first: Sequence[float], second: Sequence[float], *, level: float = 0.9
) -> Difference | None:
    """The difference of two means, with Welch's standard error and a normal interval.

    Args:
        first: Values, at least two.
        second: Values to compare with, at least two.
        level: How sure the interval is to be, above 0 and below 1.

    Returns:
        The difference, or ``None`` where either has fewer than two values.

    >>> difference([1.0], [2.0, 3.0]) is None
    True
    """
    z = _reach(level)
    if len(first) < 2 or len(second) < 2:
        return None
    value = fmean(first) - fmean(second)
    error = math.sqrt(variance(first) / len(first) + variance(second) / len(second))
    return Difference(
        value=value,
        low=value - z * error,
        high=value + z * error,
        first=len(first),
        second=len(second),
    )


@frozen(kw_only=True)
class ChangePoint:
    """Where a series changed its level, if it did.

    Attributes:
        index: The first place of the new level.
        before: Mean before.
        after: Mean from there on.
        p: How often chance alone would show as clear a change, 0 to 1.

    >>> change_point([0.0] * 10 + [1.0] * 10).index
    10
    """

    index: int
    before: float
    after: float
    p: float


def change_point(series: Sequence[float]) -> ChangePoint | None:
    """Find the likeliest single change of level, with Pettitt's test (Pettitt 1979).

    The test is on ranks, so that a few wild values do not matter. Its p-value is the usual
    approximation ``2 exp(-6 K^2 / (n^3 + n^2))``, good for p below one half.

    Args:
        series: Values in the order of time.

    Returns:
        The change with its p-value, or ``None`` for a series of fewer than four values.

    >>> change_point([1.0, 1.0]) is None
    True
    """
    n = len(series)
    if n < 4:
        return None
    ranks = _ranks(series)
    best, index, running = 0.0, 1, 0.0
    for place in range(1, n):
        running += ranks[place - 1]
        statistic = abs(2 * running - place * (n + 1))
        if statistic > best:
            best, index = statistic, place
    return ChangePoint(
        index=index,
        before=fmean(series[:index]),
        after=fmean(series[index:]),
        p=min(1.0, 2 * math.exp(-6 * best * best / (n**3 + n**2))),
    )


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; ties share their mean."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks
