"""The customer's core affect: the state, its dynamics, what an observation and an impulse are."""

from deescalate.emotion.effects import MoveEffects
from deescalate.emotion.names import EMOTIONS, NamedEmotion
from deescalate.emotion.scales import distress_of, openness_of
from deescalate.emotion.state import EmotionState
from deescalate.emotion.temperament import Temperament
from deescalate.emotion.values import Affect, Impulse, Interval, Measurement, Observation

__all__ = [
    "EMOTIONS",
    "Affect",
    "EmotionState",
    "Impulse",
    "Interval",
    "Measurement",
    "MoveEffects",
    "NamedEmotion",
    "Observation",
    "Temperament",
    "distress_of",
    "openness_of",
]
