"""What to do next and why: handle the person, then the issue."""

from deescalate.strategy.document import default_document
from deescalate.strategy.plan import Advice, AvoidedMove, Plan, PlannedMove, StartingPhrase
from deescalate.strategy.situation import MANNERS, Situation, situation_facts
from deescalate.strategy.strategy import Strategy, select

__all__ = [
    "MANNERS",
    "Advice",
    "AvoidedMove",
    "Plan",
    "PlannedMove",
    "Situation",
    "StartingPhrase",
    "Strategy",
    "default_document",
    "select",
    "situation_facts",
]
