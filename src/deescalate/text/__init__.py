"""What a text is made of."""

from deescalate.text._sentences import Sentence, sentences_of
from deescalate.text._tokens import Kind, Span, Token, tokenize

__all__ = ["Kind", "Sentence", "Span", "Token", "sentences_of", "tokenize"]
