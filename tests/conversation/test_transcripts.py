"""Conversations from elsewhere are read, or refused with the place and the reason."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Opened,
    events_to_json_lines,
    from_convokit,
    from_lines,
    from_messages,
    read_transcript,
)
from deescalate.errors import SettingError, TranscriptError
from deescalate.testing.conversation import events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def said(course):
    return [(type(event).__name__, event.text) for event in course if hasattr(event, "text")]


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=30))))
def test_law_a_message_list_keeps_every_word_in_order(turns):
    messages = [{"role": role, "content": text} for role, text in turns]
    course = from_messages(messages, opened_at=AT)
    kinds = {"user": "CustomerSaid", "assistant": "AgentSaid"}
    assert said(course) == [(kinds[role], text) for role, text in turns]
    assert [event.at for event in course] == sorted(event.at for event in course)


@given(events(max_size=5))
def test_law_our_own_json_lines_are_recognised(course):
    if any(isinstance(event, CustomerSaid | AgentSaid) for event in course):
        assert read_transcript(events_to_json_lines(course), opened_at=AT) == course


@given(st.text() | st.text('{}[]":,\n customeragent'))
def test_law_any_text_is_a_transcript_or_a_clear_refusal(text):
    try:
        read_transcript(text, opened_at=AT)
    except TranscriptError as error:
        assert str(error)


@pytest.mark.parametrize(
    "text",
    [
        "customer: hi\nagent: hello\n  there",
        "# a note\n\nUser: hi\nAssistant: hello\n\tthere\n",
        json.dumps([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello\nthere"}]),
        json.dumps({"messages": [{"role": "human", "content": "hi"}, {"role": "ai", "content": "hello\nthere"}]}, indent=1),
        json.dumps({"turns": [{"role": "customer", "text": "hi"}, {"role": "agent", "text": "hello\nthere"}]}),
        '{"role": "user", "content": "hi"}\n{"role": "assistant", "content": "hello\\nthere"}\n',
        "\ufeffcustomer: hi\nagent: hello\n there",
    ],
)  # fmt: skip
def test_every_known_format_reads_the_same(text):
    course = read_transcript(text, opened_at=AT)
    assert said(course) == [("CustomerSaid", "hi"), ("AgentSaid", "hello\nthere")]
    assert isinstance(course[0], Opened)


def test_messages_without_words_are_no_turns():
    course = from_messages(
        [
            {"role": "system", "content": "be kind"},
            {"role": "user", "content": [{"type": "text", "text": "see"}, {"type": "image_url"}], "id": "m1"},
            {"role": "assistant", "content": None, "tool_calls": []},
            {"role": "tool", "content": "42"},
            {"role": "user", "content": [{"type": "image_url"}]},
        ],
        opened_at=AT,
        turn_seconds=30,
    )  # fmt: skip
    assert said(course) == [("CustomerSaid", "see")]
    assert course[1].turn_id == "m1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("customer: hi\nbot: hello", "line 2: unknown role `bot`"),
        ("custmer: hi", "did you mean `customer`?"),
        ("hello there", "line 1: `hello there` names nobody"),
        ("", "there is no turn in it"),
        ("system: be kind", "there is no turn in it"),
        ('[{"role": "user", "content": "hi"}', "line 1: not JSON"),
        ('[{"role": "user"\n"content": 5}]', "line 2: not JSON"),
        ("[5]", "message 1: `5` is not a mapping"),
        ('[{"content": "hi"}]', "message 1: `role` is missing"),
        ('[{"role": "user", "content": 5}]', "`content` is `5`"),
        ('[{"role": 5, "content": "x"}]', "message 1: unknown role `5`"),
        ('{"messages": 5}', "expected a list of messages"),
        ("[" * 100_000, "not JSON"),
        ('{"role": "user", "content": "hi"}\n{"role": "x", "content": "hi"}', "line 2: unknown role"),
        ('{"event": "opened", "at": "2026-01-05T09:00Z"}\n{"event": "x"}', "line 2: unknown event"),
    ],
)  # fmt: skip
def test_a_transcript_that_cannot_be_read_says_where_and_why(text, message):
    with pytest.raises(TranscriptError) as caught:
        read_transcript(text, opened_at=AT)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_time_between_turns_is_a_setting():
    first, second = from_lines("customer: a\nagent: b", opened_at=AT, turn_seconds=5)[1:]
    assert second.at - first.at == timedelta(seconds=5)
    with pytest.raises(SettingError, match="turn_seconds"):
        from_lines("customer: a", opened_at=AT, turn_seconds=-1)


def test_convokit_utterances_are_read_in_order_of_time():
    utterances = [
        {"id": "u2", "speaker": {"id": "desk"}, "text": "hello", "timestamp": 60},
        {"id": "u1", "user": "ann", "text": "hi", "timestamp": "0"},
    ]
    course = from_convokit(utterances, is_customer=lambda name: name == "ann")
    assert said(course) == [("CustomerSaid", "hi"), ("AgentSaid", "hello")]
    assert course[0].at == course[1].at
    assert from_convokit([], is_customer=bool)[0].at.year == 1970
    untimed = from_convokit(
        [{"speaker": "ann", "text": "hi", "id": 5}], is_customer=bool, opened_at=AT
    )
    assert untimed[1].at == AT
    assert untimed[1].turn_id == ""


@pytest.mark.parametrize(
    "utterance", [{"text": "hi"}, {"speaker": "a"}, {"speaker": "a", "text": "b", "timestamp": "x"}]
)
def test_a_broken_utterance_is_named(utterance):
    with pytest.raises(TranscriptError, match="utterance 1"):
        from_convokit([utterance], is_customer=bool)
