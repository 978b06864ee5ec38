"""Documents of any kind, told by what is in them or by their names."""

from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from typing import Any

from deescalate.command._sources import InputError
from deescalate.documents import Document, parsed
from deescalate.errors import listed_names, nearest_name, quoted

__all__ = ["kind_of", "kinds"]


@cache
def kinds() -> Mapping[str, type[Document]]:
    """Every kind of document by the name that the command gives it."""
    from deescalate.compensation import Terms
    from deescalate.emotion import MoveEffects
    from deescalate.escalation import EscalationPolicy
    from deescalate.playbook import Playbook
    from deescalate.rules import Table
    from deescalate.schedules import Schedule
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


def kind_of(text: str, *, file: str, said: str | None = None) -> str:
    """The kind of document that a text is.

    Args:
        text: The document.
        file: Its name, which decides where two kinds are equally like it.
        said: The kind, where the caller says it.

    Raises:
        DocumentError: It is neither TOML nor JSON.
        InputError: It looks like no kind, or there is no such kind.
    """
    if said is not None:
        return known_kind(said)
    name = PurePath(file).name
    found = frozenset(parsed("TOML or JSON", text)) - {"format"}
    best = max(kinds(), key=lambda kind: _likeness(kind, found, name))
    if found & _keys(best)[0] or best in name.casefold():
        return best
    wanted = f"give --kind, one of {listed_names(kinds())}"
    raise InputError(file, f"it looks like no document that is known: {wanted}")


def known_kind(name: str) -> str:
    """A kind's name, or a refusal with the nearest."""
    if name in kinds():
        return name
    near = nearest_name(name, kinds())
    hint = f"; did you mean {quoted(near)}?" if near else ""
    raise InputError("", f"unknown kind {quoted(name)}: expected one of {', '.join(kinds())}{hint}")
