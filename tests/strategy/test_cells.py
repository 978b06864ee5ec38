"""The likely places of a customer, against a fine grid of places tried one by one."""

from math import asin, hypot, log, pi, tanh
from statistics import NormalDist

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.emotion import Affect, EmotionState
from deescalate.errors import SettingError
from deescalate.strategy import Situation, Strategy, select
from deescalate.strategy._cells import cells, cuts_of
from deescalate.testing.strategy import situations

DEFAULT = Strategy.default()
CUTS = cuts_of((DEFAULT.phase, DEFAULT.moves, DEFAULT.avoid))
SIDE = 24
GRID = [NormalDist().inv_cdf((at + 0.5) / SIDE) for at in range(SIDE)]


def estimate(situation):
    return {name: getattr(situation, name) for name in CUTS}


def segments(facts):
    """In which segment of every scale a place lies."""
    return tuple(sum(facts[name] >= cut for cut in CUTS[name]) for name in CUTS)


def around(state):
    """The places that a state may stand for, each as likely as the others."""
    mean, spread = state.mean, state.spread
    for x in GRID:
        for y in GRID:
            yield EmotionState(
                mean=Affect(
                    pleasure=mean.pleasure + x * spread.pleasure,
                    arousal=mean.arousal + y * spread.arousal,
                )
            )


STATES = st.builds(
    lambda pleasure, arousal, a, b: EmotionState(
        mean=Affect(pleasure=pleasure, arousal=arousal), variance=Affect(pleasure=a, arousal=b)
    ),
    st.floats(-2, 1),
    st.floats(-1, 1.5),
    st.floats(0, 0.3),
    st.floats(0, 0.3),
)


@given(STATES)
@settings(max_examples=20)
def test_law_the_masses_are_those_of_a_fine_grid(state):
    here = segments(estimate(Situation.of(state)))
    tried = {}
    for place in around(state):
        at = segments(estimate(Situation.of(place)))
        tried[at] = tried.get(at, 0) + 1 / SIDE**2
    found = {here: 1.0}
    for cell in cells(estimate(Situation.of(state)), state.spread, CUTS):
        at = segments(cell.facts)
        assert at != here
        found[at] = found.get(at, 0.0) + cell.mass
        found[here] -= cell.mass
    for at in {*tried, *found}:
        assert found.get(at, 0.0) == pytest.approx(tried.get(at, 0.0), abs=0.08)


@given(STATES, situations())
@settings(max_examples=10)
def test_law_confidence_is_the_share_of_likely_places_with_the_same_plan(state, known):
    """Whatever else is known; the named emotion is taken as it reads at the estimate."""
    situation = evolve(known, **estimate(Situation.of(state)), spread=state.spread)
    plan = select(situation)
    same = 0.0
    for place in around(state):
        other = select(evolve(situation, **estimate(Situation.of(place)), spread=0.0))
        same += ((other.phase, other.kinds) == (plan.phase, plan.kinds)) / SIDE**2
    assert plan.confidence == pytest.approx(same, abs=0.1)


@given(situations(), st.floats(0, 2), st.floats(0, 2))
def test_law_masses_are_shares(situation, pleasure, arousal):
    spread = Affect(pleasure=pleasure, arousal=arousal)
    masses = [cell.mass for cell in cells(estimate(situation), spread, CUTS)]
    assert all(mass >= -1e-12 for mass in masses)
    assert sum(masses) <= 1 + 1e-9


def test_one_line_is_exact_and_one_coordinate_may_be_known():
    cuts = {"distress": (0.5,), "openness": (), "arousal": ()}
    calm = {"distress": 0.25, "openness": 0.8, "arousal": 0.0}
    for spread in (Affect(pleasure=0.4), Affect(arousal=0.4), Affect(pleasure=0.3, arousal=0.3)):
        [cell] = cells(calm, spread, cuts)
        assert cell.facts["distress"] > 0.5
        steep = ((2.4 * spread.pleasure) ** 2 + (1.1 * spread.arousal) ** 2) ** 0.5
        assert cell.mass == pytest.approx(1 - NormalDist().cdf(log(3) / steep), abs=1e-6)


@pytest.mark.parametrize(("pleasure", "arousal"), [(0.3, 0.3), (0.1, 0.4), (0.4, 0.1)])
def test_two_lines_that_cross_at_the_estimate_leave_the_quarters_of_a_gaussian(pleasure, arousal):
    """A quarter, and as much more as the two turn together: Sheppard's theorem of 1899."""
    cuts = {"distress": (0.25,), "openness": (), "arousal": (0.0,)}
    at = {"distress": 0.25, "openness": 0.8, "arousal": 0.0}
    together = 1.1 * arousal / hypot(2.4 * pleasure, 1.1 * arousal)
    more = asin(together) / (2 * pi)
    found = {
        (cell.facts["distress"] >= 0.25, cell.facts["arousal"] >= 0.0): cell.mass
        for cell in cells(at, Affect(pleasure=pleasure, arousal=arousal), cuts)
    }
    assert found == {
        (True, False): pytest.approx(0.25 - more, abs=0.004),
        (False, True): pytest.approx(found[True, False], abs=1e-9),
        (False, False): pytest.approx(0.25 + more, abs=0.004),
    }


@pytest.mark.parametrize(("away", "seen"), [(3.05, True), (3.13, False)])
def test_what_is_less_likely_than_a_thousandth_is_passed_over(away, seen):
    """Three standard deviations and a tenth leave a thousandth beyond them."""
    cuts = {"distress": (), "openness": (), "arousal": (tanh(0.2 * away),)}
    calm = {"distress": 0.25, "openness": 0.8, "arousal": 0.0}
    assert len([*cells(calm, Affect(arousal=0.2), cuts)]) == seen


def test_no_more_places_are_remembered_than_is_said_and_none_is_mixed_up(monkeypatch):
    monkeypatch.setattr("deescalate.strategy._choosing._MOST_KNOWN", 3)
    strategy = evolve(DEFAULT)
    for at in range(12):
        situation = Situation(distress=at / 12, openness=1 - at / 12, spread=0.3)
        assert strategy.select(situation) == DEFAULT.select(situation)
        assert len(strategy._known) <= 3


def test_a_strategy_that_asks_for_no_feeling_is_always_sure():
    document = {
        "format": 1,
        "phase": {"default": "issue", "rules": []},
        "moves": {"rules": [{"name": "a", "when": {"heard": "false"}, "then": "attend"}]},
    }
    plan = Strategy.from_document(document).select(Situation(spread=0.5))
    assert plan.confidence == 1.0


@pytest.mark.parametrize("spread", [-0.1, float("nan"), float("inf")])
def test_a_spread_that_no_estimate_has_is_refused(spread):
    with pytest.raises(SettingError, match="spread"):
        Situation(spread=spread)
