"""Commitments, the ledger that never loses one, and what follows after a conversation."""

from deescalate.hours import (
    WEEKDAYS,
    ContactHours,
    WorkingHours,
    after,
    aware,
    instant,
    on_clock,
    zone_named,
)
from deescalate.promises.follow_up import Course, Ending, FollowUp, FollowUpKind, follow_ups
from deescalate.promises.ledger import Entry, Ledger, Word
from deescalate.promises.promise import Promise, Standing

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
    "instant",
    "on_clock",
    "zone_named",
]
