"""Numbers: facts to compare, exactly, over a declared range."""

import math
import numbers
from decimal import Decimal
from typing import Literal, cast, get_args

from attrs import field, frozen

from deescalate.errors import FactError, SettingError, TableError, quoted
from deescalate.rules.conditions import Condition, within
from deescalate.rules.fact import Fact
from deescalate.rules.samples import sample_between
from deescalate.rules.sets import Bound, Interval, NumberSet, Real, ValueSet
from deescalate.rules.words import listed, number_words

__all__ = ["Closed", "Number"]

Closed = Literal["both", "left", "right", "neither"]

MOST_DIGITS = 400
"""Decimals beyond ten to this power, or below its inverse, are refused as bounds (ours)."""


def _to_real(value: object) -> Real | None:
    """The plain number that a value is, exactly; ``None`` for what is no finite number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, float) or _is_numpy_float(value):
        number = float(cast("float", value))
        return number if math.isfinite(number) else None
    return None


def _is_huge(value: Real) -> bool:
    """Whether counting with it would take long, since it has very many digits written out."""
    if not isinstance(value, Decimal):
        return False
    return bool(value) and not -MOST_DIGITS <= value.adjusted() <= MOST_DIGITS


def _is_numpy_float(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational)


@frozen(order=False)
class Number(Fact):
    """A number, with inclusive bounds.

    Comparing one with ``<``, ``<=``, ``>`` or ``>=`` makes a condition. Values and bounds may be
    ``int``, ``float`` or ``Decimal`` in any mix and are compared exactly.

    Attributes:
        name: Its name.
        low: The least value, itself allowed; ``None`` for no least.
        high: The greatest value, itself allowed; ``None`` for no greatest.
        unit: What it counts, for people to read, such as ``min``.
        integer: Whether it is whole: between 9 and 10 there is then nothing.
        decimal: Whether it is exact decimal, such as money: fractions in documents are then read
            as ``Decimal``, and floats are refused.

    Raises:
        TableError: A bound is no finite number, or the bounds leave nothing.

    >>> waiting = Number("waiting", 0, unit="min")
    >>> print(waiting > 30)
    waiting is above 30 min
    >>> print(waiting.between(10, 30, closed="left"))
    waiting is from 10 to below 30 min
    """

    low: Real | None = None
    high: Real | None = None
    unit: str = field(default="", kw_only=True)
    integer: bool = field(default=False, kw_only=True)
    decimal: bool = field(default=False, kw_only=True)
    _domain: NumberSet = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        place = f"number {quoted(self.name)}"
        for bound in ("low", "high"):
            given = getattr(self, bound)
            if given is not None:
                object.__setattr__(self, bound, self._cut(given, f"{place}.{bound}"))
        start = Bound(-math.inf, after=True) if self.low is None else Bound(self.low)
        end = Bound(math.inf) if self.high is None else Bound(self.high, after=True)
        object.__setattr__(self, "_domain", NumberSet(()))
        whole = self._set(start, end)
        if not whole:
            raise TableError(place, f"no value lies between {self.low} and {self.high}")
        object.__setattr__(self, "_domain", whole)

    def _set(self, start: Bound, end: Bound) -> NumberSet:
        if self.integer:
            start, end = start.to_whole(), end.to_whole()
        return NumberSet((Interval(start, end),) if start < end else ())

    def _cut(self, value: object, place: str) -> Real:
        number = _to_real(value)
        if number is None or _is_huge(number):
            raise TableError(place, f"found {quoted(value)}, expected a finite number")
        return Decimal(number) if self.decimal and isinstance(number, float) else number

    @property
    def domain(self) -> NumberSet:
        """Every value it may take."""
        return self._domain

    @property
    def allowed(self) -> str:
        """Every value it may take, in words."""
        kind = "a whole number" if self.integer else "a number"
        if self.decimal:
            kind += " as int or Decimal"
        if self.low is None:
            return kind if self.high is None else f"{kind}, at most {self.high}"
        return (
            f"{kind}, {self.low} or more"
            if self.high is None
            else f"{kind} from {self.low} to {self.high}"
        )

    def check(self, value: object) -> Real:
        """Pass a value of the domain on, as ``int``, ``float`` or ``Decimal``; refuse any other.

        Raises:
            FactError: It is no finite number, or one outside the domain.

        >>> Number("anger", 0, 1).check(0.5)
        0.5
        """
        number = _to_real(value)
        if number is not None and self.integer and not isinstance(number, int):
            number = None if _is_huge(number) or number % 1 else int(number)
        if self.decimal and isinstance(number, float):
            number = None
        if number is None or number not in self._domain:
            raise FactError(self.name, value, self.allowed)
        return number

    def clip(self, values: ValueSet) -> NumberSet:
        """What a set, perhaps of another number, leaves of the domain."""
        parts = NumberSet(())
        for each in cast("NumberSet", values).intervals:
            parts |= self._set(each.start, each.end)
        return self._domain & parts

    def describe(self, values: ValueSet, *, written: bool = False) -> str:
        """Say in words that it lies in a set of values.

        Args:
            values: The values.
            written: Whether the bounds of whole numbers are to be said as they are, rather than
                the first and the last number that are in.

        >>> contacts = Number("contacts", 0, integer=True)
        >>> contacts.describe(contacts.domain)
        'contacts is anything'
        """
        return number_words(
            self.name,
            cast("NumberSet", values),
            self._domain,
            unit=self.unit,
            whole=self.integer and not written,
        )

    def sample(self, values: ValueSet) -> Real:
        """Pick a plain number from a set that holds one.

        >>> waiting = Number("waiting", 0)
        >>> waiting.sample((waiting > 30).boxes[0].tests[0].values)
        31
        """
        interval = cast("NumberSet", values).intervals[0]
        return sample_between(interval.start, interval.end)

    def _within(self, *ranges: tuple[Bound, Bound]) -> Condition:
        written = NumberSet.of(*(Interval(*ends) for ends in ranges if ends[0] < ends[1]))
        return within(self, self.clip(written), written if self.integer else None)

    def _at(self, value: Real, *, after: bool) -> Bound:
        return Bound(self._cut(value, f"number {quoted(self.name)}"), after=after)

    def __ge__(self, value: Real) -> Condition:
        return self._within((self._at(value, after=False), _LINE_END))

    def __gt__(self, value: Real) -> Condition:
        return self._within((self._at(value, after=True), _LINE_END))

    def __le__(self, value: Real) -> Condition:
        return self._within((_LINE_START, self._at(value, after=True)))

    def __lt__(self, value: Real) -> Condition:
        return self._within((_LINE_START, self._at(value, after=False)))

    def between(self, low: Real, high: Real, *, closed: Closed = "both") -> Condition:
        """Hold from one number to another.

        Args:
            low: Where it begins.
            high: Where it ends.
            closed: Which ends belong to it: ``both``, ``left``, ``right`` or ``neither``.

        >>> print(Number("anger", 0, 1).between(0.7, 0.9, closed="left"))
        anger is from 0.7 to below 0.9
        """
        if closed not in get_args(Closed):
            raise SettingError(
                "closed", closed, listed([quoted(each) for each in get_args(Closed)])
            )
        start = self._at(low, after=closed in ("right", "neither"))
        end = self._at(high, after=closed in ("both", "right"))
        return self._within((start, end))

    def is_in(self, *values: Real) -> Condition:
        """Hold at each of some numbers.

        >>> print(Number("contacts", 0, integer=True).is_in(2, 3, 7))
        contacts is 2, 3 or 7
        """
        return self._within(
            *((self._at(each, after=False), self._at(each, after=True)) for each in values)
        )

    def is_(self, value: Real) -> Condition:
        """Hold at one number.

        >>> print(Number("contacts", 0, integer=True).is_(2))
        contacts is 2
        """
        return self.is_in(value)

    def is_not(self, value: Real) -> Condition:
        """Hold everywhere but at one number.

        >>> print(Number("anger", 0, 1).is_not(0.5))
        anger is not 0.5
        """
        return ~self.is_in(value)


_LINE_START = Bound(-math.inf)
_LINE_END = Bound(math.inf, after=True)
