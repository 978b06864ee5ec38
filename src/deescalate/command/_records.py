"""``turns`` and ``summary``: many conversations as a table and in numbers."""

import csv
import io
import json
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import PurePath
from typing import cast

from deescalate.command._page import Page
from deescalate.command._sources import STDIN, InputError, each_of, read_text, write_text
from deescalate.command._talks import playbook_of, talks_in
from deescalate.conversation import Conversation
from deescalate.documents import is_list
from deescalate.errors import nearest_name, quoted
from deescalate.escaping import for_csv, for_json
from deescalate.playbook import Playbook
from deescalate.records import (
    CaseRecord,
    record_of,
    records_from_json_lines,
    records_to_json_lines,
    summarise,
    turn_columns,
)

__all__ = ["summary", "turns", "writer_for"]


def turns(options: Namespace, page: Page) -> int:
    """Write a row for each turn of every conversation, without the words."""
    write = writer_for(options.output)
    book = playbook_of(options)

    def read(source: str) -> dict[str, list[object]]:
        return turn_columns(_told(page, source, talks_in(source, options, book)))

    found = [each for _, each in each_of(options.files, read, page)]
    columns = turn_columns(())
    for each in found:
        for name, values in each.items() if isinstance(each, dict) else ():
            columns[name] += values
    data = write(columns)
    if options.output == STDIN:
        page.write(data.decode().rstrip("\n"))
    else:
        write_text(options.output, data)
        print(f"{len(columns['turn']):,} turns in {options.output}", file=page.err)
    return 2 if any(isinstance(each, InputError) for each in found) else 0


def _told(page: Page, source: str, talks: Iterator[Conversation]) -> Iterator[Conversation]:
    for number, talk in enumerate(talks, 1):
        if number % 20 == 0:
            page.progress(f"{source}: {number} conversations")
        yield talk


Columns = Mapping[str, Sequence[object]]


def writer_for(output: str) -> Callable[[Columns], bytes]:
    """How a table is written, by the end of the file's name.

    Raises:
        InputError: No such form is known, or what it needs is not installed.
    """
    end = "" if output == STDIN else PurePath(output).suffix.casefold().removeprefix(".")
    if end in ("", "csv"):
        return as_csv
    if end in ("jsonl", "ndjson"):
        return as_json_lines
    if end == "parquet":
        try:
            return cast(
                "Callable[[Columns], bytes]",
                import_module("deescalate.command._parquet").as_parquet,
            )
        except ImportError:
            reason = "parquet needs polars: pip install 'deescalation[parquet]'"
            raise InputError(output, reason) from None
    known = ("csv", "jsonl", "parquet")
    near = nearest_name(end, known)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    raise InputError(output, f"unknown form {quoted(end)}: expected {', '.join(known)}{hint}")


def _rows(columns: Columns) -> Iterator[tuple[object, ...]]:
    return zip(*columns.values(), strict=True)


def as_csv(columns: Columns) -> bytes:
    """Columns as CSV; what a list holds is joined by semicolons."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(_cell, row) for row in _rows(columns))
    return file.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    match value:
        case _ if is_list(value):
            return for_csv(";".join(map(str, value)))
        case str():
            return for_csv(value)
        case float():
            return f"{value:.4f}"
        case datetime():
            return value.isoformat()
        case _:
            return value


def as_json_lines(columns: Columns) -> bytes:
    """Columns as JSON lines, an object a row."""
    lines = (
        for_json(json.dumps(dict(zip(columns, row, strict=True)), default=str, ensure_ascii=False))
        for row in _rows(columns)
    )
    return "".join(f"{line}\n" for line in lines).encode()


def summary(options: Namespace, page: Page) -> int:
    """Sum up conversations, or records kept of them: rates, causes, trends."""
    book = playbook_of(options)

    def read(source: str) -> tuple[CaseRecord, ...]:
        return _records_in(page, source, options, book)

    found = [each for _, each in each_of(options.files, read, page)]
    records = [record for each in found if isinstance(each, tuple) for record in each]
    if options.records:
        write_text(options.records, records_to_json_lines(records))
    told = summarise(records)
    page.write((told.to_html() if options.format == "html" else told.to_markdown()).rstrip("\n"))
    return 2 if any(isinstance(each, InputError) for each in found) else 0


def _records_in(
    page: Page, source: str, options: Namespace, book: Playbook
) -> tuple[CaseRecord, ...]:
    """The records in a file, or those of the conversations in it."""
    if source.casefold().endswith(".jsonl"):
        text = read_text(source)
        if '"closed_at"' in text.lstrip().partition("\n")[0]:
            return records_from_json_lines(text)
    return tuple(map(record_of, _told(page, source, talks_in(source, options, book))))
