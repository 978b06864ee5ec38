"""What a value that came from anywhere is, in terms that type checkers follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import TypeIs

__all__ = ["is_a", "is_list", "is_mapping"]


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
