"""What is told by the shape of a sentence: questions that are none, bare orders, a no and nothing else."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import CueKind
from deescalate.moves import Move
from deescalate.reading import read_agent
from deescalate.testing.wording import KnownSituation, drafts
from deescalate.text import Text
from deescalate.wording import review
from deescalate.wording._heard import Answered

UPSET = KnownSituation(distress=0.7)
SAID = "My card is blocked and I am at the till!"

BLAMING = (
    ("What did you expect?", "What did you expect to find in the box?"),
    ("Whose fault is that?", "Whose name is on the order?"),
    ("Did you even read it?", "Did you read it on the phone or on paper?"),
    ("Did you perhaps forget to plug it in?", "Did you perhaps get a chance to look at it?"),
    ("Why didn't you call us?", "Why do you need it by Friday?"),
    ("How could you overlook that?", "How could we make this easier?"),
    ("Haven't you got eyes?", "Have you got a photo of it?"),
    ("Are you quite sure it was ours?", "Are you sure you want to cancel it?"),
    ("Could it be that you gave it to somebody?", "Could it be the red one?"),
    ("Can you prove that it was broken?", "Can you tell me when it broke?"),
    ("What do you want me to do about it?", "What would you like me to do first?"),
)
COLD = {"T101", "T102", "T105", "T106", "T120"}
"""Codes of questions that are none."""


def told(draft: str, **beside: object) -> set[str]:
    """The codes that a phrase or the shape tells, not the learned model."""
    return {each.code for each in review(draft, **beside).findings if not each.heard}


@pytest.mark.parametrize(("cold", "sincere"), BLAMING)
def test_a_question_that_blames_is_told_from_one_that_asks(cold, sincere):
    assert told(cold) & COLD
    assert not told(sincere) & COLD


ORDERS = (
    "Read the terms.",
    "Check your email.",
    "Go to a branch. Bring ID. Take a number.",
    "Then restart it. Do not touch the cable.",
    "Just log in again.",
)
NO_ORDERS = (
    "Take your time.",
    "Tell me more.",
    "Go on.",
    "Don't worry.",
    "Send me the photo and I'll sort it.",
    "Please bring your card.",
    "Go to any branch, so that they can unblock it at once.",
    "Bring your card. I have told them that you are coming.",
    "Check is in the post.",
    "Leave the house now. Call 999.",
)


@pytest.mark.parametrize("draft", ORDERS)
def test_orders_and_nothing_beside_them_may_not_be_sent_to_somebody_upset(draft):
    found = review(draft, situation=UPSET, customer=SAID)
    assert "T121" in found.codes
    assert not found


@pytest.mark.parametrize("draft", NO_ORDERS)
def test_kind_orders_and_orders_with_help_are_none(draft):
    assert "T121" not in review(draft, situation=UPSET, customer=SAID).codes


@pytest.mark.parametrize("draft", ORDERS)
def test_steps_for_somebody_calm_and_orders_in_danger_are_none(draft):
    calm = review(draft, situation=KnownSituation(distress=0.2), customer="How do I reset it?")
    danger = review(draft, situation=KnownSituation(distress=0.9, danger="violence"))
    assert "T121" not in {*calm.codes, *danger.codes}


@given(drafts(), st.sampled_from(ORDERS))
def test_law_whoever_says_what_they_do_themselves_does_not_only_give_orders(draft, order):
    assert "T121" not in review(f"{order} I have asked for it. {draft}", situation=UPSET).codes


@pytest.mark.parametrize(
    ("bare", "way_out"),
    [
        ("We can't do that.", "We can't do that, but we can send it on Friday."),
        ("Swaps are not possible.", "Swaps are not possible. There's a later train at nine."),
        ("I can't give that out.", "I can't give that out. Send the parcels to us."),
        ("We're unable to change it.", "We're unable to change it. Which day would suit you?"),
        ("We cannot see it here.", "We cannot see it here: https://example.org shows it."),
    ],
)
def test_a_no_and_nothing_else_is_told_from_one_with_a_way_out(bare, way_out):
    assert "T107" in told(bare)
    assert "T107" not in told(way_out)


@pytest.mark.parametrize(
    "draft", ["I won't pretend otherwise.", "We can't thank you enough.", "I won't pass you on."]
)
def test_what_is_not_refused_is_no_refusal(draft):
    assert "T107" not in told(draft)


def test_a_reason_without_a_word_of_ours_owns_nothing():
    read = read_agent("It was late because the depot was closed.")
    assert Move.OWN_RESPONSIBILITY not in read.kinds
    assert Move.OWN_RESPONSIBILITY in read_agent("It was late, that was our mistake.").kinds


def test_a_number_is_an_answer():
    found = review("7,316.", customer="How much is it?", situation=KnownSituation(distress=0.2))
    assert "S801" not in found.codes


SMELL = "There is a smell of gas in the hall and the baby is so sleepy."


def test_a_danger_that_may_be_is_met_with_care_or_the_reply_is_worse():
    answered = Answered(text=Text.of(SMELL), upset="upset", fault="unknown")
    calm, unknown = (evolve(answered, upset=upset) for upset in ("calm", ""))
    told = evolve(answered, text=None, kinds=(CueKind.THREAT_VIOLENCE,))
    plain = evolve(answered, text=Text.of("Where is my parcel?"))
    found = [each.perilous for each in (answered, told, plain, calm, unknown)]
    assert found == [True, True, False, False, False]


@pytest.mark.parametrize("reply", ["The fitter comes on Friday.", "I will ask the team for you."])
def test_business_beside_a_danger_that_may_be_is_worse_than_beside_none(reply):
    beside = {"situation": UPSET, "cues": ()}
    danger = review(reply, customer=SMELL, **beside)
    assert danger.bad > review(reply, customer="The lamp in the hall is broken.", **beside).bad
    assert not danger


EXCELLENT = (
    "I have found your parcel at the depot in Leeds. I am bringing it to you myself today by six,"
    " and I will ring you before I come."
)


def test_what_is_slight_in_an_excellent_draft_is_told_only_where_little_is_known():
    upset = KnownSituation(distress=0.6, fault="ours")
    alone = review(EXCELLENT, situation=upset)
    beside = review(EXCELLENT, situation=upset, customer="My parcel is late!", cues=())
    assert "A201" in alone.codes
    assert "A201" not in beside.codes
    assert beside
