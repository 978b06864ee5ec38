"""The review of a draft reply: tone, apologies, order, promises, authority, clarity."""

from deescalate.wording.codes import Code, CodeFamily
from deescalate.wording.findings import Finding, Review
from deescalate.wording.harms import HARMS, harms_in
from deescalate.wording.needs import HasMove, PlanLike, SituationLike
from deescalate.wording.review import review
from deescalate.wording.settings import HousePhrase, Limits, Wording

__all__ = [
    "Code",
    "CodeFamily",
    "Finding",
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
