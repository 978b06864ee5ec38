"""Outcomes: a scalar or a mapping of scalars, and what makes two of them the same."""

import math
from decimal import Decimal
from typing import Any, cast

from deescalate.documents import FrozenMapping
from deescalate.errors import TableError, quoted
from deescalate.rules._engine.plain import check_text, is_mapping

__all__ = ["Outputs", "Scalar", "kind_of", "to_outcome"]

Scalar = str | bool | int | float | Decimal


class Outputs(FrozenMapping[Any]):
    """A rule's several outputs by name: a mapping that never changes and can be hashed.

    >>> Outputs({"tier": "manager", "minutes": 15}) == {"minutes": 15, "tier": "manager"}
    True
    """

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.items())


def _is_finite(value: float | Decimal) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) or math.isfinite(value)


def _to_scalar(place: str, value: object) -> Scalar:
    if isinstance(value, str):
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise TableError(place, f"{quoted(value)} holds half a surrogate pair")
        return value
    if isinstance(value, bool | int | float | Decimal):
        if _is_finite(value):
            return value
        raise TableError(place, f"found {quoted(value)}, expected a finite number")
    raise TableError(
        place,
        f"found {quoted(value)}, expected a text, a number, True or False, or a mapping of them",
    )


def to_outcome(place: str, value: object) -> Scalar | Outputs:
    """Pass a scalar on, and make a mapping of scalars unchangeable.

    Args:
        place: Whose outcome it is, for the message.
        value: The outcome.

    Raises:
        TableError: It is neither.

    >>> to_outcome("rule", {"tier": "agent"})
    Outputs({'tier': 'agent'})
    """
    if not is_mapping(value):
        return _to_scalar(place, value)
    if not value:
        raise TableError(place, "its outcome is an empty mapping, expected one output or more")
    return Outputs(
        {
            check_text(place, name): _to_scalar(f"{place}.{name}", each)
            for name, each in value.items()
        }
    )


def kind_of(outcome: object) -> object:
    """What makes two outcomes the same: their value, with truth values kept apart from numbers.

    >>> kind_of(1) == kind_of(1.0), kind_of(1) == kind_of(True)
    (True, False)
    """
    if isinstance(outcome, tuple):
        return tuple(kind_of(each) for each in cast("tuple[object, ...]", outcome))
    if isinstance(outcome, Outputs):
        return frozenset((name, kind_of(value)) for name, value in outcome.items())
    return isinstance(outcome, bool), outcome
