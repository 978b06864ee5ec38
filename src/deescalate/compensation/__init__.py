"""Compensation: what went wrong, what is owed, what is fair; from harm and never from volume."""

from deescalate._public import publish
from deescalate.compensation._answering import (
    Answer,
    AnswerKind,
    Claim,
    ClaimReview,
    Request,
    answer,
    review_claims,
)
from deescalate.compensation._auditing import Audit, Comparison, Decided, OfferDrift, Unequal, audit
from deescalate.compensation._harm import EarlierFailure, Failure, Fault, Harm, Loss
from deescalate.compensation._offer import Alternative, Approval, Basis, Line, Offer
from deescalate.compensation._proposing import propose
from deescalate.compensation._remedies import FITTING, ApologyPart, Provision, Remedy, ResponseCurve
from deescalate.compensation._terms import OVERCOMPENSATE, Terms
from deescalate.statistics import Estimate

__all__ = [
    "FITTING",
    "OVERCOMPENSATE",
    "Alternative",
    "Answer",
    "ApologyPart",
    "Approval",
    "Audit",
    "Basis",
    "Claim",
    "ClaimReview",
    "Comparison",
    "Decided",
    "AnswerKind",
    "OfferDrift",
    "EarlierFailure",
    "Failure",
    "Fault",
    "Harm",
    "Estimate",
    "Line",
    "Loss",
    "Offer",
    "Provision",
    "Remedy",
    "Request",
    "ResponseCurve",
    "Terms",
    "Unequal",
    "answer",
    "audit",
    "propose",
    "review_claims",
]

publish(__name__, __all__, globals())
