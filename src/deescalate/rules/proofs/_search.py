"""The search that finds cases: regions of a table's domain, split until they are plain.

A region is described by the boxes that some point in it lies in (possible) and those that all of
it lies in (certain). Where these settle the question the region is done; otherwise it is split
along one fact, and pieces that meet the same boxes stay together. Nothing is sampled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from attrs import define, field, frozen

from deescalate.rules._engine.conditions import Box, Fact, Test
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.rules import Outputs
from deescalate.rules._engine.sets import union
from deescalate.rules.proofs._covering import DEFAULT_LIMIT, Work, covering

__all__ = [
    "Found",
    "Search",
    "Settle",
    "Witness",
    "sample_of",
    "such_as",
]

Settle = Callable[[int, int], object]
"""Says of possible and certain boxes ``None`` to look closer, ``False`` for nothing, or a find."""


@frozen(kw_only=True)
class Witness:
    """Cases that show something, with one of them.

    Attributes:
        region: The cases.
        facts: One of them: a value for every fact of the table.
        outcome: What the table says of that one; ``None`` where it says nothing.
        rules: Names of the rules behind the outcome.

    >>> from deescalate.rules import EVERYTHING
    >>> [everything] = EVERYTHING.boxes
    >>> print(Witness(region=everything, facts={"anger": 0.5}, outcome="agent"))
    always: agent (such as anger = 0.5)
    """

    region: Box
    facts: Mapping[str, Any] = field(converter=Outputs)
    outcome: Any = None
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = "no outcome" if self.outcome is None else str(self.outcome)
        return f"{self.region}: {said}{such_as(self.facts)}"


def such_as(facts: Mapping[str, Any]) -> str:
    """Write one case behind its region, in brackets.

    >>> such_as({"anger": 0.5})
    ' (such as anger = 0.5)'
    """
    return f" (such as {', '.join(f'{name} = {value}' for name, value in facts.items())})"


def sample_of(facts: Sequence[Fact], region: Box) -> dict[str, object]:
    """Pick one case from a region, with a value for every fact.

    >>> from deescalate.rules import Flag
    >>> sample_of([Flag("vulnerable")], Box())
    {'vulnerable': False}
    """
    return {fact.name: fact.sample(region.of(fact)) for fact in facts}


@frozen
class Found:
    """A region in which the question has an answer.

    Attributes:
        region: The region.
        value: The answer.
    """

    region: Box
    value: Any


@frozen(eq=False)
class _Piece:
    """What is left of an axis: the segments that are looked at, and their boxes."""

    axis: Axis
    places: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]
    any: int
    all: int

    def met_by(self, boxes: int) -> "_Piece":
        """The same, with segments together that some boxes do not tell apart."""
        groups: dict[int, list[int]] = {}
        for places, mask in zip(self.places, self.masks, strict=True):
            groups.setdefault(mask & boxes, []).extend(places)
        return _Piece(
            self.axis, tuple(map(tuple, groups.values())), tuple(groups), self.any, self.all
        )


@define(eq=False)
class _Branch:
    """A region that is split along one fact: the parts still to be looked at."""

    key: object
    name: str
    rest: tuple[_Piece, ...]
    groups: list[tuple[int, list[int]]]
    fruitless: bool = True


@define(eq=False)
class Search:
    """One search over a table's domain.

    Attributes:
        axes: The facts, cut by every box that the question is about.
        task: What is being asked, for the message of a search that gives up.
        limit: Regions looked at before giving up.
        prune: Drops possible boxes that no longer matter, given the certain ones.
        first: Boxes to be settled before others.
    """

    axes: Sequence[Axis]
    task: str
    limit: int = DEFAULT_LIMIT
    prune: Callable[[int, int], int] | None = None
    first: int = -1
    work: Work = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.work = Work(self.task, self.limit)

    def run(self, settle: Settle, *, boxes: int, inside: int = 0) -> Iterator[Found]:
        """Look for regions where the question has an answer.

        Args:
            settle: The question.
            boxes: The boxes that matter to it.
            inside: Boxes that all of the search stays in.

        Yields:
            Every such region; no two overlap, and together they are all there is.

        Raises:
            WorkLimitError: More regions would have to be looked at than the limit.
        """
        pieces = [_piece(axis, inside) for axis in self.axes]
        if not all(piece.places for piece in pieces):
            return
        possible = reduce(lambda mask, piece: mask & piece.any, pieces, boxes)
        frame = {
            piece.axis.fact.name: tuple(place for places in piece.places for place in places)
            for piece in pieces
            if len(piece.places) < len(piece.axis.masks)
        }
        pieces = [piece.met_by(possible) for piece in pieces]
        by_name = {piece.axis.fact.name: piece for piece in pieces}
        for value, path in self._look(settle, possible, tuple(pieces)):
            yield Found(_region(by_name, frame | path), value)

    def uncovered(self, boxes: int, *, inside: int = 0) -> Iterator[Found]:
        """Look for regions that none of some boxes touches.

        Args:
            boxes: The boxes.
            inside: Boxes that all of the search stays in.

        Yields:
            As ``run`` does. That there are none is proved in a quicker way.

        Raises:
            WorkLimitError: More regions would have to be looked at than the limit.
        """
        if covering(self.axes, boxes, inside, self.work) is None:
            yield from self.run(_uncovered, boxes=boxes, inside=inside)

    def _look(
        self, settle: Settle, possible: int, pieces: tuple[_Piece, ...]
    ) -> Iterator[tuple[object, dict[str, tuple[int, ...]]]]:
        """Depth first, with a branch for every fact that a region is being split along."""
        barren: set[object] = set()
        branches: list[_Branch] = []
        path: dict[str, tuple[int, ...]] = {}
        found = self._met(settle, possible, pieces, barren)
        while True:
            if isinstance(found, _Branch):
                branches.append(found)
            elif found is not False:
                for branch in branches:
                    branch.fruitless = False
                yield found, dict(path)
            while branches and not branches[-1].groups:
                done = branches.pop()
                path.pop(done.name, None)
                if done.fruitless:
                    barren.add(done.key)
            if not branches:
                return
            branch = branches[-1]
            mask, places = branch.groups.pop()
            path[branch.name] = tuple(places)
            found = self._met(settle, mask, branch.rest, barren)

    def _met(
        self, settle: Settle, possible: int, pieces: tuple[_Piece, ...], barren: set[object]
    ) -> object:
        """What is to be said of a region: ``False`` for nothing, a find, or how to split it."""
        self.work.step()
        pieces = tuple([piece for piece in pieces if possible & ~piece.all])
        certain = possible
        for piece in pieces:
            certain &= piece.all
        if self.prune:
            possible = self.prune(possible, certain)
            certain &= possible
        value = settle(possible, certain)
        key = possible, tuple(map(id, pieces))
        if value is not None or key in barren:
            return value or False
        piece = self._choose(possible & ~certain, pieces)
        groups: dict[int, list[int]] = {}
        for places, mask in zip(piece.places, piece.masks, strict=True):
            groups.setdefault(mask & possible, []).extend(places)
        rest = tuple([each for each in pieces if each is not piece])
        return _Branch(key, piece.axis.fact.name, rest, [*reversed(groups.items())])

    def _choose(self, undecided: int, pieces: tuple[_Piece, ...]) -> _Piece:
        urgent = undecided & self.first or undecided
        return max(pieces, key=lambda piece: (urgent & ~piece.all).bit_count())


def _piece(axis: Axis, inside: int) -> _Piece:
    places = [place for place, mask in enumerate(axis.masks) if mask & inside == inside]
    masks = tuple(axis.masks[place] for place in places)
    one_by_one = tuple((place,) for place in places)
    return _Piece(axis, one_by_one, masks, _any_of(masks), _all_of(masks))


def _any_of(masks: tuple[int, ...]) -> int:
    return reduce(lambda a, b: a | b, masks, 0)


def _all_of(masks: tuple[int, ...]) -> int:
    return reduce(lambda a, b: a & b, masks, -1)


def _region(pieces: Mapping[str, _Piece], path: Mapping[str, tuple[int, ...]]) -> Box:
    axes = {name: pieces[name].axis for name in sorted(path)}
    return Box(
        tuple(
            Test(axis.fact, axis.fact.clip(union([axis.segments[place] for place in path[name]])))
            for name, axis in axes.items()
        )
    )


def _uncovered(possible: int, certain: int) -> object:
    if certain:
        return False
    return None if possible else True
