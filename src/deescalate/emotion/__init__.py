"""The customer's core affect: the state, its dynamics, what an observation and an impulse are."""

from deescalate._public import publish
from deescalate.emotion._effects import MoveEffects
from deescalate.emotion._fitting import (
    FittedTemperament,
    Placebo,
    RatedMoment,
    StandardErrors,
    fit_temperament,
)
from deescalate.emotion._names import EMOTIONS, NamedEmotion
from deescalate.emotion._parties import Contagion, Exchange, Pair
from deescalate.emotion._state import EmotionState, latent_of
from deescalate.emotion._temperament import CHARACTERS, Character, Temperament
from deescalate.emotion._values import (
    Affect,
    Impulse,
    Interval,
    Measurement,
    Observation,
    distress_of,
    openness_of,
)

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
    "Placebo",
    "RatedMoment",
    "StandardErrors",
    "Temperament",
    "distress_of",
    "fit_temperament",
    "latent_of",
    "openness_of",
]

publish(__name__, __all__, globals())
