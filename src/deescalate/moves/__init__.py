"""What an agent does: the vocabulary of moves, how to say them, and the frameworks behind them."""

from deescalate._public import publish
from deescalate.moves._frameworks import (
    Fit,
    Framework,
    Precedence,
    Step,
    fits,
    frameworks,
    precedences,
)
from deescalate.moves._vocabulary import (
    Family,
    Move,
    Phase,
    Phrase,
    moves_called,
    phrases_for,
    slots,
)

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

publish(__name__, __all__, globals())
