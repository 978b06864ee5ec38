"""The state: where a person's core affect is thought to be, and how surely."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Self

from attrs import field, frozen

from deescalate.emotion._names import EMOTIONS, NEUTRAL, emotion_named
from deescalate.emotion._values import (
    COORDINATES,
    Affect,
    Interval,
    affect_within,
    checked_number,
    distress_logit,
    distress_of,
    distress_spread,
    logistic,
    openness_of,
)
from deescalate.errors import SettingError, nearest_name
from deescalate.statistics import reach

__all__ = ["EmotionState", "latent_of"]

_ORIGIN = Affect()
_OUTERMOST = 1.0 - 2.0**-53
_NAMED_FROM = 1.0 / 3.0


def shown_of(latent: float) -> float:
    """What is shown of a latent coordinate: its tanh, always inside -1 and 1.

    >>> shown_of(0.5) < shown_of(1000.0) < 1.0
    True
    """
    return min(max(math.tanh(latent), -_OUTERMOST), _OUTERMOST)


def latent_of(shown: float) -> float:
    """The latent coordinate behind one that is shown, such as a rating by a person.

    Args:
        shown: -1 to 1. The very ends stand for an infinity; they are read as 0.999.

    Returns:
        Its inverse tanh, about -3.8 to 3.8.

    Raises:
        SettingError: If it is no number from -1 to 1.

    >>> round(latent_of(-0.51), 3)
    -0.563
    """
    checked_number("shown", shown, low=-1.0, high=1.0)
    return math.atanh(min(max(shown, -0.999), 0.999))


@frozen(kw_only=True)
class EmotionState:
    """Where a person's core affect is thought to be: a Gaussian in each latent coordinate.

    Attributes:
        mean: The latent means, unbounded. What is shown is their tanh.
        variance: The latent variances, 0 (known exactly) or more.

    Raises:
        SettingError: If a number is not finite or a variance below 0.

    >>> angry = EmotionState.feeling("anger")
    >>> angry.dominant, round(angry.arousal, 2), round(angry.distress, 2)
    ('anger', 0.59, 0.73)
    """

    mean: Affect = field(default=_ORIGIN, validator=affect_within())
    variance: Affect = field(default=_ORIGIN, validator=affect_within(0.0))

    @classmethod
    def at(
        cls,
        *,
        pleasure: float = 0.0,
        arousal: float = 0.0,
        dominance: float = 0.0,
        spread: float = 0.0,
    ) -> Self:
        """The state at a place on the shown scale.

        Args:
            pleasure: Shown pleasure, -1 to 1.
            arousal: Shown arousal, -1 to 1.
            dominance: Shown dominance, -1 to 1.
            spread: Latent standard deviation of each coordinate, 0 (known exactly) to 100.

        Returns:
            The state.

        Raises:
            SettingError: If a number is not finite or out of its range.

        >>> round(EmotionState.at(pleasure=-0.5).pleasure, 3)
        -0.5
        """
        wide = checked_number("spread", spread, low=0.0, high=100.0) ** 2
        return cls(
            mean=Affect(
                pleasure=latent_of(pleasure),
                arousal=latent_of(arousal),
                dominance=latent_of(dominance),
            ),
            variance=Affect(pleasure=wide, arousal=wide, dominance=wide),
        )

    @classmethod
    def feeling(cls, name: str, *, strength: float = 1.0) -> Self:
        """The state of a person who feels one named emotion.

        Args:
            name: One of `EMOTIONS`.
            strength: How strongly, 0 (neutral) to 10; at 1 they are at its published place.

        Returns:
            The state, known exactly.

        Raises:
            SettingError: If there is no emotion of that name, or the strength is out of range.

        >>> EmotionState.feeling("gratitude").distress < 0.1
        True
        """
        push = emotion_named(name).impulse(strength)
        return cls(
            mean=Affect(pleasure=push.pleasure, arousal=push.arousal, dominance=push.dominance)
        )

    @property
    def pleasure(self) -> float:
        """Shown pleasure, between -1 and 1."""
        return shown_of(self.mean.pleasure)

    @property
    def arousal(self) -> float:
        """Shown arousal, between -1 and 1."""
        return shown_of(self.mean.arousal)

    @property
    def dominance(self) -> float:
        """Shown dominance, between -1 and 1."""
        return shown_of(self.mean.dominance)

    @cached_property
    def spread(self) -> Affect:
        """The standard deviation of each latent coordinate; evidence never widens it."""
        return Affect(
            pleasure=math.sqrt(self.variance.pleasure),
            arousal=math.sqrt(self.variance.arousal),
            dominance=math.sqrt(self.variance.dominance),
        )

    @property
    def distress(self) -> float:
        """How distressed, 0 to 1, on the scale of `distress_of`; the headline number.

        It is the median of what is believed: the person is as likely above it as below.
        """
        return distress_of(self.mean.pleasure, self.mean.arousal)

    @property
    def openness(self) -> float:
        """How far reason can reach the person now, 0 to 1, on the scale of `openness_of`."""
        return openness_of(self.mean.pleasure, self.mean.arousal)

    def intensity(self, name: str) -> float:
        """How strongly one named emotion is felt.

        Args:
            name: One of `EMOTIONS`.

        Returns:
            0 (no further that way than neutral) to 1 (as far as its published place).

        Raises:
            SettingError: If there is no emotion of that name.

        >>> EmotionState.feeling("anger").intensity("gratitude")
        0.0
        """
        return emotion_named(name).intensity(self._shown)

    @property
    def intensities(self) -> Mapping[str, float]:
        """How strongly each named emotion is felt, the strongest first.

        Of emotions that are felt equally, the one further from neutral in arousal comes first.
        """
        shown = self._shown
        found = {name: each.intensity(shown) for name, each in EMOTIONS.items()}
        return {name: found[name] for name in sorted(found, key=lambda name: _order(name, found))}

    @cached_property
    def dominant(self) -> str:
        """The named emotion nearest to the state, or ``neutral`` where none is felt a third.

        Of the emotions felt a third or more it is the one whose place is nearest.
        """
        shown = self._shown
        felt = [each for each in EMOTIONS.values() if each.intensity(shown) >= _NAMED_FROM]
        return min(felt, key=lambda each: each.distance(shown)).name if felt else NEUTRAL

    def interval(self, coordinate: str, *, level: float = 0.9) -> Interval:
        """The range of one shown coordinate that holds the truth with a stated probability.

        Args:
            coordinate: ``pleasure``, ``arousal`` or ``dominance``.
            level: The probability, above 0 and below 1.

        Returns:
            The range, exact, since tanh only stretches the latent Gaussian.

        Raises:
            SettingError: If there is no such coordinate, or the level is out of range.

        >>> state = EmotionState.at(arousal=0.5, spread=0.2)
        >>> 0.5 in state.interval("arousal"), state.interval("arousal").high < 0.75
        (True, True)
        """
        if coordinate not in COORDINATES:
            near = nearest_name(coordinate, COORDINATES)
            hint = f"; did you mean `{near}`?" if near else ""
            raise SettingError("coordinate", coordinate, f"one of {', '.join(COORDINATES)}{hint}")
        middle = getattr(self.mean, coordinate)
        wide = _reach(level) * getattr(self.spread, coordinate)
        return Interval(shown_of(middle - wide), shown_of(middle + wide))

    def distress_interval(self, *, level: float = 0.9) -> Interval:
        """The range of distress that holds the truth with a stated probability.

        Args:
            level: The probability, above 0 and below 1.

        Returns:
            The range, exact, since the logit of distress is linear in the latent coordinates.

        Raises:
            SettingError: If the level is out of range.

        >>> EmotionState.at(spread=0.3).distress_interval().low < 0.25
        True
        """
        middle = distress_logit(self.mean.pleasure, self.mean.arousal)
        wide = _reach(level) * distress_spread(self.variance.pleasure, self.variance.arousal)
        return Interval(logistic(middle - wide), logistic(middle + wide))

    @property
    def _shown(self) -> Affect:
        return Affect(pleasure=self.pleasure, arousal=self.arousal, dominance=self.dominance)

    def __str__(self) -> str:
        sure = self.distress_interval()
        return (
            f"{self.dominant}: distress {self.distress:.2f} ({sure.low:.2f} to {sure.high:.2f}), "
            f"pleasure {self.pleasure:+.2f}, arousal {self.arousal:+.2f}, "
            f"dominance {self.dominance:+.2f}"
        )


def _order(name: str, intensities: Mapping[str, float]) -> tuple[float, float]:
    return -round(intensities[name], 9), -abs(EMOTIONS[name].place.arousal)


def _reach(level: float) -> float:
    checked_number("level", level, low=0.0, high=1.0, above=True)
    if level == 1.0:
        raise SettingError("level", level, "a number above 0 and below 1")
    return reach(level)
