"""From text to what it shows: the customer's affect and cues, the agent's moves and promises."""

from deescalate._public import publish
from deescalate.reading._agent import (
    AgentReading,
    MoveFound,
    move_features,
    moves_said,
    read_agent,
    read_moves,
)
from deescalate.reading._commitments import (
    Commitment,
    commitments_in,
    commitments_of,
    promises_said,
)
from deescalate.reading._constructions import CueFinder
from deescalate.reading._features import features_of
from deescalate.reading._kinds import peril_of
from deescalate.reading._labels import GOEMOTIONS, POLARITY
from deescalate.reading._lexicon import Lexicon
from deescalate.reading._readers import (
    UNDERSTOOD,
    EnglishReader,
    LanguageReader,
    ScoreReader,
    blend,
)
from deescalate.reading._signals import Signals, logistic

__all__ = [
    "GOEMOTIONS",
    "POLARITY",
    "UNDERSTOOD",
    "AgentReading",
    "Commitment",
    "CueFinder",
    "EnglishReader",
    "LanguageReader",
    "Lexicon",
    "MoveFound",
    "ScoreReader",
    "Signals",
    "blend",
    "commitments_in",
    "commitments_of",
    "features_of",
    "logistic",
    "move_features",
    "moves_said",
    "peril_of",
    "promises_said",
    "read_agent",
    "read_moves",
]

publish(__name__, __all__, globals())
