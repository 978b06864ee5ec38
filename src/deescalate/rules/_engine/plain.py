"""What a value that came from anywhere is, in terms that type checkers follow.

What decides and what is kept are plain texts and numbers: of a subclass, of an enumeration or of
numpy only the plain value counts, and no decimal is ever rounded by the caller's context.
"""

import math
import numbers
from collections.abc import Collection, Mapping, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from itertools import islice
from typing import Any, cast

from typing_extensions import TypeIs

from deescalate.errors import TableError, quoted

__all__ = [
    "EXACT",
    "Real",
    "check_text",
    "exactly",
    "is_a",
    "is_huge",
    "is_list",
    "is_mapping",
    "plain",
    "plain_flag",
    "plain_number",
    "plain_text",
    "some_of",
]

Real = int | float | Decimal

MOST_NAMED = 20
"""Names that a message lists at most (ours)."""

MOST_DIGITS = 400
"""Numbers beyond ten to this power, and decimals below its inverse, are refused (ours)."""

EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
"""Adds and multiplies decimals without rounding, whatever the caller's context says."""


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


def plain_text(value: str) -> str:
    """The text itself, without the class it came in.

    >>> plain_text("legal")
    'legal'
    """
    return str.__str__(value)


def plain_flag(value: object) -> bool | None:
    """The truth value that a value is, numpy's among them; ``None`` for anything else.

    >>> plain_flag(True), plain_flag(1)
    (True, None)
    """
    return bool(value) if isinstance(value, bool) or _numpy_kind(value) == "b" else None


def plain_number(value: object) -> Real | None:
    """The plain number that a value is; ``None`` for what is no finite number.

    Args:
        value: Anything. Of subclasses and of numpy's scalars the plain value counts; a float with
            more digits than Python's is rounded to the nearest.

    >>> plain_number(Decimal("5")), plain_number(True), plain_number("5")
    (Decimal('5'), None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int.__pos__(value)
    if isinstance(value, Decimal):
        return Decimal(value) if value.is_finite() else None
    if not isinstance(value, numbers.Real) or isinstance(value, numbers.Rational):
        whole = isinstance(value, numbers.Integral) and _numpy_kind(value) in ("", "i", "u")
        return int(cast("int", value)) if whole else None
    number = float.__pos__(cast("float", value)) if is_a(value, float) else float(value)
    return number if math.isfinite(number) else None


def plain(value: object) -> object:
    """A text, truth value or number as a plain one, in lists and mappings too; else as it is.

    >>> plain([Decimal("5"), {"lost": True}])
    (Decimal('5'), {'lost': True})
    """
    if is_list(value):
        return tuple(map(plain, value))
    if is_mapping(value):
        return {plain(name): plain(each) for name, each in value.items()}
    if isinstance(value, str):
        return plain_text(value)
    flag = plain_flag(value)
    found = plain_number(value) if flag is None else flag
    return value if found is None else found


def _numpy_kind(value: object) -> str:
    """The kind of a numpy scalar, such as ``i``, ``u`` or ``b``; empty for all that is none."""
    scalar = getattr(value, "shape", None) == ()
    return str(getattr(getattr(value, "dtype", None), "kind", "")) if scalar else ""


def is_huge(value: Real) -> bool:
    """Whether counting with it would take long, since it has very many digits written out.

    >>> is_huge(Decimal("1e401")), is_huge(10**401), is_huge(1e308)
    (True, True, False)
    """
    if isinstance(value, Decimal):
        return not -MOST_DIGITS <= value.adjusted() <= MOST_DIGITS
    return isinstance(value, int) and abs(value) >= 10 ** (MOST_DIGITS + 1)


def exactly(value: Real) -> Decimal:
    """A number, or an infinity, as the decimal that it is, to the last digit.

    >>> exactly(0.5)
    Decimal('0.5')
    """
    return Decimal.from_float(value) if isinstance(value, float) else Decimal(value)  # noqa: FURB164  the constructor may be trapped


def check_text(place: str, value: object) -> str:
    """Pass a name or text that any document can hold; refuse the rest.

    Args:
        place: Whose text it is, for the message.
        value: The text: not empty, and without lone surrogates.

    Returns:
        The plain text.

    Raises:
        TableError: It is no such text.

    >>> check_text("fact", "anger")
    'anger'
    """
    if not isinstance(value, str) or not value.strip():
        raise TableError(place, f"its name is {quoted(value)}, expected a text that is not empty")
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise TableError(place, f"its name {quoted(value)} holds half a surrogate pair")
    return plain_text(value)


def some_of(names: Collection[object]) -> str:
    """Names for a message; of very many the first.

    >>> some_of(["a", "b"]), some_of("x" * 5000)[-13:]
    ('`a`, `b`', 'and 4980 more')
    """
    listed = ", ".join(quoted(each) for each in islice(names, MOST_NAMED))
    more = len(names) - MOST_NAMED
    return f"{listed} and {more} more" if more > 0 else listed
