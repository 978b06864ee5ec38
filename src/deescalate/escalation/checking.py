"""Everything worth knowing about a policy before it goes live, proved for every case."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from attrs import frozen

from deescalate.errors import WorkLimitError
from deescalate.escalation.findings import PolicyFinding, Proved, Report
from deescalate.escalation.policy import EscalationPolicy
from deescalate.escalation.tiers import Target, Tier, Urgency
from deescalate.promises import on_clock
from deescalate.rules import Number, Table
from deescalate.rules.proofs import (
    Severity,
    always,
    is_monotone,
    never,
    overlaps,
    unreachable,
)
from deescalate.rules.proofs import check as check_table

__all__ = ["check"]

_ERROR, _WARNING, _ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE
_WEEKS = (datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 7, 13, tzinfo=UTC))
"""A winter and a summer week without change of clocks, from Monday."""


def check(policy: EscalationPolicy) -> Report:
    """Look for everything that is wrong or odd with a policy, and prove what it holds to.

    Each finding has a stable code (see ``CODES``) and a case that shows it. What is proved holds
    of every case in the declared domains. A proof that would take too much work is reported as
    ``not-proved``, never guessed.

    Args:
        policy: The policy.

    Returns:
        The findings, the gravest first, and what was proved.

    >>> report = check(EscalationPolicy.default())
    >>> report.ok, report.findings
    (True, ())
    >>> print(report.proved[0].text)
    every tier is reached by some case or by time
    """
    found: list[PolicyFinding] = []
    proved: list[Proved] = []
    for question in _QUESTIONS:
        try:
            answers = tuple(question.ask(policy))
        except WorkLimitError as error:
            answers = (_finding("not-proved", _WARNING, f"{question.holds}: {error}", "table"),)
        found += answers
        if question.holds and not answers:
            proved.append(Proved(code=question.code, text=question.holds))
    found.sort(key=lambda finding: finding.severity.rank)
    return Report(policy=policy.name, findings=tuple(found), proved=(*proved, *_times(policy)))


def _finding(
    code: str,
    severity: Severity,
    message: str,
    where: str,
    name: str = "",
    facts: Mapping[str, object] | None = None,
) -> PolicyFinding:
    return PolicyFinding(
        code=code, severity=severity, message=message, where=where, name=name, facts=facts or {}
    )


def _times(policy: EscalationPolicy) -> Iterator[Proved]:
    for tier in policy.ladder:
        route = " -> ".join(
            (*(each.name for each in policy.ladder.route(tier.name)), policy.ladder.fail_safe.name)
        )
        minutes = policy.worst_case(tier.name).total_seconds() / 60
        text = f"{route} ({policy.ladder.rounds} times round) ends within {minutes:g} min"
        yield Proved(code="human-too-late", text=text)


def _tests(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    for number, test in enumerate(policy.tests):
        decision = policy.evaluate(test.facts)
        told = ", ".join(f"{name} = {value}" for name, value in test.facts.items())
        for what, wanted, got in (
            ("tier", test.tier, decision.tier),
            ("urgency", test.urgency or decision.urgency, decision.urgency),
        ):
            if got != wanted:
                text = f"{told}: expected {what} {wanted}, found {got}"
                yield _finding("failed-test", _ERROR, text, f"tests[{number}]", facts=test.facts)


def _reach(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    table = policy.table
    outcomes = {rule.then for rule in table.rules} | {table.default} - {None}
    starts = (outcomes - {*unreachable(table)}) | {policy.ladder.tiers[0].name, policy.on_error}
    reached = {tier.name for start in starts for tier in policy.ladder.route(str(start))}
    for tier in policy.ladder:
        if tier.name not in reached:
            text = f"neither a rule nor a route leads to {tier.name}"
            yield _finding("tier-unreachable", _ERROR, text, "tiers", tier.name)


def _in_time(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    if policy.human_within is None:
        return
    for tier in policy.ladder:
        worst = policy.worst_case(tier.name)
        if worst > policy.human_within:
            minutes, allowed = (t.total_seconds() / 60 for t in (worst, policy.human_within))
            text = f"if nobody answers, {minutes:g} min from {tier.name}, {allowed:g} allowed"
            yield _finding("human-too-late", _ERROR, text, "tiers", tier.name)


def _authority(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    tiers = policy.ladder.tiers
    for lower, upper in pairwise(tiers):
        for lacking in upper.authority.lacks(lower.authority):
            text = f"{upper.name} may not do what {lower.name} may: {lacking}"
            yield _finding("authority-shrinks", _ERROR, text, "tiers", upper.name)


def _beyond(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    amount = next((fact for fact in policy.table.facts if fact.name == policy.amount), None)
    if policy.currency is None or not isinstance(amount, Number):
        return
    for tier in policy.ladder.tiers[:-1]:
        most = tier.authority.limit(policy.currency)
        if not most.is_finite():
            continue
        for witness in never(policy.table, amount > most, tier.name, most=1):
            text = f"{tier.name} may grant {most} {policy.currency}, yet has {witness}"
            yield _finding("beyond-authority", _ERROR, text, "table", tier.name, witness.facts)


def _safety(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    law = policy.safety
    if law is None:
        text = "without it, nothing is proved about danger"
        yield _finding("no-safety-law", _WARNING, text, "safety")
        return
    for witness in always(policy.table, law.when, lambda outcome: outcome in law.to):
        yield _finding("safety-not-first", _ERROR, str(witness), "safety", facts=witness.facts)
    for name in law.to:
        tier = policy.ladder.tier(name)
        if not (tier.safety and tier.human):
            text = f"{name} is not a safety tier of people"
            yield _finding("safety-not-first", _ERROR, text, "safety", name)


def _immediate(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    law = policy.safety
    if law is None:
        return
    slow = [name for name in law.to if policy.ladder.tier(name).urgency is not Urgency.IMMEDIATE]
    if slow and policy.urgency is None:
        text = f"{slow[0]} is not immediate and there are no rules of urgency"
        yield _finding("safety-not-immediate", _WARNING, text, "safety", slow[0])
    elif slow and policy.urgency is not None:
        for witness in always(policy.urgency, law.when, Urgency.IMMEDIATE.value, most=1):
            yield _finding("safety-not-immediate", _WARNING, str(witness), "urgency", slow[0])


def _rising(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    for name in policy.rising:
        for turn in is_monotone(policy.table, name, policy.rank, most=1):
            text = f"more {name}: {turn}"
            yield _finding("not-rising", _ERROR, text, "rising", name, turn.higher)


def _protected(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    asked = {fact.name for rule in policy.table.rules for fact in rule.when.facts}
    for name in policy.protected:
        if name not in asked:
            continue
        upwards = sorted(policy.ladder.names, key=policy.rank)
        for order in (upwards, upwards[::-1]):
            for turn in is_monotone(policy.table, name, order, most=1):
                text = str(turn)
                yield _finding("protected-matters", _ERROR, text, "protected", name, turn.lower)


def _channels(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    channels = {tier.name for tier in policy.ladder.channels}
    outcomes = {rule.name: rule.then for rule in policy.table.rules}
    for overlap in overlaps(policy.table, most=len(outcomes) ** 2):
        claims = {str(outcomes[name]) for name in overlap.rules}
        if len(claims) == 2 and claims <= channels:
            owner = max(claims, key=policy.rank)
            text = f"{overlap}; {owner} has it"
            yield _finding("two-channels", _WARNING, text, "table", overlap.rules[0], overlap.facts)


def _there(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    moments = _moments(policy.ladder.targets)
    for tier in policy.ladder:
        if not tier.human:
            continue
        alone = _absence((tier,), moments)
        nobody = alone and _absence(policy.ladder.route(tier.name), moments)
        if nobody:
            text = f"on {nobody:%A at %H:%M} UTC nobody is there: the fail-safe is asked at once"
            yield _finding("nobody-there", _WARNING, text, "tiers", tier.name)
        elif alone:
            text = f"on {alone:%A at %H:%M} UTC nobody is there: the case goes on at once"
            yield _finding("tier-absent", _ADVICE, text, "tiers", tier.name)


def _moments(targets: Iterable[Target]) -> tuple[datetime, ...]:
    """The moments of two weeks at which somebody comes or goes."""
    moments = set(_WEEKS)
    for target in targets:
        hours = target.hours
        clocks = (time(0), hours.opens, hours.closes) if hours else ()
        for week in _WEEKS:
            days = [week.date() + timedelta(days=number) for number in range(-1, 8)]
            changes = (on_clock(day, clock, target.zone) for day in days for clock in clocks)
            moments.update(
                each.astimezone(UTC) for each in changes if week <= each < week + timedelta(days=7)
            )
    return tuple(sorted(moments))


def _absence(tiers: Iterable[Tier], moments: Iterable[datetime]) -> datetime | None:
    """The first moment at which none of the tiers' targets is there."""
    targets = [target for tier in tiers for target in tier.targets]
    for moment in moments:
        if not any(target.is_there(moment) for target in targets):
            return moment
    return None


