"""From text to what it shows: the customer's affect and cues, the agent's moves."""

from deescalate.reading.readers import EnglishReader

__all__ = ["EnglishReader"]
