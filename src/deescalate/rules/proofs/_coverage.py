"""How the rules of one table lie over its domain: gaps, overlaps, rules that never decide."""

from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import Any

from attrs import field, frozen

from deescalate.rules._engine.conditions import EVERYTHING, Box, Condition, all_of, within
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.policies import HitPolicy, bits_of
from deescalate.rules._engine.rules import Outputs, Rule, kind_of
from deescalate.rules._engine.sets import NumberSet, ValueSet
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._covering import DEFAULT_LIMIT, Work, covering
from deescalate.rules.proofs._laws import never, witness_of
from deescalate.rules.proofs._search import Search, Witness, sample_of, such_as

__all__ = [
    "DeadRule",
    "Merge",
    "Overlap",
    "can_merge",
    "dead_rules",
    "gaps",
    "overlaps",
    "unreachable",
]


@frozen(kw_only=True)
class Overlap:
    """Cases in which two rules match.

    Attributes:
        rules: Names of the two, in the table's order.
        regions: The cases; where a condition says or, two regions may share some.
        facts: One of the cases, from the first region.
        conflict: Whether the rules give different outcomes.
    """

    rules: tuple[str, str]
    regions: tuple[Box, ...]
    facts: Mapping[str, Any] = field(converter=Outputs)
    conflict: bool

    @property
    def region(self) -> Box:
        """The first of the regions."""
        return self.regions[0]

    def __str__(self) -> str:
        verb = "disagree" if self.conflict else "both match"
        cases = ", or ".join(map(str, self.regions))
        return f"{self.rules[0]} and {self.rules[1]} {verb}: {cases}{such_as(self.facts)}"


@frozen(kw_only=True)
class DeadRule:
    """A rule that decides no case.

    Attributes:
        rule: Its name.
        hidden_by: Names of the rules that together decide every case it matches; empty where it
            matches none at all.
    """

    rule: str
    hidden_by: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.hidden_by:
            return f"{self.rule} matches nothing"
        return f"{self.rule} is always outranked by {', '.join(self.hidden_by)}"


@frozen(kw_only=True)
class Merge:
    """Two rules that can be one.

    Attributes:
        rules: Names of the two, in the table's order.
        when: The condition of the one.
    """

    rules: tuple[str, str]
    when: Condition

    def __str__(self) -> str:
        return f"{self.rules[0]} and {self.rules[1]} can be one rule: {self.when}"


def gaps(table: Table, *, most: int = 10, limit: int = DEFAULT_LIMIT) -> tuple[Witness, ...]:
    """Find the cases that no rule matches.

    Args:
        table: The table. Its default, if it has one, decides these cases.
        most: Regions given at most.
        limit: Regions looked at before giving up.

    Returns:
        Regions that do not overlap; fewer than ``most`` are all there is. Empty: no gap.

    Raises:
        WorkLimitError: It would take more work than the limit.

    >>> from deescalate.rules import Number, Rule, Table
    >>> contacts = Number("contacts", 0, integer=True)
    >>> rules = [Rule("few", contacts < 3, "agent"), Rule("many", contacts > 5, "senior")]
    >>> print(*gaps(Table("desk", [contacts], rules)))
    contacts is from 3 to 5: no outcome (such as contacts = 3)
    """
    search = Search(table.axes, f"gaps of {table.name}", limit)
    found = search.uncovered((1 << len(table.decider.boxes)) - 1)
    return tuple(witness_of(table, each.region) for each in islice(found, most))


def overlaps(table: Table, *, most: int = 100) -> tuple[Overlap, ...]:
    """Find the pairs of rules that match together somewhere.

    Args:
        table: The table.
        most: Pairs given at most, in the order of the table.

    Returns:
        One overlap a pair; fewer than ``most`` are all there is.

    Raises:
        WorkLimitError: Two conditions say or so often that they share too many regions.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> rules = [Rule("low", anger <= 0.5, "agent"), Rule("high", anger >= 0.5, "senior")]
    >>> print(*overlaps(Table("desk", [anger], rules)))
    low and high disagree: anger is 0.5 (such as anger = 0.5)
    """
    return tuple(islice(_overlaps(table), most))


