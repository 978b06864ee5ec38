"""Hypothesis strategies for the facts of schedules."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from deescalate.rules import Choice, Number
from deescalate.schedules import Schedule

__all__ = ["facts_of"]

_ROUND = (
    1, 2, 3, 4, 7, 14, 15, 30, 60, 61, 95, 99, 119, 120, 180, 239, 240, 1000, 1500, 3500, 3501,
)  # fmt: skip


@st.composite
def facts_of(draw: st.DrawFn, schedule: Schedule, *, complete: bool = True) -> Mapping[str, object]:
    """Facts of a schedule: options, flags, and numbers at and around its round figures.

    Args:
        draw: Filled in by Hypothesis.
        schedule: The schedule.
        complete: Whether every fact is there; if not, some are left out.

    >>> from deescalate import schedules
    >>> strategy = facts_of(schedules.load("eu261"))
    """
    facts: dict[str, object] = {}
    for given in schedule.given:
        fact = given.fact
        if not complete and draw(st.booleans()):
            continue
        if isinstance(fact, Choice):
            facts[fact.name] = draw(st.sampled_from(fact.options))
        elif not isinstance(fact, Number):
            facts[fact.name] = draw(st.booleans())
        else:
            low = int(fact.low or 0)
            high = 20_000 if fact.high is None else int(fact.high)
            whole = st.integers(low, high) | st.sampled_from(
                [each for each in _ROUND if low <= each <= high]
            )
            cents = st.integers(low * 100, high * 100).map(lambda count: Decimal(count) / 100)
            facts[fact.name] = draw(whole if fact.integer else whole | cents)
    return facts
