"""Schedules as documents: TOML, JSON or a mapping, read with every problem at once."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

from deescalate.documents import parsed
from deescalate.errors import nearest_name, quoted
from deescalate.money import CURRENCIES
from deescalate.schedules._entitlement import PERCENT, PublishedCase
from deescalate.schedules._outcomes import Outcomes
from deescalate.schedules._working import Given, Worked, to_decimal

__all__ = ["read_schedule"]

T = TypeVar("T")

FORMAT = 1
_LONGEST = 1_000_000
_LONGEST_CELL = 10_000
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROSE = ("name", "about", "because", "clause")
_TOP = (
    "format", "name", "title", "currency", "edition", "in_force", "until", "checked",
    "sources", "notes", "facts", "parts", "total", "tests",
)  # fmt: skip
_DATES = ("in_force", "until", "checked")
_GIVEN = ("number", "choice", "flag", "default", "about", "amount")
_TABLE = (
    "formula",
    "when",
    "rules",
    "otherwise",
    "hit_policy",
    "because",
    "clause",
    "about",
    "steps",
)


def read_schedule(document: str | Mapping[str, Any], make: Callable[..., T]) -> T:
    """Read a schedule.

    Args:
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping.
        make: The schedule's class.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.
    """
    reader = _Reader(parsed("schedule", document, most=_LONGEST, fractions=Decimal))
    return reader.schedule(make, document)


class _Reader(Outcomes):
    """Reads a schedule."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.declared: dict[str, dict[str, Any]] = {}

    def schedule(self, make: Callable[..., T], source: object) -> T:
        document = self.document = self.mapping("", self.document, _TOP)
        if document.get("format", FORMAT) != FORMAT:
            self.expected("format", document["format"], str(FORMAT))
        name, title = (self.text_of("", document, key, None) for key in ("name", "title"))
        self.currency = self.read_currency()
        given = self.read_facts()
        derived = self.read_derived()
        parts = self.read_parts()
        total = tuple(self.read_steps("total", document.get("total", [])))
        tests = tuple(self.read_tests({each.fact.name: each for each in given}))
        given_dates = {key: document[key] for key in _DATES if document.get(key) is not None}
        dates = self.read("", given_dates, dict.fromkeys(_DATES, self.day))
        sources, notes = (
            self.texts(key, document.get(key, []), empty=True) for key in ("sources", "notes")
        )
        edition = self.text_of("", document, "edition")
        return self.finished(
            "schedule",
            lambda: make(
                name=name,
                title=title,
                currency=self.currency,
                given=tuple(given),
                derived=tuple(derived),
                parts=tuple(parts),
                total=total,
                tests=tests,
                **dates,
                edition=edition,
                sources=sources,
                notes=notes,
            ),
            source,
        )

    def read_currency(self) -> str:
        code = self.text_of("", self.document, "currency", None)
        if code and code != PERCENT and code not in CURRENCIES:
            near = nearest_name(code, [*CURRENCIES, PERCENT])
            self.expected("currency", code, f"an ISO 4217 code or `{PERCENT}`", near)
        return code

    # -- facts

    def read_facts(self) -> list[Given]:
        given: list[Given] = []
        for name, each in self.mapping("facts", self.document.get("facts", {})).items():
            path = f"facts.{name}"
            parts = self.mapping(path, each, (*_GIVEN, *_TABLE))
            self.name(path, name)
            if "rules" in parts or "formula" in parts:
                self.declared[name] = parts
                for key in ("default", "amount"):
                    if key in parts:
                        self.problem(f"{path}.{key}", "belongs to a fact that is given")
            elif (fact := self.read_fact(path, name, parts)) is not None:
                for key in sorted(parts.keys() - set(_GIVEN)):
                    self.problem(f"{path}.{key}", "a fact that is given has none")
                given.append(self.read_given(path, fact, parts))
        return given

    # -- what is worked out

    def read_derived(self) -> list[Worked]:
        """Derived facts, each after those it needs."""
        done: list[Worked] = []
        waiting = dict(self.declared)
        while waiting:
            ready = [name for name in waiting if not self.needed(name) & waiting.keys()]
            if not ready:
                names = ", ".join(f"`{name}`" for name in waiting)
                self.problem("facts", f"{names} are worked out from each other, in a circle")
                break
            for name in ready:
                worked = self.read_worked(f"facts.{name}", name, waiting.pop(name))
                if worked is not None:
                    done.append(worked)
        return done

    def needed(self, name: str) -> set[str]:
        """The names that a declaration mentions, as far as it can be read."""
        found: set[str] = set()
        pending: list[Any] = [self.declared[name]]
        while pending:
            each = pending.pop()
            if isinstance(each, Mapping):
                cells = cast("Mapping[str, Any]", each)
                found.update(str(key) for key in cells)
                pending += [value for key, value in cells.items() if key not in _PROSE]
            elif isinstance(each, list | tuple):
                pending += cast("Sequence[Any]", each)
            elif isinstance(each, str) and len(each) <= _LONGEST_CELL:
                found.update(_WORD.findall(each))
        return found

    def read_parts(self) -> list[Worked]:
        if not self.document.get("parts", []):
            self.problem("parts", "expected one part or more")
            return []
        parts: list[Worked] = []
        for place, each in enumerate(self.sequence("parts", self.document["parts"])):
            path = f"parts[{place}]"
            keys = self.mapping(path, each, ("name", *_TABLE))
            name = self.text_of(path, keys, "name", None)
            self.name(f"{path}.name", name)
            if name in self.facts or name in self.declared:
                self.problem(f"{path}.name", f"{quoted(name)} is taken")
            worked = self.read_worked(path, name, keys)
            if worked is not None:
                parts.append(worked)
        return parts

    def read_tests(self, given: Mapping[str, Given]) -> Iterator[PublishedCase]:
        for place, each in enumerate(self.sequence("tests", self.document.get("tests", []))):
            path = f"tests[{place}]"
            parts = self.mapping(path, each, ("facts", "amount", "source"))
            facts = self.mapping(f"{path}.facts", parts.get("facts", {}), given)
            for name, value in facts.items():
                self.value(f"{path}.facts.{name}", given[name], value)
            amount = self.formula(f"{path}.amount", parts.get("amount", ""))
            source = self.text_of(path, parts, "source")
            if amount is not None and not amount.names:
                yield PublishedCase(
                    facts=facts,
                    amount=to_decimal(amount.value({})),
                    source=source,
                )
            elif amount is not None:
                self.expected(f"{path}.amount", parts["amount"], "an amount")
