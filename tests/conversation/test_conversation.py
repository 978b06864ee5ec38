"""A conversation is a value: replayable, idempotent, total, and wiser for what was said."""

import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    Conversation,
    CustomerSaid,
    Opened,
    PromiseNoted,
    Waited,
    events_from_json_lines,
)
from deescalate.cues import CueKind
from deescalate.errors import EventError, SettingError
from deescalate.money import Money
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook
from deescalate.promises import Word
from deescalate.rules import Flag
from deescalate.testing.conversation import agent_texts, customer_texts, events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def opened() -> Conversation:
    return BOOK.open(at=AT, case="48213")


@given(events())
def test_law_the_same_events_give_the_same_value(course):
    talk = BOOK.replay(course)
    assert talk == BOOK.replay(talk.events)
    assert BOOK.replay(events_from_json_lines(talk.to_json_lines())) == talk
    assert Conversation.replay(course, BOOK).events == course


@given(events(max_size=5), st.booleans())
def test_law_a_turn_heard_twice_counts_once(course, late):
    talk = BOOK.replay(course)
    for event in course:
        if isinstance(event, CustomerSaid | AgentSaid) and event.turn_id:
            again = type(event)(
                at=later(1e6) if late else event.at, text=event.text, turn_id=event.turn_id
            )
            assert talk.then(again) is talk


@given(events(max_size=5), customer_texts() | agent_texts())
def test_law_what_was_is_not_changed_by_what_comes(course, text):
    talk = BOOK.replay(course)
    before = pickle.dumps(talk.events), talk.emotion, talk.turns
    talk.customer_says(text, at=later(1e6)).agent_says(text, at=later(1e6 + 1))
    assert (pickle.dumps(talk.events), talk.emotion, talk.turns) == before


@given(events(max_size=4))
def test_law_an_event_out_of_time_is_refused_and_changes_nothing(course):
    talk = BOOK.replay(course)
    with pytest.raises(EventError, match="is before"):
        talk.then(Waited(at=AT - timedelta(seconds=6)))
    assert talk == BOOK.replay(course)


@given(events())
def test_law_advice_and_handover_are_total(course):
    talk = BOOK.replay(course)
    assert isinstance(talk.plan.phase, Phase)
    assert talk.escalation.tier in talk.judges.escalation.ladder.names
    note = talk.handover()
    assert 1 <= len(note.story) <= 5
    assert note.to_markdown().startswith("# Handover")
    assert note.to_json().startswith("{")


@given(events(max_size=4), st.sampled_from(["I want to kill myself", "I will kill you all"]))
def test_law_danger_once_shown_is_with_a_safety_channel(course, text):
    talk = BOOK.replay(course).customer_says(text, at=later(1e6))
    talk = talk.agent_says("thank you for telling me", at=later(1e6 + 1))
    assert talk.escalation.safety
    assert talk.handover().warnings


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_law_waiting_in_two_steps_is_waiting_once(first, second):
    talk = opened().customer_says("you useless idiots!!", at=AT)
    at = talk.at + timedelta(seconds=round(first)) + timedelta(seconds=round(second))
    twice = talk.waited(at=talk.at + timedelta(seconds=round(first))).waited(at=at).emotion
    once = talk.waited(at=at).emotion
    assert twice.distress == pytest.approx(once.distress, abs=1e-9)
    assert talk.emotion_at(at).distress == pytest.approx(once.distress, abs=1e-9)


@given(st.text())
def test_law_any_text_is_a_turn(text):
    talk = opened().customer_says(text, at=AT).agent_says(text, at=AT)
    assert [turn.event.text for turn in talk.turns] == [text, text]
    for cue in talk.reading.cues:
        assert cue.quote == text[cue.span.start : cue.span.end]


def test_a_huge_message_is_a_turn():
    talk = opened().customer_says("this is awful! " * 2_000, at=AT)
    assert 0 <= talk.emotion.distress <= 1


def test_an_angry_customer_is_heard_before_anything_is_offered():
    talk = opened().customer_says(
        "I am furious! I hate this company, worst service ever!!! You promised me a refund and "
        "you lied. This is the THIRD time I call!!",
        at=AT,
    )
    assert talk.plan.phase is Phase.PERSON
    assert not {Move.PROPOSE, Move.OFFER_CHOICE, Move.EXPLAIN} & {*talk.plan.kinds}
    assert talk.history.contacts == 3
    assert talk.history.told_of_broken_promise
    assert talk.reading.kinds >= {CueKind.REPEAT_CONTACT, CueKind.BROKEN_PROMISE}


