"""The decision on a case: which rules hold, who must take it, and why."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from attrs import field, frozen

from deescalate._plain import to_json
from deescalate.authority import Authority
from deescalate.errors import DeescalateError, FactError, HitPolicyError, WorkLimitError
from deescalate.escalation._charter import Charter
from deescalate.escalation._events import Happening, PathEvent
from deescalate.escalation._tiers import Urgency
from deescalate.money import Money, decimal_of
from deescalate.rules import Number, Outputs, Rule

__all__ = ["Decision", "counted_facts", "evaluate", "worsened"]

_Pressing = tuple[tuple[Urgency, ...], tuple[str, ...]]
_MOST_KEPT = 2**10
"""Decisions that a policy keeps for the next case that meets the same rules: ours."""


@frozen(kw_only=True)
class Decision:
    """Who must take a case, and why.

    Attributes:
        tier: The tier or channel.
        because: The reasons, errors among them.
        urgency: How pressing it is.
        acknowledge_within: How long that tier has to say that it takes the case.
        current: The tier that has the case now.
        escalates: Whether the tier ranks above the current one.
        safety: Whether the tier is there for danger to life and limb.
        authority: What the current tier may grant and do meanwhile.
        meanwhile: What the current tier does until the other takes over.
        also: Channels that other matching rules name: they are told, and do not take the case.
        possible: Every tier that the facts not given could still lead to.
        missing: The facts not given that could change the tier.
        assumed: The values that stood in for facts not given.
        rules: The rules that decided.
        errors: What was wrong with the facts, or with the evaluation.

    >>> from deescalate.escalation import EscalationPolicy
    >>> decision = EscalationPolicy.default().evaluate({"distress": 0.9, "danger": "none"})
    >>> decision.tier, decision.because
    ('supervisor', ('too distressed to be helped by the first person alone',))
    """

    tier: str
    because: tuple[str, ...]
    urgency: Urgency
    acknowledge_within: timedelta
    current: str
    escalates: bool
    safety: bool
    authority: Authority
    meanwhile: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)
    rules: tuple[Rule, ...] = ()
    errors: tuple[str, ...] = ()

    def event(self, *, at: datetime) -> PathEvent:
        """The event that brings a path that is under way to this decision.

        >>> from datetime import UTC, datetime
        >>> from deescalate.escalation import EscalationPolicy
        >>> decision = EscalationPolicy.default().evaluate({"danger": "violence"})
        >>> decision.event(at=datetime(2026, 5, 1, tzinfo=UTC)).tier
        'security'
        """
        return PathEvent(
            kind=Happening.MOVED,
            at=at,
            because="; ".join(self.because),
            tier=self.tier,
            within=self.acknowledge_within,
        )

    def to_json(self) -> str:
        """The decision as one JSON object, its times in seconds, its rules by name.

        >>> from deescalate.escalation import EscalationPolicy
        >>> '"tier": "agent"' in EscalationPolicy.default().evaluate({}).to_json()
        True
        """
        return to_json(self, rules=[rule.name for rule in self.rules])

    def __str__(self) -> str:
        minutes = self.acknowledge_within.total_seconds() / 60
        return f"{self.tier} within {minutes:g} min, because {'; '.join(self.because)}"


def evaluate(policy: Charter, facts: object) -> Decision:
    """Decide a case. It never raises: see ``EscalationPolicy.evaluate``.

    Args:
        policy: The policy.
        facts: Anything; a mapping from names of facts to values is what it can use.
    """
    try:
        if not isinstance(facts, Mapping):
            return _decide(policy, {}, (f"the facts are no mapping but a {type(facts).__name__}",))
        known = cast("Mapping[str, object]", facts)
        asked = {name: known[name] for name in known if name not in policy.protected}
        counted, errors = counted_facts(policy, asked)
        try:
            return _decide(policy, counted, errors)
        except FactError:
            usable, more = _usable(policy, counted)
            return _decide(policy, usable, (*errors, *more))
    except Exception as error:  # noqa: BLE001  silence would leave a customer without a human
        return _last_resort(policy, _told(error))


def counted_facts(
    policy: Charter, asked: Mapping[str, object]
) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """The facts with money as a number in the policy's currency, and why where it is none.

    Args:
        policy: The policy.
        asked: The facts.
    """
    money = asked.get(policy.amount)
    if not isinstance(money, Money):
        return asked, ()
    if policy.currency in (None, money.currency):
        return {**asked, policy.amount: money.amount}, ()
    rate = policy.exchange.get(money.currency)
    if isinstance(rate, Decimal | int):
        return {**asked, policy.amount: money.amount * rate}, ()
    known = ", ".join((str(policy.currency), *policy.exchange))
    error = FactError(policy.amount, str(money), f"an amount in one of {known}")
    return {name: asked[name] for name in asked if name != policy.amount}, (str(error),)


def _usable(
    policy: Charter, asked: Mapping[str, object]
) -> tuple[dict[str, object], tuple[str, ...]]:
    """The facts that can be used, and what is wrong with the others."""
    usable: dict[str, object] = {}
    errors: list[str] = []
    for name, value in asked.items():
        try:
            usable |= policy.table.check_facts({name: value})
        except FactError as error:
            errors.append(str(error))
    return usable, tuple(errors)


def _last_resort(policy: Charter, error: str) -> Decision:
    """A human, without asking any table."""
    tier = policy.ladder.tier(policy.on_error)
    first = policy.ladder.tiers[0]
    return Decision(
        tier=tier.name,
        because=(f"the case could not be evaluated: {error}",),
        urgency=Urgency.HIGH,
        acknowledge_within=policy.patience(tier, Urgency.HIGH),
        current=first.name,
        escalates=policy.rank(tier.name) > policy.rank(first.name),
        safety=tier.safety,
        authority=first.authority,
        meanwhile=tier.meanwhile,
        possible=policy.ladder.names,
        missing=tuple(fact.name for fact in policy.table.facts),
        errors=(error,),
    )


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, DeescalateError) else f"{type(error).__name__}: {error}"


def _decide(policy: Charter, given: Mapping[str, object], errors: tuple[str, ...]) -> Decision:
    """The decision on facts; where two cases meet the same rules, the one that is there already."""
    assumed = {name: value for name, value in policy.defaults.items() if name not in given}
    full = {**assumed, **given}
    current = str(full.get(policy.current, policy.ladder.tiers[0].name))
    pressing = _pressing(policy, full)
    case = (policy.table.met_by(given), current, pressing)
    decision: Decision | None = None if errors else policy.decided.get(case)
    if decision is None:
        decision = _decided(policy, given, full, current, pressing, errors)
        if not errors:
            if len(policy.decided) >= _MOST_KEPT:
                policy.decided.clear()
            policy.decided[case] = decision
    return decision


def _decided(
    policy: Charter,
    given: Mapping[str, object],
    full: Mapping[str, object],
    current: str,
    pressing: _Pressing,
    errors: tuple[str, ...],
) -> Decision:
    tier, because, rules = _tier(policy, full)
    possible, missing = _outlook(policy, tier, given)
    if errors:
        tier = max(tier, policy.on_error, key=policy.rank)
        because += tuple(f"the facts cannot be relied on: {error}" for error in errors)
    wanted, (stated, unsettled) = policy.ladder.tier(tier), pressing
    urgency = max((wanted.urgency, *stated), key=lambda urgency: urgency.rank)
    return Decision(
        tier=tier,
        because=because + unsettled,
        urgency=urgency,
        acknowledge_within=policy.patience(wanted, urgency),
        current=current,
        escalates=policy.rank(tier) > policy.rank(current),
        safety=wanted.safety,
        authority=policy.ladder.tier(current).authority,
        meanwhile=wanted.meanwhile,
        also=_also(policy, tier, full),
        possible=possible,
        missing=missing,
        assumed={name: each for name, each in full.items() if name not in given},
        rules=rules,
        errors=errors + unsettled,
    )


def _tier(
    policy: Charter, full: Mapping[str, object]
) -> tuple[str, tuple[str, ...], tuple[Rule, ...]]:
    """The tier that the rules choose; where they cannot, a human all the same, and why."""
    try:
        verdict = policy.table.decide(full)
    except HitPolicyError as error:
        claims = tuple(rule for rule in policy.table.rules if rule.name in error.rules)
        tier = max((policy.on_error, *(str(rule.then) for rule in claims)), key=policy.rank)
        return tier, (str(error),), claims
    except WorkLimitError as error:
        return policy.on_error, (str(error),), ()
    if verdict.decided and verdict.matched:
        return str(verdict.outcome), verdict.because, verdict.matched
    if verdict.decided:
        return str(verdict.outcome), (f"nothing calls for more than {verdict.outcome}",), ()
    unknown = ", ".join(verdict.missing)
    reason = f"it depends on {unknown}, not known" if unknown else "no rule covers this case"
    possible = [str(each) for each in verdict.possible if each is not None]
    rungs = [each for each in possible if policy.ladder.is_rung(each)]
    return max((policy.on_error, *rungs), key=policy.rank), (reason,), ()


def _outlook(
    policy: Charter, tier: str, given: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every tier still possible, and the facts not given that could change the tier."""
    unknown = tuple(fact.name for fact in policy.table.facts if fact.name not in given)
    if not unknown:
        return (tier,), ()
    try:
        verdict = policy.table.decide(given)
    except HitPolicyError:
        return (tier,), unknown
    except WorkLimitError:
        return policy.ladder.names, unknown
    possible = (str(each) for each in verdict.possible if each is not None)
    return tuple(sorted(possible, key=policy.rank, reverse=True)), verdict.missing


