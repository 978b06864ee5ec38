"""How a person's core affect moves: home, half-lives, volatility and sensitivity.

Ready temperaments: the kinds of people that a service meets, each with what it means.

Half-lives, homes and gains of the kinds are ours, set against the default temperament; they are
for simulation, for drills and as a first guess, never a verdict about a person.
"""

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol

from attrs import evolve, field, frozen

from deescalate.emotion._state import EmotionState
from deescalate.emotion._values import (
    FURTHEST,
    Affect,
    Impulse,
    Measurement,
    Observation,
    affect_within,
    checked_seconds,
)
from deescalate.errors import SettingError

__all__ = ["CHARACTERS", "Character", "Gauss", "Temperament"]

_HOME = Affect()
_HALF_LIFE_S = Affect(pleasure=19_992.0, arousal=1_668.0, dominance=1_668.0)
_VOLATILITY = Affect(pleasure=0.45, arousal=0.98, dominance=0.5)
_SENSITIVITY = Affect(pleasure=1.0, arousal=1.0, dominance=1.0)
_NO_PUSH = Impulse()


class Gauss(Protocol):
    """A source of normal deviates, such as ``random.Random(seed)``."""

    def gauss(self, mu: float, sigma: float) -> float:
        """Draw one normal deviate."""
        ...


class Normal(Protocol):
    """A source of normal deviates, such as ``numpy.random.default_rng(seed)``."""

    def normal(self, loc: float, scale: float) -> float:
        """Draw one normal deviate."""
        ...


def _deviates(rng: object) -> Callable[[float, float], float]:
    for name in ("gauss", "normal"):
        draw: Callable[[float, float], float] | None = getattr(rng, name, None)
        if callable(draw) and not isinstance(rng, type):
            return lambda middle, spread: float(draw(middle, spread))
    allowed = "a source of normal deviates, such as `random.Random(7)` or a numpy `Generator`"
    raise SettingError("rng", rng, allowed)


