"""What more of one fact does to the outcome."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, islice, pairwise
from operator import ge, le
from typing import Any

from attrs import evolve, field, frozen

from deescalate.errors import SettingError, nearest_name, quoted
from deescalate.rules._engine.conditions import Box
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.plain import exactly
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Outputs, kind_of
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._covering import DEFAULT_LIMIT, Work, covering
from deescalate.rules.proofs._search import Search, sample_of, such_as

__all__ = ["Reversal", "is_monotone"]

_Compares = Callable[[Any, Any], bool]


@frozen(kw_only=True)
class Reversal:
    """Cases in which more of a fact gives less of an outcome.

    Attributes:
        region: What the other facts are in these cases.
        lower: One case.
        higher: The same with more of the fact.
        before: The outcome of the one.
        after: The outcome of the other, which comes earlier in the order.
    """

    region: Box
    lower: Mapping[str, Any] = field(converter=Outputs)
    higher: Mapping[str, Any] = field(converter=Outputs)
    before: Any
    after: Any

    def __str__(self) -> str:
        steps = [
            f"{name} {value} -> {self.higher[name]}"
            for name, value in self.lower.items()
            if value != self.higher[name]
        ]
        same = {name: value for name, value in self.lower.items() if value == self.higher[name]}
        return f"{', '.join(steps)}: {self.before} -> {self.after}{such_as(same) if same else ''}"


def is_monotone(
    table: Table,
    fact: str,
    order: Sequence[Any] | Callable[[Any], Any] | None = None,
    *,
    most: int = 3,
    limit: int = DEFAULT_LIMIT,
) -> tuple[Reversal, ...]:
    """Prove that more of a fact never gives less of an outcome, or show where it does.

    Args:
        table: The table.
        fact: The name of the fact. Choices rise in the order of their options, flags from false
            to true.
        order: The outcomes from low to high, or a function from an outcome to something that
            compares; ``None`` where outcomes are numbers.
        most: Pairs of cases given at most.
        limit: Regions looked at before giving up.

    Returns:
        Pairs of cases that differ in the one fact, with a falling outcome. Empty: it is proved.
        Cases without an outcome are compared with nothing. To prove that an outcome never rises,
        turn the order round.

    Raises:
        WorkLimitError: It would take more work than the limit.
        SettingError: The fact is not declared, or an outcome is not in the order.

    >>> from deescalate.rules import Number, Rule, Table
    >>> km = Number("km", 0)
    >>> rules = [Rule("near", km <= 3500, 400), Rule("far", km > 3500, 300)]
    >>> print(*is_monotone(Table("delay", [km], rules), "km"))
    km 0 -> 3501: 400 -> 300
    """
    names = [each.name for each in table.facts]
    if fact not in names:
        near = nearest_name(fact, names)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise SettingError("fact", fact, f"one of {', '.join(map(quoted, names))}{hint}")
    ranked = _ranked(table, order)
    [along] = [axis for axis in table.axes if axis.fact.name == fact]
    work = Work(f"monotony of {table.name} in {fact}", limit)
    turns = _turns(table, along, ranked, work)
    if _is_ordered(table, ranked, ge):
        turns = _turns_by_rank(table, along, ranked, ge, work)
    elif _is_ordered(table, ranked, le):
        # The lowest outcome wins: seen from the other end of the fact, the highest does.
        ends = evolve(along, masks=along.masks[::-1], segments=along.segments[::-1])
        turns = map(_seen_from_below, _turns_by_rank(table, ends, ranked, le, work))
    return tuple(islice(turns, most))


def _ranked(
    table: Table, order: Sequence[Any] | Callable[[Any], Any] | None
) -> Callable[[Any], Any]:
    outcomes = [rule.then for rule in table.rules]
    outcomes += [] if table.default is None else [table.default]
    if callable(order):
        return order
    if order is None:
        for each in () if table.hit_policy.totals else outcomes:
            if table.hit_policy.lists or isinstance(each, bool | str | Outputs):
                raise SettingError(
                    "order", order, "the outcomes from low to high: they are no numbers"
                )
        return exactly
    places = {kind_of(each): place for place, each in enumerate(order)}
    for each in outcomes:
        if table.hit_policy.lists or table.hit_policy.totals or kind_of(each) not in places:
            reason = f"every outcome of the table from low to high, {quoted(each)} among them"
            raise SettingError("order", order, reason)
    return lambda outcome: places[kind_of(outcome)]


def _steps(table: Table, along: Axis) -> Iterator[tuple[int, int]]:
    """Pairs of segments to compare: neighbours, but where silence may lie between them, all."""
    silent = table.decider.default.outcome is None
    silent = silent or table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY)
    places = range(len(along.masks))
    for low, high in combinations(places, 2) if silent else pairwise(places):
        if along.masks[low] != along.masks[high]:
            yield low, high


def _is_ordered(table: Table, ranked: Callable[[Any], Any], as_much: _Compares) -> bool:
    """Whether a rule that outranks another gives as much, and the default never gives more."""
    if not table.hit_policy.ranks:
        return False
    best_first = sorted(
        zip(table.decider.ranks, table.rules, strict=True), key=lambda each: each[0]
    )
    given = [ranked(rule.then) for _, rule in best_first]
    given += [] if table.default is None else [ranked(table.default)]
    return all(as_much(one, other) for one, other in pairwise(given))


def _turns_by_rank(
    table: Table, along: Axis, ranked: Callable[[Any], Any], as_much: _Compares, work: Work
) -> Iterator[Reversal]:
    """Where more of a fact leads out of a box, and no other box gives as much.

    That is all there is to ask of a table whose highest outcome wins, and most boxes are open
    upwards and need no proof at all.
    """
    decider = table.decider
    everything = (1 << len(decider.boxes)) - 1
    values = [ranked(decider.rules[owner].then) for owner in decider.owners]
    least = None if table.default is None else ranked(table.default)
    for bit, value in enumerate(values):
        if value == least:
            continue
        marked = 1 << len(values)
        risen = _marked(along, bit, marked, above=True)
        if risen.masks == along.masks:
            continue
        enough = sum(1 << other for other, its in enumerate(values) if as_much(its, value))
        axes = [
            risen if axis.fact is along.fact else _marked(axis, bit, marked, above=False)
            for axis in table.axes
        ]
        if covering(axes, enough, marked, work) is not None:
            continue
        search = Search(axes, work.task, work.limit)
        search.work = work
        settle = partial(_is_less, enough, silent=table.default is None)
        lower = along.segments[next(at for at, mask in enumerate(along.masks) if mask >> bit & 1)]
        for found in search.run(settle, boxes=everything, inside=marked):
            higher = sample_of(table.facts, found.region)
            yield _turn(
                table, along, found.region, {along.fact.name: along.fact.sample(lower)}, higher
            )


def _marked(axis: Axis, bit: int, mark: int, *, above: bool) -> Axis:
    """The axis with a mark on what lies in a box, or outside it and above its beginning."""
    inside = [bool(mask >> bit & 1) for mask in axis.masks]
    chosen = inside
    if above:
        first = inside.index(True)
        chosen = [place > first and not own for place, own in enumerate(inside)]
    masks = tuple(
        mask | mark if own else mask for mask, own in zip(axis.masks, chosen, strict=True)
    )
    return evolve(axis, masks=masks)


def _is_less(enough: int, possible: int, certain: int, *, silent: bool) -> object:
    """Whether no box gives enough, but something is given."""
    if certain & enough:
        return False
    if possible & enough:
        return None
    if not silent or certain:
        return True
    return None if possible else False


def _seen_from_below(turn: Reversal) -> Reversal:
    """The same turn where the fact was gone through from its other end."""
    return evolve(turn, lower=turn.higher, higher=turn.lower, before=turn.after, after=turn.before)


def _turn(
    table: Table, along: Axis, region: Box, down: Mapping[str, object], higher: Mapping[str, object]
) -> Reversal:
    lower = {**higher, **down}
    before, after = (
        table.decider.resolve(table.mask_of(facts)).outcome for facts in (lower, higher)
    )
    others = Box(tuple(test for test in region if test.fact.name != along.fact.name))
    return Reversal(region=others, lower=lower, higher=higher, before=before, after=after)


def _turns(
    table: Table, along: Axis, ranked: Callable[[Any], Any], work: Work
) -> Iterator[Reversal]:
    decider = table.decider
    shift = len(decider.boxes)
    lower = (1 << shift) - 1

    def settle(possible: int, certain: int) -> object:
        if possible & lower == possible >> shift:
            return False
        before = decider.settle(possible & lower, certain & lower)
        after = before and decider.settle(possible >> shift, certain >> shift)
        if before is None or after is None:
            return None
        if before.outcome is None or after.outcome is None:
            return False
        return (before, after) if ranked(after.outcome) < ranked(before.outcome) else False

    others = [_doubled(axis, shift) for axis in table.axes if axis is not along]
    facts = [axis.fact for axis in others]
    search = Search(others, work.task, work.limit)
    for low, high in _steps(table, along):
        boxes = along.masks[low] | along.masks[high] << shift
        for found in search.run(settle, boxes=boxes):
            case = sample_of(facts, found.region)
            ends = [along.fact.sample(along.segments[place]) for place in (low, high)]
            yield Reversal(
                region=found.region,
                lower={along.fact.name: ends[0], **case},
                higher={along.fact.name: ends[1], **case},
                before=found.value[0].outcome,
                after=found.value[1].outcome,
            )


def _doubled(axis: Axis, shift: int) -> Axis:
    """The axis with every box there twice, for the one case and for the other."""
    masks = tuple(mask | mask << shift for mask in axis.masks)
    return evolve(axis, masks=masks, idle=axis.idle | axis.idle << shift)
