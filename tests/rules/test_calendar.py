"""Facts about the calendar: exact numbers beneath, ISO texts above."""

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, FactError, TableError
from deescalate.rules import EVERYTHING, Rule, Table, Temporal
from deescalate.rules.proofs import differences, gaps, nearest, never

DUE = Temporal("due", kind="date")
AT = Temporal("at", kind="date and time", zoned=True)
WAIT = Temporal("wait", kind="days and time duration")
AGE = Temporal("age", kind="years and months duration")
NOON = Temporal("noon", kind="time")


@pytest.mark.parametrize(
    ("fact", "value", "number", "text"),
    [
        (DUE, "1970-01-02", 1, "1970-01-02"),
        (DUE, date(1969, 12, 31), -1, "1969-12-31"),
        (NOON, "12:00:00.5", Decimal("43200.5"), "12:00:00.5"),
        (NOON, time(1, 2, 3), 3723, "01:02:03"),
        (AT, "1970-01-01T01:00:00+01:00", 0, "1970-01-01T00:00:00Z"),
        (AT, datetime(1970, 1, 1, tzinfo=UTC), 0, "1970-01-01T00:00:00Z"),
        (AT, "1969-12-31T23:59:59.25Z", Decimal("-0.75"), "1969-12-31T23:59:59.25Z"),
        (AT, "1970-01-01T00:00:00-00:00:30", 30, "1970-01-01T00:00:30Z"),
        (WAIT, "P1DT2H3M4.5S", Decimal("93784.5"), "P1DT2H3M4.5S"),
        (WAIT, "-PT90M", -5400, "-PT1H30M"),
        (WAIT, timedelta(0), 0, "PT0S"),
        (WAIT, timedelta(days=2), 172800, "P2D"),
        (AGE, "P1Y6M", 18, "P1Y6M"),
        (AGE, "-P12M", -12, "-P1Y"),
        (AGE, 0, 0, "P0M"),
        (Temporal("t", kind="date and time"), "1970-01-02", 86400, "1970-01-02T00:00:00"),
        (Temporal("t", kind="time", zoned=True), "00:30:00+01:00", 84600, "23:30:00Z"),
    ],
)
def test_texts_and_values_are_numbers_and_back(
    fact: Temporal, value: object, number: object, text: str
) -> None:
    assert fact.check(value) == number
    assert fact.text_of(fact.check(value)) == text
    assert fact.check(text) == number


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (DUE, "2025-02-29"),
        (DUE, "1 May"),
        (DUE, "2025-01-01T10:00:00"),
        (DUE, 1.5),
        (DUE, None),
        (DUE, True),
        (DUE, 10**9),
        (NOON, "24:00:00"),
        (NOON, "10:00:00Z"),
        (NOON, "10:60:00"),
        (AT, "2025-01-01T10:00:00"),
        (AT, "2025-01-01T10:00:00+19:00"),
        (AT, "2025-13-01T10:00:00Z"),
        (AT, datetime(2025, 1, 1)),  # noqa: DTZ001  that is what is refused
        (WAIT, "P"),
        (WAIT, "PT"),
        (WAIT, "P1Y"),
        (AGE, "P1D"),
        (AGE, timedelta(1)),
    ],
)
def test_what_is_no_such_value_is_refused_with_an_example(fact: Temporal, value: object) -> None:
    with pytest.raises(FactError, match=r"expected a .* such as `"):
        fact.check(value)


def test_bounds_are_said_in_its_own_words() -> None:
    fact = Temporal("due", "2025-01-01", "2025-12-31", kind="date")
    with pytest.raises(FactError) as caught:
        fact.check("2026-01-01")
    assert caught.value.allowed == ("a date such as `2025-12-31` from 2025-01-01 to 2025-12-31")
    assert "with a zone" in AT.allowed
    assert pickle.loads(pickle.dumps(fact)) == fact  # noqa: S301  our own


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"kind": "dat"}, "did you mean `date`"),
        ({"kind": "day of week"}, "expected one of `date`"),
        ({"kind": "date", "low": "soon"}, "found `soon`, expected a date"),
        ({"kind": "time", "low": 90_000, "high": 90_001}, "no value lies between"),
    ],
)
def test_what_can_be_no_fact_is_refused(settings: Any, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        Temporal("x", **settings)


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=30)))))
def test_instants_keep_their_order(moment: datetime) -> None:
    later = AT.check(moment)
    assert AT.check(AT.text_of(later)) == later
    if moment.year < 9999:
        assert AT.check(moment + timedelta(microseconds=1)) > later


TWO_DIGITS = st.integers(0, 99) | st.sampled_from([0, 17, 18, 19, 58, 59, 60])


@given(st.sampled_from("+-"), TWO_DIGITS, TWO_DIGITS, st.none() | TWO_DIGITS)
@example("+", 18, 59, 59)
@example("-", 18, 0, None)
@example("+", 19, 0, None)
@example("-", 18, 60, None)
@example("+", 0, 0, 60)
def test_law_a_zone_is_as_far_ahead_as_it_says_or_none(
    sign: str, hours: int, minutes: int, seconds: int | None
) -> None:
    tail = "" if seconds is None else f":{seconds:02}"
    text = f"1970-02-01T00:00:00{sign}{hours:02}:{minutes:02}{tail}"
    if hours > 18 or minutes > 59 or (seconds or 0) > 59:
        with pytest.raises(FactError):
            AT.check(text)
    else:
        ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds or 0).total_seconds()
        assert AT.check(text) == 31 * 86400 - (ahead if sign == "+" else -ahead)


