"""How a person's core affect moves: home, half-lives, volatility and sensitivity."""

import math
from typing import Protocol

from attrs import frozen

from deescalate.emotion.state import EmotionState
from deescalate.emotion.values import Affect, Impulse, Measurement, Observation, checked_number

__all__ = ["Gauss", "Temperament"]


class Gauss(Protocol):
    """A source of normal deviates, such as ``random.Random(seed)``."""

    def gauss(self, mu: float, sigma: float) -> float:
        """Draw one normal deviate."""
        ...


@frozen(kw_only=True)
class Temperament:
    """How a person's core affect moves.

    Attributes:
        home: The latent place they return to.
        half_life_s: Seconds after which half of what moved them is gone, for each coordinate.
        volatility: Standard deviation of each latent coordinate in the long run.
        sensitivity: How far an impulse moves each coordinate.

    >>> from deescalate.emotion import Impulse
    >>> calm = Temperament().start()
    >>> Temperament().feel(calm, Impulse(pleasure=-1.0, arousal=1.0)).distress > calm.distress
    True
    """

    home: Affect = Affect(pleasure=-0.15, arousal=0.1)
    half_life_s: Affect = Affect(pleasure=19_992.0, arousal=1_668.0, dominance=19_992.0)
    volatility: Affect = Affect(pleasure=0.45, arousal=0.45, dominance=0.35)
    sensitivity: Affect = Affect(pleasure=1.0, arousal=1.0, dominance=1.0)

    def start(self) -> EmotionState:
        """The state before anything is known: home, with the spread of the long run."""
        return EmotionState(
            mean=self.home,
            variance=Affect(
                pleasure=self.volatility.pleasure**2,
                arousal=self.volatility.arousal**2,
                dominance=self.volatility.dominance**2,
            ),
        )

    def drift(self, state: EmotionState, *, seconds: float) -> EmotionState:
        """Let time pass: the state goes home, its spread to that of the long run (exactly)."""
        checked_number("seconds", seconds, low=0.0)
        m, v, h, s, t = state.mean, state.variance, self.home, self.volatility, self.half_life_s
        p_m, p_v = _drifted(m.pleasure, v.pleasure, h.pleasure, s.pleasure, seconds / t.pleasure)
        a_m, a_v = _drifted(m.arousal, v.arousal, h.arousal, s.arousal, seconds / t.arousal)
        d_m, d_v = _drifted(
            m.dominance, v.dominance, h.dominance, s.dominance, seconds / t.dominance
        )
        return EmotionState(
            mean=Affect(pleasure=p_m, arousal=a_m, dominance=d_m),
            variance=Affect(pleasure=p_v, arousal=a_v, dominance=d_v),
        )

    def feel(self, state: EmotionState, impulse: Impulse) -> EmotionState:
        """Push the state."""
        m, g = state.mean, self.sensitivity
        return EmotionState(
            mean=Affect(
                pleasure=m.pleasure + g.pleasure * impulse.pleasure,
                arousal=m.arousal + g.arousal * impulse.arousal,
                dominance=m.dominance + g.dominance * impulse.dominance,
            ),
            variance=state.variance,
        )

    def observe(self, state: EmotionState, observation: Observation) -> EmotionState:
        """Learn from what a message shows (exact Bayes, coordinate by coordinate)."""
        m, v = state.mean, state.variance
        p_m, p_v = _observed(m.pleasure, v.pleasure, observation.pleasure)
        a_m, a_v = _observed(m.arousal, v.arousal, observation.arousal)
        d_m, d_v = _observed(m.dominance, v.dominance, observation.dominance)
        return EmotionState(
            mean=Affect(pleasure=p_m, arousal=a_m, dominance=d_m),
            variance=Affect(pleasure=p_v, arousal=a_v, dominance=d_v),
        )

    def sample(self, state: EmotionState, *, seconds: float, rng: Gauss) -> EmotionState:
        """Draw one way it could go: a state known exactly, some time later."""
        later = self.drift(state, seconds=seconds)
        m, s = later.mean, later.spread
        return EmotionState(
            mean=Affect(
                pleasure=rng.gauss(m.pleasure, s.pleasure),
                arousal=rng.gauss(m.arousal, s.arousal),
                dominance=rng.gauss(m.dominance, s.dominance),
            )
        )


def _drifted(
    mean: float, variance: float, home: float, volatility: float, half_lives: float
) -> tuple[float, float]:
    decay = -math.log(2.0) * half_lives
    kept = math.exp(decay)
    return (
        home + (mean - home) * kept,
        variance * kept * kept - volatility * volatility * math.expm1(2.0 * decay),
    )


def _observed(mean: float, variance: float, seen: Measurement) -> tuple[float, float]:
    weight = variance * seen.precision
    return mean + (seen.value - mean) * weight / (1.0 + weight), variance / (1.0 + weight)
