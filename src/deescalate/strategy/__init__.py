"""What to do next and why: handle the person, then the issue."""

from deescalate._public import publish
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
from deescalate.strategy._laws import Law
from deescalate.strategy._prove import LawResult, prove_strategy, strategy_laws
from deescalate.strategy._space import Breach
from deescalate.strategy._strategy import Strategy, default_document, select

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

publish(__name__, __all__, globals())
