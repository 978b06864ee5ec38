"""Moments, working hours and hours of contact."""

import contextlib
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.promises import (
    WEEKDAYS,
    ContactHours,
    WorkingHours,
    after,
    aware,
    instant,
    on_clock,
    zone_named,
)
from deescalate.testing.promises import moments

CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
HOURS = st.builds(
    ContactHours,
    zone=st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata"]).map(ZoneInfo),
    quiet_from=CLOCKS,
    quiet_until=CLOCKS,
    quiet_days=st.frozensets(st.sampled_from(WEEKDAYS), max_size=6),
)


@given(moments(), st.integers(-(10**5), 10**5))
def test_law_after_adds_elapsed_time(moment, minutes):
    moved = after(moment, timedelta(minutes=minutes))
    assert instant(moved) - instant(moment) == timedelta(minutes=minutes)
    assert moved.tzinfo is moment.tzinfo


@given(HOURS, moments())
def test_law_the_next_allowed_moment_is_allowed_and_the_first(hours, at):
    found = hours.next_allowed(at)
    assert hours.allows(found)
    assert instant(found) >= instant(at)
    step = at
    while instant(step) < instant(found):
        assert not hours.allows(step)
        step = after(step, timedelta(minutes=15))


@given(HOURS, moments(), st.integers(0, 3 * 24 * 60))
def test_law_the_last_allowed_moment_is_allowed_and_the_last_minute(hours, since, minutes):
    at = after(since, timedelta(minutes=minutes))
    found = hours.last_allowed(at, since=since)
    step = at
    while instant(step) > instant(found or since):
        assert not hours.allows(step) or instant(step) - instant(found or since) < timedelta(
            minutes=1
        )
        step = after(step, timedelta(minutes=-15))
    if found is not None:
        assert hours.allows(found)
        assert instant(since) <= instant(found) <= instant(at)


@given(moments(), st.integers(0, 30))
def test_law_working_days_count_only_working_days(at, days):
    hours = WorkingHours(holidays={date(2026, 5, 1), date(2026, 12, 25)})
    end = hours.end_of_working_day(at, days=days)
    assert hours.is_working_day(end.date())
    assert end.time() == time(17)
    if days:
        passed = [at.date() + timedelta(days=n + 1) for n in range((end.date() - at.date()).days)]
        assert sum(map(hours.is_working_day, passed)) == days
    assert instant(end) >= instant(at)


def test_the_end_of_the_day():
    hours = WorkingHours()
    assert hours.end_of_day(datetime(2026, 5, 1, 17, 0, tzinfo=UTC)).day == 1
    assert hours.end_of_day(datetime(2026, 5, 1, 17, 1, tzinfo=UTC)).day == 4


def test_clocks_that_skip_a_time():
    paris = ZoneInfo("Europe/Paris")
    assert (
        on_clock(date(2026, 3, 29), time(2, 30), paris).isoformat() == "2026-03-29T03:30:00+02:00"
    )


def test_quiet_all_night_and_on_sundays():
    hours = ContactHours(quiet_days={"sunday"})
    saturday_night = datetime(2026, 5, 2, 22, 0, tzinfo=UTC)
    assert hours.next_allowed(saturday_night).isoformat() == "2026-05-04T08:00:00+00:00"
    assert hours.last_allowed(saturday_night, since=saturday_night) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WorkingHours(days=()), "at least one weekday"),
        (lambda: WorkingHours(days=["mondy"]), "did you mean `monday`"),
        (lambda: WorkingHours(days="xyz"), "names of weekdays"),
        (lambda: WorkingHours(opens=time(9), closes=time(9)), "a time after 09:00"),
        (lambda: WorkingHours(opens=time(9, tzinfo=UTC)), "`opens` .* without offset"),
        (lambda: WorkingHours(closes="17:00"), "`closes` .* without offset"),
        (lambda: ContactHours(quiet_from=time(9, tzinfo=UTC)), "`quiet_from` .* without offset"),
        (lambda: WorkingHours(holidays=[datetime(2026, 5, 1, tzinfo=UTC)]), "expected dates"),
        (lambda: WorkingHours().is_open(datetime(2026, 5, 1)), "an aware datetime"),  # noqa: DTZ001
        (lambda: WorkingHours().end_of_working_day(datetime.now(UTC), days=-1), "0 or more"),
        (lambda: ContactHours(quiet_days=WEEKDAYS), "at most six days"),
        (lambda: zone_named("Europe/Pariss"), "an IANA time zone"),
        (lambda: zone_named(""), "an IANA time zone"),
        (lambda: zone_named(7), "an IANA time zone"),
        (
            lambda: aware("at", datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))),
            "1 to 9999",
        ),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(SettingError, match=message):
        make()


