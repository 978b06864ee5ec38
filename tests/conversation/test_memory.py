"""What a conversation remembers: danger, questions, matters, what was told, and that it fails."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    Conversation,
    CustomerSaid,
    HandedOver,
    Offered,
    Opened,
    Resolved,
    Waited,
)
from deescalate.errors import EventError
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
DEATH = "I can't go on, I want to kill myself"
QUIET = ("ok", "hm", "where is my order?", "thank you so much", "fine, forget it", "yes please", "")
SAID = ("I am here with you.", "Here is your refund.", "Is there anything else?", "Goodbye.")


def said(*texts: str, talk: Conversation | None = None) -> Conversation:
    """A customer and an agent in turn, a minute apart."""
    talk = talk or BOOK.open(at=AT)
    for number, text in enumerate(texts):
        at = talk.at + timedelta(minutes=1)
        talk = talk.agent_says(text, at=at) if number % 2 else talk.customer_says(text, at=at)
    return talk


@st.composite
def quiet_events(draw):
    """What may come after a danger, without a word that it is over."""
    at, course = AT, []
    for _ in range(draw(st.integers(1, 6))):
        at += timedelta(minutes=draw(st.sampled_from([0, 1, 60, 3_000])))
        kinds = (
            CustomerSaid(at=at, text=draw(st.sampled_from(QUIET))),
            AgentSaid(at=at, text=draw(st.sampled_from(SAID))),
            Waited(at=at),
            Resolved(at=at),
            Offered(at=at, what="a refund"),
            HandedOver(at=at, to="supervisor"),
        )
        course.append(draw(st.sampled_from(kinds)))
    return course


@given(quiet_events(), st.sampled_from([DEATH, "I will come and smash your face in"]))
def test_law_danger_stays_open_until_somebody_says_that_it_is_over(course, threat):
    talk = BOOK.open(at=AT).customer_says(threat, at=AT)
    for event in course:
        talk = talk.then(event)
        assert talk.situation.danger != "none"
        assert talk.plan.phase is Phase.SAFETY
        assert talk.escalation.safety
        assert talk.danger.because in talk.handover(masked=False).warnings[0]
    safe = talk.cleared(at=talk.at, because="the police are there")
    assert safe.situation.danger == "none"
    assert not safe.escalation.safety
    assert safe.situation.danger_watched
    assert safe.plan.phase is not Phase.CLOSING
    assert "the police are there" in safe.handover().warnings[0]
    assert not safe.waited(at=talk.at + timedelta(hours=24)).situation.danger_watched
    again = safe.customer_says(threat, at=safe.at)
    assert again.plan.phase is Phase.SAFETY
    assert again.escalation.safety


@given(events())
def test_law_nothing_closes_on_an_open_question_or_matter(course):
    talk = BOOK.open(at=course[0].at)
    told = {"agreed", "resolved", "unanswered", "open_matters", "lost", "danger_watched"}
    for event in course[1:]:
        talk = talk.then(event)
        facts = talk.situation
        if talk.plan.phase is Phase.CLOSING and not told & {*talk.known}:
            assert not facts.unanswered
            assert not facts.danger_watched
            assert facts.open_matters == 0 or facts.lost
            assert facts.agreed or facts.resolved or facts.lost


@given(events())
def test_law_strategy_and_policy_are_told_the_same(course):
    talk = BOOK.replay(course)
    policy = talk.facts
    for name, value in talk.situation.facts.items():
        assert policy[name] == value


@pytest.mark.parametrize(
    ("question", "answer", "safe"),
    [
        ("Are you safe right now?", "Yes.", True),
        ("Are you safe right now?", "yes, thanks", True),
        ("Are you safe right now?", "I'm safe, my sister is here.", True),
        ("Are you thinking of harming yourself?", "No.", True),
        ("Are you thinking of suicide?", "No, I'm not going to do anything.", True),
        ("Are you thinking of suicide?", "Yes.", False),
        ("Are you safe right now?", "No.", False),
        ("Are you safe right now?", "I don't think I'm safe.", False),
        ("Are you safe right now?", "I wish I could say I am safe", False),
        ("Are you safe right now?", "Yes but I want to die", False),
        ("Are you safe right now?", "yes yes just give me my money back now", False),
        ("Where is your parcel?", "I'm safe.", False),
    ],
)
def test_only_an_answer_to_a_question_about_safety_says_that_they_are_safe(question, answer, safe):
    talk = said(DEATH, question, answer)
    assert (talk.situation.danger == "none") is safe
    assert talk.escalation.tier == "safeguarding"  # a person there gives it back
    assert (answer in talk.danger.cleared_because) is safe


def test_an_answer_says_nothing_of_violence():
    talk = said("I will come and smash your face in", "Are you safe right now?", "I'm safe.")
    assert talk.situation.danger == "violence"


def test_danger_that_the_host_learns_is_a_latch_too():
    talk = BOOK.open(at=AT).learned(at=AT, danger="violence")
    assert talk.escalation.tier == "security"
    assert talk.danger.because == "the host said so"
    assert talk.customer_says("hello", at=AT).plan.phase is Phase.SAFETY
    both = talk.customer_says(DEATH, at=AT)
    assert both.danger.open == ("violence", "self_harm")
    assert len(both.handover().warnings) >= 2
    assert talk.learned(at=AT, danger="none").situation.danger == "none"
    assert talk.learned(at=AT, danger="violence").danger == talk.danger
    calm = BOOK.open(at=AT)
    assert calm.cleared(at=AT).danger == calm.danger


def test_a_case_is_handed_over_with_its_authority():
    talk = said("I want to speak to a manager").handed_over(
        "supervisor", at=AT + timedelta(hours=1)
    )
    assert talk.tier == "supervisor"
    assert talk.authority.tier == "supervisor"
    assert talk.situation.helped
    with pytest.raises(EventError, match="did you mean `supervisor`"):
        talk.handed_over("superviser", at=talk.at)


OFFER = "We can offer you a refund or a replacement, which would you prefer?"


@pytest.mark.parametrize(
    ("texts", "agreed"),
    [
        (("my parcel is late", OFFER, "yes please"), True),
        (("my parcel is late", "Is your order number 48213?", "yes please"), False),
        (("yes please",), False),
        (("my parcel is late", OFFER, "yes please", "Done.", "now it is broken"), False),
        (("my parcel is late", OFFER, "yes please", "Done.", "where is it now?"), False),
        (("my parcel is late", OFFER, "yes please", "Done.", "I want £45 back"), False),
        (
            ("my parcel is late", OFFER, "yes please", "Done.", "No, that is not good enough."),
            False,
        ),
        (("my parcel is late", OFFER, "yes please", "Done.", "ok"), True),
    ],
)
def test_a_yes_counts_where_something_was_proposed_and_until_something_new_comes(texts, agreed):
    assert said(*texts).situation.agreed is agreed


def test_a_question_with_the_yes_is_answered_before_the_end():
    talk = said("my parcel is late", OFFER, "Yes please. When will it be here?")
    assert talk.situation.unanswered
    assert talk.plan.phase is Phase.ISSUE
    assert Move.INFORM in talk.plan.kinds
    asked = talk.agent_says("Could you tell me your postcode?", at=talk.at)
    assert asked.situation.unanswered
    answered = talk.agent_says("The courier brings it on Tuesday.", at=talk.at)
    assert not answered.situation.unanswered


def test_a_settled_matter_is_open_again_with_a_new_fault():
    talk = said("my parcel is late").resolved(at=AT + timedelta(hours=1))
    assert talk.situation.resolved
    talk = talk.customer_says("It arrived broken.", at=talk.at)
    assert not talk.situation.resolved
    assert talk.situation.open_matters == 1


def test_what_was_told_is_known_and_not_asked_again():
    talk = said("My parcel is late, order 48213, it was due last Monday. I want my money back.")
    facts = talk.situation
    assert (facts.told_matter, facts.told_since, facts.told_wish, facts.told_reference) == (
        True,
    ) * 4
    assert Move.OPEN_QUESTION not in talk.plan.kinds
    assert [(each.what, each.quote) for each in talk.told] == [
        ("fault.late", "parcel is late"),
        ("reference", "48213"),
        ("since", "last Monday"),
        ("wish", "want my money back"),
    ]
    assert not {"the root cause: nobody has asked yet"} & {*talk.handover().unknown}


def test_a_fault_that_they_tell_of_is_ours_until_the_host_knows_better():
    talk = said("You charged me twice!")
    assert talk.situation.fault == "ours"
    assert "charged me twice" in " ".join(talk.handover().provisional)
    told = talk.learned(at=talk.at, fault="theirs")
    assert told.situation.fault == "theirs"
    assert not any("fault" in line for line in told.handover().provisional)


@pytest.mark.parametrize(
    "text",
    [
        "My mother passed away and I have to cancel.",
        "We could not come because of the storm.",
        "I know it's not your fault, the airline cancelled it.",
    ],
)
def test_what_is_not_our_doing_meets_sympathy_and_no_regret(text):
    talk = said(text)
    assert talk.situation.not_our_doing
    assert talk.situation.fault == "nobody"
    assert Move.EMPATHISE in talk.plan.kinds
    assert not {Move.APOLOGISE, Move.OWN_RESPONSIBILITY} & {*talk.plan.kinds}


def test_an_exception_is_answered():
    talk = said("I know I'm past the return period, but could you make an exception?")
    assert talk.situation.exception_asked
    assert talk.situation.suggestion
    assert any("exception is asked" in step.because for step in talk.plan.moves)
    no = talk.learned(at=talk.at, can_meet="no")
    answered = no.agent_says("I have read your message.", at=no.at)
    assert {Move.DECLINE, Move.OFFER_CHOICE} <= {*answered.plan.kinds}


def test_what_we_cannot_know_yet_is_said_with_who_finds_out():
    talk = said("Where is my parcel?", "We have to ask the courier.", "And?")
    assert talk.situation.waiting_for_news
    assert any("who finds out" in step.because for step in talk.plan.moves)
    done = talk.agent_says("I have refunded the fee.", at=talk.at)
    assert not done.situation.waiting_for_news


FAILING = ("Nobody collected it again.", "I'm sorry. Please book a new collection on our website.")


def test_a_failing_collection_over_nine_rounds_goes_up():
    talk = said(*FAILING * 9)
    facts = talk.situation
    assert facts.rounds_without_deed == 8
    assert facts.repeated_advice == 8
    assert talk.tier == "agent"
    assert talk.escalation.tier in ("senior agent", "supervisor")
    assert talk.escalation.escalates
    avoided = {each.text for each in talk.plan.avoid}
    assert "the same advice, link or question again" in avoided
    assert any("Do one thing now" in each.text for each in talk.plan.agent)


def test_a_case_that_goes_up_is_told_so():
    talk = said(*FAILING * 6, "And now?")
    assert talk.situation.goes_up
    assert Move.SEEK_HELP in talk.plan.kinds
    told = talk.agent_says(
        "I am passing this to my supervisor, who will call you today.", at=talk.at
    )
    assert not told.situation.goes_up


def test_a_deed_ends_the_count_and_thanks_do_not_count():
    talk = said(*FAILING * 3)
    assert (
        talk.agent_says("I have refunded the fee.", at=talk.at).situation.rounds_without_deed == 0
    )
    assert talk.offered("a voucher", at=talk.at).situation.rounds_without_deed == 0
    thanked = talk.customer_says("thank you so much", at=talk.at)
    assert thanked.situation.rounds_without_deed == talk.situation.rounds_without_deed
    talk = talk.promised("a call", due=talk.at, at=talk.at)
    assert talk.kept("a call", at=talk.at).situation.repeated_advice == 0


@pytest.mark.parametrize(
    ("first", "again", "repeated"),
    [
        ("Please restart the router first.", "First please restart the router.", 1),
        ("See https://x.example/help", "Try this: https://x.example/help", 1),
        ("What is your order number please?", "What is your order number please?", 1),
        ("Please restart the router first.", "Please open the front cover.", 0),
        ("I am so sorry about this trouble.", "I am so sorry about this trouble.", 0),
    ],
)
def test_the_same_advice_link_or_question_is_noticed(first, again, repeated):
    talk = said("It does not work.", first, "It still does not work.", again)
    assert talk.situation.repeated_advice == repeated


def test_promises_without_a_time_are_counted():
    talk = said("Where is it?", "We'll get back to you shortly.", "When?", "We'll call you soon.")
    assert talk.situation.untimed_promises == 2
    assert "another promise without a time" in {each.text for each in talk.plan.avoid}


def test_silence_after_a_question_is_seen():
    talk = said("My parcel is late.", "What is your order number?")
    talk = talk.waited(at=talk.at + timedelta(minutes=30))
    assert talk.situation.silent_minutes == 30
    assert any("Ask once more" in each.text for each in talk.plan.agent)
    assert talk.customer_says("48213", at=talk.at).situation.silent_minutes == 0


def test_growing_cold_is_not_growing_calm():
    heat = "You useless idiots! I am furious, I have waited for weeks and nobody ever answers me!"
    talk = said(heat, "Sorry.", "Fine. Whatever.")
    assert talk.situation.cooling
    assert not said(heat, "Sorry.", "Thank you.").situation.cooling
    assert not said("Hello there, my parcel is late.", "Sorry.", "Fine.").situation.cooling


def test_contacts_count_the_same_for_all():
    talk = said("This is the third time I am writing!")
    assert talk.situation.contacts == talk.facts["contacts"] == 3
    assert said("hello").situation.contacts == 1
    assert said("I am writing again.").facts["contacts"] in (1, 2)


def test_an_opening_and_nothing_more_has_all_facts():
    talk = BOOK.replay([Opened(at=AT)])
    assert {*talk.situation.facts} <= {*talk.facts}
