"""From text to what it shows: the customer's affect and cues, the agent's moves."""

from deescalate.reading._features import features_of
from deescalate.reading._signals import Signals, logistic
from deescalate.reading.labels import GOEMOTIONS, POLARITY
from deescalate.reading.lexicon import Lexicon
from deescalate.reading.readers import EnglishReader, LanguageReader, ScoreReader, blend

__all__ = [
    "GOEMOTIONS",
    "POLARITY",
    "EnglishReader",
    "LanguageReader",
    "Lexicon",
    "ScoreReader",
    "Signals",
    "blend",
    "features_of",
    "logistic",
]