@frozen(kw_only=True)
class Temperament:
    """How a person's core affect moves: an Ornstein-Uhlenbeck process in each latent coordinate.

    Left alone, each coordinate returns home exponentially while chance keeps stirring it, so that
    in the long run it lies around home with the volatility as its standard deviation. What is done
    to the person pushes it; what they say shows it. Each step is exact and takes microseconds.

    Attributes:
        home: The latent place they return to, each coordinate -100 to 100; the default is neutral.
        half_life_s: Seconds after which half of what moved them is gone, for each coordinate.
            The default returns arousal and dominance home as anger goes (half-life 27.8 minutes)
            and pleasure as disappointment goes (333.2 minutes), so that disappointment is left
            when anger has faded: durations of 2 and 24 hours in Verduyn & Lavrijsen 2015, taken
            as the time until 5 % is left.
        volatility: Standard deviation of each latent coordinate in the long run, 0 to 100.
        sensitivity: How far a push moves each coordinate, 0 (not at all) to 100.

    Raises:
        SettingError: If a number is not finite or out of its range.

    >>> usual = Temperament()
    >>> calm = usual.start()
    >>> upset = usual.feel(calm, Impulse(pleasure=-0.8, arousal=0.8))
    >>> upset.distress > usual.drift(upset, seconds=3600).distress > calm.distress
    True
    """

    home: Affect = field(default=_HOME, validator=affect_within(-FURTHEST, FURTHEST))
    half_life_s: Affect = field(default=_HALF_LIFE_S, validator=affect_within(0.0, above=True))
    volatility: Affect = field(default=_VOLATILITY, validator=affect_within(0.0, FURTHEST))
    sensitivity: Affect = field(default=_SENSITIVITY, validator=affect_within(0.0, FURTHEST))

    def start(self) -> EmotionState:
        """The state before anything is known.

        Returns:
            Home, with the spread of the long run.

        >>> Temperament().start().mean == Temperament().home
        True
        """
        s = self.volatility
        return EmotionState(
            mean=self.home,
            variance=Affect(
                pleasure=s.pleasure * s.pleasure,
                arousal=s.arousal * s.arousal,
                dominance=s.dominance * s.dominance,
            ),
        )

    def drift(self, state: EmotionState, *, seconds: float | timedelta) -> EmotionState:
        """Let time pass with nothing said.

        Args:
            state: The state now.
            seconds: How long, 0 or more, or a `timedelta`.

        Returns:
            The state then, the mean on its way home, the spread on its way to that of the long
            run. Two steps of half the time are one step.

        Raises:
            SettingError: If the time is not finite or below 0.

        >>> hot = EmotionState(mean=Affect(arousal=1.0))
        >>> Temperament().drift(hot, seconds=1668).mean.arousal
        0.5
        """
        seconds = checked_seconds(seconds)
        m, v, home, s, half = (
            state.mean,
            state.variance,
            self.home,
            self.volatility,
            self.half_life_s,
        )
        p, p_v = _drifted(
            m.pleasure, v.pleasure, home.pleasure, s.pleasure, seconds / half.pleasure
        )
        a, a_v = _drifted(m.arousal, v.arousal, home.arousal, s.arousal, seconds / half.arousal)
        d, d_v = _drifted(
            m.dominance, v.dominance, home.dominance, s.dominance, seconds / half.dominance
        )
        return EmotionState(
            mean=Affect(pleasure=p, arousal=a, dominance=d),
            variance=Affect(pleasure=p_v, arousal=a_v, dominance=d_v),
        )

    def feel(self, state: EmotionState, impulse: Impulse) -> EmotionState:
        """Push the state.

        Args:
            state: The state before.
            impulse: The push; the sensitivity scales it, and its own spread is added.

        Returns:
            The state after.

        >>> Temperament().feel(EmotionState(), Impulse(arousal=-0.5)).mean.arousal
        -0.5
        """
        m, v, g, push = state.mean, state.variance, self.sensitivity, impulse.spread
        return EmotionState(
            mean=Affect(
                pleasure=m.pleasure + g.pleasure * impulse.pleasure,
                arousal=m.arousal + g.arousal * impulse.arousal,
                dominance=m.dominance + g.dominance * impulse.dominance,
            ),
            variance=Affect(
                pleasure=v.pleasure + (g.pleasure * push.pleasure) ** 2,
                arousal=v.arousal + (g.arousal * push.arousal) ** 2,
                dominance=v.dominance + (g.dominance * push.dominance) ** 2,
            ),
        )

    def observe(self, state: EmotionState, observation: Observation) -> EmotionState:
        """Learn from what a message shows: exact Bayes, one coordinate at a time.

        Args:
            state: What was believed before.
            observation: What the message shows. A precision of 0 teaches nothing.

        Returns:
            What is believed after, never less surely. The order of observations of one moment
            does not matter.

        >>> unsure = Temperament().start()
        >>> sure = Temperament().observe(unsure, Observation(arousal=Measurement(1.0, 50.0)))
        >>> sure.spread.arousal < unsure.spread.arousal
        True
        """
        m, v = state.mean, state.variance
        p, p_v = _observed(m.pleasure, v.pleasure, observation.pleasure)
        a, a_v = _observed(m.arousal, v.arousal, observation.arousal)
        d, d_v = _observed(m.dominance, v.dominance, observation.dominance)
        return EmotionState(
            mean=Affect(pleasure=p, arousal=a, dominance=d),
            variance=Affect(pleasure=p_v, arousal=a_v, dominance=d_v),
        )

    def forecast(
        self, state: EmotionState, *, seconds: float | timedelta, impulse: Impulse = _NO_PUSH
    ) -> EmotionState:
        """Say where a person will be, given what is done to them now.

        Args:
            state: The state now.
            seconds: How far ahead, 0 or more, such as until their next message.
            impulse: What they feel first, such as `MoveEffects.impulse` of the agent's reply.

        Returns:
            The state then, as sure as one can be before hearing it.

        Raises:
            SettingError: If the time is not finite or below 0.

        >>> angry = EmotionState.feeling("anger")
        >>> soothed = Temperament().forecast(angry, seconds=600, impulse=Impulse(arousal=-0.2))
        >>> soothed.distress < Temperament().forecast(angry, seconds=600).distress < angry.distress
        True
        """
        return self.drift(self.feel(state, impulse), seconds=seconds)

    def sample(
        self, state: EmotionState, *, seconds: float | timedelta, rng: Gauss | Normal
    ) -> EmotionState:
        """Draw one way it could go.

        Args:
            state: The state now; what is unsure about it is drawn too.
            seconds: How much later, 0 or more.
            rng: A source of normal deviates, such as ``random.Random(7)`` or
                ``numpy.random.default_rng(7)``.

        Returns:
            One possible state then, known exactly.

        Raises:
            SettingError: If the time is not finite or below 0, or nothing can be drawn from
                the source.

        >>> from random import Random
        >>> Temperament().sample(EmotionState(), seconds=60, rng=Random(7)).spread.arousal
        0.0
        """
        draw = _deviates(rng)
        later = self.drift(state, seconds=seconds)
        m, s = later.mean, later.spread
        return EmotionState(
            mean=Affect(
                pleasure=draw(m.pleasure, s.pleasure),
                arousal=draw(m.arousal, s.arousal),
                dominance=draw(m.dominance, s.dominance),
            )
        )


