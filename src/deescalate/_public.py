"""The face of a room: what it exports says that it lives there, and a wrong name is put right."""

from collections.abc import Iterable
from types import FunctionType
from typing import Any, NoReturn

__all__ = ["no_such", "publish"]


def publish(room: str, names: Iterable[str], space: dict[str, Any]) -> None:
    """Give classes and functions, and the methods in them, the public name of their home.

    Tracebacks, pickles and the reference then name the room and not the file inside it. What
    another room made keeps the name that it has.

    Args:
        room: The room's ``__name__``.
        names: Its ``__all__``.
        space: Its ``globals()``.

    >>> from deescalate.compensation import Offer
    >>> Offer
    <class 'deescalate.compensation.Offer'>
    >>> from deescalate import compensation
    >>> compensation.Ofer
    Traceback (most recent call last):
    AttributeError: module `deescalate.compensation` has no `Ofer`; did you mean `Offer`?
    """
    known = tuple(names)

    def missing(name: str) -> NoReturn:
        raise no_such(room, name, known)

    space.setdefault("__getattr__", missing)
    for name in known:
        thing = space[name]
        if not isinstance(thing, type | FunctionType):
            continue
        home = thing.__module__
        if not home.startswith(f"{room}."):
            continue
        thing.__module__ = room
        for member in vars(thing).values() if isinstance(thing, type) else ():
            inner = getattr(member, "__func__", member)
            if isinstance(inner, FunctionType) and inner.__module__ == home:
                inner.__module__ = room


def no_such(room: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error for a name that a face does not have."""
    from deescalate.errors import nearest_name

    near = None if name.startswith("__") else nearest_name(name, known)  # imports ask for these
    hint = f"; did you mean `{near}`?" if near else ""
    return AttributeError(f"module `{room}` has no `{name}`{hint}", name=name)
