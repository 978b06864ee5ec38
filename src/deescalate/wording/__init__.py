"""The review of a draft reply: tone, apologies, order, promises, authority, clarity."""

from deescalate.wording.codes import Code, CodeFamily, Severity
from deescalate.wording.findings import Finding, Review
from deescalate.wording.needs import HasMove, PlanLike, SituationLike
from deescalate.wording.review import review
from deescalate.wording.settings import Limits, Wording

__all__ = [
    "Code",
    "CodeFamily",
    "Finding",
    "HasMove",
    "Limits",
    "PlanLike",
    "Review",
    "Severity",
    "SituationLike",
    "Wording",
    "review",
]
