"""Compensation: what went wrong, what is owed, what is fair; from harm and never from volume."""

from deescalate.compensation import schedules
from deescalate.compensation.answering import Answer, Decision, Request, answer
from deescalate.compensation.auditing import Audit, Comparison, Decided, Drift, Unequal, audit
from deescalate.compensation.checking import ScheduleFinding
from deescalate.compensation.claims import Claim, ClaimReview, review_claims
from deescalate.compensation.curves import ResponseCurve
from deescalate.compensation.entitlement import Adjustment, Entitlement, Part, Working
from deescalate.compensation.formulas import FUNCTIONS, Formula
from deescalate.compensation.harm import EarlierFailure, Failure, Fault, Harm, Loss
from deescalate.compensation.intervals import Interval
from deescalate.compensation.offer import Alternative, Approval, Basis, Line, Offer
from deescalate.compensation.proposing import propose
from deescalate.compensation.remedies import FITTING, ApologyPart, Provision, Remedy
from deescalate.compensation.schedule import FailedCase, PublishedCase, Schedule
from deescalate.compensation.terms import OVERCOMPENSATE, Terms

__all__ = [
    "FITTING",
    "FUNCTIONS",
    "OVERCOMPENSATE",
    "Adjustment",
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
    "Decision",
    "Drift",
    "EarlierFailure",
    "Entitlement",
    "FailedCase",
    "Failure",
    "Fault",
    "Formula",
    "Harm",
    "Interval",
    "Line",
    "Loss",
    "Offer",
    "Part",
    "Provision",
    "PublishedCase",
    "Remedy",
    "Request",
    "ResponseCurve",
    "Schedule",
    "ScheduleFinding",
    "Terms",
    "Unequal",
    "Working",
    "answer",
    "audit",
    "propose",
    "review_claims",
    "schedules",
]
