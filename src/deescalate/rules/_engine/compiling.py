"""One function a table that takes the facts of a case to its verdict, as quick as can be.

Its text is put together from a fixed pattern a fact, as attrs does for its methods. Nothing of
the table stands in the text but numbers; names, options and answers are handed over as values.

Facts joined: from the segments that a case lies in, fact after fact, straight to the answer.

A joint is a diagram whose nodes are the boxes that the facts asked so far leave possible. Each
fact is one step, an index into a tuple, so a case is decided without comparing it with a rule.
Facts are joined, those of few segments first, as long as the diagram stays small; what the others
leave possible is told by their masks.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from math import inf
from typing import Any, cast

from attrs import frozen

from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.matching import After, Axis
from deescalate.rules._engine.policies import Decider
from deescalate.rules._engine.rules import Verdict

__all__ = ["Grid", "Joint", "Matcher", "grid_over", "join", "matcher_of", "shelf_of"]

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


MOST_COMPARED = 64
"""Cuts up to which a tree of comparisons is quickest, and still quick to make (measured)."""

MOST_NESTED = 64
"""Facts asked in one expression: Python reads deep ones by recursion (ours)."""

Matcher = Callable[[Mapping[str, object]], Verdict]


def matcher_of(
    joint: Joint,
    decider: Decider,
    known: MutableMapping[int, Verdict],
    verdict_for: Callable[[int], Verdict],
    *,
    otherwise: Matcher | None = None,
) -> Matcher:
    """Make the function that decides a case for which all facts are given and plain.

    Args:
        joint: The table's facts, joined to verdicts as far as they can be.
        decider: The table's hit policy at work.
        known: Verdicts by ``Decider.key_of`` the boxes that a case lies in.
        verdict_for: Makes those that are not there yet.
        otherwise: Asked where no box is met; ``None`` where that has a verdict, too.

    Returns:
        A function from the facts of a case to its verdict. It raises ``LookupError``,
        ``TypeError``, ``ArithmeticError`` or ``FactError`` for whatever is not plain to see:
        facts that are missing, unknown, outside their domain or of an unusual type.
    """
    writer = _Writer(joint)
    instead = "raise LookupError" if otherwise is None else "return otherwise(facts)"
    writer.far["otherwise"] = otherwise
    if not joint.apart:
        return writer.built(f"if answer is None: {instead}", "return answer")
    key = "answer"
    if decider.linear:
        key = "answer.bit_length()"
    elif decider.policy.ranks:
        writer.near["best"] = decider.best
        key = "answer & best[answer.bit_length()]"
    writer.near["known"] = known
    writer.far["verdict_for"] = verdict_for
    lines = (f"try: return known[{key}]", "except KeyError: pass", "return verdict_for(answer)")
    return writer.built(*([] if otherwise is None else [f"if not answer: {instead}"]), *lines)


class _Writer:
    """Writes the text that takes the facts of a case to an answer.

    There are two ways: a quick one for a plain mapping and values that are each of its fact's
    usual type, and a careful one. What the quick way needs is handed over as defaults of the
    function, which are quickest to read.
    """

    def __init__(self, joint: Joint) -> None:
        self.near: dict[str, Any] = {"root": joint.root}
        self.far: dict[str, Any] = {"Decimal": Decimal, "bisect_right": bisect_right}
        self.usual = ["facts.__class__ is dict"]
        self.quick, self.careful = "root", "root"
        self.steps: tuple[list[str], list[str]] = [], []
        self.sure = joint.whole
        axes = (*joint.joined, *joint.apart)
        self.lines = [f"if len(facts) != {len(axes)}: raise TypeError"]
        for place, axis in enumerate(axes):
            if place and place % MOST_NESTED == 0:
                self.steps[0].append(f"answer = {self.quick}")
                self.steps[1].append(f"answer = {self.careful}")
                self.quick = self.careful = "answer"
            self.near[f"name{place}"] = axis.fact.name
            self.lines.append(f"value{place} = facts[name{place}]")
            apart = place >= len(joint.joined)
            shelf = ""
            if apart:
                self.near[f"masks{place}"] = shelf_of(axis, axis.masks)
                shelf = f" & masks{place}"
            quick, careful = self.index(place, axis)
            self.careful += f"{shelf}[{careful}]"
            cell = self.cell(place, axis) if apart else ""
            self.quick += f" & ({cell} or masks{place}[{quick}])" if cell else f"{shelf}[{quick}]"

    def index(self, place: int, axis: Axis) -> tuple[str, str]:
        """Where on its fact's shelf a value leads: one of the usual type, and any."""
        value = f"value{place}"
        if isinstance(axis.fact, Choice):
            return value, value
        self.far[f"locate{place}"] = axis.locate
        if isinstance(axis.fact, Flag):
            self.usual.append(f"{value}.__class__ is bool")
            return value, f"locate{place}({value})"
        careful = f"locate{place}({value}) + 1"
        for kind, cuts in axis.cuts.items():
            name = f"cuts{place}_{kind.__name__}"
            self.far[name] = cuts
            test = f"{value}.__class__ is {kind.__name__}"
            careful = f"bisect_right({name}, {value}) if {test} else {careful}"
        usual = next(iter(axis.cuts))
        self.usual.append(f"{value}.__class__ is {usual.__name__}")
        cuts = axis.cuts[usual]
        quick = self.compared if len(cuts) <= MOST_COMPARED else self.bisected
        return quick(place, cuts), careful

    def compared(self, place: int, cuts: Sequence[Any]) -> str:
        """A tree of comparisons, which leads values outside the domain to an error.

        Whether a value lies outside is asked at the outermost leaves only.
        """
        value = f"value{place}"
        first, *inner, last = [self.below(f"cut{place}_{at}", cut) for at, cut in enumerate(cuts)]
        leaves = [str(segment) for segment in range(1, len(cuts))]
        low = cuts[0]
        endless = isinstance(low, float) and low == -inf  # as only a whole number's cuts may begin
        if not endless:
            leaves[0] = f"(None if {value} {first} else {leaves[0]})"
        if cuts[-1] != inf or not (endless or isinstance(low, int)):
            leaves[-1] = f"({leaves[-1]} if {value} {last} else None)"
        return _tree(value, inner, leaves)

    def below(self, name: str, cut: Any) -> str:
        """What a value below a cut is, in the type that is quickest to compare with."""
        if isinstance(cut, int):
            return f"< {cut:#x}"
        if isinstance(cut, float):
            return f"< {cut!r}".replace("inf", "1e999")
        self.near[name] = cut.value if isinstance(cut, After) else cut
        return f"<= {name}" if isinstance(cut, After) else f"< {name}"

    def bisected(self, place: int, cuts: Sequence[Any]) -> str:
        """A bisection, which leads values outside the domain to nothing."""
        self.sure = False
        self.near |= {f"cuts{place}": cuts, "bisect_right": bisect_right}
        return f"bisect_right(cuts{place}, value{place})"

    def cell(self, place: int, axis: Axis) -> str:
        """The mask in a grid's cell, where one is enough; empty where no grid is of use."""
        cuts = axis.cuts.get(float, ()) if isinstance(axis.fact, Number) else ()
        grid = grid_over(cast("Sequence[float]", cuts)) if len(cuts) > MOST_COMPARED else None
        if grid is None:
            return ""
        self.near[f"cells{place}"] = tuple([at and axis.masks[at - 1] for at in grid.places])
        value = f"value{place}"
        cell = f"cells{place}[int(({value} - {grid.low!r}) * {grid.scale!r})]"
        return f"({grid.low!r} <= {value} < {grid.high!r} and {cell})"

    def built(self, *last: str) -> Matcher:
        """Make the function, given the lines that make a verdict of the answer."""
        lines = (
            *self.lines,
            f"if {' and '.join(self.usual)}:",
            *(f"    {step}" for step in self.steps[0]),
            f"    {'return' if self.sure else 'answer ='} {self.quick}",
            "elif facts.__class__ is not dict: raise TypeError",
            "else:",
            *(f"    {step}" for step in self.steps[1]),
            f"    answer = {self.careful}",
            *last,
        )
        body = "\n".join(f"        {line}" for line in lines)
        handed = ", ".join(f"{name}={name}" for name in self.near)
        values = self.far | self.near
        text = (
            f"def make({', '.join(values)}):\n"
            f"    def matcher(facts, {handed}):\n{body}\n"
            f"    return matcher\n"
        )
        scope: dict[str, Any] = {}
        exec(compile(text, "<table>", "exec"), scope)  # noqa: S102  the text is ours: see the module
        return cast("Matcher", scope["make"](**values))


