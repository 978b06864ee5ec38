"""The ledger: nothing is lost, and what was broken stays broken."""

import pickle
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import EventError, SettingError
from deescalate.promises import Entry, Ledger, Promise, Standing, Word, _ledger, after, instant
from deescalate.testing.promises import ledgers, moments, promises

NINE = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def at(hour, minute=0):
    return NINE.replace(hour=hour, minute=minute)


def call(due=17, name="call"):
    return Promise(name=name, what="call back", made_at=NINE, due=at(due))


@given(ledgers(), moments())
def test_law_a_ledger_never_loses_a_promise(ledger, now):
    by_then = [each for each in ledger.promises if instant(each.made_at) <= instant(now)]
    shown = ledger.standing_in(*Standing, at=now)
    assert sorted(each.name for each in shown) == sorted(each.name for each in by_then)
    assert len(ledger.promises) == sum(entry.word is Word.MADE for entry in ledger.entries)


@given(ledgers(), moments(), st.integers(0, 10_000))
def test_law_what_was_broken_stays_broken(ledger, now, minutes):
    later = now + timedelta(minutes=minutes)
    if instant(later) >= instant(now):
        assert {each.name for each in ledger.broken(at=now)} <= {
            each.name for each in ledger.broken(at=later)
        }


@given(ledgers(), moments())
def test_law_standing_agrees_with_a_reading_of_the_lines(ledger, now):
    """Written apart from the code: walk the lines by hand."""
    for promise in ledger.standing_in(*Standing, at=now):
        due, end, broken = promise.due, None, False
        for entry in ledger.entries:
            if entry.name != promise.name or instant(entry.at) > instant(now):
                continue
            broken = broken or (entry.word is not Word.MADE and instant(entry.at) > instant(due))
            due = entry.due if entry.word is Word.MOVED else due
            end = entry.word if entry.word in (Word.KEPT, Word.RELEASED) else end
        standing = ledger.standing(promise.name, at=now)
        if end is Word.RELEASED:
            assert standing is Standing.RELEASED
        elif end is Word.KEPT:
            assert standing is (Standing.KEPT_LATE if broken else Standing.KEPT)
        else:
            assert standing.is_open
            assert (standing is Standing.OVERDUE) == (instant(now) > instant(due))
            broken = broken or instant(now) > instant(due)
        assert (promise in ledger.broken(at=now)) == broken
        assert (ledger.broken_at(promise.name, at=now) is not None) == broken


@given(ledgers(), moments())
def test_law_what_stands_as_broken_is_among_the_broken(ledger, now):
    """And where no time was moved and nothing released, nothing else is."""
    broken = ledger.broken(at=now)
    words = {(entry.name, entry.word) for entry in ledger.entries}
    for promise in ledger.standing_in(*Standing, at=now):
        standing = ledger.standing(promise.name, at=now)
        assert promise in broken or not standing.was_broken
        if not {(promise.name, Word.MOVED), (promise.name, Word.RELEASED)} & words:
            assert standing.was_broken == (promise in broken)


@given(ledgers(), st.sampled_from(Word), moments())
def test_law_a_line_without_a_true_moment_is_refused_wherever_it_stands(ledger, word, now):
    naive = now.replace(tzinfo=None)
    for lines in ((), ledger.entries):
        with pytest.raises(SettingError, match="aware datetime"):
            Ledger(entries=[*lines, Entry(word=word, name="p0", at=naive)])


@given(ledgers())
def test_law_a_ledger_replays_from_its_entries(ledger):
    assert Ledger(entries=ledger.entries) == ledger
    assert pickle.loads(pickle.dumps(ledger)) == ledger  # noqa: S301  our own bytes


@given(promises())
def test_law_writing_a_promise_twice_changes_nothing(promise):
    once = Ledger().made(promise)
    assert once.made(promise) is once


