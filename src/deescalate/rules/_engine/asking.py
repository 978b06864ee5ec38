"""How a table asks its facts: of all rules at once, or of the best ones first.

Where one rule wins, and the best few rules decide most cases, a small table of these is asked
first: all it needs stays in the processor's cache. What it leaves open goes to the whole table.
"""

import math
from collections.abc import MutableMapping, Sequence
from typing import Protocol

from deescalate.errors import HitPolicyError
from deescalate.rules._engine.compiling import Matcher, join, matcher_of
from deescalate.rules._engine.matching import Axis, axes_of
from deescalate.rules._engine.policies import Decider
from deescalate.rules._engine.rules import Verdict

__all__ = ["matcher_for"]

HEAD = 256
"""Boxes that are asked first, at most (ours)."""

MANY = 4 * HEAD
"""Boxes from which on some are asked first (ours)."""

CASES = 256
"""Cases by which is judged how many the first boxes decide (ours)."""

SHARE = 0.75
"""How many of these they have to decide (ours; asking in vain costs half of asking all)."""


class VerdictFor(Protocol):
    """Gives the verdict on the cases that lie in some boxes."""

    def __call__(self, mask: int, /) -> Verdict: ...


def matcher_for(
    axes: Sequence[Axis],
    decider: Decider,
    known: MutableMapping[int, Verdict],
    verdict_for: VerdictFor,
) -> Matcher:
    """Make the function that decides a table's plain cases.

    Args:
        axes: The facts, cut by every box.
        decider: The table's hit policy at work.
        known: Verdicts by ``Decider.key_of`` the boxes that a case lies in.
        verdict_for: Makes those that are not there yet, and keeps them in ``known``.

    Returns:
        The function: see ``matcher_of``.
    """

    def answer(mask: int) -> Verdict | None:
        try:
            return verdict_for(mask)
        except HitPolicyError:
            return None

    whole = matcher_of(join(axes, decider, answer), decider, known, verdict_for)
    size = _head(axes, decider)
    return _first_asking(size, axes, decider, verdict_for, whole) if size else whole


def _first_asking(
    size: int, axes: Sequence[Axis], decider: Decider, verdict_for: VerdictFor, whole: Matcher
) -> Matcher:
    rules = decider.owners_of(decider.everything & -1 << len(decider.boxes) - size)
    head = Decider(
        decider.policy,
        [decider.rules[rule] for rule in rules],
        [decider.ranks[rule] for rule in rules],
        None,
    )
    shift = len(decider.boxes) - size
    known: dict[int, Verdict] = {}

    def verdict(mask: int) -> Verdict:
        found = verdict_for(mask << shift)
        if len(known) < MANY:
            known[head.key_of(mask)] = found
        return found

    def answer(mask: int) -> Verdict | None:
        return verdict_for(mask << shift) if mask else None

    few = axes_of([axis.fact for axis in axes], head.boxes)
    return matcher_of(join(few, head, answer), head, known, verdict, otherwise=whole)


def _head(axes: Sequence[Axis], decider: Decider) -> int:
    """How many of the best boxes are to be asked first; 0 where asking all at once is as good."""
    count = len(decider.boxes)
    if count < MANY or not decider.policy.ranks:
        return 0
    ends = {bits.bit_count() for bits in decider.upto.values()}
    size = max((end for end in ends if end <= HEAD), default=0)
    top = decider.everything & -1 << count - size
    decided = sum(bool(top & mask) for mask in _some_masks(axes))
    return size if decided >= SHARE * CASES else 0


def _some_masks(axes: Sequence[Axis]) -> list[int]:
    """The boxes met by cases that are spread evenly over every fact's segments."""
    masks = [-1] * CASES
    for number, axis in enumerate(axes):
        stride = math.sqrt(number + 2.5)  # irrational: no two facts move in step
        for case in range(CASES):
            masks[case] &= axis.masks[int(case * stride % 1 * len(axis.masks))]
    return masks
