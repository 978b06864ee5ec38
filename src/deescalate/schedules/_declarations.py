"""The facts that a schedule declares, read from its document, and what else is small in it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve

from deescalate.documents import Notes, Spelled, is_mapping, joined
from deescalate.errors import FactError, nearest_name
from deescalate.money import CURRENCIES
from deescalate.rules import Fact, Number, facts_shape
from deescalate.schedules._entitlement import PERCENT
from deescalate.schedules._formulas import FUNCTIONS, Formula
from deescalate.schedules._spans import Span
from deescalate.schedules._working import Given, Value, check_value, domain_of

__all__ = ["FACT", "KINDS", "TABLE", "Declarations"]

KINDS = ("number", "choice", "flag")
TABLE = (
    "formula", "when", "rules", "otherwise", "hit_policy", "because", "clause", "about", "steps",
)  # fmt: skip
_GIVEN = (*KINDS, "default", "about", "amount")
FACT = tuple(dict.fromkeys((*_GIVEN, *TABLE)))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_RESERVED = frozenset({"amount", "of", *FUNCTIONS})


class Declarations(Notes):
    """Reads facts, and remembers each with all that it can be."""

    longest_list = 5_000

    def __init__(self) -> None:
        super().__init__()
        self.currency = ""
        self.facts: dict[str, Fact] = {}
        self.order: dict[str, int] = {}
        self.spans: dict[str, Span] = {}
        self.derived: dict[str, Mapping[str, Any]] = {}

    def text_of(
        self, path: str, parts: Mapping[str, Any], key: str, default: str | None = ""
    ) -> str:
        """A text under a key; ``None`` as default makes it required."""
        return self.text(joined(path, key), parts.get(key, default), empty=True)

    def formula(self, path: str, value: object) -> Formula | None:
        """A formula, or a number standing for one."""
        number = self.plain(path, value)
        if isinstance(number, int | Decimal) and not isinstance(number, bool):
            number = format(Decimal(number), "f")
        if isinstance(number, str):
            text = number
            return self.tried(path, lambda: Formula.parse(text))
        self.expected(path, value, "a number or a formula")
        return None

    def plain(self, path: str, value: object) -> object:
        """A value of the document, its fractions exact."""
        if isinstance(value, Spelled) or (is_mapping(value) and set(value) == {"decimal"}):
            return self.exact(path, value)
        return Decimal(repr(value)) if isinstance(value, float) else value

    def name(self, path: str, name: object) -> None:
        """Note a name that formulas could not use."""
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            self.expected(path, name, "a name of letters, digits and _, none that formulas use")

    def read_currency(self, code: str) -> str:
        if code and code != PERCENT and code not in CURRENCIES:
            near = nearest_name(code, [*CURRENCIES, PERCENT])
            self.expected("currency", code, f"an ISO 4217 code or `{PERCENT}`", near)
        return code

    def read_facts(self, found: object) -> tuple[Given, ...]:
        given: list[Given] = []
        for name, each in self.mapping("facts", found).items():
            path = joined("facts", name)
            parts = self.mapping(path, each, FACT)
            self.name(path, name)
            if "rules" in parts or "formula" in parts:
                self.derived[name] = parts
                for key in parts.keys() & {"default", "amount"}:
                    self.problem(f"{path}.{key}", "belongs to a fact that is given")
            elif (fact := self.read_fact(name, parts)) is not None:
                for key in sorted(parts.keys() - set(_GIVEN)):
                    self.problem(f"{path}.{key}", "a fact that is given has none")
                given.append(self.read_given(path, fact, parts))
        return tuple(given)

    def read_fact(self, name: str, parts: Mapping[str, Any]) -> Fact | None:
        """A declared fact, kept under its name; its numbers are always exact."""
        kinds = {key: parts[key] for key in KINDS if key in parts}
        if is_mapping(number := kinds.get("number")):
            kinds["number"] = {**number, "decimal": True}
        facts: tuple[Fact, ...] = facts_shape().read(self, "facts", {name: kinds})
        for fact in facts:
            self.keep(fact, domain_of(fact))
        return facts[0] if facts else None

    def keep(self, fact: Fact, span: Span) -> None:
        """Remember a fact, with all that it can be."""
        self.order.setdefault(fact.name, len(self.order))
        self.facts[fact.name] = fact
        self.spans[fact.name] = span

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
        default = self.value(f"{path}.default", given, self.plain(path, parts["default"]))
        return evolve(given, default=default)

    def value(self, path: str, given: Given, value: object) -> Value | None:
        """A value of a given fact."""
        try:
            return check_value(given, value, self.currency)
        except FactError as error:
            self.expected(path, value, error.allowed, error.nearest)
            return None
