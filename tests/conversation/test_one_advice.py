"""Plan and policy are one advice: told in instructions, as messages, as JSON."""

import json
import tomllib
from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given

from deescalate.compensation import Terms
from deescalate.conversation import Advice, CustomerSaid
from deescalate.errors import SettingError
from deescalate.escalation import EscalationPolicy
from deescalate.moves import Move
from deescalate.playbook import Playbook
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


def said(text, book=BOOK):
    return book.open(at=AT).customer_says(text, at=AT)


@given(events())
def test_law_one_advice_is_what_its_parts_say(course):
    talk = BOOK.replay(course)
    advice = talk.advice
    assert isinstance(advice, Advice)
    assert (advice.plan, advice.decision) == (talk.plan, talk.escalation)
    assert advice.authority == talk.authority
    text = talk.instructions()
    for line in (*advice.do, *advice.do_not, *advice.may_not):
        assert " ".join(line.split()) in text
    assert str(advice) == text
    for value in (advice, advice.plan, advice.decision, talk.review("Sorry.")):
        assert json.loads(value.to_json())


@given(events())
def test_law_none_of_the_customers_words_are_in_the_instructions(course):
    said = [evolve(e, text=e.text + " zxqv") if isinstance(e, CustomerSaid) else e for e in course]
    assert "zxqv" not in BOOK.replay(said).instructions()


@given(events())
def test_law_a_case_that_goes_up_is_told_who_and_when(course):
    talk = BOOK.replay(course)
    decision = talk.escalation
    told = [line for line in talk.advice.do if decision.tier in line and "within" in line]
    assert bool(told) is (decision.escalates and not decision.safety)


def test_what_the_policy_says_meanwhile_is_split():
    advice = said("I will sue you!").advice
    assert "do not admit or deny anything in law" in advice.do_not
    assert "keep all records" in advice.do
    text = advice.instructions(facts=["the parcel is lost"], may=["a call"], may_not=["a date"])
    for words in ("the parcel is lost", "a call", "a date", "waive fee"):
        assert words in text
    assert "within 30 minutes" in text


def test_it_asks_for_exactly_what_is_missing():
    talk = said("I am writing again: my parcel is late.").learned(at=AT, distress=0.2)
    talk = talk.agent_says("Let me look.", at=AT)
    assert Move.CLOSED_QUESTION in talk.plan.kinds
    assert talk.advice.ask_for == "which order, booking or case it is"
    assert "asking again for what happened" in talk.advice.do_not
    assert "Ask for this and nothing else:\n- which order" in talk.instructions()


def test_what_the_authority_forbids_is_not_advised():
    document = tomllib.loads(BOOK.escalation.to_document())
    for tier in document["tiers"][:1]:
        tier["actions"] = [each for each in tier["actions"] if each != "apologise"]
    book = evolve(BOOK, escalation=EscalationPolicy.from_document(document))
    text = "You charged me twice! I am furious!"
    assert Move.APOLOGISE in said(text).plan.kinds
    assert Move.APOLOGISE not in said(text, book).plan.kinds
    assert "apologise" in said(text, book).advice.may_not


def test_messages_are_the_instructions_and_what_was_said():
    talk = said("hello").agent_says("Good morning.", at=AT).customer_says("where is it?", at=AT)
    system, *turns = talk.messages(facts=["it is in Leeds"])
    assert system == {"role": "system", "content": talk.instructions(facts=["it is in Leeds"])}
    assert [(turn["role"], turn["content"]) for turn in turns] == [
        ("user", "hello"), ("assistant", "Good morning."), ("user", "where is it?")]  # fmt: skip
    assert [each["role"] for each in talk.messages(last=1)] == ["system", "user"]
    assert len(talk.messages(last=0)) == 1
    assert len(talk.messages(last=99)) == 4
    with pytest.raises(SettingError):
        talk.messages(last=-1)


def test_values_as_json():
    talk = said("You charged me twice! I want my £45 back").promised("a call", due=AT, at=AT)
    data = json.loads(talk.advice.to_json())
    assert data["decision"]["acknowledge_within"] > 0
    assert data["authority"]["money"] == {"EUR": "50"}
    assert data["plan"]["moves"][0]["move"]
    assert "wording" not in data
    review = json.loads(talk.review("Calm down.").to_json())
    assert review["ok"] is False
    assert review["findings"][0]["code"]


@pytest.mark.unwatched
def test_a_playbook_is_checked_as_a_whole():
    report = BOOK.check(laws=())
    assert report.ok, str(report)
    document = tomllib.loads(BOOK.escalation.to_document())
    document["table"]["facts"]["legal_threat"] = {"flag": True}
    document["table"]["rules"].append(
        {"name": "odd", "when": {"legal_threat": "true"}, "then": "legal"}
    )
    deaf = evolve(BOOK, escalation=EscalationPolicy.from_document(document))
    found = {each.code: each.place for each in deaf.check(laws=())}
    assert found["fact-not-supplied"].startswith("escalation.")
    odd = evolve(BOOK, terms=Terms(currency="JPY"))
    assert {each.place for each in odd.check(laws=()) if each.code == "currency"} == {
        "terms.currency"
    }
