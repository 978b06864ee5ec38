"""What a new version of a table would change: in which cases, in how many of yours, how far."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any, cast

from attrs import field, frozen

from deescalate.errors import DeescalateError
from deescalate.rules._engine.conditions import Box, Test
from deescalate.rules._engine.facts import Number
from deescalate.rules._engine.matching import Axis, axes_of
from deescalate.rules._engine.plain import Real, exactly
from deescalate.rules._engine.policies import Hit
from deescalate.rules._engine.rules import Outputs, kind_of
from deescalate.rules._engine.sets import Bound, NumberSet
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._changes import (
    Disagreement,
    differences,
    hit_kind,
    moved_box,
    shared_facts,
)
from deescalate.rules.proofs._covering import DEFAULT_LIMIT, Work

__all__ = ["ChangedCase", "Drift", "drift"]


@frozen(kw_only=True)
class ChangedCase:
    """A recorded case that the new version decides otherwise.

    Attributes:
        place: Its place among those recorded, from 0.
        facts: The case.
        before: What the old version says of it, or why it refuses it.
        after: What the new version says.
    """

    place: int
    facts: Mapping[str, Any] = field(converter=Outputs)
    before: Any
    after: Any

    def __str__(self) -> str:
        facts = ", ".join(f"{name} = {value}" for name, value in self.facts.items())
        return f"case {self.place}: {self.before} -> {self.after} ({facts})"


@frozen(kw_only=True)
class Drift:
    """What a new version of a table changes.

    Attributes:
        differences: The kinds of cases that it decides otherwise.
        unchanged: For each of them, what of its example would have to be otherwise for the
            versions to agree, the least of such; ``None`` where they agree nowhere.
        changed: The recorded cases that it decides otherwise.
        recorded: How many cases were recorded.
    """

    differences: tuple[Disagreement, ...]
    unchanged: tuple[Box | None, ...]
    changed: tuple[ChangedCase, ...]
    recorded: int

    def __str__(self) -> str:
        lines: list[str] = []
        for difference, near in zip(self.differences, self.unchanged, strict=True):
            lines.append(str(difference))
            lines.append(f"  unchanged nearest by: {'nowhere' if near is None else near}")
        if not lines:
            lines.append("every case is decided alike")
        count = f"of {self.recorded} recorded cases {len(self.changed)} change"
        return "\n".join((*lines, *([count] if self.recorded else []), *map(str, self.changed)))


def drift(
    old: Table,
    new: Table,
    cases: Iterable[Mapping[str, Any]] = (),
    *,
    most: int = 10,
    limit: int = DEFAULT_LIMIT,
) -> Drift:
    """Tell what a new version of a table would change.

    Args:
        old: The version in use.
        new: The one to come.
        cases: Recorded cases, as for ``Table.decide``; facts may be missing.
        most: Kinds of cases told at most.
        limit: Regions looked at before giving up.

    Returns:
        The kinds of cases that change, each with the nearest way out of it, and the recorded cases
        that do.

    Raises:
        WorkLimitError: It would take more work than the limit.
        TableError: A fact has changed its kind.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> def desk(threshold):
    ...     return Table("desk", [anger], [Rule("hot", anger >= threshold, "senior")])
    >>> print(drift(desk(0.8), desk(0.7), [{"anger": 0.75}, {"anger": 0.9}]))
    anger is from 0.7 to below 0.8: no outcome -> senior (such as anger = 0.7)
      unchanged nearest by: anger is below 0.7
    of 2 recorded cases 1 change
    case 0: no outcome -> senior (anger = 0.75)
    """
    found = differences(old, new, most=most, limit=limit)
    both = _Both(old, new, limit)
    listed = [dict(case) for case in cases]
    changed = [
        ChangedCase(place=place, facts=case, before=before[1], after=after[1])
        for place, case in enumerate(listed)
        if (before := _said(old, case))[0] != (after := _said(new, case))[0]
    ]
    return Drift(
        differences=found,
        unchanged=tuple(both.unchanged(each.facts) for each in found),
        changed=tuple(changed),
        recorded=len(listed),
    )


def _said(table: Table, case: Mapping[str, Any]) -> tuple[object, object]:
    """What a version says of a case, to compare and to tell."""
    names = {fact.name for fact in table.facts}
    try:
        verdict = table.decide({name: value for name, value in case.items() if name in names})
    except DeescalateError as error:
        return str(error), str(error)
    if verdict.outcome is None and verdict.missing:
        options = frozenset(map(kind_of, verdict.possible))
        return options, str(verdict)
    told = "no outcome" if verdict.outcome is None else verdict.outcome
    return hit_kind(table, Hit(verdict.outcome)), told


class _Both:
    """Two versions over the facts that they share."""

    def __init__(self, old: Table, new: Table, limit: int) -> None:
        self.tables = (old, new)
        self.facts = shared_facts(old, new)
        own = [each for table in self.tables for each in table.decider.boxes]
        boxes = [moved_box(each, self.facts) for each in own]
        self.shift = len(old.decider.boxes)
        self.alive = sum(1 << bit for bit, box in enumerate(boxes) if box is not None)
        self.axes = axes_of(tuple(self.facts.values()), [each or Box() for each in boxes])
        self.work = Work(f"differences of {old.name} and {new.name}", limit)

    def agree(self, mask: int) -> bool:
        """Whether the versions come to the same where some boxes are met."""
        old, new = self.tables
        before = old.decider.resolve(mask & (1 << self.shift) - 1)
        after = new.decider.resolve(mask >> self.shift)
        return hit_kind(old, before) == hit_kind(new, after)

    def unchanged(self, facts: Mapping[str, Any]) -> Box | None:
        """What of a case would have to be otherwise for the versions to agree."""
        known = {name: self.facts[name].check(value) for name, value in facts.items()}
        at = [axis.place_of(known[axis.fact.name]) for axis in self.axes]
        for count in range(1, len(at) + 1):
            best: tuple[Fraction | int, Box] | None = None
            for moved in self.moves(at, count):
                self.work.step()
                mask = self.alive
                for axis, place in zip(self.axes, moved, strict=True):
                    mask &= axis.masks[place]
                if self.agree(mask):
                    way = sum(
                        _way(axis, after, known[axis.fact.name])
                        for axis, before, after in zip(self.axes, at, moved, strict=True)
                        if before != after
                    )
                    if best is None or way < best[0]:
                        best = way, self.region(at, moved)
            if best:
                return best[1]
        return None

    def moves(self, at: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
        """Every way to put so many facts into other pieces of their domain."""
        for places in combinations(range(len(at)), count):
            options = [
                [other for other in range(len(axis.masks)) if other != at[place]]
                if place in places
                else [at[place]]
                for place, axis in enumerate(self.axes)
            ]
            yield from product(*options)

    def region(self, at: Sequence[int], moved: Sequence[int]) -> Box:
        """The pieces that facts were put into."""
        tests = [
            Test(axis.fact, axis.segments[after])
            for axis, before, after in zip(self.axes, at, moved, strict=True)
            if before != after
        ]
        return Box(tuple(sorted(tests, key=lambda test: test.fact.name)))


def _way(axis: Axis, place: int, value: object) -> Fraction:
    """How far a fact has to move to lie in a piece of its domain, 0 to 1."""
    if not isinstance(axis.fact, Number):
        return Fraction(1)
    [stretch] = cast("NumberSet", axis.segments[place]).stretches
    here = Bound(cast("Real", value))
    edge = stretch.start if here < stretch.start else stretch.end
    way = abs(Fraction(exactly(here.value)) - Fraction(exactly(edge.value)))
    return way / (way + 1)
