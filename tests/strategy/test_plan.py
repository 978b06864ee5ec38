"""A plan as instructions for a model's prompt, and as phrases for a person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.errors import SettingError
from deescalate.moves import Move, Phase
from deescalate.strategy import Plan, PlannedMove, Situation, select
from deescalate.testing.strategy import situations

UPSET = select(Situation(openness=0.4, distress=0.5, fault="ours", can_meet="yes", turns=1))


def test_instructions_hold_moves_limits_and_facts():
    authority = Authority(
        money={"EUR": 50, "USD": Decimal("Infinity")}, actions={"waive_fee", "replace"}
    )
    text = UPSET.instructions(
        facts=["the parcel is\nin Leeds"],
        authority=authority,
        may=["a call back today"],
        may_not=["a delivery date"],
    )
    lines = text.splitlines()
    assert lines[0] == "Write the agent's next reply. Do this, in this order:"
    assert lines[1].startswith("1. Say that the feeling makes sense (validate): ")
    assert "Use these facts and no others:\n- the parcel is in Leeds" in text
    assert (
        "You may offer:\n- up to 50 EUR in all\n- any sum in USD\n- replace\n- waive fee\n"
        "- a call back today\nYou must not offer or say:\n- a delivery date\n"
    ) in text
    assert lines[-1] == (
        "Style: plain, warm, short sentences; at most 7. Ask one question, not more."
    )


@given(situations())
def test_law_instructions_name_every_move_and_what_to_avoid(situation):
    plan = select(situation)
    text = plan.instructions()
    assert all(f"({move.value}): " in text for move in plan.kinds)
    assert all(each.text in text for each in plan.avoid)
    asks = any(move.asks for move in plan.kinds)
    checks = not {Move.PARAPHRASE, Move.SUMMARISE}.isdisjoint(plan.kinds)
    assert ("Ask one question, not more." in text) == asks
    assert ("Ask nothing but whether you have it right." in text) == (checks and not asks)
    assert ("Ask no question." in text) == (not checks and not asks)
    assert len(text) < 6000


@given(situations(), st.integers(-5, 50))
def test_law_phrases_make_the_moves_that_are_said_in_their_order(situation, variant):
    plan = select(situation)
    phrases = plan.phrases(variant=variant)
    assert [each.move for each in phrases] == [move for move in plan.kinds if move.spoken]
    assert sum(each.text.endswith("?") for each in phrases) == sum(m.asks for m in plan.kinds)
    assert "{" not in "".join(each.text for each in phrases)


def test_variants_go_round_so_that_nobody_hears_the_same_twice_running():
    plan = Plan(moves=(PlannedMove(Move.APOLOGISE, "because"),))
    texts = [plan.phrases(variant=at)[0].text for at in range(4)]
    assert texts[0] == texts[3] != texts[1] != texts[2]


def test_a_slot_nobody_knows_is_refused():
    with pytest.raises(SettingError, match="slot"):
        UPSET.phrases(values={"nam": "Ms Hale"})


def test_an_empty_plan_still_says_how_to_write():
    assert Plan(phase=Phase.SAFETY).instructions().endswith("at most 4. Ask no question.")


def test_nothing_is_offered_while_a_remedy_has_to_wait():
    authority = Authority(money={"EUR": 50}, actions={"refund"})
    early = select(Situation(openness=0.2, distress=0.8)).instructions(authority=authority)
    assert "You may offer:\n- nothing in this reply\n" in early
    assert "EUR" not in early


def test_deeds_of_other_hands_stand_apart_from_the_reply():
    text = select(Situation(danger="violence")).instructions()
    assert text.splitlines()[1].startswith("1. Give full, calm attention (attend): ")
    assert "To be done besides the reply:\n- Bring security or the police (call_security): " in text


def test_a_reply_may_have_a_sentence_for_each_move():
    plan = select(Situation(openness=0.2, distress=0.8, asks_supervisor=True))
    assert len(plan.moves) == 5
    assert "at most 5." in plan.instructions()


def test_what_is_avoided_for_two_reasons_is_said_once():
    plan = select(Situation(openness=0.2, distress=0.8, fault="ours"))
    assert [each.move for each in plan.avoid].count(Move.EXPLAIN) == 2
    assert plan.instructions().count("explaining why it happened") == 1
