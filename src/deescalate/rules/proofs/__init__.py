"""Questions about all cases of a table at once, answered exactly, with cases for witnesses.

Each is proved for the whole declared domain by splitting it into regions, never by sampling. An
answer that would take more regions than its ``limit`` is refused with ``WorkLimitError``.
"""

from deescalate._public import publish
from deescalate.rules.proofs._changes import Disagreement, differences
from deescalate.rules.proofs._checking import CODES, check
from deescalate.rules.proofs._coverage import (
    DeadRule,
    Merge,
    Overlap,
    can_merge,
    dead_rules,
    gaps,
    overlaps,
    unreachable,
)
from deescalate.rules.proofs._drift import ChangedCase, Drift, drift
from deescalate.rules.proofs._laws import Expected, always, never
from deescalate.rules.proofs._monotony import Reversal, is_monotone
from deescalate.rules.proofs._nearby import Change, nearest
from deescalate.rules.proofs._search import Witness

__all__ = [
    "check",
    "CODES",
    "always",
    "never",
    "Witness",
    "differences",
    "Disagreement",
    "drift",
    "Drift",
    "ChangedCase",
    "nearest",
    "Change",
    "is_monotone",
    "Reversal",
    "gaps",
    "overlaps",
    "Overlap",
    "dead_rules",
    "DeadRule",
    "unreachable",
    "can_merge",
    "Merge",
    "Expected",
]

publish(__name__, __all__, globals())
