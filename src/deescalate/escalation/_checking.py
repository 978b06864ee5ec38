"""Everything worth knowing about a policy before it goes live, proved for every case."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from attrs import evolve, frozen

from deescalate.documents import joined
from deescalate.errors import WorkLimitError, nearest_name, quoted
from deescalate.escalation._charter import Charter
from deescalate.escalation._evaluation import evaluate
from deescalate.escalation._tiers import Target, Tier, Urgency
from deescalate.findings import Finding, Proved, Report, Severity
from deescalate.hours import on_clock
from deescalate.rules import Number, Table
from deescalate.rules.proofs import CODES as OF_TABLES
from deescalate.rules.proofs import (
    always,
    is_monotone,
    never,
    overlaps,
    unreachable,
)
from deescalate.rules.proofs import check as check_table

__all__ = ["CODES", "check"]

CODES: Mapping[str, str] = {
    "authority-shrinks": "a tier may do less than the one below it",
    "beyond-authority": "a case stays with a tier that may not grant what is asked",
    "fact-not-supplied": "rules ask about a fact that the caller never hands in",
    "fact-without-default": "a fact has no default, so that a case without it is undecided",
    "failed-test": "a stated case is decided otherwise",
    "human-too-late": "a human may come later than the policy allows",
    "no-safety-law": "the policy does not say what danger is and who must have it",
    "nobody-there": "there is a time when nobody on a route is there",
    "not-proved": "a proof took more work than the limit",
    "not-rising": "more of a fact leads lower",
    "protected-matters": "a protected fact changes the decision",
    "safety-not-first": "danger does not always lead to those who are there for it",
    "safety-not-immediate": "danger is not always immediate",
    "tier-absent": "there is a time when a tier is passed over",
    "tier-unreachable": "no case ever reaches a tier",
    "two-channels": "two channels claim one case",
    **OF_TABLES,
}
"""What the codes mean."""

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_MONDAYS = tuple(datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=each) for each in range(52))


def check(policy: Charter, *, supplied: Iterable[str] | None = None) -> Report:
    """Look for everything that is wrong or odd with a policy: see `EscalationPolicy.check`."""
    found: list[Finding] = []
    proved: list[Proved] = []
    for question in _QUESTIONS:
        try:
            answers = tuple(question.ask(policy))
        except WorkLimitError as error:
            answers = (_finding("not-proved", _WARNING, f"{question.holds}: {error}", "table"),)
        found += answers
        if question.holds and not answers:
            proved.append(Proved(code=question.code, text=question.holds))
    if supplied is not None:
        found += _deaf(policy, tuple(supplied))
    return Report(
        name=policy.name,
        findings=found,
        proved=(*proved, *_times(policy)),
        meanings=CODES,
    )


def _finding(
    code: str,
    severity: Severity,
    text: str,
    place: str,
    witness: Mapping[str, object] | None = None,
) -> Finding:
    return Finding(code=code, severity=severity, text=text, place=place, witness=witness or {})


def _at(policy: Charter, tier: str) -> str:
    """Where a tier or channel stands."""
    for key, tiers in (("tiers", policy.ladder.tiers), ("channels", policy.ladder.channels)):
        for number, each in enumerate(tiers):
            if each.name == tier:
                return f"{key}[{number}]"
    return "tiers"


def _rule(policy: Charter, name: str) -> str:
    """Where a rule stands."""
    return f"table.rules[{[rule.name for rule in policy.table.rules].index(name)}]"


def _times(policy: Charter) -> Iterator[Proved]:
    for tier in policy.ladder:
        route = " -> ".join(
            (*(each.name for each in policy.ladder.route(tier.name)), policy.ladder.fail_safe.name)
        )
        minutes = policy.ladder.worst_case(tier.name).total_seconds() / 60
        text = f"{route} ({policy.ladder.rounds} times round) ends within {minutes:g} min"
        yield Proved(code="human-too-late", text=text)


def _tests(policy: Charter) -> Iterator[Finding]:
    for number, test in enumerate(policy.tests):
        decision = evaluate(policy, test.facts)
        told = ", ".join(f"{name} = {value}" for name, value in test.facts.items())
        for what, wanted, got in (
            ("tier", test.tier, decision.tier),
            ("urgency", test.urgency or decision.urgency, decision.urgency),
        ):
            if got != wanted:
                text = f"{told}: expected {what} {wanted}, found {got}"
                yield _finding("failed-test", _ERROR, text, f"tests[{number}]", test.facts)


def _reach(policy: Charter) -> Iterator[Finding]:
    table = policy.table
    outcomes = {rule.then for rule in table.rules} | {table.default} - {None}
    starts = (outcomes - {*unreachable(table)}) | {policy.ladder.tiers[0].name, policy.on_error}
    reached = {tier.name for start in starts for tier in policy.ladder.route(str(start))}
    for tier in policy.ladder:
        if tier.name not in reached:
            text = f"neither a rule nor a route leads to {tier.name}"
            yield _finding("tier-unreachable", _ERROR, text, _at(policy, tier.name))


def _in_time(policy: Charter) -> Iterator[Finding]:
    if policy.human_within is None:
        return
    for tier in policy.ladder:
        worst = policy.ladder.worst_case(tier.name)
        if worst > policy.human_within:
            minutes, allowed = (t.total_seconds() / 60 for t in (worst, policy.human_within))
            text = f"if nobody answers, {minutes:g} min from {tier.name}, {allowed:g} allowed"
            yield _finding("human-too-late", _ERROR, text, _at(policy, tier.name))


def _authority(policy: Charter) -> Iterator[Finding]:
    tiers = policy.ladder.tiers
    for lower, upper in pairwise(tiers):
        for lacking in upper.authority.lacks(lower.authority):
            text = f"{upper.name} may not do what {lower.name} may: {lacking}"
            yield _finding("authority-shrinks", _ERROR, text, _at(policy, upper.name))


def _beyond(policy: Charter) -> Iterator[Finding]:
    amount = next((fact for fact in policy.table.facts if fact.name == policy.amount), None)
    if policy.currency is None or not isinstance(amount, Number):
        return
    for tier in policy.ladder.tiers[:-1]:
        most = tier.authority.limit(policy.currency)
        if not most.is_finite():
            continue
        for witness in never(policy.table, amount > most, tier.name, most=1):
            text = f"{tier.name} may grant {most} {policy.currency}, yet has {witness}"
            at = _at(policy, tier.name)
            yield _finding("beyond-authority", _ERROR, text, at, witness.facts)


def _safety(policy: Charter) -> Iterator[Finding]:
    law = policy.safety
    if law is None:
        text = "without it, nothing is proved about danger"
        yield _finding("no-safety-law", _WARNING, text, "safety")
        return
    for witness in always(policy.table, law.when, lambda outcome: outcome in law.to):
        yield _finding("safety-not-first", _ERROR, str(witness), "safety", witness.facts)
    for name in law.to:
        tier = policy.ladder.tier(name)
        if not (tier.safety and tier.human):
            text = f"{name} is not a safety tier of people"
            yield _finding("safety-not-first", _ERROR, text, "safety.to")


def _immediate(policy: Charter) -> Iterator[Finding]:
    law = policy.safety
    if law is None:
        return
    slow = [name for name in law.to if policy.ladder.tier(name).urgency is not Urgency.IMMEDIATE]
    if slow and policy.urgency is None:
        text = f"{slow[0]} is not immediate and there are no rules of urgency"
        yield _finding("safety-not-immediate", _WARNING, text, _at(policy, slow[0]))
    elif slow and policy.urgency is not None:
        for witness in always(policy.urgency, law.when, Urgency.IMMEDIATE.value, most=1):
            text = str(witness)
            yield _finding("safety-not-immediate", _WARNING, text, "urgency", witness.facts)


def _rising(policy: Charter) -> Iterator[Finding]:
    for number, name in enumerate(policy.rising):
        for turn in is_monotone(policy.table, name, policy.rank, most=1):
            text = f"more {name}: {turn}"
            yield _finding("not-rising", _ERROR, text, f"rising[{number}]", turn.higher)


def _protected(policy: Charter) -> Iterator[Finding]:
    asked = {fact.name for rule in policy.table.rules for fact in rule.when.facts}
    for number, name in enumerate(policy.protected):
        if name not in asked:
            continue
        upwards = sorted(policy.ladder.names, key=policy.rank)
        for order in (upwards, upwards[::-1]):
            for turn in is_monotone(policy.table, name, order, most=1):
                at = f"protected[{number}]"
                yield _finding("protected-matters", _ERROR, str(turn), at, turn.lower)


def _channels(policy: Charter) -> Iterator[Finding]:
    channels = {tier.name for tier in policy.ladder.channels}
    outcomes = {rule.name: rule.then for rule in policy.table.rules}
    for overlap in overlaps(policy.table, most=len(outcomes) ** 2):
        claims = {str(outcomes[name]) for name in overlap.rules}
        if len(claims) == 2 and claims <= channels:
            owner = max(claims, key=policy.rank)
            text = f"{overlap}; {owner} has it"
            at = _rule(policy, overlap.rules[0])
            yield _finding("two-channels", _WARNING, text, at, overlap.facts)


def _there(policy: Charter) -> Iterator[Finding]:
    moments = _moments(policy.ladder.targets)
    for tier in policy.ladder:
        if not tier.human:
            continue
        alone = _absence((tier,), moments)
        nobody = alone and _absence(policy.ladder.route(tier.name), moments)
        if nobody:
            text = f"on {nobody:%A at %H:%M} UTC nobody is there: the fail-safe is asked at once"
            yield _finding("nobody-there", _WARNING, text, _at(policy, tier.name))
        elif alone:
            text = f"on {alone:%A at %H:%M} UTC nobody is there: the case goes on at once"
            yield _finding("tier-absent", _NOTE, text, _at(policy, tier.name))


def _moments(targets: Iterable[Target]) -> tuple[datetime, ...]:
    """The moments at which somebody comes or goes, in a week of each way the clocks can stand.

    Between the changes of clocks of two continents lie weeks in which desks no longer meet.
    """
    known = tuple(targets)
    weeks = {tuple(each.zone.utcoffset(day) for each in known): day for day in reversed(_MONDAYS)}
    moments = set(weeks.values())
    for target in known:
        hours = target.hours
        clocks = (time(0), hours.opens, hours.closes) if hours else ()
        for week in weeks.values():
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


def _deaf(policy: Charter, supplied: tuple[str, ...]) -> Iterator[Finding]:
    """The facts that rules ask about and nobody tells: for them the default always holds."""
    for where, table in (("table", policy.table), ("urgency", policy.urgency)):
        asked = {fact.name for rule in table.rules for fact in rule.when.facts} if table else ()
        for name in sorted({*asked} - {*supplied, policy.current}):
            near = nearest_name(name, supplied)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            text = f"rules of the {where} ask about {quoted(name)}, and nobody supplies it{hint}"
            at = joined("table.facts", name)
            yield _finding("fact-not-supplied", Severity.WARNING, text, at)


def _defaults(policy: Charter) -> Iterator[Finding]:
    for fact in policy.table.facts:
        if fact.name not in policy.defaults:
            text = f"where it is not given, {policy.on_error} gets what it leaves undecided"
            at = joined("table.facts", fact.name)
            yield _finding("fact-without-default", _NOTE, text, at)


def _table(path: str, table: Table, unasked: Iterable[str]) -> Iterator[Finding]:
    asked_elsewhere = {joined("facts", name) for name in unasked}
    for finding in check_table(table):
        if finding.code != "unused-fact" or finding.place not in asked_elsewhere:
            yield evolve(finding, place=f"{path}.{finding.place}")


def _tables(policy: Charter) -> Iterator[Finding]:
    yield from _table("table", policy.table, {*policy.protected, policy.current})
    if policy.urgency is not None:
        yield from _table("urgency", policy.urgency, [fact.name for fact in policy.table.facts])


@frozen
class _Question:
    """Something to ask of a policy, and what holds if nothing is found."""

    code: str
    ask: Callable[[Charter], Iterable[Finding]]
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
