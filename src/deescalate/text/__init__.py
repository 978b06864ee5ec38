"""A text analysed once: tokens, sentences, the customer's own words, amounts, durations, times."""

from deescalate._public import publish
from deescalate.text._amounts import Amount
from deescalate.text._clean import Clean
from deescalate.text._durations import Duration
from deescalate.text._numbers import SaidNumber
from deescalate.text._points import SaidTime
from deescalate.text._sentences import Sentence, sentences_of
from deescalate.text._text import LONGEST, Text, forget
from deescalate.text._times import When
from deescalate.text._tokens import Cut, Kind, Places, Span, Token, tokenize
from deescalate.text._words import Words, words_of

__all__ = [
    "Text",
    "LONGEST",
    "Span",
    "Places",
    "Token",
    "Sentence",
    "Amount",
    "Duration",
    "SaidTime",
    "When",
    "SaidNumber",
    "Clean",
    "Cut",
    "Words",
    "Kind",
    "forget",
    "sentences_of",
    "tokenize",
    "words_of",
]

publish(__name__, __all__, globals())
