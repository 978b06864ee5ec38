"""Commitments, the ledger that never loses one, and what follows after a conversation."""

from deescalate.promises.follow_up import Course, Ending, FollowUp, FollowUpKind, follow_ups
from deescalate.promises.ledger import Entry, Ledger, Word
from deescalate.promises.promise import Promise, Standing
from deescalate.promises.times import (
    WEEKDAYS,
    ContactHours,
    WorkingHours,
    after,
    aware,
    instant,
    on_clock,
    zone_named,
)

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
