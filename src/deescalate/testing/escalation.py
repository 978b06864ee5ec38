"""Hypothesis strategies and laws of the escalation room."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.escalation import (
    EscalationPolicy,
    FailSafe,
    Happening,
    Ladder,
    Path,
    PathEvent,
    Target,
    Tier,
)
from deescalate.promises import WEEKDAYS, WorkingHours, after
from deescalate.rules import Choice, Flag, Number
from deescalate.testing.promises import moments

__all__ = ["any_facts", "authorities", "facts_of", "ladders", "paths", "timelines"]


def authorities() -> st.SearchStrategy[Authority]:
    """Authorities over a few currencies and actions, so that some cover others.

    >>> isinstance(authorities(), st.SearchStrategy)
    True
    """
    limit = st.one_of(st.sampled_from([Decimal(0), Decimal(50)]), st.decimals(0, 10_000, places=2))
    return st.builds(
        Authority,
        tier=st.sampled_from(["agent", "supervisor", "manager"]),
        money=st.dictionaries(st.sampled_from(["EUR", "USD", "JPY"]), limit, max_size=3),
        actions=st.frozensets(st.sampled_from(["replace", "refund", "waive_fee"])),
    )


def facts_of(policy: EscalationPolicy) -> st.SearchStrategy[dict[str, object]]:
    """Facts that a policy declares, some of them missing, each at or near where rules change.

    >>> isinstance(facts_of(EscalationPolicy.default()), st.SearchStrategy)
    True
    """
    values: dict[str, st.SearchStrategy[object]] = {}
    for fact in policy.table.facts:
        if isinstance(fact, Flag):
            values[fact.name] = st.booleans()
        elif isinstance(fact, Choice):
            values[fact.name] = st.sampled_from(fact.options)
        else:
            fact = cast("Number", fact)
            high = 3000 if fact.high is None else fact.high
            low = 0 if fact.low is None else fact.low
            some = (0, 0.3, 0.5, 0.7, 0.85, 1, 2, 3, 4, 5, 51, 60, 61, 201, 1001, 1441)
            near = [each for each in some if low <= each <= high]
            near = [each for each in near if not fact.integer or each == int(each)]
            values[fact.name] = st.sampled_from(near)
    return st.fixed_dictionaries({}, optional=values)


def any_facts(policy: EscalationPolicy) -> st.SearchStrategy[object]:
    """Anything that a careless caller could hand in as facts.

    >>> isinstance(any_facts(EscalationPolicy.default()), st.SearchStrategy)
    True
    """
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.binary(max_size=5),
    )
    names = st.one_of(
        st.sampled_from([fact.name for fact in policy.table.facts]), st.text(max_size=9)
    )
    keys = st.one_of(names, st.none(), st.integers())
    wrong = st.dictionaries(keys, st.one_of(scalars, st.lists(scalars, max_size=2)), max_size=6)
    mixed = st.builds(_together, facts_of(policy), wrong)
    return st.one_of(scalars, st.lists(scalars, max_size=3), wrong, mixed)


def _together(good: dict[Any, object], bad: dict[Any, object]) -> dict[Any, object]:
    return {**good, **bad}


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders of one to four rungs and up to two channels, with hours, rounds and short cuts.

    >>> isinstance(ladders(), st.SearchStrategy)
    True
    """
    rungs = draw(st.integers(1, 4))
    beside = draw(st.integers(0, 2))
    names = [*(f"rung {number}" for number in range(rungs)), *(f"side {n}" for n in range(beside))]
    tiers = [
        Tier(
            name=name,
            targets=tuple(
                Target(
                    name=f"{name} {letter}",
                    zone=ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Paris"]))),
                    hours=draw(
                        st.none()
                        | st.builds(
                            WorkingHours,
                            days=st.frozensets(st.sampled_from(WEEKDAYS), min_size=1),
                            opens=st.builds(time, st.integers(0, 11)),
                            closes=st.builds(time, st.integers(12, 23)),
                        )
                    ),
                )
                for letter in "abc"[: draw(st.integers(1, 3))]
            ),
            acknowledge_within=timedelta(minutes=draw(st.integers(1, 120))),
            act_within=draw(st.none() | st.builds(timedelta, minutes=st.integers(1, 120))),
            asking=draw(st.sampled_from(["everyone", "one_by_one"])),
            then=draw(st.sampled_from([None, *names[place + 1 : rungs]])),
            safety=draw(st.booleans()),
        )
        for place, name in enumerate(names)
    ]
    return Ladder(
        tiers=tuple(tiers[:rungs]),
        channels=tuple(tiers[rungs:]),
        fail_safe=FailSafe(name="duty line"),
        rounds=draw(st.integers(1, 3)),
    )


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Paths just begun, on any ladder, with some targets away.

    >>> isinstance(paths(), st.SearchStrategy)
    True
    """
    ladder = draw(ladders())
    names = [target.name for target in ladder.targets]
    return Path.begin(
        ladder,
        draw(st.sampled_from(ladder.names)),
        at=draw(moments()),
        absent=draw(st.frozensets(st.sampled_from(names), max_size=2)),
        within=draw(st.none() | st.builds(timedelta, minutes=st.integers(1, 30))),
    )


@st.composite
def timelines(draw: st.DrawFn) -> tuple[Path, tuple[PathEvent, ...]]:
    """A path and events that could happen on it, in order, some of them refused.

    >>> isinstance(timelines(), st.SearchStrategy)
    True
    """
    path = draw(paths())
    who = [*(target.name for target in path.ladder.targets), path.ladder.fail_safe.name]
    kinds = [
        kind
        for kind in Happening
        if kind.value not in {"asked", "passed_over", "did_nothing", "warned"}
    ]
    now = path.at
    events: list[PathEvent] = []
    for _ in range(draw(st.integers(0, 8))):
        now = after(now, timedelta(minutes=draw(st.integers(0, 90))))
        kind = draw(st.sampled_from(kinds))
        tier = draw(st.sampled_from(path.ladder.names)) if kind is Happening.MOVED else None
        events.append(PathEvent(kind=kind, at=now, by=draw(st.sampled_from(who)), tier=tier))
    return path, tuple(events)
