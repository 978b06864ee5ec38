"""A strategy: chosen by its tables, read from a document, checked as a whole."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Self

from attrs import evolve

from deescalate.advice import Plan, Situation
from deescalate.documents import Difference, Document, joined
from deescalate.findings import Finding, Proved, Report, Severity
from deescalate.rules.proofs import CODES
from deescalate.strategy._choosing import Choosing
from deescalate.strategy._laws import Law
from deescalate.strategy._prove import prove_strategy

__all__ = ["Strategy", "default_document", "select"]

_TABLES = ("phase", "moves", "avoid", "agent")


class Strategy(Choosing, Document):
    """Which moves come next, decided by four tables that people can read, edit and prove things of.

    Attributes:
        name: Its name.
        facts: Facts of your own, beside those of a `Situation`; they are given in
            `Situation.more`. In all tables but the first the phase is one more fact.
        phase: Where the conversation is held; of all rules that match, the earliest phase wins.
        moves: Each rule that matches adds one move; its ``outcomes`` are the order of a plan.
        avoid: Each rule that matches takes out a move, a family or a phase of moves, or names a way
            of speaking to avoid.
        agent: Each rule that matches gives a piece of advice for the agent's own sake.
        longest: How many moves one plan may have.
        spare: The moves that are left out first, in this order, where a plan would be longer.

    >>> Strategy.default()
    Strategy(name='person first', longest=5)
    """

    __slots__ = ()
    document_kind = "strategy"

    @classmethod
    def default(cls) -> "Strategy":
        """The shipped strategy: the person first, then the issue.

        >>> Strategy.default() is Strategy.default()
        True
        """
        return _default()

    def check(self, laws: Iterable[Law] | None = None) -> Report:
        """Look for everything that is wrong or odd with its tables, and prove the laws.

        All laws of the shipped strategy together take about a second.

        Args:
            laws: What has to hold in every situation; those of `strategy_laws` if none are given.

        Raises:
            WorkLimitError: A proof would take more work than its limit.

        >>> print(Strategy.default().check(laws=()))
        person first: nothing to find
        """
        results = prove_strategy(self, laws)
        broken = [
            Finding(
                severity=Severity.ERROR,
                code="broken-law",
                text=str(result),
                place="moves",
                witness=result.breach.facts,
            )
            for result in results
            if result.breach is not None
        ]
        return Report(
            name=self.name,
            findings=(*self._in_tables(), *broken),
            proved=[
                Proved(code="broken-law", text=result.law.statement)
                for result in results
                if result.holds
            ],
            meanings={**CODES, "broken-law": "a situation in which a law does not hold"},
        )

    def differences(self, other: Self) -> tuple[Difference, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]  Self
        """Tell how another strategy differs: of each table the cases that are decided otherwise.

        Args:
            other: The one that comes after.

        Raises:
            TableError: A fact has changed its kind, so that cases cannot be compared.
            WorkLimitError: The comparison would take too much work.

        >>> Strategy.default().differences(Strategy.default())
        ()
        """
        decided = [
            evolve(each, where=name)
            for name in _TABLES
            for each in getattr(self, name).differences(getattr(other, name))
        ]
        rules = tuple(f"{name}.rules" for name in _TABLES)
        written = super().differences(other)
        return (*decided, *(each for each in written if not each.where.startswith(rules)))

    def _in_tables(self) -> Iterator[Finding]:
        asked: set[str] = set()
        for name in _TABLES:
            table = getattr(self, name)
            asked.update(fact.name for rule in table.rules for fact in rule.when.facts)
            for finding in table.check():
                if finding.code != "unused-fact":
                    yield evolve(finding, place=f"{name}.{finding.place}")
        for fact in [each for each in self.facts if each.name not in asked]:
            yield Finding(
                severity=Severity.NOTE,
                code="unused-fact",
                text=f"no rule asks about {fact.name}",
                place=joined("facts", fact.name),
            )


def default_document() -> str:
    """The text of the shipped strategy: copy it, edit the copy, load it.

    >>> default_document().splitlines()[0]
    '# The default strategy: handle the person, then the issue.'
    """
    return files("deescalate.strategy").joinpath("data/default.toml").read_text(encoding="utf-8")


@cache
def _default() -> Strategy:
    return Strategy.from_document(default_document())


def select(situation: Situation, strategy: Strategy | None = None) -> Plan:
    """Choose what to do next: `Strategy.select` of the shipped strategy, or of yours.

    Args:
        situation: What is known.
        strategy: Whose tables decide; the shipped strategy if none is given.

    Raises:
        FactError: A fact of the situation is outside its domain.

    >>> [move.value for move in select(Situation(can_meet="yes", turns=1)).kinds]
    ['propose']
    """
    return (strategy or Strategy.default()).select(situation)
