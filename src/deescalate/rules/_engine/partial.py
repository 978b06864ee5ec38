"""Deciding with facts missing: what is still possible, and which facts can still change it.

The table, as a function of the missing facts, is drawn as a reduced decision diagram: its leaves
are the outcomes that some completion reaches, its nodes the facts that can change the outcome.
"""

from collections.abc import Sequence

from attrs import frozen

from deescalate.errors import WorkLimitError
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.policies import Decider, Hit

__all__ = ["Outlook", "look_ahead"]

MOST_NODES = 200_000
"""Nodes drawn before giving up (ours: about a second of work)."""


@frozen
class Outlook:
    """What the missing facts leave open.

    Attributes:
        hits: One hit for each different decision that some completion reaches.
        facts: Names of the missing facts that can change the decision, in the table's order.
        sure: Rules that match in every completion, by their place in the table.
    """

    hits: tuple[Hit, ...]
    facts: tuple[str, ...]
    sure: tuple[int, ...]


def look_ahead(
    decider: Decider, mask: int, axes: Sequence[Axis], *, table: str, limit: int = MOST_NODES
) -> Outlook:
    """Find what the missing facts leave open.

    Args:
        decider: The table's hit policy at work.
        mask: The boxes that the known facts allow.
        axes: The axes of the missing facts.
        table: The table's name, for the message.
        limit: Nodes drawn before giving up.

    Raises:
        WorkLimitError: The diagram needs more nodes.
    """
    diagram = _Diagram(decider, mask, axes, table=table, limit=limit)
    root = diagram.draw(0, mask)
    hits, names = diagram.reached(root)
    sure = tuple(
        rule for rule in decider.owners_of(mask) if diagram.is_sure(mask & decider.wide[rule])
    )
    return Outlook(hits, tuple(axis.fact.name for axis in axes if axis.fact.name in names), sure)


class _Diagram:
    __slots__ = (
        "axes",
        "decider",
        "drawn",
        "hits",
        "idle",
        "kinds",
        "limit",
        "nodes",
        "places",
        "table",
    )

    def __init__(
        self, decider: Decider, mask: int, axes: Sequence[Axis], *, table: str, limit: int
    ) -> None:
        self.decider = decider
        self.axes = sorted(axes, key=lambda axis: (mask & ~axis.idle).bit_count(), reverse=True)
        self.table, self.limit = table, limit
        self.idle = [-1]
        for axis in reversed(self.axes):
            self.idle.insert(0, self.idle[0] & axis.idle)
        self.hits: list[Hit] = []
        self.kinds: dict[object, int] = {}
        self.nodes: list[tuple[int, tuple[int, ...]]] = []
        self.places: dict[tuple[int, tuple[int, ...]], int] = {}
        self.drawn: dict[tuple[int, int], int] = {}

    def draw(self, level: int, possible: int) -> int:
        """The node of what is left: 0 and more for nodes, below for leaves."""
        certain = possible & self.idle[level]
        possible = self.decider.prune(possible, certain)
        key = level, possible
        known = self.drawn.get(key)
        if known is None:
            known = self.drawn[key] = self._new(level, possible, possible & certain)
        return known

    def _new(self, level: int, possible: int, certain: int) -> int:
        hit = self.decider.settle(possible, certain)
        if hit is not None:
            return self._leaf(hit)
        if len(self.drawn) > self.limit:
            raise WorkLimitError(f"deciding `{self.table}` with facts missing", self.limit, "nodes")
        below = tuple(self.draw(level + 1, possible & mask) for mask in self.axes[level].masks)
        if below.count(below[0]) == len(below):
            return below[0]
        node = level, below
        if node not in self.places:
            self.places[node] = len(self.nodes)
            self.nodes.append(node)
        return self.places[node]

    def _leaf(self, hit: Hit) -> int:
        place = self.kinds.setdefault(hit.kind, len(self.hits))
        if place == len(self.hits):
            self.hits.append(hit)
        return -1 - place

    def reached(self, root: int) -> tuple[tuple[Hit, ...], set[str]]:
        """The leaves and the facts that lie under a node."""
        seen: dict[int, None] = {root: None}
        names: set[str] = set()
        queue = [root]
        for place in queue:
            if place >= 0:
                level, below = self.nodes[place]
                names.add(self.axes[level].fact.name)
                queue += [each for each in dict.fromkeys(below) if each not in seen]
                seen.update(dict.fromkeys(below))
        return tuple(self.hits[-1 - place] for place in seen if place < 0), names

    def is_sure(self, bits: int, level: int = 0) -> bool:
        """Whether every completion lies in one of some boxes of one rule."""
        if bits & self.idle[level]:
            return True
        if not bits:
            return False
        masks = {bits & mask for mask in self.axes[level].masks}
        return all(self.is_sure(each, level + 1) for each in masks)
