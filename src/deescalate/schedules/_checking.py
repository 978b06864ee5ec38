"""What is wrong or odd with a schedule: its tables proved, its amount followed along its facts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias, cast

from attrs import evolve, frozen

from deescalate.documents import joined
from deescalate.errors import (
    HitPolicyError,
    SettingError,
    UndecidedError,
    WorkLimitError,
    quoted,
)
from deescalate.findings import Finding, Report, Severity
from deescalate.rules import Choice, Number
from deescalate.rules._engine.sets import NumberSet
from deescalate.rules.proofs import CODES, check
from deescalate.schedules._entitlement import Entitlement
from deescalate.schedules._formulas import Formula
from deescalate.schedules._tariff import Tariff
from deescalate.schedules._working import Given, Value, to_decimal, to_plain

__all__ = ["check_schedule", "turns_along"]

MEANINGS: Mapping[str, str] = {
    "failed-case": "a stated case pays something else",
    "not-monotone": "the amount turns the wrong way",
}

_TYPICAL = Fraction(100)


def check_schedule(schedule: Tariff, *, most: int, limit: int) -> Report:
    """Look for everything that is wrong or odd with a schedule: see `Schedule.check`."""
    found = [
        *_failed_cases(schedule),
        *_in_tables(schedule),
        *_unused(schedule),
    ]
    for given in schedule.given:
        if given.amount:
            found += turns_along(schedule, given.fact.name, most=most, limit=limit)
    return Report(name=schedule.name, findings=found, meanings={**CODES, **MEANINGS})


def _failed_cases(schedule: Tariff) -> Iterator[Finding]:
    for failed in schedule.failures():
        text = str(failed)
        yield Finding(severity=Severity.ERROR, code="failed-case", place="tests", text=text)


def _in_tables(schedule: Tariff) -> Iterator[Finding]:
    for name, table in schedule.tables.items():
        yield from (evolve(finding, place=name) for finding in check(table))


def _unused(schedule: Tariff) -> Iterator[Finding]:
    used = {name for worked in (*schedule.derived, *schedule.parts) for name in worked.needs()}
    for step in schedule.total:
        used.update(step.needs())
    for given in schedule.given:
        if given.fact.name not in used and not (
            isinstance(given.fact, Choice) and len(given.fact.options) == 1
        ):
            yield Finding(
                severity=Severity.NOTE,
                code="unused-fact",
                place=joined("facts", given.fact.name),
                text="it is given, and nothing asks about it",
            )


def turns_along(schedule: Tariff, fact: str, *, most: int, limit: int) -> tuple[Finding, ...]:
    """Find where the amount turns the wrong way along a fact: see `Schedule.turns`."""
    known = [given for given in schedule.given if given.amount]
    for given in known:
        if given.fact.name == fact:
            return tuple(_Walk(schedule, given, limit).turns(most))
    names = ", ".join(given.fact.name for given in known) or "none, since none says so"
    raise SettingError("fact", fact, f"one that the amount rises or falls with: {names}")


@frozen
class _Turn:
    """Two neighbours along a fact where the amount turns the wrong way."""

    case: Mapping[str, Value]
    low: Fraction
    high: Fraction
    before: Decimal
    after: Decimal


_Pair: TypeAlias = tuple[Fraction, Fraction]


class _Walk:
    """Follows the amount along one fact, through every kind of case that can matter.

    Cases are told apart only as far as the answers still depend on them: a fact is fixed when
    the amounts along the way, all else fixed so far, are still open because of it.
    """

    def __init__(self, schedule: Tariff, along: Given, limit: int) -> None:
        self.schedule = schedule
        self.along = along
        self.limit = limit
        self.worked_out = 0
        steps = [step for worked in (*schedule.derived, *schedule.parts) for step in worked.steps]
        conditions = [step.condition for step in (*steps, *schedule.total) if step.condition]
        self.axes = [
            axis for table in (*schedule.tables.values(), *conditions) for axis in table.axes
        ]
        self.cells = {given.fact.name: self.cells_of(given) for given in schedule.given}

    def turns(self, most: int) -> Iterator[Finding]:
        """Where the amount turns the wrong way, each pair of neighbours once."""
        seen: set[tuple[Fraction, Fraction]] = set()
        for turn in self.walk({}, self.neighbours()):
            if len(seen) == most:
                return
            if (turn.low, turn.high) not in seen:
                seen.add((turn.low, turn.high))
                name = self.along.fact.name
                where = ", ".join(f"{fact} = {_shown(value)}" for fact, value in turn.case.items())
                steps = f"{_shown(turn.low)} -> {_shown(turn.high)}"
                steps += f" pays {turn.before:f} -> {turn.after:f}"
                yield Finding(
                    severity=Severity.WARNING,
                    code="not-monotone",
                    place=joined("facts", name),
                    text=f"{steps}{f' (such as {where})' if where else ''}",
                    witness={fact: to_plain(value) for fact, value in turn.case.items()},
                )

    def walk(self, case: Mapping[str, Value], pairs: Sequence[_Pair]) -> Iterator[_Turn]:
        """Every turn among the cases that agree with what is fixed so far."""
        name = self.along.fact.name
        points = dict.fromkeys(point for pair in pairs for point in pair)
        try:
            awards = {point: self.award({**case, name: point}) for point in points}
        except (HitPolicyError, UndecidedError):
            return
        falling = [pair for pair in pairs if _may_fall(awards[pair[0]], awards[pair[1]])]
        ends = dict.fromkeys(point for pair in falling for point in pair)
        asked = dict.fromkeys(fact for point in ends for fact in awards[point].missing)
        if asked:
            fact = min(asked, key=lambda each: len(self.cells[each]))
            for value in self.cells[fact]:
                yield from self.walk({**case, fact: value}, falling)
        for low, high in () if asked else falling:
            yield _Turn(case, low, high, awards[low].least, awards[high].least)

    def award(self, case: Mapping[str, Value]) -> Entitlement:
        """Work one case out, with nothing assumed."""
        self.worked_out += 1
        if self.worked_out > self.limit:
            task = f"following {quoted(self.along.fact.name)} through {quoted(self.schedule.name)}"
            raise WorkLimitError(task, self.limit, "cases")
        return self.schedule.amount(case, assume_defaults=False)

    def cells_of(self, given: Given) -> list[Value]:
        """A value for each way that conditions can tell a fact's values apart; usual ones first."""
        usual = [] if given.default is None else [given.default]
        if isinstance(given.fact, Choice):
            return list(dict.fromkeys([*usual, *given.fact.options]))
        if not isinstance(given.fact, Number):
            return list(dict.fromkeys([*usual, False, True]))
        cells: dict[tuple[int, ...], Value] = {}
        for value in (*usual, *reversed(self.apart(given.fact))):
            cells.setdefault(self.cell(given.fact, value), value)
        return list(cells.values())

    def cell(self, fact: Number, value: Value) -> tuple[int, ...]:
        """Where a value lies among the cuts of every condition."""
        plain = to_plain(value)
        return tuple(axis.place_of(plain) for axis in self.axes if axis.fact.name == fact.name)

    def neighbours(self) -> list[_Pair]:
        """Pairs to compare along the fact: across every cut, and within where formulas name it."""
        fact = cast("Number", self.along.fact)
        cuts = self.cuts_of(fact)
        gaps = [high - low for low, high in pairwise(cuts)]
        near = Fraction(1) if fact.integer or min(gaps, default=2) >= 2 else min(gaps) / 4
        beside = {cut + step for cut in cuts for step in (-near, near)}
        points = sorted({*self.apart(fact), *(each for each in beside if _inside(fact, each))})
        if self.along.amount == "falls":
            points.reverse()
        named = any(fact.name in formula.names for formula in self.formulas())
        return [
            pair
            for pair in pairwise(points)
            if named or self.cell(fact, pair[0]) != self.cell(fact, pair[1])
        ]

    def formulas(self) -> Iterator[Formula]:
        """Every formula of the schedule."""
        for worked in (*self.schedule.derived, *self.schedule.parts):
            yield from worked.formulas.values()
            yield from (step.formula for step in worked.steps)
        yield from (step.formula for step in self.schedule.total)

    def apart(self, fact: Number) -> list[Fraction]:
        """Every cut, and a number in every piece between and beyond."""
        cuts = self.cuts_of(fact) or [Fraction(fact.low or 0)]
        outer = [cuts[0] - _TYPICAL, cuts[-1] + _TYPICAL]
        between = [(low + high) / 2 for low, high in pairwise(cuts)]
        if fact.integer:
            between = [Fraction(math.floor(each)) for each in between]
        return sorted({each for each in (*cuts, *outer, *between) if _inside(fact, each)})

    def cuts_of(self, fact: Number) -> list[Fraction]:
        """Where conditions cut a fact, and where its domain ends."""
        cuts = {Fraction(end) for end in (fact.low, fact.high) if end is not None}
        for axis in self.axes:
            if axis.fact.name == fact.name:
                for segment in cast("tuple[NumberSet, ...]", axis.segments):
                    ends = (segment.stretches[0].start, segment.stretches[0].end)
                    cuts |= {Fraction(end.value) for end in ends if end.finite}
        return sorted(cut for cut in cuts if _inside(fact, cut))


def _may_fall(before: Entitlement, after: Entitlement) -> bool:
    return before.most is None or before.most > after.least


def _inside(fact: Number, value: Fraction) -> bool:
    low_enough = fact.high is None or value <= Fraction(fact.high)
    return low_enough and (fact.low is None or value >= Fraction(fact.low))


def _shown(value: Value) -> str:
    return f"{to_decimal(value):f}" if isinstance(value, Fraction) else str(value)
