"""What to do next and why: handle the person, then the issue."""

from deescalate.strategy.document import default_document
from deescalate.strategy.laws import Law
from deescalate.strategy.plan import Advice, AvoidedMove, Plan, PlannedMove, StartingPhrase
from deescalate.strategy.prove import LawResult, prove_strategy, strategy_laws
from deescalate.strategy.situation import MANNERS, Situation, situation_facts
from deescalate.strategy.space import Breach
from deescalate.strategy.strategy import Strategy, select

__all__ = [
    "MANNERS",
    "Advice",
    "AvoidedMove",
    "Breach",
    "Law",
    "LawResult",
    "Plan",
    "PlannedMove",
    "Situation",
    "StartingPhrase",
    "Strategy",
    "default_document",
    "prove_strategy",
    "select",
    "situation_facts",
    "strategy_laws",
]
