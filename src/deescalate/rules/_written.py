"""The parts of a table's document, written back, and the JSON Schema of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from deescalate.documents import (
    is_list,
    is_mapping,
    one_of,
    text,
)
from deescalate.rules._engine.calendar import TEMPORAL_KINDS, Temporal
from deescalate.rules._engine.cells import write_cell
from deescalate.rules._engine.conditions import Condition, Fact
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Example, Rule

__all__ = [
    "ANY_OUTCOME",
    "FACTS_SCHEMA",
    "schema",
    "written",
    "written_condition",
    "written_example",
    "written_fact",
    "written_outcome",
]


def written(table: Any) -> dict[str, Any]:
    """A table as the plain mapping from which it loads back as an equal one."""
    document: dict[str, Any] = {"name": table.name, "hit_policy": table.hit_policy.value}
    if table.outcomes:
        document["outcomes"] = written_outcome(table.outcomes)
    if table.default is not None:
        document["default"] = written_outcome(table.default)
    if table.facts:
        document["facts"] = {fact.name: written_fact(fact) for fact in table.facts}
    if table.rules:
        document["rules"] = [_written_rule(rule) for rule in table.rules]
    if table.tests:
        document["tests"] = [written_example(each) for each in table.tests]
    return document


def written_outcome(outcome: object) -> Any:
    if isinstance(outcome, Decimal):
        return {"decimal": str(outcome)}
    if is_mapping(outcome):
        return {name: written_outcome(each) for name, each in outcome.items()}
    if is_list(outcome):
        return [written_outcome(each) for each in outcome]
    return outcome


def written_fact(fact: Fact) -> dict[str, Any]:
    if isinstance(fact, Choice):
        return {"choice": list(fact.options)}
    if isinstance(fact, Flag):
        return {"flag": True}
    number = cast("Number", fact)
    if isinstance(number, Temporal):
        texts = {
            key: number.text_of(end)
            for key, end in (("low", number.low), ("high", number.high))
            if end is not None
        }
        zoned = {"zoned": True} if number.zoned else {}
        return {"temporal": {"kind": number.kind, **texts, **zoned}}
    ends = {"low": number.low, "high": number.high}
    return {
        "number": {key: written_outcome(end) for key, end in ends.items() if end is not None}
        | ({"unit": number.unit} if number.unit else {})
        | {key: True for key in ("integer", "decimal") if getattr(number, key)}
    }


def _written_rule(rule: Rule) -> dict[str, Any]:
    document = {
        "name": rule.name,
        "when": written_condition(rule.when),
        "then": written_outcome(rule.then),
    }
    return document | ({"because": rule.because} if rule.because else {})


def written_condition(when: Condition) -> Any:
    if when.written is not None:
        return written_outcome(when.written)
    boxes = [
        {test.fact.name: write_cell(test.fact, test.values, test.written) for test in box}
        for box in when.boxes
    ]
    return boxes[0] if len(boxes) == 1 else boxes


def written_example(example: Example) -> dict[str, Any]:
    """A stated case as the plain mapping from which it is read."""
    document = {"facts": written_outcome(example.facts)}
    return document | (
        {} if example.outcome is None else {"outcome": written_outcome(example.outcome)}
    )


def _closed(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": list(required)} if required else {})


_DECIMAL = _closed({"decimal": {"type": "string"}}, "decimal")
_SCALAR: dict[str, Any] = {"anyOf": [{"type": ["string", "number", "boolean"]}, _DECIMAL]}
_OUTCOME = {
    "anyOf": [
        *_SCALAR["anyOf"],
        {"type": "object", "additionalProperties": _SCALAR, "minProperties": 1},
    ]
}
_NO_OUTCOME = [{"type": "null"}]
ANY_OUTCOME = {"anyOf": [*_NO_OUTCOME, _OUTCOME, {"type": "array", "items": _OUTCOME}]}
_CELLS = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_CONDITION = {"anyOf": [_CELLS, {"type": "array", "items": _CELLS}]}
_BOUND = {"anyOf": [{"type": "number"}, _DECIMAL]}
FACTS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": _closed(
        {
            "number": _closed(
                {
                    "low": _BOUND,
                    "high": _BOUND,
                    "unit": {"type": "string"},
                    "integer": {"type": "boolean"},
                    "decimal": {"type": "boolean"},
                }
            ),
            "choice": {
                "type": "array",
                "items": {"type": "string", "pattern": r"\S"},
                "minItems": 1,
                "uniqueItems": True,
            },
            "flag": {"const": True},
            "temporal": _closed(
                {
                    "kind": {"enum": list(TEMPORAL_KINDS)},
                    "low": {"type": "string"},
                    "high": {"type": "string"},
                    "zoned": {"type": "boolean"},
                },
                "kind",
            ),
        }
    )
    | {"minProperties": 1, "maxProperties": 1},
}


def schema(
    *, facts: bool = True, frame: Iterable[str] = (), otherwise: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The JSON Schema of a table.

    Args:
        facts: Whether it declares its facts itself.
        frame: The keys that are given for it.
        otherwise: The keys that need not be said.
    """
    values = {"type": "array", "items": _SCALAR}
    rule = {
        "name": text().schema(),
        "when": _CONDITION,
        "then": _OUTCOME,
        "because": {"type": "string"},
    }
    example = {
        "facts": {"type": "object", "additionalProperties": _SCALAR},
        "outcome": ANY_OUTCOME,
    }
    properties: dict[str, Any] = {
        "format": {"const": 1},
        "name": text().schema(),
        "hit_policy": one_of(HitPolicy).schema(),
        "outcomes": {"anyOf": [values, {"type": "object", "additionalProperties": values}]},
        "default": {"anyOf": [*_NO_OUTCOME, _OUTCOME]},
        "facts": FACTS_SCHEMA,
        "conditions": {"type": "object", "additionalProperties": _CONDITION},
        "rules": {"type": "array", "items": _closed(rule, "name", "then")},
        "tests": {"type": "array", "items": _closed(example)},
    }
    hidden = {*frame} if facts else {*frame, "facts"}
    kept = {key: each for key, each in properties.items() if key not in hidden}
    return _closed(kept, *(["name"] if "name" in kept.keys() - otherwise else []))
