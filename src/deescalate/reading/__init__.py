"""From text to what it shows: the customer's affect and cues, the agent's moves."""

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
    "blend",
]
