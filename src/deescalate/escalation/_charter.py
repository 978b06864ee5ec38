"""What a policy says: its tables, its ladder, and what the house holds to."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from attrs import evolve, field, frozen

from deescalate.documents import (
    Given,
    Notes,
    Shape,
    exact,
    is_mapping,
    listed,
    mapped,
    minutes,
    one_of,
    part,
    record,
    scalar,
    text,
)
from deescalate.escalation._events import window
from deescalate.escalation._ladder import Ladder
from deescalate.escalation._tiers import Tier, Urgency
from deescalate.rules import (
    Condition,
    Fact,
    Outputs,
    Rule,
    Table,
    condition,
    facts_shape,
    table_shape,
)

__all__ = ["Charter", "PolicyTest", "Returning", "SafetyLaw"]


@frozen(kw_only=True)
class PolicyTest:
    """A case that a policy must decide as stated.

    Attributes:
        facts: Values by the fact's name; facts left out have the policy's defaults.
        tier: The tier or channel that must have it.
        urgency: How pressing it must be; ``None`` for not stated.
    """

    facts: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(scalar()))
    )
    tier: str = field(metadata=part(text()))
    urgency: Urgency | None = field(default=None, metadata=part(one_of(Urgency)))


@frozen(kw_only=True)
class SafetyLaw:
    """Where danger is, and the channels that must then have the case, whatever else is true.

    Attributes:
        when: The facts that mean danger.
        to: The tiers that may then have it.
    """

    when: Condition = field(metadata=part(lambda given: condition(given["facts"])))
    to: tuple[str, ...] = field(metadata=part(listed(text())))


@frozen(kw_only=True)
class Returning:
    """When a case may go back down, so that it does not bounce.

    Attributes:
        after: How long the reason must have been gone.
        margins: By how much numbers must have fallen below what would lead up again.

    The defaults, half an hour and no margins, are ours; anger's half-life is about half an hour
    (Verduyn and Lavrijsen 2015 measure durations of that order).
    """

    after: timedelta = field(
        default=timedelta(minutes=30),
        validator=window,
        metadata=part(minutes(), key="after_minutes"),
    )
    margins: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(scalar()))
    )


def _texts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _facts(given: Given) -> tuple[Fact, ...] | None:
    """The facts that the main table declares, also where the table itself cannot be used."""
    table = given.get("table")
    if isinstance(table, Table):
        return table.facts
    raw = given.get("parts", {}).get("table")
    notes = Notes()
    facts: tuple[Fact, ...] = facts_shape().read(
        notes, "", raw.get("facts", {}) if is_mapping(raw) else None
    )
    return None if notes.count else facts


def _unread(shape: Shape) -> Shape:
    """A part that cannot be judged, since the facts that it asks about cannot be read."""

    def read(_notes: Notes, _path: str, _found: object) -> None:
        """Nothing."""

    return evolve(shape, read=read)


def _urgency_shape(given: Given) -> Shape:
    facts = _facts(given)
    shape = table_shape(facts=facts or (), frame={"name": "urgency"})
    return _unread(shape) if facts is None else shape


def _safety_shape(given: Given) -> Shape:
    facts = _facts(given)
    shape = record(SafetyLaw, given={"facts": facts or ()})
    return _unread(shape) if facts is None else shape


class Decided(dict[object, Any]):
    """What was decided on cases that meet the same rules; never written and never copied."""

    def __reduce__(self) -> tuple[type["Decided"], tuple[()]]:
        return Decided, ()


@frozen(kw_only=True, repr=False)
class Charter:
    """What an `EscalationPolicy` says; the attributes are told there.

    It stands below what decides by it, checks and compares it, which `EscalationPolicy` calls.
    """

    name: str = field(metadata=part(text()))
    currency: str | None = field(default=None, metadata=part(text()))
    on_error: str = field(metadata=part(text()))
    human_within: timedelta | None = field(
        default=None, metadata=part(minutes(), key="human_within_minutes")
    )
    rising: tuple[str, ...] = field(default=(), converter=_texts, metadata=part(listed(text())))
    protected: tuple[str, ...] = field(default=(), converter=_texts, metadata=part(listed(text())))
    exchange: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(exact()))
    )
    ladder: Ladder = field(metadata=part(record(Ladder), inline=True))
    table: Table = field(metadata=part(table_shape()))
    urgency: Table | None = field(default=None, metadata=part(_urgency_shape))
    safety: SafetyLaw | None = field(default=None, metadata=part(_safety_shape))
    returning: Returning = field(factory=Returning, metadata=part(record(Returning)))
    answer_within: Mapping[str, object] = field(
        default=Outputs({}),
        converter=Outputs,
        metadata=part(mapped(scalar()), key="answer_within_minutes"),
    )
    defaults: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(scalar()))
    )
    tests: tuple[PolicyTest, ...] = field(default=(), metadata=part(listed(record(PolicyTest))))
    current: str = "tier"
    amount: str = "amount"
    claims: tuple[Rule, ...] = field(init=False, eq=False, repr=False)
    asked_by_claims: tuple[frozenset[str], ...] = field(init=False, eq=False, repr=False)
    declared: tuple[str, ...] = field(init=False, eq=False, repr=False)
    _ranks: Mapping[str, int] = field(init=False, eq=False, repr=False)
    decided: Decided = field(factory=Decided, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        highest_first = [str(each) for each in self.table.outcomes]
        unlisted = (*self.ladder.channels, *reversed(self.ladder.tiers))
        order = dict.fromkeys([*highest_first, *(tier.name for tier in unlisted)])
        ranks = {name: rank for rank, name in enumerate(reversed(order))}
        channels = {tier.name for tier in self.ladder.channels}
        claims = tuple(rule for rule in self.table.rules if rule.then in channels)
        object.__setattr__(self, "_ranks", ranks)
        object.__setattr__(self, "claims", claims)
        asked = tuple(frozenset(fact.name for fact in rule.when.facts) for rule in claims)
        object.__setattr__(self, "asked_by_claims", asked)
        object.__setattr__(self, "declared", tuple(fact.name for fact in self.table.facts))

    def rank(self, tier: str) -> int:
        """How high a tier or channel stands, 0 for the lowest.

        The order is that of the table's outcomes; where it has none, channels stand above rungs.

        Raises:
            SettingError: There is no such tier.

        >>> from deescalate.escalation import EscalationPolicy
        >>> policy = EscalationPolicy.default()
        >>> policy.rank("security") > policy.rank("manager") > policy.rank("agent")
        True
        """
        if tier not in self._ranks:
            self.ladder.tier(tier)
        return self._ranks[tier]

    def patience(self, tier: Tier, urgency: Urgency) -> timedelta:
        """How long a tier has to answer a case of some urgency."""
        minutes = self.answer_within.get(urgency)
        if minutes is None:
            return tier.acknowledge_within
        return min(tier.acknowledge_within, timedelta(minutes=float(str(minutes))))
