"""Two parties: the spiral, how it breaks, and when it dies out by itself."""

import math
from random import Random

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deescalate.emotion import (
    Affect,
    Contagion,
    EmotionState,
    Exchange,
    Impulse,
    MoveEffects,
    Pair,
    Temperament,
)
from deescalate.errors import SettingError
from deescalate.testing.emotion import exchanges

FAST_S, SLOW_S = 15.0, 600.0


def heat(pair):
    return pair.customer.mean.arousal, pair.agent.mean.arousal


def go_on(exchange, pair, *, seconds, exchanges=1, reply=None):
    for _ in range(exchanges):
        pair = exchange.customer_speaks(pair, seconds=seconds)
        pair = exchange.agent_speaks(pair, seconds=seconds, impulse=reply or Impulse())
    return pair


def heated():
    return Pair(customer=EmotionState.feeling("anger"), agent=EmotionState())


def test_heat_feeds_on_itself_in_a_fast_exchange():
    after = go_on(Exchange(), heated(), seconds=FAST_S, exchanges=30)
    assert after.customer.distress > heated().customer.distress
    assert after.composure < 0.2


def test_the_spiral_ends_in_finite_heat():
    some, more = (
        go_on(Exchange(), heated(), seconds=FAST_S, exchanges=count) for count in (1500, 1600)
    )
    assert heat(some) == pytest.approx(heat(more), abs=0.01)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(evolve(Exchange(), to_agent=Contagion()), id="an agent who catches nothing"),
        pytest.param(
            evolve(Exchange(), agent=evolve(Exchange().agent, sensitivity=Affect())),
            id="an agent who cannot be stirred",
        ),
    ],
)
def test_composure_breaks_the_spiral(broken):
    assert broken.settles(seconds=FAST_S)
    after = go_on(broken, heated(), seconds=FAST_S, exchanges=60)
    assert after.customer.arousal < 0.2
    assert after.composure > 0.7


def test_a_slower_pace_breaks_the_spiral():
    assert not Exchange().settles(seconds=FAST_S)
    assert Exchange().settles(seconds=SLOW_S)
    after = go_on(Exchange(), heated(), seconds=SLOW_S, exchanges=30)
    assert after.customer.arousal < 0.1


def test_calming_replies_break_the_spiral():
    reply = MoveEffects.default().impulse(["own_responsibility", "empathise", "act"])
    calmed = go_on(Exchange(), heated(), seconds=60, exchanges=15, reply=reply)
    left = go_on(Exchange(), heated(), seconds=60, exchanges=15)
    assert calmed.customer.distress < left.customer.distress
    assert calmed.composure > left.composure


def test_a_fresh_agent_breaks_the_spiral():
    pair = go_on(Exchange(), heated(), seconds=60, exchanges=6)
    fresh = evolve(pair, agent=Exchange().start().agent)
    left, handed_over = (go_on(Exchange(), each, seconds=60, exchanges=2) for each in (pair, fresh))
    assert handed_over.customer.distress < left.customer.distress


def test_calm_is_catching():
    usual = Exchange()
    calm = Pair(customer=EmotionState.feeling("anger"), agent=EmotionState.feeling("calm"))
    stirred = evolve(calm, agent=EmotionState.feeling("anger"))
    soothed, fanned = (
        usual.agent_speaks(each, seconds=FAST_S).customer for each in (calm, stirred)
    )
    assert soothed.distress < calm.customer.distress < fanned.distress


def test_an_insult_stirs_the_agent():
    usual = Exchange()
    insulted = usual.customer_speaks(heated(), seconds=5, impulse=Impulse(arousal=0.5))
    assert insulted.composure < usual.customer_speaks(heated(), seconds=5).composure


def without_homes(exchange):
    return evolve(
        exchange,
        customer=evolve(exchange.customer, home=Affect()),
        agent=evolve(exchange.agent, home=Affect()),
    )


