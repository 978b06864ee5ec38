"""The laws of the state and its dynamics, as properties."""

import math
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from deescalate.emotion import (
    EMOTIONS,
    Affect,
    EmotionState,
    Impulse,
    Measurement,
    Observation,
    Temperament,
    distress_of,
    openness_of,
)
from deescalate.testing.emotion import (
    affects,
    durations_s,
    emotion_names,
    emotion_states,
    impulses,
    measurements,
    observations,
    temperaments,
)

COORDINATES = ("pleasure", "arousal", "dominance")


def numbers(affect):
    return [getattr(affect, coordinate) for coordinate in COORDINATES]


def assert_same(one, other, *, tolerance=1e-9):
    assert numbers(one.mean) == pytest.approx(numbers(other.mean), abs=tolerance, rel=tolerance)
    assert numbers(one.variance) == pytest.approx(
        numbers(other.variance), abs=tolerance, rel=tolerance
    )


@given(temperaments(), emotion_states(), durations_s(), st.floats(0, 1))
def test_law_two_part_steps_are_one_step(temperament, state, seconds, share):
    whole = temperament.drift(state, seconds=seconds)
    parted = temperament.drift(
        temperament.drift(state, seconds=seconds * share), seconds=seconds * (1 - share)
    )
    assert_same(parted, whole)


@given(temperaments(), durations_s())
def test_law_home_is_the_fixed_point(temperament, seconds):
    assert_same(temperament.drift(temperament.start(), seconds=seconds), temperament.start())


@given(temperaments(), emotion_states())
def test_law_no_time_changes_nothing(temperament, state):
    assert_same(temperament.drift(state, seconds=0), state)


@given(temperaments(), emotion_states(), st.sampled_from(COORDINATES))
def test_law_half_lives_are_as_stated(temperament, state, coordinate):
    later = temperament.drift(state, seconds=getattr(temperament.half_life_s, coordinate))
    home, before = getattr(temperament.home, coordinate), getattr(state.mean, coordinate)
    assert getattr(later.mean, coordinate) - home == pytest.approx((before - home) / 2, abs=1e-12)


@given(temperaments(), emotion_states())
def test_law_everyone_gets_home_in_the_end(temperament, state):
    ages = temperament.drift(state, seconds=60 * max(numbers(temperament.half_life_s)))
    assert_same(ages, temperament.start())


@given(temperaments(), emotion_states(), st.lists(impulses(), max_size=5), observations())
def test_law_everything_stays_in_bounds(temperament, state, pushes, seen):
    for push in pushes:
        state = temperament.feel(state, push)
    state = temperament.drift(temperament.observe(state, seen), seconds=30)
    for shown in (state.pleasure, state.arousal, state.dominance):
        assert -1 < shown < 1
    for share in (state.distress, state.openness, *state.intensities.values()):
        assert 0 <= share <= 1
    assert all(variance >= 0 for variance in numbers(state.variance))


@example(1e4)
@example(-1e4)
@given(st.floats(-1e300, 1e300))
def test_law_what_is_shown_never_reaches_the_ends(latent):
    state = EmotionState(mean=Affect(pleasure=latent, arousal=latent, dominance=latent))
    assert -1 < state.pleasure < 1
    assert 0 <= state.distress <= 1
    assert 0 <= state.openness <= 1


@given(temperaments(), emotion_states(), observations(), observations())
def test_law_simultaneous_observations_commute(temperament, state, one, other):
    one_first = temperament.observe(temperament.observe(state, one), other)
    other_first = temperament.observe(temperament.observe(state, other), one)
    assert_same(one_first, other_first, tolerance=1e-7)


@given(temperaments(), emotion_states(), observations())
def test_law_evidence_never_widens_the_spread(temperament, state, seen):
    after = temperament.observe(state, seen)
    for before, now in zip(numbers(state.spread), numbers(after.spread), strict=True):
        assert now <= before


@given(temperaments(), emotion_states(), observations())
def test_law_evidence_moves_the_mean_towards_what_was_seen(temperament, state, seen):
    after = temperament.observe(state, seen)
    for coordinate in COORDINATES:
        before, now = getattr(state.mean, coordinate), getattr(after.mean, coordinate)
        value = getattr(seen, coordinate).value
        assert min(before, value) - 1e-9 <= now <= max(before, value) + 1e-9


@given(temperaments(), emotion_states())
def test_law_no_evidence_teaches_nothing(temperament, state):
    assert temperament.observe(state, Observation()) == state


