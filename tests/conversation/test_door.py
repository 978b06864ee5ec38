"""What a conversation is told is checked at the door, and nothing that it accepts stops it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import get_type_hints

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    Conversation,
    Facts,
    Learned,
    Offered,
    Opened,
    PromiseNoted,
    events_from_json_lines,
    known_facts,
)
from deescalate.errors import EventError, SettingError
from deescalate.money import Money
from deescalate.moves import Phase
from deescalate.playbook import Playbook
from deescalate.promises import Word
from deescalate.rules import Choice
from deescalate.strategy import Strategy, default_document
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
NAMES = sorted(known_facts(BOOK))


def advised(talk: Conversation) -> None:
    """Look at all that follows from a conversation."""
    assert isinstance(talk.plan.phase, Phase)
    assert talk.escalation.tier in talk.judges.escalation.ladder.names
    assert talk.escalation.errors == ()
    assert talk.handover().to_markdown()
    assert 0 <= talk.review("We are sorry.").score <= 1
    assert len(repr(talk)) < 200


@given(events())
def test_law_no_accepted_event_stops_a_conversation(course):
    talk = BOOK.open(at=course[0].at)
    for event in course[1:]:
        talk = talk.then(event)
        advised(talk)


ANY_VALUE = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.none(), st.just([]),
    st.decimals(), st.just(Money(5, "EUR")), st.just(Money(5, "JPY")), st.binary(max_size=2),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), ANY_VALUE, max_size=3))
def test_law_what_is_told_is_usable_or_refused(facts):
    talk = BOOK.open(at=AT).customer_says("I want my money back", at=AT)
    try:
        told = talk.learned(at=AT, own=facts)
    except (EventError, SettingError) as error:
        assert "`" in str(error)
        return
    advised(told.customer_says("Where is it?", at=AT).agent_says("Sorry.", at=AT))


@pytest.mark.parametrize(
    "facts",
    [
        {"minutes_waiting": 40},
        {"tier": "supervisor"},
        {"amount": 5},
        {"amount": Money("5.50", "GBP")},
        {"broken_promises": 2},
        {"fault": "ours", "can_meet": "partly"},
        {"distress": 0.9, "emotion": "anger", "openness": 0.1, "arousal": -0.5},
        {"contacts": np.int64(3)},
    ],
)
def test_the_documented_calls_work(facts):
    talk = BOOK.open(at=AT).learned(at=AT, **facts)
    assert all(talk.known[name] == value for name, value in facts.items())
    advised(talk)
    assert BOOK.replay(events_from_json_lines(talk.to_json_lines())) == talk


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"falt": "ours"}, ["learned", "`falt`", "did you mean `fault`?"]),
        ({"fault": "our"}, ["learned", "`our`", "did you mean `ours`?"]),
        ({"turns": 1.5}, ["turns", "1.5"]),
        ({"turns": -1}, ["turns", "-1"]),
        ({"distress": 2}, ["distress", "`2`"]),
        ({"heard": "yes"}, ["heard", "True or False"]),
        ({"fault": Money(5, "EUR")}, ["expected no money"]),
        ({"amount": Money(5, "JPY")}, ["amount", "EUR", "GBP"]),
        ({"tier": "superviser"}, ["did you mean `supervisor`?"]),
        ({"zzzz": 1}, ["nothing knows a fact `zzzz`"]),
    ],
)
def test_what_cannot_be_used_is_refused_by_the_event(facts, words):
    talk = BOOK.open(at=AT)
    with pytest.raises(EventError) as caught:
        talk.learned(at=AT, own=facts)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(EventError):
        BOOK.replay([Opened(at=AT), Learned(at=AT, facts=facts)])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Learned(at=AT, facts={"turns": float("nan")}),
        lambda: Learned(at=AT, facts={"turns": None}),
        lambda: Learned(at=AT, facts={1: 2}),
        lambda: Learned(at=AT, facts=[("a", 1)]),
        lambda: Offered(at=AT, what="a voucher", amount=5),
        lambda: Opened(at=AT, history="closed in May"),
        lambda: Opened(at=AT, history=[1]),
        lambda: Opened(at=AT, history=3),
        lambda: PromiseNoted(at=AT, name="call", word="keptt"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(make):
    with pytest.raises(SettingError):
        make()


def test_a_word_may_be_given_by_its_name():
    assert PromiseNoted(at=AT, name="call", word="kept").word is Word.KEPT
    with pytest.raises(SettingError, match="did you mean `kept`"):
        PromiseNoted(at=AT, name="call", word="keptt")


def test_the_typed_facts_are_those_of_the_shipped_playbook():
    assert sorted(get_type_hints(Facts)) == NAMES


def test_facts_of_your_own_are_declared_on_the_playbook():
    own = evolve(BOOK, facts=(Choice("plan", ["basic", "gold"]),))
    assert own.open(at=AT).learned(at=AT, own={"plan": "gold"}).known["plan"] == "gold"
    with pytest.raises(EventError, match="did you mean `gold`"):
        own.open(at=AT).learned(at=AT, own={"plan": "golt"})


def test_facts_of_a_strategy_that_nobody_told_yet_have_a_value():
    text = (
        default_document()
        + """
[facts]
vip = { flag = true }
visits = { number = { low = 1 } }
debt = { number = {} }
minutes_waiting = { number = { low = 0 } }
plan = { choice = ["basic", "gold"] }
[[moves.rules]]
name = "thank a guest"
when = { vip = "true", visits = ">= 3", debt = "0", plan = '"gold"' }
then = "thank"
because = "they come often"
"""
    )
    talk = evolve(BOOK, strategy=Strategy.from_document(text)).open(at=AT)
    advised(talk)
    told = talk.learned(at=AT, own={"vip": True, "visits": 5, "plan": "gold"})
    known = {"vip": True, "visits": 5, "debt": 0, "minutes_waiting": 0, "plan": "gold"}
    assert told.situation.more == known
    advised(told)


def test_a_policy_may_call_its_tier_and_its_amount_otherwise():
    policy = BOOK.escalation
    plain = evolve(policy, currency=None, exchange={})
    talk = evolve(BOOK, escalation=plain).open(at=AT).learned(at=AT, amount=Money(5, "JPY"))
    assert talk.known["amount"] == Money(5, "JPY")


def test_money_goes_through_json_lines():
    talk = BOOK.open(at=AT).learned(at=AT, amount=Money(Decimal("5.50"), "GBP"))
    line = json.loads(talk.to_json_lines().splitlines()[1])
    assert line["facts"]["amount"] == {"amount": "5.50", "currency": "GBP"}


def test_a_pattern_of_claims_is_a_manner():
    talk = BOOK.open(at=AT).learned(at=AT, serial_claimant=True)
    assert talk.situation.manner == "serial_claimant"
    assert (
        BOOK.open(at=AT).learned(at=AT, manner="serial_claimant").facts["serial_claimant"] is True
    )