def test_a_day_in_the_life_of_a_promise():
    ledger = Ledger().made(call())
    assert ledger.standing("call", at=at(15, 59)) is Standing.OPEN
    assert ledger.standing("call", at=at(16)) is Standing.DUE_SOON
    assert ledger.standing("call", at=at(17)) is Standing.DUE_SOON
    assert ledger.standing("call", at=at(17, 1)) is Standing.OVERDUE
    assert ledger.kept("call", at=at(17)).standing("call", at=at(20)) is Standing.KEPT
    late = ledger.kept("call", at=at(18))
    assert late.standing("call", at=at(20)) is Standing.KEPT_LATE
    assert late.broken_at("call", at=at(20)) == at(17)
    assert late.open(at=at(20)) == ()
    assert ledger.released("call", at=at(10)).broken(at=at(20)) == ()


def test_moving_the_time_mends_nothing_afterwards():
    in_time = Ledger().made(call()).moved("call", at=at(16), due=at(19))
    assert in_time.broken(at=at(18)) == ()
    assert in_time.due("call", at=at(15)) == at(17)
    assert in_time.due("call", at=at(18)) == at(19)
    too_late = Ledger().made(call()).moved("call", at=at(18), due=at(19))
    assert too_late.standing("call", at=at(18, 30)) is Standing.DUE_SOON
    assert too_late.broken_at("call", at=at(18, 30)) == at(17)
    assert too_late.kept("call", at=at(19)).standing("call", at=at(20)) is Standing.KEPT_LATE


def test_an_update_is_owed_at_the_due_time_even_without_news():
    ledger = Ledger().made(call())
    assert ledger.updates_owed(at=at(17)) == ()
    assert ledger.updates_owed(at=at(18)) == (call(),)
    assert ledger.updated("call", at=at(10)).updates_owed(at=at(18)) == (call(),)
    assert ledger.updated("call", at=at(16, 30)).updates_owed(at=at(18)) == ()
    assert ledger.updated("call", at=at(18)).updates_owed(at=at(19)) == ()


def test_due_soonest_first():
    ledger = Ledger().made(call(17, "late")).made(call(12, "early"))
    assert [each.name for each in ledger.open(at=at(10))] == ["early", "late"]


def test_summer_time_is_told_by_instants():
    paris = ZoneInfo("Europe/Paris")
    made = datetime(2026, 10, 25, 2, 50, fold=0, tzinfo=paris)
    due = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=paris)
    ledger = Ledger().made(Promise(name="night", what="call", made_at=made, due=due))
    assert ledger.standing("night", at=made) is Standing.DUE_SOON


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda ledger: ledger.kept("cal", at=at(10)), "did you mean `call`"),
        (lambda ledger: ledger.kept("call", at=at(8)), "before the last entry"),
        (lambda ledger: ledger.moved("call", at=at(10), due=at(9)), "is before"),
        (lambda ledger: ledger.made(call(16)), "another promise is called"),
        (lambda ledger: ledger.kept("call", at=at(10)).kept("call", at=at(11)), "kept already"),
        (lambda ledger: ledger.standing("nothing", at=at(10)), "there is no promise `nothing`"),
        (lambda ledger: ledger.standing("call", at=at(8)), "there is no promise `call`"),
    ],
)
def test_what_does_not_follow_is_refused_and_changes_nothing(change, message):
    ledger = Ledger().made(call())
    before = pickle.dumps(ledger)
    with pytest.raises(EventError, match=message):
        change(ledger)
    assert pickle.dumps(ledger) == before


def test_entries_must_carry_their_promise():
    with pytest.raises(EventError, match="carries its promise"):
        Ledger(entries=[Entry(word=Word.MADE, name="call", at=NINE)])


