"""What an agent does: the vocabulary of moves, how to say them, and the frameworks behind them."""

from deescalate.moves.vocabulary import Family, Move, Phase

__all__ = ["Family", "Move", "Phase"]
