"""The state: where a person's core affect is thought to be, and how surely."""

import math
from statistics import NormalDist

from attrs import frozen

from deescalate.emotion.names import EMOTIONS, NEUTRAL
from deescalate.emotion.scales import distress_of, openness_of
from deescalate.emotion.values import Affect, Interval, checked_number
from deescalate.errors import SettingError

__all__ = ["EmotionState"]

_INSIDE = 1.0 - 2.0**-53
_NAMED_FROM = 0.25


def _shown(latent: float) -> float:
    return min(max(math.tanh(latent), -_INSIDE), _INSIDE)


@frozen(kw_only=True)
class EmotionState:
    """Where a person's core affect is thought to be, as a Gaussian of each latent coordinate.

    Attributes:
        mean: The latent means, unbounded. What is shown is their tanh.
        variance: The latent variances, 0 (known exactly) or more.

    >>> EmotionState(mean=Affect(pleasure=-0.8, arousal=0.9, dominance=0.4)).dominant
    'anger'
    """

    mean: Affect = Affect()
    variance: Affect = Affect()

    @property
    def pleasure(self) -> float:
        """Shown pleasure, between -1 and 1."""
        return _shown(self.mean.pleasure)

    @property
    def arousal(self) -> float:
        """Shown arousal, between -1 and 1."""
        return _shown(self.mean.arousal)

    @property
    def dominance(self) -> float:
        """Shown dominance, between -1 and 1."""
        return _shown(self.mean.dominance)

    @property
    def spread(self) -> Affect:
        """The standard deviation of each latent coordinate."""
        return Affect(
            pleasure=math.sqrt(self.variance.pleasure),
            arousal=math.sqrt(self.variance.arousal),
            dominance=math.sqrt(self.variance.dominance),
        )

    @property
    def distress(self) -> float:
        """How distressed, 0 to 1: the headline number, see `distress_of`."""
        return distress_of(self.mean.pleasure, self.mean.arousal)

    @property
    def openness(self) -> float:
        """How far reason can reach the person now, 0 to 1, see `openness_of`."""
        return openness_of(self.mean.pleasure, self.mean.arousal)

    def intensity(self, name: str) -> float:
        """How strongly one named emotion is felt, 0 to 1."""
        return EMOTIONS[name].intensity(self.pleasure, self.arousal, self.dominance)

    @property
    def dominant(self) -> str:
        """The named emotion that is felt most, or ``neutral``."""
        strength, name = max((self.intensity(name), name) for name in EMOTIONS)
        return name if strength >= _NAMED_FROM else NEUTRAL

    def interval(self, coordinate: str, *, level: float = 0.9) -> Interval:
        """The range of one shown coordinate that holds the truth with a probability."""
        if coordinate not in ("pleasure", "arousal", "dominance"):
            raise SettingError("coordinate", coordinate, "pleasure, arousal or dominance")
        checked_number("level", level, low=0.0, high=1.0, above=True)
        reach = NormalDist().inv_cdf((1.0 + level) / 2.0)
        middle = getattr(self.mean, coordinate)
        spread = getattr(self.spread, coordinate)
        return Interval(_shown(middle - reach * spread), _shown(middle + reach * spread))
