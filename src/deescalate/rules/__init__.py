"""Decision tables that people can read, test and prove things about: see ``Table``."""

from deescalate.rules.columns import ColumnVerdicts
from deescalate.rules.conditions import EVERYTHING, Condition, all_of, any_of
from deescalate.rules.documents import table_from_document, table_to_document
from deescalate.rules.fact import Fact
from deescalate.rules.facts import Choice, Flag
from deescalate.rules.number import Number
from deescalate.rules.policies import HitPolicy
from deescalate.rules.rule import Example, Outputs, Rule, Scalar
from deescalate.rules.table import FailedExample, Table
from deescalate.rules.verdict import Verdict

__all__ = [
    "EVERYTHING",
    "Choice",
    "ColumnVerdicts",
    "Condition",
    "Example",
    "Fact",
    "FailedExample",
    "Flag",
    "HitPolicy",
    "Number",
    "Outputs",
    "Rule",
    "Scalar",
    "Table",
    "Verdict",
    "all_of",
    "any_of",
    "table_from_document",
    "table_to_document",
]
