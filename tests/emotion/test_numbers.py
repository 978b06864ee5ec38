"""Numbers of numpy, lengths of time and numpy's generators, where numbers and generators go."""

import math
import sys
from datetime import timedelta
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import statistics
from deescalate.emotion import (
    EMOTIONS,
    Affect,
    Contagion,
    EmotionState,
    Exchange,
    Impulse,
    Measurement,
    RatedMoment,
    Temperament,
    distress_of,
    fit_temperament,
    latent_of,
    openness_of,
)
from deescalate.errors import SettingError

KINDS = (np.float64, np.float32, np.float16, np.int64, np.int8, np.uint16, Fraction)
ANGRY = EmotionState.feeling("anger")
USUAL = Temperament()

ENTRIES = {
    "affect": lambda x: Affect(pleasure=x, arousal=x, dominance=x),
    "state": lambda x: EmotionState(mean=Affect(arousal=x), variance=Affect(pleasure=x)),
    "measurement": lambda x: Measurement(x, x),
    "impulse": lambda x: Impulse(pleasure=x, arousal=x, dominance=x, spread=Affect(arousal=x)),
    "contagion": lambda x: Contagion(heat=x, mood=x),
    "temperament": lambda x: Temperament(volatility=Affect(pleasure=x), home=Affect(arousal=x)),
    "rated": lambda x: RatedMoment(seconds=x, pleasure=x, arousal=x, dominance=x),
    "distress rated": lambda x: RatedMoment(seconds=x, distress=x),
    "at": lambda x: EmotionState.at(pleasure=x, arousal=x, dominance=x, spread=x),
    "feeling": lambda x: EmotionState.feeling("anger", strength=x),
    "strength": EMOTIONS["anger"].impulse,
    "latent": latent_of,
    "distress": lambda x: distress_of(x, x),
    "openness": lambda x: openness_of(x, x),
    "drift": lambda x: USUAL.drift(ANGRY, seconds=x),
    "forecast": lambda x: USUAL.forecast(ANGRY, seconds=x),
    "sample": lambda x: USUAL.sample(ANGRY, seconds=x, rng=Random(1)),
    "customer speaks": lambda x: Exchange().customer_speaks(Exchange().start(), seconds=x),
    "agent speaks": lambda x: Exchange().agent_speaks(Exchange().start(), seconds=x),
    "gain": lambda x: Exchange().heat_gain(seconds=x + 1),
    "settles": lambda x: Exchange().settles(seconds=x + 1),
    "mean": lambda x: statistics.difference([x, x], [x, 0, 1]),
    "change": lambda x: statistics.change_point([x, 0, x, 1]),
    "slope": lambda x: statistics.slope([(x, x), (2, 3), (5, x)]),
    "frequency": lambda x: statistics.frequency(x, x + 1),
    "chance": lambda x: statistics.chance_of(x, x + 1),
    "rate": lambda x: statistics.rate(x, x + 1),
}
WHOLE = {"rate", "frequency", "chance"}


@given(st.sampled_from(sorted(ENTRIES)), st.sampled_from(KINDS), st.sampled_from([0, 1]))
def test_law_a_number_of_any_library_is_the_number(entry, kind, number):
    """The same answer to the last digit, and nothing of the library in it."""
    if entry in WHOLE and not issubclass(kind, np.integer):
        return
    take = ENTRIES[entry]
    assert repr(take(kind(number))) == repr(take(int(number) if entry in WHOLE else float(number)))


@given(st.sampled_from(["drift", "forecast", "sample", "customer speaks", "agent speaks"]),
       st.floats(0, 1e6))  # fmt: skip
def test_law_a_length_of_time_is_its_seconds(entry, seconds):
    length = timedelta(seconds=seconds)
    assert ENTRIES[entry](length) == ENTRIES[entry](length.total_seconds())


def test_lengths_of_time_elsewhere():
    assert RatedMoment(seconds=timedelta(minutes=2)).seconds == 120.0
    assert Exchange().heat_gain(seconds=timedelta(minutes=1)) == Exchange().heat_gain(seconds=60)
    assert Exchange().settles(seconds=timedelta(minutes=1)) == Exchange().settles(seconds=60)
    for wrong in (
        timedelta(seconds=-1),
        "60",
        True,
        math.nan,
        np.float32(-1),
        np.datetime64("NaT", "s"),
    ):
        with pytest.raises(SettingError, match="seconds"):
            USUAL.drift(ANGRY, seconds=wrong)