@given(exchanges(), st.floats(1, 1e5))
def test_law_a_gain_below_one_is_enough_to_settle_and_needed_without_homes(exchange, seconds):
    gain = exchange.heat_gain(seconds=seconds)
    assume(abs(gain - 1) > 1e-6)
    assert exchange.settles(seconds=seconds) or gain > 1
    assert without_homes(exchange).settles(seconds=seconds) == (gain < 1)


@pytest.mark.unwatched
@given(exchanges(), st.floats(10, 1e6))
@settings(max_examples=20)
def test_law_calm_and_hot_starts_end_where_it_is_said(exchange, seconds):
    """Run the real, curved model from both ends: it is the oracle, homes, spirals and all."""
    ends = exchange.resting_heat(seconds=seconds)
    for start, end in ((-1e3, ends.low), (1e3, ends.high)):
        extreme = EmotionState(mean=Affect(arousal=start))
        pair = Pair(customer=extreme, agent=extreme)
        for _ in range(400):
            before = pair
            pair = go_on(exchange, pair, seconds=seconds)
        spoken = exchange.customer_speaks(pair, seconds=seconds).customer.arousal
        moving = max(abs(a - b) for a, b in zip(heat(pair), heat(before), strict=True))
        assume(moving < 1e-9)
        assert spoken == pytest.approx(end, abs=1e-4)


def test_at_one_pace_calm_stays_calm_and_anger_becomes_a_shouting_match():
    """The case that a condition on small heat alone does not see."""
    usual = Exchange()
    assert usual.heat_gain(seconds=60) > 1
    ends = usual.resting_heat(seconds=60)
    calm, angry = (
        go_on(usual, Pair(customer=start, agent=start), seconds=60, exchanges=400).customer
        for start in (EmotionState.feeling("calm"), EmotionState.feeling("anger", strength=3))
    )
    assert (calm.arousal < 0 < angry.arousal, ends.low < 0 < ends.high) == (True, True)


def test_a_calm_home_can_settle_what_small_heat_would_not():
    usual = Exchange()
    assert usual.heat_gain(seconds=100) > 1
    assert usual.settles(seconds=100)
    stirred = evolve(usual, agent=evolve(usual.agent, home=Affect(arousal=0.3)))
    assert usual.resting_heat(seconds=100).high < 0 < stirred.resting_heat(seconds=100).low


@given(exchanges(), st.floats(1, 1e5))
def test_law_the_gain_is_the_growth_of_small_heat(exchange, seconds):
    """Run the real, curved model from a tiny heat: after many exchanges it grows by the gain."""
    exchange = without_homes(exchange)
    gain = exchange.heat_gain(seconds=seconds)
    assume(0.05 < gain < 3)
    halves = (exchange.customer.half_life_s.arousal, exchange.agent.half_life_s.arousal)
    kept = [0.5 ** (2 * seconds / half) for half in halves]
    assume(gain - kept[0] * kept[1] / gain > 0.3)
    small = EmotionState(mean=Affect(arousal=1e-12))
    pair = go_on(exchange, Pair(customer=small, agent=small), seconds=seconds, exchanges=14)
    later = go_on(exchange, pair, seconds=seconds)
    assume(1e-30 < sum(heat(pair)) < 1e-4)
    assert sum(heat(later)) / sum(heat(pair)) == pytest.approx(gain, rel=0.02)


@given(exchanges(), st.floats(1.5, 10), st.floats(0, 3), st.floats(0, 3))
def test_law_what_settles_near_rest_settles_from_anywhere(exchange, slower, customer, agent):
    exchange = without_homes(exchange)
    longest = max(exchange.customer.half_life_s.arousal, exchange.agent.half_life_s.arousal)
    seconds = max(slower * exchange.settling_gap_s, 0.1 * longest)
    assert exchange.settles(seconds=seconds)
    pair = Pair(
        customer=EmotionState(mean=Affect(arousal=customer)),
        agent=EmotionState(mean=Affect(arousal=agent)),
    )
    after = go_on(exchange, pair, seconds=seconds, exchanges=150)
    assert heat(after) == pytest.approx((0, 0), abs=1e-3)


@given(exchanges())
def test_law_the_settling_gap_parts_the_two(exchange):
    gap = exchange.settling_gap_s
    assume(gap > 1e-3)
    assert exchange.settles(seconds=gap * 1.001)
    assert not without_homes(exchange).settles(seconds=gap * 0.999)


