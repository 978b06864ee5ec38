"""Plain data from outside: what a value read from JSON turns out to be."""

import json
from collections.abc import Mapping

from typing_extensions import TypeIs

from deescalate.errors import TranscriptError, quoted

__all__ = ["is_list", "is_mapping", "json_object"]


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
