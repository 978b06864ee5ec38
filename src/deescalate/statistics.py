"""The few statistics that many cases need, exact or with a stated approximation."""

import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from statistics import NormalDist, fmean, variance

from attrs import frozen

from deescalate._public import publish
from deescalate.errors import SettingError

__all__ = [
    "ChangePoint",
    "Contrast",
    "Estimate",
    "Rate",
    "chance_of",
    "change_point",
    "difference",
    "finite",
    "frequency",
    "paired",
    "rate",
    "reach",
    "slope",
]

_FARTHEST = 1e100
_ONE_PLACE = 1e-300
_MOST = 10**100
_MOST_EVENTS = 1_000_000


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
        SettingError: Counts that are no whole numbers, more hits than cases, or a level out of
            range.

    >>> found = rate(0, 10)
    >>> found.low, round(found.high, 2)
    (0.0, 0.21)
    """
    for name, count, most in (("of", of, _MOST), ("hits", hits, of)):
        if not isinstance(count, Integral) or not 0 <= count <= most:
            allowed = "0 or more, to 1e+100" if most is _MOST else f"0 to {most}"
            raise SettingError(name, count, f"a whole number, {allowed}")
    hits, of, z = int(hits), int(of), reach(level)
    if not of:
        return Rate(hits=0, of=0, low=0.0, high=1.0)
    share = hits / of
    middle = share + z * z / (2 * of)
    wide = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if hits == 0 else (middle - wide) / scale
    high = 1.0 if hits == of else (middle + wide) / scale
    return Rate(hits=hits, of=of, low=low, high=high)


def reach(level: float) -> float:
    """How many standard errors a normal interval reaches to either side.

    Args:
        level: How sure the interval is to be, above 0 and below 1.

    Raises:
        SettingError: A level out of range.

    >>> round(reach(0.9), 3)
    1.645
    """
    if not isinstance(level, Real) or not 0 < level < 1:
        raise SettingError("level", level, "above 0 and below 1")
    return -NormalDist().inv_cdf(_tail(level))


def _tail(level: float) -> float:
    """What is left out at either side, above 0 also where it is rounded away."""
    return max((1 - float(level)) / 2, 2.0**-1022)


@frozen(kw_only=True)
class Contrast:
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
) -> Contrast | None:
    """The difference of two means, with Welch's standard error and a normal interval.

    Args:
        first: Values, at least two.
        second: Values to compare with, at least two.
        level: How sure the interval is to be, above 0 and below 1.

    Returns:
        The difference, or ``None`` where either has fewer than two values.

    Raises:
        SettingError: A value that is no finite number, or a level out of range.

    >>> difference([1.0], [2.0, 3.0]) is None
    True
    """
    z = reach(level)
    first, second = finite("first", first), finite("second", second)
    if len(first) < 2 or len(second) < 2:
        return None
    value = fmean(first) - fmean(second)
    error = math.sqrt(variance(first) / len(first) + variance(second) / len(second))
    return Contrast(
        value=value,
        low=value - z * error,
        high=value + z * error,
        first=len(first),
        second=len(second),
    )


def paired(
    first: Sequence[float], second: Sequence[float], *, level: float = 0.9
) -> Contrast | None:
    """The mean difference of pairs, with its standard error and a normal interval.

    What both of a pair have in common, such as the same customer's luck, is in neither.

    Args:
        first: One value of each pair, at least two.
        second: The other, in the same order.
        level: How sure the interval is to be, above 0 and below 1.

    Returns:
        The difference, or ``None`` for fewer than two pairs.

    Raises:
        SettingError: A value that is no finite number, values without a partner, or a level out
            of range.

    >>> paired([1.0, 5.0, 3.0], [0.0, 4.0, 2.0])
    Contrast(value=1.0, low=1.0, high=1.0, first=3, second=3)
    """
    z = reach(level)
    first, second = finite("first", first), finite("second", second)
    if len(first) != len(second):
        raise SettingError("second", len(second), f"as many values as the first, {len(first)}")
    if len(first) < 2:
        return None
    apart = [a - b for a, b in zip(first, second, strict=True)]
    value, wide = fmean(apart), z * math.sqrt(variance(apart) / len(apart))
    return Contrast(
        value=value,
        low=value - wide,
        high=value + wide,
        first=len(first),
        second=len(second),
    )


def finite(name: str, values: Iterable[object]) -> list[float]:
    """Take finite numbers, and refuse anything else with its place.

    Args:
        name: What to call the values in the error.
        values: Numbers of any kind.

    Raises:
        SettingError: A text, not a number, an infinity, or a number whose square is none.

    >>> finite("course", [0.5, 1])
    [0.5, 1.0]
    """
    found: list[float] = []
    for place, value in enumerate(values):
        try:
            real = type(value) is not bool and isinstance(value, Real)
            number = float(value) if real else math.nan  # type: ignore[arg-type]  # a number
        except OverflowError:
            number = math.inf
        if not abs(number) <= _FARTHEST:
            raise SettingError(f"{name}[{place}]", value, f"a finite number, to {_FARTHEST:.0e}")
        found.append(number)
    return found


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

    Raises:
        SettingError: A value that is no finite number.

    >>> change_point([1.0, 1.0]) is None
    True
    """
    series = finite("series", series)
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


