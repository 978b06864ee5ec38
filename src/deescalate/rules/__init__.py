"""Decision tables that people can read, test and prove things about: see ``Table``."""

from deescalate._public import publish
from deescalate.rules._audit import DecisionRecord, verify
from deescalate.rules._documents import condition, facts_shape
from deescalate.rules._engine.calendar import Temporal, TemporalKind
from deescalate.rules._engine.columns import ColumnVerdicts
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, all_of, any_of
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Example, Outputs, Rule, Scalar, Verdict
from deescalate.rules._engine.table import FailedExample
from deescalate.rules._table import Table, table_shape

__all__ = [
    "Table",
    "Rule",
    "Number",
    "Choice",
    "Flag",
    "Temporal",
    "TemporalKind",
    "Verdict",
    "DecisionRecord",
    "verify",
    "HitPolicy",
    "Condition",
    "EVERYTHING",
    "all_of",
    "any_of",
    "Example",
    "FailedExample",
    "Outputs",
    "Scalar",
    "Fact",
    "ColumnVerdicts",
    "condition",
    "facts_shape",
    "table_shape",
]

publish(__name__, __all__, globals())
