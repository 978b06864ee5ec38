"""From a situation to a plan: what every plan is, for any situation and any edited tables."""

import pickle

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.emotion import Affect, EmotionState
from deescalate.errors import FactError
from deescalate.moves import Move, Phase, fits, moves_called, precedences
from deescalate.strategy import (
    Situation,
    Strategy,
    default_document,
    select,
    situation_facts,
)
from deescalate.testing.emotion import emotion_states
from deescalate.testing.strategy import edited_strategies, situations

DEFAULT = Strategy.default()
AGAIN = Strategy.from_document(default_document())


def wanted(strategy, situation, phase):
    """The moves that the tables ask for, read rule by rule and without the engine."""
    facts = situation.facts | {"phase": phase.value}
    asked = {rule.then for rule in strategy.moves.rules if rule.when.holds(facts)}
    refused = {rule.then for rule in strategy.avoid.rules if rule.when.holds(facts)}
    kept = []
    for move in Move:
        open_here = move.phase in (Phase.SAFETY, Phase.PERSON) or move.phase.rank <= phase.rank
        named = {move.value, move.family.value, move.phase.value}
        if move.value in asked and not named & refused and open_here:
            kept.append(move)
    return kept


def held(strategy, situation):
    """The earliest phase that a rule holds the conversation in."""
    held_in = [rule.then for rule in strategy.phase.rules if rule.when.holds(situation.facts)]
    return next((phase for phase in Phase if phase.value in held_in), Phase.CLOSING)


@given(edited_strategies(), st.lists(situations(), min_size=1, max_size=5))
@settings(max_examples=15)
def test_law_a_plan_is_what_its_tables_say(strategy, cases):
    for situation in cases:
        plan = strategy.select(situation)
        assert plan.phase is held(strategy, situation)
        asked = wanted(strategy, situation, plan.phase)
        assert set(plan.kinds) <= set(asked)
        questions = [move for move in asked if move.asks]
        left_out = [move for move in asked if move not in plan.kinds and not move.asks]
        assert not left_out or len(plan.moves) == strategy.longest
        if len(asked) - max(len(questions) - 1, 0) <= strategy.longest:
            assert len(plan.moves) == len(asked) - max(len(questions) - 1, 0)
        spare = [move for move in strategy.spare if move in plan.kinds]
        if spare:
            at = strategy.spare.index(spare[0])
            assert all(m in strategy.spare and strategy.spare.index(m) < at for m in left_out)


@given(edited_strategies(), st.lists(situations(), min_size=1, max_size=5))
@settings(max_examples=15)
def test_law_every_plan_is_performable(strategy, cases):
    for situation in cases:
        plan = strategy.select(situation)
        assert len(plan.moves) <= strategy.longest
        assert len(set(plan.kinds)) == len(plan.kinds)
        assert sum(move.asks for move in plan.kinds) <= 1
        assert not set(plan.kinds) & plan.avoided
        places = [strategy.order.index(move) for move in plan.kinds]
        assert places == sorted(places)
        assert all(each.because for each in (*plan.moves, *plan.avoid, *plan.agent))


@given(situations())
def test_law_the_default_plan_has_one_to_five_moves(situation):
    assert 1 <= len(DEFAULT.select(situation).moves) <= 5


WHOLE = evolve(DEFAULT, longest=99)
CUT = [evolve(DEFAULT, longest=longest, spare=()) for longest in range(1, 6)]


@given(situations())
def test_law_a_plan_that_is_cut_short_and_can_spare_nothing_is_its_beginning(situation):
    whole = WHOLE.select(situation).kinds
    for longest, strategy in enumerate(CUT, 1):
        assert strategy.select(situation).kinds == whole[:longest]


@given(situations())
def test_law_the_plan_is_a_function_of_its_inputs(situation):
    assert select(situation) == AGAIN.select(pickle.loads(pickle.dumps(situation)))  # noqa: S301  our own bytes
    assert hash(situation) == hash(evolve(situation))


@given(situations(), st.floats(0, 1))
def test_law_more_distress_never_moves_the_phase_toward_closing(situation, distress):
    low, high = sorted([situation.distress, distress])
    calmer, worse = evolve(situation, distress=low), evolve(situation, distress=high)
    assert select(worse).phase.rank <= select(calmer).phase.rank


@given(situations(), st.floats(-1, 1))
def test_law_more_arousal_never_moves_the_phase_toward_closing(situation, arousal):
    low, high = sorted([situation.arousal, arousal])
    calmer, worse = evolve(situation, arousal=low), evolve(situation, arousal=high)
    assert select(worse).phase.rank <= select(calmer).phase.rank


@given(situations(), st.floats(0, 1))
def test_law_less_openness_never_moves_the_phase_toward_closing(situation, openness):
    low, high = sorted([situation.openness, openness])
    closed, open_ = evolve(situation, openness=low), evolve(situation, openness=high)
    assert select(closed).phase.rank <= select(open_).phase.rank


@given(
    st.one_of(
        situations(rising=False),
        situations(rising=False, danger="none", manner="plain", openness=0.8, distress=0.3),
    )
)
def test_law_growing_upset_falls_back_a_phase(situation):
    before, after = select(situation).phase, select(evolve(situation, rising=True)).phase
    if before in (Phase.SAFETY, Phase.PERSON):
        assert after is before
    else:
        assert after.rank < before.rank


