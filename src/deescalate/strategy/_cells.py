"""Where a customer may stand instead of the estimate, as far as a table tells the places apart.

What is known of a customer is a Gaussian over latent pleasure and arousal. The log odds of distress
and of openness and the inverse tanh of arousal are linear in both, so every cut point of a table is
a straight line through that plane. The lines leave cells that no rule divides. The mass of a cell
is summed over strips across the lines; along a strip it is a difference of the normal distribution.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import NormalDist

from attrs import frozen

from deescalate.emotion import Affect, distress_of, openness_of
from deescalate.rules import Table, Verdict

__all__ = ["Cell", "Together", "cells", "cuts_of"]

_STRIPS = tuple(NormalDist().inv_cdf((2 * each + 1) / 16) for each in range(8))
_ROOT = math.sqrt(2.0)
_NOTHING = 1e-3
"""The mass below which a cell is passed over: ours."""
_FAR = -NormalDist().inv_cdf(_NOTHING)
"""Standard deviations from the estimate from which there is no more than that beyond a line."""


@frozen
class Cell:
    """A part of the plane that no rule divides.

    Attributes:
        mass: How likely the customer is there, 0 to 1.
        facts: The estimated facts at some place in it.
    """

    mass: float
    facts: Mapping[str, float]


@frozen
class _Scale:
    """An estimated fact: its lowest value (the highest is 1) and its slopes in the plane."""

    name: str
    low: float
    pleasure: float
    arousal: float

    def latent(self, value: float) -> float:
        """The place on the line of the log odds; an end is far from every cut point."""
        share = (value - self.low) / (1.0 - self.low)
        return _log_odds(share) if 0.0 < share < 1.0 else math.inf


@frozen
class _Line:
    """A cut point as the line ``x * pleasure + y * arousal = at``, in standard deviations."""

    scale: _Scale
    cut: float
    x: float
    y: float
    at: float


def _log_odds(share: float) -> float:
    return math.log(share / (1.0 - share))


def _logistic(name: str, of: Callable[[float, float], float]) -> _Scale:
    start = _log_odds(of(0.0, 0.0))
    return _Scale(name, 0.0, _log_odds(of(1.0, 0.0)) - start, _log_odds(of(0.0, 1.0)) - start)


_SCALES = (
    _logistic("distress", distress_of),
    _logistic("openness", openness_of),
    _Scale("arousal", -1.0, 0.0, 2.0),  # log odds of (1 + tanh) / 2: twice the latent coordinate
)


def cuts_of(tables: Iterable[Table]) -> dict[str, tuple[float, ...]]:
    """The values at which some rule of some tables begins or ceases to hold, for each scale.

    Args:
        tables: The tables.

    >>> from deescalate.rules import Number, Rule
    >>> distress = Number("distress", 0, 1)
    >>> upset = Rule("upset", distress >= 0.3, "listen")
    >>> cuts_of([Table("moves", [distress], [upset], default="talk")])["distress"]
    (0.3,)
    """
    found: dict[str, set[float]] = {scale.name: set() for scale in _SCALES}
    for table in tables:
        for rule in table.rules:
            for box in rule.when.boxes:
                for test in box:
                    if test.fact.name in found:
                        bounds = getattr(test.values, "bounds", ())
                        found[test.fact.name].update(float(each.value) for each in bounds)
    return {
        scale.name: tuple(sorted(cut for cut in found[scale.name] if scale.low < cut < 1.0))
        for scale in _SCALES
    }


def cells(
    estimate: Mapping[str, float], spread: Affect, cuts: Mapping[str, Sequence[float]]
) -> Iterator[Cell]:
    """Every cell but the one that the estimate lies in.

    Args:
        estimate: The estimated distress, openness and arousal, by name.
        spread: The standard deviation of latent pleasure and arousal, 0 or more.
        cuts: The cut points of each, as `cuts_of` gives them.

    Yields:
        The cells that are likely at all, with one place in each. Their masses and that of the cell
        of the estimate add up to 1, but for the crumbs that are passed over.

    >>> calm = {"distress": 0.25, "openness": 0.8, "arousal": 0.0}
    >>> cuts = {"distress": [0.25], "openness": [], "arousal": [0.9]}
    >>> [round(cell.mass, 3) for cell in cells(calm, Affect(pleasure=0.2), cuts)]
    [0.5]
    """
    lines = tuple(_lines(estimate, spread, cuts))
    if not lines:
        return
    here = sum(1 << number for number, line in enumerate(lines) if line.at <= 0.0)
    rows = [_row(scale, estimate[scale.name], lines, cuts[scale.name]) for scale in _SCALES]
    for place, mass in _masses(lines).items():
        if place != here and mass > _NOTHING:
            yield Cell(mass, {row.name: row.at(place) for row in rows})


@frozen
class _Row:
    """The values of one scale, a segment each, and the lines that lead from one to the next."""

    name: str
    values: Sequence[float]
    passed: int
    lines: int

    def at(self, place: int) -> float:
        return self.values[self.passed + (place & self.lines).bit_count()]


def _row(scale: _Scale, estimate: float, lines: Sequence[_Line], cuts: Sequence[float]) -> _Row:
    """The middle of each segment of a scale, but the estimate itself in its own."""
    near = {line.cut for line in lines if line.scale is scale}
    ends = (scale.low, *cuts, 1.0)
    values = [(low + high) / 2.0 for low, high in pairwise(ends)]
    values[sum(estimate >= cut for cut in cuts)] = estimate
    return _Row(
        name=scale.name,
        values=values,
        passed=sum(estimate >= cut for cut in cuts if cut not in near),
        lines=sum(1 << number for number, line in enumerate(lines) if line.scale is scale),
    )


def _lines(
    estimate: Mapping[str, float], spread: Affect, cuts: Mapping[str, Sequence[float]]
) -> Iterator[_Line]:
    """The lines that are near enough to matter, each scaled to a slope of 1."""
    for scale in _SCALES:
        x, y = scale.pleasure * spread.pleasure, scale.arousal * spread.arousal
        steep = math.hypot(x, y)
        if steep > 0.0:
            latent = scale.latent(estimate[scale.name])
            for cut in cuts[scale.name]:
                at = (scale.latent(cut) - latent) / steep
                if abs(at) < _FAR:
                    yield _Line(scale, cut, x / steep, y / steep, at)


def _masses(lines: Sequence[_Line]) -> dict[int, float]:
    """How likely each cell is. A cell is known by the lines that it lies beyond, a bit each."""
    along, across = _direction(lines)
    bends = [
        (line.x * along + line.y * across, line.y * along - line.x * across, line.at, 1 << number)
        for number, line in enumerate(lines)
    ]
    masses: dict[int, float] = {}
    strips = _STRIPS if any(abs(bend[1]) > 1e-9 for bend in bends) else (0.0,)
    start, erfc, root = sum(bit for slope, _, _, bit in bends if slope < 0.0), math.erfc, _ROOT
    for strip in strips:
        place, below = start, 0.0
        for where, bit in sorted(
            [((at - drift * strip) / slope, bit) for slope, drift, at, bit in bends]
        ):
            upto = 0.5 * erfc(-where / root)
            masses[place] = masses.get(place, 0.0) + (upto - below)
            place ^= bit
            below = upto
        masses[place] = masses.get(place, 0.0) + (1.0 - below)
    return {place: mass / len(strips) for place, mass in masses.items()}


def _direction(lines: Sequence[_Line]) -> tuple[float, float]:
    """A direction that crosses all the lines, as a unit vector.

    Distress and openness turn with both coordinates and arousal with one, so pleasure that falls
    while arousal rises crosses each of them; their mean is the steepest way over all.
    """
    x = -sum(abs(line.x) for line in lines)
    y = sum(abs(line.y) for line in lines)
    length = math.hypot(x, y)
    return x / length, y / length


@frozen(slots=False, eq=False)
class Together:
    """Tables that are decided together.

    Attributes:
        tables: The tables.
    """

    tables: Sequence[Table]

    @cached_property
    def bits(self) -> Sequence[tuple[int, int]]:
        """For each table where its bits begin, and its bits."""
        placed, at = list[tuple[int, int]](), 0
        for table in self.tables:
            placed.append((at, table.decider.everything))
            at += table.decider.everything.bit_length()
        return placed

    @cached_property
    def everything(self) -> int:
        """The boxes of all tables."""
        return sum(every << at for at, every in self.bits)

    @cached_property
    def asked(self) -> Mapping[str, Sequence[tuple[Callable[[object], int], Sequence[int]]]]:
        """By the name of a fact: what tells the place of a value, the boxes left at each place."""
        found: dict[str, list[tuple[Callable[[object], int], Sequence[int]]]] = {}
        for table, (at, every) in zip(self.tables, self.bits, strict=True):
            for axis in table.axes:
                left = [self.everything ^ ((every ^ mask) << at) for mask in axis.masks]
                found.setdefault(axis.fact.name, []).append((axis.locate, left))
        return found

    def left(self, boxes: int, facts: Iterable[tuple[str, object]]) -> int:
        """The boxes of some that facts leave possible.

        Raises:
            FactError: A fact is outside its domain.
            TypeError: It cannot be.
        """
        for name, value in facts:
            boxes &= _left_by(self, name, value)
        return boxes

    def missing(self, names: tuple[str, ...]) -> Sequence[tuple[int, ...]]:
        """For each table the places of its facts that are not among some."""
        return _missing_from(self, names)

    def verdict(self, number: int, boxes: int, missing: Sequence[tuple[int, ...]]) -> Verdict:
        """What one of the tables says, by its number, where some boxes are left possible."""
        at, every = self.bits[number]
        return self.tables[number].verdict_for(boxes >> at & every, missing[number])


@lru_cache(maxsize=4_096, typed=True)
def _left_by(together: Together, name: str, value: object) -> int:
    """The boxes of all tables that a value of a fact leaves possible."""
    left = together.everything
    for locate, boxes in together.asked.get(name, ()):
        left &= boxes[locate(value)]
    return left


@lru_cache(maxsize=64)
def _missing_from(together: Together, names: tuple[str, ...]) -> Sequence[tuple[int, ...]]:
    return [
        tuple([at for at, fact in enumerate(table.facts) if fact.name not in names])
        for table in together.tables
    ]
