"""The smallest change of a case that would alter its decision."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import combinations, product
from typing import Any, cast

from attrs import field, frozen

from deescalate.errors import FactError, HitPolicyError
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.conditions import Box, Test
from deescalate.rules._engine.facts import Number
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.plain import MOST_DIGITS, Real, is_huge
from deescalate.rules._engine.policies import Hit
from deescalate.rules._engine.rules import Outputs
from deescalate.rules._engine.sets import Bound, NumberSet, ValueSet
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._covering import DEFAULT_LIMIT, Work
from deescalate.rules.proofs._laws import Expected, comes_to, to_test

__all__ = ["Change", "nearest"]


@frozen(kw_only=True)
class Change:
    """A change of some facts that alters a decision.

    Attributes:
        region: What the facts that change must become; the others stay.
        facts: The case after the smallest such change.
        changed: Names of the facts that change, in the table's order.
        distance: How far: one for each fact that changes, and less than one in all for how far
            numbers move, so that fewer facts are always nearer.
        before: The outcome as it is.
        outcome: The outcome after the change.
        given: The case as it is.
    """

    region: Box
    facts: Mapping[str, Any] = field(converter=Outputs)
    changed: tuple[str, ...]
    distance: float
    before: Any
    outcome: Any
    given: Mapping[str, Any] = field(default=Outputs({}), converter=Outputs)

    @property
    def told(self) -> str:
        """The change for the person whose case it is, with how far each number would have to move.

        >>> from deescalate.rules import Number, Rule, Table
        >>> late = Number("days_late", 0, integer=True, unit="days")
        >>> due = Table("due", [late], [Rule("late", late >= 5, "EUR 50")], default="nothing")
        >>> print(nearest(due, {"days_late": 3}).told)
        EUR 50 instead of nothing, had days_late been 2 days more (at least 5 days, not 3 days)
        """
        ways = [_way(test, self.given[test.fact.name]) for test in self.region]
        return f"{self.outcome} instead of {self.before}, had {' and '.join(ways)}"

    def __str__(self) -> str:
        return f"{self.outcome} instead of {self.before}, if {self.region}"


def _way(test: Test, before: object) -> str:
    """How far one fact would have to go, and where it would then be."""
    fact = test.fact
    if not isinstance(fact, Number) or isinstance(fact, Temporal):
        becomes = str(test).removeprefix(f"{fact.name} is ")
        was = str(before).lower()
        if isinstance(fact, Temporal):
            was = fact.said(cast("Real", before))
        return f"{fact.name} been {becomes}, not {was}"
    [stretch] = cast("NumberSet", test.values).stretches
    up = Bound(cast("Real", before)) < stretch.start
    cut = stretch.start if up else stretch.end
    strict = cut.after is up
    bound = cut.value
    if fact.integer and strict:  # whole numbers are cut before the next one
        bound, strict = bound - 1, False
    unit = f" {fact.unit}" if fact.unit else ""
    there, here = _spelled(bound), _spelled(before)
    side = ("above" if strict else "at least") if up else ("below" if strict else "at most")
    way = f"{'more than ' if strict else ''}{abs(there - here):f}{unit} {'more' if up else 'less'}"
    return f"{fact.name} been {way} ({side} {there:f}{unit}, not {here:f}{unit})"


def _spelled(number: object) -> Decimal:
    """A number as a person writes it, so that floats differ by what they seem to."""
    return Decimal(str(number)).normalize() + 0


@frozen(eq=False)
class _Shift:
    """One fact moved to another segment."""

    axis: Axis
    place: int
    mask: int
    move: float


def nearest(
    table: Table,
    facts: Mapping[str, object],
    outcome: Expected | None = None,
    *,
    fixed: Iterable[str] = (),
    limit: int = DEFAULT_LIMIT,
) -> Change | None:
    """Find the smallest change of a case that would alter its decision.

    Args:
        table: The table.
        facts: The case: a value for every fact.
        outcome: What it shall become, as for ``always``; ``None`` for anything else.
        fixed: Names of the facts that cannot be otherwise.
        limit: Combinations looked at before giving up.

    Returns:
        The change of fewest facts, and among those the one in which numbers move least: over the
        width of their domain where it has two ends, else over one more than the way they go.
        ``None`` where no change leads there.

    Raises:
        FactError: A fact is missing or cannot be used.
        HitPolicyError: The case breaks the hit policy as it is.
        WorkLimitError: It would take more work than the limit.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger, waiting = Number("anger", 0, 1), Number("waiting", 0, unit="min")
    >>> rules = [Rule("late", (anger >= 0.5) & (waiting > 30), "supervisor")]
    >>> desk = Table("desk", [anger, waiting], rules, default="agent")
    >>> print(nearest(desk, {"anger": 0.6, "waiting": 20}))
    supervisor instead of agent, if waiting is above 30 min
    """
    known = _measurable(table, table.check_case(facts))
    before = table.decider.resolve(table.mask_of(known))
    if before.conflict:
        names = tuple(table.rules[place].name for place in before.rules)
        raise HitPolicyError(table.name, table.hit_policy.value, names)
    meant = to_test(outcome) if outcome is not None else None
    if meant and comes_to(meant, before.outcome):
        return None

    def reaches(hit: Hit) -> bool:
        if meant is None:
            return not hit.conflict and hit.kind != before.kind
        return comes_to(meant, hit.outcome)

    work = Work(f"nearest of {table.name}", limit)
    kept = {*fixed}
    table.check_names(kept)
    steps = [
        () if axis.fact.name in kept else _shifts(axis, known[axis.fact.name])
        for axis in table.axes
    ]
    for count in range(1, len(table.axes) + 1):
        best: tuple[float, tuple[_Shift, ...], Hit] | None = None
        for mask, move, taken in _changes(table, known, steps, count):
            work.step()
            hit = table.decider.resolve(mask) if best is None or move < best[0] else None
            if hit and reaches(hit):
                best = move, taken, hit
        if best:
            return _change(known, before, *best)
    return None


def _measurable(table: Table, known: dict[str, object]) -> dict[str, object]:
    """Pass facts on, whose distances can be told; refuse decimals of very many digits."""
    for fact in table.facts:
        value = known[fact.name]
        if isinstance(value, Decimal) and is_huge(value):
            allowed = f"{fact.allowed} of at most {MOST_DIGITS} digits"
            raise FactError(fact.name, value, allowed)
    return known


def _shifts(axis: Axis, value: object) -> tuple[_Shift, ...]:
    """The segments a fact can move to, the nearest of those that meet the same boxes."""
    at = axis.place_of(value)
    best: dict[int, _Shift] = {}
    for place, mask in enumerate(axis.masks):
        if mask != axis.masks[at]:
            move = _move(axis, axis.segments[place], value)
            if mask not in best or move < best[mask].move:
                best[mask] = _Shift(axis, place, mask, move)
    return tuple(best.values())


def _move(axis: Axis, segment: ValueSet, value: object) -> float:
    fact = axis.fact
    if not isinstance(fact, Number):
        return 0.0
    [stretch] = cast("NumberSet", segment).stretches
    here = Fraction(cast("Real", value))
    if Bound(cast("Real", value)) < stretch.start:
        way = Fraction(stretch.start.value) - here
    else:
        way = here - Fraction(stretch.end.value) + (1 if fact.integer else 0)
    if fact.low is not None and fact.high is not None:
        return float(way / (Fraction(fact.high) - Fraction(fact.low)))
    return float(way / (way + 1))


def _changes(
    table: Table, known: Mapping[str, object], steps: Sequence[tuple[_Shift, ...]], count: int
) -> Iterator[tuple[int, float, tuple[_Shift, ...]]]:
    """Every way to move so many facts: the boxes met after it, how far, and the steps."""
    stay = [axis.masks[axis.place_of(known[axis.fact.name])] for axis in table.axes]
    everything = (1 << len(table.decider.boxes)) - 1
    for places in combinations(range(len(steps)), count):
        mask = everything
        for place, own in enumerate(stay):
            if place not in places:
                mask &= own
        for taken in product(*(steps[place] for place in places)):
            after = reduce(lambda left, step: left & step.mask, taken, mask)
            yield after, sum(step.move for step in taken), taken


def _change(
    known: Mapping[str, object],
    before: Hit,
    move: float,
    steps: tuple[_Shift, ...],
    hit: Hit,
) -> Change:
    facts = dict(known)
    tests: list[Test] = []
    for step in steps:
        fact, segment = step.axis.fact, step.axis.segments[step.place]
        facts[fact.name] = fact.sample(segment, near=known[fact.name])
        tests.append(Test(fact, segment))
    return Change(
        region=Box(tuple(sorted(tests, key=lambda test: test.fact.name))),
        facts=facts,
        changed=tuple(step.axis.fact.name for step in steps),
        distance=len(steps) + move / (len(steps) + 1),
        before=before.outcome,
        outcome=hit.outcome,
        given=known,
    )