def test_growing_more_upset_undoes_the_listening():
    talk = opened().customer_says("my parcel is late", at=AT)
    talk = talk.agent_says("I understand how annoying that is.", at=later(1))
    assert talk.history.acknowledged
    talk = talk.customer_says("You useless idiots! I hate you! This is a scandal!!!", at=later(2))
    assert talk.history.rising
    assert not talk.history.acknowledged


def test_a_promise_in_words_is_kept_in_the_ledger_and_breaks_in_time():
    talk = opened().customer_says("where is my parcel?", at=AT)
    talk = talk.agent_says("I will call you back within two hours.", at=later(1))
    (promise,) = talk.ledger.promises
    assert promise.due == later(121)
    again = talk.agent_says("As I said, I will call you back within two hours.", at=later(1))
    assert len(again.ledger.promises) == 1
    waited = talk.waited(at=later(300))
    assert waited.state.broken == 1
    assert waited.emotion.distress > talk.emotion_at(later(300)).distress
    assert waited.situation.promise_broken
    assert any("broken" in line for line in waited.handover().warnings)
    kept = talk.kept(promise.name, at=later(60)).waited(at=later(300))
    assert kept.state.broken == 0


def test_promises_are_computed_on_the_clock_of_their_time():
    at = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    talk = BOOK.open(at=at).agent_says("I will call you tomorrow by 5 pm.", at=at)
    (promise,) = talk.ledger.promises
    assert promise.due == datetime(2026, 3, 29, 17, tzinfo=ZoneInfo("Europe/Berlin"))


def test_every_word_on_a_promise_is_an_event():
    talk = opened().promised("a call", due=later(60), at=AT, name="call")
    talk = talk.then(PromiseNoted(at=AT, name="call", word=Word.UPDATED))
    talk = talk.then(PromiseNoted(at=AT, name="call", word=Word.MOVED, due=later(90)))
    assert talk.ledger.due("call", at=AT) == later(90)
    assert not talk.then(PromiseNoted(at=AT, name="call", word=Word.RELEASED)).ledger.open(at=AT)
    with pytest.raises(EventError, match="needs a new `due`"):
        talk.then(PromiseNoted(at=AT, name="call", word=Word.MOVED))
    with pytest.raises(EventError, match="made with `promised`"):
        talk.then(PromiseNoted(at=AT, name="call", word=Word.MADE))
    with pytest.raises(EventError):
        talk.kept("cal", at=AT)


def test_what_the_host_learns_goes_before_what_words_show():
    talk = evolve(BOOK, facts=(Flag("vip"),)).open(at=AT)
    talk = talk.customer_says("Good morning.", at=AT)
    assert talk.situation.fault == "unknown"
    talk = talk.learned(
        at=AT, own={"vip": True}, fault="ours", can_meet="yes", contacts=4, distress=0.9
    )
    assert talk.situation.fault == "ours"
    assert talk.situation.distress == 0.9
    assert talk.known["vip"] is True
    assert talk.escalation.current == talk.tier


def test_offers_answers_and_endings_are_followed():
    talk = opened().customer_says("I want my £45 back", at=AT)
    assert talk.situation.suggestion
    assert talk.history.demand == 45
    talk = talk.offered("a voucher", at=later(1), amount=Money(Decimal(20), "GBP"))
    assert talk.situation.offered
    assert not talk.situation.suggestion
    talk = talk.customer_says("No, that is not good enough.", at=later(2))
    assert talk.situation.refused
    assert talk.history.refusals == 1
    talk = talk.offered("the full £45", at=later(3)).customer_says("Yes please.", at=later(4))
    assert talk.situation.agreed
    talk = talk.resolved(at=later(5), note="refunded")
    assert talk.situation.resolved
    assert talk.resolved(at=later(5)).state.history == talk.history
    talk = talk.reopened(at=later(7), note="no money came")
    assert not talk.situation.resolved
    assert talk.reopened(at=later(8)).state.history == talk.history
    assert "a voucher" in " ".join(talk.handover().offered)


