"""Points in time: what was said, and the moment that it means."""

from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.hours import WorkingHours, instant
from deescalate.text import Text, When

SHEETS = [
    Path(__file__).parent / "vectors" / name
    for name in ("times.txt", "more_times.txt", "told_times.txt")
]
SAID = datetime(2026, 1, 5, 9, tzinfo=UTC)


def vectors():
    """Each expression with the moment it means, where and when it was said."""
    at = order = None
    for line in "\n".join(sheet.read_text("utf-8") for sheet in SHEETS).splitlines():
        if line.startswith("@"):
            _, said, zone, order = line.split()
            at = datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone))
        elif line and not line.startswith("#"):
            words, means = (part.strip() for part in line.rsplit("|", 1))
            due = None
            if means != "-":
                shown = datetime.fromisoformat(means if " " in means else f"{means} 17:00")
                due = shown.replace(tzinfo=at.tzinfo)
            yield pytest.param(words, at, order == "month-first", due, id=f"{at:%m%d} {words}")


@pytest.mark.parametrize(("words", "at", "month_first", "due"), list(vectors()))
def test_the_moment_that_is_meant(words, at, month_first, due):
    times = Text.of(words, month_first=month_first).times
    found = [said.when.due(at) for said in times]
    assert found[-1:] == ([] if due is None and not found else [due])


def test_there_are_many_vectors():
    assert len(list(vectors())) >= 120


@pytest.mark.parametrize(("words", "at", "month_first", "due"), list(vectors()))
def test_a_time_stands_where_it_was_said(words, at, month_first, due):
    alone = Text.of(words, month_first=month_first).times
    text = f"Sorry! I'll call you {words}. Bye now"
    found = Text.of(text, month_first=month_first).times
    assert [said.when for said in found] == [said.when for said in alone]
    for said in found:
        assert said.span.of(text) in f"you {words}"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("I sat in the sun and may go", []),
        ("good morning", []),
        ("The third time, the 2nd agent, 3 people at 5 desks", []),
        ("Tuesday and Thursday", ["Tuesday", "Thursday"]),
        ("call tomorrow. At 5 pm we close", ["tomorrow", "5 pm"]),
        ("Friday or in two days", ["Friday", "in two days"]),
        ("I paid $5 at 9", ["9"]),
        ("it's 3:2 now, v1.2.3, 10.5 %", []),
        ("at 5% by 6 people", []),
        ("by 1/2 price, 1/4 cup", []),
        ("12:30:", ["12:30"]),
        ("at 9:15: 20 boxes", ["9:15"]),
        ("at 9:15:20, boxes", ["9:15:20"]),
        ("the score at 3: 2", []),
    ],
)
def test_what_is_a_time_and_what_is_none(text, quotes):
    assert [said.span.of(text) for said in Text.of(text).times] == quotes


def test_a_word_such_as_by_makes_a_deadline():
    times = Text.of("I'll send the 2 pm invoice by 6 pm").times
    assert [said.deadline for said in times] == [False, True]


@pytest.mark.parametrize(
    ("when", "due"),
    [
        (When(day="friday", weeks=1), "2026-01-16T17:00:00+00:00"),
        (When(day="date", month=1, day_of_month=2, year=2020), "2027-01-02T17:00:00+00:00"),
        (When(day="date", month=2, day_of_month=29), None),
        (When(day="date", month=2, day_of_month=29, year=2028), "2028-02-29T17:00:00+00:00"),
        (When(day="date", month=13, day_of_month=1), None),
        (When(amount=9e9, unit="year"), None),
        (When(clock=time(12), zone="Nowhere/Land"), None),
        (When(clock=time(12), zone="-05:30"), "2026-01-05T17:30:00+00:00"),
        (When(clock=time(12), zone="UTC"), "2026-01-05T12:00:00+00:00"),
        (When(amount=2, unit="month"), "2026-03-05T09:00:00+00:00"),
        (When(amount=1, unit="year"), "2027-01-05T09:00:00+00:00"),
        (When(day="end_of_month"), "2026-01-31T17:00:00+00:00"),
        (When(day="today", weeks=1), "2026-01-12T17:00:00+00:00"),
    ],
)
def test_due(when, due):
    found = when.due(SAID)
    assert (found and found.isoformat()) == due


def test_days_end_when_work_ends():
    late = WorkingHours(closes=time(20))
    assert When(day="tomorrow").due(SAID, hours=late) == datetime(2026, 1, 6, 20, tzinfo=UTC)


def test_a_day_that_is_over_still_ends():
    night = datetime(2026, 1, 5, 23, 59, 30, tzinfo=UTC)
    assert When(day="end_of_day").due(night) == night


def test_a_naive_moment_is_refused():
    with pytest.raises(SettingError, match="aware datetime"):
        When(day="today").due(datetime(2026, 1, 5))  # noqa: DTZ001


WORDS = st.sampled_from(
    [
        "by",
        "before",
        "at",
        "on",
        "in",
        "within",
        "the",
        "next",
        "a",
        "an",
        "week",
        "weeks",
        "day",
        "days",
        "hour",
        "half",
        "past",
        "quarter",
        "to",
        "from",
        "and",
        "between",
        "monday",
        "friday",
        "tomorrow",
        "today",
        "5",
        "12",
        "31",
        "30th",
        "feb",
        "march",
        "2026",
        "pm",
        "am",
        ":",
        "/",
        "-",
        ".",
        ",",
        "gmt",
        "est",
        "noon",
        "morning",
        "end",
        "of",
        "month",
        "business",
        "two",
        "three",
        "twenty",
        "or",
        "minutes",
        "now",
        "first",
        "thing",
        "24hrs",
        "10:30",
        "9.30",
        "2h30",
        "+",
    ]
)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["", " "])), max_size=12),
    st.datetimes(timezones=st.just(UTC)),
)
def test_law_any_words_of_time_are_read_and_due_after_they_were_said(words, at):
    text = "".join(word + space for word, space in words)
    last = -1
    for said in Text.of(text).times:
        assert 0 <= said.first <= said.last
        assert said.first > last
        last = said.last
        due = said.when.due(at)
        assert due is None or (due.tzinfo == UTC and instant(due) >= instant(at))
