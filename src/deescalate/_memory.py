"""What is remembered, to be quick the next time; `text.forget` empties all that holds words."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from weakref import WeakValueDictionary

__all__ = ["Once", "Remembered", "empty_all", "remembering"]

_MOST: Final = 2**14
"""Words that are remembered of one kind."""
_LONGEST: Final = 40
"""Letters of the longest word that is remembered."""


class Holder(Protocol):
    """What remembers words, as caches of functools do."""

    def cache_clear(self) -> object:
        """Empty it."""
        ...


H = TypeVar("H", bound=Holder)
V = TypeVar("V")

_HOLDERS: WeakValueDictionary[int, Holder] = WeakValueDictionary()


def remembering(holder: H) -> H:
    """Have what remembers words emptied by `text.forget`; gives it back."""
    _HOLDERS[id(holder)] = holder
    return holder


class Remembered(dict[str, V]):
    """What something tells of words, asked once of each; short words only, and not too many.

    >>> lengths = Remembered(len)
    >>> lengths["late"], dict(lengths)
    (4, {'late': 4})
    """

    def __init__(self, tell: Callable[[str], V]) -> None:
        super().__init__()
        self._tell = tell
        remembering(self)

    def __missing__(self, word: str) -> V:
        found = self._tell(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = found
        return found

    def cache_clear(self) -> None:
        """Forget them."""
        self.clear()


if TYPE_CHECKING:
    Once = cached_property
else:

    class Once(cached_property):
        """A `cached_property` without the lock of Python 3.11, which costs more than most parts do.

        Two threads may find a part twice; what they find is the same.
        """

        def __get__(self, of, owner=None):
            if of is None:
                return self
            found = of.__dict__[self.attrname] = self.func(of)
            return found


def empty_all() -> None:
    """Empty all that remembers words."""
    for holder in list(_HOLDERS.values()):
        holder.cache_clear()