def test_the_same_plan_three_times_changes_the_approach_and_brings_help():
    stuck = {"heard": True, "acknowledged": True, "asked": True, "turns": 4, "apologies": 1}
    plans = [select(Situation(same_plan=times, **stuck)).kinds for times in range(4)]
    assert plans[0] == plans[1]
    assert plans[2] != plans[1]
    assert Move.SEEK_HELP in plans[3]
    assert Move.SEEK_HELP not in plans[2]


def test_nothing_known_is_a_calm_first_contact():
    plan = select(Situation())
    assert plan.phase is Phase.ISSUE
    assert plan.kinds == (Move.INTRODUCE, Move.OPEN_QUESTION)


def test_every_way_to_the_end_has_its_reason():
    done, agreed, lost = (
        select(Situation(**{flag: True})) for flag in ("resolved", "agreed", "lost")
    )
    assert {done.phase, agreed.phase, lost.phase} == {Phase.CLOSING}
    assert len({done.because, agreed.because, lost.because}) == 3


def test_a_fact_outside_its_domain_is_named():
    with pytest.raises(FactError, match="distress"):
        select(Situation(distress=1.5))
    with pytest.raises(FactError, match="did you mean `abusive`"):
        select(Situation(manner="abusiv"))
    with pytest.raises(FactError, match="unknown fact `vip`"):
        select(Situation(more={"vip": True}))


@given(situations(), st.floats(0, 0.5))
def test_law_confidence_is_a_share_and_full_where_the_state_is_known(situation, spread):
    assert select(situation).confidence == 1.0
    plan = select(evolve(situation, spread=spread))
    assert 0 <= plan.confidence <= 1
    assert plan.kinds == select(situation).kinds


def test_confidence_is_about_half_at_a_threshold_and_full_far_from_it():
    near = {"heard": True, "turns": 1, "asked": True, "openness": 0.7}
    at = select(Situation(distress=0.75, spread=0.05, **near))
    far = select(Situation(distress=0.95, spread=0.02, **near))
    assert at.confidence == pytest.approx(0.5)
    assert far.confidence == 1.0


def test_what_is_worth_knowing():
    heard = {"heard": True, "acknowledged": True, "asked": True, "turns": 2, "apologies": 1}
    assert DEFAULT.worth_knowing(Situation(**heard)) == ("can_meet", "fault")
    assert DEFAULT.worth_knowing(Situation(danger="violence")) == ()
    assert DEFAULT.worth_knowing(Situation(can_meet="yes", fault="ours")) == ()


@given(situations())
def test_law_what_is_not_worth_knowing_changes_nothing(situation):
    telling = DEFAULT.worth_knowing(situation)
    moves = DEFAULT.select(situation).kinds
    for name in ("can_meet", "fault"):
        answers = situation_facts()[name]["choice"][1:]
        if getattr(situation, name) == "unknown":
            plans = {DEFAULT.select(evolve(situation, **{name: a})).kinds for a in answers}
            assert (plans != {moves}) == (name in telling)


@given(emotion_states())
def test_law_a_situation_of_a_state_shows_that_state(state):
    situation = Situation.of(state, turns=1)
    assert situation.distress == state.distress
    assert situation.openness == state.openness
    assert situation.arousal == state.arousal
    assert situation.emotion == state.dominant
    assert situation.spread == state.spread
    assert 0 <= select(situation).confidence <= 1


def test_a_state_known_exactly_is_sure_and_one_number_spreads_every_coordinate():
    assert Situation.of(EmotionState()).spread == Affect()
    assert Situation(spread=0.3).spread == Affect(pleasure=0.3, arousal=0.3, dominance=0.3)
    vague = EmotionState(variance=Affect(pleasure=0.09, arousal=0.09, dominance=0.09))
    assert Situation.of(vague).spread.arousal == pytest.approx(0.3)


def test_the_order_of_plans_agrees_with_every_order_that_all_frameworks_share():
    """But where a question leads to a proposal: those two are never made in one plan."""
    order = DEFAULT.order
    broken = [p for p in precedences() if order.index(p.before) > order.index(p.after)]
    assert broken == []


@given(situations())
def test_law_every_plan_agrees_with_the_shared_orders(situation):
    moves = select(situation).kinds
    for each in precedences():
        if {each.before, each.after} <= {*moves}:
            assert moves.index(each.before) < moves.index(each.after)


def test_a_plan_names_the_frameworks_it_follows():
    plan = select(Situation(openness=0.4, distress=0.5, fault="ours", can_meet="yes", turns=1))
    assert plan.kinds == (
        Move.VALIDATE,
        Move.APOLOGISE,
        Move.OWN_RESPONSIBILITY,
        Move.ASK_PERMISSION,
        Move.PROPOSE,
    )
    assert plan.frameworks[:3] == ("HEARD", "LAST", "LEARN")
    assert {fit.framework.name for fit in fits(plan.kinds) if fit.late}.isdisjoint(plan.frameworks)


def test_names_of_moves():
    assert moves_called("explore") == (Move.OPEN_QUESTION, Move.CLOSED_QUESTION, Move.ELICIT_WANT)
    assert moves_called("explain") == (Move.EXPLAIN,)
    assert moves_called("jokes, small talk") == ()


@pytest.mark.parametrize("move", [*Move])
def test_every_move_comes_up_in_some_plan(move):
    """Found by asking the tables: no move of the vocabulary is a dead letter."""
    from deescalate.strategy._space import Space

    space = Space(DEFAULT)
    found = space.search(space.doing(move), unless=space.avoiding(move))
    assert found is not None
    situation = Situation(**{name: v for name, v in found.facts.items() if name != "phase"})
    assert move in wanted(DEFAULT, situation, select(situation).phase)
