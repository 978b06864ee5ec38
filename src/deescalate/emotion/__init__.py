"""The customer's core affect: the state, its dynamics, what an observation and an impulse are."""

from deescalate.emotion.characters import CHARACTERS, Character
from deescalate.emotion.effects import MoveEffects
from deescalate.emotion.names import EMOTIONS, NamedEmotion
from deescalate.emotion.parties import Contagion, Exchange, Pair
from deescalate.emotion.scales import distress_of, openness_of
from deescalate.emotion.state import EmotionState, latent_of
from deescalate.emotion.temperament import Temperament
from deescalate.emotion.values import Affect, Impulse, Interval, Measurement, Observation

__all__ = [
    "CHARACTERS",
    "EMOTIONS",
    "Affect",
    "Character",
    "Contagion",
    "EmotionState",
    "Exchange",
    "Impulse",
    "Interval",
    "Measurement",
    "MoveEffects",
    "NamedEmotion",
    "Observation",
    "Pair",
    "Temperament",
    "distress_of",
    "latent_of",
    "openness_of",
]
