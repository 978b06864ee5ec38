"""How well a tracker that sees what a bot would see follows a mind that is known."""

import math
from collections.abc import Iterable, Sequence
from functools import cache

from attrs import frozen

from deescalate.emotion import EmotionState, MoveEffects, Temperament
from deescalate.emotion._values import distress_logit, distress_spread
from deescalate.errors import SettingError
from deescalate.simulation._said import Said
from deescalate.simulation._scenes import Episode
from deescalate.simulation._voices import Utterance
from deescalate.statistics import reach

__all__ = ["Tracking", "follow", "tracking"]

_USUAL = Temperament()
_effects = cache(MoveEffects.default)
_TIPS = 0.1
"""Distress by which a turn has to change for it to count as where a conversation tips; ours."""


def follow(
    belief: EmotionState | None,
    said: Said | None,
    utterance: Utterance,
    /,
    *,
    seconds: float,
) -> EmotionState:
    """The shipped tracker: the emotion room's state, of a customer of whom nothing is known.

    Args:
        belief: What was believed after the customer's last message; ``None`` at the start.
        said: What the agent answered.
        utterance: What the customer says now.
        seconds: Since the belief.

    >>> from deescalate.emotion import Measurement, Observation
    >>> upset = Utterance(shown=Observation(pleasure=Measurement(-1.0, 9.0)))
    >>> follow(None, None, upset, seconds=0.0).distress > 0.5
    True
    """
    state = _USUAL.start() if belief is None else belief
    if said is not None:
        hurts = ("silence",) if said.empty else said.harms
        made = (move.value for move in said.moves)
        state = _USUAL.feel(state, _effects().impulse(made, hurts=hurts))
    return _USUAL.observe(_USUAL.drift(state, seconds=seconds), utterance.shown)


@frozen(kw_only=True)
class Tracking:
    """How beliefs compare with the truth, over all turns of some conversations.

    Attributes:
        turns: How many turns were compared.
        error: Root mean square of believed less true distress.
        bias: Mean of believed less true distress.
        correlation: Pearson correlation of the two; 0 where either never varies.
        covered: Share of turns whose true log odds of distress lie in the belief's interval.
        level: What that share should be, such as 0.9.
        lag: By how many turns the belief trails: where shifting it fits the truth's changes best.
        tipping: Share of conversations in which the belief has its highest turn where the truth
            has it, or one turn beside; only those that tip at all count.
        tipped: How many those are.
    """

    turns: int
    error: float
    bias: float
    correlation: float
    covered: float
    level: float
    lag: int
    tipping: float
    tipped: int

    def __str__(self) -> str:
        return (
            f"{self.turns} turns: error {self.error:.3f}, bias {self.bias:+.3f}, correlation "
            f"{self.correlation:.2f}, {self.level:.0%} intervals hold {self.covered:.0%}, "
            f"lag {self.lag}, tipping turn found in {self.tipping:.0%} of {self.tipped}"
        )


def tracking(episodes: Iterable[Episode], *, level: float = 0.9) -> Tracking:
    """Compare what a tracker believed with what was true.

    Args:
        episodes: Conversations that were played with a tracker.
        level: The probability of the intervals that are counted, above 0 and below 1.

    Raises:
        SettingError: The level is not between 0 and 1, or no episode was tracked.

    >>> from deescalate.simulation import Assumptions, Noise, by_plan, customers, play
    >>> played = [
    ...     play(each, by_plan, noise=Noise(7, name), assume=Assumptions.default(), tracker=follow)
    ...     for name, each in customers().items()
    ... ]
    >>> tracking(played).correlation > 0.5
    True
    """
    z = reach(level)
    courses = [_course(each) for each in episodes]
    pairs = [pair for course in courses for pair in course]
    if not pairs:
        raise SettingError("episodes", len(courses), "at least one that was played with a tracker")
    off = [pair.believed - pair.true for pair in pairs]
    tips = [found for course in courses if (found := _tips(course)) is not None]
    return Tracking(
        turns=len(pairs),
        error=math.sqrt(_mean([each * each for each in off])),
        bias=_mean(off),
        correlation=_correlation([p.believed for p in pairs], [p.true for p in pairs]),
        covered=_mean([float(abs(pair.away) <= z) for pair in pairs]),
        level=level,
        lag=max(range(3), key=lambda by: (_shifted(courses, by), -by)),
        tipping=_mean([float(each) for each in tips]) if tips else 0.0,
        tipped=len(tips),
    )


@frozen
class _Pair:
    """True and believed distress, and how many standard deviations the log odds are apart."""

    true: float
    believed: float
    away: float


def _course(episode: Episode) -> list[_Pair]:
    return [
        _Pair(turn.mind.distress, turn.belief.distress, _away(turn.mind.state, turn.belief))
        for turn in episode.turns
        if turn.belief is not None
    ]


def _away(true: EmotionState, belief: EmotionState) -> float:
    spread = distress_spread(belief.variance.pleasure, belief.variance.arousal)
    apart = distress_logit(true.mean.pleasure, true.mean.arousal) - distress_logit(
        belief.mean.pleasure, belief.mean.arousal
    )
    return apart / spread if spread > 0.0 else math.copysign(math.inf, apart)


def _tips(course: Sequence[_Pair]) -> bool | None:
    """Whether the believed peak stands where the true one does; nothing where it never tips."""
    true, believed = [each.true for each in course], [each.believed for each in course]
    if len(course) < 3 or max(true) - min(true) < _TIPS:
        return None
    return abs(true.index(max(true)) - believed.index(max(believed))) <= 1


def _shifted(courses: Iterable[Sequence[_Pair]], by: int) -> float:
    """How well beliefs some turns later go with the truth."""
    true: list[float] = []
    believed: list[float] = []
    for course in courses:
        for now, later in zip(course, course[by:], strict=False):
            true.append(now.true)
            believed.append(later.believed)
    return _correlation(true, believed)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    if len(xs) < 2:
        return 0.0
    x, y = _mean(xs), _mean(ys)
    xy = math.fsum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    xx = math.fsum((a - x) ** 2 for a in xs)
    yy = math.fsum((b - y) ** 2 for b in ys)
    return xy / math.sqrt(xx * yy) if xx > 0.0 and yy > 0.0 else 0.0
