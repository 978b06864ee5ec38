"""Track simulated people, and see whether the intervals hold them."""

import math
from random import Random

import pytest

from deescalate.emotion import (
    CHARACTERS,
    Affect,
    Impulse,
    Measurement,
    Observation,
    Temperament,
)
from deescalate.emotion._values import distress_of

COORDINATES = ("pleasure", "arousal", "dominance")


def simulated(temperament, *, rng, turns=12):
    """One person's course, and what their messages show of it."""
    truth = temperament.sample(temperament.start(), seconds=0, rng=rng)
    for _ in range(turns):
        seconds, push = rng.expovariate(1 / 600), Impulse(arousal=rng.gauss(0, 0.4))
        truth = temperament.sample(temperament.feel(truth, push), seconds=seconds, rng=rng)
        precision = rng.choice([0.0, 1.0, 8.0])
        noise = 1 / math.sqrt(precision) if precision else 0.0
        seen = {
            coordinate: Measurement(rng.gauss(getattr(truth.mean, coordinate), noise), precision)
            for coordinate in COORDINATES
        }
        yield seconds, push, Observation(**seen), truth


@pytest.mark.parametrize("name", CHARACTERS)
def test_law_ninety_percent_intervals_hold_ninety_percent_of_simulated_truth(name):
    temperament, rng = CHARACTERS[name].temperament, Random(20)
    held = dict.fromkeys([*COORDINATES, "distress"], 0)
    total = 0
    for _ in range(150):
        state = temperament.start()
        for seconds, push, seen, truth in simulated(temperament, rng=rng):
            state = temperament.forecast(state, seconds=seconds, impulse=push)
            state = temperament.observe(state, seen)
            total += 1
            for coordinate in COORDINATES:
                held[coordinate] += getattr(truth, coordinate) in state.interval(coordinate)
            distress = distress_of(truth.mean.pleasure, truth.mean.arousal)
            held["distress"] += distress in state.distress_interval()
    for what, count in held.items():
        assert 0.87 < count / total < 0.93, what


def test_law_samples_have_the_moments_of_the_drift():
    temperament, rng = Temperament(home=Affect(pleasure=-0.5, arousal=0.3)), Random(4)
    start = temperament.feel(
        temperament.start(), Impulse(pleasure=1.0, spread=Affect(pleasure=0.3))
    )
    draws = [temperament.sample(start, seconds=1200, rng=rng) for _ in range(4000)]
    expected = temperament.drift(start, seconds=1200)
    for coordinate in COORDINATES:
        values = [getattr(draw.mean, coordinate) for draw in draws]
        mean = math.fsum(values) / len(values)
        variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
        spread = getattr(expected.spread, coordinate)
        assert abs(mean - getattr(expected.mean, coordinate)) < 4 * spread / math.sqrt(len(values))
        assert variance == pytest.approx(spread**2, rel=0.1)


def test_law_tracking_beats_the_last_message():
    """The reason to have a state at all: its error is smaller than that of what was just read."""
    temperament, rng = Temperament(), Random(9)
    tracked = read = 0.0
    for _ in range(100):
        state = temperament.start()
        for seconds, push, seen, truth in simulated(temperament, rng=rng):
            state = temperament.forecast(state, seconds=seconds, impulse=push)
            state = temperament.observe(state, seen)
            if seen.pleasure.precision:
                tracked += (state.mean.pleasure - truth.mean.pleasure) ** 2
                read += (seen.pleasure.value - truth.mean.pleasure) ** 2
    assert tracked < 0.5 * read


def test_the_same_seed_gives_the_same_course():
    one, other = (
        [truth for *_, truth in simulated(Temperament(), rng=Random(5))] for _ in range(2)
    )
    assert one == other
