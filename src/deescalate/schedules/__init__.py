"""Published schedules of compensation: documents whose tables and formulas award an exact sum.

>>> from deescalate import schedules
>>> award = schedules.load("eu261").amount({"event": "delay", "km": 2000, "delay_min": 200})
>>> print(award.money)
EUR 400.00
"""

from deescalate._public import publish
from deescalate.schedules._entitlement import (
    Adjustment,
    Entitlement,
    FailedCase,
    Part,
    PublishedCase,
    Working,
)
from deescalate.schedules._formulas import FUNCTIONS, Formula
from deescalate.schedules._nearby import AmountChange
from deescalate.schedules._schedule import Schedule, load, names, text

__all__ = [
    "FUNCTIONS",
    "Adjustment",
    "AmountChange",
    "Entitlement",
    "FailedCase",
    "Formula",
    "Part",
    "PublishedCase",
    "Schedule",
    "Working",
    "load",
    "names",
    "text",
]

publish(__name__, __all__, globals())