def _drifted(
    mean: float, variance: float, home: float, volatility: float, half_lives: float
) -> tuple[float, float]:
    exponent = -math.log(2.0) * half_lives
    kept = math.exp(exponent)
    return (
        home + (mean - home) * kept,
        variance * kept * kept - volatility * volatility * math.expm1(2.0 * exponent),
    )


def _observed(mean: float, variance: float, seen: Measurement) -> tuple[float, float]:
    weight = variance * seen.precision
    return mean + (seen.value - mean) * (weight / (1.0 + weight)), variance / (1.0 + weight)


@frozen(kw_only=True)
class Character:
    """A kind of person, by how their core affect moves.

    Attributes:
        name: The kind.
        meaning: What sets them apart.
        temperament: How they move.

    >>> CHARACTERS["volatile"].meaning
    'flares up at little and is over it soon'
    """

    name: str
    meaning: str
    temperament: Temperament


_USUAL = Temperament()


def _times(usual: Affect, pleasure: float, arousal: float, dominance: float) -> Affect:
    return Affect(
        pleasure=usual.pleasure * pleasure,
        arousal=usual.arousal * arousal,
        dominance=usual.dominance * dominance,
    )


CHARACTERS: Mapping[str, Character] = MappingProxyType(
    {
        each.name: each
        for each in (
            Character(
                name="anxious",
                meaning="on edge from the start, feels little control, and is easily shaken",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.3, arousal=0.35, dominance=-0.4),
                    half_life_s=_times(_USUAL.half_life_s, 1.0, 1.5, 1.5),
                    sensitivity=Affect(pleasure=1.3, arousal=1.6, dominance=1.3),
                ),
            ),
            Character(
                name="overbearing",
                meaning="expects to be in charge, and is stirred by whatever takes control away",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.1, arousal=0.15, dominance=0.5),
                    sensitivity=Affect(pleasure=1.0, arousal=1.3, dominance=1.5),
                ),
            ),
            Character(
                name="patient",
                meaning="hard to stir, and soon calm again",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=0.1, arousal=-0.15, dominance=0.0),
                    half_life_s=_times(_USUAL.half_life_s, 0.5, 0.5, 1.0),
                    volatility=_times(_USUAL.volatility, 0.7, 0.7, 1.0),
                    sensitivity=Affect(pleasure=0.5, arousal=0.5, dominance=0.7),
                ),
            ),
            Character(
                name="resentful",
                meaning="does not shout and does not forget: displeasure stays for a day",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.35, arousal=0.05, dominance=0.15),
                    half_life_s=_times(_USUAL.half_life_s, 4.0, 1.0, 1.0),
                    sensitivity=Affect(pleasure=1.4, arousal=0.8, dominance=1.0),
                ),
            ),
            Character(name="usual", meaning="the default temperament", temperament=_USUAL),
            Character(
                name="volatile",
                meaning="flares up at little and is over it soon",
                temperament=evolve(
                    _USUAL,
                    half_life_s=_times(_USUAL.half_life_s, 0.4, 0.4, 0.4),
                    volatility=_times(_USUAL.volatility, 1.3, 1.6, 1.3),
                    sensitivity=Affect(pleasure=1.4, arousal=2.0, dominance=1.3),
                ),
            ),
            Character(
                name="weary",
                meaning="has been through this before: little heat, little hope",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.45, arousal=-0.25, dominance=-0.3),
                    half_life_s=_times(_USUAL.half_life_s, 2.0, 1.0, 2.0),
                    sensitivity=Affect(pleasure=0.9, arousal=0.5, dominance=0.8),
                ),
            ),
        )
    }
)
"""The ready temperaments, by name, in the order of the alphabet."""