CHANGES = [  # a day on which clocks change, as the time zone database of 2025 has it
    ("Europe/Paris", date(2026, 3, 29)), ("Europe/Paris", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),  # 30 min
    ("America/Havana", date(2024, 3, 10)), ("America/Havana", date(2024, 11, 3)),  # at midnight
    ("America/Sao_Paulo", date(2018, 11, 4)), ("America/Sao_Paulo", date(2018, 2, 17)),
    ("America/New_York", date(2026, 3, 8)), ("Asia/Kolkata", date(2026, 5, 1)),
]  # fmt: skip
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ANY_CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))


@st.composite
def around_a_change(draw):
    """A moment within a day of a change of clocks, to the minute."""
    zone, day = draw(st.sampled_from(CHANGES))
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return after(start, draw(st.integers(-24 * 60, 48 * 60)) * MINUTE)


def minutes_from(at, step=1, most=9 * 24 * 60):
    return (after(at, step * number * MINUTE) for number in range(most))


@given(
    around_a_change(), ANY_CLOCK, ANY_CLOCK, st.frozensets(st.sampled_from(WEEKDAYS), max_size=2)
)
def test_law_the_next_allowed_moment_is_the_first_minute_that_is(at, quiet_from, until, days):
    hours = ContactHours(zone=at.tzinfo, quiet_from=quiet_from, quiet_until=until, quiet_days=days)
    assert instant(hours.next_allowed(at)) == instant(
        next(each for each in minutes_from(at) if hours.allows(each))
    )


@given(around_a_change(), st.integers(0, 3 * 24 * 60), ANY_CLOCK, ANY_CLOCK)
def test_law_the_last_allowed_moment_is_the_last_minute_that_is(since, minutes, quiet_from, until):
    hours = ContactHours(zone=since.tzinfo, quiet_from=quiet_from, quiet_until=until)
    allowed = [each for each in minutes_from(since, most=minutes + 1) if hours.allows(each)]
    found = hours.last_allowed(after(since, minutes * MINUTE), since=since)
    assert (found and instant(found)) == (instant(allowed[-1]) if allowed else None)


@given(
    around_a_change(), ANY_CLOCK, ANY_CLOCK, st.frozensets(st.sampled_from(WEEKDAYS), min_size=1)
)
def test_law_a_shift_goes_on_until_the_first_minute_without_it(at, opens, closes, days):
    assume(opens != closes or opens == time(0))
    hours = WorkingHours(opens=opens, closes=closes, days=days)
    latest = after(at, 3 * DAY)
    away = (each for each in minutes_from(at, most=3 * 24 * 60) if not hours.is_open(each))
    assert instant(hours.open_until(at, latest=latest)) == instant(next(away, latest))


@given(
    st.sampled_from(CHANGES), st.lists(ANY_CLOCK, min_size=2, max_size=4, unique=True), st.data()
)
def test_law_shifts_that_follow_one_another_leave_no_moment_without_anybody(change, clocks, data):
    """Also over midnight, until 24:00, and on both days of a change of clocks."""
    zone, day = ZoneInfo(change[0]), change[1]
    begins = sorted({time(0), *clocks}) if data.draw(st.booleans()) else sorted(clocks)
    rota = [
        WorkingHours(opens=opens, closes=closes, days=WEEKDAYS)
        for opens, closes in zip(begins, [*begins[1:], begins[0]], strict=True)
    ]
    start = on_clock(day - DAY, time(0), zone)
    second = data.draw(st.integers(0, 3 * 24 * 3600))
    at = after(
        start, timedelta(seconds=second, microseconds=data.draw(st.sampled_from([0, 999_999])))
    )
    assert sum(shift.is_open(at) for shift in rota) == 1


