"""Rows of cells as a table: what the columns are, then a rule a row."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from attrs import frozen

from deescalate.errors import DeescalateError, DocumentError, Problem, quoted
from deescalate.rules._engine.conditions import Fact, all_of
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.rules import Rule, Scalar
from deescalate.rules._table import Table
from deescalate.rules.dmn._columns import Cells, fact_of
from deescalate.rules.dmn._feel import Unsupported, read_expression
from deescalate.rules.dmn._logic import plain_value
from deescalate.rules.dmn._marks import Marks
from deescalate.rules.sheets._wording import decimal_commas, kind_of, outcome_text, to_feel

__all__ = ["Row", "Sheet", "column_name"]

_MARK = re.compile(r"(?:->|=>|→|then\b)\s*", re.IGNORECASE)
_UNIT = re.compile(r"(.*\S)\s*[\[(]([^\[\]()]*)[\])]", re.DOTALL)
_REASONS = ("because", "reason", "why", "note", "comment", "annotation")
_NAMES = ("rule", "name", "#", "no", "no.")
_CORNERS = {
    "U": "unique",
    "A": "any",
    "P": "priority",
    "F": "first",
    "R": "rule order",
    "O": "output order",
    "C": "collect",
    "C+": "collect sum",
    "C<": "collect min",
    "C>": "collect max",
    "C#": "collect count",
}
MOST_PROBLEMS = 100
MOST_CHARACTERS = 10_000
"""Characters of a cell; ours."""

T = TypeVar("T")


def column_name(place: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_name(1), column_name(27)
    ('B', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@frozen
class Row:
    """A row of texts.

    Attributes:
        cells: Its cells.
        line: Its number in the sheet, or the line of the file on which it begins; from 1.
    """

    cells: tuple[str, ...]
    line: int

    @property
    def filled(self) -> bool:
        """Whether a cell says anything."""
        return any(each.strip() for each in self.cells)


@frozen
class _Column:
    place: int
    name: str
    role: str
    unit: str = ""


class Sheet:
    """Reads one table.

    Args:
        document: What it is, for errors.
        rows: Its rows; the first names the columns.
        commas: Whether a comma between digits is a decimal comma.
    """

    def __init__(self, document: str, rows: Sequence[Row], *, commas: bool) -> None:
        self.document = document
        self.rows = [row for row in rows if row.filled]
        self.commas = commas
        self.problems: list[Problem] = []
        self.policy = ""

    def problem(self, row: Row, place: int | None, reason: str) -> None:
        """Note what is wrong with a cell, or with a row."""
        at = f"row {row.line}" if place is None else f"{column_name(place)}{row.line}"
        self.problems.append(Problem(at, reason, line=row.line))

    def tried(self, row: Row, place: int, make: Callable[[], T]) -> T | None:
        """What is made of a cell; its complaint is a problem."""
        try:
            return make()
        except (Unsupported, DeescalateError) as error:
            self.problem(row, place, str(error))
        return None

    def table(
        self,
        name: str,
        facts: Iterable[Fact],
        hit_policy: str | None,
        default: Scalar | None,
        outcomes: Iterable[Scalar],
    ) -> Table:
        """The table.

        Raises:
            DocumentError: With every problem, each with its cell and line.
        """
        columns = self.columns() if self.rows else []
        if not self.rows:
            self.problems.append(
                Problem("rows", "there are none, expected names of columns", line=1)
            )
        body = self.rows[1:]
        for row in body:
            if len(row.cells) != len(columns) and columns:
                expected = f"expected {len(columns)} as in the first row"
                self.problem(row, None, f"it has {len(row.cells)} cells, {expected}")
        self.finish()
        declared = {each.name: each for each in facts}
        inputs = [
            (each, self.input(each, body, declared)) for each in columns if each.role == "input"
        ]
        self.finish()
        rules = self.rules(columns, [(each, cells) for each, cells in inputs if cells], body)
        self.finish()
        try:
            asked = [cells.fact for _, cells in inputs if cells]
            unasked = [each for each in declared.values() if each not in asked]
            policy = hit_policy or self.policy or "first"
            return Table(name, [*asked, *unasked], rules, policy, default, outcomes)
        except DeescalateError as error:
            raise DocumentError(self.document, (Problem("rows", str(error), line=1),)) from None

    def finish(self) -> None:
        """Refuse it where anything was noted."""
        if self.problems:
            told, more = self.problems[:MOST_PROBLEMS], len(self.problems) - MOST_PROBLEMS
            raise DocumentError(self.document, tuple(told), max(0, more))

    def columns(self) -> list[_Column]:
        """What the first row names."""
        head = self.rows[0]
        found: list[_Column] = []
        for place, cell in enumerate(head.cells):
            column = self.column(place, " ".join(cell.split()))
            if not column.name:
                self.problem(head, place, "the column has no name")
            elif any(each.name == column.name for each in found):
                self.problem(head, place, f"{quoted(column.name)} is named twice")
            found.append(column)
        if not any(each.role == "output" for each in found):
            asked = [each for each in found if each.role == "input"]
            if asked:
                last = found.index(asked[-1])
                found[last] = _Column(asked[-1].place, asked[-1].name, "output")
            elif not self.problems:
                self.problem(head, None, "no column is an outcome")
        return found

    def column(self, place: int, name: str) -> _Column:
        """What one column is, by its name."""
        plain = name.casefold()
        corner = place == 0 and name in _CORNERS and len(self.rows[0].cells) > 2
        if corner and all(_is_number(row) for row in self.rows[1:]):
            self.policy = _CORNERS[name]
            return _Column(place, name, "name")
        if plain in _NAMES:
            return _Column(place, name, "name")
        if plain in _REASONS:
            return _Column(place, name, "reason")
        mark = _MARK.match(name)
        if mark:
            return _Column(place, name[mark.end() :] or name, "output")
        unit = _UNIT.fullmatch(name)
        return _Column(place, unit[1] if unit else name, "input", unit[2].strip() if unit else "")

    def cell(self, row: Row, column: _Column) -> str | None:
        """A cell, with decimal points."""
        told = row.cells[column.place].strip()
        length = len(told[1:-1] if told[:1] == told[-1:] == '"' else told)
        if length > MOST_CHARACTERS:
            reason = f"found {length} characters, expected at most {MOST_CHARACTERS}"
            self.problem(row, column.place, reason)
            return None
        return self.tried(row, column.place, lambda: decimal_commas(told, meant=self.commas))

    def input(
        self, column: _Column, rows: Sequence[Row], declared: dict[str, Fact]
    ) -> Cells | None:
        """The fact of a column, to read its cells."""
        told = [each for row in rows if (each := self.cell(row, column)) is not None]
        if column.name in declared:
            return Cells(declared[column.name])
        readable = [each for each in told if _is_readable(each)]
        kind = kind_of(readable)
        feel = [cell for cell in (_tried(each, kind) for each in readable) if cell is not None]
        made = self.tried(
            self.rows[0],
            column.place,
            lambda: fact_of(column.name, kind, feel, marks=Marks(column.unit)),
        )
        return None if made is None else Cells(made)

    def rules(
        self,
        columns: Sequence[_Column],
        inputs: Sequence[tuple[_Column, Cells]],
        rows: Sequence[Row],
    ) -> list[Rule]:
        """A rule a row."""
        names: dict[str, int] = {}
        found: list[Rule] = []
        for number, row in enumerate(rows, 1):
            told = {
                role: " ".join(
                    row.cells[each.place] for each in columns if each.role == role
                ).strip()
                for role in ("name", "reason")
            }
            name = told["name"] if told["name"] and self.policy == "" else f"rule {number}"
            if name in names:
                at = next(each.place for each in columns if each.role == "name")
                self.problem(row, at, f"{quoted(name)} is taken by row {names[name]}")
                continue
            names[name] = row.line
            before = len(self.problems)
            tests = [self.test(row, column, cells) for column, cells in inputs]
            then = {each.name: self.outcome(row, each) for each in columns if each.role == "output"}
            if len(self.problems) == before:
                outcome: Any = next(iter(then.values())) if len(then) == 1 else then
                found.append(Rule(name, all_of(*tests), outcome, told["reason"]))
        return found

    def test(self, row: Row, column: _Column, cells: Cells) -> Any:
        """A cell as a condition."""
        told = str(self.cell(row, column))
        kind = _kind(cells.fact)
        return self.tried(row, column.place, lambda: cells.read(to_feel(told, kind)))

    def outcome(self, row: Row, column: _Column) -> Any:
        """A cell as an outcome."""
        told = row.cells[column.place].strip()
        if not told:
            self.problem(row, column.place, "it is empty, expected an outcome")
            return None
        if self.commas and re.fullmatch(r"[+-]?\d+,\d+", told, re.ASCII):
            told = told.replace(",", ".")
        return self.tried(
            row,
            column.place,
            lambda: plain_value(read_expression(outcome_text(told), ()).run({})),
        )


def _kind(fact: Fact) -> str:
    if isinstance(fact, Choice):
        return "string"
    if isinstance(fact, Flag):
        return "boolean"
    return "number" if type(fact) is Number else "date"


def _is_number(row: Row) -> bool:
    return not row.cells[0].strip() or row.cells[0].strip().isdigit()


def _tried(cell: str, kind: str) -> str | None:
    try:
        return to_feel(cell, kind)
    except Unsupported:
        return None


def _is_readable(cell: str) -> bool:
    """Whether a cell helps to tell what its column asks about; what does not is told later."""
    try:
        kind_of([cell])
    except Unsupported:
        return False
    return True
