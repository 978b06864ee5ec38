"""The review of a draft reply: tone, apologies, order, promises, authority, clarity."""

from deescalate._public import publish
from deescalate.wording._codes import HARMS, Code, CodeFamily, harms_in
from deescalate.wording._findings import Flaw, Review
from deescalate.wording._needs import HasMove, PlanLike, SituationLike
from deescalate.wording._review import review
from deescalate.wording._settings import HousePhrase, Limits, Wording

__all__ = [
    "Code",
    "CodeFamily",
    "Flaw",
    "HARMS",
    "HasMove",
    "HousePhrase",
    "Limits",
    "PlanLike",
    "Review",
    "SituationLike",
    "Wording",
    "harms_in",
    "review",
]

publish(__name__, __all__, globals())