@given(st.timedeltas())
def test_durations_are_exact(span: timedelta) -> None:
    seconds = WAIT.check(span)
    assert seconds == Decimal(span.days) * 86400 + span.seconds + Decimal(span.microseconds) / 10**6
    assert WAIT.check(WAIT.text_of(seconds)) == seconds


DOCUMENT = """
name = "returns"
[facts.due]
temporal = { kind = "date", low = "2020-01-01", high = "2030-12-31" }
[facts.at]
temporal = { kind = "time" }
[[rules]]
name = "a"
when = { due = '[date("2024-01-01")..@"2025-01-01")', at = 'not(< time("09:00:00"))' }
then = "yes"
"""


def test_a_document_says_them_as_dmn_does() -> None:
    table = Table.from_document(DOCUMENT)
    assert Table.from_document(table.to_document()) == table
    assert table.decide({"due": "2024-05-01", "at": time(10)}).outcome == "yes"
    assert str(table.rules[0].when) == (
        'at is at least time("09:00:00") and due is from date("2024-01-01") to below '
        'date("2025-01-01")'
    )
    bare = Table("t", table.facts, [Rule("a", DUE_OF(table) >= 19000, "b")])
    assert 'due = ">= date(\\"2022-01-08\\")"' in bare.to_document().replace("'", '"') or (
        "2022-01-08" in bare.to_document()
    )


def DUE_OF(table: Table) -> Any:  # noqa: N802  reads like the constant above
    return table.facts[0]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("> 5", "expected a literal such as date"),
        ('> "2024-01-01"', "expected a literal such as date"),
        ('> time("10:00:00")', "expected a literal such as date"),
        ('> date("2024-02-30")', 'found `"2024-02-30"`'),
        ("> date(5)", "expected a literal such as date"),
        ('> date("2024-02-03"', "ends too soon"),
        ("> @", "ends too soon"),
    ],
)
def test_a_cell_that_is_no_date_is_refused(cell: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason.replace("(", r"\(")):
        Table.from_document(DOCUMENT.replace('[date("2024-01-01")..@"2025-01-01")', cell))


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ('{ kind = "dat" }', "did you mean `date`"),
        ("{}", "missing"),
        ('{ kind = "date", low = 5 }', "expected a text"),
    ],
)
def test_a_document_with_no_such_fact_is_refused(found: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        Table.from_document(f'name = "x"\n[facts.due]\ntemporal = {found}')


def test_a_plain_cell_is_refused_with_an_example() -> None:
    with pytest.raises(DocumentError, match=r'such as `>= date\("2025-12-31"\)`'):
        Table.from_document({"name": "t", "facts": {"d": {"temporal": {"kind": "date"}}},
                             "rules": [{"name": "a", "when": {"d": True}, "then": 1}]})  # fmt: skip


def test_proofs_tell_cases_that_the_table_takes() -> None:
    table = Table("t", [DUE, NOON], [Rule("a", (DUE >= 100) & (NOON < 3600), "b")])
    for gap in gaps(table):
        assert table.decide(gap.facts).outcome is None
    assert never(table, EVERYTHING, "b")[0].facts == {"due": "1970-04-11", "noon": "00:00:00"}
    near = nearest(table, {"due": "1970-01-01", "noon": "00:00:00"})
    assert near is not None
    assert str(near) == 'b instead of None, if due is at least date("1970-04-11")'
    assert near.told.endswith('at least date("1970-04-11"), not date("1970-01-01")')


def test_versions_with_other_bounds_are_compared_and_other_kinds_are_not() -> None:
    early = Temporal("due", high="2025-01-01", kind="date")
    old = Table("t", [DUE], [Rule("a", DUE >= 100, "b")])
    new = Table("t", [early], [Rule("a", early >= 101, "b")])
    [difference] = differences(old, new)
    assert str(difference.region) == 'due is date("1970-04-11")'
    other = Temporal("due", kind="time")
    with pytest.raises(TableError, match="has changed its kind"):
        differences(old, Table("t", [other], []))


DAYS = date(9999, 12, 31).toordinal() - date(1970, 1, 1).toordinal()
FIRST = 1 - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("fact", "first", "last"),
    [
        (DUE, FIRST, DAYS),
        (AT, FIRST * 86_400, (DAYS + 1) * 86_400 - 1),
        (NOON, 0, 86_399),
    ],
)
def test_law_the_calendar_goes_from_the_year_1_to_the_year_9999(
    fact: Temporal, first: int, last: int
) -> None:
    for number in (first, last):
        assert fact.check(fact.text_of(number)) == fact.check(number) == number
    for number in (first - 1, last + 1):
        with pytest.raises(FactError):
            fact.check(number)


def test_a_sample_is_a_day_that_people_know() -> None:
    """Where any day would do, and where any before some day would: none of the year 1."""
    until = next(iter((DUE.check("2026-01-01") > DUE).boxes[0])).values
    assert DUE.sample(DUE.domain) == "1970-01-01"
    assert AT.sample(AT.domain) == "1970-01-01T00:00:00Z"
    assert DUE.sample(until) == "2025-12-31"
    told = Temporal("due", kind="date", low="2020-02-02")
    assert told.sample(told.domain) == "2020-02-02"
