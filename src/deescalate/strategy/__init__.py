"""What to do next and why: handle the person, then the issue."""

from deescalate.advice import (
    MANNERS,
    AgentAdvice,
    AvoidedMove,
    Plan,
    PlannedMove,
    Situation,
    StartingPhrase,
    situation_facts,
)
from deescalate.strategy.laws import Law
from deescalate.strategy.prove import LawResult, prove_strategy, strategy_laws
from deescalate.strategy.space import Breach
from deescalate.strategy.strategy import Strategy, default_document, select

__all__ = [
    "MANNERS",
    "AgentAdvice",
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
