"""Tables of turns: CSV, mappings of columns, and frames of pandas, polars and pyarrow."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, cast

from deescalate.conversation._dialogues import (
    AT,
    DIALOGUE,
    NAME,
    TURN_ID,
    How,
    Said,
    Who,
    is_absent,
)
from deescalate.conversation._events import Event
from deescalate.conversation._lines import lines_in
from deescalate.errors import SettingError, TranscriptError, nearest_name, quoted

__all__ = ["from_columns", "from_csv"]

_USUAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "conversation": DIALOGUE,
        "who": ("role", "who", *NAME),
        "text": ("text", "content", "message", "body", "utterance"),
        "at": AT,
        "turn_id": TURN_ID,
    }
)
_NEEDED = ("who", "text")


def from_columns(
    frame: object,
    *,
    columns: Mapping[str, str] | None = None,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[tuple[Event, ...], ...]:
    """Read a table with a turn a row.

    Args:
        frame: A frame of pandas, polars or pyarrow, or a mapping of columns.
        columns: Which column holds what: ``who`` and ``text``, and where there are such columns
            ``conversation``, ``at`` and ``turn_id``. What is not given is found by usual names,
            such as ``role``, ``message``, ``conversation_id`` and ``created_at``.
        opened_at: As `from_messages` takes it.
        turn_seconds: As `from_messages` takes it.
        who: As `from_messages` takes it.
        zone: As `from_messages` takes it.

    Returns:
        The events of each conversation, in the order in which they begin in the table; the opening
        carries the conversation's name as its case.

    Raises:
        TranscriptError: A column is missing, or naming the row, from 1, that cannot be read.

    >>> from deescalate.conversation import from_columns
    >>> table = {"role": ["user"], "message": ["hi"], "at": ["2026-01-05T09:00:00Z"]}
    >>> [[event.text for event in talk[1:]] for talk in from_columns(table)]
    [['hi']]
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone)
    table = _table(frame)
    used = _used(table, columns or {})
    wanted = {part: table[name] for part, name in used.items()}
    talks: dict[str, list[Said]] = {}
    for number, row in enumerate(zip(*wanted.values(), strict=True), 1):
        cells = dict(zip(wanted, row, strict=True))
        try:
            turn = _turn(cells, how)
        except TranscriptError as error:
            raise TranscriptError(f"row {number}: {error.reason}") from error
        name = cells.get("conversation")
        said = talks.setdefault("" if is_absent(name) else str(name), [])
        if turn is not None:
            said.append(turn)
    return tuple(how.course(said, case=name) for name, said in talks.items() if said)


def _turn(cells: Mapping[str, object], how: How) -> Said | None:
    kind = how.voice(cells["who"])
    text, name = cells["text"], cells.get("turn_id")
    unsaid = not text.strip() if isinstance(text, str) else is_absent(text)
    if kind is None or unsaid:
        return None
    at = how.moment(cells.get("at"))
    return Said(kind, str(text), at, "" if is_absent(name) else str(name))


def _table(frame: object) -> dict[str, Sequence[object]]:
    """The columns of whatever holds columns."""
    given = cast("Any", frame)
    names: Any = getattr(frame, "column_names", getattr(frame, "columns", frame))
    try:
        table = {str(name): list(given[name]) for name in names}
    except (TypeError, KeyError, IndexError, ValueError):
        raise TranscriptError(f"{quoted(frame)} is no table of columns") from None
    if len({len(column) for column in table.values()}) > 1:
        raise TranscriptError("the columns are not of one length")
    return {name: [_plain(cell) for cell in column] for name, column in table.items()}


def _plain(cell: object) -> object:
    """A cell as Python has it: pyarrow wraps each."""
    unwrap = getattr(cell, "as_py", None)
    return unwrap() if callable(unwrap) else cell


def _used(table: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what."""
    for part, name in columns.items():
        if part not in _USUAL:
            raise SettingError("columns", part, f"one of {', '.join(_USUAL)}")
        if name not in table:
            near = nearest_name(name, table)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            raise TranscriptError(f"there is no column {quoted(name)} for `{part}`{hint}")
    folded = {name.strip().casefold(): name for name in table}
    found = {
        part: next((folded[name] for name in usual if name in folded), "")
        for part, usual in _USUAL.items()
    }
    used = {part: name for part, name in {**found, **columns}.items() if name}
    for part in _NEEDED:
        if part not in used:
            raise TranscriptError(
                f"no column for `{part}` among {', '.join(map(quoted, table))}: "
                f"say which with `columns`"
            )
    return used


def from_csv(
    text: str,
    *,
    columns: Mapping[str, str] | None = None,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[tuple[Event, ...], ...]:
    r"""Read CSV with a head and a turn a row.

    Args:
        text: The table; cells are parted by what the head has most of: ``,``, ``;``, tab or ``|``.
        columns: As `from_columns` takes it; so are the others.
        opened_at: When the first turn was said.
        turn_seconds: Seconds assumed before a turn without a time.
        who: Who is who.
        zone: The zone of times without an offset.

    Returns:
        The events of each conversation.

    Raises:
        TranscriptError: Naming the row or line that cannot be read.

    >>> from deescalate.conversation import from_csv
    >>> talks = from_csv("role;text;at\nuser;hi;2026-01-05T09:00Z")
    >>> talks[0][1].text
    'hi'
    """
    table = _cells("\n".join(lines_in(text)))
    return from_columns(
        table, columns=columns, opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone
    )


def _cells(text: str) -> dict[str, list[str]]:
    head = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t|", key=head.count)
    lines = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if any(row) and rows and len(row) != len(rows[0]):
                raise TranscriptError(
                    f"{len(row)} cells where the head has {len(rows[0])}", reader.line_num
                )
            if any(row):
                rows.append(row)
    except csv.Error as error:
        raise TranscriptError(f"not CSV: {error}", reader.line_num) from error
    if not rows:
        raise TranscriptError("there is no head in it")
    return {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
