"""What is remembered of words, to be quick the next time; `text.forget` empties all of it."""

from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

__all__ = ["empty_all", "remembering"]


class Holder(Protocol):
    """What remembers words, as caches of functools do."""

    def cache_clear(self) -> object:
        """Empty it."""
        ...


H = TypeVar("H", bound=Holder)

_HOLDERS: WeakValueDictionary[int, Holder] = WeakValueDictionary()


def remembering(holder: H) -> H:
    """Have what remembers words emptied by `text.forget`; gives it back."""
    _HOLDERS[id(holder)] = holder
    return holder


def empty_all() -> None:
    """Empty all that remembers words."""
    for holder in list(_HOLDERS.values()):
        holder.cache_clear()
