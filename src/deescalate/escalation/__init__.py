"""Who must take a case over, why, how soon, and the route there in time."""

from deescalate._public import publish
from deescalate.escalation._charter import PolicyTest, Returning, SafetyLaw
from deescalate.escalation._checking import CODES
from deescalate.escalation._differences import (
    Treated,
    replay,
)
from deescalate.escalation._evaluation import Decision
from deescalate.escalation._events import Happening, LogLine, PathEvent, Stage, Status
from deescalate.escalation._ladder import Ladder, Stop
from deescalate.escalation._path import Path
from deescalate.escalation._policy import EscalationPolicy, Watch
from deescalate.escalation._tiers import Asking, FailSafe, Target, Tier, Urgency

__all__ = [
    "CODES",
    "Asking",
    "Decision",
    "EscalationPolicy",
    "PathEvent",
    "FailSafe",
    "Happening",
    "Ladder",
    "LogLine",
    "Path",
    "PolicyTest",
    "Returning",
    "SafetyLaw",
    "Status",
    "Stage",
    "Stop",
    "Target",
    "Tier",
    "Treated",
    "Urgency",
    "Watch",
    "replay",
]

publish(__name__, __all__, globals())
