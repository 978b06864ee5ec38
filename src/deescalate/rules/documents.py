"""Tables as documents: TOML or JSON text, or a plain mapping, read with every problem at once."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Literal, NoReturn, overload

from deescalate.errors import DocumentError, Problem, SettingError, quoted
from deescalate.rules._engine.table import Table
from deescalate.rules.document_reader import Spelled, read_table
from deescalate.rules.document_writer import written
from deescalate.documents import write_toml

__all__ = ["table_from_document", "table_to_document"]

MOST_CHARACTERS = 8_000_000
"""Characters of a document that are read at all (ours; 2,000 rules take about 400,000)."""


def table_from_document(document: str | Mapping[str, Any]) -> Table:
    """Load a table.

    Args:
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping of the
            same form. The how-to page of the docs describes the form.

    Returns:
        The table.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.

    >>> table = table_from_document('''
    ... format = 1
    ... name = "desk"
    ... hit_policy = "first"
    ... default = "agent"
    ... [facts.anger]
    ... number = { low = 0, high = 1 }
    ... [[rules]]
    ... name = "hot"
    ... when = { anger = ">= 0.8" }
    ... then = "supervisor"
    ... ''')
    >>> table.decide({"anger": 0.9}).outcome
    'supervisor'
    """
    return read_table(_parsed(document) if isinstance(document, str) else document)


def _parsed(text: str) -> object:
    if len(text) > MOST_CHARACTERS:
        _refuse(f"found {len(text)} characters, expected at most {MOST_CHARACTERS}")
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("{"):
            return json.loads(
                text.lstrip("\ufeff"),
                parse_float=Spelled,
                parse_constant=_no_constant,
                object_pairs_hook=_distinct,
            )
        return tomllib.loads(text.lstrip("\ufeff"), parse_float=Spelled)
    except RecursionError:
        _refuse("it is nested too deeply")
    except ValueError as error:
        _refuse(str(error)[:1].lower() + str(error)[1:])


def _refuse(reason: str) -> NoReturn:
    raise DocumentError("table", (Problem("text", reason),)) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"found {quoted(name)}, expected a finite number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is given twice in one mapping")
        found[key] = value
    return found


@overload
def table_to_document(table: Table) -> str: ...
@overload
def table_to_document(table: Table, *, form: Literal["toml", "json"]) -> str: ...
@overload
def table_to_document(table: Table, *, form: Literal["mapping"]) -> dict[str, Any]: ...
def table_to_document(
    table: Table, *, form: Literal["toml", "json", "mapping"] = "toml"
) -> str | dict[str, Any]:
    """Write a table so that it loads back as an equal one.

    Args:
        table: The table. A condition that came from a document is written as it was there.
        form: ``toml`` or ``json`` for text, ``mapping`` for a mapping of plain values.

    Raises:
        SettingError: The form is none of these.

    >>> from deescalate.rules import Flag, Rule
    >>> vulnerable = Flag("vulnerable")
    >>> rules = [Rule("care", vulnerable.is_true(), "senior", "they need more time")]
    >>> print(table_to_document(Table("desk", [vulnerable], rules, default="agent")), end="")
    format = 1
    name = "desk"
    hit_policy = "unique"
    default = "agent"
    <BLANKLINE>
    [facts]
    vulnerable = { flag = true }
    <BLANKLINE>
    [[rules]]
    name = "care"
    when = { vulnerable = "true" }
    then = "senior"
    because = "they need more time"
    """
    if form == "mapping":
        return written(table)
    if form == "json":
        return json.dumps(written(table), indent=2, ensure_ascii=False) + "\n"
    if form != "toml":
        raise SettingError("form", form, "`toml`, `json` or `mapping`")
    return write_toml(written(table))
