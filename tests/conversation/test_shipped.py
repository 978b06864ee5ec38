"""The shipped conversations, as a coach would read them: what must be so, turn by turn."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from deescalate.conversation import Conversation, CustomerSaid, read_transcript
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook

SHIPPED = Path(__file__).resolve().parents[2] / "examples" / "conversations"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
CALM = ("stolen_card", "thanks_with_a_log", "wrong_item_charged_twice", "cannot_know_yet")


@cache
def talk_of(name: str) -> Conversation:
    [path] = SHIPPED.glob(f"{name}.*")
    return BOOK.replay(read_transcript(path.read_text("utf-8"), opened_at=AT))


def said(name: str):
    """The customer's turns."""
    return [turn for turn in talk_of(name).turns if isinstance(turn.event, CustomerSaid)]


def plans(name: str):
    return [turn.plan for turn in said(name)]


@pytest.mark.parametrize("name", [path.stem for path in sorted(SHIPPED.iterdir())])
def test_every_shipped_conversation_is_advised_and_handed_over(name):
    talk = talk_of(name)
    assert talk.handover().story
    assert all(plan.moves for plan in plans(name))
    assert all(len(plan.moves) <= BOOK.strategy.longest for plan in plans(name))


def test_nine_rounds_without_a_deed_go_up_and_are_told():
    turns = said("failing_collection")
    tiers = [turn.escalation.tier for turn in turns]
    assert set(tiers[:5]) <= {"agent", "senior agent"}
    assert tiers[4] == "senior agent"
    assert tiers[9] == "supervisor"
    assert not any(turn.plan.phase is Phase.CLOSING for turn in turns[:-1])
    assert Move.SEEK_HELP in turns[9].plan.kinds
    assert turns[9].situation.rounds_without_deed >= 5
    assert "the same advice, link or question again" in [each.text for each in turns[9].plan.avoid]
    assert turns[10].situation.rounds_without_deed == 0


def test_a_plan_to_die_is_not_forgotten_in_quiet_turns():
    turns = said("plan_with_quiet_turns")
    assert turns[0].plan.phase is Phase.ISSUE
    assert all(turn.plan.phase is Phase.SAFETY for turn in turns[1:7])
    assert all(turn.escalation.tier == "safeguarding" for turn in turns[1:])
    assert all(turn.situation.danger_watched for turn in turns[7:])
    assert all(Move.REASSURE in turn.plan.kinds for turn in turns[7:])
    assert not any(turn.plan.phase is Phase.CLOSING for turn in turns)
    assert "there was danger" in talk_of("plan_with_quiet_turns").handover().warnings[0]


def test_an_exception_is_answered_and_a_no_is_not_the_end():
    turns = said("exception_asked")
    assert turns[0].situation.exception_asked
    assert Move.INFORM in turns[0].plan.kinds
    avoided = [each.text for each in turns[0].plan.avoid]
    assert "quoting the rule as if it were the answer" in avoided
    assert turns[2].situation.unanswered
    assert turns[2].plan.phase is Phase.ISSUE
    assert turns[-1].plan.phase is Phase.CLOSING


def test_a_stolen_card_is_no_danger():
    turns = said("stolen_card")
    assert not any(turn.escalation.safety for turn in turns)
    assert all(turn.situation.danger == "none" for turn in turns)


def test_a_log_is_not_what_they_said():
    turns = said("thanks_with_a_log")
    assert [turn.escalation.tier for turn in turns] == ["agent"] * 3
    assert turns[1].emotion.distress < 0.3
    assert all(turn.plan.phase is Phase.CLOSING for turn in turns[1:])
    assert not any("99120" in told.quote for told in talk_of("thanks_with_a_log").told)


def test_german_at_an_english_desk_is_offered_somebody_who_reads_it():
    for turn in said("german_at_an_english_desk"):
        assert turn.situation.not_understood
        assert Move.SEEK_HELP in turn.plan.kinds
        assert Move.CLOSED_QUESTION in turn.plan.kinds
    warning = talk_of("german_at_an_english_desk").handover().warnings[0]
    assert warning.startswith("not understood: 4 messages")


def test_a_private_loss_meets_sympathy_and_no_regret():
    turns = said("private_bereavement")
    assert turns[0].situation.not_our_doing
    assert Move.EMPATHISE in turns[0].plan.kinds
    regret = {Move.APOLOGISE, Move.OWN_RESPONSIBILITY}
    assert all(regret.isdisjoint(turn.plan.kinds) for turn in turns)
    assert turns[-1].plan.phase in (Phase.ISSUE, Phase.CLOSING)


def test_who_cannot_know_yet_says_who_finds_out():
    turns = said("cannot_know_yet")
    assert turns[1].situation.waiting_for_news
    assert Move.INFORM in turns[1].plan.kinds
    assert Move.INFORM in turns[2].plan.kinds
    assert turns[-1].plan.phase is Phase.CLOSING


def test_two_faults_of_ours_are_owned_and_mended():
    turns = said("wrong_item_charged_twice")
    assert turns[0].situation.fault == "ours"
    assert turns[0].situation.open_matters == 2
    assert {Move.APOLOGISE, Move.OWN_RESPONSIBILITY} <= {*turns[0].plan.kinds}
    assert not any(turn.plan.phase is Phase.CLOSING for turn in turns[:-1])
    assert turns[-1].plan.phase is Phase.CLOSING


def test_growing_cold_is_not_calm():
    turns = said("growing_shorter")
    assert turns[2].situation.cooling
    assert turns[3].situation.cooling
    assert turns[3].escalation.tier in ("senior agent", "supervisor")
    assert not turns[4].situation.cooling
    assert not any(turn.plan.phase is Phase.CLOSING for turn in turns[:4])


@pytest.mark.parametrize("name", CALM)
def test_nobody_is_sent_up_over_what_is_solved_where_it_stands(name):
    tiers = {turn.escalation.tier for turn in said(name)}
    assert tiers.isdisjoint({"security", "safeguarding", "supervisor", "manager"})
