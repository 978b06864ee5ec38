"""Whose a danger is: a threat against us, a victim who asks for help, a friend who is in danger."""

from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import Danger
from deescalate.cues import Cue, CueKind, Reading, Span
from deescalate.guard._fallbacks import fallback_for
from deescalate.moves import Move
from deescalate.playbook import Playbook

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
VIOLENCE, SELF_HARM = CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM
PARTIES = (None, "customer", "firm", "other", "thing")


def sign(kind, by, *, sure=True):
    return Cue(kind=kind, span=Span(0, 3), quote="He.", sure=sure, by=by)


class Told:
    """Reads the same cues in whatever is said."""

    def __init__(self, *cues):
        self.cues = cues

    def read(self, text):  # noqa: ARG002
        return Reading(cues=self.cues)


def talk(*cues):
    book = evolve(Playbook.default(), reader=Told(*cues))
    return book.open(at=AT).customer_says("He. Please help me.", at=AT)


@pytest.mark.parametrize(
    ("kind", "by", "tier", "made", "not_made"),
    [
        (VIOLENCE, "customer", "security", Move.CALL_SECURITY, Move.SAFETY_CHECK),
        (VIOLENCE, None, "security", Move.CALL_SECURITY, Move.SAFETY_CHECK),
        (VIOLENCE, "other", "safeguarding", Move.SAFETY_CHECK, Move.CALL_SECURITY),
        (VIOLENCE, "firm", "safeguarding", Move.SAFETY_CHECK, Move.CALL_SECURITY),
        (SELF_HARM, "other", "safeguarding", Move.SAFETY_CHECK, Move.CALL_SECURITY),
        (SELF_HARM, "customer", "safeguarding", Move.SAFETY_CHECK, Move.CALL_SECURITY),
    ],
)
def test_a_victim_is_asked_and_a_threat_brings_security(kind, by, tier, made, not_made):
    case = talk(sign(kind, by))
    assert case.escalation.tier == tier
    assert made in case.plan.kinds
    assert not_made not in case.plan.kinds


def test_the_note_says_whose_danger_it_is():
    said = {
        (kind, by): talk(sign(kind, by)).handover().warnings[0]
        for kind in (VIOLENCE, SELF_HARM)
        for by in ("customer", "other")
    }
    assert "tell security" in said[VIOLENCE, "customer"]
    assert "tell nobody where they are" in said[VIOLENCE, "other"]
    assert "ask where that person is" in said[SELF_HARM, "other"]
    assert len(set(said.values())) == 4


def test_a_victim_is_not_told_that_security_comes():
    victim, threat = (talk(sign(VIOLENCE, by)) for by in ("other", "customer"))
    assert fallback_for(victim, goes_up=True, with_person=False).occasion == "self harm"
    assert fallback_for(threat, goes_up=True, with_person=False).occasion == "violence"


@given(st.lists(st.tuples(st.sampled_from([VIOLENCE, SELF_HARM]), st.sampled_from(PARTIES))))
def test_law_a_danger_is_of_others_only_where_every_sure_sign_says_so(signs):
    danger = Danger().seen(tuple(sign(*each) for each in signs), at=AT)
    others = {by for _, by in signs} <= {"other", "firm"}
    assert (danger.comes_from == "other") == (others and bool(signs))
    again = danger.seen((sign(VIOLENCE, "customer"),), at=AT)
    assert again.comes_from != "other"


def test_a_sign_that_is_not_sure_says_nothing_of_whose_it_is():
    danger = Danger().seen((sign(VIOLENCE, "other", sure=False),), at=AT)
    assert (danger.suspected, danger.comes_from) == ("violence", "unknown")


def test_whoever_threatens_the_firm_is_no_victim():
    against_us = evolve(sign(VIOLENCE, "other"), against="firm")
    assert Danger().seen((against_us,), at=AT).comes_from == "unknown"
