"""Tables put into the tables that need them, so that proofs go through a whole graph.

Where a table asks what another comes to, each of its cells stands for the regions of inputs in
which the other comes to just that; these are found exactly, by the search that proves laws.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from deescalate.errors import DeescalateError, FactError, TableError, quoted
from deescalate.rules._engine.conditions import (
    EVERYTHING,
    Box,
    Condition,
    Fact,
    Test,
    all_of,
    any_of,
)
from deescalate.rules._engine.facts import Choice
from deescalate.rules._engine.rules import Outputs, Rule
from deescalate.rules._engine.sets import OptionSet, ValueSet
from deescalate.rules._table import Table
from deescalate.rules.dmn._logic import OTHER, Column, value_of
from deescalate.rules.dmn._reading import Decision
from deescalate.rules.proofs import never

__all__ = ["Through"]

MOST_REGIONS = 2_000
"""Regions of inputs for one cell; ours."""


class Through:
    """The tables of a model over its inputs.

    Args:
        decisions: The decisions, each after those that it needs.
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.decisions = {each.name: each for each in decisions}
        self.made: dict[str, Table | TableError] = {}

    def table(self, name: str) -> Table:
        """The table of a decision over the inputs of the model.

        Raises:
            TableError: It has none, or needs what is no table or lists what it finds.
        """
        if name not in self.made:
            try:
                self.made[name] = self.whole(self.decisions[name])
            except DeescalateError as error:
                told = error if isinstance(error, TableError) else TableError(name, str(error))
                self.made[name] = told
        found = self.made[name]
        if isinstance(found, TableError):
            raise found
        return found

    def whole(self, decision: Decision) -> Table:
        """The table, made."""
        tabled = decision.table
        if tabled is None:
            raise TableError(f"decision {quoted(decision.name)}", "it has no table")
        needed = {
            column.fact.name: (column, name, column.source.path[len(name) + 1 :])
            for column in tabled.columns
            for name in decision.needs
            if column.source.path == name or column.source.path.startswith(f"{name}.")
        }
        upstream = {name: self.upstream(name) for _, name, _ in needed.values()}
        own = [column.fact for column in tabled.columns if column.fact.name not in needed]
        facts = _joined([*own, *(fact for each in upstream.values() for fact in each.facts)])
        regions: dict[tuple[str, ValueSet], Condition] = {}

        def moved(test: Test) -> Condition:
            if test.fact.name not in needed:
                return _moved(test, facts)
            key = (test.fact.name, test.values)
            if key not in regions:
                column, name, part = needed[test.fact.name]
                found = _regions(upstream[name], column, part, test.values)
                regions[key] = any_of(
                    *(_all(box, lambda each: _moved(each, facts)) for box in found)
                )
            return regions[key]

        def asked(place: int) -> Condition:
            """That something comes to a rule at all where it asks for anything there may be."""
            asking = (each for each, _, _ in needed.values() if place in each.asking)
            return all_of(*(moved(Test(each.fact, each.fact.domain)) for each in asking))

        table = tabled.table
        rules = [
            Rule(
                rule.name,
                any_of(*(_all(box, moved) for box in rule.when.boxes)) & asked(place),
                rule.then,
                rule.reason,
            )
            for place, rule in enumerate(table.rules)
        ]
        policy = table.hit_policy.value
        return Table(table.name, facts.values(), rules, policy, table.default, table.outcomes)

    def upstream(self, name: str) -> Table:
        """A table that another needs, over the inputs of the model."""
        decision = self.decisions[name]
        if decision.table is not None and decision.table.computed:
            raise TableError(f"decision {quoted(name)}", "it computes what it comes to")
        table = self.table(name)
        if table.hit_policy.lists:
            raise TableError(f"decision {quoted(name)}", "it comes to a list")
        return table


def _all(box: Box, moved: Callable[[Test], Condition]) -> Condition:
    return all_of(*map(moved, box)) if box.tests else EVERYTHING


def _regions(table: Table, column: Column, part: str, values: ValueSet) -> list[Box]:
    """Where a table comes to one of some values."""

    def meant(outcome: Any) -> bool:
        value = outcome.get(part) if part and isinstance(outcome, Outputs) else outcome
        try:
            return column.taken(value_of(value)) in values
        except FactError:
            return False

    found = never(table, EVERYTHING, meant, most=MOST_REGIONS + 1)
    if len(found) > MOST_REGIONS:
        raise TableError(f"table {quoted(table.name)}", f"more than {MOST_REGIONS} regions")
    return [each.region for each in found]


def _joined(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Each fact once; of a text without stated values, all that any table names."""
    found: dict[str, Fact] = {}
    for fact in facts:
        known = found.setdefault(fact.name, fact)
        if known == fact:
            continue
        both = (known, fact)
        if not all(isinstance(each, Choice) and OTHER in each.options for each in both):
            reason = "two tables allow it different values"
            raise TableError(f"fact {quoted(fact.name)}", reason)
        options = dict.fromkeys(each for one in both for each in cast("Choice", one).options)
        found[fact.name] = Choice(fact.name, [*(each for each in options if each != OTHER), OTHER])
    return found


def _moved(test: Test, facts: Mapping[str, Fact]) -> Condition:
    """A test of a fact as one of the joined fact: ``(other)`` may be what another table names."""
    fact, values = facts[test.fact.name], test.values
    if (
        fact != test.fact
        and isinstance(fact, Choice)
        and OTHER in cast("OptionSet", values).options
    ):
        known = cast("Choice", test.fact).options
        values = cast("OptionSet", values) | OptionSet(
            tuple(each for each in fact.options if each not in known)
        )
    return Condition((Box((Test(fact, fact.clip(values), test.written),)),))
