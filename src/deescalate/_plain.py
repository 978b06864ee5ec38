"""Plain data from outside and to it: JSON lines, JSON objects of values."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar, cast

from attrs import AttrsInstance, fields, has
from typing_extensions import TypeIs

from deescalate.errors import TranscriptError, nearest_name, quoted
from deescalate.escaping import for_json

__all__ = [
    "expected",
    "is_list",
    "is_mapping",
    "json_object",
    "plain",
    "read_lines",
    "time_to_text",
    "to_json",
]

T = TypeVar("T")


def is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    """Whether a value is a mapping, of whatever.

    >>> is_mapping({}), is_mapping([])
    (True, False)
    """
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeIs[list[object]]:
    """Whether a value is a list, of whatever.

    >>> is_list([]), is_list(())
    (True, False)
    """
    return isinstance(value, list)


def to_json(value: AttrsInstance, **more: object) -> str:
    """Write a value of ours as one JSON object: every attribute that its repr would show.

    Args:
        value: The value.
        more: What to write first, or in the place of an attribute.
    """
    return json.dumps({**more, **plain(value), **more})


def plain(value: AttrsInstance) -> dict[str, object]:
    """A value of ours as a mapping that JSON can hold: every attribute that its repr would show."""
    names = (each.alias or each.name for each in fields(type(value)) if each.repr)
    return {name: _written(getattr(value, name)) for name in names}


def _written(value: object) -> object:
    if is_mapping(value):
        return {str(name): _written(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_written(each) for each in cast("tuple[object, ...]", value)]
    if has(type(value)):
        return plain(cast("AttrsInstance", value))
    return _atom(value)


def _atom(value: object) -> object:
    match value:
        case datetime():
            return time_to_text(value)
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return str(value)
        case str():
            return for_json(value)
        case frozenset():
            return sorted(map(str, cast("frozenset[object]", value)))
        case _:
            return value


def json_object(line: str) -> dict[str, object]:
    """Read one JSON object.

    Raises:
        TranscriptError: It is not JSON, or not an object.

    >>> json_object('{"event": "waited"}')
    {'event': 'waited'}
    """
    try:
        data: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"not JSON: {quoted(line)}: {error}") from error
    if not is_mapping(data):
        raise TranscriptError(f"{quoted(line)} is not a JSON object")
    return {str(key): value for key, value in data.items()}


def read_lines(text: str, read: Callable[[dict[str, object]], T]) -> tuple[T, ...]:
    """Read JSON lines, an object each; blank lines are passed over.

    Raises:
        TranscriptError: Naming the first line that cannot be read, and why.

    >>> read_lines('{"a": 1}', dict.copy)
    ({'a': 1},)
    """
    found: list[T] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append(read(json_object(line)))
            except TranscriptError as error:
                raise TranscriptError(error.reason, number) from error
    return tuple(found)


def expected(name: object, known: Iterable[str]) -> str:
    """What would have been right, with the nearest of it.

    >>> expected("angr", ["anger", "calm"])
    'expected one of anger, calm; did you mean `anger`?'
    """
    known = list(known)
    near = nearest_name(name, known)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    return f"expected one of {', '.join(known)}{hint}"


def time_to_text(moment: datetime) -> str:
    """Write a moment in ISO 8601, with the name of its zone in brackets where it has one.

    >>> from zoneinfo import ZoneInfo
    >>> time_to_text(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Paris")))
    '2026-07-01T09:00:00+02:00[Europe/Paris]'
    """
    key = getattr(moment.tzinfo, "key", None)
    return moment.isoformat() + (f"[{key}]" if key else "")
