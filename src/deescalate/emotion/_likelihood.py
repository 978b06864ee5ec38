"""The likelihood of one rated coordinate, and the shape that makes it greatest.

A rating is ``home + gain * pushes so far + what chance did + the rater's noise``. What chance did
is an Ornstein-Uhlenbeck process that starts in its long run, so a scalar Kalman filter gives the
likelihood exactly, with gaps of any length and missing ratings. The filter is linear: run over the
ratings, a constant and the pushes at once, it turns home and gain into a weighted least-squares
problem and the overall variance into a mean, which leaves two numbers to search for: the half-life
and the ratio of rating noise to the person's own variance.

People differ in where they rest. The home of each is drawn around the common one, with a spread of
its own: over its variance to the person's own it is one more number to search for, and takes from
each person's sums what their own home explains (a random intercept).

A push whose landing is in doubt adds ``(gain * doubt)^2`` to what chance did. Then the gain is in
the variances too, and its square over the person's own variance is a third number to search for;
home and variance still follow from the three in closed form.
"""

import math
from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from deescalate.emotion._descent import curve, descend, root_inverse_diagonal

__all__ = ["Coordinate", "Fit", "Tick", "fitted"]

_RATIOS = (1e-6, 1e4)
_REACHES = (1e-8, 1e6)
_APARTS = (1e-6, 1e4)
_AT_BOUND = 1.02
_PLACEBOS = 19
_LOG_TAU = math.log(2.0 * math.pi)


@frozen
class Tick:
    """One moment of one coordinate: the gap before it, the push at it, the rating of it.

    The doubt is the standard deviation of how the push landed.

    >>> Tick(60.0, 0.0, None).rating is None
    True
    """

    gap: float
    push: float
    rating: float | None
    doubt: float = 0.0


@frozen(kw_only=True)
class Coordinate:
    """All rated trajectories of one coordinate.

    Attributes:
        trajectories: The steps of each person.
        half_life: The half-life if it is known, else ``None``.
        gain: The gain that is kept where nobody was pushed.

    >>> Coordinate(trajectories=[[Tick(0.0, 0.0, 0.3), Tick(5.0, 0.0, 0.1)]]).span
    5.0
    """

    trajectories: Sequence[Sequence[Tick]]
    half_life: float | None = None
    gain: float = 1.0

    @property
    def shared(self) -> bool:
        """Whether everybody is taken to rest at one place; one person alone cannot tell."""
        rated = sum(any(each.rating is not None for each in steps) for steps in self.trajectories)
        return rated < 2

    @property
    def pushed(self) -> bool:
        """Whether anybody was pushed, so that a gain can be told."""
        return any(step.push != 0.0 for steps in self.trajectories for step in steps)

    @property
    def doubted(self) -> bool:
        """Whether the landing of any push is in doubt."""
        return any(step.doubt != 0.0 for steps in self.trajectories for step in steps)

    @property
    def span(self) -> float:
        """The longest time over which one person was seen."""
        return max(sum(step.gap for step in steps) for steps in self.trajectories)

    @property
    def shortest_gap(self) -> float:
        """The shortest time between two moments of one person that is not 0."""
        return min(step.gap for steps in self.trajectories for step in steps if step.gap > 0.0)


@frozen(kw_only=True)
class Fit:
    """What one coordinate was found to be, each number with its standard error.

    A standard error is 0 for what was given and infinite for what the ratings cannot tell.

    >>> Fit(home=0.1, gain=1.0, half_life=60.0, variance=0.2, noise=0.1).log_likelihood
    -inf
    """

    home: float
    gain: float
    half_life: float
    variance: float
    noise: float
    apart: float = 0.0
    log_likelihood: float = -math.inf
    ratings: int = 0
    home_error: float = math.inf
    gain_error: float = math.inf
    half_life_error: float = math.inf
    volatility_error: float = math.inf
    noise_error: float = math.inf
    apart_error: float = math.inf
    at_bounds: tuple[str, ...] = ()
    placebo_gain: float = math.nan
    placebo_p: float = math.nan


