"""A policy of escalation: the ladder, the rules that choose a tier, and what the house holds to."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Self

from attrs import field, frozen

from deescalate.errors import SettingError
from deescalate.escalation.decision import Decision
from deescalate.escalation.documents import read_policy
from deescalate.escalation.evaluation import evaluate
from deescalate.escalation.events import Event
from deescalate.escalation.ladder import Ladder
from deescalate.escalation.parts import PolicyTest, Returning, SafetyLaw, check_parts
from deescalate.escalation.path import Path
from deescalate.escalation.tiers import Tier, Urgency
from deescalate.rules import Outputs, Rule, Table

__all__ = ["EscalationPolicy"]


def _texts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(kw_only=True)
class EscalationPolicy:
    """Who takes which case, how soon, and what happens when nobody answers.

    A policy is a value: make it from a document, change the document, compare the two.

    Attributes:
        name: Its name.
        ladder: The tiers, the channels and the fail-safe.
        table: The rules; their outcomes are names of tiers and channels.
        on_error: The tier, of people, that gets a case whose facts cannot be used.
        urgency: Rules over the same facts for how pressing a case is, if any.
        answer_within: The longest time to answer, in minutes, for an urgency.
        defaults: The values that stand in for facts not given.
        current: The fact that names the tier that has the case now, if there is one.
        safety: Where danger is and who must then have the case.
        rising: Facts of which more never leads lower.
        protected: Facts that never matter, whether the table knows them or not.
        returning: When a case may go back down.
        human_within: How long it may take, at worst, until a human has a case.
        amount: The fact that holds the amount asked for, if there is one.
        currency: Its currency; where there is none, amounts are taken as they stand.
        exchange: What a unit of another currency counts for, in ``currency``.
        claims: The rules that lead to channels.
        tests: Cases that it must decide as stated; ``check`` runs them.

    Raises:
        DocumentError: Parts that name what other parts do not know; it holds every problem.

    >>> policy = EscalationPolicy.default()
    >>> print(policy.evaluate({"danger": "violence"}))
    security within 2 min, because a threat of violence goes to security
    """

    name: str
    ladder: Ladder
    table: Table
    on_error: str
    urgency: Table | None = None
    answer_within: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)
    defaults: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)
    current: str = "tier"
    safety: SafetyLaw | None = None
    rising: tuple[str, ...] = field(default=(), converter=_texts)
    protected: tuple[str, ...] = field(default=(), converter=_texts)
    returning: Returning = field(factory=Returning)
    human_within: timedelta | None = None
    amount: str = "amount"
    currency: str | None = None
    exchange: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)
    tests: tuple[PolicyTest, ...] = ()
    claims: tuple[Rule, ...] = field(init=False, eq=False, repr=False)
    _ranks: Mapping[str, int] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_parts(self)
        highest_first = [str(each) for each in self.table.outcomes]
        unlisted = (*self.ladder.channels, *reversed(self.ladder.tiers))
        order = dict.fromkeys([*highest_first, *(tier.name for tier in unlisted)])
        ranks = {name: rank for rank, name in enumerate(reversed(order))}
        channels = {tier.name for tier in self.ladder.channels}
        claims = tuple(rule for rule in self.table.rules if rule.then in channels)
        object.__setattr__(self, "_ranks", ranks)
        object.__setattr__(self, "claims", claims)

    @classmethod
    def default(cls, *, currency: str = "EUR") -> Self:
        """The policy that is shipped; its thresholds and times are ours.

        Args:
            currency: The ISO 4217 code of its sums: EUR, or one of the currencies that it counts
                one to one. The thresholds are the same numbers in each.

        Raises:
            SettingError: Another currency, for which the sums would be far off.

        >>> EscalationPolicy.default().ladder.names
        ('agent', 'senior agent', 'supervisor', 'manager', 'security', 'safeguarding', 'legal')
        >>> from deescalate.money import Money
        >>> print(EscalationPolicy.default(currency="GBP").evaluate({"amount": Money(60, "GBP")}))
        senior agent within 10 min, because only a senior agent may grant that much
        """
        return cls.from_document(_default_document(currency))

    @classmethod
    def from_document(cls, document: str | Mapping[str, object]) -> Self:
        """Load a policy.

        Args:
            document: TOML text, or a mapping of the same form.

        Raises:
            DocumentError: Something is wrong with it; it holds every problem, each with its path.

        >>> from deescalate.errors import DocumentError
        >>> try:
        ...     EscalationPolicy.from_document("format = 1")
        ... except DocumentError as error:
        ...     print(error.problems[0])
        name: missing
        """
        return read_policy(document, cls)

    def evaluate(self, facts: object) -> Decision:
        """Decide who must take a case.

        It never raises. Facts that cannot be used are named in the reasons and lead to
        ``on_error`` or above; facts not given have their default; protected facts are not
        looked at. The amount may be a number, in ``currency``, or `Money` in it or in any
        currency of ``exchange``. The same facts always get the same decision.

        Args:
            facts: A mapping from names of facts to values, from a conversation or elsewhere.

        Returns:
            The decision, with its reasons and with what is not yet known.

        >>> decision = EscalationPolicy.default().evaluate({"distres": 0.9})
        >>> decision.tier, decision.errors[0][:21]
        ('supervisor', 'unknown fact `distres')
        """
        return evaluate(self, facts)

    def rank(self, tier: str) -> int:
        """How high a tier or channel stands, 0 for the lowest.

        The order is that of the table's outcomes; where it has none, channels stand above rungs.

        Raises:
            SettingError: There is no such tier.

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

    def path(
        self,
        decision: Decision,
        *,
        at: datetime,
        absent: Iterable[str] = (),
        events: Iterable[Event] = (),
    ) -> Path:
        """The route of a case in time.

        Args:
            decision: Who must take it.
            at: When that was decided, an aware datetime.
            absent: Targets that are known to be away.
            events: What has happened since, in order of time.

        Returns:
            The path after the last event; ``path.plan`` says who is asked when from there on.

        Raises:
            SettingError: A naive datetime.
            EventError: An event that does not fit.

        >>> from datetime import UTC
        >>> policy = EscalationPolicy.default()
        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> for step in policy.path(policy.evaluate({"asks_supervisor": True}), at=noon).plan:
        ...     print(f"{step.at:%H:%M} {step.who[0]}")
        12:00 duty supervisor
        12:15 duty manager
        12:30 duty supervisor
        12:45 duty manager
        13:00 duty line
        """
        path = Path.begin(
            self.ladder,
            decision.tier,
            at=at,
            absent=absent,
            within=decision.acknowledge_within,
            because="; ".join(decision.because),
        )
        for event in events:
            path = path.advance(event)
        return path

    def worst_case(self, tier: str) -> timedelta:
        """The longest from asking a tier to a human at the fail-safe, when nobody ever answers.

        Raises:
            SettingError: There is no such tier.

        >>> EscalationPolicy.default().worst_case("supervisor").seconds // 60
        90
        """
        return self.ladder.worst_case(tier)


@cache
def _default_document(currency: str) -> Mapping[str, object]:
    data = resources.files("deescalate.escalation") / "data" / "default.toml"
    document: dict[str, Any] = tomllib.loads(data.read_text(encoding="utf-8"))
    alike = [document["currency"], *document["exchange"]]
    if currency not in alike:
        allowed = f"one of {', '.join(alike)}; for another, a document with sums of its own"
        raise SettingError("currency", currency, allowed)
    for tier in document["tiers"]:
        [most] = tier["money"].values()
        tier["money"] = {currency: most}
    exchange = {code: 1 for code in alike if code != currency}
    return MappingProxyType({**document, "currency": currency, "exchange": exchange})
