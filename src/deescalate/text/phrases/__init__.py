"""Phrase rules over tokens: a small pattern language, compiled once, linear in the text.

A pattern is a line of words. ``(a|b c)`` is one of two phrases, always in brackets, ``[x]`` and
``[a b|c]`` may be left out, ``_`` is exactly one word, ``*3`` up to three words, ``<name>`` a named
list, ``<:number>`` a kind of token, ``cancel*`` a stem of three letters or more, ``,`` a break
inside a sentence, ``!`` and ``?`` are themselves, ``^`` and ``$`` the start and the end of a
sentence. A word with an apostrophe is found without it too. Patterns run over commas and quotes
but never over the end of a sentence.

Patterns are looked up all at once, each under two words that it needs. A message costs one look-up
a word, and a few short steps for each of the dozen patterns that are left.
"""

from deescalate._public import publish
from deescalate.text.phrases._compiled import CompiledRules
from deescalate.text.phrases._documents import PhraseRule
from deescalate.text.phrases._patterns import Match, PatternSet

__all__ = ["CompiledRules", "Match", "PatternSet", "PhraseRule"]

publish(__name__, __all__, globals())
