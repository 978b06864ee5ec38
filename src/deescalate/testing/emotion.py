"""Hypothesis strategies of the emotion room: states, temperaments and what happens to them.

>>> from hypothesis import given
>>> @given(temperaments(), emotion_states())
... def test_time_keeps_a_state_in_bounds(temperament, state):
...     assert -1 < temperament.drift(state, seconds=60).pleasure < 1
>>> test_time_keeps_a_state_in_bounds()
"""

from hypothesis import strategies as st

from deescalate.emotion import (
    EMOTIONS,
    Affect,
    Contagion,
    EmotionState,
    Exchange,
    Impulse,
    Measurement,
    MoveEffects,
    Observation,
    Temperament,
)

__all__ = [
    "affects",
    "contagions",
    "durations_s",
    "emotion_names",
    "emotion_states",
    "exchanges",
    "impulses",
    "measurements",
    "move_effects",
    "observations",
    "temperaments",
]


def affects(low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[Affect]:
    """Three numbers between two bounds.

    Args:
        low: Least.
        high: Most.

    Returns:
        The strategy.
    """
    number = st.floats(low, high)
    return st.builds(Affect, pleasure=number, arousal=number, dominance=number)


def emotion_states(*, surest: float = 0.0) -> st.SearchStrategy[EmotionState]:
    """States from indifferent to extreme, from surely known to hardly known.

    Args:
        surest: The least variance.

    Returns:
        The strategy.
    """
    return st.builds(EmotionState, mean=affects(), variance=affects(surest, 4.0))


def temperaments() -> st.SearchStrategy[Temperament]:
    """Temperaments with half-lives from a second to about four months."""
    return st.builds(
        Temperament,
        home=affects(-1.0, 1.0),
        half_life_s=affects(1.0, 1e7),
        volatility=affects(0.0, 2.0),
        sensitivity=affects(0.0, 3.0),
    )


def durations_s() -> st.SearchStrategy[float]:
    """Seconds, from none to about four months."""
    return st.one_of(st.floats(0.0, 7200.0), st.floats(0.0, 1e7))


def impulses() -> st.SearchStrategy[Impulse]:
    """Pushes in any direction, sure and unsure."""
    push = st.floats(-2.0, 2.0)
    return st.builds(Impulse, pleasure=push, arousal=push, dominance=push, spread=affects(0.0, 1.0))


def measurements() -> st.SearchStrategy[Measurement]:
    """Measurements of one coordinate, from not seen at all to nearly exact."""
    precision = st.one_of(st.just(0.0), st.floats(0.0, 10.0), st.floats(0.0, 1e6))
    return st.builds(Measurement, st.floats(-3.0, 3.0), precision)


def observations() -> st.SearchStrategy[Observation]:
    """What a message shows, of any coordinates."""
    return st.builds(
        Observation,
        pleasure=measurements(),
        arousal=measurements(),
        dominance=measurements(),
    )


def emotion_names() -> st.SearchStrategy[str]:
    """The named emotions."""
    return st.sampled_from(list(EMOTIONS))


def contagions() -> st.SearchStrategy[Contagion]:
    """How much of what one shows the other catches, from nothing to all."""
    return st.builds(Contagion, heat=st.floats(0.0, 1.0), mood=st.floats(0.0, 1.0))


def exchanges() -> st.SearchStrategy[Exchange]:
    """Pairs of any two temperaments that catch from each other."""
    return st.builds(
        Exchange,
        customer=temperaments(),
        agent=temperaments(),
        to_customer=contagions(),
        to_agent=contagions(),
    )


def move_effects() -> st.SearchStrategy[MoveEffects]:
    """Effects of a few moves, named by letters."""
    return st.builds(
        MoveEffects,
        pushes=st.dictionaries(st.sampled_from("abcdef"), impulses(), max_size=6),
        spread=affects(0.0, 1.0),
    )
