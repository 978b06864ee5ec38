"""Strategies for case records."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from deescalate.moves import Move
from deescalate.records import CAUSES, AgentTurn, CaseRecord

__all__ = ["records", "steps"]

_START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _shares() -> st.SearchStrategy[float]:
    return st.integers(0, 100).map(lambda hundredths: hundredths / 100)


def steps() -> st.SearchStrategy[AgentTurn]:
    """An agent's turns, with what they did and how the customer was.

    >>> steps().is_empty
    False
    """
    return st.builds(
        AgentTurn,
        moves=st.lists(st.sampled_from([move.value for move in Move]), max_size=3, unique=True),
        findings=st.lists(st.sampled_from(["T108", "O301", "C601"]), max_size=2, unique=True),
        score=_shares(),
        before=st.none() | _shares(),
        after=st.none() | _shares(),
        read_before=st.none() | _shares(),
        read_after=st.none() | _shares(),
    )


@st.composite
def records(draw: st.DrawFn) -> CaseRecord:
    """Cases of a few customers and agents, of any course.

    Args:
        draw: Given by Hypothesis.

    >>> records()
    records()
    """
    opened = _START + timedelta(hours=draw(st.integers(0, 2_000)))
    promises = draw(st.integers(0, 3))
    return CaseRecord(
        case=str(draw(st.integers(1, 10_000))),
        customer=draw(st.sampled_from(["", "c1", "c2"])),
        agent=draw(st.sampled_from(["ann", "bob"])),
        opened_at=opened,
        closed_at=opened + timedelta(minutes=draw(st.integers(0, 600))),
        causes=draw(st.lists(st.sampled_from([*CAUSES]), max_size=2, unique=True)),
        course=draw(st.lists(_shares(), max_size=5)),
        read=draw(st.lists(st.none() | _shares(), max_size=5)),
        cues={"anger": draw(st.integers(0, 3))},
        steps=tuple(draw(st.lists(steps(), max_size=3))),
        tier="agent",
        escalated=draw(st.booleans()),
        escalation_needed=draw(st.none() | st.booleans()),
        resolved=draw(st.booleans()),
        contacts=draw(st.integers(1, 4)),
        promises=promises,
        promises_broken=draw(st.integers(0, promises)),
        labels={"region": draw(st.sampled_from(["north", "south"]))},
    )
