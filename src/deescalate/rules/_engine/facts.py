"""Kinds of facts: choices and flags are one of a few declared things, numbers are compared."""

import math
from collections.abc import Iterable
from typing import Literal, cast, get_args

from attrs import field, frozen

from deescalate.errors import FactError, SettingError, TableError, nearest_name, quoted
from deescalate.rules._engine.conditions import Condition, Fact, within
from deescalate.rules._engine.plain import (
    Real,
    check_text,
    exactly,
    is_a,
    is_huge,
    plain_flag,
    plain_number,
    plain_text,
    some_of,
)
from deescalate.rules._engine.sets import (
    Bound,
    NumberSet,
    OptionSet,
    Stretch,
    ValueSet,
    listed,
    number_words,
    option_words,
    sample_between,
    sample_near,
)

__all__ = ["Choice", "Closed", "Flag", "Number"]


def _options(given: Iterable[str]) -> tuple[str, ...]:
    listed = (given,) if isinstance(given, str) else tuple(given)
    return tuple(plain_text(each) if is_a(each, str) else each for each in listed)


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
    _known: frozenset[str] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        place = f"choice {quoted(self.name)}"
        if not self.options:
            raise TableError(place, "it has no options, expected one or more")
        for option in self.options:
            check_text(f"{place}.options", option)
        known: set[str] = set()
        for option in self.options:
            if option in known:
                raise TableError(f"{place}.options", f"{quoted(option)} is named twice")
            known.add(option)
        object.__setattr__(self, "_known", frozenset(known))

    @property
    def domain(self) -> OptionSet:
        """Every option."""
        return OptionSet(self.options)

    @property
    def allowed(self) -> str:
        """The options, in words; of very many the first."""
        return f"one of {some_of(self.options)}"

    def check(self, value: object) -> str:
        """Pass a declared option on, as plain text; refuse anything else.

        Raises:
            FactError: It is no declared option.

        >>> Choice("threat", ["none", "legal"]).check("legal")
        'legal'
        """
        option = plain_text(value) if isinstance(value, str) else None
        if option is None or option not in self._known:
            raise FactError(self.name, value, self.allowed, nearest_name(value, self.options))
        return option

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is one of a set of options."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet, *, near: object = None) -> str:  # noqa: ARG002
        """Pick the first of a set of options."""
        return cast("str", cast("OptionSet", values).options[0])

    def is_in(self, *options: str) -> Condition:
        """Hold where it is one of some options.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_in("legal"))
        threat is legal
        """
        for option in options:
            if option not in self._known:
                near = nearest_name(option, self.options)
                hint = f"; did you mean {quoted(near)}?" if near else ""
                reason = f"found {quoted(option)}, expected {self.allowed}{hint}"
                raise TableError(f"choice {quoted(self.name)}", reason)
        return within(self, OptionSet(tuple(dict.fromkeys(map(plain_text, options)))))

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
        flag = plain_flag(value)
        if flag is None:
            raise FactError(self.name, value, self.allowed)
        return flag

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is true, or false."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet, *, near: object = None) -> bool:  # noqa: ARG002
        """Pick the first of a set of truth values."""
        return bool(cast("OptionSet", values).options[0])

    def is_true(self) -> Condition:
        """Hold where it is so."""
        return within(self, OptionSet((True,)))

    def is_false(self) -> Condition:
        """Hold where it is not so."""
        return within(self, OptionSet((False,)))


Closed = Literal["both", "left", "right", "neither"]


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
            as ``Decimal``, and floats are refused. It has no smallest step, since shares, rates
            and conversions have more places than coins: between 25.50 and 25.51 there is a gap.
            Close it with ``< 25.51``, or count whole cents with ``integer``.

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
        number = plain_number(value)
        if number is None or is_huge(number):
            raise TableError(place, f"found {quoted(value)}, expected a finite number")
        return self._own(number)

    def _own(self, value: Real) -> Real:
        """The value in a type that the fact accepts."""
        return exactly(value) if self.decimal and isinstance(value, float) else value

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
        number = plain_number(value)
        if number is not None and self.integer and not isinstance(number, int):
            whole = None if is_huge(number) else int(number)
            number = whole if whole == number else None
        if self.decimal and isinstance(number, float):
            number = None
        if number is None or number not in self._domain:
            raise FactError(self.name, value, self.allowed)
        return number

    def clip(self, values: ValueSet) -> NumberSet:
        """What a set, perhaps of another number, leaves of the domain."""
        if not self.integer:
            return self._domain & cast("NumberSet", values)
        parts = [self._set(each.start, each.end) for each in cast("NumberSet", values).stretches]
        return self._domain & NumberSet.of(*(each for part in parts for each in part.stretches))

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
            said=self.said,
        )

    def said(self, value: Real) -> str:
        """A number of its domain as messages write it."""
        return str(value)

    def sample(self, values: ValueSet, *, near: object = None) -> Real:
        """Pick a plain number that the fact accepts from a set that holds one.

        >>> waiting = Number("waiting", 0)
        >>> waiting.sample((waiting > 30).boxes[0].tests[0].values)
        31
        """
        stretch = cast("NumberSet", values).stretches[0]
        if near is None:
            return self._own(sample_between(stretch.start, stretch.end))
        return self._own(sample_near(stretch.start, stretch.end, cast("Real", near)))

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
