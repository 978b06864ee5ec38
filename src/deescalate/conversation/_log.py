"""Sequences that only grow: adding to one costs the same however long it is, and shares the rest.

A conversation is a value, so each turn makes a new one beside the old. A tuple would be copied
whole each time. Here all but the last few items stand in full blocks that old and new share.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast, overload

__all__ = ["Later", "Log", "Names"]

T = TypeVar("T")
_BLOCK = 64


class Later(Generic[T]):
    """An item that is made out of what was written of it when it is first asked for.

    >>> Later("3", int).made
    3
    """

    __slots__ = ("_make", "_once", "written")

    def __init__(self, written: Any, make: Callable[[Any], T]) -> None:
        self.written = written
        self._make = make
        self._once: dict[str, T] = {}

    @property
    def made(self) -> T:
        """The item, one for all who ask, from whatever thread."""
        if not self._once:
            self._once.setdefault("made", self._make(self.written))
        return self._once["made"]


class Log(Sequence[T], Generic[T]):
    """An immutable sequence to which items are added at the end; it equals a tuple of the same.

    Items may be given as `Later`.

    >>> log = Log("ab").plus("c")
    >>> log == ("a", "b", "c"), log[-1], len(log)
    (True, 'c', 3)
    """

    __slots__ = ("_blocks", "_last")
    _blocks: tuple[tuple[T | Later[T], ...], ...]
    _last: tuple[T | Later[T], ...]

    def __init__(self, items: Iterable[T | Later[T]] = ()) -> None:
        given = tuple(items)
        full = len(given) // _BLOCK * _BLOCK
        self._blocks = tuple(given[at : at + _BLOCK] for at in range(0, full, _BLOCK))
        self._last = given[full:]

    def plus(self, item: T) -> "Log[T]":
        """The sequence with one more item at its end."""
        longer: Log[T] = Log()
        last = (*self._last, item)
        full = len(last) == _BLOCK
        longer._blocks = (*self._blocks, last) if full else self._blocks
        longer._last = () if full else last
        return longer

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._last)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        block, place = divmod(at, _BLOCK)
        return _made((self._blocks[block] if block < len(self._blocks) else self._last)[place])

    def __iter__(self) -> Iterator[T]:
        for each in self.kept:
            yield _made(each)

    @property
    def kept(self) -> Iterator[T | Later[T]]:
        """The items as they are kept, those for later not made."""
        for block in self._blocks:
            yield from block
        yield from self._last

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Log | tuple):
            given = cast("Log[object] | tuple[object, ...]", other)
            return len(self) == len(given) and tuple(self) == tuple(given)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[type["Log[T]"], tuple[tuple[T, ...]]]:
        return Log, (tuple(self),)


def _made(item: T | Later[T]) -> T:
    return cast("Later[T]", item).made if isinstance(item, Later) else item


class Names:
    """An immutable mapping of names to places in a `Log`, to which names are added.

    The names stand in a few mappings, each at least as long as all after it, so that there are
    never more than the logarithm of their number.

    >>> Names().plus("t1", 4).get("t1"), Names().get("t1")
    (4, None)
    """

    __slots__ = ("_parts",)
    _parts: tuple[Mapping[str, int], ...]

    def __init__(self, places: Mapping[str, int] | None = None) -> None:
        self._parts = (dict(places),) if places else ()

    def plus(self, name: str, place: int) -> "Names":
        """The names with one more."""
        parts, newest = self._parts, {name: place}
        while parts and len(parts[-1]) <= len(newest):
            parts, newest = parts[:-1], {**parts[-1], **newest}
        more = Names()
        more._parts = (*parts, newest)
        return more

    def get(self, name: str) -> int | None:
        """The place of a name, ``None`` where it was never added."""
        return next((part[name] for part in self._parts if name in part), None)

    @property
    def places(self) -> dict[str, int]:
        """The place of each name."""
        return {name: place for part in self._parts for name, place in part.items()}

    def __eq__(self, other: object) -> bool:
        return self.places == other.places if isinstance(other, Names) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self.places.items()))

    def __repr__(self) -> str:
        return f"Names({self.places!r})"

    def __reduce__(self) -> tuple[type["Names"], tuple[dict[str, int]]]:
        return Names, (self.places,)