@given(
    st.floats(-3, 3), st.fractions(Fraction(1, 20), 4), measurements(), st.sampled_from(COORDINATES)
)
def test_law_observing_is_bayes_in_exact_arithmetic(mean, variance, seen, coordinate):
    """v <- 1 / (1 / v + w), m <- v (m / v_before + w z), computed in fractions."""
    state = EmotionState(
        mean=Affect(**{coordinate: mean}), variance=Affect(**{coordinate: float(variance)})
    )
    after = Temperament().observe(state, Observation(**{coordinate: seen}))
    v, w, m, z = map(Fraction, (float(variance), seen.precision, mean, seen.value))
    v_after = 1 / (1 / v + w)
    m_after = v_after * (m / v + w * z)
    assert getattr(after.variance, coordinate) == pytest.approx(float(v_after), rel=1e-12)
    assert getattr(after.mean, coordinate) == pytest.approx(float(m_after), abs=1e-9)


@given(temperaments(), emotion_states(), emotion_names(), st.floats(0, 3))
def test_law_a_push_toward_an_emotion_never_lowers_it(temperament, state, name, strength):
    """Anger above all, but no emotion may behave otherwise."""
    pushed = temperament.feel(state, EMOTIONS[name].impulse(strength))
    assert pushed.intensity(name) >= state.intensity(name) - 1e-12


@given(temperaments(), emotion_states(), st.floats(0, 2), st.floats(0, 2), st.floats(0, 2))
def test_law_displeasure_heat_and_power_never_lower_anger(temperament, state, worse, heat, power):
    pushed = temperament.feel(state, Impulse(pleasure=-worse, arousal=heat, dominance=power))
    assert pushed.intensity("anger") >= state.intensity("anger") - 1e-12


@given(affects(), st.floats(0, 5))
def test_law_heat_raises_distress_and_lowers_openness(at, more):
    assert distress_of(at.pleasure, at.arousal + more) >= distress_of(at.pleasure, at.arousal)
    assert openness_of(at.pleasure, at.arousal + more) <= openness_of(at.pleasure, at.arousal)


@given(affects(), st.floats(0, 5))
def test_law_pleasure_lowers_distress_and_raises_openness(at, more):
    assert distress_of(at.pleasure + more, at.arousal) <= distress_of(at.pleasure, at.arousal)
    assert openness_of(at.pleasure + more, at.arousal) >= openness_of(at.pleasure, at.arousal)


@given(temperaments(), emotion_states(), impulses(), durations_s())
def test_law_a_forecast_is_feeling_and_then_time(temperament, state, push, seconds):
    assert temperament.forecast(state, seconds=seconds, impulse=push) == temperament.drift(
        temperament.feel(state, push), seconds=seconds
    )


@given(temperaments(), emotion_states(), impulses())
def test_law_feeling_never_makes_us_surer(temperament, state, push):
    after = temperament.feel(state, push)
    for before, now in zip(numbers(state.spread), numbers(after.spread), strict=True):
        assert now >= before


@given(emotion_states(surest=0.01), st.sampled_from(COORDINATES), st.floats(0.01, 0.99))
def test_law_a_surer_interval_is_wider_and_holds_the_state(state, coordinate, level):
    middle = getattr(state, coordinate)
    assert middle in state.interval(coordinate, level=level)
    assert state.distress in state.distress_interval(level=level)
    wider = state.interval(coordinate, level=(1 + level) / 2)
    assert wider.low <= state.interval(coordinate, level=level).low
    assert wider.width >= state.interval(coordinate, level=level).width


@given(affects(-1, 1), st.integers(2, 20))
def test_law_many_hints_weigh_as_much_as_one_that_is_as_sure(at, hints):
    seen = Observation(arousal=Measurement(at.arousal, 1.0))
    state = Temperament().start()
    for _ in range(hints):
        state = Temperament().observe(state, seen)
    at_once = Temperament().observe(
        Temperament().start(), Observation(arousal=Measurement(at.arousal, float(hints)))
    )
    assert_same(state, at_once)


def test_law_drift_solves_the_ornstein_uhlenbeck_equation():
    """dm/dt = k (h - m) and dv/dt = 2k (s^2 - v), integrated in 200,000 small steps."""
    temperament = Temperament(
        home=Affect(arousal=0.3), half_life_s=Affect(pleasure=1, arousal=900, dominance=1)
    )
    k, swing = math.log(2) / 900, temperament.volatility.arousal
    mean, variance, step = 1.2, 0.05, 1500 / 200_000
    start = EmotionState(mean=Affect(arousal=mean), variance=Affect(arousal=variance))
    for _ in range(200_000):
        mean += step * k * (0.3 - mean)
        variance += step * 2 * k * (swing**2 - variance)
    after = temperament.drift(start, seconds=1500)
    assert after.mean.arousal == pytest.approx(mean, rel=1e-4)
    assert after.variance.arousal == pytest.approx(variance, rel=1e-4)


@given(temperaments(), emotion_states())
def test_law_an_insensitive_person_feels_nothing(temperament, state):
    numb = evolve(temperament, sensitivity=Affect())
    assert numb.feel(state, EMOTIONS["anger"].impulse()) == state
