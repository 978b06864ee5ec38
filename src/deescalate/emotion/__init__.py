"""The customer's core affect: the state, its dynamics, what an observation and an impulse are."""

from deescalate.emotion.characters import CHARACTERS, Character
from deescalate.emotion.effects import MoveEffects
from deescalate.emotion.fitting import (
    FittedTemperament,
    RatedMoment,
    StandardErrors,
    fit_temperament,
)
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
    "FittedTemperament",
    "Impulse",
    "Interval",
    "Measurement",
    "MoveEffects",
    "NamedEmotion",
    "Observation",
    "Pair",
    "RatedMoment",
    "StandardErrors",
    "Temperament",
    "distress_of",
    "fit_temperament",
    "latent_of",
    "openness_of",
]
