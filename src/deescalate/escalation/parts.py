"""The smaller parts of a policy, and whether all its parts know one another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from deescalate.errors import DeescalateError, DocumentError, Problem, nearest_name, quoted
from deescalate.escalation.tiers import Urgency
from deescalate.money import minor_units
from deescalate.rules import Choice, Condition, Fact, HitPolicy, Number, Outputs, Table

if TYPE_CHECKING:
    from deescalate.escalation.policy import EscalationPolicy

__all__ = ["PolicyTest", "Returning", "SafetyLaw", "check_parts"]

ONE_OUTCOME = (HitPolicy.PRIORITY, HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)


@frozen(kw_only=True)
class PolicyTest:
    """A case that a policy must decide as stated.

    Attributes:
        facts: Values by the fact's name; facts left out have the policy's defaults.
        tier: The tier or channel that must have it.
        urgency: How pressing it must be; ``None`` for not stated.
    """

    facts: Mapping[str, object] = field(converter=Outputs)
    tier: str
    urgency: Urgency | None = None


@frozen(kw_only=True)
class SafetyLaw:
    """Where danger is, and the channels that must then have the case, whatever else is true.

    Attributes:
        when: The facts that mean danger.
        to: The tiers that may then have it.
    """

    when: Condition
    to: tuple[str, ...]


@frozen(kw_only=True)
class Returning:
    """When a case may go back down, so that it does not bounce.

    Attributes:
        after: How long the reason must have been gone.
        margins: By how much numbers must have fallen below what would lead up again.

    The defaults, half an hour and no margins, are ours; anger's half-life is about half an hour
    (Verduyn and Lavrijsen 2015 measure durations of that order).
    """

    after: timedelta = timedelta(minutes=30)
    margins: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)


def check_parts(policy: "EscalationPolicy") -> None:
    """Refuse a policy in which one part names what another does not know.

    Raises:
        DocumentError: With every problem.
    """
    problems = tuple(_problems(policy))
    if problems:
        raise DocumentError("policy", problems)


def _problems(policy: "EscalationPolicy") -> Iterator[Problem]:
    facts = {fact.name: fact for fact in policy.table.facts}
    yield from _tables(policy)
    yield from _people(policy)
    yield from _laws(policy, facts)
    yield from _values(policy, facts)
    yield from _answers(policy)
    yield from _money(policy)


def _tables(policy: "EscalationPolicy") -> Iterator[Problem]:
    yield from _table("table", policy.table, policy.ladder.names)
    if policy.urgency is not None:
        yield from _table("urgency", policy.urgency, list(Urgency))


def _people(policy: "EscalationPolicy") -> Iterator[Problem]:
    tiers = policy.ladder.names
    yield from _known("on_error", [policy.on_error], tiers)
    if policy.on_error in tiers and not policy.ladder.tier(policy.on_error).human:
        yield Problem("on_error", f"found {quoted(policy.on_error)}, expected a tier of people")
    for number, test in enumerate(policy.tests):
        yield from _known(f"tests[{number}].tier", [test.tier], tiers)


def _laws(policy: "EscalationPolicy", facts: Mapping[str, Fact]) -> Iterator[Problem]:
    if policy.safety is not None:
        yield from _known("safety.to", policy.safety.to, policy.ladder.names)
        yield from _known("safety.when", [fact.name for fact in policy.safety.when.facts], facts)
    yield from _known("rising", policy.rising, facts)
    for name in sorted({*policy.rising} & {*policy.protected}):
        yield Problem("protected", f"{quoted(name)} is also said to be rising")


def _values(policy: "EscalationPolicy", facts: Mapping[str, Fact]) -> Iterator[Problem]:
    yield from _known("defaults", policy.defaults, facts)
    for name in policy.defaults:
        if name in facts:
            yield from _tried(f"defaults.{name}", facts[name], policy.defaults[name])
    yield from _known("returning.margins", policy.returning.margins, facts)
    for name in policy.returning.margins:
        if name in facts and not isinstance(facts[name], Number):
            yield Problem(f"returning.margins.{name}", "expected the name of a number")
    current = facts.get(policy.current)
    if isinstance(current, Choice):
        path = f"table.facts.{policy.current}"
        yield from _known(path, current.options, policy.ladder.names)
    elif current is not None:
        yield Problem(f"table.facts.{policy.current}", "expected a choice of tiers")
    for number, test in enumerate(policy.tests):
        yield from _known(f"tests[{number}].facts", test.facts, [*facts, *policy.protected])


def _answers(policy: "EscalationPolicy") -> Iterator[Problem]:
    yield from _known("answer_within_minutes", policy.answer_within, list(Urgency))
    for name, minutes in policy.answer_within.items():
        if isinstance(minutes, bool | str) or not minutes > 0:  # type: ignore[operator]  # a scalar
            reason = f"found {quoted(minutes)}, expected minutes above 0"
            yield Problem(f"answer_within_minutes.{name}", reason)


def _money(policy: "EscalationPolicy") -> Iterator[Problem]:
    codes = {} if policy.currency is None else {"currency": policy.currency}
    for path, code in {**codes, **{f"exchange.{code}": code for code in policy.exchange}}.items():
        try:
            minor_units(code)
        except DeescalateError as error:
            yield Problem(path, str(error))
    for code, rate in policy.exchange.items():
        if not isinstance(rate, Decimal | int) or isinstance(rate, bool) or not rate > 0:
            yield Problem(f"exchange.{code}", f"found {quoted(rate)}, expected a rate above 0")
        if code == policy.currency:
            reason = "expected another currency than that of the policy"
            yield Problem(f"exchange.{code}", reason)


def _table(path: str, table: Table, outcomes: Iterable[str]) -> Iterator[Problem]:
    if table.hit_policy not in ONE_OUTCOME:
        allowed = ", ".join(quoted(each.value) for each in ONE_OUTCOME)
        found = quoted(table.hit_policy.value)
        yield Problem(f"{path}.hit_policy", f"found {found}, expected one of {allowed}")
    yield from _known(f"{path}.outcomes", table.outcomes, outcomes)
    if table.default is not None:
        yield from _known(f"{path}.default", [table.default], outcomes)
    for number, rule in enumerate(table.rules):
        yield from _known(f"{path}.rules[{number}].then", [rule.then], outcomes)


def _known(path: str, names: Iterable[object], known: Iterable[str]) -> Iterator[Problem]:
    allowed = list(known)
    for name in names:
        if name not in allowed:
            listed = ", ".join(quoted(each) for each in allowed)
            reason = f"found {quoted(name)}, expected one of {listed}"
            yield Problem(path, reason, nearest_name(name, allowed))


def _tried(path: str, fact: Fact, value: object) -> Iterator[Problem]:
    try:
        fact.check(value)
    except DeescalateError as error:
        yield Problem(path, str(error))
