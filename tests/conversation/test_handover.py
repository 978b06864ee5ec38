"""The handover tells a human what they need, in the customer's own words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import CustomerSaid, read_transcript
from deescalate.conversation._handing_over import shortened
from deescalate.conversation._handover import Handover, OpenPromise, Quote
from deescalate.playbook import Playbook
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "conversations"


@given(events())
def test_law_cues_are_quoted_exactly(course):
    talk = BOOK.replay(course)
    words = [event.text for event in course if isinstance(event, CustomerSaid)]
    for cue in talk.handover(masked=False).cues:
        assert any(cue.quote in text for text in words)


@given(st.text(), st.integers(1, 60))
def test_law_what_is_shown_is_short(text, limit):
    assert len(shortened(text, limit)) <= max(len(text), limit + 1)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.stem)
def test_the_shipped_conversations_hand_over(path):
    talk = BOOK.replay(read_transcript(path.read_text("utf-8"), opened_at=AT))
    note = talk.handover()
    data = json.loads(note.to_json())
    assert data["tier"] == note.tier
    assert len(data["course"]) == sum(isinstance(event, CustomerSaid) for event in talk.events)
    for line in note.to_markdown().splitlines():
        assert len(line) <= 80
    assert "## The story" in note.to_markdown()


def test_numbers_and_addresses_are_masked_unless_asked_not_to():
    talk = BOOK.open(at=AT, history=["mail to ann@example.org"]).customer_says(
        "My card 4111 1111 1111 1111 was charged twice, I want my money back! Call +44 20 7946 0018",
        at=AT,
    )
    masked, plain = talk.handover(), talk.handover(masked=False)
    assert "4111" not in masked.to_json()
    assert "[card number]" in masked.to_json()
    assert "7946" not in masked.to_markdown()
    assert "example.org" not in masked.to_markdown()
    assert "4111 1111 1111 1111" in plain.to_json()


def test_every_part_is_told():
    note = Handover(
        case="7",
        at=AT,
        story=["it began"],
        tier="supervisor",
        because=("they asked",),
        warnings=("danger",),
        cues=(Quote(at=AT, kind="anger", quote="furious"),),
        offered=("a refund",),
        promised=(OpenPromise(what="a call", due=AT + timedelta(hours=1), standing="due_soon"),),
        history=("closed once",),
    )
    text = note.to_markdown(width=60)
    for words in ("Handover of 7 to supervisor", "danger", "they asked", "furious", "a refund",
                  "(due soon)", "closed once"):  # fmt: skip
        assert words in text


def test_a_long_story_tells_its_worst_moment_and_its_length():
    talk = BOOK.open(at=AT, history=["closed in May"])
    talk = talk.customer_says("my parcel is late", at=AT)
    talk = talk.customer_says("You idiots! I am furious!! I hate this!", at=AT + timedelta(hours=3))
    talk = talk.customer_says("I want a refund", at=AT + timedelta(days=3))
    story = " ".join(talk.handover().story)
    assert "at the worst" in story
    assert "3 days" in story
    assert "they want" in story
    hours = BOOK.open(at=AT).customer_says("hi", at=AT + timedelta(hours=5)).handover().story[0]
    assert "in 5 h" in hours
    assert BOOK.open(at=AT).handover().story == (
        "opened 2026-01-05 09:00 UTC, 0 messages and 0 replies in 0 min",
    )
