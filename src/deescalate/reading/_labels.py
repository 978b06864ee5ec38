"""Where the labels of common classifiers lie in pleasure, arousal and dominance."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from deescalate.emotion import Affect

__all__ = ["GOEMOTIONS", "POLARITY"]


def _places(rows: Mapping[str, tuple[float, float, float]]) -> Mapping[str, Affect]:
    return MappingProxyType(
        {
            label: Affect(pleasure=pleasure, arousal=arousal, dominance=dominance)
            for label, (pleasure, arousal, dominance) in rows.items()
        }
    )


GOEMOTIONS: Final = _places(
    {
        "admiration": (0.5, 0.3, -0.2),
        "amusement": (0.5, 0.3, 0.2),
        "anger": (-0.51, 0.59, 0.25),
        "annoyance": (-0.4, 0.4, 0.15),
        "approval": (0.3, 0.1, 0.2),
        "caring": (0.4, 0.1, 0.0),
        "confusion": (-0.2, 0.2, -0.3),
        "curiosity": (0.05, 0.3, 0.0),
        "desire": (0.1, 0.3, 0.0),
        "disappointment": (-0.5, 0.0, -0.3),
        "disapproval": (-0.4, 0.2, 0.2),
        "disgust": (-0.6, 0.35, 0.11),
        "embarrassment": (-0.4, 0.2, -0.4),
        "excitement": (0.6, 0.6, 0.3),
        "fear": (-0.64, 0.6, -0.43),
        "gratitude": (0.64, 0.16, -0.21),
        "grief": (-0.65, -0.1, -0.4),
        "joy": (0.76, 0.48, 0.35),
        "love": (0.87, 0.54, -0.18),
        "nervousness": (-0.4, 0.4, -0.4),
        "neutral": (0.0, 0.0, 0.0),
        "optimism": (0.4, 0.2, 0.14),
        "pride": (0.5, 0.3, 0.4),
        "realization": (0.0, 0.1, 0.0),
        "relief": (0.3, -0.2, 0.0),
        "remorse": (-0.5, 0.1, -0.4),
        "sadness": (-0.63, -0.27, -0.33),
        "surprise": (0.1, 0.5, -0.13),
    }
)
"""The 28 labels of the GoEmotions taxonomy on the shown scale, -1 to 1.

The places of admiration, anger, disgust, fear, gratitude, joy, love and sadness are published
(Mehrabian's and Ekman's six as in ALMA; GAMYGDALA for gratitude); the rest are ours, put
beside their nearest published neighbours.
"""

POLARITY: Final = _places(
    {
        "positive": (0.6, 0.2, 0.1),
        "negative": (-0.55, 0.35, 0.0),
        "neutral": (0.0, 0.0, 0.0),
        "compound": (0.6, 0.0, 0.0),
    }
)
"""Labels of polarity classifiers on the shown scale; all ours.

``compound`` is a score of -1 to 1 as VADER gives it. It says nothing of arousal.
"""
