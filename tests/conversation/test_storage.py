"""Stored is live: JSON lines, pickle and deepcopy give the same value, in any zone, at any hour."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Opened,
    Promised,
    Unread,
    Waited,
    event_to_mapping,
    events_from_json_lines,
    events_to_json_lines,
)
from deescalate.conversation._log import Log, Names
from deescalate.errors import EventError, SettingError, TranscriptError
from deescalate.playbook import Playbook
from deescalate.promises import instant
from deescalate.testing.conversation import events, zones

BOOK = Playbook.default()
PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def in_paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PARIS, fold=fold)


@given(events())
@settings(max_examples=20)
def test_law_stored_is_live(course):
    talk = BOOK.replay(course)
    assert BOOK.replay(events_from_json_lines(talk.to_json_lines())) == talk
    assert pickle.loads(pickle.dumps(talk.state)) == talk.state  # noqa: S301  our own value
    assert copy.deepcopy(talk) == talk
    assert hash(copy.deepcopy(talk.state)) == hash(talk.state)


@given(events(), st.integers(0, 8))
def test_law_what_is_appended_is_what_happened_since(course, size):
    talk = BOOK.replay(course)
    before = BOOK.replay(course[: size + 1])
    assert before.to_json_lines() + talk.to_json_lines(since=size + 1) == talk.to_json_lines()


@given(events())
def test_law_the_zone_of_a_course_does_not_change_what_is_felt(course):
    talk = BOOK.replay(course)
    for event in course:
        if isinstance(event, Promised | AgentSaid):
            return  # the time of a promise in words is on the clock of its zone
    plain = [type(event)(**{**_parts(event), "at": instant(event.at)}) for event in course]
    assert BOOK.replay(plain).emotion == talk.emotion


def _parts(event):
    return {name: getattr(event, name) for name in type(event).__slots__ if name[0] != "_"}


@given(zones(), st.integers(0, 525_600 * 60), st.sampled_from([0, 1]))
def test_law_a_time_keeps_its_instant_and_its_zone(zone, seconds, fold):
    naive = AT.replace(tzinfo=None) + timedelta(seconds=seconds)
    event = Waited(at=naive.replace(tzinfo=zone, fold=fold))
    (read,) = events_from_json_lines(events_to_json_lines([event]))
    assert instant(read.at) == instant(event.at)
    assert read.at.tzinfo == zone
    assert read.at.isoformat() == event.at.isoformat()


@given(st.lists(st.integers(), max_size=200) | st.just([*range(150)]))
def test_law_a_log_is_a_tuple_that_grows(items):
    log: Log[int] = Log()
    for item in items:
        log = log.plus(item)
    assert log == tuple(items) == tuple(log)
    assert log == Log(items)
    assert log != [*items]
    assert [log[at] for at in range(-len(items), len(items))] == items + items
    assert log[3:90:2] == tuple(items)[3:90:2]
    assert hash(log) == hash(Log(items)) == hash(tuple(items))
    assert pickle.loads(pickle.dumps(log)) == log  # noqa: S301  our own value
    assert repr(log) == repr(tuple(items))


@given(st.lists(st.text(max_size=3), unique=True, max_size=100))
def test_law_names_are_found_where_they_were_put(names):
    found = Names()
    for place, name in enumerate(names):
        found = found.plus(name, place)
    assert [found.get(name) for name in names] == [*range(len(names))]
    assert found.get("not there") is None
    sizes = [len(part) for part in found._parts]  # as a number is written in twos
    assert sizes == [2**at for at in reversed(range(8)) if len(names) >> at & 1]
    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301  our own value
    assert hash(found) == hash(copy.copy(found))
    assert found != names
    assert repr(found).startswith("Names(")


def test_the_hour_that_comes_twice_is_two_hours():
    talk = BOOK.open(at=in_paris("10-25T02:50")).customer_says("hi", at=in_paris("10-25T02:50"))
    talk = talk.customer_says("hello?", at=in_paris("10-25T02:10", fold=1))
    assert talk.turns[1].event.at.fold == 1
    with pytest.raises(EventError, match="is before"):
        talk.customer_says("well?", at=in_paris("10-25T02:55"))
    with pytest.raises(EventError, match="before it was made"):
        Promised(at=in_paris("10-25T02:10", 1), what="a call", due=in_paris("10-25T02:50"))
    assert Promised(at=in_paris("10-25T02:50"), what="a", due=in_paris("10-25T02:10", 1)).due.fold


def test_the_hour_that_is_skipped_takes_no_time():
    def upset(minutes_later):
        talk = BOOK.open(at=in_paris("03-29T01:50"))
        return talk.customer_says("I am furious!", at=talk.at).waited(at=minutes_later).emotion

    assert upset(in_paris("03-29T03:10")) == upset(datetime(2026, 3, 29, 1, 10, tzinfo=UTC))


def test_zones_of_other_libraries_become_plain_ones():
    paris = pytest.importorskip("pytz").timezone("Europe/Paris")
    named = Waited(at=paris.localize(datetime(2026, 7, 1, 9)))  # noqa: DTZ001  pytz sets it
    assert named.at == datetime(2026, 7, 1, 9, tzinfo=PARIS)
    berlin = pytest.importorskip("dateutil.tz").gettz("Europe/Berlin")
    fixed = Waited(at=datetime(2026, 7, 1, 9, tzinfo=berlin))
    assert fixed.at.tzinfo == timezone(timedelta(hours=2))


def test_a_datetime_of_another_kind_becomes_a_plain_one():
    class Stamp(datetime):
        pass

    class Odd(tzinfo):
        key = "Europe/Nowhere"

        def utcoffset(self, _):
            return timedelta(hours=3)

    class Zone(type(PARIS)):
        pass

    odd = Waited(at=datetime(2026, 1, 5, 9, tzinfo=Odd()))
    assert odd.at.tzinfo == timezone(timedelta(hours=3))
    assert type(Waited(at=Stamp(2026, 1, 5, tzinfo=UTC)).at) is datetime
    named = Waited(at=datetime(2026, 1, 5, 9, tzinfo=Zone("Europe/Paris"))).at
    assert type(named.tzinfo) is ZoneInfo


def test_a_zone_that_this_machine_does_not_know_leaves_its_offset():
    text = '{"event": "waited", "at": "2026-01-05T09:00:00+05:00[Mars/Base]"}'
    (event,) = events_from_json_lines(text)
    assert event.at.utcoffset() == timedelta(hours=5)
    moved = '{"event": "waited", "at": "2026-01-05T09:00:00+05:00[Europe/Paris]"}'
    assert events_from_json_lines(moved)[0].at.hour == 5


def test_a_torn_last_line_is_kept_and_said():
    whole = BOOK.open(at=AT).customer_says("hello", at=AT)
    torn = events_from_json_lines(whole.to_json_lines() + '{"event": "waited", "at": "2026-')
    talk = BOOK.replay(torn)
    assert talk.unread == ('{"event": "waited", "at": "2026-',)
    assert BOOK.replay(events_from_json_lines(talk.to_json_lines())) == talk
    assert "1 line" in " ".join(talk.handover().warnings)
    with pytest.raises(TranscriptError):
        events_from_json_lines("{torn from the start")


def test_what_a_later_version_wrote_is_kept_and_said():
    lines = [
        {"event": "opened", "at": AT.isoformat(), "format": 2, "mood": "fine"},
        {"event": "customer_says", "at": AT.isoformat(), "text": "hello", "lang": "en"},
        {"event": "customer_says", "at": AT.isoformat(), "text": "again"},
        {"event": "customer_says", "at": AT.isoformat(), "txet": "again"},
        {"event": "sang", "at": AT.isoformat()},
    ]
    course = events_from_json_lines("".join(f"{json.dumps(line)}\n" for line in lines))
    talk = BOOK.replay(course)
    assert [turn.event.text for turn in talk.turns] == ["hello", "again"]
    assert len(talk.unread) == 4
    assert [event_to_mapping(event) for event in talk.events] == [
        *lines[:2], {**lines[2]}, *lines[3:]]  # fmt: skip
    with pytest.raises(TranscriptError, match="line 1"):
        events_from_json_lines('{"event": "sang", "format": 3}')


def test_what_a_first_line_says_that_cannot_be_read_still_opens():
    talk = BOOK.replay([Unread(at=AT, line="{}"), CustomerSaid(at=AT, text="hi")])
    assert talk.opened == Opened(at=AT)
    assert len(talk.turns) == 1


def test_clocks_that_do_not_agree_are_forgiven_a_little():
    talk = BOOK.open(at=AT).customer_says("hi", at=AT)
    early = talk.agent_says("hello", at=AT - timedelta(milliseconds=1))
    assert early.at == AT
    assert BOOK.replay(events_from_json_lines(early.to_json_lines())) == early


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_times(at):
    talk = BOOK.open(at=at).agent_says("I will call you within 3 working days.", at=at)
    assert talk.turns
    with pytest.raises(SettingError):
        Waited(at=at.replace(tzinfo=timezone(timedelta(hours=-1 if at.year > 1 else 1))))


def test_a_playbook_and_a_conversation_are_values():
    talk = BOOK.open(at=AT, case="7").customer_says("hi", at=AT)
    assert pickle.loads(pickle.dumps(BOOK)) == BOOK  # noqa: S301  our own value
    assert pickle.loads(pickle.dumps(talk)) == talk  # noqa: S301  our own value
    assert hash(copy.deepcopy(talk)) == hash(talk)
    assert len(repr(talk)) < 100
    assert len(repr(talk.state)) < 100
    assert len(repr(talk.turns[0])) < 300
