"""Everything worth knowing about a table before it is used: one call, findings to read."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import field, frozen

from deescalate.rules._engine.conditions import Box
from deescalate.rules._engine.outcomes import Outputs
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._coverage import can_merge, dead_rules, gaps, overlaps, unreachable
from deescalate.rules.proofs._covering import DEFAULT_LIMIT
from deescalate.rules.proofs._search import such_as

__all__ = ["Finding", "Severity", "check"]


class Severity(StrEnum):
    """How much a finding matters.

    >>> Severity("error").rank < Severity("advice").rank
    True
    """

    ERROR = "error"
    """The table will fail on some case."""
    WARNING = "warning"
    """The table works, but probably not as meant."""
    ADVICE = "advice"
    """The table could be simpler."""

    @property
    def rank(self) -> int:
        """Its place, the gravest first."""
        return list(Severity).index(self)


@frozen(kw_only=True)
class Finding:
    """One thing worth knowing about a table.

    Attributes:
        code: What kind of thing, a stable word: ``gap``, ``conflict``, ``overlap``,
            ``dead-rule``, ``unreachable-outcome``, ``failed-test``, ``unused-fact`` or
            ``mergeable``.
        severity: How much it matters.
        message: What it is.
        rules: Names of the rules it is about.
        region: The cases it is about, if it is about some.
        facts: One of the cases; empty where it is about none.
    """

    code: str
    severity: Severity
    message: str
    rules: tuple[str, ...] = ()
    region: Box | None = None
    facts: Outputs = field(factory=lambda: Outputs({}))

    def __str__(self) -> str:
        region = f": {self.region}" if self.region is not None else ""
        facts = such_as(self.facts) if self.facts else ""
        return f"{self.severity} {self.code}: {self.message}{region}{facts}"


def check(table: Table, *, most: int = 10, limit: int = DEFAULT_LIMIT) -> tuple[Finding, ...]:
    """Look for everything that is wrong or odd with a table.

    Args:
        table: The table.
        most: Gaps and overlaps reported at most, of each.
        limit: Regions looked at for each question before giving up.

    Returns:
        Findings, the gravest first. Empty: nothing was found, and for what ``Finding.code``
        lists that is a proof over the whole domain.

    Raises:
        WorkLimitError: A question would take more work than the limit.

    >>> from deescalate.rules import Flag, Number, Rule, Table
    >>> anger, lost = Number("anger", 0, 1), Flag("lost")
    >>> rules = [Rule("low", anger <= 0.5, "agent"), Rule("high", anger >= 0.5, "senior")]
    >>> for finding in check(Table("desk", [anger, lost], rules)):
    ...     print(finding)
    error conflict: low and high match together: anger is 0.5 (such as anger = 0.5, lost = False)
    advice unused-fact: no rule asks about lost
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
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def _failed_tests(table: Table) -> Iterator[Finding]:
    for failed in table.run_tests():
        yield Finding(code="failed-test", severity=Severity.ERROR, message=str(failed))


def _gaps(table: Table, most: int, limit: int) -> Iterator[Finding]:
    if table.decider.default.outcome is not None:
        return
    for gap in gaps(table, most=most, limit=limit):
        yield Finding(
            code="gap",
            severity=Severity.ERROR,
            message="no rule matches and there is no default",
            region=gap.region,
            facts=Outputs(gap.facts),
        )


def _overlaps(table: Table, most: int) -> Iterator[Finding]:
    policy = table.hit_policy
    if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    reported = 0
    for overlap in overlaps(table, most=len(table.rules) ** 2):
        if (overlap.conflict or policy is HitPolicy.UNIQUE) and reported < most:
            reported += 1
            verb = "match together" if policy is HitPolicy.UNIQUE else "disagree"
            yield Finding(
                code="conflict" if overlap.conflict else "overlap",
                severity=Severity.ERROR,
                message=f"{overlap.rules[0]} and {overlap.rules[1]} {verb}",
                rules=overlap.rules,
                region=overlap.region,
                facts=Outputs(overlap.facts),
            )


def _dead_rules(table: Table, limit: int) -> Iterator[Finding]:
    for dead in dead_rules(table, limit=limit):
        yield Finding(
            code="dead-rule",
            severity=Severity.WARNING,
            message=str(dead),
            rules=(dead.rule, *dead.hidden_by),
        )


def _unreachable(table: Table, limit: int) -> Iterator[Finding]:
    for outcome in unreachable(table, limit=limit):
        message = f"no case comes to {outcome}"
        yield Finding(code="unreachable-outcome", severity=Severity.WARNING, message=message)


def _unused_facts(table: Table) -> Iterator[Finding]:
    used = {fact.name for rule in table.rules for fact in rule.when.facts}
    for fact in table.facts:
        if fact.name not in used:
            message = f"no rule asks about {fact.name}"
            yield Finding(code="unused-fact", severity=Severity.ADVICE, message=message)


def _mergeable(table: Table) -> Iterator[Finding]:
    for merge in can_merge(table):
        yield Finding(
            code="mergeable", severity=Severity.ADVICE, message=str(merge), rules=merge.rules
        )
