"""Sets of values of one fact: unions of stretches for numbers, listed options for the rest.

A plain value stands for each, so that a proof's witness can be read and decided.

How a fact and a set of its values are said to a person.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Self, cast

from attrs import field, frozen

from deescalate.rules._engine.plain import EXACT, Real, exactly

__all__ = [
    "Bound",
    "NumberSet",
    "OptionSet",
    "Real",
    "Stretch",
    "ValueSet",
    "ends",
    "listed",
    "number_words",
    "option_words",
    "sample_between",
    "sample_near",
    "union",
]


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
        object.__setattr__(self, "_place", (exactly(self.value), self.after))

    def __lt__(self, other: "Bound") -> bool:
        return self._place < other._place

    def __le__(self, other: "Bound") -> bool:
        return self._place <= other._place

    def __gt__(self, other: "Bound") -> bool:
        return self._place > other._place

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
class Stretch:
    """The numbers between two bounds; it holds at least one.

    >>> Stretch(Bound(0), Bound(1, after=True))
    Stretch(start=Bound(value=0, after=False), end=Bound(value=1, after=True))
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


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    parts: list[Stretch] = []
    for each in sorted(stretches, key=lambda stretch: stretch.start):
        if parts and each.start <= parts[-1].end:
            if parts[-1].end < each.end:
                parts[-1] = Stretch(parts[-1].start, each.end)
        else:
            parts.append(each)
    return tuple(parts)


@frozen
class NumberSet(ValueSet):
    """A set of numbers: stretches in rising order that do not touch each other.

    >>> low = NumberSet.of(Stretch(Bound(0), Bound(1)))
    >>> low | NumberSet.of(Stretch(Bound(1), Bound(2))) == NumberSet.of(
    ...     Stretch(Bound(0), Bound(2))
    ... )
    True
    """

    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, *stretches: Stretch) -> Self:
        """Join stretches, in any order, into one set."""
        return cls(_joined(stretches))

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def __contains__(self, value: object) -> bool:
        place = Bound(cast("Real", value))
        return any(each.start <= place < each.end for each in self.stretches)

    def __and__(self, other: Self) -> Self:
        parts: list[Stretch] = []
        left, right = iter(self.stretches), iter(other.stretches)
        a, b = next(left, None), next(right, None)
        while a and b:
            start, end = max(a.start, b.start), min(a.end, b.end)
            if start < end:
                parts.append(Stretch(start, end))
            if a.end < b.end:
                a = next(left, None)
            else:
                b = next(right, None)
        return type(self)(tuple(parts))

    def __or__(self, other: Self) -> Self:
        return type(self)(_joined((*self.stretches, *other.stretches)))

    def __sub__(self, other: Self) -> Self:
        return self & type(self)(tuple(_between(other.stretches)))

    @property
    def bounds(self) -> Iterator[Bound]:
        """Every cut, in rising order."""
        for stretch in self.stretches:
            yield stretch.start
            yield stretch.end


def _between(stretches: tuple[Stretch, ...]) -> Iterator[Stretch]:
    start = Bound(-math.inf)
    for stretch in stretches:
        if start < stretch.start:
            yield Stretch(start, stretch.start)
        start = stretch.end
    yield Stretch(start, Bound(math.inf, after=True))


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
        others = frozenset(other.options)
        return type(self)(tuple(filter(others.__contains__, self.options)))

    def __or__(self, other: Self) -> Self:
        return type(self)(tuple(dict.fromkeys((*self.options, *other.options))))

    def __sub__(self, other: Self) -> Self:
        others = frozenset(other.options)
        return type(self)(tuple(each for each in self.options if each not in others))


def union(sets: Sequence[ValueSet]) -> ValueSet:
    """Everything in any of some sets of one fact.

    >>> union([OptionSet(("legal",)), OptionSet(("violence", "legal"))]).options
    ('legal', 'violence')
    """
    numbers = [each for each in sets if isinstance(each, NumberSet)]
    if numbers:
        return NumberSet.of(*(part for each in numbers for part in each.stretches))
    options = [each.options for each in sets if isinstance(each, OptionSet)]
    return OptionSet(tuple(dict.fromkeys(option for own in options for option in own)))


