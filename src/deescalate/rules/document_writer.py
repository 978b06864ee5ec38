"""Writes a table as a plain mapping, from which it loads back as an equal one."""

from decimal import Decimal
from typing import Any, cast

from deescalate.rules._engine.cells import write_cell
from deescalate.rules._engine.conditions import Condition, Fact
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.plain import is_list, is_mapping
from deescalate.rules._engine.rules import Example, Rule
from deescalate.rules._engine.table import Table
from deescalate.rules.document_reader import FORMAT

__all__ = ["written"]


def written(table: Table) -> dict[str, Any]:
    """Write a table.

    Args:
        table: The table. A condition that came from a document is written as it was there.

    >>> written(Table("desk", [Flag("lost")], []))["facts"]
    {'lost': {'flag': True}}
    """
    document: dict[str, Any] = {
        "format": FORMAT,
        "name": table.name,
        "hit_policy": table.hit_policy.value,
    }
    if table.outcomes:
        document["outcomes"] = _written_outcome(table.outcomes)
    if table.default is not None:
        document["default"] = _written_outcome(table.default)
    if table.facts:
        document["facts"] = {fact.name: _written_fact(fact) for fact in table.facts}
    if table.rules:
        document["rules"] = [_written_rule(rule) for rule in table.rules]
    if table.tests:
        document["tests"] = [_written_example(each) for each in table.tests]
    return document


def _written_outcome(outcome: object) -> Any:
    if isinstance(outcome, Decimal):
        return {"decimal": str(outcome)}
    if is_mapping(outcome):
        return {name: _written_outcome(each) for name, each in outcome.items()}
    if is_list(outcome):
        return [_written_outcome(each) for each in outcome]
    return outcome


def _written_fact(fact: Fact) -> dict[str, Any]:
    if isinstance(fact, Choice):
        return {"choice": list(fact.options)}
    if isinstance(fact, Flag):
        return {"flag": True}
    number = cast("Number", fact)
    ends = {"low": number.low, "high": number.high}
    return {
        "number": {key: _written_outcome(end) for key, end in ends.items() if end is not None}
        | ({"unit": number.unit} if number.unit else {})
        | {key: True for key in ("integer", "decimal") if getattr(number, key)}
    }


def _written_rule(rule: Rule) -> dict[str, Any]:
    document = {
        "name": rule.name,
        "when": _written_condition(rule.when),
        "then": _written_outcome(rule.then),
    }
    return document | ({"because": rule.because} if rule.because else {})


def _written_condition(when: Condition) -> Any:
    if when.written is not None:
        return _written_outcome(when.written)
    boxes = [
        {test.fact.name: write_cell(test.fact, test.values, test.written) for test in box}
        for box in when.boxes
    ]
    return boxes[0] if len(boxes) == 1 else boxes


def _written_example(example: Example) -> dict[str, Any]:
    document = {"facts": _written_outcome(example.facts)}
    return document | (
        {} if example.outcome is None else {"outcome": _written_outcome(example.outcome)}
    )