@frozen(kw_only=True)
class _Filtered:
    """Sums over the filtered ratings (y), constant (1) and pushes (x), each over its variance."""

    count: int
    log_variance: float
    yy: float
    y1: float
    yx: float
    c11: float
    c1x: float
    xx: float

    def squares(self, home: float, gain: float) -> float:
        """The weighted squares that are left at a home and a gain."""
        return max(
            1e-12,
            self.yy
            - 2.0 * (home * self.y1 + gain * self.yx)
            + home * home * self.c11
            + 2.0 * home * gain * self.c1x
            + gain * gain * self.xx,
        )

    def log_likelihood(self, home: float, gain: float, variance: float) -> float:
        return -0.5 * (
            self.count * (_LOG_TAU + math.log(variance))
            + self.log_variance
            + self.squares(home, gain) / variance
        )


def _filtered(
    data: Coordinate, half_life: float, ratio: float, reach: float, apart: float
) -> _Filtered:
    """Filter every trajectory; reach and apart are over the person's own variance."""
    people = (_person(steps, half_life, ratio, reach, apart) for steps in data.trajectories)
    count, log_variance, *sums = (math.fsum(each) for each in zip(*people, strict=True))
    yy, y1, yx, c11, c1x, xx = sums
    return _Filtered(
        count=round(count), log_variance=log_variance, yy=yy, y1=y1, yx=yx, c11=c11, c1x=c1x, xx=xx
    )


def _person(
    steps: Sequence[Tick], half_life: float, ratio: float, reach: float, apart: float
) -> tuple[float, ...]:
    """The sums of one person, less what a home of their own explains."""
    count, log_variance = 0, 0.0
    yy = y1 = yx = c11 = c1x = xx = 0.0
    spread, pushes = 1.0, 0.0
    at_y = at_1 = at_x = 0.0
    for step in steps:
        kept = math.exp2(-step.gap / half_life)
        spread = 1.0 + (spread - 1.0) * kept * kept
        at_y, at_1, at_x = at_y * kept, at_1 * kept, at_x * kept
        pushes = pushes * kept + step.push
        spread += reach * step.doubt * step.doubt
        if step.rating is None:
            continue
        off_y, off_1, off_x = step.rating - at_y, 1.0 - at_1, pushes - at_x
        total = spread + ratio
        weight = 1.0 / total
        yy += weight * off_y * off_y
        y1 += weight * off_y * off_1
        yx += weight * off_y * off_x
        c11 += weight * off_1 * off_1
        c1x += weight * off_1 * off_x
        xx += weight * off_x * off_x
        count += 1
        log_variance += math.log(total)
        gain = spread * weight
        at_y, at_1, at_x = at_y + gain * off_y, at_1 + gain * off_1, at_x + gain * off_x
        spread *= 1.0 - gain
    own = apart / (1.0 + apart * c11)
    return (
        count,
        log_variance + math.log1p(apart * c11),
        yy - own * y1 * y1,
        y1 - own * y1 * c11,
        yx - own * y1 * c1x,
        c11 - own * c11 * c11,
        c1x - own * c11 * c1x,
        xx - own * c1x * c1x,
    )


def _profile(data: Coordinate, half_life: float, ratio: float, apart: float) -> Fit:
    """The best home, gain and variance at a half-life and ratios of noise, all landings sure."""
    sums = _filtered(data, half_life, ratio, 0.0, apart)
    home, gain = sums.y1 / sums.c11, data.gain
    if data.pushed:
        spared = sums.c11 * sums.xx - sums.c1x * sums.c1x
        gain = max(0.0, (sums.c11 * sums.yx - sums.c1x * sums.y1) / max(spared, 1e-12))
        home = (sums.y1 - gain * sums.c1x) / sums.c11
    variance = sums.squares(home, gain) / sums.count
    return _fit(sums, half_life, ratio, apart, home, gain, variance)


