"""The least of a function by simplex, and the errors that its curvature gives; without numpy."""

import math
from collections.abc import Callable, Sequence

__all__ = ["curve", "descend", "root_inverse_diagonal"]

_Corner = tuple[float, list[float]]


def descend(badness: Callable[[Sequence[float]], float], start: Sequence[float]) -> list[float]:
    """Nelder and Mead's simplex, until it is small."""

    def corner(point: list[float]) -> _Corner:
        return badness(point), point

    first = [[*start], *([*start] for _ in start)]
    for axis, point in enumerate(first[1:]):
        point[axis] += 0.7
    simplex = sorted(corner(point) for point in first)
    rounds = 0
    while rounds < 100 * len(start) and not _is_small(simplex):
        rounds += 1
        moved = _moved(corner, simplex)
        if moved[0] < simplex[-1][0]:
            simplex = sorted([*simplex[:-1], moved])
        else:
            best = simplex[0]
            nearer = (corner(_between(best[1], each[1], 0.5)) for each in simplex[1:])
            simplex = sorted([best, *nearer])
    return simplex[0][1]


def _moved(corner: Callable[[list[float]], _Corner], simplex: Sequence[_Corner]) -> _Corner:
    """The worst corner reflected through the middle of the others, stretched or pulled in."""
    *others, worst = simplex
    middle = [math.fsum(each) / len(others) for each in zip(*(at for _, at in others), strict=True)]
    reflected = corner(_between(worst[1], middle, 2.0))
    if reflected[0] < others[0][0]:
        return min(reflected, corner(_between(worst[1], middle, 3.0)))
    if reflected[0] < others[-1][0]:
        return reflected
    return min(corner(_between(worst[1], middle, 1.5)), corner(_between(worst[1], middle, 0.5)))


def _between(one: Sequence[float], other: Sequence[float], share: float) -> list[float]:
    return [a + share * (b - a) for a, b in zip(one, other, strict=True)]


def _is_small(simplex: Sequence[_Corner]) -> bool:
    best, *_, worst = simplex
    return worst[0] - best[0] < 1e-9 and math.dist(best[1], worst[1]) < 1e-5


def curve(
    badness: Callable[[dict[int, float]], float], i: int, by_i: float, j: int, by_j: float
) -> float:
    if i == j:
        change = badness({i: by_i}) - 2.0 * badness({}) + badness({i: -by_i})
        return change / (by_i * by_i)
    corners = (
        badness({i: by_i, j: by_j})
        - badness({i: by_i, j: -by_j})
        - badness({i: -by_i, j: by_j})
        + badness({i: -by_i, j: -by_j})
    )
    return corners / (4.0 * by_i * by_j)


def root_inverse_diagonal(matrix: list[list[float]]) -> list[float]:
    """Square roots of the inverse's diagonal; infinite along directions that are flat."""
    firm = [i for i, row in enumerate(matrix) if row[i] > 1e-3]
    inverse = _inverse([[matrix[i][j] for j in firm] for i in firm])
    found = dict(zip(firm, (row[k] for k, row in enumerate(inverse)), strict=True))
    return [
        math.sqrt(found[i]) if i in found and found[i] > 0.0 else math.inf
        for i in range(len(matrix))
    ]


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan's elimination, with the greatest pivot first."""
    size = len(matrix)
    rows = [[*row, *(1.0 if i == j else 0.0 for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        lead = rows[i][i] or 1e-300
        rows[i] = [value / lead for value in rows[i]]
        for k in range(size):
            if k != i:
                factor = rows[k][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [row[size:] for row in rows]
