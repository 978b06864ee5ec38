"""Readers of customers' messages: English, any classifier's scores, and blends of readers."""

from functools import cached_property
from typing import Final

from attrs import define

from deescalate.cues import Cue, Reading
from deescalate.errors import DeescalateError
from deescalate.reading.affect import affect_of
from deescalate.reading.language import Language
from deescalate.reading.tokens import tokenize

__all__ = ["EnglishReader"]


@define(slots=False)
class EnglishReader:
    """Reads English messages.

    >>> EnglishReader().read("Thank you so much!").distress < EnglishReader().read("Awful service").distress
    True
    """

    def read(self, text: str) -> Reading:
        language = Language.load("english")
        tokens = tokenize(text)
        try:
            from deescalate.reading.constructions import CueFinder

            cues: tuple[Cue, ...] = CueFinder.load("english").find(tokens, text)
        except ImportError:
            cues = ()
        affect = affect_of(tokens, language, cues)
        return Reading(
            affect=affect.observation, distress=affect.distress, cues=cues, evidence=affect.evidence
        )
