"""Grids: finding a float's place among many cuts without comparing it with most of them.

The range of the cuts is divided into equal cells, some for each cut. Most cells hold no cut, so
the cell alone tells the place. Which cell a float lies in rises with the float, rounding and all,
so what a cell tells is exact.
"""

import math
from collections.abc import Sequence

from attrs import frozen

__all__ = ["Grid", "grid_over"]

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
    near = [cut for cut in cuts if abs(cut) < math.inf]
    if len(near) < 2:
        return None
    low, high = near[0], near[-1]
    scale = CELLS * len(near) / (high - low) if high > low else math.inf
    if not 0 < scale < math.inf:
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
