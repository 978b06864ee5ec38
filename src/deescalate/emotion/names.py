"""Named emotions as places in pleasure, arousal and dominance, each with its source."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from deescalate.emotion.values import Affect, Impulse

__all__ = ["EMOTIONS", "NEUTRAL", "NamedEmotion"]

NEUTRAL = "neutral"
"""What an ordinary, unstirred state is called."""


@frozen(kw_only=True)
class NamedEmotion:
    """A word for an emotion, and where people put it.

    Attributes:
        name: The word.
        places: Published places on the shown scale, -1 to 1. Where sources disagree about one,
            each is kept and the nearest counts.
        source: Where they were published.

    >>> EMOTIONS["anger"].places[0].arousal
    0.59
    """

    name: str
    places: tuple[Affect, ...]
    source: str

    def intensity(self, pleasure: float, arousal: float, dominance: float) -> float:
        """How far a shown place has come from neutral to this emotion.

        Args:
            pleasure: Shown pleasure, -1 to 1.
            arousal: Shown arousal, -1 to 1.
            dominance: Shown dominance, -1 to 1.

        Returns:
            0 at neutral, 1 at the emotion's place and anywhere further out in its direction. It
            never falls when a coordinate moves the way the emotion lies.

        >>> EMOTIONS["anger"].intensity(-0.51, 0.59, 0.25), EMOTIONS["anger"].intensity(0, 0, 0)
        (1.0, 0.0)
        """
        return max(_progress(place, pleasure, arousal, dominance) for place in self.places)

    def impulse(self, strength: float = 1.0) -> Impulse:
        """The push that leads from neutral toward this emotion.

        Args:
            strength: 1 leads a neutral person of sensitivity 1 all the way, 0.5 half of it.

        Returns:
            The push on the latent coordinates, the mean over the published places.

        >>> EMOTIONS["anger"].impulse().arousal > 0 > EMOTIONS["anger"].impulse().pleasure
        True
        """
        share = strength / len(self.places)
        return Impulse(
            pleasure=share * sum(math.atanh(place.pleasure) for place in self.places),
            arousal=share * sum(math.atanh(place.arousal) for place in self.places),
            dominance=share * sum(math.atanh(place.dominance) for place in self.places),
        )


def _progress(place: Affect, pleasure: float, arousal: float, dominance: float) -> float:
    missing = math.hypot(
        _shortfall(pleasure, place.pleasure),
        _shortfall(arousal, place.arousal),
        _shortfall(dominance, place.dominance),
    )
    way = math.hypot(place.pleasure, place.arousal, place.dominance)
    return max(0.0, 1.0 - missing / way)


def _shortfall(at: float, goal: float) -> float:
    return max(0.0, goal - at) if goal >= 0 else max(0.0, at - goal)


def _named(name: str, source: str, *places: tuple[float, float, float]) -> NamedEmotion:
    return NamedEmotion(
        name=name,
        places=tuple(Affect(pleasure=p, arousal=a, dominance=d) for p, a, d in places),
        source=source,
    )


_MEHRABIAN = "Mehrabian 1996, PAD emotional-state model"
_GAMYGDALA = "Popescu, Broekens & van Someren 2014, GAMYGDALA, after Mehrabian 1996"

EMOTIONS: Mapping[str, NamedEmotion] = MappingProxyType(
    {
        emotion.name: emotion
        for emotion in (
            _named("anger", _MEHRABIAN, (-0.51, 0.59, 0.25)),
            _named(
                "frustration",
                _MEHRABIAN + "; copies disagree on the sign of dominance",
                (-0.64, 0.52, 0.35),
                (-0.64, 0.52, -0.35),
            ),
            _named("anxiety", _GAMYGDALA + " (fear)", (-0.64, 0.60, -0.43)),
            _named("disappointment", _GAMYGDALA, (-0.61, -0.15, -0.29)),
            _named("confusion", _MEHRABIAN + " (puzzled)", (-0.41, 0.48, -0.33)),
            _named("satisfaction", _GAMYGDALA, (0.87, 0.20, 0.62)),
            _named("gratitude", _GAMYGDALA, (0.64, 0.16, -0.21)),
            _named("relief", _GAMYGDALA, (0.29, -0.19, -0.28)),
        )
    }
)
"""The named emotions, by name."""
