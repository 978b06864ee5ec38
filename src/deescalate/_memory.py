"""What is remembered of words, to be quick the next time; `forget` empties all of it."""

from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

__all__ = ["forget", "remembering"]


class Holder(Protocol):
    """What remembers words, as caches of functools do."""

    def cache_clear(self) -> object:
        """Empty it."""
        ...


H = TypeVar("H", bound=Holder)

_HOLDERS: WeakValueDictionary[int, Holder] = WeakValueDictionary()


def remembering(holder: H) -> H:
    """Have what remembers words emptied by `forget`; gives it back."""
    _HOLDERS[id(holder)] = holder
    return holder


def forget() -> None:
    """Empty every cache that holds words of customers or agents.

    To be quick, the last 64 short texts and reviews stay in the memory of the process, and single
    words with what they are to the phrases. A host that may not keep what customers say calls this
    when a conversation is over. Nothing else changes: what is asked next is only found anew.

    >>> from deescalate.text import Text, forget
    >>> before = Text.shared("Where is it?")
    >>> forget()
    >>> Text.shared("Where is it?") is before
    False
    """
    for holder in list(_HOLDERS.values()):
        holder.cache_clear()
