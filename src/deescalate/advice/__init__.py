"""What is known before the next reply, and what is advised: below those who make and use them."""

from deescalate._public import publish
from deescalate.advice._plan import AgentAdvice, AvoidedMove, Plan, PlannedMove, StartingPhrase
from deescalate.advice._situation import MANNERS, Situation, situation_facts

__all__ = [
    "MANNERS",
    "AgentAdvice",
    "AvoidedMove",
    "Plan",
    "PlannedMove",
    "Situation",
    "StartingPhrase",
    "situation_facts",
]

publish(__name__, __all__, globals())
