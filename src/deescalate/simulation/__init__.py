"""Simulated customers who react, to study a way of answering and to test a bot with."""

from deescalate._public import publish
from deescalate.simulation._assumptions import Assumption, Assumptions, Problem
from deescalate.simulation._customers import Customer, Grievance, Manner, customers, manners
from deescalate.simulation._minds import HARMS, Mind, Said, react
from deescalate.simulation._noise import Noise
from deescalate.simulation._scenes import (
    Agent,
    Cost,
    Episode,
    Outcome,
    Scene,
    Seen,
    Sight,
    Tracker,
    Turn,
    play,
)
from deescalate.simulation._voices import Utterance, speak, voice

__all__ = [
    "Agent",
    "Assumption",
    "Assumptions",
    "Cost",
    "Customer",
    "Episode",
    "Grievance",
    "HARMS",
    "Manner",
    "Mind",
    "Noise",
    "Outcome",
    "Problem",
    "Said",
    "Scene",
    "Seen",
    "Sight",
    "Tracker",
    "Turn",
    "Utterance",
    "customers",
    "manners",
    "play",
    "react",
    "speak",
    "voice",
]

publish(__name__, __all__, globals())
