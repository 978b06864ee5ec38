"""Reading small things from a document, collecting what is wrong with them and where."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from deescalate.compensation.formulas import Formula
from deescalate.errors import (
    DeescalateError,
    Problem,
    TableError,
    nearest_name,
    quoted,
)

__all__ = ["Notes"]

_MOST = 5_000


class Notes:
    """Readers of small things, which collect what is wrong with them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, reason, nearest))

    def found(self, path: str, value: object, expected: str, nearest: str | None = None) -> None:
        """Note what was found and what was expected."""
        self.problem(path, f"found {quoted(value)}, expected {expected}", nearest)

    def mapping(self, path: str, value: object, known: Iterable[str]) -> dict[str, Any]:
        """A mapping of known keys; strange ones are problems."""
        if not isinstance(value, Mapping):
            self.found(path, value, "a mapping")
            return {}
        names = list(known)
        given = cast("Mapping[Any, Any]", cast("object", value))
        for key in given:
            if key not in names:
                listed = ", ".join(f"`{each}`" for each in names)
                at = f"{path}.{key}" if path else str(key)
                self.problem(at, f"unknown, expected one of {listed}", nearest_name(key, names))
        return {key: each for key, each in given.items() if key in names}

    def pairs(self, path: str, value: object) -> Iterator[tuple[str, Any]]:
        """The entries of a mapping with free names."""
        if not isinstance(value, Mapping):
            self.found(path, value, "a mapping from names to declarations")
            return
        for name, each in cast("Mapping[Any, Any]", cast("object", value)).items():
            yield str(name), each

    def listed(self, path: str, value: object) -> list[Any]:
        """A list of a sensible length."""
        if not isinstance(value, list | tuple):
            self.found(path, value, "a list")
            return []
        entries = list(cast("Sequence[Any]", value))
        if len(entries) > _MOST:
            self.problem(path, f"found {len(entries)} entries, expected at most {_MOST}")
            return []
        return entries

    def text(self, path: str, parts: Mapping[str, Any], key: str, default: str | None = "") -> str:
        """A text under a key; ``None`` as default makes it required."""
        value = parts.get(key, default)
        at = f"{path}.{key}" if path else key
        if isinstance(value, str):
            return value
        if value is None:
            self.problem(at, "missing, expected a text")
        else:
            self.found(at, value, "a text")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts under a key of the document."""
        values = self.listed(key, self.document.get(key, []))
        for place, value in enumerate(values):
            if not isinstance(value, str):
                self.found(f"{key}[{place}]", value, "a text")
        return tuple(str(value) for value in values)

    def day(self, key: str) -> date | None:
        """A date under a key of the document."""
        value = self.document.get(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        elif value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.found(key, value, "a date such as 2025-07-02")
        return None

    def tried(self, path: str, make: Callable[[], Any]) -> Any:
        """What ``make`` makes; its complaint, where it has one, becomes a problem."""
        try:
            return make()
        except TableError as error:
            self.problem(f"{path}.{error.place}", error.reason)
        except DeescalateError as error:
            self.problem(path, str(error))
        return None

    def formula(self, path: str, value: object) -> Formula | None:
        """A formula, or a number standing for one."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = format(Decimal(value), "f")
        if isinstance(value, float):
            self.found(path, value, "an exact number: write it as a text")
        elif not isinstance(value, str):
            self.found(path, value, "a number or a formula")
        else:
            text = value
            parsed = self.tried(path, lambda: Formula.parse(text))
            return parsed if isinstance(parsed, Formula) else None
        return None
