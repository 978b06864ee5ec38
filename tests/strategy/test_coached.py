"""Replies read beside a real plan: what a team lead would say of them, and what not."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.moves import Move
from deescalate.reading import read_agent
from deescalate.strategy import Situation, select
from deescalate.testing.strategy import situations
from deescalate.wording import review

MOVES = Path(__file__).parents[1] / "moves"
CASE = json.loads((MOVES / "phrase_values.json").read_text("utf-8"))


def order(draft, situation):
    return review(draft, plan=select(situation), situation=situation).of("O")


def codes(draft, situation):
    return [finding.code for finding in order(draft, situation)]


@given(situations(), st.integers(0, 5))
def test_law_the_phrases_of_a_plan_have_no_ordering_findings(situation, variant):
    plan = select(situation)
    texts = [each.text for each in plan.phrases(variant=variant, values=CASE)]
    draft = " ".join(text[:1].upper() + text[1:] for text in texts)
    assert review(draft, plan=plan, situation=situation).of("O") == ()


HEARD = Situation(heard=True, acknowledged=True, asked=True, turns=2, apologies=1, distress=0.3)


def test_thanks_in_the_middle_of_a_talk_is_no_goodbye():
    assert codes("Thank you. Which number is on the label?", HEARD) == []


def test_a_question_about_a_number_closes_nothing():
    draft = "I call you tomorrow at 10 am. Is this number right for you?"
    assert Move.CONFIRM not in read_agent(draft).kinds
    assert Move.CLOSED_QUESTION in read_agent(draft).kinds
    assert codes(draft, HEARD) == []


def test_a_check_after_an_offer_asks_for_a_yes():
    assert codes("I have refunded the fee. Does that put it right for you?", HEARD) == []
    assert codes("Does that put it right for you?", HEARD)[:2] == ["O303", "O306"]


def test_gladness_that_it_works_closes_nothing():
    assert codes("I'm glad they are back. Which number is on the label?", HEARD) == []


def test_a_whole_limit_is_what_the_plan_asks_for():
    abused = Situation(manner="abusive", openness=0.2, distress=0.8, turns=1, heard=True)
    draft = (
        "I hear how angry you are, and I want to get the photos back. I can do that best without "
        "the insults. If you'd like to go on, I'll start the restore right now; if you would "
        "rather have a break, we can continue later today. If the insults go on, I will have to "
        "end the chat."
    )
    assert codes(draft, abused) == []
    assert {Move.SET_LIMIT, Move.GIVE_CHOICE, Move.STATE_CONSEQUENCE} <= read_agent(draft).kinds
    assert Move.ACCEPT not in read_agent(draft).kinds


OFFER = "That fear makes sense. I can book you on the 11:40, or on the 17:20. Which is better?"


def test_an_offer_after_acknowledgement_is_in_its_place_where_they_can_take_it_in():
    upset = Situation(rising=True, openness=0.6, distress=0.6, turns=1, heard=True, apologies=1)
    closed = Situation(rising=True, openness=0.2, distress=0.8, turns=1, heard=True, apologies=1)
    assert "O303" not in codes(OFFER, upset)
    assert "O303" in codes(OFFER, closed)


def test_each_kind_of_move_out_of_place_is_said_once():
    closed = Situation(rising=True, openness=0.2, distress=0.8, turns=1, heard=True, apologies=1)
    found = [
        each for each in order(OFFER + " Which would you like?", closed) if each.code == "O303"
    ]
    assert [each.quote for each in found] == ["I can book", "Which is better"]


def test_what_a_plan_can_spare_is_not_missed():
    plan = select(Situation())
    assert [each.move for each in plan.moves if each.spare] == [Move.INTRODUCE]
    assert codes("What happened?", Situation()) == []


def test_a_plan_without_a_situation_is_reviewed_strictly():
    closed = Situation(rising=True, openness=0.6, distress=0.6, turns=1, heard=True, apologies=1)
    found = review(OFFER, plan=select(closed))
    assert "O303" in found.codes


@pytest.mark.parametrize(
    ("draft", "action"),
    [
        ("I will refund you today.", "refund"),
        ("I can replace it.", "replace"),
        ("I'll resend the letter.", "resend"),
        ("I have changed the delivery for you.", "update_order"),
        ("I'll make an exception.", "exception"),
        ("We will change our policy.", "change_policy"),
        ("We accept full liability.", "answer_legal_claim"),
        ("I will waive the fee.", "waive_fee"),
    ],
)
def test_actions_beyond_authority_are_found_each_by_name(draft, action):
    other = "refund" if action != "refund" else "replace"
    assert "M502" in review(draft, authority=Authority(actions={other})).codes
    assert "M502" not in review(draft, authority=Authority(actions={action})).codes


def test_a_sum_counts_where_it_follows_the_grant():
    agent = Authority(money={"EUR": 50})
    assert "M501" in review("I can give you 60 euros.", authority=agent).codes
    told = "Both seats are on sale at 60 euros, and you'll get a message at once."
    assert "M501" not in review(told, authority=agent).codes


def test_a_reason_belongs_to_a_no():
    case = Situation(
        can_meet="no", openness=0.3, acknowledged=True, heard=True, apologies=1, turns=2
    )
    draft = "I can't refund it, because the seat cannot be sold again. You can choose a or b."
    assert "O304" not in codes(draft, case)


def test_the_first_question_that_closes_is_the_one_found():
    draft = "Which number is it? Are they there? Is everything settled now? Was it blue?"
    quotes = [found.quote for found in order(draft, HEARD) if found.code == "O306"]
    assert quotes == ["Is everything settled now?"]
