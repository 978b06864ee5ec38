"""Who must take a case over, why, how soon, and the route there in time."""

from deescalate.escalation.checking import CODES
from deescalate.escalation.decision import Decision
from deescalate.escalation.differences import (
    PolicyDifference,
    Treated,
    replay,
)
from deescalate.escalation.events import Event, Happening, Note, Status, Step
from deescalate.escalation.ladder import Ladder, Stop
from deescalate.escalation.parts import PolicyTest, Returning, SafetyLaw
from deescalate.escalation.path import Path
from deescalate.escalation.policy import EscalationPolicy
from deescalate.escalation.tiers import Asking, FailSafe, Target, Tier, Urgency
from deescalate.escalation.watch import Watch

__all__ = [
    "CODES",
    "Asking",
    "Decision",
    "EscalationPolicy",
    "Event",
    "FailSafe",
    "Happening",
    "Ladder",
    "Note",
    "Path",
    "PolicyDifference",
    "PolicyTest",
    "Returning",
    "SafetyLaw",
    "Status",
    "Step",
    "Stop",
    "Target",
    "Tier",
    "Treated",
    "Urgency",
    "Watch",
    "replay",
]
