"""Schedules as documents: written so that they load back as equal ones, and their JSON Schema."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from deescalate.documents import day, exact, listed, text
from deescalate.rules import Fact, HitPolicy, Table, facts_shape
from deescalate.schedules._declarations import FACT, KINDS, TABLE
from deescalate.schedules._reading import POLICIES, STEPS, TOP
from deescalate.schedules._tariff import Tariff
from deescalate.schedules._working import Given, Step, Value, Worked, to_decimal

__all__ = ["schema", "written"]


def written(schedule: Tariff) -> dict[str, Any]:
    """A schedule as the plain mapping from which it loads back as an equal one."""
    names = ("name", "title", "currency", "edition", "in_force", "until", "checked")
    said = {name: getattr(schedule, name) for name in names}
    document: dict[str, Any] = {key: str(each) for key, each in said.items() if each}
    lists = {"sources": schedule.sources, "notes": schedule.notes}
    document |= {key: list(each) for key, each in lists.items() if each}
    document["facts"] = {each.fact.name: _given(each) for each in schedule.given} | {
        each.name: {**_declared(each.fact), **_worked(each)} for each in schedule.derived
    }
    document["parts"] = [{"name": each.name, **_worked(each)} for each in schedule.parts]
    document["total"] = [_step(each) for each in schedule.total]
    document["tests"] = [
        {"facts": dict(each.facts), "amount": each.amount, **_texts(source=each.source)}
        for each in schedule.tests
    ]
    return {key: each for key, each in document.items() if each}


def _texts(**texts: str) -> dict[str, str]:
    return {key: each for key, each in texts.items() if each}


def _declared(fact: Fact) -> dict[str, Any]:
    declared: dict[str, Any] = facts_shape().write([fact])[fact.name]
    if "number" in declared:
        del declared["number"]["decimal"]
    return declared


def _value(value: Value) -> Any:
    return exact().write(to_decimal(value)) if isinstance(value, Fraction) else value


def _given(given: Given) -> dict[str, Any]:
    default = {} if given.default is None else {"default": _value(given.default)}
    return {**_declared(given.fact), **default, **_texts(about=given.about, amount=given.amount)}


def _worked(worked: Worked) -> dict[str, Any]:
    table = worked.table.to_document(form="mapping")
    rules = [
        {key: each for key, each in rule.items() if each != {}}
        | _texts(clause=worked.clauses[rule["name"]])
        for rule in table.get("rules", [])
    ]
    if [rule["name"] for rule in rules] == ["formula"] and "clause" not in rules[0]:
        [rule] = rules
        said: dict[str, Any] = {
            "formula" if key == "then" else key: rule[key] for key in rule if key != "name"
        }
    else:
        said = {"rules": rules}
    said |= {"otherwise": table["default"]} if "default" in table else {}
    policy = worked.table.hit_policy
    said |= {} if policy is HitPolicy.UNIQUE else {"hit_policy": policy.value}
    said |= {"steps": [_step(each) for each in worked.steps]} if worked.steps else {}
    return said | _texts(about=worked.about, clause=worked.clause)


def _step(step: Step) -> dict[str, Any]:
    when = {} if step.condition is None else {"when": _condition(step.condition)}
    texts = _texts(because=step.because, clause=step.clause)
    return {"becomes": step.formula.text, **when, **texts}


def _condition(table: Table) -> Any:
    [rule] = table.to_document(form="mapping")["rules"]
    return rule["when"]


def _closed(
    keys: Iterable[str], shapes: dict[str, Any], *required: str, **more: Any
) -> dict[str, Any]:
    properties = {key: shapes[key] for key in keys}
    closed = {"type": "object", "properties": properties, "additionalProperties": False, **more}
    return closed | ({"required": list(required)} if required else {})


def schema() -> dict[str, Any]:
    """The JSON Schema of a schedule."""
    prose = text(empty=True).schema()
    number = exact().schema()
    formula = {"anyOf": [prose, *number["anyOf"]]}
    outcome = {"anyOf": [*formula["anyOf"], {"type": "boolean"}]}
    value = {"anyOf": [prose, {"type": "boolean"}, *number["anyOf"]]}
    date: dict[str, Any] = {"anyOf": [day().schema(), {"type": "null"}]}
    kinds = facts_shape().schema()["additionalProperties"]["properties"]
    shapes: dict[str, Any] = {
        **dict.fromkeys(("name", "title", "currency", "edition"), prose),
        **dict.fromkeys(("about", "because", "clause", "source"), prose),
        **dict.fromkeys(("in_force", "until", "checked"), date),
        **dict.fromkeys(("sources", "notes"), listed(text(empty=True)).schema()),
        **{kind: kinds[kind] for kind in KINDS},
        **dict.fromkeys(STEPS, formula),
        "format": {"const": 1},
        "amount": {"enum": ["rises", "falls", ""]},
        "default": value,
        "formula": outcome,
        "then": outcome,
        "otherwise": {"anyOf": [*outcome["anyOf"], {"type": "null"}]},
        "hit_policy": {"enum": list(POLICIES)},
        "when": {"type": ["object", "array"]},
        "to": formula,
    }
    shapes["steps"] = {
        "type": "array",
        "items": _closed((*STEPS, "to", "when", "because", "clause"), shapes),
    }
    rule = _closed(("name", "when", "then", "because", "clause"), shapes, "then")
    shapes["rules"] = {"type": "array", "items": rule}
    case = {
        "facts": {"type": "object", "additionalProperties": value},
        "amount": formula,
        "source": prose,
    }
    shapes["facts"] = {"type": "object", "additionalProperties": _closed(FACT, shapes)}
    parts = _closed(("name", *TABLE), shapes, "name")
    shapes["parts"] = {"type": "array", "items": parts, "minItems": 1}
    shapes["total"] = shapes["steps"]
    shapes["tests"] = {"type": "array", "items": _closed(case, case, "amount")}
    return _closed(TOP, shapes, "name", "title", "currency", "parts")