def _also(policy: Charter, tier: str, full: Mapping[str, object]) -> tuple[str, ...]:
    """The other channels that rules name."""
    claims = {
        str(rule.then)
        for rule, asked in zip(policy.claims, policy.asked_by_claims, strict=True)
        if rule.then != tier and asked <= full.keys() and rule.when.holds(full)
    }
    return tuple(name for name in policy.ladder.names if name in claims)


def _pressing(policy: Charter, full: Mapping[str, object]) -> _Pressing:
    """What the rules of urgency say, and what is wrong there.

    Rules that contradict each other here never touch the tier, which other rules found: the most
    pressing of them counts.
    """
    if policy.urgency is None:
        return (), ()
    errors: tuple[str, ...] = ()
    try:
        stated = [each for each in policy.urgency.decide(full).possible if each is not None]
    except (HitPolicyError, WorkLimitError) as error:
        named = getattr(error, "rules", ())
        stated = [rule.then for rule in policy.urgency.rules if rule.name in named]
        stated, errors = stated or [Urgency.HIGH], (str(error),)
    return tuple([Urgency(str(each)) for each in stated]), errors


def worsened(policy: Charter, facts: object) -> object:
    """The facts with every number that has a margin worse by that, within its domain.

    Args:
        policy: The policy.
        facts: Anything; what is no number that the fact can be is left as it is.
    """
    if not isinstance(facts, Mapping):
        return facts
    given = cast("Mapping[str, object]", facts)
    known = {**policy.defaults, **given, **counted_facts(policy, given)[0]}
    for fact in policy.table.facts:
        margin = policy.returning.margins.get(fact.name)
        if margin is not None and isinstance(fact, Number):
            known[fact.name] = _worse(fact, known.get(fact.name), Fraction(str(margin)))
    return known


def _worse(fact: Number, value: object, margin: Fraction) -> object:
    try:
        worse = Fraction(fact.check(value)) + margin
    except FactError:
        return value
    if fact.high is not None:
        worse = min(worse, Fraction(fact.high))
    if fact.integer:
        return math.ceil(worse)
    return decimal_of(worse) if fact.decimal else float(worse)
