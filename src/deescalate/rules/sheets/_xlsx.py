"""Reads a sheet of a workbook; needs openpyxl."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from deescalate.errors import DocumentError, Problem, SettingError, listed_names, quoted
from deescalate.rules._engine.calendar import iso_text
from deescalate.rules._engine.conditions import Fact
from deescalate.rules._engine.rules import Scalar
from deescalate.rules._table import Table
from deescalate.rules.sheets._rows import Row, Sheet

__all__ = ["read_xlsx"]

MOST_BYTES = 64_000_000
"""Bytes that a workbook may have when unpacked; ours."""
MOST_CELLS = 1_000_000
"""Cells of a sheet; ours."""
DOCUMENT = "spreadsheet"


def read_xlsx(
    file: BinaryIO,
    *,
    sheet: str | None = None,
    name: str = "table",
    facts: Iterable[Fact] = (),
    hit_policy: str | None = None,
    default: Scalar | None = None,
    outcomes: Iterable[Scalar] = (),
) -> Table:
    """Read a table from a workbook; needs the extra ``spreadsheet``.

    Args:
        file: The workbook, opened to read bytes.
        sheet: The sheet's name; ``None`` for the only one that is not empty.
        name: The table's name.
        facts: As for ``read_csv``, and so are all that follow.
        hit_policy: The hit policy.
        default: The outcome where no rule matches.
        outcomes: Every outcome, best first.

    Returns:
        The table.

    Raises:
        DocumentError: It cannot be read; it has every problem, each with its cell, such as ``B7``.
            Merged cells and formulas are refused: what they stand for is not in the cell.
        SettingError: openpyxl is not installed.
    """
    chosen = _chosen(_workbook(file), sheet)
    read = Sheet(DOCUMENT, list(_rows(chosen)), commas=False)
    return read.table(name, facts, hit_policy, default, outcomes)


def _refused(path: str, reason: str, line: int | None = None) -> DocumentError:
    return DocumentError(DOCUMENT, (Problem(path, reason, line=line),))


def _workbook(file: BinaryIO) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise SettingError(
            "file", "a workbook", "the package openpyxl: pip install 'deescalation[spreadsheet]'"
        ) from None
    try:
        with ZipFile(file) as parts:
            size = sum(each.file_size for each in parts.infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refused("file", f"it is no workbook: {quoted(str(error))}") from None
    if size > MOST_BYTES:
        reason = f"unpacked it has {size} bytes, expected at most {MOST_BYTES}"
        raise _refused("file", reason)
    file.seek(0)
    try:
        return load_workbook(file)
    except Exception as error:  # noqa: BLE001  whatever a broken workbook makes openpyxl raise
        raise _refused("file", f"it is no workbook: {quoted(str(error))}") from None


def _chosen(workbook: Any, name: str | None) -> Any:
    sheets = {each.title: each for each in workbook.worksheets}
    if name is not None:
        if name not in sheets:
            raise _refused(name, f"there is no such sheet, expected one of {listed_names(sheets)}")
        return sheets[name]
    filled = {
        title: each
        for title, each in sheets.items()
        if each.max_row > 1 or each.max_column > 1 or each["A1"].value is not None
    }
    if len(filled) != 1:
        found = listed_names(filled)
        raise _refused("sheets", f"{len(filled)} are not empty, expected one or its name: {found}")
    return next(iter(filled.values()))


def _rows(sheet: Any) -> Iterator[Row]:
    merged = [str(each) for each in sheet.merged_cells.ranges]
    if merged:
        first = merged[0].partition(":")[0]
        line = int("".join(each for each in first if each.isdigit()))
        raise _refused(
            first, f"the cells {', '.join(merged[:5])} are merged: give each its own", line
        )
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise _refused(sheet.title, f"it has more than {MOST_CELLS} cells")
    width = max(
        (place for place, cell in enumerate(next(sheet.iter_rows()), 1) if cell.value is not None),
        default=0,
    )
    for row in sheet.iter_rows():
        cells = [_text(cell) for cell in row]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield Row(tuple(cells), row[0].row)


def _text(cell: Any) -> str:
    """What a cell says, as text."""
    found = cell.value
    if cell.data_type in ("f", "e"):
        kind = "a formula" if cell.data_type == "f" else "an error"
        raise _refused(cell.coordinate, f"found {kind}, expected what it comes to", cell.row)
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, float):
        return format(Decimal(repr(found)), "f")
    if isinstance(found, datetime) and found.time() == time():
        return found.date().isoformat()
    if isinstance(found, date | time | timedelta):
        return iso_text(found)
    return str(found)