def sample_between(start: Bound, end: Bound) -> Real:
    """Pick the plainest number between two bounds.

    Args:
        start: Where the stretch begins; it lies before ``end``.
        end: Where it ends.

    Returns:
        An end of the stretch where it holds one, else a round number within.

    >>> sample_between(Bound(30, after=True), Bound(45))
    31
    >>> sample_between(Bound(0.7, after=True), Bound(0.9))
    0.8
    """
    if not start.finite:
        return _below(end)
    if not start.after:
        return start.value
    if end.after and end.finite:
        return end.value
    step = math.floor(start.value) + 1
    if Bound(step) < end:
        return step
    return _halfway(start.value, end.value)


def sample_near(start: Bound, end: Bound, value: Real) -> Real:
    """Pick a number between two bounds, on the side of a value outside.

    Args:
        start: Where the stretch begins; it lies before ``end``.
        end: Where it ends.
        value: A number outside.

    >>> sample_near(Bound(0), Bound(10), 20), sample_near(Bound(30, after=True), Bound(45), 20)
    (9, 31)
    """
    if Bound(value) < start or not end.finite:
        open_end = Bound(end.value)
        return sample_between(start, open_end if start < open_end else end)
    if end.after:
        return end.value
    step = math.ceil(end.value) - 1
    return step if start <= Bound(step) else sample_between(start, end)


def _below(end: Bound) -> Real:
    if not end.finite:
        return 0
    if end.after:
        return end.value
    return math.ceil(end.value) - 1


def _halfway(low: Real, high: Real) -> Real:
    start, end = exactly(low), exactly(high)
    middle = EXACT.multiply(EXACT.add(start, end), Decimal("0.5"))
    width = EXACT.subtract(end, start)
    rounded = middle.quantize(Decimal((0, (1,), min(0, width.adjusted()))), context=EXACT)
    chosen = rounded if start < rounded < end else middle
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return chosen
    near = float(chosen)
    return near if start < exactly(near) < end else chosen


def listed(words: Sequence[str], last: str = "or") -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def ends(stretch: Stretch, *, whole: bool) -> tuple[Bound, Bound]:
    """The stretch's ends as a person counts: whole numbers up to the last that is in.

    >>> first, last = ends(Stretch(Bound(3), Bound(5)), whole=True)
    >>> last
    Bound(value=4, after=True)
    """
    last = stretch.end
    if whole and last.finite:
        last = Bound(last.value - 1, after=True)
    return stretch.start, last


def number_words(
    name: str,
    values: NumberSet,
    domain: NumberSet,
    *,
    unit: str,
    whole: bool,
    said: Callable[[Real], str] = str,
) -> str:
    """Say that a number lies in a set.

    Args:
        name: The fact's name.
        values: The set.
        domain: All that the number may be: ends that it has anyhow are left out.
        unit: What it counts; may be empty.
        whole: Whether it is whole.
        said: How one value is said.

    Returns:
        Such as ``waiting is above 30 min``.
    """
    if values == domain:
        return f"{name} is anything"
    words = [_stretch_words(each, domain, said, whole=whole) for each in values.stretches]
    holes = [ends(each, whole=whole) for each in (domain - values).stretches]
    if len(words) > len(holes) and all(low.value == high.value for low, high in holes):
        words = [f"not {listed([said(low.value) for low, _ in holes])}"]
    return f"{name} is {listed(words) or 'nothing'}{unit and ' ' + unit}"


def _stretch_words(
    stretch: Stretch, domain: NumberSet, said: Callable[[Real], str], *, whole: bool
) -> str:
    low, high = ends(stretch, whole=whole)
    above = "above" if low.after else "at least"
    below = "at most" if high.after else "below"
    if low.value == high.value:
        return said(low.value)
    if stretch.end == domain.stretches[0].end:
        return f"{above} {said(low.value)}"
    if stretch.start == domain.stretches[0].start:
        return f"{below} {said(high.value)}"
    start = f"above {said(low.value)}" if low.after else f"from {said(low.value)}"
    return f"{start} to {'' if high.after else 'below '}{said(high.value)}"


def option_words(name: str, values: OptionSet, domain: OptionSet) -> str:
    """Say that a choice or a flag is one of some options.

    >>> option_words("threat", OptionSet(("legal",)), OptionSet(("none", "legal", "violence")))
    'threat is legal'
    """
    if values == domain:
        return f"{name} is anything"
    others = (domain - values).options
    if len(others) == 1 and len(values.options) > 1:
        return f"{name} is not {_option(others[0])}"
    return f"{name} is {listed([_option(each) for each in values.options]) or 'nothing'}"


def _option(option: object) -> str:
    return str(option).lower() if isinstance(option, bool) else str(option)
