"""Many cases: causes, rates, trends and coaching, without keeping what need not be kept."""

from deescalate.records.coaching import CoachingNote, Remark, coach
from deescalate.records.record import (
    CAUSES,
    CaseRecord,
    Step,
    record_of,
    records_from_json_lines,
    records_to_json_lines,
)
from deescalate.records.statistics import (
    ChangePoint,
    Difference,
    Rate,
    change_point,
    difference,
    rate,
)
from deescalate.records.summary import Chain, MoveEffect, Summary, Trend, columns, summarise

__all__ = [
    "CAUSES",
    "CaseRecord",
    "Chain",
    "ChangePoint",
    "CoachingNote",
    "Difference",
    "MoveEffect",
    "Rate",
    "Remark",
    "Step",
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
]
