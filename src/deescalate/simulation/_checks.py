"""What the values of the room refuse, in one dialect."""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import Attribute

from deescalate.errors import SettingError, nearest_name

__all__ = ["checked_kind", "no_such", "of_kind", "one_of"]


def no_such(what: str, name: object, known: Iterable[str]) -> SettingError:
    """The error for a name that nobody knows, with the nearest.

    >>> print(no_such("wants", "humam", ["remedy", "human"]))
    `wants` is `humam`: expected one of remedy, human; did you mean `human`?
    """
    names = list(known)
    near = nearest_name(name, names)
    hint = f"; did you mean `{near}`?" if near else ""
    return SettingError(what, name, f"one of {', '.join(names)}{hint}")


def checked_kind(name: str, value: object, kind: type | tuple[type, ...], told: str) -> None:
    """Refuse what is of another kind.

    >>> checked_kind("text", "so", str, "a text")
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise SettingError(name, value, told)


def of_kind(
    kind: type | tuple[type, ...], told: str
) -> "Callable[[object, Attribute[Any], object], None]":
    """Make a field's validator out of `checked_kind`.

    >>> of_kind(str, "a text").__name__
    'check'
    """

    def check(_: object, attribute: "Attribute[Any]", value: object) -> None:
        checked_kind(attribute.name, value, kind, told)

    return check


def one_of(
    known: Callable[[], Iterable[str]],
) -> "Callable[[object, Attribute[Any], object], None]":
    """Make a field's validator that knows some names.

    >>> one_of(lambda: ("en",)).__name__
    'check'
    """

    def check(_: object, attribute: "Attribute[Any]", value: object) -> None:
        names = tuple(known())
        if value not in names:
            raise no_such(attribute.name, value, names)

    return check
