"""What a value that came from anywhere is, in terms that type checkers follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import TypeIs

from deescalate.errors import TableError, quoted

__all__ = ["check_text", "is_a", "is_list", "is_mapping"]


def is_mapping(value: object) -> TypeIs[Mapping[Any, Any]]:
    """Whether it is a mapping.

    >>> is_mapping({}), is_mapping([])
    (True, False)
    """
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeIs[Sequence[Any]]:
    """Whether it is a list or a tuple.

    >>> is_list([]), is_list("text")
    (True, False)
    """
    return isinstance(value, list | tuple)


def is_a(value: object, kind: type) -> bool:
    """Whether it is of a kind that annotations promise and callers may break.

    >>> is_a(1, str)
    False
    """
    return isinstance(value, kind)


def check_text(place: str, value: object) -> str:
    """Pass a name or text that any document can hold; refuse the rest.

    Args:
        place: Whose text it is, for the message.
        value: The text: not empty, and without lone surrogates.

    Returns:
        The text.

    Raises:
        TableError: It is no such text.

    >>> check_text("fact", "anger")
    'anger'
    """
    if not isinstance(value, str) or not value.strip():
        raise TableError(place, f"its name is {quoted(value)}, expected a text that is not empty")
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise TableError(place, f"its name {quoted(value)} holds half a surrogate pair")
    return value