def _overlaps(table: Table) -> Iterator[Overlap]:
    decider = table.decider
    axes = {axis.fact.name: axis for axis in table.axes}
    spans = _spans(table.axes, len(decider.boxes))
    for place, rule in enumerate(table.rules):
        partners: set[int] = set()
        for bit in bits_of(decider.wide[place]):
            touching = decider.everything
            for test in decider.boxes[bit]:
                touching &= spans[test.fact.name][bit] | axes[test.fact.name].idle
            partners |= {decider.owners[other] for other in bits_of(touching)}
        for owner in sorted(partner for partner in partners if partner > place):
            other = table.rules[owner]
            regions = (rule.when & other.when).boxes
            yield Overlap(
                rules=(rule.name, other.name),
                regions=regions,
                facts=sample_of(table.facts, regions[0]),
                conflict=kind_of(rule.then) != kind_of(other.then),
            )


def _spans(axes: tuple[Axis, ...], count: int) -> dict[str, list[int]]:
    """For each fact and box, every box that shares a segment with it."""
    spans: dict[str, list[int]] = {}
    for axis in axes:
        shared = [0] * count
        for mask in axis.masks:
            for bit in bits_of(mask & ~axis.idle):
                shared[bit] |= mask
        spans[axis.fact.name] = shared
    return spans


def dead_rules(table: Table, *, limit: int = DEFAULT_LIMIT) -> tuple[DeadRule, ...]:
    """Find the rules that decide no case.

    Args:
        table: The table.
        limit: Regions looked at for each rule before giving up.

    Returns:
        Rules that match nothing, and those that are outranked wherever they match, be it by one
        rule or only by several together. Where nothing is ranked, only the former.

    Raises:
        WorkLimitError: It would take more work than the limit.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> rules = [
    ...     Rule("low", anger <= 0.5, "agent"),
    ...     Rule("high", anger >= 0.4, "senior"),
    ...     Rule("middle", anger.between(0.3, 0.6), "lead"),
    ... ]
    >>> print(*dead_rules(Table("desk", [anger], rules, "first")))
    middle is always outranked by low, high
    """
    found = (_dead(table, place, rule, limit) for place, rule in enumerate(table.rules))
    return tuple(each for each in found if each is not None)


def _dead(table: Table, place: int, rule: Rule, limit: int) -> DeadRule | None:
    decider = table.decider
    own = decider.wide[place]
    if not own:
        return DeadRule(rule=rule.name)
    if not decider.policy.ranks:
        return None
    better = decider.upto[decider.ranks[place]]
    better &= ~sum(
        bits for other, bits in decider.wide.items() if decider.ranks[other] == decider.ranks[place]
    )
    work = Work(f"dead rules of {table.name}", limit)

    def hiding(by: int) -> int | None:
        """Boxes of ``by`` that are enough to hide the rule; ``None`` where all are not."""
        used = 0
        for bit in bits_of(own):
            covers = covering(table.axes, by, 1 << bit, work)
            if covers is None:
                return None
            used |= covers
        return used

    needed = hiding(better)
    if needed is None:
        return None
    for other in reversed(decider.owners_of(needed)):
        fewer = hiding(needed & ~decider.wide[other])
        needed = needed if fewer is None else fewer
    names = tuple(table.rules[each].name for each in decider.owners_of(needed))
    return DeadRule(rule=rule.name, hidden_by=names)


