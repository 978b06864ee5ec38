"""Conditions: what must hold of the facts, kept as boxes so that everything about them is exact.

A box asks each of some facts to lie in a set; a condition holds where one of its boxes does. Any
mix of and, or and not comes down to that, so conditions can be compared, printed and proved with.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from attrs import field, frozen

from deescalate.errors import FactError, TableError, WorkLimitError, quoted
from deescalate.rules._engine.plain import check_text
from deescalate.rules._engine.sets import ValueSet

__all__ = ["EVERYTHING", "Box", "Condition", "Fact", "Test", "all_of", "any_of", "within"]

MOST_BOXES = 4096
MOST_COMPARED = 256


def _check_name(fact: object, _attribute: object, value: str) -> None:
    object.__setattr__(fact, "name", check_text(type(fact).__name__.lower(), value))


@frozen(order=False)
class Fact(ABC):
    """Something a table may ask about: a name and the values it may take."""

    name: str = field(validator=_check_name)

    @property
    @abstractmethod
    def domain(self) -> ValueSet:
        """Every value it may take."""

    @property
    @abstractmethod
    def allowed(self) -> str:
        """Every value it may take, in words."""

    @abstractmethod
    def check(self, value: object) -> object:
        """Pass a value of the domain on, in its plain Python type; refuse any other.

        Raises:
            FactError: The value is of another type or outside the domain.
        """

    @abstractmethod
    def clip(self, values: ValueSet) -> ValueSet:
        """What a set, perhaps of another fact of the kind, leaves of the domain."""

    @abstractmethod
    def describe(self, values: ValueSet, *, written: bool = False) -> str:
        """Say in words that the fact lies in a set of values.

        Args:
            values: The values.
            written: Whether the bounds of whole numbers are to be said as they are.
        """

    @abstractmethod
    def sample(self, values: ValueSet, *, near: object = None) -> object:
        """Pick a plain value that the fact accepts from a set that holds one.

        Args:
            values: The set.
            near: For numbers, one outside the set on whose side the value is to lie.
        """


@frozen
class Test:
    """One fact lies in a set of values.

    Attributes:
        fact: Which fact.
        values: The set: never empty, and never all the fact may be.
        written: The same of a whole number, with the bounds as they were written: above 3 holds
            the numbers that at least 4 holds. ``None`` where the values are as written.
    """

    __test__ = False  # it is no test case, whatever its name tells pytest

    fact: Fact
    values: ValueSet
    written: ValueSet | None = field(default=None, eq=False, repr=False)

    def __str__(self) -> str:
        if self.written is None:
            return self.fact.describe(self.values)
        return self.fact.describe(self.written, written=True)


@frozen
class Box:
    """Several tests that must all hold, one a fact, sorted by the fact's name.

    Attributes:
        tests: The tests; none at all means that everything lies in the box.
    """

    tests: tuple[Test, ...] = ()

    def __str__(self) -> str:
        return " and ".join(map(str, self.tests)) or "always"

    def __iter__(self) -> Iterator[Test]:
        return iter(self.tests)

    def of(self, fact: Fact) -> ValueSet:
        """The values that the box leaves to a fact."""
        for test in self.tests:
            if test.fact.name == fact.name:
                return test.values
        return fact.domain

    def meet(self, other: "Box") -> "Box | None":
        """What lies in both boxes, or ``None`` where nothing does."""
        return _box((*self.tests, *other.tests))


def _box(tests: Iterable[Test]) -> Box | None:
    facts: dict[str, Fact] = {}
    sets: dict[str, ValueSet] = {}
    written: dict[str, ValueSet] = {}
    for test in tests:
        name = test.fact.name
        known = facts.setdefault(name, test.fact)
        if known is not test.fact and known != test.fact:
            raise TableError("condition", f"fact {quoted(name)} is declared in two ways")
        bounds = test.values if test.written is None else test.written
        if test.written is not None or name in written:
            written[name] = written.get(name, sets.get(name, test.fact.domain)) & bounds
        sets[name] = sets.get(name, test.fact.domain) & test.values
    if not all(sets.values()):
        return None
    return Box(
        tuple(
            Test(facts[name], sets[name], written.get(name))
            for name in sorted(sets)
            if sets[name] != facts[name].domain
        )
    )


def _kept(boxes: Iterable[Box | None]) -> tuple[Box, ...]:
    """Drop the empty and the repeated, and what lies in another box where that is quick to see."""
    distinct = dict.fromkeys(box for box in boxes if box is not None)
    if len(distinct) > MOST_BOXES:
        raise WorkLimitError("this condition", MOST_BOXES, "boxes")
    if len(distinct) > MOST_COMPARED:
        return tuple(distinct)
    asked = {box: {test.fact.name: test.values for test in box} for box in distinct}
    return tuple(
        box
        for box, own in asked.items()
        if not any(
            names.keys() <= own.keys()
            and other is not box
            and all(values.covers(own[name]) for name, values in names.items())
            for other, names in asked.items()
        )
    )


@frozen
class Condition:
    """What must hold of the facts.

    Made by comparing facts and combined with ``&``, ``|`` and ``~``. Whatever way it was written,
    it is kept as the boxes in which it holds, so two ways of saying one simple thing are equal.

    Attributes:
        boxes: It holds where one of these does; without any it never holds.
        written: What a document says for it, if it comes from one.

    >>> from deescalate.rules import Flag, Number
    >>> anger, vulnerable = Number("anger", 0, 1), Flag("vulnerable")
    >>> print((anger >= 0.8) & ~vulnerable.is_true())
    anger is at least 0.8 and vulnerable is false
    >>> print(~((anger >= 0.8) & vulnerable.is_true()))
    anger is below 0.8, or vulnerable is false
    """

    boxes: tuple[Box, ...]
    written: object = field(default=None, eq=False, repr=False)

    def __and__(self, other: "Condition") -> "Condition":
        if len(self.boxes) * len(other.boxes) > MOST_BOXES * 16:
            raise WorkLimitError("this condition", MOST_BOXES, "boxes")
        return Condition(_kept(a.meet(b) for a in self.boxes for b in other.boxes))

    def __or__(self, other: "Condition") -> "Condition":
        return Condition(_kept((*self.boxes, *other.boxes)))

    def __invert__(self) -> "Condition":
        return all_of(*(_outside(box) for box in self.boxes))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a condition is neither true nor false before it is given facts: "
            "combine with & | ~ and write ranges with between()"
        )

    def __str__(self) -> str:
        return ", or ".join(map(str, self.boxes)) or "never"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it asks about, in order of name."""
        found = {test.fact.name: test.fact for box in self.boxes for test in box}
        return tuple(found[name] for name in sorted(found))

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether it holds of the facts given; every fact it asks about must be among them.

        Args:
            facts: Values by the fact's name; more than are asked about do no harm.

        Raises:
            FactError: A value is outside its fact's domain, or a fact is missing.
        """
        known = {}
        for fact in self.facts:
            if fact.name not in facts:
                raise FactError(fact.name, None, f"{fact.allowed}: it is missing")
            known[fact.name] = fact.check(facts[fact.name])
        return any(all(known[test.fact.name] in test.values for test in box) for box in self.boxes)


def _outside(box: Box) -> Condition:
    return Condition(_kept(_box([_other(test)]) for test in box))


def _other(test: Test) -> Test:
    """All but what a test allows."""
    domain = test.fact.domain
    written = None if test.written is None else domain - test.written
    return Test(test.fact, domain - test.values, written)


EVERYTHING = Condition((Box(),))
"""The condition that always holds."""


def within(fact: Fact, values: ValueSet, written: ValueSet | None = None) -> Condition:
    """Hold where a fact lies in a set of values.

    Args:
        fact: The fact.
        values: Any values; those outside its domain do not count.
        written: The same of a whole number, with the bounds as they were written.
    """
    domain = fact.domain
    inside = domain & values
    if not inside:
        return Condition(())
    if inside == domain:
        return EVERYTHING
    stated = None if written is None else domain & written
    return Condition((Box((Test(fact, inside, stated),)),))


def all_of(*conditions: Condition) -> Condition:
    """Hold where all of the conditions do; without any, always.

    >>> print(all_of())
    always
    """
    single = [each.boxes[0] for each in conditions if len(each.boxes) == 1]
    tests = [test for box in single for test in box.tests]
    if len(single) == len(conditions) and len({test.fact.name for test in tests}) == len(tests):
        return Condition((Box(tuple(sorted(tests, key=_name_of))),))
    both = Condition(_kept([_box(test for box in single for test in box)]))
    for each in conditions:
        if len(each.boxes) != 1:
            both &= each
    return both


def _name_of(test: Test) -> str:
    return test.fact.name


def any_of(*conditions: Condition) -> Condition:
    """Hold where any of the conditions does; without any, never.

    >>> print(any_of())
    never
    """
    return Condition(_kept(box for each in conditions for box in each.boxes))
