"""Sets of values of one fact: unions of intervals for numbers, listed options for the rest."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import total_ordering
from typing import Any, Self, cast

from attrs import field, frozen

__all__ = ["Bound", "Interval", "NumberSet", "OptionSet", "Real", "ValueSet"]

Real = int | float | Decimal


@total_ordering
@frozen(order=False)
class Bound:
    """A cut of the number line, just before or just after a value.

    Attributes:
        value: Where; ``-inf`` and ``inf`` stand for the open ends of the line.
        after: Whether the value itself lies before the cut.

    Two bounds compare by their exact position, whatever mix of numbers they are made of.

    >>> Bound(1) < Bound(1, after=True) < Bound(Decimal("1.1"))
    True
    """

    value: Real
    after: bool = False
    _place: tuple[Decimal, bool] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_place", (Decimal(self.value), self.after))

    def __lt__(self, other: "Bound") -> bool:
        return self._place < other._place

    @property
    def finite(self) -> bool:
        """Whether it is a cut at a number, rather than an open end of the line."""
        return self.value not in (-math.inf, math.inf)

    def to_whole(self) -> "Bound":
        """The same cut among whole numbers, always written as one before a whole number."""
        if not self.finite:
            return self
        return Bound(math.floor(self.value) + 1 if self.after else math.ceil(self.value))


@frozen
class Interval:
    """The numbers between two bounds; it holds at least one.

    >>> Interval(Bound(0), Bound(1, after=True))
    Interval(start=Bound(value=0, after=False), end=Bound(value=1, after=True))
    """

    start: Bound
    end: Bound


@frozen
class ValueSet(ABC):
    """A set of values that one fact may take.

    Sets of one kind combine with ``&``, ``|`` and ``-``; a set without values is false.
    """

    @abstractmethod
    def __bool__(self) -> bool: ...
    @abstractmethod
    def __contains__(self, value: object) -> bool: ...
    @abstractmethod
    def __and__(self, other: Any) -> Self: ...
    @abstractmethod
    def __or__(self, other: Any) -> Self: ...
    @abstractmethod
    def __sub__(self, other: Any) -> Self: ...

    def covers(self, other: Self) -> bool:
        """Whether every value of the other set is in this one."""
        return not other - self


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    parts: list[Interval] = []
    for each in sorted(intervals, key=lambda interval: interval.start):
        if parts and each.start <= parts[-1].end:
            if parts[-1].end < each.end:
                parts[-1] = Interval(parts[-1].start, each.end)
        else:
            parts.append(each)
    return tuple(parts)


@frozen
class NumberSet(ValueSet):
    """A set of numbers: intervals in rising order that do not touch each other.

    >>> low = NumberSet.of(Interval(Bound(0), Bound(1)))
    >>> low | NumberSet.of(Interval(Bound(1), Bound(2))) == NumberSet.of(
    ...     Interval(Bound(0), Bound(2))
    ... )
    True
    """

    intervals: tuple[Interval, ...]

    @classmethod
    def of(cls, *intervals: Interval) -> Self:
        """Join intervals, in any order, into one set."""
        return cls(_joined(intervals))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, value: object) -> bool:
        place = Bound(cast("Real", value))
        return any(each.start <= place < each.end for each in self.intervals)

    def __and__(self, other: Self) -> Self:
        parts: list[Interval] = []
        left, right = iter(self.intervals), iter(other.intervals)
        a, b = next(left, None), next(right, None)
        while a and b:
            start, end = max(a.start, b.start), min(a.end, b.end)
            if start < end:
                parts.append(Interval(start, end))
            if a.end < b.end:
                a = next(left, None)
            else:
                b = next(right, None)
        return type(self)(tuple(parts))

    def __or__(self, other: Self) -> Self:
        return type(self)(_joined((*self.intervals, *other.intervals)))

    def __sub__(self, other: Self) -> Self:
        return self & type(self)(tuple(_between(other.intervals)))

    @property
    def bounds(self) -> Iterator[Bound]:
        """Every cut, in rising order."""
        for interval in self.intervals:
            yield interval.start
            yield interval.end


def _between(intervals: tuple[Interval, ...]) -> Iterator[Interval]:
    start = Bound(-math.inf)
    for interval in intervals:
        if start < interval.start:
            yield Interval(start, interval.start)
        start = interval.end
    yield Interval(start, Bound(math.inf, after=True))


@frozen
class OptionSet(ValueSet):
    """A set of listed options, kept in the order they were declared in.

    >>> (OptionSet(("legal", "violence")) - OptionSet(("legal",))).options
    ('violence',)
    """

    options: tuple[str | bool, ...]

    def __bool__(self) -> bool:
        return bool(self.options)

    def __contains__(self, value: object) -> bool:
        return value in self.options

    def __and__(self, other: Self) -> Self:
        return type(self)(tuple(each for each in self.options if each in other.options))

    def __or__(self, other: Self) -> Self:
        return type(self)(
            (*self.options, *(each for each in other.options if each not in self.options))
        )

    def __sub__(self, other: Self) -> Self:
        return type(self)(tuple(each for each in self.options if each not in other.options))
