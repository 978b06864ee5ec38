"""Arithmetic of the model over columns of numpy: luck, logistic curves, pushes that diminish."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deescalate.emotion._values import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
    OPENNESS_AT_NEUTRAL,
    OPENNESS_PER_AROUSAL,
    OPENNESS_PER_PLEASURE,
)
from deescalate.simulation._noise import FIRST, GOLDEN, SECOND, UNIT, key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "deviates",
    "diminishing_all",
    "distress_in",
    "likely",
    "mixed_all",
    "openness_in",
    "uniform",
]


def mixed_all(keys: "NDArray[np.uint64]", value: Any) -> "NDArray[np.uint64]":
    """`mixed`, over columns: numpy's arithmetic on 64 bits wraps as the masks do."""
    import numpy as np

    z = (keys ^ np.asarray(value, np.uint64)) + np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(FIRST)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(SECOND)
    made: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return made


def _unit(keys: "NDArray[np.uint64]", index: int) -> "Floats":
    import numpy as np

    made: Floats = ((mixed_all(keys, index) >> np.uint64(11)).astype(float) + 0.5) * UNIT
    return made


def uniform(keys: "NDArray[np.uint64]", purpose: str, turn: int) -> "Floats":
    return _unit(mixed_all(mixed_all(keys, key_of(purpose)), turn), 0)


def deviates(
    keys: "NDArray[np.uint64]", purpose: str, turn: int
) -> tuple["Floats", "Floats", "Floats"]:
    import numpy as np

    key = mixed_all(mixed_all(keys, key_of(purpose)), turn)
    far, further = np.sqrt(-2.0 * np.log(_unit(key, 0))), np.sqrt(-2.0 * np.log(_unit(key, 2)))
    angle = math.tau * _unit(key, 1)
    return far * np.cos(angle), far * np.sin(angle), further * np.cos(math.tau * _unit(key, 3))


def _logistic(x: "Floats") -> "Floats":
    import numpy as np

    made: Floats = 1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0)))
    return made


def likely(strain: "Floats", at: float, v: Mapping[str, float]) -> "Floats":
    return _logistic(v["steepness"] * (strain - at))


def distress_in(m: Mapping[str, Any]) -> "Floats":
    return _logistic(
        DISTRESS_AT_NEUTRAL
        + DISTRESS_PER_PLEASURE * m["pleasure"]
        + DISTRESS_PER_AROUSAL * m["arousal"]
    )


def openness_in(m: Mapping[str, Any]) -> "Floats":
    return _logistic(
        OPENNESS_AT_NEUTRAL
        + OPENNESS_PER_PLEASURE * m["pleasure"]
        + OPENNESS_PER_AROUSAL * m["arousal"]
    )


def diminishing_all(
    pushes: Sequence[tuple[float, bool]], reach: "Floats", *, soothes: float
) -> "Floats":
    """`diminishing` over columns: issue moves that soothe reach as far as openness lets them."""
    import numpy as np

    total = np.zeros(len(reach))
    for sign in (1.0, -1.0):
        way = [(abs(push), issue) for push, issue in pushes if push * sign > 0.0]
        held = sign == soothes
        fixed = sorted((push for push, issue in way if not (issue and held)), reverse=True)
        scaled = sorted((push for push, issue in way if issue and held), reverse=True)
        total += sign * _ranked(fixed, scaled, reach)
    return total


def _ranked(fixed: Sequence[float], scaled: Sequence[float], reach: "Floats") -> "Floats":
    """Halved by rank, where some of the pushes are scaled by a number of each customer."""
    import numpy as np

    if not scaled:
        return np.full(len(reach), math.fsum(push * 0.5**rank for rank, push in enumerate(fixed)))
    total = np.zeros(len(reach))
    for rank, push in enumerate(fixed):
        before = sum((each * reach > push for each in scaled), np.zeros(len(reach)))
        total += push * np.exp2(-rank - before)
    for rank, push in enumerate(scaled):
        before = sum((each >= push * reach for each in fixed), np.zeros(len(reach)))
        total += push * reach * np.exp2(-rank - before)
    return total
