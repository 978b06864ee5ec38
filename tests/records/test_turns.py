"""Turns as columns: a row each, the same numbers as the conversation has, and not a word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from deescalate.conversation import CustomerSaid
from deescalate.errors import SettingError
from deescalate.playbook import Playbook
from deescalate.records import turn_columns
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


def talk():
    begun = BOOK.open(at=AT.astimezone(ZoneInfo("Asia/Kolkata")), case="7")
    begun = begun.customer_says("I am furious, I want a manager!", at=AT, turn_id="t1")
    begun = begun.agent_says("Calm down. I am sorry about that.", at=AT + timedelta(minutes=1))
    return begun.customer_says("Thank you.", at=AT + timedelta(minutes=2))


@given(events())
def test_law_a_row_is_a_turn_and_every_column_is_as_long(course):
    said = BOOK.replay(course)
    table = turn_columns([said, said])
    assert {len(column) for column in table.values()} == {2 * len(said.turns)}
    for row, turn in enumerate(said.turns):
        assert table["turn"][row] == row + 1
        assert table["at"][row].timestamp() == turn.event.at.timestamp()
        assert table["tracked_low"][row] <= table["tracked"][row] <= table["tracked_high"][row]
        assert table["tracked"][row] == turn.emotion.distress
        assert table["openness"][row] == turn.emotion.openness
        assert table["phase"][row] == turn.plan.phase
        assert (table["read"][row] is None) is not isinstance(turn.event, CustomerSaid)
        assert (table["score"][row] is None) is (turn.review is None)


def test_a_row_tells_what_a_turn_came_to():
    said = talk()
    table = turn_columns([said])
    first, second, _ = said.turns
    assert table["case"] == ["7"] * 3
    assert table["turn_id"] == ["t1", "", ""]
    assert table["who"] == ["customer", "agent", "customer"]
    assert [at.tzinfo for at in table["at"]] == [UTC] * 3
    assert table["read"] == [first.reading.distress, None, said.turns[2].reading.distress]
    assert set(table["cues"][0]) == {kind.value for kind in first.reading.kinds}
    assert table["cues"][1] == []
    assert table["moves"][0] == []
    assert "apologise" in table["moves"][1]
    assert table["plan"][0] == [move.value for move in first.plan.kinds]
    assert table["tier"][0] == first.escalation.tier
    assert table["escalated"][0] is first.escalated
    assert table["emotion"][0] == first.emotion.dominant
    assert table["score"][1] == second.review.score
    assert table["findings"] == [[], list(second.review.codes), []]


def test_the_interval_is_as_sure_as_is_asked():
    narrow, wide = (turn_columns([talk()], level=level) for level in (0.5, 0.99))
    for row in range(3):
        assert wide["tracked_low"][row] < narrow["tracked_low"][row]
        assert narrow["tracked_high"][row] < wide["tracked_high"][row]
    with pytest.raises(SettingError, match="level"):
        turn_columns([talk()], level=1.5)
    assert set(turn_columns([])) == set(narrow)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_take_the_columns_as_they_are(library):
    frames = pytest.importorskip(library, reason="a library of the caller's")
    frame = frames.DataFrame(turn_columns([talk(), talk()]))
    assert len(frame) == 6
    assert list(frame["who"])[:2] == ["customer", "agent"]
    assert frame["at"][0] == AT
    assert frame["plan"][0][0] == talk().turns[0].plan.kinds[0].value
    empty = frames.DataFrame(turn_columns([]))
    assert len(empty) == 0