@pytest.mark.parametrize(
    "make",
    [
        lambda naive: Promise(name="p", what="w", made_at=naive, due=NINE),
        lambda naive: Promise(name="p", what="w", made_at=NINE, due=naive),
        lambda naive: Ledger().made(call()).kept("call", at=naive),
        lambda naive: Ledger().made(call()).moved("call", at=NINE, due=naive),
        lambda naive: Ledger().made(call()).standing("call", at=naive),
        lambda naive: Ledger().broken(at=naive),
    ],
)
def test_naive_datetimes_are_refused(make):
    for wrong in (datetime(2026, 5, 1, 9, 0), "2026-05-01", None):  # noqa: DTZ001  on purpose
        with pytest.raises(SettingError, match="aware datetime"):
            make(wrong)


def test_settings_out_of_range():
    with pytest.raises(SettingError, match="due_soon"):
        Ledger(due_soon=timedelta(seconds=-1))
    with pytest.raises(SettingError, match="`name`"):
        Promise(name="", what="w", made_at=NINE, due=NINE)
    with pytest.raises(SettingError, match="not before"):
        Promise(name="p", what="w", made_at=NINE, due=at(8))


INSTANT = timedelta.resolution


@given(moments(), st.integers(1, 10_000), st.integers(0, 10_000))
def test_law_what_holds_at_each_bound_itself(made_at, seconds, soon):
    """A promise is broken after its time and not at it; due soon from exactly so long before."""
    due = after(made_at, timedelta(days=1, seconds=seconds))
    promise = Promise(name="call", what="call", made_at=made_at, due=due)
    ledger = Ledger(due_soon=timedelta(seconds=soon)).made(promise)
    begins = after(due, -timedelta(seconds=soon))
    late = after(due, INSTANT)
    assert ledger.standing("call", at=made_at) is Standing.OPEN
    assert ledger.standing("call", at=after(begins, -INSTANT)) is Standing.OPEN
    assert ledger.standing("call", at=begins) is Standing.DUE_SOON
    assert ledger.standing("call", at=due) is Standing.DUE_SOON
    assert ledger.standing("call", at=late) is Standing.OVERDUE
    assert not ledger.broken(at=due)
    assert ledger.broken(at=late) == (promise,)
    assert ledger.broken_at("call", at=due) is None
    assert ledger.kept("call", at=due).standing("call", at=late) is Standing.KEPT
    assert ledger.kept("call", at=late).standing("call", at=late) is Standing.KEPT_LATE
    assert ledger.kept("call", at=late).standing("call", at=due) is Standing.DUE_SOON
    assert not ledger.moved("call", at=due, due=due).broken(at=due)
    assert ledger.moved("call", at=late, due=late).broken(at=late) == (promise,)
    assert ledger.updated("call", at=begins).updates_owed(at=late) == ()
    assert ledger.updated("call", at=after(begins, -INSTANT)).updates_owed(at=late) == (promise,)
    with pytest.raises(EventError, match="no promise `call` by then"):
        ledger.due("call", at=after(made_at, -INSTANT))


@given(ledgers())
def test_law_a_ledger_written_line_by_line_is_the_ledger_of_its_lines(ledger):
    again = Ledger(entries=ledger.entries)
    assert again == ledger == pickle.loads(pickle.dumps(ledger)) == deepcopy(ledger)  # noqa: S301  our own bytes
    assert hash(again) == hash(ledger)
    assert all(promise.name in ledger for promise in ledger.promises)
    assert "nobody" not in ledger


def test_writing_and_reading_cost_a_line_and_not_a_ledger(monkeypatch):
    at = datetime(2026, 5, 1, tzinfo=UTC)
    counted = []
    begun = _ledger._begun
    monkeypatch.setattr(_ledger, "_begun", lambda entry: counted.append(entry) or begun(entry))
    ledger = Ledger()
    for number in range(100):
        ledger = ledger.made(Promise(name=f"p{number}", what="call", made_at=at, due=at))
        ledger = ledger.kept(f"p{number}", at=at)
    assert len(counted) <= 2 * 100
    counted.clear()
    for promise in ledger.promises:
        ledger.standing(promise.name, at=at)
        ledger.due(promise.name, at=at)
    assert len(counted) == 2 * 100