def _tree(value: str, tests: Sequence[str], leaves: Sequence[str]) -> str:
    """Comparisons that lead to a leaf; not-a-number fails them all, and ends at the last."""
    if not tests:
        return leaves[0]
    middle = len(tests) // 2
    left = _tree(value, tests[:middle], leaves[: middle + 1])
    right = _tree(value, tests[middle + 1 :], leaves[middle + 1 :])
    return f"({left} if {value} {tests[middle]} else {right})"


CELLS = 4
"""Cells a cut: with four, chance puts a float into a cell without a cut four times in five."""


@frozen(eq=False)
class Grid:
    """Cells over a range of floats.

    Attributes:
        low: Where the range begins; a float below has no cell.
        high: Where it ends; neither it nor a float above has a cell.
        scale: Cells in a range of one.
        places: For each cell how many cuts lie below it; 0 where a cut lies in it. The cell of a
            float is ``int((value - low) * scale)``.
    """

    low: float
    high: float
    scale: float
    places: tuple[int, ...]


def grid_over(cuts: Sequence[float]) -> Grid | None:
    """Lay a grid over some cuts.

    Args:
        cuts: Two floats or more, rising; the first and the last may be very far out.

    Returns:
        The grid; ``None`` where most cuts share a cell with others, so that it would not help.

    >>> grid = grid_over([0.0, 0.25, 0.5, 0.75, 1.0])
    >>> grid.places[int((0.6 - grid.low) * grid.scale)]
    3
    """
    near = [cut for cut in cuts if abs(cut) < inf]
    if len(near) < 2:
        return None
    low, high = near[0], near[-1]
    scale = CELLS * len(near) / (high - low) if high > low else inf
    if not 0 < scale < inf:
        return None
    cells = [int((cut - low) * scale) for cut in near]
    if 2 * len(set(cells)) < len(cells):
        return None
    before = len([cut for cut in cuts if cut < low])
    places = [0] * (cells[-1] + 1)
    here = 0
    for cell in range(len(places)):
        if here < len(cells) and cells[here] == cell:
            while here < len(cells) and cells[here] == cell:
                here += 1
        else:
            places[cell] = before + here
    return Grid(low, high, scale, tuple(places))
