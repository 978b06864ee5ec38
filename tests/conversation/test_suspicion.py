"""What is not sure: a danger that is possible, and a message that could not be understood."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import AgentSaid, CustomerSaid, Offered, Resolved, Waited
from deescalate.cues import Cue, CueKind, Span
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook
from deescalate.reading import EnglishReader

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SIGNS = {"dark": CueKind.THREAT_SELF_HARM, "red": CueKind.THREAT_VIOLENCE}
DARK, BLOOD = "it all looks dark to me", "the sea turns red"
KINDS = {DARK: "self_harm", BLOOD: "violence"}
FRENCH = "où est mon colis, personne ne me répond"
QUIET = ("ok", "where is my order?", "thank you so much", "yes, do that please", "", FRENCH)
SAID = ("I am here with you.", "Here is your refund.", "Are you safe right now?", "Goodbye.")


class Unsure:
    """Reads English, and hears in two words what may be danger."""

    def read(self, text):
        reading = EnglishReader().read(text)
        signs = tuple(
            Cue(kind=kind, span=Span(0, len(text)), quote=text, sure="sure" in text)
            for word, kind in SIGNS.items()
            if word in text
        )
        return evolve(reading, cues=(*signs, *reading.cues))


BOOK = evolve(Playbook.default(), reader=Unsure())


def said(*texts):
    """A customer and an agent in turn, a minute apart."""
    talk = BOOK.open(at=AT)
    for number, text in enumerate(texts):
        at = talk.at + timedelta(minutes=1)
        talk = talk.agent_says(text, at=at) if number % 2 else talk.customer_says(text, at=at)
    return talk


@st.composite
def quiet_events(draw):
    """What may come after a sign that is not sure, without an answer and without another sign."""
    at, course = AT, []
    for _ in range(draw(st.integers(1, 6))):
        at += timedelta(minutes=draw(st.sampled_from([0, 1, 60, 3_000])))
        kinds = (
            CustomerSaid(at=at, text=draw(st.sampled_from(QUIET))),
            AgentSaid(at=at, text=draw(st.sampled_from(SAID))),
            Waited(at=at),
            Resolved(at=at),
            Offered(at=at, what="a refund"),
        )
        course.append(draw(st.sampled_from(kinds)))
    return course


@given(quiet_events(), st.sampled_from([DARK, BLOOD]))
def test_law_a_danger_that_is_not_sure_is_asked_about_until_there_is_an_answer(course, sign):
    talk, heard = BOOK.open(at=AT).customer_says(sign, at=AT), 0
    for event in course:
        before = talk
        talk = talk.then(event)
        heard += isinstance(event, CustomerSaid)
        asked = before.history.safety_asked and isinstance(event, CustomerSaid)
        if asked and event.text.startswith(("yes", "ok")):
            assert not talk.danger.unanswered
            return
        assert sign in talk.handover(masked=False).warnings[0]
        assert talk.danger.suspected_at == AT
        if heard == 2:
            assert talk.situation.danger_suspected == "none"
            return
        assert talk.situation.danger_suspected == KINDS[sign]
        assert talk.situation.danger == "none"
        assert talk.plan.phase is not Phase.SAFETY
        assert talk.plan.kinds[0] is Move.SAFETY_CHECK
        assert not talk.escalation.safety
    again = talk.customer_says(sign, at=talk.at)
    assert again.situation.danger == KINDS[sign]
    assert again.situation.danger_suspected == "none"
    assert again.plan.phase is Phase.SAFETY
    assert again.escalation.safety


@given(quiet_events(), st.sampled_from([DARK, BLOOD]))
def test_law_a_danger_that_is_not_sure_moves_no_tier(course, sign):
    plain = BOOK.open(at=AT).customer_says("it is so", at=AT)
    unsure = BOOK.open(at=AT).customer_says(sign, at=AT)
    assert unsure.escalation.tier == plain.escalation.tier == "agent"
    for event in course:
        unsure = unsure.then(event)
        assert unsure.escalation.tier not in {"security", "safeguarding"}


@pytest.mark.parametrize(
    ("sign", "question", "answer", "safe"),
    [
        (DARK, "Are you safe right now?", "Yes, I'm fine, I only want my parcel and a reply", True),
        (DARK, "Are you safe right now?", "it's just a figure of speech", True),
        (DARK, "Are you thinking of harming yourself?", "No, of course not, where is it?", True),
        (DARK, "Are you thinking of harming yourself?", "Yes.", False),
        (DARK, "Are you safe right now?", "No.", False),
        (DARK, "Are you safe right now?", "where is my parcel?", False),
        (BLOOD, "Do you mean to hurt anyone?", "no, I am just angry", True),
        (BLOOD, "Do you mean to hurt anyone?", "yes", False),
        (BLOOD, "Is anyone in danger?", "nobody is in danger, calm down", True),
        (DARK, "What happened?", "Yes", False),
    ],
)
def test_an_answer_that_they_are_safe_ends_what_was_suspected(sign, question, answer, safe):
    talk = said(sign, question, answer)
    assert (talk.situation.danger_suspected == "none") is safe
    assert talk.situation.danger == "none"
    assert not talk.situation.danger_watched
    assert (Move.SAFETY_CHECK in talk.plan.kinds) is not safe


def test_a_sure_sign_leaves_nothing_to_suspect():
    talk = said(DARK, "ok", "sure, red everywhere")
    assert talk.danger.open == ("violence",)
    assert talk.danger.suspected == "none"
    later = talk.customer_says(DARK, at=talk.at)
    assert (later.danger.open, later.danger.suspected) == (("violence",), "none")
    both = said("dark and red, for sure")
    assert both.danger.open == ("self_harm", "violence")
    assert both.danger.because == "dark and red, for sure"


def test_two_kinds_in_one_message_are_one_sign():
    assert said("dark, and red").situation.danger == "none"
    assert said("dark, and red", "ok", "dark").danger.open == ("self_harm",)


def test_the_host_may_suspect_danger_and_say_that_it_is_none():
    talk = BOOK.open(at=AT).learned(at=AT, danger_suspected="violence")
    assert talk.plan.kinds[0] is Move.SAFETY_CHECK
    assert "danger is possible" in talk.handover().warnings[0]
    assert talk.learned(at=AT, fault="ours").situation.danger_suspected == "violence"
    assert talk.learned(at=AT, danger_suspected="none").situation.danger_suspected == "none"
    assert talk.learned(at=AT, danger="none").situation.danger_suspected == "none"
    assert talk.cleared(at=AT).situation.danger_suspected == "none"
    opened = talk.learned(at=AT, danger="self_harm")
    assert opened.situation.danger_suspected == "none"
    assert opened.learned(at=AT, danger_suspected="violence").danger == opened.danger


# --- what was not understood ----------------------------------------------------------------


@given(st.lists(st.sampled_from([*QUIET, "I am furious!!", "Goodbye."]), min_size=0, max_size=6))
def test_law_nothing_is_calm_about_a_message_that_was_not_understood(before):
    talk = said(*before)
    unread = talk.customer_says(FRENCH, at=talk.at)
    assert unread.situation.not_understood
    assert unread.plan.phase is not Phase.CLOSING
    assert Move.SEEK_HELP in unread.plan.kinds
    assert not unread.situation.agreed
    assert not unread.situation.cooling
    assert unread.situation.manner != "silent"
    if unread.plan.phase is Phase.ISSUE:
        assert Move.CLOSED_QUESTION in unread.plan.kinds
        assert unread.advice.ask_for == "in which language they would like to go on"
    assert any(FRENCH in warning for warning in unread.handover(masked=False).warnings)
    read = unread.customer_says("Where is my parcel? Nobody answers me", at=unread.at)
    assert not read.situation.not_understood


def test_how_often_they_were_not_understood_is_in_the_handover():
    talk = said(FRENCH, "Sorry?", FRENCH)
    assert "not understood: 2 messages" in talk.handover().warnings[0]
    assert talk.advice.plan.phase is Phase.ISSUE
    furious = said("I am furious, this is a disgrace, you useless liars!", "Hello.", FRENCH)
    assert furious.advice.ask_for in {"", "in which language they would like to go on"}


def test_what_nobody_asked_about_stays_in_the_handover_until_somebody_says_that_it_is_none():
    talk = said(DARK, "ok", "where is it?", "ok", "well?")
    assert talk.situation.danger_suspected == "none"
    assert DARK in talk.handover().warnings[0]
    assert talk.customer_says(DARK, at=talk.at).situation.danger_suspected == "self_harm"
    assert not talk.cleared(at=talk.at).handover().warnings


@pytest.mark.parametrize(
    ("answer", "safe"), [("Yes, thanks for asking.", True), ("Yes, thanks for asking me.", False)]
)
def test_a_bare_yes_to_an_open_danger_has_four_words_at_most(answer, safe):
    talk = said("I can't go on, I want to kill myself", "Are you safe right now?", answer)
    assert (talk.situation.danger == "none") is safe


# --- what they say is mended ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "settled"),
    [
        ("It's working now, thanks", True),
        ("Solved it myself", True),
        ("It's working now. And where is my refund?", False),
        ("It's working now but you charged me twice", False),
        ("It's not working now", False),
        ("I hope it's fixed now", False),
    ],
)
def test_what_they_say_is_mended_is_settled(last, settled):
    talk = said("The app stopped working, why is that?", "Which version is it?", last)
    assert talk.situation.resolved is settled
    assert (talk.situation.open_matters == 0) is settled
    assert (talk.plan.phase is Phase.CLOSING) is settled


def test_a_case_that_goes_up_is_told_until_somebody_was_brought_in():
    talk = said("I want a supervisor!", "My supervisor is joining us now.", "ok")
    assert talk.escalation.tier == "supervisor"
    assert not talk.situation.goes_up
    assert not talk.agent_says("One moment.", at=talk.at).situation.goes_up


def test_a_question_to_one_who_is_not_understood_reopens_what_was_agreed():
    talk = said("The fee is wrong", "I can refund it, would you like that?", "yes please", "Good.")
    assert talk.situation.agreed
    assert not talk.customer_says(FRENCH.replace("?", ""), at=talk.at).situation.agreed


def test_one_odd_word_with_a_cue_is_understood():
    assert not said("Thankx").situation.not_understood
    assert said("Danke").situation.not_understood


@pytest.mark.parametrize("answer", ["Yes. It all looks dark to me", "I'm safe, but it is dark"])
def test_a_yes_with_another_sign_in_it_is_no_answer(answer):
    talk = said(DARK, "Are you safe right now?", answer)
    assert talk.situation.danger == "self_harm"


def test_many_odd_words_are_not_understood_whatever_cue_is_among_them():
    assert said(f"{FRENCH} dark").situation.not_understood