def test_a_generator_of_numpy_draws_as_any_other():
    """The law of what is drawn: mean and spread are those of the state."""
    rng = np.random.default_rng(3)
    drawn = [USUAL.sample(ANGRY, seconds=600, rng=rng).mean.arousal for _ in range(2000)]
    later = USUAL.drift(ANGRY, seconds=600)
    assert {type(each) for each in drawn} == {float}
    assert np.mean(drawn) == pytest.approx(later.mean.arousal, abs=0.08)
    assert np.std(drawn) == pytest.approx(later.spread.arousal, rel=0.08)


@pytest.mark.parametrize("rng", [None, 7, Random, "random"])
def test_what_draws_nothing_is_refused(rng):
    with pytest.raises(SettingError, match="a source of normal deviates"):
        USUAL.sample(ANGRY, seconds=1, rng=rng)


def test_ratings_from_a_frame_are_fitted():
    ratings = np.array([0.1, -0.2, 0.3, 0.0, 0.5, -0.1, 0.2, 0.4, 0.1, 0.2], dtype=np.float32)
    times = np.arange(10) * 60
    ours = [
        RatedMoment(seconds=float(t), arousal=float(r)) for t, r in zip(times, ratings, strict=True)
    ]
    theirs = [RatedMoment(seconds=t, arousal=r) for t, r in zip(times, ratings, strict=True)]
    assert repr(fit_temperament([theirs])) == repr(fit_temperament([ours]))


FURTHEST = 100.0
RANGES = {  # where a number stands, from where to where; `None` for as far as floats reach
    "contagion of heat": (lambda each: Contagion(heat=each), 0.0, 10.0),
    "contagion of mood": (lambda each: Contagion(mood=each), 0.0, 10.0),
    "shown pleasure": (lambda each: EmotionState.at(pleasure=each), -1.0, 1.0),
    "shown arousal": (lambda each: EmotionState.at(arousal=each), -1.0, 1.0),
    "shown dominance": (lambda each: EmotionState.at(dominance=each), -1.0, 1.0),
    "spread": (lambda each: EmotionState.at(spread=each), 0.0, 100.0),
    "strength": (lambda each: EmotionState.feeling("anger", strength=each), 0.0, 10.0),
    "precision": (lambda each: Measurement(0.0, each), 0.0, 1e12),
    "seconds of a rating": (lambda each: RatedMoment(seconds=each), 0.0, 1e12),
    "rated distress": (lambda each: RatedMoment(seconds=0.0, distress=each), 0.0, 1.0),
    "rated arousal": (lambda each: RatedMoment(seconds=0.0, arousal=each), -FURTHEST, FURTHEST),
    "home": (lambda each: Temperament(home=Affect(arousal=each)), -FURTHEST, FURTHEST),
    "volatility": (lambda each: Temperament(volatility=Affect(arousal=each)), 0.0, FURTHEST),
    "sensitivity": (lambda each: Temperament(sensitivity=Affect(arousal=each)), 0.0, FURTHEST),
    "push": (lambda each: Impulse(arousal=each), -FURTHEST, FURTHEST),
    "spread of a push": (lambda each: Impulse(spread=Affect(arousal=each)), 0.0, FURTHEST),
    "variance": (lambda each: EmotionState(variance=Affect(arousal=each)), 0.0, None),
    "time": (lambda each: Temperament().drift(EmotionState(), seconds=each), 0.0, None),
    "share drawn out": (lambda each: EmotionState().interval("arousal", level=each), 5e-324, 1 - 2**-53),
}  # fmt: skip


@pytest.mark.parametrize(("make", "low", "high"), RANGES.values(), ids=RANGES)
def test_law_the_ends_of_a_range_are_in_it_and_what_lies_beyond_is_refused(make, low, high):
    make(low)
    with pytest.raises(SettingError):
        make(math.nextafter(low, -math.inf))
    make(sys.float_info.max if high is None else high)
    with pytest.raises(SettingError):
        make(math.inf if high is None else math.nextafter(high, math.inf))


@pytest.mark.parametrize("make", [make for make, *_ in RANGES.values()], ids=RANGES)
@pytest.mark.parametrize("wrong", [True, False, math.nan, "0.5", 1j])
def test_law_what_is_no_number_is_refused_wherever_a_number_stands(make, wrong):
    with pytest.raises(SettingError):
        make(wrong)
