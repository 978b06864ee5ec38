"""What is written as DMN is read as the same: over all kinds of tables."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DeescalateError, DocumentError, TableError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Condition,
    Example,
    Flag,
    HitPolicy,
    Number,
    Rule,
    Table,
    Temporal,
)
from deescalate.rules.dmn import read_dmn, write_dmn
from deescalate.testing.rules import cases, tables

COUNTING = {"unique", "rule order", "output order", "collect", "collect sum", "collect count"}


def said(table: Table, case: Mapping[str, Any]) -> object:
    try:
        verdict = table.decide(case)
    except DeescalateError as error:
        return str(error)
    return verdict.outcome, [rule.name for rule in verdict.matched]


@given(st.data())
def test_what_is_written_is_read_as_the_same_and_decides_alike(data: st.DataObject) -> None:
    table = data.draw(tables())
    again = read_dmn(write_dmn(table)).table
    case = data.draw(cases(table.facts))
    assert said(again, case) == said(table, case)
    single = all(len(rule.when.boxes) < 2 for rule in table.rules)
    if single or table.hit_policy.value not in COUNTING:
        assert again == table
    assert write_dmn(again) == write_dmn(table)


def test_the_reason_that_another_tool_has_written_wins_over_the_one_with_our_blanks() -> None:
    lost = Flag("lost")
    table = Table("t", [lost], [Rule("a", lost.is_true(), "x", "so it is ")])
    written = write_dmn(table)
    assert read_dmn(written).table == table
    edited = written.replace(">so it is </description>", ">no</description>")
    assert edited != written
    assert [rule.because for rule in read_dmn(edited).table.rules] == ["no"]


def test_every_kind_of_fact_and_outcome_is_kept() -> None:
    anger = Number("the  anger", 0.1, 2.5)
    age = Number("age", 0, unit="year", integer=True)
    fee = Number("fee", decimal=True)
    threat = Choice("threat", ["none", 'a "legal" one', "<violence>"])
    lost, due = Flag("lost"), Temporal("due", kind="date", low="2020-01-01")
    wait = Temporal("wait", kind="days and time duration")
    month = Temporal("month", kind="years and months duration", high="P2Y")
    at = Temporal("at", kind="date and time", zoned=True)
    rules = [
        Rule("a & b", (anger >= 0.3) & (age > 2.5), {"tier": "x", "fee": 0.1}, "so <it> is\nsaid "),
        Rule("c", threat.is_not("none") & lost.is_true(), {"tier": "y", "fee": 2}),
        Rule("d", (due >= 20000) & (wait < 3600) & (month > 3) & (at <= 0), {"tier": "", "fee": 1}),
        Rule("e", (fee > 3) | (lost.is_false() & (fee < 1)), {"tier": "y", "fee": 0.3}),
        Rule("never", Condition(()), {"tier": "y", "fee": 3}),
        Rule("always", EVERYTHING, {"tier": "y", "fee": 4}),
    ]
    facts = [anger, age, fee, threat, lost, due, wait, month, at]
    table = Table(
        "the  desk",
        facts,
        rules,
        "priority",
        {"tier": "x", "fee": 0.1},
        {"fee": [0.1, 0.3, 1, 2, 3, 4]},
        [Example({"lost": True, "due": "2024-01-01"}, {"tier": "y", "fee": 0.3})],
    )
    again = read_dmn(write_dmn(table)).table
    assert again == table
    assert again.tests == table.tests
    assert [again.rules[0].reason, again.rules[1].reason] == [
        rules[0].reason,
        rules[1].reason,
    ]


@pytest.mark.parametrize(
    "fact",
    [
        Choice("x", ["a", "b"]),
        Flag("x"),
        Number("x", 1, 3),
        Number("x", integer=True),
        Temporal("x", kind="time"),
        Temporal("x", kind="date"),
    ],
)
def test_a_rule_that_never_holds_is_kept(fact: Any) -> None:
    table = Table("desk", [fact, Flag("y")], [Rule("a", Condition(()), True)])
    assert read_dmn(write_dmn(table)).table == table


@pytest.mark.parametrize("policy", HitPolicy)
def test_alternatives_count_once(policy: HitPolicy) -> None:
    a, b = Number("a", 0, 5), Flag("b")
    rule = Rule("either", (a > 2) | b.is_true(), 1)
    table = Table("desk", [a, b], [rule], policy.value, outcomes=[1] if policy.needs_order else ())
    again = read_dmn(write_dmn(table)).table
    for case in (
        {"a": 3, "b": True},
        {"a": 3, "b": False},
        {"a": 1, "b": True},
        {"a": 0, "b": False},
    ):
        assert said(again, case)[0] == said(table, case)[0]  # type: ignore[index]
    assert [each.name for each in again.rules] == ["either"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (Table("a\x00b", [], []), "which XML cannot hold"),
        (Table("a", [], [Rule("a", Condition(()), 1)]), "where there is no input"),
    ],
)
def test_what_dmn_cannot_hold_is_refused(table: Table, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        write_dmn(table)


def test_stated_cases_that_do_not_fit_are_refused() -> None:
    lost = Flag("lost")
    written = write_dmn(
        Table("desk", [lost], [], default=True, tests=[Example({"lost": True}, True)])
    )
    for good, bad, reason in (
        ('"lost": true', '"lots": true', "unknown fact `lots`"),
        ('{"tests"', '{"tests', "text"),
    ):
        assert good in written
        with pytest.raises(DocumentError, match=reason):
            read_dmn(written.replace(good, bad))


def test_too_many_alternatives_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = Flag("a"), Flag("b"), Flag("c")
    either = (a.is_true() & b.is_true()) | c.is_true()
    table = Table("desk", [a, b, c], [Rule("x", either | (b.is_true() & c.is_false()), 1)])
    monkeypatch.setattr("deescalate.rules.dmn._writing.MOST_LINES", 2)
    assert write_dmn(table)
    monkeypatch.setattr("deescalate.rules.dmn._writing.MOST_LINES", 1)
    with pytest.raises(TableError, match="its alternatives take more than 1 lines"):
        write_dmn(table)


def test_numbers_of_any_size_and_mix_are_kept() -> None:
    x = Number("x")
    values: list[Any] = [10**300, 1e300, 1e-7, Decimal("0.1"), 0.1, Decimal("1E+3"), -0.5]
    rules = [Rule(f"r{place}", x > value, value) for place, value in enumerate(values)]
    table = Table("desk", [x], rules, "rule order")
    assert read_dmn(write_dmn(table)).table == table


def test_a_case_of_floats_is_decided_as_they_are_spelled() -> None:
    model = read_dmn(
        write_dmn(Table("desk", [Number("x", 0, 1)], [Rule("a", Number("x", 0, 1) >= 0.1, 1)]))
    )
    assert model.decide({"x": 0.1})["desk"].outcome == 1
    assert model.decide({"x": Decimal("0.1000000000000000000001")})["desk"].outcome is None


def test_an_alternative_within_another_is_written_once() -> None:
    a, b = Number("a", 0, 5), Flag("b")
    wide, narrow = a > 1, (a > 2) & b.is_true()
    for boxes in ((*narrow.boxes, *wide.boxes), (*wide.boxes, *narrow.boxes)):
        table = Table("desk", [a, b], [Rule("x", Condition(boxes), 1)], "collect count")
        again = read_dmn(write_dmn(table)).table
        for case in ({"a": 3, "b": True}, {"a": 2, "b": True}, {"a": 1, "b": True}):
            assert said(again, case) == said(table, case)


def test_an_empty_list_of_outcomes_is_said_as_such() -> None:
    rules = [Rule("x", EVERYTHING, {"tier": "a", "fee": 1})]
    with pytest.raises(TableError, match="the list of `fee` is empty"):
        Table("desk", [], rules, "priority", outcomes={"tier": ["a"], "fee": []})
    with pytest.raises(TableError, match="missing or empty"):
        Table("desk", [], rules, "priority", outcomes=[])
