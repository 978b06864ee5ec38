"""What decides: a table with its columns, or an expression; and how values of FEEL become facts."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from deescalate.documents import FrozenMapping, is_list, is_mapping
from deescalate.errors import FactError
from deescalate.rules._engine.calendar import TEMPORAL_KINDS, Temporal, iso_text
from deescalate.rules._engine.conditions import Fact
from deescalate.rules._engine.facts import Choice, Number
from deescalate.rules._engine.policies import bits_of
from deescalate.rules._engine.rules import Verdict
from deescalate.rules._table import Table
from deescalate.rules.dmn._feel import Expression, Moment, moment

__all__ = [
    "OTHER",
    "Column",
    "Computed",
    "Logic",
    "Tabled",
    "as_facts",
    "plain_value",
    "value_of",
]

OTHER = "(other)"
"""The option of a text without stated values that stands for all that no cell names."""


@frozen(eq=False)
class Column:
    """An input of a table.

    Attributes:
        fact: The fact that its cells ask about.
        source: What it reads, as an expression.
        asking: The rules whose cell says something, by their places.
    """

    fact: Fact
    source: Expression
    asking: frozenset[int] = frozenset()

    def taken(self, value: object) -> object:
        """A value of FEEL as one of the fact.

        Raises:
            FactError: The fact cannot have it.
        """
        return taken(self.fact, value)


def taken(fact: Fact, value: object) -> object:
    """A value of FEEL as one of a fact.

    Raises:
        FactError: The fact cannot have it.
    """
    if isinstance(value, Moment):
        alike = isinstance(fact, Temporal) and fact.zoned == value.zoned
        if not alike or getattr(fact, "kind", "") != value.kind:
            raise FactError(fact.name, str(value), fact.allowed)
        return fact.check(value.number)
    if isinstance(fact, Choice) and isinstance(value, str) and OTHER in fact.options:
        return value if value in fact.options else OTHER
    if isinstance(fact, Number) and not fact.decimal and isinstance(value, Decimal):
        near = float(value)  # such a fact is spelled as programs spell floats
        return fact.check(near if Decimal(repr(near)) == value else value)
    return fact.check(value)


def as_facts(table: Table, case: Mapping[str, object]) -> dict[str, object]:
    """A recorded case as the facts of a table that was read from DMN or a sheet.

    Args:
        table: The table.
        case: Values by the names of facts, as JSON has them.

    Returns:
        The same with exact decimals for floats and ``(other)`` for texts that no cell names; a
        value that the table refuses stays as it is.

    >>> from deescalate.rules import Choice, Table
    >>> threat = Choice("threat", ["legal", "(other)"])
    >>> as_facts(Table("desk", [threat], []), {"threat": "rude", "vip": True})
    {'threat': '(other)', 'vip': True}
    """
    facts = {fact.name: fact for fact in table.facts}
    found: dict[str, object] = {}
    for name, value in case.items():
        try:
            found[name] = taken(facts[name], value_of(value)) if name in facts else value
        except FactError:
            found[name] = value
    return found


@frozen(eq=False)
class Tabled:
    """A decision table with what its columns read and what its outcomes compute.

    Attributes:
        table: The table.
        columns: Its inputs, one a fact.
        computed: Outcomes that are no plain value, by their text, and how they are computed.
        lines: The line of each part, by its path in the table's document.
        relations: Whether cells compare inputs with each other.
    """

    table: Table
    columns: tuple[Column, ...]
    computed: Mapping[str, Expression] = field(default=FrozenMapping({}))
    lines: Mapping[str, int] = field(default=FrozenMapping({}))
    relations: bool = False

    def verdict(self, scope: Mapping[str, Any]) -> Verdict:
        """Decide, with every name of its columns in scope; null matches where nothing is asked."""
        known: dict[str, object] = {}
        unknown: set[int] = set()
        for column in self.columns:
            value = column.source.run(scope)
            if value is None:
                unknown |= column.asking
            else:
                known[column.fact.name] = column.taken(value)
        if len(known) == len(self.columns):
            verdict = self.table.decide(known)
        else:
            mask = self.table.mask_of(known)
            owners = self.table.decider.owners
            kept = [bit for bit in bits_of(mask) if owners[bit] not in unknown]
            verdict = self.table.verdict_for(sum(1 << bit for bit in kept))
        return evolve(verdict, outcome=self.said(verdict.outcome, scope))

    def said(self, outcome: Any, scope: Mapping[str, Any]) -> Any:
        """An outcome with what is computed in it."""
        if is_mapping(outcome):
            return {name: self.said(each, scope) for name, each in outcome.items()}
        if is_list(outcome):
            return tuple(self.said(each, scope) for each in outcome)
        if isinstance(outcome, str) and outcome in self.computed:
            return plain_value(self.computed[outcome].run(scope))
        return outcome


@frozen(eq=False)
class Computed:
    """A decision that is an expression."""

    expression: Expression

    def verdict(self, scope: Mapping[str, Any]) -> Verdict:
        """Compute it."""
        value = plain_value(self.expression.run(scope))
        return Verdict(
            outcome=value,
            because=(self.expression.text,),
            decided=value is not None,
            possible=(value,),
        )


Logic = Tabled | Computed


def value_of(found: object) -> Any:  # noqa: PLR0911  one for each kind
    """A value of Python as FEEL has it; texts stay texts, also those of dates.

    >>> value_of([1, 0.5])
    [Decimal('1'), Decimal('0.5')]
    """
    if isinstance(found, bool | str | Moment) or found is None:
        return found
    if isinstance(found, int | Decimal):
        return Decimal(found)
    if isinstance(found, float):
        return Decimal(repr(found))
    if isinstance(found, date | time | timedelta):
        return moment(TEMPORAL_KINDS, iso_text(found))
    if is_mapping(found):
        return {name: value_of(each) for name, each in found.items()}
    if is_list(found):
        return [value_of(each) for each in found]
    return found


def plain_value(value: object) -> Any:
    """A value of FEEL as a plain one of Python: whole numbers as ``int``, dates as their text.

    >>> plain_value(Decimal("5.00")), plain_value(Decimal("2.5"))
    (5, Decimal('2.5'))
    """
    if isinstance(value, Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else value
    if isinstance(value, Moment):
        return str(value)
    if is_mapping(value):
        return {name: plain_value(each) for name, each in value.items()}
    if is_list(value):
        return tuple(plain_value(each) for each in value)
    return value
