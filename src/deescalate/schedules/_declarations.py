"""Reading the facts that a schedule declares."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve

from deescalate.documents import Notes, joined
from deescalate.errors import FactError
from deescalate.rules import Choice, Fact, Flag, Number
from deescalate.schedules._formulas import FUNCTIONS, Formula
from deescalate.schedules._spans import Span
from deescalate.schedules._working import Given, Value, check_value, domain_of, to_decimal

__all__ = ["Declarations", "plain"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_RESERVED = frozenset({"amount", "of", *FUNCTIONS})


class ScheduleNotes(Notes):
    """Readers of small things, which collect what is wrong with them."""

    longest_list = 5_000

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__()
        self.document = document

    def text_of(
        self, path: str, parts: Mapping[str, Any], key: str, default: str | None = ""
    ) -> str:
        """A text under a key; ``None`` as default makes it required."""
        return self.text(joined(path, key), parts.get(key, default), empty=True)

    def formula(self, path: str, value: object) -> Formula | None:
        """A formula, or a number standing for one."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = format(Decimal(value), "f")
        if isinstance(value, str):
            text = value
            return self.tried(path, lambda: Formula.parse(text))
        exact = "an exact number: write it as a text"
        self.expected(path, value, exact if isinstance(value, float) else "a number or a formula")
        return None


class Declarations(ScheduleNotes):
    """Reads facts, and remembers them with all that they can be."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.currency = ""
        self.facts: dict[str, Fact] = {}
        self.spans: dict[str, Span] = {}

    def name(self, path: str, name: object) -> None:
        """Note a name that formulas could not use."""
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            self.expected(path, name, "a name of letters, digits and _, none that formulas use")

    def read_fact(self, path: str, name: str, parts: Mapping[str, Any]) -> Fact | None:
        """A declared fact, kept under its name."""
        kinds = [key for key in ("number", "choice", "flag") if key in parts]
        if len(kinds) != 1:
            self.problem(path, "expected exactly one of `number`, `choice` and `flag`")
            return None
        [kind] = kinds
        value = parts[kind]
        fact: Fact | None = None
        if kind == "number":
            fact = self.read_number(f"{path}.number", name, value)
        elif kind == "flag":
            if value is not True:
                self.expected(f"{path}.flag", value, "true")
            fact = Flag(name)
        else:
            before = self.count
            options = self.texts(f"{path}.choice", value)
            if self.count == before:
                fact = self.tried(f"{path}.choice", lambda: Choice(name, options))
        if fact is not None:
            self.facts[name] = fact
            self.spans[name] = domain_of(fact)
        return fact

    def read_number(self, path: str, name: str, value: object) -> Number | None:
        """A number with its bounds, always exact."""
        parts = self.mapping(path, value, ("low", "high", "unit", "integer"))
        integer = parts.get("integer", False)
        if not isinstance(integer, bool):
            self.expected(f"{path}.integer", integer, "true or false")
        bounds: dict[str, Decimal | int] = {}
        for key in ("low", "high"):
            if key in parts:
                bound = self.formula(f"{path}.{key}", parts[key])
                if bound is not None and not bound.names:
                    bounds[key] = plain(bound.value({}))
                elif bound is not None:
                    self.expected(f"{path}.{key}", parts[key], "a number")
        unit = self.text_of(path, parts, "unit")
        return self.tried(
            path,
            lambda: Number(
                name,
                bounds.get("low"),
                bounds.get("high"),
                unit=unit,
                integer=integer is True,
                decimal=True,
            ),
        )

    def read_given(self, path: str, fact: Fact, parts: Mapping[str, Any]) -> Given:
        """A fact that a case brings, with its default."""
        direction = self.text_of(path, parts, "amount")
        if direction not in ("", "rises", "falls"):
            self.expected(f"{path}.amount", direction, "`rises` or `falls`")
        elif direction and not isinstance(fact, Number):
            self.problem(f"{path}.amount", "belongs to a number")
        given = Given(fact=fact, about=self.text_of(path, parts, "about"), amount=direction)
        if "default" not in parts:
            return given
        default = self.value(f"{path}.default", given, parts["default"])
        return evolve(given, default=default)

    def value(self, path: str, given: Given, value: object) -> Value | None:
        """A value of a given fact."""
        try:
            return check_value(given, value, self.currency)
        except FactError as error:
            self.expected(path, value, error.allowed, error.nearest)
            return None


def plain(number: Fraction) -> Decimal | int:
    """A fraction with an exact decimal form, as the rules take it."""
    return number.numerator if number.denominator == 1 else to_decimal(number)
