"""Deciding with facts missing: what is still possible, and which facts can still change it.

The table, as a function of the missing facts, is drawn as a reduced decision diagram: its leaves
are the outcomes that some completion reaches, its nodes the facts that can change the outcome.
"""

from collections.abc import Sequence

from attrs import frozen

from deescalate.errors import WorkLimitError, quoted
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
    hits, names = diagram.reached()
    sure = tuple(
        rule for rule in decider.owners_of(mask) if diagram.is_sure(mask & decider.wide[rule])
    )
    return Outlook(hits, tuple(axis.fact.name for axis in axes if axis.fact.name in names), sure)


class _Diagram:
    """What is left possible, drawn fact by fact, then put together from the last fact back.

    Nodes count from 0, leaves below it.
    """

    __slots__ = ("axes", "decider", "hits", "idle", "kinds", "nodes", "root")

    def __init__(
        self, decider: Decider, mask: int, axes: Sequence[Axis], *, table: str, limit: int
    ) -> None:
        self.decider = decider
        self.axes = sorted(axes, key=lambda axis: (mask & ~axis.idle).bit_count(), reverse=True)
        self.idle = [-1]
        for axis in reversed(self.axes):
            self.idle.append(self.idle[-1] & axis.idle)
        self.idle.reverse()
        self.hits: list[Hit] = []
        self.kinds: dict[object, int] = {}
        self.nodes: list[tuple[int, tuple[int, ...]]] = []
        first = self._left(0, mask)
        self.root = self._joined(self._drawn(first, table, limit))[first]

    def _drawn(self, first: int, table: str, limit: int) -> list[dict[int, int | list[int]]]:
        """For each fact what was left before it: a leaf, or what each segment leaves of it."""
        levels: list[dict[int, int | list[int]]] = []
        left: dict[int, None] = {first: None}
        drawn = 0
        for level, idle in enumerate(self.idle):
            drawn += len(left)
            if drawn > limit:
                raise WorkLimitError(f"deciding {quoted(table)} with facts missing", limit, "nodes")
            levels.append({})
            later: dict[int, int] = {}
            for possible in left:
                hit = self.decider.settle(possible, possible & idle)
                if hit is None:
                    met = [possible & mask for mask in self.axes[level].masks]
                    for each in met:
                        if each not in later:
                            later[each] = self._left(level + 1, each)
                    levels[-1][possible] = [later[each] for each in met]
                else:
                    levels[-1][possible] = self._leaf(hit)
            left = dict.fromkeys(later.values())
        return levels

    def _left(self, level: int, possible: int) -> int:
        left = self.decider.prune(possible, possible & self.idle[level])
        return self.decider.merge(left, left & self.idle[level])

    def _leaf(self, hit: Hit) -> int:
        place = self.kinds.setdefault(hit.kind, len(self.hits))
        if place == len(self.hits):
            self.hits.append(hit)
        return -1 - place

    def _joined(self, levels: Sequence[dict[int, int | list[int]]]) -> dict[int, int]:
        """The node of what was left before the first fact; those that lead to one are left out."""
        joined: dict[int, int] = {}
        for level, drawn in reversed([*enumerate(levels)]):
            places: dict[tuple[int, ...], int] = {}
            above: dict[int, int] = {}
            for possible, found in drawn.items():
                if isinstance(found, int):
                    above[possible] = found
                    continue
                below = tuple([joined[each] for each in found])
                if below.count(below[0]) == len(below):
                    above[possible] = below[0]
                    continue
                if below not in places:
                    places[below] = len(self.nodes)
                    self.nodes.append((level, below))
                above[possible] = places[below]
            joined = above
        return joined

    def reached(self) -> tuple[tuple[Hit, ...], set[str]]:
        """The leaves and the facts that lie under the root."""
        seen: dict[int, None] = {self.root: None}
        names: set[str] = set()
        queue = [self.root]
        for place in queue:
            if place >= 0:
                level, below = self.nodes[place]
                names.add(self.axes[level].fact.name)
                queue += [each for each in dict.fromkeys(below) if each not in seen]
                seen.update(dict.fromkeys(below))
        return tuple(self.hits[-1 - place] for place in seen if place < 0), names

    def is_sure(self, bits: int) -> bool:
        """Whether every completion lies in one of some boxes of one rule."""
        left = {bits}
        for axis, idle in zip(self.axes, self.idle, strict=False):
            left = {each & mask for each in left if not each & idle for mask in axis.masks}
            if 0 in left:
                return False
        return True
