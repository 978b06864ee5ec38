"""A decision table as HTML: a column a fact, a row for each way that a rule matches."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from deescalate._html import Markup, table, tag
from deescalate.documents import is_mapping
from deescalate.rules._documents import written
from deescalate.rules._engine.rules import Verdict
from deescalate.rules._engine.table import Table

__all__ = ["picture"]


def picture(of: Table, verdict: Verdict | None = None) -> Markup:
    """A table; where a verdict is given, with the rules that it comes from marked."""
    facts = [fact.name for fact in of.facts]
    hits = () if verdict is None else {rule.name for rule in verdict.matched}
    rows = [*_rows(written(of), facts)]
    outcome = None
    if verdict is not None:
        outcome = tag("p", tag("strong", str(verdict)))
    default = None if of.default is None else f"; otherwise {_told(of.default)}"
    return tag(
        "div",
        outcome,
        tag("p", f"Hit policy: {of.hit_policy}", default, class_="soft"),
        table(("rule", *facts, "then", "because"), rows, _hit(rows, hits)),
    )


def _rows(document: Mapping[str, Any], facts: list[str]) -> Iterator[tuple[str, ...]]:
    for rule in document.get("rules", ()):
        when = rule.get("when", {})
        for cells in [when] if is_mapping(when) else when:
            asked = [_told(cells.get(name, "-")) for name in facts]
            yield (rule["name"], *asked, _told(rule["then"]), rule.get("because", ""))


def _hit(rows: list[tuple[str, ...]], names: Collection[str]) -> list[int]:
    return [place for place, row in enumerate(rows) if row[0] in names]


def _told(value: object) -> str:
    if is_mapping(value):
        return ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    return str(value) if isinstance(value, str | Decimal | int | float) else repr(value)
