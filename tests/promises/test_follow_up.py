"""What is still to be done: in time, not in quiet hours, and not against the customer's word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.promises import (
    ContactHours,
    Course,
    Ending,
    FollowUpKind,
    Ledger,
    Promise,
    follow_ups,
    instant,
)
from deescalate.testing.promises import ledgers, moments

PARIS = ContactHours(zone=ZoneInfo("Europe/Paris"))
FRIDAY = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@given(ledgers(), moments(), st.sampled_from(Ending), st.frozensets(st.sampled_from(FollowUpKind)))
def test_law_follow_ups_keep_to_quiet_hours_opt_outs_and_promises(ledger, at, ending, opted_out):
    planned = follow_ups(at=at, ending=ending, ledger=ledger, hours=PARIS, opted_out=opted_out)
    assert [instant(each.at) for each in planned] == sorted(instant(each.at) for each in planned)
    assert all(instant(each.at) >= instant(at) for each in planned)
    for each in planned:
        assert each.what
        assert each.because
        if each.kind is not FollowUpKind.PROMISE:
            assert each.kind not in opted_out
            assert PARIS.allows(each.at) or not each.kind.to_customer
    promised = [each for each in planned if each.kind is FollowUpKind.PROMISE]
    assert len(promised) == len(ledger.open(at=at))


@given(moments(), st.integers(0, 5000), st.just(PARIS))
def test_law_a_promise_is_brought_up_before_its_time(at, minutes, hours):
    due = instant(at) + timedelta(minutes=minutes)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=at, due=due))
    [planned] = follow_ups(at=at, ledger=ledger, hours=hours)
    assert instant(at) <= instant(planned.at) <= instant(due)


@given(moments(), st.integers(0, 5000), st.integers(0, 300), st.integers(0, 4000))
def test_law_a_promise_is_brought_up_so_long_before_its_time_as_is_set(at, minutes, ahead, later):
    due = instant(at) + timedelta(minutes=minutes)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=at, due=due))
    now = min(due, instant(at) + timedelta(minutes=later))
    wished = max(now, due - timedelta(minutes=ahead))
    course = Course(ahead_of_promise=timedelta(minutes=ahead))
    [planned] = follow_ups(at=now, ledger=ledger, hours=PARIS, course=course)
    if PARIS.allows(wished):
        assert instant(planned.at) == wished


def test_the_course_that_is_ours():
    planned = {
        ending: [each.at - FRIDAY for each in follow_ups(at=FRIDAY, ending=ending)]
        for ending in ("resolved", "unresolved", "lost")
    }
    assert planned["resolved"] == planned["unresolved"]
    assert planned["resolved"] == [timedelta(days=days) for days in (1, 2, 14)]
    assert planned["lost"] == [timedelta(days=days) for days in (1, 7, 30, 90)]
    due = FRIDAY + timedelta(hours=5)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=FRIDAY, due=due))
    assert follow_ups(at=FRIDAY, ledger=ledger)[0].at == due - timedelta(minutes=30)


def test_a_promise_for_the_night_is_brought_forward():
    due = datetime(2026, 5, 2, 4, 0, tzinfo=UTC)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=FRIDAY, due=due))
    [planned] = follow_ups(at=FRIDAY, ledger=ledger)
    assert planned.at.isoformat() == "2026-05-01T20:59:00+00:00"


def test_a_promise_wholly_in_the_night_is_kept_all_the_same():
    night = datetime(2026, 5, 1, 22, 0, tzinfo=UTC)
    due = datetime(2026, 5, 1, 23, 0, tzinfo=UTC)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=night, due=due))
    assert follow_ups(at=night, ledger=ledger)[0].at == due


def test_a_promise_just_after_the_night_waits_for_the_morning():
    night = datetime(2026, 5, 2, 7, 0, tzinfo=UTC)
    due = datetime(2026, 5, 2, 8, 10, tzinfo=UTC)
    ledger = Ledger().made(Promise(name="p", what="call", made_at=night, due=due))
    assert follow_ups(at=night, ledger=ledger)[0].at.hour == 8


def test_an_overdue_promise_comes_with_an_apology():
    ledger = Ledger().made(Promise(name="p", what="call", made_at=FRIDAY, due=FRIDAY))
    [planned] = follow_ups(at=FRIDAY + timedelta(minutes=1), ledger=ledger)
    assert planned.what.startswith("apologise")


def test_a_lost_customer_is_asked_back_and_left_alone_if_they_say_so():
    kinds = [each.kind for each in follow_ups(at=FRIDAY, ending="lost")]
    assert kinds == ["learning", "win_back", "win_back", "win_back"]
    quiet = follow_ups(at=FRIDAY, ending="lost", opted_out=["win_back"])
    assert [each.kind for each in quiet] == ["learning"]


def test_nothing_is_planned_while_the_case_is_open():
    assert follow_ups(at=FRIDAY) == ()
    unresolved = follow_ups(at=FRIDAY, ending="unresolved")
    assert "still open" in unresolved[1].what


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: follow_ups(at=FRIDAY, ending="won"), "one of open, resolved"),
        (lambda: follow_ups(at=datetime(2026, 5, 1)), "aware datetime"),  # noqa: DTZ001  on purpose
        (lambda: Course(check_back=[timedelta(0)]), "rising lengths"),
        (lambda: Course(win_back=[timedelta(2), timedelta(1)]), "rising lengths"),
        (lambda: Course(ahead_of_promise=timedelta(-1)), "0 or longer"),
        (lambda: follow_ups(at=FRIDAY, opted_out=["calls"]), "opted_out"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(SettingError, match=message):
        make()
