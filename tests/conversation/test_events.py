"""Events are values, and survive being written down."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    CustomerSaid,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Waited,
    event_from_mapping,
    events_from_json_lines,
    events_to_json_lines,
)
from deescalate.errors import EventError, SettingError, TranscriptError
from deescalate.money import Money
from deescalate.promises import Word
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@given(events())
def test_law_events_go_to_json_lines_and_back(course):
    assert events_from_json_lines(events_to_json_lines(course)) == course


@given(st.text() | st.text('{}[]":,\n event'))
def test_law_any_text_is_events_or_a_clear_refusal(text):
    try:
        events_from_json_lines(text)
    except TranscriptError as error:
        assert str(error).startswith("line ")


def test_every_kind_of_event_survives():
    course = (
        Opened(at=AT, case="7", history=("closed once",)),
        Learned(at=AT, facts={"fault": "ours", "minutes_waiting": 4, "vulnerable": True}),
        Offered(at=AT, what="money", amount=Money(Decimal("12.50"), "GBP")),
        PromiseNoted(at=AT, name="call", word=Word.MOVED, due=AT, because="asked"),
        CustomerSaid(at=AT, text="\ud800 lone", turn_id="c1"),
    )
    assert events_from_json_lines(events_to_json_lines(course)) == course
    assert {hash(event) for event in course}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, ["unknown event", "`None`", "customer_says"]),
        ({"event": "custmer_says"}, ["did you mean `customer_says`?"]),
        ({"event": "waited"}, ["waited", "`at` is missing"]),
        ({"event": "waited", "at": "2026-01-05T09:00:00"}, ["aware datetime"]),
        ({"event": "waited", "at": "yesterday"}, ["`yesterday`", "ISO 8601"]),
        ({"event": "waited", "at": 5}, ["`5`", "ISO 8601"]),
        ({"event": "waited", "at": "2026-01-05T09:00Z", "txt": 1}, ["unknown `txt`"]),
        ({"event": "opened", "format": 0}, ["format is `0`: expected 1 or later"]),
        ({"event": "customer_says", "at": "2026-01-05T09:00Z", "text": 5}, ["`5`", "a text"]),
        ({"event": "learned", "at": "2026-01-05T09:00Z", "facts": []}, ["a mapping of names"]),
        ({"event": "learned", "at": "2026-01-05T09:00Z", "facts": {"a": []}}, ["facts.a"]),
        (
            {"event": "promise_noted", "at": "2026-01-05T09:00Z", "name": "x", "word": "?"},
            ["one of made"],
        ),
        (
            {"event": "offered", "at": "2026-01-05T09:00Z", "what": "x", "amount": 5},
            ["a mapping of `amount` and `currency`"],
        ),
        (
            {
                "event": "offered",
                "at": "2026-01-05T09:00Z",
                "what": "x",
                "amount": {"amount": "lots", "currency": "EUR"},
            },
            ["`lots`", "a decimal number"],
        ),
    ],
)
def test_bad_events_are_refused_with_what_was_allowed(data, words):
    with pytest.raises(TranscriptError) as caught:
        event_from_mapping(data)
    for word in words:
        assert word in str(caught.value)


def test_a_line_that_is_not_an_object_is_named():
    good = json.dumps({"event": "waited", "at": AT.isoformat()})
    with pytest.raises(TranscriptError, match=r"^line 3: not JSON"):
        events_from_json_lines(f"{good}\n\n{{broken\n")
    with pytest.raises(TranscriptError, match=r"^line 1: .*not a JSON object"):
        events_from_json_lines("[]")


def test_events_check_their_own_values():
    with pytest.raises(SettingError, match="aware"):
        Waited(at=datetime(2026, 1, 5))  # noqa: DTZ001  a naive time is the point
    with pytest.raises(SettingError, match="a text"):
        CustomerSaid(at=AT, text=None)
    with pytest.raises(EventError, match="before it was made"):
        Promised(at=AT, what="a call", due=AT.replace(hour=8))