def test_misuse_is_refused_in_words():
    talk = opened().customer_says("hi", at=AT, turn_id="c1")
    with pytest.raises(EventError, match="turn `c1` was already said, with another text"):
        talk.customer_says("hello", at=AT, turn_id="c1")
    with pytest.raises(EventError, match="opened before"):
        talk.then(Opened(at=AT))
    with pytest.raises(EventError, match="no event"):
        BOOK.replay([])
    with pytest.raises(EventError, match="is before"):
        talk.emotion_at(AT - timedelta(1))
    with pytest.raises(SettingError, match="aware"):
        BOOK.open(at=datetime(2026, 1, 5))  # noqa: DTZ001  a naive time is the point


def test_a_course_without_an_opening_begins_with_its_first_event():
    talk = BOOK.replay([CustomerSaid(at=AT, text="hi")])
    assert talk.opened.at == AT
    assert len(talk.turns) == 1


def test_the_same_plan_that_does_not_help_is_noticed():
    talk, times = opened(), []
    for number in range(6):
        talk = talk.customer_says(
            "My parcel has still not come and you keep saying hmm.", at=later(2 * number)
        )
        times.append(talk.situation.same_plan)
        talk = talk.agent_says("Hmm.", at=later(2 * number + 1))
    assert max(times) >= 2
    assert talk.escalation.tier == "supervisor"


def test_a_plan_that_nobody_tried_has_not_failed():
    talk = opened()
    for number in range(6):
        talk = talk.customer_says("I am furious, nobody helps me!", at=later(number))
    assert talk.situation.same_plan == 0


def test_what_was_done_is_not_planned_again():
    talk = opened().customer_says("I'm so worried, my parcel is lost.", at=AT)
    assert not talk.situation.reassured
    talk = talk.agent_says("I will see this through. My supervisor is joining us.", at=later(1))
    assert talk.situation.reassured
    assert talk.situation.helped


def test_sorry_with_responsibility_acknowledges():
    talk = opened().customer_says("You lost my parcel.", at=AT)
    assert not talk.agent_says("I'm sorry.", at=later(1)).situation.acknowledged
    assert talk.agent_says("I'm sorry, our mistake.", at=later(1)).situation.acknowledged


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        ("Ok, thank you.", True),
        ("Thank you so much!", True),
        ("Thanks, but I want my money back.", False),
        ("Fine. I am going to the ombudsman.", False),
    ],
)
def test_a_next_step_is_agreed_with_a_yes_or_thanks(answer, agreed):
    talk = opened().customer_says("My parcel is late.", at=AT)
    talk = talk.agent_says("I will email you by 5 pm tomorrow.", at=later(1))
    assert talk.customer_says(answer, at=later(2)).situation.agreed == agreed


def test_a_promise_told_as_broken_stays_so_until_it_is_owned():
    talk = opened().customer_says("You promised to call me on Tuesday and never did.", at=AT)
    talk = talk.agent_says("I see.", at=later(1)).customer_says("Well?", at=later(2))
    assert talk.situation.promise_broken
    talk = talk.agent_says("That was our mistake.", at=later(3)).customer_says("Ok.", at=later(4))
    assert not talk.situation.promise_broken


def test_moves_made_now_are_part_of_the_forecast():
    talk = opened().customer_says("I am furious!", at=AT)
    bare = talk.emotion_at(later(5))
    heard = talk.emotion_at(later(5), moves=[Move.OWN_RESPONSIBILITY, Move.EMPATHISE])
    assert heard.distress <= bare.distress


def test_a_promise_without_a_time_is_not_in_the_ledger():
    talk = opened().agent_says("I will call you back.", at=AT)
    assert talk.ledger.promises == ()


def test_a_date_in_numbers_is_read_as_the_house_writes_it():
    text = "I will call you by 3/4."
    british, american = (
        evolve(BOOK, month_first=month_first).open(at=AT).agent_says(text, at=AT)
        for month_first in (False, True)
    )
    assert british.ledger.promises[0].due.strftime("%d %m") == "03 04"
    assert american.ledger.promises[0].due.strftime("%d %m") == "04 03"


@pytest.mark.parametrize(
    "hurts",
    [
        "You need to calm down.",
        "You are an idiot.",
        "It is your own fault, you should have read it.",
    ],
)
def test_what_hurts_is_felt_and_soothes_nobody(hurts):
    talk = opened().customer_says("My parcel is late and nobody answers me.", at=AT)
    quiet = talk.waited(at=later(1))
    hurt = talk.agent_says(hurts, at=later(1))
    kind = talk.agent_says("I am sorry, that was our mistake.", at=later(1))
    assert hurt.emotion.distress > quiet.emotion.distress > kind.emotion.distress
