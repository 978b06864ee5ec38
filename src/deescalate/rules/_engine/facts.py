"""Kinds of facts: choices and flags are one of a few declared things, numbers are compared."""

import math
import numbers
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, cast, get_args

from attrs import field, frozen

from deescalate.errors import FactError, SettingError, TableError, nearest_name, quoted
from deescalate.rules._engine.conditions import Condition, Fact, within
from deescalate.rules._engine.plain import check_text
from deescalate.rules._engine.sets import (
    Bound,
    NumberSet,
    OptionSet,
    Real,
    Stretch,
    ValueSet,
    sample_between,
)
from deescalate.rules._engine.words import listed, number_words, option_words

__all__ = ["Choice", "Closed", "Flag", "Number"]


def _options(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@frozen
class Choice(Fact):
    """One of several named options.

    Attributes:
        name: Its name.
        options: What it may be, in their natural order if they have one (low to high).

    Raises:
        TableError: There is no option, or one is no text or named twice.

    >>> threat = Choice("threat", ["none", "legal", "violence"])
    >>> print(threat.is_in("legal", "violence"))
    threat is not none
    """

    options: tuple[str, ...] = field(converter=_options)

    def __attrs_post_init__(self) -> None:
        place = f"choice {quoted(self.name)}"
        if not self.options:
            raise TableError(place, "it has no options, expected one or more")
        for option in self.options:
            check_text(f"{place}.options", option)
        if len(set(self.options)) < len(self.options):
            twice = next(each for each in self.options if self.options.count(each) > 1)
            raise TableError(f"{place}.options", f"{quoted(twice)} is named twice")

    @property
    def domain(self) -> OptionSet:
        """Every option."""
        return OptionSet(self.options)

    @property
    def allowed(self) -> str:
        """Every option, in words."""
        return "one of " + ", ".join(quoted(each) for each in self.options)

    def check(self, value: object) -> str:
        """Pass a declared option on, as plain text; refuse anything else.

        Raises:
            FactError: It is no declared option.

        >>> Choice("threat", ["none", "legal"]).check("legal")
        'legal'
        """
        if not isinstance(value, str) or value not in self.options:
            raise FactError(self.name, value, self.allowed, nearest_name(value, self.options))
        return self.options[self.options.index(value)]

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is one of a set of options."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet) -> str:
        """Pick the first of a set of options."""
        return cast("str", cast("OptionSet", values).options[0])

    def is_in(self, *options: str) -> Condition:
        """Hold where it is one of some options.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_in("legal"))
        threat is legal
        """
        for option in options:
            if option not in self.options:
                near = nearest_name(option, self.options)
                hint = f"; did you mean {quoted(near)}?" if near else ""
                reason = f"found {quoted(option)}, expected {self.allowed}{hint}"
                raise TableError(f"choice {quoted(self.name)}", reason)
        return within(self, OptionSet(options))

    def is_(self, option: str) -> Condition:
        """Hold where it is one option.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_("legal"))
        threat is legal
        """
        return self.is_in(option)

    def is_not(self, *options: str) -> Condition:
        """Hold where it is none of some options.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_not("legal", "none"))
        threat is violence
        """
        return ~self.is_in(*options)


@frozen
class Flag(Fact):
    """Something that is so or not.

    Attributes:
        name: Its name.

    >>> print(Flag("vulnerable").is_true())
    vulnerable is true
    """

    @property
    def domain(self) -> OptionSet:
        """False and true."""
        return OptionSet((False, True))

    @property
    def allowed(self) -> str:
        """False and true, in words."""
        return "True or False"

    def check(self, value: object) -> bool:
        """Pass a truth value on; refuse anything else.

        Raises:
            FactError: It is not ``True`` or ``False``.

        >>> Flag("vulnerable").check(True)
        True
        """
        if isinstance(value, bool):
            return value
        if getattr(getattr(value, "dtype", None), "kind", "") == "b" and not getattr(
            value, "shape", 0
        ):
            return bool(value)
        raise FactError(self.name, value, self.allowed)

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is true, or false."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet) -> bool:
        """Pick the first of a set of truth values."""
        return bool(cast("OptionSet", values).options[0])

    def is_true(self) -> Condition:
        """Hold where it is so."""
        return within(self, OptionSet((True,)))

    def is_false(self) -> Condition:
        """Hold where it is not so."""
        return within(self, OptionSet((False,)))


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
        return NumberSet((Stretch(start, end),) if start < end else ())

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
        for each in cast("NumberSet", values).stretches:
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
        stretch = cast("NumberSet", values).stretches[0]
        return sample_between(stretch.start, stretch.end)

    def _within(self, *ranges: tuple[Bound, Bound]) -> Condition:
        written = NumberSet.of(*(Stretch(*ends) for ends in ranges if ends[0] < ends[1]))
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