@given(moments(), ANY_CLOCK, ANY_CLOCK, st.integers(0, 20))
def test_law_the_end_of_a_working_day_ends_a_shift(at, opens, closes, days):
    assume(opens != closes or opens == time(0))
    hours = WorkingHours(opens=opens, closes=closes)
    end = hours.end_of_working_day(at, days=days)
    assert instant(end) >= instant(at)
    assert end.time() == closes or on_clock(end.date(), closes, at.tzinfo) == end
    if not days and hours.is_open(at):
        assert instant(end) - instant(at) <= timedelta(hours=25)


EDGES = st.sampled_from([date.min, date(1, 1, 2), date(9999, 12, 30), date.max])
FAR = st.sampled_from([UTC, ZoneInfo("Pacific/Kiritimati"), timezone(timedelta(hours=-12))])


@given(EDGES, CLOCKS, FAR, FAR, st.integers(-3, 3), st.integers(-(10**9), 10**9))
def test_law_no_date_leads_out_of_the_calendar_but_into_a_setting_error(
    day, clock, zone, other, h, days
):
    at = datetime.combine(day, clock, zone)
    night = WorkingHours(opens=time(22), closes=time(6), days=["monday"])
    hours = ContactHours(zone=other, quiet_days=["sunday", "monday"])
    for work in (
        lambda: after(at, timedelta(hours=h)),
        lambda: after(datetime(2026, 5, 1, tzinfo=zone), timedelta(days=max(-999_999_999, min(days, 999_999_999)))),
        lambda: aware("at", at),
        lambda: instant(at),
        lambda: on_clock(at.date(), time(23), other),
        lambda: night.is_open(at),
        lambda: night.open_until(at, latest=at),
        lambda: WorkingHours(days=WEEKDAYS, closes=time(0)).open_until(at, latest=at),
        lambda: night.end_of_day(at),
        lambda: night.end_on(at.date(), zone),
        lambda: night.end_of_working_day(at, days=days),
        lambda: hours.allows(at),
        lambda: hours.next_allowed(at),
        lambda: hours.last_allowed(at, since=at),
    ):  # fmt: skip
        with contextlib.suppress(SettingError):
            work()


@pytest.mark.parametrize("days", [10**7, 10_001, -1, 2.5, math.nan, True, "3", None])
def test_working_days_that_cannot_be_counted_are_refused(days):
    with pytest.raises(SettingError, match="a whole number, 0 or more and at most 10000"):
        WorkingHours().end_of_working_day(datetime(2026, 5, 1, tzinfo=UTC), days=days)


def test_hours_on_the_day_of_the_change():
    paris = ZoneInfo("Europe/Paris")
    hours = ContactHours(zone=paris, quiet_from=time(1, 30), quiet_until=time(2, 30))
    spring = hours.next_allowed(datetime(2026, 3, 29, 1, 45, tzinfo=paris))
    autumn = hours.next_allowed(datetime(2026, 10, 25, 2, 15, tzinfo=paris, fold=1))
    assert spring.isoformat() == "2026-03-29T03:00:00+02:00"
    assert autumn.isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_shift_over_midnight_and_one_until_midnight():
    friday = datetime(2026, 5, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    night = WorkingHours(opens=time(22), closes=time(6))
    evening = WorkingHours(opens=time(12), closes=time(0))
    assert night.is_open(friday)
    assert evening.is_open(friday)
    assert night.end_of_day(friday) == datetime(2026, 5, 2, 6, tzinfo=UTC)
    assert evening.end_of_day(friday) == datetime(2026, 5, 2, tzinfo=UTC)
    assert not night.is_open(datetime(2026, 5, 2, 6, tzinfo=UTC))
    assert night.is_open(datetime(2026, 5, 2, 5, 59, tzinfo=UTC))
    assert not night.is_open(datetime(2026, 5, 2, 22, tzinfo=UTC))  # no shift begins on a Saturday
    assert evening.open_until(friday, latest=after(friday, DAY)) == datetime(2026, 5, 2, tzinfo=UTC)


def test_more_than_eight_days_back_makes_no_difference():
    hours = ContactHours()
    at = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
    assert hours.last_allowed(at, since=datetime(2026, 1, 1, tzinfo=UTC)) == hours.last_allowed(
        at, since=datetime(2026, 5, 19, tzinfo=UTC)
    )
