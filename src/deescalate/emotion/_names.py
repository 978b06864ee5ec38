"""Named emotions as places in pleasure, arousal and dominance, each with its source."""

import math
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from attrs import frozen

from deescalate.emotion._values import Affect, Impulse, checked_number
from deescalate.errors import SettingError, nearest_name

__all__ = ["EMOTIONS", "NEUTRAL", "NamedEmotion", "emotion_named"]

NEUTRAL = "neutral"
"""The name of a state that has not come far enough toward any emotion."""


@frozen(kw_only=True)
class NamedEmotion:
    """A word for an emotion, and where people put it.

    Attributes:
        name: The word.
        place: The published place on the shown scale, each coordinate between -1 and 1.
        source: Where it was published.
        dominance_known: Whether the sources agree on dominance. Where they do not, it does not
            count, and the place has 0 there.

    >>> EMOTIONS["anger"].place.arousal, EMOTIONS["frustration"].dominance_known
    (0.59, False)
    """

    name: str
    place: Affect
    source: str
    dominance_known: bool = True

    def intensity(self, shown: Affect) -> float:
        """How far a shown place has come from neutral to this emotion.

        Args:
            shown: The place, each coordinate from -1 to 1.

        Returns:
            0 at neutral, 1 at the emotion's place and anywhere further out in its direction. It
            never falls when a coordinate moves the way the emotion lies.

        >>> anger = EMOTIONS["anger"]
        >>> anger.intensity(anger.place), anger.intensity(Affect())
        (1.0, 0.0)
        """
        goal = self.place
        missing = math.hypot(
            _shortfall(shown.pleasure, goal.pleasure),
            _shortfall(shown.arousal, goal.arousal),
            _shortfall(shown.dominance, goal.dominance) if self.dominance_known else 0.0,
        )
        return max(0.0, 1.0 - missing / self._way)

    @cached_property
    def _way(self) -> float:
        """How far it is from neutral."""
        return math.hypot(self.place.pleasure, self.place.arousal, self.place.dominance)

    def distance(self, shown: Affect) -> float:
        """How far a shown place is from this emotion's, on either side of it.

        Args:
            shown: The place, each coordinate from -1 to 1.

        Returns:
            The straight distance. Where the sources do not agree on dominance, its middle is meant.

        >>> EMOTIONS["anger"].distance(EMOTIONS["anger"].place)
        0.0
        """
        return math.hypot(
            shown.pleasure - self.place.pleasure,
            shown.arousal - self.place.arousal,
            shown.dominance - self.place.dominance,
        )

    def impulse(self, strength: float = 1.0) -> Impulse:
        """The push that leads from neutral toward this emotion.

        Args:
            strength: 1 leads a neutral person of sensitivity 1 all the way, 0.5 half of it on the
                latent scale; 0 to 10.

        Returns:
            The push on the latent coordinates.

        Raises:
            SettingError: If the strength is no number from 0 to 10.

        >>> EMOTIONS["anger"].impulse(0.5).arousal > 0 > EMOTIONS["anger"].impulse().pleasure
        True
        """
        strength = checked_number("strength", strength, low=0.0, high=10.0)
        return Impulse(
            pleasure=strength * math.atanh(self.place.pleasure),
            arousal=strength * math.atanh(self.place.arousal),
            dominance=strength * math.atanh(self.place.dominance),
        )


def _shortfall(at: float, goal: float) -> float:
    missing = goal - at if goal >= 0 else at - goal
    return max(0.0, missing)


def _named(
    name: str, source: str, pleasure: float, arousal: float, dominance: float | None
) -> NamedEmotion:
    return NamedEmotion(
        name=name,
        place=Affect(pleasure=pleasure, arousal=arousal, dominance=dominance or 0.0),
        source=source,
        dominance_known=dominance is not None,
    )


_TERMS = "Mehrabian 1996, after Russell & Mehrabian 1977"
_GAMYGDALA = "Popescu, Broekens & van Someren 2014, GAMYGDALA"
_DISPUTED = "copies disagree on the sign of dominance"
_COPIES = "seen in copies of the table that agree, not in the paper"

EMOTIONS: Mapping[str, NamedEmotion] = MappingProxyType(
    {
        emotion.name: emotion
        for emotion in (
            _named("anger", f"{_TERMS}: angry", -0.51, 0.59, 0.25),
            _named("anxiety", f"{_TERMS}: fearful", -0.64, 0.60, -0.43),
            _named("boredom", f"{_TERMS}: bored", -0.65, -0.62, -0.33),
            _named("calm", f"Russell & Mehrabian 1977: relaxed; {_COPIES}", 0.68, -0.46, 0.06),
            _named("confusion", f"{_TERMS}: puzzled", -0.41, 0.48, -0.33),
            _named("disappointment", _GAMYGDALA, -0.61, -0.15, -0.29),
            _named("frustration", f"{_TERMS}: frustrated; {_DISPUTED}", -0.64, 0.52, None),
            _named("gratitude", _GAMYGDALA, 0.64, 0.16, -0.21),
            _named("hope", _GAMYGDALA, 0.51, 0.23, 0.14),
            _named("joy", _GAMYGDALA, 0.76, 0.48, 0.35),
            _named("relief", _GAMYGDALA, 0.29, -0.19, -0.28),
            _named("sadness", f"{_TERMS}: sad", -0.63, -0.27, -0.33),
            _named("satisfaction", _GAMYGDALA, 0.87, 0.20, 0.62),
            _named("surprise", f"{_TERMS}: surprised", 0.40, 0.67, -0.13),
        )
    }
)
"""The named emotions, by name, in the order of the alphabet.

Only those that service gives cause for: what one feels about the fortune of others, such as pity or
resentment, is left out.
"""


def emotion_named(name: str) -> NamedEmotion:
    """Look an emotion up by its name.

    Args:
        name: One of `EMOTIONS`.

    Returns:
        The emotion.

    Raises:
        SettingError: If there is none of that name; the message names the nearest.

    >>> emotion_named("relief").source
    'Popescu, Broekens & van Someren 2014, GAMYGDALA'
    """
    found = EMOTIONS.get(name)
    if found is None:
        near = nearest_name(name, EMOTIONS)
        hint = f"; did you mean `{near}`?" if near else ""
        raise SettingError("name", name, f"one of {', '.join(EMOTIONS)}{hint}")
    return found
