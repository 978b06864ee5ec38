"""Decisions kept for an audit, and whether they were so."""

from collections.abc import Mapping
from typing import Any, Self

from attrs import field, frozen

from deescalate.documents import Document, FrozenMapping, flag, listed, mapped, part, text
from deescalate.errors import DeescalateError, quoted
from deescalate.findings import Finding, Report, Severity
from deescalate.rules._documents import outcome_shape
from deescalate.rules._engine.rules import kind_of
from deescalate.rules._table import Table

__all__ = ["DecisionRecord", "verify"]


def _case(facts: Mapping[str, object]) -> FrozenMapping[object]:
    return FrozenMapping(facts)


@frozen(kw_only=True, repr=False)
class DecisionRecord(Document):
    """A decision with all that is needed to ask later whether it was so.

    Attributes:
        table: The name of the table that decided.
        fingerprint: Which version of it: see ``Table.fingerprint``.
        facts: The facts of the case, as far as they were known.
        decided: Whether they settled it.
        outcome: What came out; ``None`` where nothing did.
        rules: The names of the rules it comes from.
        because: Their reasons.
        missing: The facts that could still have changed it.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> desk = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")], default="agent")
    >>> kept = DecisionRecord.of(desk, {"anger": 0.9})
    >>> kept.outcome, kept.rules
    ('supervisor', ('hot',))
    >>> DecisionRecord.from_document(kept.to_document(form="json")) == kept
    True
    """

    document_kind = "decision"
    table: str = field(metadata=part(text()))
    fingerprint: str = field(metadata=part(text()))
    facts: Mapping[str, Any] = field(converter=_case, metadata=part(mapped(outcome_shape())))
    decided: bool = field(metadata=part(flag()))
    outcome: Any = field(default=None, metadata=part(outcome_shape()))
    rules: tuple[str, ...] = field(default=(), metadata=part(listed(text())))
    because: tuple[str, ...] = field(default=(), metadata=part(listed(text())))
    missing: tuple[str, ...] = field(default=(), metadata=part(listed(text())))

    @classmethod
    def of(cls, table: Table, facts: Mapping[str, object]) -> Self:
        """Decide a case and keep the decision.

        Args:
            table: The table.
            facts: The facts of the case, as for ``Table.decide``.

        Raises:
            FactError: As for ``Table.decide``.
            HitPolicyError: Several rules matched where the hit policy forbids it.
        """
        known = table.check_facts(facts)
        return cls(
            table=table.name, fingerprint=table.fingerprint, facts=known, **_said(table, known)
        )


def _said(table: Table, facts: Mapping[str, object]) -> dict[str, Any]:
    verdict = table.decide(facts)
    return {
        "decided": verdict.decided,
        "outcome": verdict.outcome,
        "rules": tuple(rule.name for rule in verdict.matched),
        "because": verdict.because,
        "missing": verdict.missing,
    }


def verify(decision: DecisionRecord, table: Table) -> Report:
    """Say whether a table decides a case as it was recorded.

    Args:
        decision: The record, as it was kept.
        table: The table, in the version that is said to have decided.

    Returns:
        A report that is ``ok`` where it was so. Otherwise it tells what is not: that the table is
        another version (a note), and each part of the decision that comes out otherwise.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> desk = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")], default="agent")
    >>> kept = DecisionRecord.of(desk, {"anger": 0.9})
    >>> verify(kept, desk).ok
    True
    >>> softer = Table("desk", [anger], [Rule("hot", anger >= 0.95, "supervisor")], default="agent")
    >>> print(verify(kept, softer))  # doctest: +ELLIPSIS
    decision of desk:
    error outcome (outcome): it is `agent` and not `supervisor`
    ...
    """
    found: list[Finding] = []

    def note(severity: Severity, place: str, text: str) -> None:
        found.append(Finding(severity=severity, code=place, text=text, place=place))

    if decision.fingerprint != table.fingerprint:
        told = f"another version of the table decided: {decision.fingerprint[:12]}"
        note(Severity.NOTE, "fingerprint", f"{told}, and this is {table.fingerprint[:12]}")
    try:
        said = _said(table, decision.facts)
    except DeescalateError as error:
        said = {}
        note(Severity.ERROR, "facts", f"this table cannot decide it: {error}")
    for name, now in said.items():
        then = getattr(decision, name)
        if kind_of(now) != kind_of(then):
            note(Severity.ERROR, name, f"it is {quoted(now)} and not {quoted(then)}")
    return Report(name=f"decision of {decision.table}", findings=found)
