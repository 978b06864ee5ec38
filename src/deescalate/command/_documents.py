"""Documents of any kind, told by what is in them or by their names.

A decision table may also be DMN (XML), CSV or a spreadsheet; those are told by their first
characters and the ends of their names.
"""

import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, Protocol, Self

from attrs import frozen

from deescalate.command._sources import STDIN, InputError, decoded, read_bytes
from deescalate.documents import Difference, Document, parsed
from deescalate.errors import SettingError, listed_names
from deescalate.findings import Report

__all__ = ["FORMS", "Checkable", "Loaded", "example_of", "kind_of", "kinds", "load"]

FORMS = ("dmn", "csv", "xlsx")
"""Other forms that a decision table may have."""
_ZIP = b"PK\x03\x04"


class Checkable(Protocol):
    """Whatever can be checked and compared."""

    def check(self) -> Report:
        """Look for everything that is wrong or odd."""
        ...

    def differences(self, other: Self, /) -> Iterable[Difference]:
        """Tell how another one differs."""
        ...


@frozen(kw_only=True)
class Loaded:
    """A document from a file.

    Attributes:
        kind: Its kind, or the form of its table.
        document: Itself.
        lines: Its text, or the lines of places in it, by which findings get their lines.
    """

    kind: str
    document: Checkable
    lines: str | Mapping[str, int] = ""


@cache
def kinds() -> Mapping[str, type[Document]]:
    """Every kind of document by the name that the command gives it."""
    from deescalate.compensation import Terms
    from deescalate.emotion import MoveEffects
    from deescalate.escalation import EscalationPolicy
    from deescalate.playbook import Playbook
    from deescalate.rules import Table
    from deescalate.schedules import Schedule
    from deescalate.simulation import Assumptions, Scenarios
    from deescalate.strategy import Strategy
    from deescalate.wording import Wording

    return {
        "table": Table,
        "policy": EscalationPolicy,
        "schedule": Schedule,
        "terms": Terms,
        "strategy": Strategy,
        "wording": Wording,
        "effects": MoveEffects,
        "playbook": Playbook,
        "assumptions": Assumptions,
        "scenarios": Scenarios,
    }


@cache
def _keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The keys that a kind of document may have, and those that it must have."""
    schema: Mapping[str, Any] = kinds()[name].json_schema()
    return frozenset(schema["properties"]) - {"format"}, frozenset(schema.get("required", ()))


def _likeness(name: str, found: frozenset[str], file: str) -> int:
    """How like a kind of document it looks: its keys count, and a little what it is called."""
    may, must = _keys(name)
    named = name in file.casefold()
    return 2 * (len(found & may) - len(found - may) - len(must - found)) + named


def kind_of(text: str, *, file: str) -> str:
    """The kind of document that a text is.

    Args:
        text: The document.
        file: Its name, which decides where two kinds are equally like it.

    Raises:
        DocumentError: It is neither TOML nor JSON.
        InputError: It looks like no kind.
    """
    name = PurePath(file).name
    found = frozenset(parsed("TOML or JSON", text)) - {"format"}
    best = max(kinds(), key=lambda kind: _likeness(kind, found, name))
    if found & _keys(best)[0] or best in name.casefold():
        return best
    wanted = f"give --kind, one of {listed_names((*kinds(), *FORMS))}"
    raise InputError(file, f"it looks like no document that is known: {wanted}")


def example_of(kind: str) -> str:
    """A shipped document of a kind, to begin with."""
    from deescalate import schedules
    from deescalate.escalation import EscalationPolicy

    made: Any = {
        "table": lambda: EscalationPolicy.default().table,
        "schedule": lambda: schedules.load("uk_late_payment"),
    }.get(kind, getattr(kinds()[kind], "default", None))
    document: str = made().to_document()
    return document


def load(file: str, *, said: str | None = None) -> Loaded:
    """Load the document in a file, whatever it is.

    Args:
        file: Its name, or ``-``.
        said: The kind or form, where the caller says it.

    Raises:
        InputError: It cannot be read, or looks like no kind.
        DocumentError: It has problems.
    """
    data = read_bytes(file)
    end = PurePath(file).suffix.casefold().removeprefix(".")
    name = "table" if file == STDIN else PurePath(file).stem
    if said == "xlsx" or (said is None and (end == "xlsx" or data.startswith(_ZIP))):
        from deescalate.rules.sheets import read_xlsx

        try:
            return Loaded(kind="xlsx", document=read_xlsx(io.BytesIO(data), name=name))
        except SettingError as error:
            raise InputError(file, str(error)) from None
    text = decoded(file, data)
    if said == "dmn" or (said is None and (end == "dmn" or text.lstrip().startswith("<"))):
        from deescalate.rules.dmn import read_dmn

        return Loaded(kind="dmn", document=read_dmn(text))
    if said == "csv" or (said is None and end == "csv"):
        from deescalate.rules.sheets import csv_lines, read_csv

        return Loaded(kind="csv", document=read_csv(text, name=name), lines=csv_lines(text))
    kind = said or kind_of(text, file=file)
    document: Any = kinds()[kind].from_document(text)
    return Loaded(kind=kind, document=document, lines=text)
