"""Questions about all cases of a table at once, answered exactly, with cases for witnesses.

Each is proved for the whole declared domain by splitting it into regions, never by sampling. An
answer that would take more regions than its ``limit`` is refused with ``WorkLimitError``.
"""

from deescalate.rules.proofs.changes import Difference, differences
from deescalate.rules.proofs.checking import Finding, Severity, check
from deescalate.rules.proofs.coverage import (
    DeadRule,
    Merge,
    Overlap,
    can_merge,
    dead_rules,
    gaps,
    overlaps,
    unreachable,
)
from deescalate.rules.proofs.laws import Expected, always, never
from deescalate.rules.proofs.monotony import Turn, is_monotone
from deescalate.rules.proofs.nearby import Change, nearest
from deescalate.rules.proofs.search import Witness

__all__ = [
    "Change",
    "DeadRule",
    "Difference",
    "Expected",
    "Finding",
    "Merge",
    "Overlap",
    "Severity",
    "Turn",
    "Witness",
    "always",
    "can_merge",
    "check",
    "dead_rules",
    "differences",
    "gaps",
    "is_monotone",
    "nearest",
    "never",
    "overlaps",
    "unreachable",
]