def _profile_in_doubt(
    data: Coordinate, half_life: float, ratio: float, apart: float, reach: float
) -> Fit:
    """The best home and variance at a half-life, ratios of noise and a reach of the pushes.

    The reach ties the gain to the variance. Where the gain is known, so is then the variance. Else
    the likelihood is stationary in ``u = 1 / s`` where ``A u^2 - sqrt(reach) B u = count``, with A
    and B the weighted squares and products that are left once home is taken out.
    """
    sums = _filtered(data, half_life, ratio, reach, apart)
    if data.pushed:
        left = max(1e-12, sums.yy - sums.y1 * sums.y1 / sums.c11)
        along = math.sqrt(reach) * (sums.yx - sums.y1 * sums.c1x / sums.c11)
        root = math.sqrt(along * along + 4.0 * left * sums.count)
        variance = (2.0 * left / (along + root)) ** 2
        gain = math.sqrt(reach * variance)
    else:
        gain, variance = data.gain, data.gain * data.gain / reach
    home = (sums.y1 - gain * sums.c1x) / sums.c11
    return _fit(sums, half_life, ratio, apart, home, gain, variance)


def _fit(
    sums: _Filtered,
    half_life: float,
    ratio: float,
    apart: float,
    home: float,
    gain: float,
    variance: float,
) -> Fit:
    return Fit(
        home=home,
        gain=gain,
        half_life=half_life,
        variance=variance,
        noise=ratio * variance,
        apart=apart * variance,
        log_likelihood=sums.log_likelihood(home, gain, variance),
        ratings=sums.count,
    )


@frozen
class _Box:
    """Where the search may go: logarithms of the half-life, of noise, of homes apart, of reach."""

    low: float
    high: float
    shared: bool

    @classmethod
    def of(cls, data: Coordinate) -> "_Box":
        if data.half_life is not None:
            return cls(math.log(data.half_life), math.log(data.half_life), data.shared)
        return cls(math.log(data.shortest_gap / 50.0), math.log(data.span * 50.0), data.shared)

    def at(self, point: Sequence[float]) -> list[float]:
        """The numbers at a point; homes are not apart where they are shared."""
        half_life = math.exp(min(max(point[0], self.low), self.high))
        rest = [_inside(each, _RATIOS) for each in point[1:2]]
        others = iter(point[2:])
        rest.append(0.0 if self.shared else _inside(next(others), _APARTS))
        return [half_life, *rest, *(_inside(each, _REACHES) for each in others)]

    def touched(self, fit: Fit, *, reach: float | None, held: bool) -> tuple[str, ...]:
        """The numbers that were found at the end of what was looked at."""
        looked_at = {
            "half_life_s": (fit.half_life, math.exp(self.low), math.exp(self.high), not held),
            "rating_noise": (fit.noise / fit.variance, *_RATIOS, True),
            "home_spread": (fit.apart / fit.variance, *_APARTS, not self.shared),
            "sensitivity": (reach or 0.0, *_REACHES, reach is not None),
        }
        return tuple(
            name
            for name, (value, low, high, free) in looked_at.items()
            if free and not low * _AT_BOUND < value < high / _AT_BOUND
        )


def _inside(logarithm: float, bounds: tuple[float, float]) -> float:
    return min(max(math.exp(min(logarithm, 50.0)), bounds[0]), bounds[1])


def fitted(data: Coordinate) -> Fit:
    """Find the parameters that make the ratings of one coordinate most likely.

    Args:
        data: The ratings; at least one person must have been rated at two different times.

    Returns:
        The parameters, with standard errors from the curvature of the log likelihood.

    >>> steps = [Tick(30.0, 0.0, 0.1 * (-1) ** i * i) for i in range(12)]
    >>> fitted(Coordinate(trajectories=[steps], half_life=60.0)).half_life
    60.0
    """
    ratios = [math.log(10.0**exponent) for exponent in (-3, -2, -1, 0, 1)]
    box = _Box.of(data)
    halves = [box.low + (box.high - box.low) * share / 8.0 for share in range(1, 8)]
    aparts: list[list[float]] = [[]]
    if not box.shared:
        aparts = [[math.log(each)] for each in (0.01, 1.0)]

    def badness(point: Sequence[float]) -> float:
        return -_profile(data, *box.at(point)).log_likelihood

    starts = ([half, ratio, *apart] for half in halves for ratio in ratios for apart in aparts)
    at = descend(badness, min(starts, key=badness))
    best, reach = _profile(data, *box.at(at)), None
    if data.doubted and best.gain > 0.0:
        at = [*at, math.log(best.gain * best.gain / best.variance)]
        at = descend(lambda each: -_in_doubt(data, box, each).log_likelihood, at)
        best, reach = _in_doubt(data, box, at), box.at(at)[-1] if data.pushed else None
    if data.half_life is not None:
        best = evolve(best, half_life=data.half_life)
    touched = box.touched(best, reach=reach, held=data.half_life is not None)
    return _with_placebo(data, _with_errors(data, evolve(best, at_bounds=touched)))


