"""Commitments, the ledger that never loses one, and what follows after a conversation."""

from deescalate._public import publish
from deescalate.hours import (
    WEEKDAYS,
    ContactHours,
    WorkingHours,
    after,
    aware,
    in_calendar,
    instant,
    on_clock,
    zone_named,
)
from deescalate.promises._follow_up import Course, Ending, FollowUp, FollowUpKind, follow_ups
from deescalate.promises._ledger import Entry, Ledger, Word
from deescalate.promises._promise import Promise, Standing

__all__ = [
    "WEEKDAYS",
    "ContactHours",
    "Course",
    "Ending",
    "Entry",
    "FollowUp",
    "FollowUpKind",
    "Ledger",
    "Promise",
    "Standing",
    "Word",
    "WorkingHours",
    "after",
    "aware",
    "follow_ups",
    "in_calendar",
    "instant",
    "on_clock",
    "zone_named",
]

publish(__name__, __all__, globals())