def unreachable(table: Table, *, limit: int = DEFAULT_LIMIT) -> tuple[Any, ...]:
    """Find the outcomes that no case comes to.

    Args:
        table: The table.
        limit: Regions looked at before giving up; where the hit policy adds up or counts, for each
            outcome.

    Returns:
        Those that no case reaches of what its rules give, its default and the outcomes it states;
        where the hit policy adds up or counts, of its default and the outcomes it states. Where
        it lists, an outcome is reached that stands in some list.

    Raises:
        WorkLimitError: It would take more work than the limit.

    >>> from deescalate.rules import EVERYTHING, Flag, Rule, Table
    >>> lost = Flag("lost")
    >>> rules = [Rule("lost", lost.is_true(), "refund"), Rule("other", EVERYTHING, "apology")]
    >>> unreachable(Table("desk", [lost], rules, "first", default="nothing"))
    ('nothing',)
    """
    totals = table.hit_policy.totals
    stated = [] if totals else [rule.then for rule in table.rules]
    stated += [] if table.default is None else [table.default]
    stated += table.outcomes if isinstance(table.outcomes, tuple) else ()
    distinct = {kind_of(each): each for each in stated}
    if totals:
        return tuple(
            each
            for each in distinct.values()
            if not never(table, EVERYTHING, each, most=1, limit=limit)
        )
    work = Work(f"outcomes of {table.name}", limit)
    return tuple(each for kind, each in distinct.items() if not _is_reached(table, kind, work))


def _is_reached(table: Table, kind: object, work: Work) -> bool:
    decider = table.decider
    everything = (1 << len(decider.boxes)) - 1
    own = decider.same.get(kind, 0)
    for bit in bits_of(own):
        rivals = everything & ~own
        if decider.policy.lists:
            return True
        if decider.policy.ranks:
            rivals &= decider.upto[decider.ranks[decider.owners[bit]]]
        elif decider.policy is HitPolicy.UNIQUE:
            rivals = everything & ~decider.wide[decider.owners[bit]]
        if covering(table.axes, rivals, 1 << bit, work) is None:
            return True
    if table.default is None or kind_of(table.default) != kind:
        return False
    return covering(table.axes, everything, 0, work) is None


def can_merge(table: Table) -> tuple[Merge, ...]:
    """Find pairs of rules that could be one without changing any outcome.

    Args:
        table: The table.

    Returns:
        Pairs with the same outcome and reason whose conditions differ in one fact only, and that
        no rule between them keeps apart. Reasons aside, the table decides as before.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> rules = [Rule("warm", anger.between(0.5, 0.7, closed="left"), "senior")]
    >>> rules += [Rule("hot", anger >= 0.7, "senior")]
    >>> print(*can_merge(Table("desk", [anger], rules)))
    warm and hot can be one rule: anger is at least 0.5
    """
    groups: dict[object, list[int]] = {}
    for place, rule in enumerate(table.rules):
        if len(rule.when.boxes) == 1:
            for test in rule.when.boxes[0]:
                others = tuple(each for each in rule.when.boxes[0] if each != test)
                key = kind_of(rule.then), rule.because, test.fact.name, others
                groups.setdefault(key, []).append(place)
    pairs = sorted({pair for places in groups.values() for pair in combinations(places, 2)})
    found = (_merge(table, one, other) for one, other in pairs)
    return tuple(each for each in found if each is not None)


def _merge(table: Table, one: int, other: int) -> Merge | None:
    first, second = table.rules[one], table.rules[other]
    [a], [b] = first.when.boxes, second.when.boxes
    if not _may_move(table, one, other) or (a.meet(b) and not _may_meet(table.hit_policy)):
        return None
    when = first.when
    for test in a:
        own, its = test.values, b.of(test.fact)
        if own != its:
            if _parts(own | its) >= _parts(own) + _parts(its):
                return None
            others = (within(each.fact, each.values, each.written) for each in a if each != test)
            when = all_of(*others, within(test.fact, own | its))
    return Merge(rules=(first.name, second.name), when=when)


def _parts(values: ValueSet) -> int:
    return len(values.stretches) if isinstance(values, NumberSet) else 1


def _may_meet(policy: HitPolicy) -> bool:
    """Whether two rules of one outcome that both match count no more than one."""
    return policy.ranks or policy is HitPolicy.ANY


def _may_move(table: Table, one: int, other: int) -> bool:
    """Whether the later rule may stand where the earlier one does."""
    if table.hit_policy not in (HitPolicy.FIRST, HitPolicy.RULE_ORDER):
        return True
    moved = table.rules[other]
    return not any(
        kind_of(between.then) != kind_of(moved.then) and (between.when & moved.when).boxes
        for between in table.rules[one + 1 : other]
    )
