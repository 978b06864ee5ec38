"""Tables as people write them in CSV files and spreadsheets."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, SettingError
from deescalate.rules import Choice, Number, Rule, Table
from deescalate.rules.dmn import read_dmn, write_dmn
from deescalate.rules.sheets import csv_lines, read_csv, read_xlsx

WRITTEN = """\
rule;anger;waiting [min];threat;vip;bought;-> tier;-> fee;because
hot;>= 0,9;;not legal;yes;;senior;2,50;too hot to wait
late;"0,5 to 0,9, ≥ 3";> 30;legal or violence;;>= 2025-01-01;agent;1;
rest;;any;*;-;;agent;0;
"""


def test_a_table_is_read_the_way_people_write_it() -> None:
    table = read_csv(WRITTEN, name="desk")
    assert [str(rule) for rule in table.rules] == [
        (
            "hot: tier senior, fee 2.50, "
            "when anger is at least 0.9 and threat is not legal and vip is true"
        ),
        (
            "late: tier agent, fee 1, when anger is from 0.5 to 0.9 or at least 3 and "
            'bought is at least date("2025-01-01") and threat is not (other) and '
            "waiting is above 30 min"
        ),
        "rest: tier agent, fee 0, when always",
    ]
    assert table.rules[0].reason == "too hot to wait"
    assert table.check().ok
    assert Table.from_document(table.to_document()) == table


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("3", 3, True),
        ("= 3", 4, False),
        ("2..4", 4, True),
        ("2 - 4", 4, True),
        ("[2..4)", 4, False),
        ("]2..4]", 2, False),
        ("<> 3", 3, False),
        ("not (3, 5)", 4, True),
        ("1, 3 or 5", 5, True),
        ("≤ 3", 3, True),
        ("-2 to -1", Decimal("-1.5"), True),
    ],
)
def test_a_cell_of_numbers(cell: str, value: object, holds: bool) -> None:
    table = read_csv(f'x,then\n"{cell}",yes\n')
    assert (table.decide({"x": value}).outcome == "yes") is holds


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_commas_semicolons_tabs_marks_and_ends_of_lines(between: str, end: str, mark: str) -> None:
    rows = [["threat", "tier"], ["legal", "lawyer"], ["", ""], ["-", "agent"]]
    table = read_csv(mark + end.join(between.join(row) for row in rows) + end)
    assert [rule.then for rule in table.rules] == ["lawyer", "agent"]
    assert table.decide({"threat": "(other)"}).outcome == "agent"


def test_the_corner_says_the_hit_policy_as_dmn_draws_it() -> None:
    table = read_csv("C+,x,fee\n1,> 1,5\n2,> 2,0.5\n")
    assert table.hit_policy == "collect sum"
    assert table.decide({"x": 3}).outcome == Decimal("5.5")
    assert [rule.name for rule in table.rules] == ["rule 1", "rule 2"]
    assert read_csv("A,tier\n1,x\n").facts[0].name == "A"


def test_declared_facts_and_settings_are_kept() -> None:
    x = Number("x", 0, 10, integer=True)
    table = read_csv(
        "x,then\n3,a\n",
        facts=[x, Number("y")],
        hit_policy="priority",
        default="b",
        outcomes=["a", "b"],
    )
    assert [fact.name for fact in table.facts] == ["x", "y"]
    assert (table.hit_policy, table.default, table.facts[0]) == ("priority", "b", x)


def test_findings_are_told_with_lines() -> None:
    text = 'x,then,because\n> 3,a,"two\nlines"\n\n> 5,a,\n'
    report = read_csv(text).check().located(csv_lines(text))
    assert [(each.code, each.line) for each in report] == [("gap", 1), ("dead-rule", 5)]


def test_texts_may_be_quoted_and_lists_of_them_excluded() -> None:
    table = read_csv('x;then\n"not (""a, b"", c)";"""true"""\n= d;true\n')
    assert [str(rule.when) for rule in table.rules] == ["x is d or (other)", "x is d"]
    assert [rule.then for rule in table.rules] == ["true", True]
    assert table.facts[0].allowed == "one of `a, b`, `c`, `d`, `(other)`"


REFUSED = {
    "one reason twice": ("because,because\nx,y\n", "B1", "`because` is named twice", 1),
    "no column but a reason": ("because,why\nx,y\n", "row 1", "no column is an outcome", 1),
    "an interval and more": ("x;then\n[1..2] 3;a\n", "A2", "tests with commas", 2),
    "nothing": ("", "rows", "there are none", 1),
    "no outcome": ("because\nx\n", "row 1", "no column is an outcome", 1),
    "too few cells": ("x,then\n1\n", "row 2", "it has 1 cells, expected 2", 2),
    "too many cells": ("x,then\n1,2,3\n", "row 2", "it has 3 cells, expected 2", 2),
    "a header of reasons and nothing": ("because,\nx,y\n", "B1", "the column has no name", 1),
    "an empty header": ("x,,then\n1,2,3\n", "B1", "the column has no name", 1),
    "a header twice": ("x,x,then\n1,2,3\n", "B1", "`x` is named twice", 1),
    "a name twice": ("rule,x,then\na,1,2\na,2,3\n", "A3", "`a` is taken by row 2", 3),
    "a decimal comma": ('x,then\n"1,5",a\n', "A2", "expected `1.5` for one number or `1, 5`", 2),
    "no outcome in a row": ("x,then\n1,\n", "B2", "it is empty", 2),
    "an open quote": ('x,then\n1,a\n"1,2\n', "text", "unexpected end of data", 3),
    "texts among numbers": ("x,then\n> 1,a\nfoo,b\n", "A2", "expected texts", 2),
    "an interval that stays open": ("x,then\n[1..,a\n", "A2", "interval", 2),
    "an interval that ends first": ("x,then\n5 to 1,a\n", "A2", "ends before it begins", 2),
    "an empty part": ('x,then\n"a,,b",a\n', "A2", "before and after each comma", 2),
    "a quote within": ('x;then\na "b";c\n', "A2", "tests with commas between them", 2),
    "a very long cell": (f"x,then\n{'a' * 10_001},b\n", "A2", "10001 characters", 2),
    "a broken escape": ('x;then\n1;"""\\q"""\n', "B2", "double quotes", 2),
    "outcomes that cannot be": ("C+,x,then\n1,> 1,a\n", "rows", "expected a number", 1),
    "no such day": ("x,then\n2025-02-30,a\n", "A2", "date", 2),
    "a day too many": ("x,then\n>= 2025-02-30,a\n2025-01-01,b\n", "A2", "date", 2),
}


@pytest.mark.parametrize(("text", "path", "reason", "line"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_one_finding_with_its_cell(
    text: str, path: str, reason: str, line: int
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_csv(text)
    [problem] = caught.value.problems
    assert (problem.path, problem.line) == (path, line)
    assert reason in problem.reason


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    for count in (99, 100, 101, 150):
        with pytest.raises(DocumentError) as caught:
            read_csv("x,then\n" + "1,\n" * count)
        told = (len(caught.value.problems), caught.value.more)
        assert told == (min(count, 100), max(0, count - 100))


def test_a_cell_may_be_as_long_as_is_said() -> None:
    text = "a" * 9_998  # and two quotes
    assert read_csv(f"x,then\n{text},b\n").decide({"x": text}).outcome == "b"


def test_a_file_too_long_is_refused() -> None:
    with pytest.raises(DocumentError, match="4000001 characters"):
        read_csv("x" * 4_000_001)


@given(st.text(alphabet='ab1,;\t"\n\r-><=.[]()notry ', max_size=60))
def test_any_text_is_a_table_or_a_documented_error(text: str) -> None:
    try:
        table = read_csv(text)
    except DocumentError as error:
        assert error.problems
    else:
        assert Table.from_document(table.to_document()) == table


@pytest.fixture
def openpyxl() -> Any:
    return pytest.importorskip("openpyxl", reason="needs the extra spreadsheet")


def workbook(
    openpyxl: Any, rows: Mapping[str, object], merged: str = "", sheets: tuple[str, ...] = ()
) -> io.BytesIO:
    book = openpyxl.Workbook()
    for cell, value in rows.items():
        book.active[cell] = value
    if merged:
        book.active.merge_cells(merged)
    for name in sheets:
        book.create_sheet(name)["B2"] = 1
    file = io.BytesIO()
    book.save(file)
    return file


CELLS = {"A1": "x", "B1": "bought", "C1": "vip", "D1": "then", "A2": "> 3", "D2": 0.1, "D3": 5}


def test_a_workbook_is_read(openpyxl: ModuleType) -> None:
    rows = {**CELLS, "B3": datetime(2025, 1, 1), "C2": True, "A4": None, "A3": 1.5, "F9": ""}  # noqa: DTZ001  workbooks know no zones
    table = read_xlsx(workbook(openpyxl, rows), name="desk")
    assert [str(rule) for rule in table.rules] == [
        "rule 1: 0.1, when vip is true and x is above 3",
        'rule 2: 5, when bought is date("2025-01-01") and x is 1.5',
    ]
    assert read_xlsx(workbook(openpyxl, {**rows, "B3": date(2025, 1, 1)})).rules == table.rules
    [rule] = read_xlsx(workbook(openpyxl, {"A1": "x", "B1": "then", "B2": time(9, 30)})).rules
    assert rule.then == "09:30:00"


@pytest.mark.parametrize(
    ("rows", "merged", "path", "reason"),
    [
        (CELLS, "A2:B2", "A2", "the cells A2:B2 are merged"),
        ({**CELLS, "B2": "=1+1"}, "", "B2", "found a formula"),
        ({**CELLS, "E2": "x"}, "", "row 2", "it has 5 cells, expected 4"),
        ({"A1": "x", "C1": "then", "C2": 1}, "", "B1", "the column has no name"),
        ({**CELLS, "A2": "1,5"}, "", "A2", "expected `1.5`"),
        ({}, "", "sheets", "0 are not empty"),
    ],
)
def test_what_a_workbook_must_not_hold_is_one_finding_with_its_cell(
    openpyxl: ModuleType, rows: Mapping[str, object], merged: str, path: str, reason: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_xlsx(workbook(openpyxl, rows, merged))
    [problem] = caught.value.problems
    assert problem.path == path
    assert reason in problem.reason


def test_a_sheet_is_chosen_by_its_name(openpyxl: ModuleType) -> None:
    file = workbook(openpyxl, CELLS, sheets=("Other",))
    with pytest.raises(DocumentError, match="2 are not empty, expected one or its name"):
        read_xlsx(file)
    assert len(read_xlsx(file, sheet="Sheet").rules) == 2
    with pytest.raises(DocumentError, match="there is no such sheet"):
        read_xlsx(file, sheet="Sheet 1")


def test_what_is_no_workbook_is_refused(openpyxl: ModuleType, monkeypatch: Any) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("a", "b")
    for file in (io.BytesIO(b"x,then"), other):
        with pytest.raises(DocumentError, match="it is no workbook"):
            read_xlsx(file)
    monkeypatch.setattr("deescalate.rules.sheets._xlsx.MOST_BYTES", 10)
    with pytest.raises(DocumentError, match="unpacked it has"):
        read_xlsx(workbook(openpyxl, CELLS))
    monkeypatch.undo()
    monkeypatch.setattr("deescalate.rules.sheets._xlsx.MOST_CELLS", 5)
    with pytest.raises(DocumentError, match="more than 5 cells"):
        read_xlsx(workbook(openpyxl, CELLS))


def test_law_a_workbook_is_as_large_as_is_said_and_no_larger(
    openpyxl: ModuleType, monkeypatch: Any
) -> None:
    """Three rows of four cells; and as many bytes as its parts have."""
    with zipfile.ZipFile(workbook(openpyxl, CELLS)) as parts:
        size = sum(each.file_size for each in parts.infolist())
    for bound, most in (("MOST_CELLS", 12), ("MOST_BYTES", size)):
        place = f"deescalate.rules.sheets._xlsx.{bound}"
        monkeypatch.setattr(place, most)
        assert len(read_xlsx(workbook(openpyxl, CELLS)).rules) == 2
        monkeypatch.setattr(place, most - 1)
        with pytest.raises(DocumentError):
            read_xlsx(workbook(openpyxl, CELLS))
        monkeypatch.undo()


def test_without_openpyxl_it_says_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(SettingError, match=r"pip install 'deescalation\[spreadsheet\]'"):
        read_xlsx(io.BytesIO())


@pytest.mark.parametrize("word", ["x" * 10_000, '"' * 5_000, "ü" * 9_999])
def test_law_a_text_that_a_cell_may_hold_is_read_back_whatever_its_quotes(word):
    threat = Choice("threat", [word, "none"])
    table = Table("desk", [threat], [Rule("one", threat.is_(word), word)])
    for again in (Table.from_document(table.to_document()), read_dmn(write_dmn(table)).table):
        assert again == table
    if '"' not in word:
        for cell in (word, f'"""{word}"""'):
            (rule,) = read_csv(f"threat,-> then\n{cell},{cell}\n").rules
            assert rule.then == word
            assert word in str(rule.when)