def _in_doubt(data: Coordinate, box: _Box, point: Sequence[float]) -> Fit:
    """The fit at a point whose last number is the reach."""
    return _profile_in_doubt(data, *box.at(point))


def _with_placebo(data: Coordinate, best: Fit) -> Fit:
    """Add what is found where each moment has the push of another: all pushes are shifted round.

    The shifts are spread over the whole round, and all numbers but home, gain and variance are
    held: what is left is what the pushes themselves can tell.
    """
    if not data.pushed:
        return best
    ratio, apart = best.noise / best.variance, best.apart / best.variance

    def refitted(shifted: Coordinate) -> Fit:
        if not data.doubted:
            return _profile(shifted, best.half_life, ratio, apart)
        reaches = [_inside(math.log(1e-4) + step, _REACHES) for step in range(19)]
        fits = (_profile_in_doubt(shifted, best.half_life, ratio, apart, r) for r in reaches)
        return max(fits, key=lambda fit: fit.log_likelihood)

    true = refitted(data).log_likelihood
    others = [refitted(shifted) for shifted in _shifts(data)]
    as_good = sum(fit.log_likelihood >= true for fit in others)
    return evolve(
        best,
        placebo_gain=math.fsum(fit.gain for fit in others) / len(others),
        placebo_p=(1 + as_good) / (1 + len(others)),
    )


def _shifts(data: Coordinate) -> Iterator[Coordinate]:
    every = [(step.push, step.doubt) for steps in data.trajectories for step in steps]
    for round_ in range(1, _PLACEBOS + 1):
        by = max(1, round(round_ * len(every) / (_PLACEBOS + 1)))
        dealt = iter(every[by:] + every[:by])
        yield evolve(
            data,
            trajectories=[
                [Tick(s.gap, push, s.rating, doubt) for s, (push, doubt) in zip(steps, dealt)]  # noqa: B905
                for steps in data.trajectories
            ],
        )


def _with_errors(data: Coordinate, best: Fit) -> Fit:
    """Add standard errors: the inverse of the curvature at the best point."""
    half_life_known, pushed = data.half_life is not None, data.pushed
    at = [
        best.home,
        best.gain,
        math.log(best.half_life),
        math.log(best.variance),
        math.log(best.noise),
        math.log(best.apart) if best.apart else -math.inf,
    ]
    steps = [1e-3 * math.sqrt(best.variance), 1e-3, 1e-3, 1e-3, 1e-3, 1e-3]
    free = [
        0,
        *([1] if pushed and best.gain > 0.0 else []),
        *([] if half_life_known else [2]),
        3,
        4,
        *([5] if best.apart else []),
    ]

    def badness(moves: dict[int, float]) -> float:
        home, push, half, variance, noise, apart = (
            value + moves.get(index, 0.0) for index, value in enumerate(at)
        )
        reach = push * push * math.exp(-variance)
        ratio, own = math.exp(noise - variance), math.exp(apart - variance)
        sums = _filtered(data, math.exp(half), ratio, reach, own)
        return -sums.log_likelihood(home, push, math.exp(variance))

    curvature = [[curve(badness, i, steps[i], j, steps[j]) for j in free] for i in free]
    errors = dict(zip(free, root_inverse_diagonal(curvature), strict=True))
    return evolve(
        best,
        home_error=errors[0],
        gain_error=errors.get(1, math.inf),
        half_life_error=0.0 if half_life_known else best.half_life * errors[2],
        volatility_error=0.5 * math.sqrt(best.variance) * errors[3],
        noise_error=0.5 * math.sqrt(best.noise) * errors[4],
        apart_error=0.5 * math.sqrt(best.apart) * errors[5] if best.apart else 0.0,
    )