@frozen
class Estimate:
    """An estimate with its uncertainty.

    Attributes:
        estimate: The estimate.
        low: The lower end.
        high: The upper end.

    >>> Estimate(0.5, 0.2, 0.8).excludes(1.0)
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

    Raises:
        SettingError: No number of events, or not so many.

    >>> round(chance_of(3, 1.0), 4)
    0.0803
    """
    count, expected = _events(count), _above("expected", expected)
    if count == 0:
        return 1.0
    below = math.fsum(
        math.exp(each * math.log(expected) - expected - math.lgamma(each + 1))
        for each in range(count)
    )
    return min(1.0, max(0.0, 1.0 - below))


def frequency(count: int, exposure: float, *, level: float = 0.9) -> Estimate:
    """How often events come, with the exact interval of a Poisson process (Garwood 1936).

    Args:
        count: Events seen, 0 or more.
        exposure: Over how much, above 0.
        level: How sure the interval is to hold the rate, above 0 and below 1.

    >>> interval = frequency(3, 10, level=0.95)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.062, 0.877)

    Raises:
        SettingError: No number of events, no exposure, or a level out of range.
    """
    reach(level)
    count, exposure, tail = _events(count), _above("exposure", exposure), _tail(level)
    most = 2 * count + 40.0 - 4 * NormalDist().inv_cdf(tail / 2) * math.sqrt(count + 1)
    low = _root(lambda mean: chance_of(count, mean) - tail, most) if count else 0.0
    high = _root(lambda mean: tail - (1 - chance_of(count + 1, mean)), most)
    return Estimate(count / exposure, low / exposure, high / exposure)


def _events(count: object) -> int:
    if isinstance(count, Integral) and 0 <= int(count) <= _MOST_EVENTS:
        return int(count)
    raise SettingError("count", count, f"a whole number, 0 to {_MOST_EVENTS}")


def _above(name: str, value: object) -> float:
    number = finite(name, [value])[0]
    if number > 0:
        return number
    raise SettingError(name, value, "a number above 0")


def _root(rising: Callable[[float], float], high: float) -> float:
    low = 1e-12
    for _ in range(100):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def slope(points: Sequence[tuple[float, float]], *, level: float = 0.9) -> Estimate | None:
    """How fast values rise along a line through points, by least squares, with a normal interval.

    Args:
        points: Where, and the value there; three or more, not all at one place.
        level: How sure the interval is to be, above 0 and below 1.

    Returns:
        The rise of the values for each unit along the line; ``None`` for too few points.

    Raises:
        SettingError: A number that is not finite, or a level out of range.

    >>> slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)])
    Estimate(estimate=2.0, low=2.0, high=2.0)
    """
    z = reach(level)
    along = finite("points", (place for place, _ in points))
    values = finite("points", (value for _, value in points))
    if len(along) < 3 or min(along) == max(along):
        return None
    middle, mean = fmean(along), fmean(values)
    spread = math.fsum((place - middle) ** 2 for place in along)
    if spread < _ONE_PLACE:
        return None
    pairs = [(place - middle, value - mean) for place, value in zip(along, values, strict=True)]
    estimate = math.fsum(place * value for place, value in pairs) / spread
    rest = math.fsum((value - estimate * place) ** 2 for place, value in pairs)
    wide = z * math.sqrt(rest / (len(pairs) - 2) / spread)
    return Estimate(estimate, estimate - wide, estimate + wide)


publish(__name__, __all__, globals())
