"""Cells that compare an input with another: ``< the limit`` asks how the two stand.

How they stand is a fact of its own, one of below, equal and above: exactly one holds wherever both
are known, so that proofs about such cells stay exact.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from deescalate.documents import is_list
from deescalate.errors import quoted
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.conditions import Condition, Fact, all_of, any_of
from deescalate.rules._engine.facts import Choice, Number
from deescalate.rules.dmn._columns import Cells
from deescalate.rules.dmn._feel import (
    Expression,
    Unsupported,
    compared,
    moment,
)
from deescalate.rules.dmn._logic import Column

__all__ = ["Relations"]

_NOT = re.compile(r"\s*not\s*\((.*)\)\s*", re.DOTALL)
_SIGNED = re.compile(r"\s*(<=|>=|<|>)?\s*(.*\S)\s*", re.DOTALL)
_INTERVAL = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_ORDERED = {
    "<": ("below",),
    "<=": ("below", "equal"),
    "": ("equal",),
    ">=": ("equal", "above"),
    ">": ("above",),
}


@frozen
class _Relation:
    fact: Choice
    source: Expression
    rules: set[int]


class Relations:
    """The cells of a table that compare its inputs.

    Args:
        read: Reads an expression over the names that cells may use.
    """

    def __init__(self, read: Callable[[str], Expression]) -> None:
        self.read_name = read
        self.found: dict[str, _Relation] = {}

    def read(self, cells: Cells, source: Expression, text: str, rule: int) -> Condition | None:
        """A cell that compares with names; ``None`` where it does not.

        Raises:
            Unsupported: It compares what has no order.
        """
        excluded = _NOT.fullmatch(text)
        parts = (excluded[1] if excluded else text).split(",")
        tests = [self.part(cells, source, part, rule) for part in parts]
        if any(each is None for each in tests):
            return None
        either = any_of(*(each for each in tests if each is not None))
        return ~either if excluded else either

    def part(self, cells: Cells, source: Expression, text: str, rule: int) -> Condition | None:
        """One test of a cell."""
        interval = _INTERVAL.fullmatch(text)
        if interval:
            left, low, high, right = interval.groups()
            start = self.test(cells, source, ">=" if left == "[" else ">", low, rule)
            end = self.test(cells, source, "<=" if right == "]" else "<", high, rule)
            return None if start is None or end is None else all_of(start, end)
        signed = _SIGNED.fullmatch(text)
        if signed is None:
            return None
        return self.test(cells, source, signed[1] or "", signed[2], rule)

    def test(
        self, cells: Cells, source: Expression, sign: str, operand: str, rule: int
    ) -> Condition | None:
        """A comparison with a literal, or with a name."""
        try:
            return cells.read(f"{sign} {operand}".strip())
        except Unsupported:
            pass
        try:
            other = self.read_name(operand)
        except Unsupported:
            return None
        if not other.path:
            return None
        return self.relation(cells.fact, source, other, sign, rule)

    def relation(
        self, fact: Fact, source: Expression, other: Expression, sign: str, rule: int
    ) -> Condition:
        """How an input stands to another."""
        ordered = isinstance(fact, Number)
        if sign and not ordered:
            reason = "texts and truth values have no order"
            raise Unsupported(f"found {quoted(f'{sign} {other.text}')}, but {reason}")
        name = f"{fact.name} against {other.path}"
        if name not in self.found:
            options = ["below", "equal", "above"] if ordered else ["equal", "other"]
            kind = fact.kind if isinstance(fact, Temporal) else ""

            def run(scope: Mapping[str, Any]) -> str | None:
                return _standing(source.run(scope), other.run(scope), kind, ordered=ordered)

            made = Expression(name, run)
            self.found[name] = _Relation(Choice(name, options), made, set())
        found = self.found[name]
        found.rules.add(rule)
        return found.fact.is_in(*_ORDERED[sign])

    def columns(self) -> tuple[Column, ...]:
        """The columns that tell how inputs stand."""
        return tuple(
            Column(each.fact, each.source, frozenset(each.rules)) for each in self.found.values()
        )


def _standing(left: Any, right: Any, kind: str, *, ordered: bool) -> str | None:
    if kind:
        left, right = (_timed(each, kind) for each in (left, right))
    if left is None or right is None:
        return None
    if is_list(right):
        return "equal" if left in right else ("above" if ordered else "other")
    equal = compared("=", left, right)
    if equal is None:
        return None
    if equal:
        return "equal"
    if not ordered:
        return "other"
    return "below" if compared("<", left, right) else "above"


def _timed(value: Any, kind: Any) -> Any:
    return moment([kind], value) if isinstance(value, str) else value
