"""The smallest change of a case with which a schedule would award something else."""

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import (
    FactError,
    HitPolicyError,
    SettingError,
    UndecidedError,
    WorkLimitError,
    nearest_name,
)
from deescalate.money import Money
from deescalate.rules import Choice, Number
from deescalate.schedules._entitlement import PERCENT, Entitlement
from deescalate.schedules._spans import Span
from deescalate.schedules._tariff import Tariff
from deescalate.schedules._working import Open, State, Value, to_plain

__all__ = ["AmountChange", "nearest_amount"]

FINEST = Fraction(1, 100)
"""The steps in which numbers that are not whole are moved; ours."""
FARTHEST = 10**6
"""How far a number without an end is moved at most; ours."""


@frozen(kw_only=True)
class AmountChange:
    """One fact that, had it been otherwise, would have led to another amount.

    Attributes:
        fact: Its name.
        value: What it would have to be; of a number, the nearest such value.
        before: What it is.
        unit: What a number counts.
        facts: The whole case after the change.
        given: What is awarded for the case as it is.
        award: What would be awarded.
    """

    fact: str
    value: object
    before: object
    unit: str = ""
    facts: Mapping[str, object] = field(converter=FrozenMapping[object])
    given: Entitlement
    award: Entitlement

    @property
    def told(self) -> str:
        """The change for the person whose case it is."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            way = f"{self.value}, not {self.before}".lower()
        else:
            here, unit = Decimal(str(self.before)), f" {self.unit}" if self.unit else ""
            side = "more" if self.value > here else "less"
            way = f"{abs(self.value - here):f}{unit} {side} ({self.value}, not {here:f})"
        due, now = _shown(self.award), _shown(self.given)
        return f"had {self.fact} been {way}, {due} would be due, not {now}"

    def __str__(self) -> str:
        return self.told


def _shown(award: Entitlement) -> str:
    amount = award.amount or Decimal(0)
    return f"{amount:f} %" if award.currency == PERCENT else str(Money(amount, award.currency))


def nearest_amount(
    tariff: Tariff,
    facts: Mapping[str, object],
    *,
    at_least: Decimal | int | None = None,
    fixed: Iterable[str] = (),
    limit: int = 20_000,
) -> tuple[AmountChange, ...]:
    """Find for each fact the smallest change of it alone that leads to another amount.

    Args:
        tariff: The schedule.
        facts: The case; facts left out take their defaults.
        at_least: The amount that is wanted, in the schedule's currency or percent; ``None`` for
            any other than the one awarded.
        fixed: Names of facts that cannot be otherwise.
        limit: Cases and ranges worked out before giving up.

    Returns:
        One for each fact that can do it alone: numbers first, in the schedule's order.

    Raises:
        UndecidedError: Facts are missing that could still change what is awarded.
        WorkLimitError: It would take more work than the limit.
    """
    names = [each.fact.name for each in tariff.given]
    for name in (kept := {*fixed}):
        if name not in names:
            near = nearest_name(name, names)
            raise FactError(name, None, f"one of {', '.join(names)}", near, unknown=True)
    if at_least is not None and isinstance(at_least, float | bool):
        raise SettingError("at_least", at_least, "a whole number or a Decimal")
    return tuple(_Search(tariff, facts, at_least, kept, limit).changes())


class _Search:
    def __init__(
        self,
        tariff: Tariff,
        facts: Mapping[str, object],
        at_least: Decimal | int | None,
        fixed: set[str],
        limit: int,
    ) -> None:
        self.tariff, self.fixed, self.limit, self.done = tariff, fixed, limit, 0
        self.given = tariff.amount(facts)
        if self.given.amount is None:
            raise UndecidedError(tariff.name, self.given.missing)
        self.now: Decimal = self.given.amount
        self.least = None if at_least is None else Decimal(at_least)
        self.values = dict(tariff.state(facts).values)
        named = (each.fact for each in tariff.given)
        self.missing = [fact for fact in named if fact.name not in self.values]

    def changes(self) -> Iterator[AmountChange]:
        """One a fact: numbers first, then what has options."""
        known = [each.fact for each in self.tariff.given if each.fact.name in self.values]
        free = [fact for fact in known if fact.name not in self.fixed]
        for number in free:
            if isinstance(number, Number):
                yield from self._moved(number)
        for fact in free:
            if not isinstance(fact, Number):
                options = fact.options if isinstance(fact, Choice) else (True, False)
                found = (each for each in options if self._is_wanted(fact.name, each))
                yield from (self._change(fact.name, each, "") for each in islice(found, 1))

    def _moved(self, fact: Number) -> Iterator[AmountChange]:
        """The nearest value of a number, above or below, that leads there."""
        here = Fraction(self.values[fact.name])
        step = Fraction(1) if fact.integer else FINEST
        found: list[tuple[int, Fraction]] = []
        for way, end in ((step, fact.high), (-step, fact.low)):
            room = FARTHEST if end is None else abs(Fraction(end) - here)
            count = self._first(fact.name, here, way, math.floor(room / step))
            found += [] if count is None else [(count, here + count * way)]
        if found:
            yield self._change(fact.name, min(found)[1], fact.unit)

    def _first(self, name: str, here: Fraction, step: Fraction, most: int) -> int | None:
        """The least number of steps from here that leads there: ranges halved until plain."""
        ranges = [(1, most)] if most else []
        while ranges:
            first, last = ranges.pop()
            ends = sorted((here + first * step, here + last * step))
            answer = self._in(name, *ends) if first < last else True
            if answer and self._is_wanted(name, here + first * step):
                return first
            if answer is not False and first < last:
                middle = (first + last) // 2
                ranges += [(middle + 1, last), (first, middle)]
        return None

    def _in(self, name: str, low: Fraction, high: Fraction) -> bool | None:
        """Whether all values between two lead there, or none does; ``None`` to look closer."""
        state = State({key: each for key, each in self.values.items() if key != name}, self.missing)
        state.open[name] = Open(Span(low, high), frozenset([name]))
        return self._answer(state)

    def _is_wanted(self, name: str, value: Value) -> bool:
        return self._answer(State({**self.values, name: value}, self.missing)) or False

    def _answer(self, state: State) -> bool | None:
        self.done += 1
        if self.done > self.limit:
            raise WorkLimitError(f"another amount of {self.tariff.name}", self.limit, "cases")
        try:
            award = self.tariff.worked_out(state)
        except (FactError, HitPolicyError, UndecidedError, WorkLimitError):
            return None
        most = math.inf if award.most is None else award.most
        if self.least is not None:
            return True if award.least >= self.least else None if most >= self.least else False
        if award.least == most == self.now:
            return False
        return None if award.least <= self.now <= most else True

    def _change(self, name: str, value: Value, unit: str) -> AmountChange:
        plain = {key: to_plain(each) for key, each in self.values.items()}
        facts = {**plain, name: to_plain(value)}
        return AmountChange(
            fact=name,
            value=facts[name],
            before=plain[name],
            unit=unit,
            facts=facts,
            given=self.given,
            award=self.tariff.amount(facts),
        )