def test_law_the_resting_heat_is_the_first_and_the_last_place_where_an_exchange_changes_nothing():
    """Looked for on a fine grid, for pairs that have one or three such places."""
    rng, grid, told = Random(4), np.linspace(-40, 40, 80_001), set()
    for _ in range(150):
        homes, half_lives = (
            [rng.uniform(-0.6, 0.6) for _ in "ca"],
            [rng.uniform(60, 900) for _ in "ca"],
        )
        heats, gap = [rng.uniform(0.05, 0.9) for _ in "ca"], rng.uniform(20, 200)
        customer, agent = (
            Temperament(
                home=Affect(arousal=home),
                half_life_s=Affect(pleasure=1.0, arousal=half_life, dominance=1.0),
            )
            for home, half_life in zip(homes, half_lives, strict=True)
        )
        exchange = Exchange(
            customer=customer,
            agent=agent,
            to_customer=Contagion(heat=heats[0]),
            to_agent=Contagion(heat=heats[1]),
        )
        to_customer, to_agent = (
            heat / (2 * math.sinh(math.log(2) * gap / half_life))
            for heat, half_life in zip(heats, half_lives, strict=True)
        )
        caught = to_customer * np.tanh(homes[1] + to_agent * np.tanh(grid))
        moved = grid - homes[0] - caught
        places = grid[:-1][(moved[:-1] < 0) != (moved[1:] < 0)]
        found = exchange.resting_heat(seconds=gap)
        ends = np.tanh([places[0], places[-1]])
        assert (found.low, found.high) == pytest.approx(tuple(ends), abs=1e-3)
        told.add(len(places))
    assert told == {1, 3}


def test_of_two_with_one_half_life_the_settling_gap_is_in_closed_form():
    """Heat dies out where what both turns forget is more than what one turn catches."""
    half_life = Affect(pleasure=1.0, arousal=600.0, dominance=1.0)
    alike = Temperament(half_life_s=half_life)
    pair = Exchange(
        customer=alike, agent=alike, to_customer=Contagion(heat=0.8), to_agent=Contagion(heat=0.2)
    )
    expected = 600 * math.asinh(0.4 / 2) / math.log(2)
    assert pair.settling_gap_s == pytest.approx(expected)
    slower = evolve(pair, agent=Temperament(half_life_s=evolve(half_life, arousal=6000.0)))
    assert expected < slower.settling_gap_s < 10 * expected


def test_who_catches_nothing_always_settles():
    aloof = evolve(Exchange(), to_customer=Contagion())
    assert aloof.settling_gap_s == 0.0
    assert aloof.settles(seconds=0.1)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 1000))
def test_law_catching_more_never_settles_better(some, more, seconds):
    low, high = sorted((some, more))
    cool, hot = (evolve(Exchange(), to_agent=Contagion(heat=each)) for each in (low, high))
    assert cool.heat_gain(seconds=seconds) <= hot.heat_gain(seconds=seconds) + 1e-12
    assert cool.settling_gap_s <= hot.settling_gap_s + 1e-9


def test_a_very_long_wait_is_no_overflow():
    assert Exchange().settles(seconds=1e300)
    assert not Exchange().settles(seconds=5e-324)
    assert Exchange().heat_gain(seconds=1e300) == 0.0


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf])
def test_a_pace_must_be_a_time(seconds):
    with pytest.raises(SettingError, match="seconds"):
        Exchange().heat_gain(seconds=seconds)


@pytest.mark.parametrize("setting", ["heat", "mood"])
def test_contagion_is_no_less_than_none(setting):
    with pytest.raises(SettingError, match=setting):
        Contagion(**{setting: -0.1})


def test_the_agent_of_the_default_rests_calm_and_recovers_faster():
    usual = Exchange()
    assert (
        usual.start().composure
        > Pair(customer=EmotionState(), agent=Temperament().start()).composure
    )
    assert usual.agent.half_life_s.arousal < usual.customer.half_life_s.arousal
