"""Many cases: causes, rates, trends and coaching, without keeping what need not be kept."""

from deescalate._public import publish
from deescalate.records._coaching import CoachingNote, Remark, coach
from deescalate.records._record import (
    CAUSES,
    AgentTurn,
    CaseRecord,
    record_of,
    records_from_json_lines,
    records_to_json_lines,
)
from deescalate.records._summary import Chain, MoveEffect, Summary, Trend, columns, summarise
from deescalate.records._turns import turn_columns
from deescalate.statistics import (
    ChangePoint,
    Contrast,
    Rate,
    change_point,
    difference,
    rate,
)

__all__ = [
    "CAUSES",
    "CaseRecord",
    "Chain",
    "ChangePoint",
    "CoachingNote",
    "Contrast",
    "MoveEffect",
    "Rate",
    "Remark",
    "AgentTurn",
    "Summary",
    "Trend",
    "change_point",
    "coach",
    "columns",
    "difference",
    "rate",
    "record_of",
    "records_from_json_lines",
    "records_to_json_lines",
    "summarise",
    "turn_columns",
]

publish(__name__, __all__, globals())
