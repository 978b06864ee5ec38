"""A policy of escalation: decided, followed in time, checked, and read from a document.

Up at once, down with patience: who holds a case while its facts change.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Self

from attrs import evolve, frozen

from deescalate._html import fragment, page, tag
from deescalate.authority import Authority
from deescalate.documents import Difference, Document, parsed
from deescalate.errors import EventError, FactError, SettingError
from deescalate.escalation._charter import Charter
from deescalate.escalation._checking import check
from deescalate.escalation._consistency import check_parts
from deescalate.escalation._differences import policy_differences
from deescalate.escalation._evaluation import Decision, counted_facts, evaluate, worsened
from deescalate.escalation._events import PathEvent
from deescalate.escalation._path import Path
from deescalate.escalation._picture import picture
from deescalate.escalation._tiers import Tier
from deescalate.findings import Report
from deescalate.hours import aware, instant
from deescalate.money import Rounding, decimal_of, exact, minor_units, round_to
from deescalate.rules.proofs import Change, nearest

__all__ = ["EscalationPolicy", "Watch"]


class EscalationPolicy(Charter, Document):
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

    __slots__ = ()
    document_kind = "policy"

    def __attrs_post_init__(self) -> None:
        check_parts(self)
        super().__attrs_post_init__()

    @classmethod
    def default(cls, *, currency: str = "EUR") -> "EscalationPolicy":
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
        return _default(currency)

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

    def nearest(
        self, facts: Mapping[str, object], tier: str | None = None, *, fixed: Iterable[str] = ()
    ) -> Change | None:
        """Find the smallest change of a case that would bring another tier, to tell a person.

        Args:
            facts: As for `evaluate`; here what cannot be used is refused.
            tier: The tier it shall come to; ``None`` for any other.
            fixed: Names of the facts that cannot be otherwise; where the case is now, and what
                is protected, never is.

        Returns:
            The change, exactly: see `deescalate.rules.proofs.nearest`; ``None`` where no change
            leads there.

        Raises:
            FactError: A fact is unknown, of a wrong type, or missing without a default.
            SettingError: There is no such tier.
            HitPolicyError: The case breaks the hit policy as it is.

        >>> policy = EscalationPolicy.default()
        >>> print(policy.nearest({"broken_promises": 1}, "manager", fixed=["contacts"]).told)
        manager instead of agent, had broken_promises been 2 more (at least 3, not 1)
        """
        if tier is not None:
            self.ladder.tier(tier)
        asked = {name: each for name, each in facts.items() if name not in self.protected}
        counted, errors = counted_facts(self, asked)
        if errors:
            raise FactError(self.amount, facts[self.amount], "an amount that can be exchanged")
        kept = {*fixed, *({self.current} & {fact.name for fact in self.table.facts})}
        return nearest(self.table, {**self.defaults, **counted}, tier, fixed=kept)

    def path(
        self,
        decision: Decision,
        *,
        at: datetime,
        absent: Iterable[str] = (),
        events: Iterable[PathEvent] = (),
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

        >>> from datetime import UTC, datetime
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

    def authorities(self, currency: str) -> tuple[Authority, ...]:
        """What each rung may grant and do, the first first, with its sums in one currency.

        A rung whose limit is in the policy's currency has what that comes to at the stated rate,
        rounded down; one without either may grant nothing.

        Args:
            currency: An ISO 4217 code.

        Raises:
            MoneyError: The currency is no code.

        >>> [str(each.limit("EUR")) for each in EscalationPolicy.default().authorities("EUR")]
        ['50', '200', '1000', 'Infinity']
        """
        return tuple(self._in_currency(tier, currency) for tier in self.ladder.tiers)

    def _in_currency(self, tier: Tier, currency: str) -> Authority:
        own = evolve(tier.authority, tier=tier.name)
        rate = self.exchange.get(currency)
        place = Fraction(1, 10 ** minor_units(currency))
        if currency in own.money or self.currency is None or rate is None:
            return own
        most = own.limit(self.currency)
        if most.is_finite():
            most = decimal_of(round_to(exact(most) / exact(rate), Rounding.DOWN, place))
        return evolve(own, money={**own.money, currency: most})

    def worst_case(self, tier: str) -> timedelta:
        """The longest from asking a tier to a human at the fail-safe, when nobody ever answers.

        Raises:
            SettingError: There is no such tier.

        >>> EscalationPolicy.default().worst_case("supervisor").seconds // 60
        90
        """
        return self.ladder.worst_case(tier)

    def check(self, *, supplied: Iterable[str] | None = None) -> Report:
        """Look for everything that is wrong or odd with it, and prove what it holds to.

        Each finding has a stable code (see ``CODES``) and a case that shows it. What is proved
        holds of every case in the declared domains. A proof that would take too much work is
        reported as ``not-proved``, never guessed.

        Args:
            supplied: The names of the facts that its caller hands in; ``None`` where that is not
                known. A policy is deaf to what nobody tells it, however well it is proved.

        >>> report = EscalationPolicy.default().check()
        >>> report.ok, report.findings
        (True, ())
        >>> print(report.proved[0].text)
        every tier is reached by some case or by time
        """
        return check(self, supplied=supplied)

    def differences(self, other: Self) -> tuple[Difference, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]  Self
        """Tell how another policy, such as the one to go live, differs, in cases people can read.

        The cases are exact: where none is told, the two tables decide every case alike.

        Args:
            other: The one that comes after.

        Returns:
            The differences: of tiers first, then of cases, then of the rest.

        Raises:
            TableError: A fact has changed its kind, so that cases cannot be compared.
            WorkLimitError: The comparison would take too much work.

        >>> policy = EscalationPolicy.default()
        >>> policy.differences(policy)
        ()
        """
        return policy_differences(self, other)

    def to_html(self) -> str:
        """Write it as a page of its own: its ladder, its worst times and who gets a case."""
        return page(f"Policy {self.name}", picture(self))

    def _repr_html_(self) -> str:
        return fragment(tag("h1", f"Policy {self.name}"), picture(self))


@cache
def _default(currency: str) -> EscalationPolicy:
    return EscalationPolicy.from_document(_default_document(currency))


def _default_document(currency: str) -> Mapping[str, object]:
    data = resources.files("deescalate.escalation") / "data" / "default.toml"
    document: dict[str, Any] = {**parsed("policy", data.read_text(encoding="utf-8"))}
    alike = [document["currency"], *document["exchange"]]
    if currency not in alike:
        allowed = f"one of {', '.join(alike)}; for another, a document with sums of its own"
        raise SettingError("currency", currency, allowed)
    for tier in document["tiers"]:
        [most] = tier["money"].values()
        tier["money"] = {currency: most}
    exchange = {code: 1 for code in alike if code != currency}
    return {**document, "currency": currency, "exchange": exchange}


@frozen(kw_only=True)
class Watch:
    """The decision that holds for a case, as its facts come in.

    A graver decision holds at once. A lighter one holds only when the reason for the present one
    has been gone for the policy's ``returning.after``, and numbers are below what would lead back
    by its margins, so that a case does not bounce. A case that went to a safety channel stays
    there until a person there gives it back with ``stand_down``.

    Attributes:
        policy: The policy.
        decision: The decision that holds.
        at: When the facts were last looked at.
        calm_since: Since when the reason for it has been gone; ``None`` while it is there.

    >>> from datetime import UTC, datetime, timedelta
    >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    >>> watch = Watch.begin(EscalationPolicy.default(), {"distress": 0.9}, at=noon)
    >>> watch = watch.see({"distress": 0.3}, at=noon + timedelta(minutes=10))
    >>> watch.decision.tier
    'supervisor'
    >>> watch.see({"distress": 0.3}, at=noon + timedelta(minutes=40)).decision.tier
    'agent'
    """

    policy: EscalationPolicy
    decision: Decision
    at: datetime
    calm_since: datetime | None = None

    @classmethod
    def begin(cls, policy: EscalationPolicy, facts: object, *, at: datetime) -> "Watch":
        """Decide a case for the first time.

        Args:
            policy: The policy.
            facts: What ``EscalationPolicy.evaluate`` takes: anything.
            at: Now, an aware datetime.

        Raises:
            SettingError: A naive datetime.
        """
        return cls(policy=policy, decision=policy.evaluate(facts), at=aware("at", at))

    def see(self, facts: object, *, at: datetime) -> "Watch":
        """Decide anew, with patience before anything lighter.

        Args:
            facts: The facts as they are now.
            at: Now, not before ``at``.

        Raises:
            EventError: A time that runs backwards.
            SettingError: A naive datetime.
        """
        if instant(aware("at", at)) < instant(self.at):
            raise EventError("see", f"its time {at} is before {self.at}")
        rank = self.policy.rank
        fresh = self.policy.evaluate(facts)
        if rank(fresh.tier) >= rank(self.decision.tier):
            return evolve(self, decision=fresh, at=at, calm_since=None)
        worse = self.policy.evaluate(worsened(self.policy, facts))
        if self.decision.safety or rank(worse.tier) >= rank(self.decision.tier):
            return evolve(self, at=at, calm_since=None)
        since = self.calm_since or at
        if instant(at) - instant(since) < self.policy.returning.after:
            return evolve(self, at=at, calm_since=since)
        lighter = max(fresh, worse, key=lambda decision: rank(decision.tier))
        return evolve(self, decision=lighter, at=at, calm_since=None)

    def stand_down(self, facts: object, *, at: datetime) -> "Watch":
        """Give a case back at once: a person decides it, also in a safety channel.

        Args:
            facts: The facts as they are now.
            at: Now, not before ``at``.

        Raises:
            EventError: A time that runs backwards.
            SettingError: A naive datetime.
        """
        if instant(aware("at", at)) < instant(self.at):
            raise EventError("stand_down", f"its time {at} is before {self.at}")
        return Watch.begin(self.policy, facts, at=at)
