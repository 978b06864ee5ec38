"""The face of a room: what it exports says that it lives there."""

from collections.abc import Iterable, Mapping
from inspect import isfunction

__all__ = ["publish"]


def publish(room: str, names: Iterable[str], space: Mapping[str, object]) -> None:
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
    """
    for name in names:
        thing = space[name]
        if not isinstance(thing, type) and not isfunction(thing):
            continue
        home = thing.__module__
        if not home.startswith(f"{room}."):
            continue
        thing.__module__ = room
        for member in vars(thing).values() if isinstance(thing, type) else ():
            inner = getattr(member, "__func__", member)
            if isfunction(inner) and inner.__module__ == home:
                inner.__module__ = room
