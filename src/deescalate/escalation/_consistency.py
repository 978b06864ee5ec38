"""Whether all parts of a policy know one another."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from deescalate.errors import (
    DeescalateError,
    DocumentError,
    Problem,
    listed_names,
    nearest_name,
    quoted,
)
from deescalate.escalation._charter import Charter
from deescalate.escalation._events import LONGEST
from deescalate.escalation._tiers import Urgency
from deescalate.money import minor_units
from deescalate.rules import Choice, Fact, HitPolicy, Number, Table

__all__ = ["check_parts"]

MOST_MINUTES = int(LONGEST.total_seconds() // 60)
ONE_OUTCOME = (HitPolicy.PRIORITY, HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)


def check_parts(policy: Charter) -> None:
    """Refuse a policy in which one part names what another does not know.

    Raises:
        DocumentError: With every problem.
    """
    problems = tuple(_problems(policy))
    if problems:
        raise DocumentError("policy", problems)


def _problems(policy: Charter) -> Iterator[Problem]:
    facts = {fact.name: fact for fact in policy.table.facts}
    yield from _tables(policy)
    yield from _people(policy)
    yield from _laws(policy, facts)
    yield from _values(policy, facts)
    yield from _answers(policy)
    yield from _money(policy)


def _tables(policy: Charter) -> Iterator[Problem]:
    yield from _table("table", policy.table, policy.ladder.names)
    if policy.urgency is not None:
        yield from _table("urgency", policy.urgency, list(Urgency))


def _people(policy: Charter) -> Iterator[Problem]:
    tiers = policy.ladder.names
    yield from _known("on_error", [policy.on_error], tiers)
    if policy.on_error in tiers and not policy.ladder.tier(policy.on_error).human:
        yield Problem("on_error", f"found {quoted(policy.on_error)}, expected a tier of people")
    for number, test in enumerate(policy.tests):
        yield from _known(f"tests[{number}].tier", [test.tier], tiers)


def _laws(policy: Charter, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    if policy.safety is not None:
        yield from _known("safety.to", policy.safety.to, policy.ladder.names)
        yield from _known("safety.when", [fact.name for fact in policy.safety.when.facts], facts)
    yield from _known("rising", policy.rising, facts)
    for name in sorted({*policy.rising} & {*policy.protected}):
        yield Problem("protected", f"{quoted(name)} is also said to be rising")


def _values(policy: Charter, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    yield from _known("defaults", policy.defaults, facts)
    for name in policy.defaults:
        if name in facts:
            yield from _tried(f"defaults.{name}", facts[name], policy.defaults[name])
    yield from _known("returning.margins", policy.returning.margins, facts)
    for name, margin in policy.returning.margins.items():
        path = f"returning.margins.{name}"
        if name in facts and not isinstance(facts[name], Number):
            yield Problem(path, "expected the name of a number")
        if not _is_number(margin):
            yield Problem(path, f"found {quoted(margin)}, expected a number, 0 or more")
    current = facts.get(policy.current)
    if isinstance(current, Choice):
        path = f"table.facts.{policy.current}"
        yield from _known(path, current.options, policy.ladder.names)
    elif current is not None:
        yield Problem(f"table.facts.{policy.current}", "expected a choice of tiers")
    for number, test in enumerate(policy.tests):
        yield from _known(f"tests[{number}].facts", test.facts, [*facts, *policy.protected])


def _answers(policy: Charter) -> Iterator[Problem]:
    yield from _known("answer_within_minutes", policy.answer_within, list(Urgency))
    for name, minutes in policy.answer_within.items():
        if not _is_number(minutes, most=MOST_MINUTES) or not minutes:
            allowed = f"minutes, above 0 and at most {MOST_MINUTES}"
            reason = f"found {quoted(minutes)}, expected {allowed}"
            yield Problem(f"answer_within_minutes.{name}", reason)


def _money(policy: Charter) -> Iterator[Problem]:
    codes = {} if policy.currency is None else {"currency": policy.currency}
    for path, code in {**codes, **{f"exchange.{code}": code for code in policy.exchange}}.items():
        try:
            minor_units(code)
        except DeescalateError as error:
            yield Problem(path, str(error))
    for code, rate in policy.exchange.items():
        if isinstance(rate, float) or not _is_number(rate) or not rate:
            yield Problem(f"exchange.{code}", f"found {quoted(rate)}, expected a rate above 0")
        if code == policy.currency:
            reason = "expected another currency than that of the policy"
            yield Problem(f"exchange.{code}", reason)


def _is_number(value: object, *, most: int | None = None) -> bool:
    """Whether it is a finite number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return Decimal(value).is_finite() and value >= 0 and (most is None or value <= most)


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
    allowed = dict.fromkeys(known)
    for name in names:
        if name not in allowed:
            nearest = nearest_name(name, allowed)
            reason = f"found {quoted(name)}, expected one of {listed_names(allowed, nearest)}"
            yield Problem(path, reason, nearest)


def _tried(path: str, fact: Fact, value: object) -> Iterator[Problem]:
    try:
        fact.check(value)
    except DeescalateError as error:
        yield Problem(path, str(error))
