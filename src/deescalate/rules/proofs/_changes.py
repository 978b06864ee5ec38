"""What a change of a table does: the cases that its two versions decide differently."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, cast

from attrs import evolve, field, frozen

from deescalate.errors import TableError, quoted
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.conditions import Box, Fact, Test
from deescalate.rules._engine.facts import Choice, Number
from deescalate.rules._engine.matching import axes_of
from deescalate.rules._engine.plain import exactly
from deescalate.rules._engine.policies import Decider, Hit, HitPolicy
from deescalate.rules._engine.rules import Outputs, kind_of
from deescalate.rules._engine.sets import union
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._covering import DEFAULT_LIMIT
from deescalate.rules.proofs._search import Found, Search, sample_of, such_as

__all__ = ["Disagreement", "differences", "hit_kind", "moved_box", "shared_facts"]


@frozen(kw_only=True)
class Disagreement:
    """Cases that two versions of a table decide differently.

    Attributes:
        region: The cases.
        facts: One of them.
        before: What the old version says of them; ``None`` where it says nothing.
        after: What the new version says of them.
        rules_before: Names of the old rules that decide the one case.
        rules_after: Names of the new rules that do.
    """

    region: Box
    facts: Mapping[str, Any] = field(converter=Outputs)
    before: Any
    after: Any
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.region}: {_said(self.before)} -> {_said(self.after)}{such_as(self.facts)}"


def _said(outcome: object) -> str:
    return "no outcome" if outcome is None else str(outcome)


def differences(
    old: Table, new: Table, *, most: int = 100, limit: int = DEFAULT_LIMIT
) -> tuple[Disagreement, ...]:
    """Find the cases that two versions of a table decide differently.

    Args:
        old: The one version.
        new: The other. A fact that only one declares may take any value; of a fact whose domain
            has changed, the values that both allow are compared.
        most: Regions given at most.
        limit: Regions looked at before giving up.

    Returns:
        Regions that do not overlap; fewer than ``most`` are all there is. Empty: the two decide
        every case alike. A case that breaks the hit policy counts as having no outcome. Lists
        from ``collect`` are compared without their order.

    Raises:
        WorkLimitError: It would take more work than the limit.
        TableError: A fact has changed its kind, or no value of it is allowed in both.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> def desk(threshold):
    ...     rules = [Rule("hot", anger >= threshold, "supervisor")]
    ...     return Table("desk", [anger], rules, default="agent")
    >>> print(*differences(desk(0.8), desk(0.7)))
    anger is from 0.7 to below 0.8: agent -> supervisor (such as anger = 0.7)
    """
    facts = shared_facts(old, new)
    boxes = [[moved_box(box, facts) for box in table.decider.boxes] for table in (old, new)]
    shift = len(boxes[0])
    lower = (1 << shift) - 1
    alive = sum(1 << bit for bit, box in enumerate([*boxes[0], *boxes[1]]) if box is not None)
    axes = axes_of(tuple(facts.values()), [box or Box() for box in (*boxes[0], *boxes[1])])
    changed = _changed(old, new)

    def settle(possible: int, certain: int) -> object:
        if not possible & changed and changed != -1:
            return False
        before = old.decider.settle(possible & lower, certain & lower)
        after = new.decider.settle(possible >> shift, certain >> shift) if before else None
        if before is None or after is None:
            return None
        return (before, after) if hit_kind(old, before) != hit_kind(new, after) else False

    def prune(possible: int, certain: int) -> int:
        kept = old.decider.prune(possible & lower, certain & lower)
        return kept | new.decider.prune(possible >> shift, certain >> shift) << shift

    search = Search(axes, f"differences of {old.name} and {new.name}", limit, prune, changed)
    found = islice(search.run(settle, boxes=alive), most * 20)
    merged = _merged(found, lambda value: tuple(hit_kind(old, hit) for hit in value))
    return tuple(_difference(old, new, tuple(facts.values()), each) for each in merged[:most])


def _difference(old: Table, new: Table, facts: Sequence[Fact], found: Found) -> Disagreement:
    before: Hit = found.value[0]
    after: Hit = found.value[1]
    return Disagreement(
        region=found.region,
        facts=sample_of(facts, found.region),
        before=before.outcome,
        after=after.outcome,
        rules_before=tuple(old.rules[place].name for place in before.rules),
        rules_after=tuple(new.rules[place].name for place in after.rules),
    )


def hit_kind(table: Table, hit: Hit) -> object:
    """What makes two hits the same decision of versions of a table."""
    if hit.conflict:
        return kind_of(None)
    if table.hit_policy is HitPolicy.COLLECT and isinstance(hit.outcome, tuple):
        return frozenset(Counter(map(kind_of, hit.outcome)).items())
    return kind_of(hit.outcome)


def shared_facts(old: Table, new: Table) -> dict[str, Fact]:
    """The facts of two versions, with the values that both allow."""
    facts = {fact.name: fact for fact in new.facts}
    for fact in old.facts:
        facts[fact.name] = _shared(fact, facts.get(fact.name, fact))
    return facts


def _shared(old: Fact, new: Fact) -> Fact:
    if old == new:
        return new
    place = f"fact {quoted(new.name)}"
    if type(old) is not type(new) or _time_of(old) != _time_of(new):
        raise TableError(place, "it has changed its kind, so the versions cannot be compared")
    if isinstance(old, Choice) and isinstance(new, Choice):
        both = [each for each in new.options if each in old.options]
        if not both:
            raise TableError(place, "the versions share none of its options")
        return Choice(new.name, both)
    return _shared_number(cast("Number", old), cast("Number", new))


def _time_of(fact: Fact) -> object:
    return (fact.kind, fact.zoned) if isinstance(fact, Temporal) else None


def _shared_number(old: Number, new: Number) -> Number:
    lows = [each for each in (old.low, new.low) if each is not None]
    highs = [each for each in (old.high, new.high) if each is not None]
    low, high = max(lows, default=None, key=exactly), min(highs, default=None, key=exactly)
    if isinstance(new, Temporal):
        return Temporal(new.name, low, high, kind=new.kind, zoned=new.zoned)
    return evolve(
        new,
        low=low,
        high=high,
        integer=old.integer or new.integer,
        decimal=old.decimal or new.decimal,
    )


def moved_box(box: Box, facts: Mapping[str, Fact]) -> Box | None:
    """The box in the shared domain; ``None`` where nothing of it is left."""
    tests: list[Test] = []
    for test in box:
        fact = facts[test.fact.name]
        values = fact.clip(test.values)
        if not values:
            return None
        if values != fact.domain:
            tests.append(Test(fact, values))
    return Box(tuple(tests))


def _changed(old: Table, new: Table) -> int:
    """The boxes of rules that are not the same in both; -1 where more than rules has changed."""
    same_frame = (old.hit_policy, old.outcomes, kind_of(old.default)) == (
        new.hit_policy,
        new.outcomes,
        kind_of(new.default),
    )
    if not same_frame:
        return -1
    keys = [
        [(_shape(rule.when.boxes), kind_of(rule.then)) for rule in each.rules]
        for each in (old, new)
    ]
    if old.hit_policy in (HitPolicy.FIRST, HitPolicy.RULE_ORDER):
        kept_old, kept_new = _in_order(*keys)
    else:
        kept_old, kept_new = _in_any_order(*keys)
    return _rest(old.decider, kept_old) | _rest(new.decider, kept_new) << len(old.decider.boxes)


def _shape(boxes: tuple[Box, ...]) -> object:
    return tuple(tuple((test.fact.name, test.values) for test in box) for box in boxes)


def _in_order(old: list[Any], new: list[Any]) -> tuple[set[int], set[int]]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    return {a for a, _ in pairs}, {b for _, b in pairs}


def _in_any_order(old: list[Any], new: list[Any]) -> tuple[set[int], set[int]]:
    waiting: dict[Any, list[int]] = {}
    for place, key in enumerate(new):
        waiting.setdefault(key, []).append(place)
    kept_old: set[int] = set()
    kept_new: set[int] = set()
    for place, key in enumerate(old):
        if waiting.get(key):
            kept_old.add(place)
            kept_new.add(waiting[key].pop())
    return kept_old, kept_new


def _rest(decider: Decider, kept: set[int]) -> int:
    return sum(bits for place, bits in decider.wide.items() if place not in kept)


def _merged(found: Iterator[Found], key: Callable[[Any], object]) -> list[Found]:
    """Join regions with the same answer that differ in one fact only, until none are left."""
    regions = list(found)
    count = -1
    while count != len(regions):
        count = len(regions)
        names = sorted({test.fact.name for each in regions for test in each.region})
        for name in names:
            regions = _merged_along(name, regions, key)
    return regions


def _merged_along(name: str, regions: list[Found], key: Callable[[Any], object]) -> list[Found]:
    groups: dict[object, list[Found]] = {}
    for each in regions:
        others = tuple(test for test in each.region if test.fact.name != name)
        groups.setdefault((key(each.value), others), []).append(each)
    return [_one(name, group) for group in groups.values()]


def _one(name: str, group: list[Found]) -> Found:
    if len(group) == 1:
        return group[0]
    [*kept] = [test for test in group[0].region if test.fact.name != name]
    own = [test for each in group for test in each.region if test.fact.name == name]
    values = own[0].fact.clip(union([test.values for test in own]))
    if values != own[0].fact.domain:
        kept = sorted([*kept, Test(own[0].fact, values)], key=lambda test: test.fact.name)
    return Found(Box(tuple(kept)), group[0].value)
