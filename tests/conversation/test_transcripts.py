"""Conversations from elsewhere are read, or refused with the place and the reason."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Opened,
    events_to_json_lines,
    from_columns,
    from_convokit,
    from_csv,
    from_lines,
    from_messages,
    from_ticket,
    from_whatsapp,
    read_transcript,
    read_transcripts,
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
    untimed = from_convokit(
        [{"speaker": "ann", "text": "hi", "id": 5}], is_customer=bool, opened_at=AT
    )
    assert untimed[1].at == AT
    assert untimed[1].turn_id == ""
    with pytest.raises(TranscriptError, match="give `opened_at`"):
        from_convokit([], is_customer=bool)


@pytest.mark.parametrize(
    "utterance",
    [5, {"text": "hi"}, {"speaker": "a"}, {"speaker": "a", "text": "b", "timestamp": "x"}],
)
def test_a_broken_utterance_is_named(utterance):
    with pytest.raises(TranscriptError, match="utterance 1"):
        from_convokit([utterance], is_customer=bool)


# --- times ---------------------------------------------------------------------------------------

moments = st.integers(315_532_800, 4_102_444_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)  # fmt: skip
WRITTEN = [
    lambda at: at.timestamp(),
    lambda at: int(at.timestamp()) * 1_000,
    lambda at: int(at.timestamp()) * 1_000_000,
    lambda at: str(int(at.timestamp())),
    lambda at: at.isoformat(),
    lambda at: at.isoformat().replace("+00:00", "Z"),
    lambda at: at.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(),
    lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"),
    lambda at: at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
    lambda at: at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
    lambda at: at,
    lambda at: at.replace(tzinfo=None),
]


@given(moments, st.sampled_from(WRITTEN), st.sampled_from(["created_at", "timestamp", "at", "ts"]))
def test_law_a_time_is_the_same_however_it_is_written(moment, write, key):
    course = from_messages([{"role": "user", "content": "hi", key: write(moment)}])
    assert [event.at for event in course] == [moment, moment]


@given(st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=8))
def test_law_a_turn_without_a_time_stays_between_its_neighbours(seconds):
    times = sorted(each for each in seconds if each is not None)
    queue = iter(times)
    messages = [
        {"role": "user", "content": str(place), "at": None if each is None else next(queue)}
        for place, each in enumerate(seconds)
    ]
    course = from_messages(messages, opened_at=AT)
    assert [event.text for event in course[1:]] == [str(place) for place in range(len(seconds))]
    at = [event.at.timestamp() for event in course[1:]]
    assert at == sorted(at)
    if times:
        assert (course[0].at.timestamp(), at[0]) == (min(times[0], AT.timestamp()), times[0])


def test_times_are_those_of_the_messages():
    course = from_messages(
        [
            {"role": "user", "content": "hi", "created_at": "2026-01-05T09:00:00Z"},
            {
                "role": "assistant",
                "content": "within an hour",
                "created_at": "2026-01-07T09:00:00Z",
            },
        ],
        opened_at=AT,
    )
    assert course[2].at - course[1].at == timedelta(days=2)
    day = from_messages([{"role": "user", "content": "hi", "date": date(2026, 1, 5)}], zone=ZoneInfo("Asia/Tokyo"))  # fmt: skip
    assert day[1].at.isoformat() == "2026-01-05T00:00:00+09:00"
    zoned = from_messages([{"role": "user", "content": "hi", "at": "20260105"}])
    assert zoned[1].at == datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("value", ["soon", True, 10**30, "2026-13-01", [5], "99999999999999999999999", "5 June"])  # fmt: skip
def test_a_time_that_is_none_is_named(value):
    with pytest.raises(TranscriptError, match=r"message 1: time is `.*ISO 8601"):
        from_messages([{"role": "user", "content": "hi", "at": value}])


def test_without_any_time_the_caller_says_when():
    with pytest.raises(TranscriptError, match="no turn has a time: give `opened_at`"):
        from_messages([{"role": "user", "content": "hi"}])
    with pytest.raises(TranscriptError, match="plain lines carry no day"):
        read_transcript("customer: hi")


# --- messages ------------------------------------------------------------------------------------

CALL = {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]}


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([{"role": "user", "content": ["hi", "my lamp is broken"]}], ["hi\nmy lamp is broken"]),
        ([{"role": "assistant", "content": [{"type": "refusal", "refusal": "I can't"}]}], ["I can't"]),
        ([{"role": "assistant", "content": None, "refusal": "I can't"}], ["I can't"]),
        ([{"role": "developer", "content": "x"}, CALL, {"role": "tool", "content": [{"type": "text", "text": "{}"}]}], []),
        ([{"role": "assistant", "content": "", "tool_calls": [{}]}], []),
        ([{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
          {"type": "function_call", "name": "f", "arguments": "{}"}, {"type": "function_call_output", "output": "{}"},
          {"type": "reasoning", "summary": []},
          {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]}], ["hi", "hello"]),
        ([{"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "text": "hm"}, {"type": "text", "text": "yes"}]}], ["yes"]),
        ([{"role": "user", "content": [{"type": "tool_result", "content": "42"}]}], []),
        ([{"role": "user", "content": [{"type": "text", "text": {"value": "hi", "annotations": []}}]}], ["hi"]),
        ([{"role": "model", "parts": [{"text": "hello"}]}], ["hello"]),
        ([{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["hi", "there"]}}], ["hi\nthere"]),
        ([{"type": "human", "data": {"content": "hi", "type": "human"}}, {"type": "ai", "content": "hello"}], ["hi", "hello"]),
        ([{"role": "user", "name": "ann", "content": {"type": "text", "text": "hi"}}], ["hi"]),
        ([{"role": "user", "content": [None, "hi"]}], ["hi"]),
    ],
)  # fmt: skip
def test_messages_are_read_in_all_their_forms(messages, words):
    assert [text for _, text in said(from_messages(messages, opened_at=AT))] == words


def test_objects_that_dump_themselves_are_messages():
    class Message:
        def model_dump(self):
            return {"type": "ai", "content": "hello"}

    assert said(from_messages([Message()], opened_at=AT)) == [("AgentSaid", "hello")]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"role": "user", "content": [5]}, "a part of `content` is `5`"),
        ({"type": "message", "content": "hi"}, "`role` is missing"),
        ({"name": "Jane", "content": "hi"}, "unknown role `Jane`: .*`who` may say"),
        ("hi", "not a mapping"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_read_is_named(message, why):
    with pytest.raises(TranscriptError, match=f"message 2: .*{why}"):
        from_messages([{"role": "user", "content": "hi"}, message], opened_at=AT)


def test_who_is_who_is_told_by_name_and_by_role():
    messages = [{"name": "Jane", "content": "hi"}, {"name": "Bot", "text": "hello"}, {"name": "Log", "text": "x"}, {"role": "user", "text": "why?"}]  # fmt: skip
    names = {"Jane": "customer", "Bot": "agent", "Log": "system"}
    for who in (names, lambda name: names.get(name, "")):
        course = from_messages(messages, opened_at=AT, who=who)
        assert said(course) == [
            ("CustomerSaid", "hi"),
            ("AgentSaid", "hello"),
            ("CustomerSaid", "why?"),
        ]
    with pytest.raises(SettingError, match=r"`customer`, `agent` or `system`"):
        from_messages(messages, opened_at=AT, who={"Jane": "boss"})


# --- plain lines ---------------------------------------------------------------------------------


@given(st.lists(st.text("abc #1", min_size=1, max_size=6).filter(str.strip), min_size=1), st.sampled_from(["\n", "\r", "\r\n"]))  # fmt: skip
def test_law_every_line_end_ends_a_line(texts, end):
    course = from_lines(end.join(f"customer: {text}" for text in texts), opened_at=AT)
    assert [event.text for event in course[1:]] == [text.strip() for text in texts]


def test_lines_that_begin_with_a_number_sign_are_words_after_the_first_turn():
    text = "# a comment\ncustomer: my faults are\n#1 wrong colour\n#2 wrong size\nagent: sorry"
    assert said(read_transcript(text, opened_at=AT)) == [
        ("CustomerSaid", "my faults are\n#1 wrong colour\n#2 wrong size"), ("AgentSaid", "sorry"),
    ]  # fmt: skip


def test_times_of_day_before_a_line_are_used():
    text = "09:42 AM | Support Bot: Leave a message.\n[11:50 PM] Jane: Hi, I need help\n(00:10) Jane: hello?"
    course = read_transcript(text, opened_at=AT, who={"Support Bot": "agent", "Jane": "customer"})
    assert [f"{event.at:%d %H:%M}" for event in course[1:]] == ["05 09:42", "05 23:50", "06 00:10"]
    assert read_transcript("[09:42] user: hi", opened_at=AT)[1].at.minute == 42
    with pytest.raises(TranscriptError, match="line 1: `29:42` is no time of day"):
        read_transcript("29:42 user: hi", opened_at=AT)


# --- WhatsApp ------------------------------------------------------------------------------------

NAMES = {"Priya": "customer", "Shop": "agent"}


@pytest.mark.parametrize(
    "stamp",
    [
        "[05/01/2026, 09:00:12] ", "05/01/2026, 09:00 - ", "1/5/26, 9:00 AM - ", "1/5/26, 9:00\u202fAM - ",
        "[1/5/26, 9:00:12\u202fAM] ", "05.01.26, 09:00 - ", "[05.01.26, 09:00:12] ", "05.01.26 um 09:00 - ",
        "2026-01-05, 09:00 - ", "[2026/01/05, 9:00:12] ", "5/1/26, 9:00 a. m. - ", "05/01/2026 09:00 - ",
        "05-01-2026 09:00 - ", "\u200e[05/01/2026, 09:00:12] ", "2026/1/5 上午9:00 - ", "05/01/2026 às 09:00 - ",
        "2026. 1. 5. 오전 9:00 - ", "05/01/2026, 09.00 - ",
    ],
)  # fmt: skip
def test_whatsapp_is_read_in_every_form_of_its_dates(stamp):
    month_first = stamp.lstrip("[").startswith("1/5")
    text = f"{stamp}Messages are end-to-end encrypted.\n{stamp}Priya: where is my order\nit was due\n{stamp}Shop: Sorry, let me look"
    course = from_whatsapp(text, who=NAMES, month_first=month_first or None)
    assert said(course) == [
        ("CustomerSaid", "where is my order\nit was due"),
        ("AgentSaid", "Sorry, let me look"),
    ]
    assert all(event.at.replace(second=0) == AT for event in course)


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2060, 1, 1)), min_size=2, max_size=6).map(sorted),
    st.booleans(),
)
def test_law_the_dates_tell_whether_the_month_is_first(days, month_first):
    form = "%m/%d/%y" if month_first else "%d/%m/%y"
    days.append(date(2060, 5, 20))
    text = "\r\n".join(
        f"{day.strftime(form)}, 21:05 - Priya: {place}" for place, day in enumerate(days)
    )
    course = from_whatsapp(text, who=NAMES, zone=ZoneInfo("Asia/Kolkata"))
    assert [event.at.date() for event in course[1:]] == days
    assert course[1].at.utcoffset() == timedelta(hours=5.5)


def test_the_order_of_time_tells_where_no_day_is_above_twelve():
    text = "1/12/26, 9:00 PM - Priya: a\n2/3/26, 12:00 AM - Priya: b\n3/1/26, 12:30 PM - Priya: c"
    assert [f"{event.at:%m-%d %H:%M}" for event in from_whatsapp(text, who=NAMES)[1:]] == [
        "01-12 21:00", "02-03 00:00", "03-01 12:30",
    ]  # fmt: skip


def test_what_nobody_says_in_whatsapp_is_no_turn():
    text = "\n\n05/01/2026, 09:00 - Priya: hi\n05/01/2026, 09:01 - Bot: ping"
    assert said(from_whatsapp(text, who={**NAMES, "Bot": "system"})) == [("CustomerSaid", "hi")]
    with pytest.raises(TranscriptError, match="nothing says when it was"):
        from_whatsapp("", who=NAMES)


def test_what_whatsapp_says_itself_is_no_turn():
    lines = [
        "Priya: hi \u200e<This message was edited>", "Shop: <Media omitted>", "Shop: \u200eimage omitted",
        "Priya: This message was deleted", "Priya changed the subject from “a: b” to “c”", "Priya left", "Shop: null",
    ]  # fmt: skip
    text = "\n".join(f"05/01/2026, 09:00 - {line}" for line in lines)
    assert said(read_transcript(text, who=NAMES)) == [("CustomerSaid", "hi")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("05/01/2026, 09:00 - Anna: hi", "line 1: unknown role `Anna`"),
        ("05/01/2026, 09:00 - Priya: hi\n31/02/2026, 09:00 - Priya: hi", "line 2: no such time"),
        ("hello\n05/01/2026, 09:00 - Priya: hi", "line 1: `hello` has no date"),
    ],
)
def test_a_line_of_whatsapp_that_cannot_be_read_is_named(text, why):
    with pytest.raises(TranscriptError) as caught:
        from_whatsapp(text, who=NAMES)
    assert why in str(caught.value)
    with pytest.raises(SettingError, match="who"):
        read_transcript("05/01/2026, 09:00 - Priya: hi")


# --- tickets -------------------------------------------------------------------------------------


def test_a_ticket_is_read_with_its_comments():
    ticket = {
        "ticket": {"id": 35, "requester_id": 1},
        "comments": [
            {"id": 9, "author_id": 1, "body": "where is it?", "public": True, "created_at": "2026-01-05T09:00:00Z"},
            {"author_id": 2, "plain_body": "<internal>", "public": False, "created_at": "2026-01-05T09:01:00Z"},
            {"author_id": 2, "html_body": "let me look", "created_at": "2026-01-05T09:02:00Z"},
        ],
    }  # fmt: skip
    course = from_ticket(ticket)
    assert said(course) == [("CustomerSaid", "where is it?"), ("AgentSaid", "let me look")]
    assert (course[0].case, course[1].turn_id) == ("35", "9")
    assert read_transcript(json.dumps(ticket)) == course
    robot = from_ticket(ticket, who={"2": "system"})
    assert len(robot) == 2


def test_a_ticket_of_conversations_begins_with_its_description():
    ticket = {
        "id": "T-1", "description_text": "where is it?", "created_at": "2026-01-05T09:00:00Z", "requester_id": 7,
        "conversations": [
            {"incoming": False, "private": False, "body_text": "let me look", "created_at": "2026-01-05T09:02:00Z"},
            {"incoming": True, "private": True, "body_text": "x", "created_at": "2026-01-05T09:02:00Z"},
        ],
    }  # fmt: skip
    assert said(from_ticket(ticket)) == [
        ("CustomerSaid", "where is it?"),
        ("AgentSaid", "let me look"),
    ]
    assert said(from_ticket({"description": "hi", "comments": []}, opened_at=AT)) == [
        ("CustomerSaid", "hi")
    ]
    roles = {"comments": [{"role": "end-user", "body": "hi"}]}
    assert said(from_ticket(roles, opened_at=AT)) == [("CustomerSaid", "hi")]


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        ({"comments": [5]}, "comment 1: `5` is not a mapping"),
        ({"comments": [{"author_id": 1}]}, "comment 1: `body` is missing"),
        ({"comments": [{"body": "hi"}]}, "comment 1: `role` is missing"),
        ({"comments": "hi"}, "`comments` is `hi`"),
        (5, "`5` is not a mapping with `comments`"),
    ],
)  # fmt: skip
def test_a_comment_that_cannot_be_read_is_named(ticket, why):
    with pytest.raises(TranscriptError) as caught:
        from_ticket(ticket, opened_at=AT)
    assert why in str(caught.value)


# --- tables --------------------------------------------------------------------------------------

TABLE = {
    "conversation_id": ["a", "b", "a"],
    "role": ["user", "user", "assistant"],
    "message": ["hi", "why?", "hello"],
    "created_at": ["2026-01-05T09:00:00Z", "2026-01-05T09:05:00Z", "2026-01-05T09:01:00Z"],
    "id": ["1", "2", "3"],
}


def told(courses):
    return [(course[0].case, *(text for _, text in said(course))) for course in courses]


@pytest.mark.parametrize("library", ["", "pandas", "polars"])
def test_a_table_has_a_turn_a_row(library):
    frame = TABLE
    if library:
        frame = pytest.importorskip(library, reason="a library of the caller's").DataFrame(TABLE)
    courses = from_columns(frame)
    assert told(courses) == [("a", "hi", "hello"), ("b", "why?")]
    assert courses[0][1].turn_id == "1"
    assert courses[1][1].at == AT + timedelta(minutes=5)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_csv_is_such_a_table(delimiter, end):
    rows = [TABLE.keys(), *zip(*TABLE.values(), strict=True), []]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert from_csv(text) == from_columns(TABLE) == read_transcripts("\ufeff" + text)
    with pytest.raises(TranscriptError, match="2 conversations"):
        read_transcript(text)


def test_columns_have_names_of_their_own_and_gaps():
    table = {
        "Wer": ["Kunde", "Firma", "Kunde"],
        "Was": ["hallo\nda", "null", None],
        "n": [1, 2, 3],
    }
    names = {"Kunde": "customer", "Firma": "agent"}
    course, = from_columns(table, columns={"who": "Wer", "text": "Was", "turn_id": "n"}, who=names, opened_at=AT)  # fmt: skip
    assert said(course) == [("CustomerSaid", "hallo\nda"), ("AgentSaid", "null")]
    quoted = from_csv('who,text\ncustomer,"a, ""b""\nc"', opened_at=AT)
    assert said(quoted[0]) == [("CustomerSaid", 'a, "b"\nc')]


class Arrow:
    """Columns as pyarrow has them: names apart, and every cell wrapped."""

    column_names = ("role", "text")

    def __getitem__(self, name):
        cell = type("Cell", (), {"as_py": lambda _: {"role": "user", "text": "hi"}[name]})
        return [cell()]


def test_cells_that_are_wrapped_are_unwrapped():
    assert told(from_columns(Arrow(), opened_at=AT)) == [("", "hi")]


@pytest.mark.parametrize(
    ("frame", "columns", "why"),
    [
        ({"role": ["boss"], "text": ["hi"]}, None, "row 1: unknown role `boss`"),
        ({"role": ["user"], "text": ["hi"], "at": ["soon"]}, None, "row 1: time is `soon`"),
        ({"text": ["hi"]}, None, "no column for `who` among `text`"),
        ({"role": ["user"], "text": ["hi"]}, {"text": "txt"}, "no column `txt` for `text`; did you mean `text`?"),
        ({"role": ["user"], "text": ["hi"]}, {"text": "wording"}, "no column `wording` for `text`"),
        ({"role": ["user"], "text": []}, None, "not of one length"),
        (5, None, "`5` is no table"),
        ("role", None, "`role` is no table"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_why(frame, columns, why):
    with pytest.raises(TranscriptError) as caught:
        from_columns(frame, columns=columns, opened_at=AT)
    assert why in str(caught.value)


def test_a_part_of_a_table_that_is_not_known_is_refused():
    with pytest.raises(SettingError, match="one of conversation, who, text"):
        from_columns(TABLE, columns={"txt": "message"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("role,text\nuser", "line 2: 1 cells where the head has 2"),
        ('role,text\nuser,"hi', "not CSV"),
        ("", "there is no head"),
    ],
)
def test_csv_that_cannot_be_read_says_where(text, why):
    with pytest.raises(TranscriptError) as caught:
        from_csv(text, opened_at=AT)
    assert why in str(caught.value)


# --- many ----------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=3), min_size=1, max_size=4))
def test_law_many_conversations_are_as_many_however_they_are_put(talks):
    dialogues = [
        {"id": f"c{number}", "messages": [{"role": "user", "content": text, "at": at} for at, text in enumerate(texts)]}
        for number, texts in enumerate(talks)
    ]  # fmt: skip
    want = [(f"c{number}", *texts) for number, texts in enumerate(talks)]
    lines = [
        json.dumps({"conversation_id": each["id"], **message})
        for each in dialogues
        for message in each["messages"]
    ]
    for text in (
        json.dumps(dialogues), json.dumps(dialogues, indent=1), "\n".join(map(json.dumps, dialogues)), "\r\n".join(lines),
    ):  # fmt: skip
        assert told(read_transcripts(text)) == want
    bare = "\n".join(json.dumps(each["messages"]) for each in dialogues)
    assert [names[1:] for names in told(read_transcripts(bare))] == [names[1:] for names in want]


def test_several_conversations_are_not_read_as_one():
    line = json.dumps({"messages": [{"role": "user", "content": "hi", "at": 0}]})
    with pytest.raises(TranscriptError, match="2 conversations are in it: `read_transcripts`"):
        read_transcript(f"{line}\n{line}")
    with pytest.raises(TranscriptError, match="conversation 2: message 1: unknown role"):
        read_transcripts(f'[{line}, {{"messages": [{{"role": "x", "content": ""}}]}}]')
    with pytest.raises(TranscriptError, match="line 2: message 1: unknown role"):
        read_transcripts(f'{line}\n{{"messages": [{{"role": "x", "content": ""}}]}}')
    single = read_transcript('{"role": "user", "content": "hi"}', opened_at=AT)
    assert said(single) == [("CustomerSaid", "hi")]
    silent = '{"role": "system", "content": "be kind"}\n{"role": "user", "content": "hi"}'
    assert said(read_transcript(silent, opened_at=AT)) == [("CustomerSaid", "hi")]
    with pytest.raises(TranscriptError, match="there is no turn in it"):
        read_transcripts(" \n")


@pytest.mark.parametrize("count", [1, 2])
def test_utterances_a_line_are_read_by_who_speaks(count):
    line = {
        "id": "u",
        "speaker": "ann",
        "text": "hi",
        "conversation_id": "c",
        "timestamp": 1767603600,
    }
    text = "\n".join(json.dumps({**line, "id": f"u{number}"}) for number in range(count))
    course = read_transcript(text, who=lambda name: "customer" if name == "ann" else "agent")
    assert told([course]) == [("c", *["hi"] * count)]
    assert course[1].at == AT


@given(
    st.lists(st.times().map(lambda each: each.replace(microsecond=0)), min_size=1, max_size=6),
    st.sampled_from(["%H:%M", "%I:%M %p", "%H:%M:%S", "%I:%M:%S %p"]),
    st.integers(0, 59),
)
def test_law_a_time_of_day_is_on_the_day_and_where_it_goes_back_on_the_next(clocks, form, second):
    opened = AT.replace(second=second)
    lines = [f"[{clock.strftime(form)}] customer: hi" for clock in clocks]
    turns = from_lines("\n".join(lines), opened_at=opened)[1:]
    assert [turn.at.strftime(form) for turn in turns] == [clock.strftime(form) for clock in clocks]
    times = [opened, *(turn.at for turn in turns)]
    for before, after in pairwise(each.replace(second=0) for each in times):
        assert timedelta(0) <= after - before <= timedelta(days=1)
