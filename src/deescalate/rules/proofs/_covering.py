"""Whether some boxes together cover a region: the question behind rules that never decide.

A region that no box covers whole is split around the box that comes nearest to it. What lies in
that box is covered; what lies beside it falls into a few regions, at most one a fact, and each is
asked about again. So the work follows the boxes that are needed, not all that touch the region.
"""

from collections.abc import Iterable, Iterator, Sequence

from attrs import define

from deescalate.errors import WorkLimitError
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.policies import bits_of

__all__ = ["DEFAULT_LIMIT", "Work", "covering"]

MOST_WEIGHED = 12
"""Boxes whose size is compared before one is split around (ours)."""

Side = tuple[int, ...]
"""One fact's part of a region: for each of its segments, the boxes that allow it."""


DEFAULT_LIMIT = 1_000_000
"""Regions looked at before a proof gives up; ours, some seconds of work."""


@define(eq=False)
class Work:
    """A count of regions that may not pass a limit.

    Attributes:
        task: What is being asked.
        limit: Regions looked at before giving up.

    >>> Work("gaps of desk", 0).step()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    deescalate.errors.WorkLimitError: gaps of desk needs more than 0 regions: raise...
    """

    task: str
    limit: int
    done: int = 0

    def step(self) -> None:
        """Count one more.

        Raises:
            WorkLimitError: That is one too many.
        """
        self.done += 1
        if self.done > self.limit:
            raise WorkLimitError(self.task, self.limit, "regions")


def covering(axes: Sequence[Axis], boxes: int, inside: int, work: Work) -> int | None:
    """Find boxes that cover a region together.

    Args:
        axes: The facts, cut by every box.
        boxes: The boxes that may cover it, as bits.
        inside: The boxes that all of the region lies in.
        work: Counts the regions that are looked at.

    Returns:
        Enough of the boxes, though not always the fewest; ``None`` where all are not enough.

    Raises:
        WorkLimitError: It would take more work than the limit.
    """
    whole = [
        _side((mask for mask in axis.masks if mask & inside == inside), boxes) for axis in axes
    ]
    used = 0
    regions = [(whole, boxes)]
    while regions:
        work.step()
        sides, possible = regions.pop()
        if not all(sides):
            continue
        for side in sides:
            possible &= _any_of(side)
        shared = [_all_of(side, possible) for side in sides]
        certain = _all_of(shared, possible)
        if certain:
            used |= 0 if certain & used else certain & -certain
        elif not possible:
            return None
        else:
            sides = [_side(side, possible) for side in sides]
            box = _largest(sides, shared, possible)
            used |= box
            regions += _beside(box, sides, possible)
    return used


def _any_of(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


def _all_of(masks: Iterable[int], possible: int) -> int:
    for mask in masks:
        possible &= mask
    return possible


def _side(masks: Iterable[int], possible: int) -> Side:
    """The segments of a side, those together that the boxes do not tell apart."""
    return tuple(dict.fromkeys([mask & possible for mask in masks]))


def _fullest(shared: Sequence[int], possible: int) -> int:
    """The boxes that fill most sides whole."""
    filled: list[int] = []  # how many sides each box fills, in binary: a mask of boxes a digit
    for carry in shared:
        for digit, boxes in enumerate(filled):
            if not carry:
                break
            filled[digit], carry = boxes ^ carry, boxes & carry  # noqa: PLW2901  as in adding
        if carry:
            filled.append(carry)
    most = possible
    for boxes in reversed(filled):
        most = most & boxes or most
    return most


def _largest(sides: Sequence[Side], shared: Sequence[int], possible: int) -> int:
    """The box that fills most sides whole, and of the others most."""
    best, width = 0, -1.0
    for number, bit in enumerate(bits_of(_fullest(shared, possible))):
        if number == MOST_WEIGHED:
            break
        box = 1 << bit
        share = 1.0
        for side, own in zip(sides, shared, strict=True):
            if not own & box:
                share *= sum(1 for mask in side if mask & box) / len(side)
        if share > width:
            best, width = box, share
    return best


def _beside(box: int, sides: Sequence[Side], possible: int) -> Iterator[tuple[list[Side], int]]:
    """What lies outside a box, in regions that do not overlap."""
    rest = list(sides)
    for place, side in enumerate(sides):
        outside = tuple([mask for mask in side if not mask & box])
        if outside:
            yield [*rest[:place], outside, *rest[place + 1 :]], possible & ~box
            rest[place] = tuple([mask for mask in side if mask & box])
