"""Reads a CSV file, with commas, semicolons or tabs between its cells."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping

from deescalate.errors import DocumentError, Problem
from deescalate.rules._engine.conditions import Fact
from deescalate.rules._engine.rules import Scalar
from deescalate.rules._table import Table
from deescalate.rules.sheets._rows import Row, Sheet

__all__ = ["csv_lines", "read_csv"]

MOST_CHARACTERS = 4_000_000
"""Characters that are read at all; ours, as for documents."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_QUOTED = re.compile(r'"[^"]*+"?')


def read_csv(
    text: str,
    *,
    name: str = "table",
    facts: Iterable[Fact] = (),
    hit_policy: str | None = None,
    default: Scalar | None = None,
    outcomes: Iterable[Scalar] = (),
) -> Table:
    r"""Read a table from the text of a CSV file.

    The first row names the columns: facts, with a unit in brackets if they have one; outcomes,
    marked with ``->``, or else the last column; ``rule`` for names, ``because`` for reasons. Where
    the first column is named ``U``, ``F``, ``C+`` or the like, as DMN draws tables, that is the
    hit policy. A comma between two digits is a decimal comma where cells have semicolons between
    them.

    Args:
        text: The text.
        name: The table's name.
        facts: Facts that are declared; others are told from their cells, and a text may then be
            ``(other)`` than those that cells name.
        hit_policy: The hit policy; ``None`` for what the first column says, or else ``first``.
        default: The outcome where no rule matches.
        outcomes: Every outcome, best first, where the hit policy needs them.

    Returns:
        The table.

    Raises:
        DocumentError: It cannot be read; it has every problem, each with its line and cell.

    >>> from decimal import Decimal
    >>> table = read_csv("anger;threat;tier\n>= 0,9;;senior\n;legal, violence;lawyer\n;;agent\n")
    >>> table.decide({"anger": Decimal("0.5"), "threat": "legal"}).outcome
    'lawyer'
    """
    if len(text) > MOST_CHARACTERS:
        reason = f"found {len(text)} characters, expected at most {MOST_CHARACTERS}"
        raise DocumentError("CSV", (Problem("text", reason),))
    plain = text.removeprefix("\ufeff")
    between = _between(plain)
    rows = list(_rows(plain, between))
    sheet = Sheet("CSV", rows, commas=between == ";")
    return sheet.table(name, facts, hit_policy, default, outcomes)


def csv_lines(text: str) -> Mapping[str, int]:
    r"""The lines on which the rules of a CSV file begin, for the findings of a check.

    Args:
        text: The text from which the table was read.

    Returns:
        The line of each rule, by its place.

    >>> dict(csv_lines("anger,tier\n> 0.9,senior\n"))
    {'rules': 1, 'rules[0]': 2}
    """
    plain = text.removeprefix("\ufeff")
    filled = [row for row in _rows(plain, _between(plain)) if row.filled]
    return {"rules": 1} | {f"rules[{place}]": row.line for place, row in enumerate(filled[1:])}


def _between(text: str) -> str:
    """What stands between the cells of the first row."""
    first = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return max(",;\t", key=lambda each: (first.count(each), each == ","))


def _rows(text: str, between: str) -> Iterator[Row]:
    reader = csv.reader(
        (found[0] for found in _LINE.finditer(text) if found[0]), delimiter=between, strict=True
    )
    line = 1
    try:
        for cells in reader:
            yield Row(tuple(cells), line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError("CSV", (Problem("text", str(error), line=line),)) from None
