"""Everything worth knowing about a table before it is used: one call, findings to read."""

from collections.abc import Iterator, Mapping

from deescalate.documents import joined
from deescalate.findings import Finding, Report, Severity
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._coverage import (
    Overlap,
    can_merge,
    dead_rules,
    gaps,
    overlaps,
    unreachable,
)
from deescalate.rules.proofs._covering import DEFAULT_LIMIT
from deescalate.rules.proofs._search import Witness, such_as

__all__ = ["CODES", "check"]


CODES: Mapping[str, str] = {
    "conflict": "two rules contradict each other",
    "dead-rule": "a rule never decides",
    "failed-test": "a stated case is decided otherwise",
    "gap": "a case without a rule",
    "mergeable": "two rules could be one",
    "overlap": "two rules match together",
    "unreachable-outcome": "an outcome that no case has",
    "unused-fact": "a fact that no rule asks about",
}
"""What the codes of a table's findings mean."""


def check(table: Table, *, most: int = 10, limit: int = DEFAULT_LIMIT) -> Report:
    """Look for everything that is wrong or odd with a table.

    Args:
        table: The table.
        most: Gaps and overlaps reported at most, of each.
        limit: Regions looked at for each question before giving up.

    Returns:
        Findings, the gravest first, each with a code of ``CODES``. Without any, that is a proof
        over the whole domain.

    Raises:
        WorkLimitError: A question would take more work than the limit.

    >>> from deescalate.rules import Flag, Number, Rule, Table
    >>> anger, lost = Number("anger", 0, 1), Flag("lost")
    >>> rules = [Rule("low", anger <= 0.5, "agent"), Rule("high", anger >= 0.5, "senior")]
    >>> for finding in check(Table("desk", [anger, lost], rules)):
    ...     print(finding)
    error conflict (rules[0]): low and high match together: anger is 0.5 (such as anger = 0.5,
    lost = False)
    note unused-fact (facts.lost): no rule asks about lost
    """
    found = [
        *_failed_tests(table),
        *_gaps(table, most, limit),
        *_overlaps(table, most),
        *_dead_rules(table, limit),
        *_unreachable(table, limit),
        *_unused_facts(table),
        *_mergeable(table),
    ]
    return Report(name=table.name, findings=found, meanings=CODES)


def _finding(
    severity: Severity, code: str, text: str, place: str, gap: Witness | Overlap | None = None
) -> Finding:
    if gap is None:
        return Finding(severity=severity, code=code, text=text, place=place)
    text = f"{text}: {gap.region}{such_as(gap.facts)}"
    return Finding(severity=severity, code=code, text=text, place=place, witness=gap.facts)


def _failed_tests(table: Table) -> Iterator[Finding]:
    for failed in table.run_tests():
        place = f"tests[{table.tests.index(failed.example)}]"
        yield _finding(Severity.ERROR, "failed-test", str(failed), place)


def _gaps(table: Table, most: int, limit: int) -> Iterator[Finding]:
    if table.decider.default.outcome is not None:
        return
    for gap in gaps(table, most=most, limit=limit):
        text = "no rule matches and there is no default"
        yield _finding(Severity.ERROR, "gap", text, "rules", gap)


def _overlaps(table: Table, most: int) -> Iterator[Finding]:
    policy = table.hit_policy
    if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    reported = 0
    for overlap in overlaps(table, most=len(table.rules) ** 2):
        if (overlap.conflict or policy is HitPolicy.UNIQUE) and reported < most:
            reported += 1
            verb = "match together" if policy is HitPolicy.UNIQUE else "disagree"
            code = "conflict" if overlap.conflict else "overlap"
            text = f"{overlap.rules[0]} and {overlap.rules[1]} {verb}"
            yield _finding(Severity.ERROR, code, text, _rule(table, overlap.rules[0]), overlap)


def _dead_rules(table: Table, limit: int) -> Iterator[Finding]:
    for dead in dead_rules(table, limit=limit):
        yield _finding(Severity.WARNING, "dead-rule", str(dead), _rule(table, dead.rule))


def _unreachable(table: Table, limit: int) -> Iterator[Finding]:
    for outcome in unreachable(table, limit=limit):
        text = f"no case comes to {outcome}"
        yield _finding(Severity.WARNING, "unreachable-outcome", text, "outcomes")


def _unused_facts(table: Table) -> Iterator[Finding]:
    used = {fact.name for rule in table.rules for fact in rule.when.facts}
    for fact in table.facts:
        if fact.name not in used:
            text = f"no rule asks about {fact.name}"
            yield _finding(Severity.NOTE, "unused-fact", text, joined("facts", fact.name))


def _mergeable(table: Table) -> Iterator[Finding]:
    for merge in can_merge(table):
        yield _finding(Severity.NOTE, "mergeable", str(merge), _rule(table, merge.rules[0]))


def _rule(table: Table, name: str) -> str:
    return f"rules[{[rule.name for rule in table.rules].index(name)}]"
