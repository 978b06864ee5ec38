"""What an agent does: the vocabulary of moves, how to say them, and the frameworks behind them."""

from deescalate.moves.frameworks import (
    Fit,
    Framework,
    Precedence,
    Step,
    fits,
    frameworks,
    precedences,
)
from deescalate.moves.phrases import Phrase, phrases_for, slots
from deescalate.moves.vocabulary import Family, Move, Phase, moves_called

__all__ = [
    "Family",
    "Fit",
    "Framework",
    "Move",
    "Phase",
    "Phrase",
    "Precedence",
    "Step",
    "fits",
    "frameworks",
    "moves_called",
    "phrases_for",
    "precedences",
    "slots",
]
