"""Learned signals: what each word and pair of words adds to the log odds of every label.

The weights of a feature are one small whole number a label. They are laid side by side in one large
number, so that a text is scored for all labels with one addition a feature, and each score is the
exact sum of its parts.
"""

import json
import math
from base64 import b64decode
from collections.abc import Iterable, Mapping
from functools import cached_property
from struct import unpack
from typing import Any, Final, Self

from attrs import field, frozen

from deescalate.errors import DocumentError, Problem

__all__ = ["Signals", "logistic"]

_BIAS: Final = 128
_LANE: Final = 4
"""Bytes of a label in the large number: sums of 16 million weights fit."""


def logistic(log_odds: float) -> float:
    """The probability of log odds.

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-min(max(log_odds, -60.0), 60.0)))


@frozen(kw_only=True, slots=False)
class Signals:
    """An additive model of several labels over the features of a text.

    Attributes:
        labels: What is told.
        intercepts: The log odds of each label in a text without a known feature.
        step: The log odds that one unit of weight stands for.
        features: The known features.
        weights: One byte a label for each feature in turn, 128 more than the weight.

    >>> signals = Signals(
    ...     labels=("late", "rude"), intercepts=(-2.0, -3.0), step=0.5,
    ...     features=("delay", "idiots"), weights=bytes([134, 128, 128, 138]),
    ... )
    >>> signals.log_odds(["delay", "idiots", "unheard of"])
    (1.0, 2.0)
    """

    labels: tuple[str, ...]
    intercepts: tuple[float, ...]
    step: float
    features: tuple[str, ...] = field(repr=False)
    weights: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Take a model out of the text that `examples/fitting/fit_signals.py` writes.

        Args:
            text: JSON: ``labels``, ``intercepts``, ``step``, ``features`` (lines in one text) and
                ``weights`` (base64).

        Returns:
            The model.

        Raises:
            DocumentError: If it is no such text.
        """
        try:
            found: dict[str, Any] = json.loads(text)
            model = cls(
                labels=tuple(map(str, found["labels"])),
                intercepts=tuple(map(float, found["intercepts"])),
                step=float(found["step"]),
                features=tuple("\n".join(found["features"]).split("\n")),
                weights=b64decode("".join(found["weights"]), validate=True),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            reason = f"found {type(error).__name__} {error}, expected a fitted model"
            raise DocumentError("signals", (Problem("document", reason),)) from None
        if not model._fits():
            reason = "found texts and numbers of other sizes, expected one weight a label"
            raise DocumentError("signals", (Problem("weights", reason),))
        return model

    def _fits(self) -> bool:
        labels = len(self.labels)
        return len(self.intercepts) == labels and len(self.weights) == labels * len(self.features)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {feature: place for place, feature in enumerate(self.features)}

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The large numbers that were needed so far; no more than there are features."""
        return {}

    def knows(self, feature: str) -> bool:
        """Whether a feature has weights."""
        return feature in self._places

    def log_odds(self, features: Iterable[str]) -> tuple[float, ...]:
        """The log odds of each label.

        Args:
            features: Those of a text, each once.

        Returns:
            One number a label, in their order: the intercept and what each feature adds.
        """
        rows, total, known = self._rows, 0, 0
        for feature in features:
            row = rows.get(feature)
            if row is None:
                row = self._row(feature)
            if row:
                total += row
                known += 1
        size = len(self.labels)
        sums = unpack(f"<{size}I", total.to_bytes(_LANE * size, "little"))
        less, step = _BIAS * known, self.step
        return tuple(
            base + step * (each - less) for base, each in zip(self.intercepts, sums, strict=True)
        )

    def _row(self, feature: str) -> int:
        place = self._places.get(feature)
        if place is None:
            return 0
        size = len(self.labels)
        lanes = bytearray(_LANE * size)
        lanes[::_LANE] = self.weights[place * size : (place + 1) * size]
        row = self._rows[feature] = int.from_bytes(lanes, "little")
        return row

    def parts(self, features: Iterable[str], label: str) -> Mapping[str, float]:
        """What each feature adds to the log odds of a label; with the intercept, all of them.

        Args:
            features: Those of a text.
            label: One of the labels.

        Returns:
            The log odds by feature, those that add nothing left out.
        """
        at, size = self.labels.index(label), len(self.labels)
        found: dict[str, float] = {}
        for feature in features:
            place = self._places.get(feature)
            weight = 0 if place is None else self.weights[place * size + at] - _BIAS
            if weight:
                found[feature] = self.step * weight
        return found

    def intercept(self, label: str) -> float:
        """The log odds of a label where nothing is known."""
        return self.intercepts[self.labels.index(label)]
