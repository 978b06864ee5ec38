"""Moments, working hours and hours of contact."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
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
