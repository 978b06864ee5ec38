"""Matching by bit vectors: each fact's domain cut into segments, each with a mask of boxes.

What a case meets is one look-up a fact and an ``and`` of masks, whatever the number of rules;
``joining`` does it beforehand where it can. What lies outside the domain falls into a segment
without a mask, so refusing it costs next to nothing.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

from attrs import evolve, frozen

from deescalate.rules._engine.conditions import Box, Fact
from deescalate.rules._engine.facts import Number
from deescalate.rules._engine.plain import Real, exactly
from deescalate.rules._engine.sets import Bound, NumberSet, OptionSet, Stretch, ValueSet

__all__ = ["After", "Axis", "axes_of"]


@frozen(eq=False)
class Axis:
    """One fact's domain, cut wherever a box begins or ends.

    Attributes:
        fact: The fact.
        segments: Its domain in pieces: within one, no box tells two values apart.
        masks: For each piece, the boxes that allow it.
        idle: The boxes that do not ask about the fact.
    """

    fact: Fact
    segments: tuple[ValueSet, ...]
    masks: tuple[int, ...]
    idle: int

    @cached_property
    def cuts(self) -> dict[type, list[object]]:
        """For a number, the cuts between segments in the terms of each plain type."""
        return _cuts_by_type(self) if isinstance(self.fact, Number) else {}

    @cached_property
    def places(self) -> dict[object, int]:
        """For a choice or a flag, the number of each option's segment."""
        if isinstance(self.fact, Number):
            return {}
        options = cast("OptionSet", self.fact.domain).options
        return {option: place for place, option in enumerate(options)}

    def within(self, low: Real, high: Real) -> "Axis":
        """The axis of a number that is known to lie between two others; outside its domain, all."""
        known = NumberSet.of(Stretch(Bound(low), Bound(high, after=True)))
        kept = [at for at, each in enumerate(self.segments) if cast("NumberSet", each) & known]
        kept = kept or [*range(len(self.segments))]
        return evolve(
            self,
            segments=tuple(self.segments[at] for at in kept),
            masks=tuple(self.masks[at] for at in kept),
        )

    def place_of(self, value: object) -> int:
        """The number of the segment that a checked value lies in."""
        if isinstance(self.fact, Number):
            cuts = self.cuts.get(type(value))
            if cuts is None:  # a date written out, as a sample is
                return self.place_of(self.fact.check(value))
            return bisect_right(cuts, cast("Any", value)) - 1
        return self.places[value]

    def locate(self, value: object) -> int:
        """The number of the segment that any value lies in.

        Raises:
            FactError: The fact does not allow it.
        """
        kind = type(value)
        if kind is int or kind is float:
            cuts = self.cuts.get(kind, ())
            place = bisect_right(cuts, cast("Any", value)) - 1
            if 0 <= place < len(self.masks):
                return place
        elif kind is str or kind is bool:
            found = self.places.get(value)
            if found is not None:
                return found
        return self.place_of(self.fact.check(value))


def axes_of(facts: Sequence[Fact], boxes: Sequence[Box]) -> tuple[Axis, ...]:
    """Cut every fact's domain by the boxes.

    Args:
        facts: The facts, all that the boxes ask about among them.
        boxes: The boxes; the first owns the lowest bit.

    Returns:
        An axis a fact, in order.
    """
    asked: dict[str, list[tuple[int, ValueSet]]] = {fact.name: [] for fact in facts}
    for place, box in enumerate(boxes):
        for test in box:
            asked[test.fact.name].append((1 << place, test.values))
    everything = (1 << len(boxes)) - 1
    return tuple(_axis(fact, asked[fact.name], everything) for fact in facts)


def _axis(fact: Fact, asked: list[tuple[int, ValueSet]], everything: int) -> Axis:
    idle = everything
    for bit, _ in asked:
        idle ^= bit
    if isinstance(fact, Number):
        return _number_axis(fact, asked, idle)
    options = cast("OptionSet", fact.domain).options
    masks = dict.fromkeys(options, idle)
    for bit, values in asked:
        for option in cast("OptionSet", values).options:
            masks[option] |= bit
    return Axis(fact, tuple(OptionSet((each,)) for each in options), tuple(masks.values()), idle)


def _number_axis(fact: Number, asked: list[tuple[int, ValueSet]], idle: int) -> Axis:
    turns = dict.fromkeys(fact.domain.bounds, 0)
    for bit, values in asked:
        for bound in cast("NumberSet", values).bounds:
            turns[bound] = turns.get(bound, 0) ^ bit
    bounds = sorted(turns)
    segments: list[ValueSet] = []
    masks: list[int] = []
    mask = idle
    for start, end in pairwise(bounds):
        mask ^= turns[start]
        segments.append(NumberSet((Stretch(start, end),)))
        masks.append(mask)
    return Axis(fact, tuple(segments), tuple(masks), idle)


class After:
    """Stands in a list of decimals for a cut just after one."""

    __slots__ = ("value",)

    def __init__(self, value: Decimal) -> None:
        self.value = value

    def __gt__(self, other: Decimal) -> bool:
        return other <= self.value


def _float_cut(bound: Bound) -> float:
    """The least float that lies past a bound."""
    try:
        near = float(bound.value)
    except OverflowError:
        near = math.inf if bound.value > 0 else -math.inf
    past = exactly(near) > exactly(bound.value) or (near == bound.value and not bound.after)
    return near if past else math.nextafter(near, math.inf)


def _whole_cut(bound: Bound) -> Real:
    """The least whole number that lies past a bound."""
    return bound.to_whole().value


def _decimal_cut(bound: Bound) -> object:
    value = exactly(bound.value)
    return After(value) if bound.after else value


def _cuts_by_type(axis: Axis) -> dict[type, list[object]]:
    """For each plain type of number, the cuts between segments in that type's own terms.

    ``bisect_right`` of a value in its type's list is the number of its segment, counted from 1: 0
    lies below the domain, and the last, in which not-a-number falls too, above it. In float and
    int lists a cut is the least value past it, so that comparing is quick and yet exact.
    """
    segments = [cast("NumberSet", each).stretches[0] for each in axis.segments]
    bounds = [segments[0].start, *(each.end for each in segments)]
    fact = cast("Number", axis.fact)
    cuts: dict[type, list[object]] = {}
    if not fact.integer:
        if not fact.decimal:
            cuts[float] = [_float_cut(bound) for bound in bounds]
        cuts[Decimal] = [_decimal_cut(bound) for bound in bounds]
    cuts[int] = [_whole_cut(bound) for bound in bounds]
    return dict(sorted(cuts.items(), key=lambda each: each[0] is Decimal and not fact.decimal))
