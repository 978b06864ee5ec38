"""Facts joined: from the segments that a case lies in, fact after fact, straight to the answer.

A joint is a diagram whose nodes are the boxes that the facts asked so far leave possible. Each
fact is one step, an index into a tuple, so a case is decided without comparing it with a rule.
Facts are joined, those of few segments first, as long as the diagram stays small; what the others
leave possible is told by their masks.
"""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from deescalate.rules._engine.facts import Choice, Number
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.policies import Decider

__all__ = ["Joint", "join", "shelf_of"]

MOST_STEPS = 8192
"""Steps between nodes that a joint may have (ours: some milliseconds to draw, once)."""


@frozen(eq=False)
class Joint:
    """A table's facts, some of them joined.

    Attributes:
        joined: The axes of facts that are joined, in the order of the steps.
        apart: The axes of the others.
        root: Where the steps begin. A node is a shelf, see ``shelf_of``; what stands on those of
            the last step is answers, where every fact is joined, else the boxes left, as bits.
        whole: Whether every fact is joined, and every case has an answer.
    """

    joined: tuple[Axis, ...]
    apart: tuple[Axis, ...]
    root: Any
    whole: bool


def join(
    axes: Sequence[Axis],
    decider: Decider,
    answer: Callable[[int], object],
    *,
    most: int = MOST_STEPS,
) -> Joint:
    """Join as many facts as a diagram of modest size can hold.

    Args:
        axes: The facts, cut by every box.
        decider: The table's hit policy at work.
        answer: What comes of the boxes that a case lies in; ``None`` for no answer.
        most: Steps that the diagram may have.

    Returns:
        The joint; it has no steps where there are no facts.
    """
    order = sorted(axes, key=lambda axis: len(axis.masks))
    idle = [-1]
    for axis in reversed(order):
        idle.insert(0, idle[0] & axis.idle)
    levels: list[list[list[int]]] = []
    nodes = [(1 << len(decider.boxes)) - 1]
    steps = 0
    for axis, later in zip(order, idle[1:], strict=True):
        steps += len(nodes) * len(axis.masks)
        if steps > most:
            break
        level, nodes = _step(axis, nodes, decider, later)
        levels.append(level)
    count = len(levels)
    below: list[Any] = [answer(node) for node in nodes] if count == len(order) else nodes
    whole = count == len(order) and None not in below
    for axis, level in zip(reversed(order[:count]), reversed(levels), strict=True):
        below = [shelf_of(axis, [below[place] for place in places]) for places in level]
    return Joint(tuple(order[:count]), tuple(order[count:]), below[0], whole)


def _step(
    axis: Axis, nodes: Sequence[int], decider: Decider, idle: int
) -> tuple[list[list[int]], list[int]]:
    """Where each segment leads from each node, and the nodes that are led to."""
    places: dict[int, int] = {}
    seen: dict[int, int] = {}
    level: list[list[int]] = []
    for node in nodes:
        level.append([])
        for mask in axis.masks:
            met = mask & node
            if met not in seen:
                pruned = decider.prune(met, met & idle)
                seen[met] = places.setdefault(pruned, len(places))
            level[-1].append(seen[met])
    return level, list(places)


def shelf_of(axis: Axis, things: Sequence[Any]) -> Any:
    """Lay things out by segment, so that finding one takes a single index.

    Args:
        axis: The fact.
        things: One for each of its segments.

    Returns:
        A mapping from the options of a choice; a pair for a flag; for a number a tuple over its
        segments, counted from 1, with ``None`` before and behind for what lies outside.
    """
    if isinstance(axis.fact, Choice):
        return dict(zip(axis.fact.options, things, strict=True))
    return (None, *things, None) if isinstance(axis.fact, Number) else tuple(things)
