"""Learned signals: what each word and pair of words adds to the log odds of every label.

The weights of a feature are one small whole number a label. They are laid side by side in one large
number, so that a text is scored for all labels with one addition a feature, each score is the exact
sum of its parts, and one more addition says which scores reach their thresholds.
"""

import json
import math
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from struct import unpack
from typing import Any, Final, Self, TypeVar

from attrs import field, frozen

from deescalate.errors import DocumentError, Problem

__all__ = ["Signals", "learned", "logistic"]

T = TypeVar("T")

_BIAS: Final = 128
_LANE: Final = 4
"""Bytes of a label in the large number: sums of 16 million weights fit."""
_BITS: Final = 8 * _LANE
_MIDDLE: Final = 2 ** (_BITS - 1)
"""Stands for 0 in a lane."""


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
        return learned(text, cls.from_parsed)

    @classmethod
    def from_parsed(cls, found: Mapping[str, Any]) -> Self:
        """Take a model out of what such a text holds.

        Args:
            found: What `from_text` describes.

        Returns:
            The model.

        Raises:
            DocumentError: If it is no model.
        """
        try:
            model = cls(
                labels=tuple(map(str, found["labels"])),
                intercepts=tuple(map(float, found["intercepts"])),
                step=float(found["step"]),
                features=tuple("\n".join(found["features"]).split("\n")),
                weights=b64decode("".join(found["weights"]), validate=True),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _refused("document", f"found {type(error).__name__} {error}") from None
        if not model._fits():
            raise _refused("weights", "found texts and numbers of other sizes")
        return model

    def _fits(self) -> bool:
        labels = len(self.labels)
        return len(self.intercepts) == labels and len(self.weights) == labels * len(self.features)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The number of each feature."""
        return dict(zip(self.features, range(len(self.features)), strict=True))

    @cached_property
    def _columns(self) -> "_Columns":
        return _Columns(self.weights, len(self.labels))

    @cached_property
    def _rows(self) -> "_Rows":
        return _Rows(self.weights, len(self.labels))

    @cached_property
    def _middle(self) -> int:
        return self.reaching([0] * len(self.labels))

    def knows(self, feature: str) -> bool:
        """Whether a feature has weights."""
        return feature in self.places

    def log_odds(self, features: Iterable[str]) -> tuple[float, ...]:
        """The log odds of each label.

        Args:
            features: Those of a text, each once.

        Returns:
            One number a label, in their order: the intercept and what each feature adds.
        """
        return tuple(self.all_odds(self.added(self.numbers(features))))

    def numbers(self, features: Iterable[str]) -> set[int]:
        """The numbers of those features that are known.

        Args:
            features: Those of a text.
        """
        places = self.places
        return {places[each] for each in features if each in places}

    def all_units(self, total: int) -> list[int]:
        """The sum of each label in what `added` gives, in steps.

        Args:
            total: What `added` gave.
        """
        size = len(self.labels)
        lanes = (total + self._middle).to_bytes(_LANE * size, "little")
        return [each - _MIDDLE for each in unpack(f"<{size}I", lanes)]

    def all_odds(self, total: int) -> list[float]:
        """The log odds of each label for what `added` gives.

        Args:
            total: What `added` gave.
        """
        step = self.step
        return [
            base + step * each
            for base, each in zip(self.intercepts, self.all_units(total), strict=True)
        ]

    def added(self, numbers: Iterable[int]) -> int:
        """What features add to all labels, each in its lane of one large number.

        Args:
            numbers: The numbers of the features, as `places` gives them.
        """
        return sum(map(self._rows.__getitem__, numbers))

    def units(self, total: int, at: int) -> int:
        """The sum of a label in what `added` gives, in steps.

        Args:
            total: What `added` gave.
            at: The number of the label.
        """
        return ((total + self._middle) >> (_BITS * at) & (2 * _MIDDLE - 1)) - _MIDDLE

    def odds(self, units: int, at: int) -> float:
        """The log odds of a label.

        Args:
            units: Its sum, in steps.
            at: Its number.
        """
        return self.intercepts[at] + self.step * units

    def reaching(self, least: Iterable[int]) -> int:
        """What has to be added to a sum so that `reached` tells which labels come up to a limit.

        Args:
            least: The limit of each label, in steps.
        """
        return sum((_MIDDLE - each) << (_BITS * at) for at, each in enumerate(least))

    @cached_property
    def _tops(self) -> int:
        return sum(_MIDDLE << (_BITS * at) for at in range(len(self.labels)))

    def reached(self, raised: Iterable[int]) -> list[int]:
        """The numbers of the labels that come up to their limits in one of several sums.

        Args:
            raised: Sums, to each of which was added what `reaching` gave.

        >>> signals = Signals(
        ...     labels=("late", "rude"), intercepts=(0.0, 0.0), step=1.0,
        ...     features=("delay",), weights=bytes([134, 120]),
        ... )
        >>> signals.reached([signals.added([0]) + signals.reaching([5, 5])])
        [0]
        """
        bits = 0
        for each in raised:
            bits |= each
        bits &= self._tops
        found: list[int] = []
        while bits:
            at = bits.bit_length() // _BITS - 1
            found.append(at)
            bits ^= _MIDDLE << (_BITS * at)
        return found

    def heard(self, numbers: Iterable[int], at: int, least: int) -> list[tuple[int, int]]:
        """The weights of features for a label that are no less than a limit, the largest first.

        Args:
            numbers: The numbers of the features.
            at: The number of the label.
            least: The limit, in steps.
        """
        weights, low = self._columns[at], least + _BIAS
        found = [(-each, n) for n in numbers if (each := weights[n]) >= low]
        return [(-each - _BIAS, n) for each, n in sorted(found)]

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
            place = self.places.get(feature)
            weight = 0 if place is None else self.weights[place * size + at] - _BIAS
            if weight:
                found[feature] = self.step * weight
        return found

    def intercept(self, label: str) -> float:
        """The log odds of a label where nothing is known."""
        return self.intercepts[self.labels.index(label)]


class _Rows(dict[int, int]):
    """The large number of each feature, made when it is first asked for."""

    def __init__(self, weights: bytes, size: int) -> None:
        super().__init__()
        self._weights, self._size = weights, size
        self._zero = sum(_BIAS << (_BITS * at) for at in range(size))

    def __missing__(self, number: int) -> int:
        size = self._size
        lanes = bytearray(_LANE * size)
        lanes[::_LANE] = self._weights[number * size : (number + 1) * size]
        row = self[number] = int.from_bytes(lanes, "little") - self._zero
        return row


class _Columns(dict[int, bytes]):
    """The weights of each label, laid together when they are first asked for."""

    def __init__(self, weights: bytes, size: int) -> None:
        super().__init__()
        self._weights, self._size = weights, size

    def __missing__(self, at: int) -> bytes:
        column = self[at] = self._weights[at :: self._size]
        return column


def learned(text: str, make: Callable[[Mapping[str, Any]], T]) -> T:
    """Make something out of the file that a fit has written for a language.

    Args:
        text: The file, JSON.
        make: Makes it out of what the file holds.

    Raises:
        DocumentError: If it is no such file.
    """
    try:
        return make(json.loads(text))
    except DocumentError:
        raise
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise _refused("document", f"found {type(error).__name__} {error}") from None


def _refused(path: str, found: str) -> DocumentError:
    return DocumentError("signals", (Problem(path, f"{found}, expected a fitted model"),))