def _defaults(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    for fact in policy.table.facts:
        if fact.name not in policy.defaults:
            text = f"where it is not given, {policy.on_error} gets what it leaves undecided"
            yield _finding("fact-without-default", _ADVICE, text, "defaults", fact.name)


def _table(where: str, table: Table, unasked: Iterable[str]) -> Iterator[PolicyFinding]:
    for finding in check_table(table):
        if finding.code == "unused-fact" and finding.message.split()[-1] in unasked:
            continue
        yield PolicyFinding(
            code=finding.code,
            severity=finding.severity,
            message=str(finding).split(": ", 1)[1],
            where=where,
            name=finding.rules[0] if finding.rules else "",
            facts=finding.facts,
        )


def _tables(policy: EscalationPolicy) -> Iterator[PolicyFinding]:
    yield from _table("table", policy.table, {*policy.protected, policy.current})
    if policy.urgency is not None:
        yield from _table("urgency", policy.urgency, [fact.name for fact in policy.table.facts])


@frozen
class _Question:
    """Something to ask of a policy, and what holds if nothing is found."""

    code: str
    ask: Callable[[EscalationPolicy], Iterable[PolicyFinding]]
    holds: str = ""


_QUESTIONS = (
    _Question("tier-unreachable", _reach, "every tier is reached by some case or by time"),
    _Question("human-too-late", _in_time, "a human comes in the time allowed on every route"),
    _Question("authority-shrinks", _authority, "authority grows with every rung"),
    _Question("beyond-authority", _beyond, "no rung keeps a case beyond its money"),
    _Question("safety-not-first", _safety, "danger wins over everything else"),
    _Question("safety-not-immediate", _immediate, "danger is always immediate"),
    _Question("not-rising", _rising, "more of what rises never leads lower"),
    _Question("protected-matters", _protected, "no protected fact changes a decision"),
    _Question("two-channels", _channels, "no two channels claim one case"),
    _Question("nobody-there", _there, "every tier has somebody there at any time of the week"),
    _Question("fact-without-default", _defaults, "any facts, also none, are decided"),
    _Question("failed-test", _tests, "every stated case is decided as stated"),
    _Question("gap", _tables),
)  # fmt: skip
