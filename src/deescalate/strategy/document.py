"""A strategy's document: four tables over the facts of a situation, and how they go together."""

import json
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypedDict, cast

from deescalate.advice import situation_facts
from deescalate.errors import DocumentError, Problem, nearest_name, quoted
from deescalate.moves import Family, Move, Phase, moves_called
from deescalate.rules import Table

__all__ = ["Parts", "default_document", "read_parts"]

_FORMAT = 1
_PARTS = {
    "phase": ("default", "rules", "tests"),
    "moves": ("outcomes", "rules", "tests"),
    "avoid": ("rules", "tests"),
    "agent": ("rules", "tests"),
}
_TOP = ("format", "name", "longest", "spare", "facts", *_PARTS)
_PHASES = [phase.value for phase in Phase]
_MOVES = [move.value for move in Move]
_LONGEST = 5


class Parts(TypedDict):
    """What a document gives: the fields of a `Strategy`."""

    name: str
    phase: Table
    moves: Table
    avoid: Table
    agent: Table
    longest: int
    spare: tuple[Move, ...]


def read_parts(document: str | Mapping[str, Any]) -> Parts:
    """Read a strategy's document.

    Args:
        document: The text, in TOML or in JSON (where it begins with a brace), or a mapping.

    Raises:
        DocumentError: With every problem in it, each with its path.

    >>> read_parts(default_document())["longest"]
    5
    """
    parsed = _parsed(document) if isinstance(document, str) else document
    return _Loader(parsed).parts()


def _parsed(text: str) -> Mapping[str, Any]:
    parse = json.loads if text.lstrip().startswith("{") else tomllib.loads
    try:
        return cast("Mapping[str, Any]", parse(text))
    except (ValueError, RecursionError) as error:
        raise DocumentError("strategy", (Problem("text", str(error)),)) from None


def default_document() -> str:
    """The text of the shipped strategy: copy it, edit the copy, load it.

    >>> default_document().splitlines()[0]
    '# The default strategy: handle the person, then the issue.'
    """
    return files("deescalate.strategy").joinpath("data/default.toml").read_text(encoding="utf-8")


class _Loader:
    """Reads one document, and keeps every problem on the way."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def parts(self) -> Parts:
        self.unknown("", self.document, _TOP)
        if self.document.get("format") != _FORMAT:
            self.expected("format", self.document.get("format"), str(_FORMAT))
        name = self.document.get("name", "strategy")
        if not isinstance(name, str):
            self.expected("name", name, "a text")
        facts = self.facts()
        with_phase = {**facts, "phase": {"choice": _PHASES}}
        phase = self.table(
            "phase", facts, {"hit_policy": "priority", "outcomes": _PHASES, "default": _PHASES[-1]}
        )
        moves = self.table("moves", with_phase, {"hit_policy": "output order", "outcomes": _MOVES})
        avoid = self.table("avoid", with_phase, {"hit_policy": "rule order"})
        agent = self.table("agent", with_phase, {"hit_policy": "rule order"})
        spare = self.spare()
        longest = self.longest()
        if self.problems or not (phase and moves and avoid and agent):
            raise DocumentError("strategy", tuple(self.problems))
        return Parts(
            name=name,
            phase=phase,
            moves=moves,
            avoid=avoid,
            agent=agent,
            longest=longest,
            spare=spare,
        )

    def facts(self) -> dict[str, Any]:
        own = self.mapping("facts", self.document.get("facts", {}))
        known = situation_facts()
        for name in own:
            if name in known or name == "phase":
                self.problem(f"facts.{name}", "taken: a situation has this fact already")
        return {**own, **known}

    def table(self, part: str, facts: Mapping[str, Any], frame: Mapping[str, Any]) -> Table | None:
        if part not in self.document and part in ("phase", "moves"):
            self.problem(part, "missing, expected a table with rules")
            return None
        body = self.mapping(part, self.document.get(part, {}))
        self.unknown(f"{part}.", body, _PARTS[part])
        named: dict[str, Any] = {"format": _FORMAT, "name": part, "facts": facts, "rules": []}
        try:
            table = Table.from_document({**frame, **named, **body})
        except DocumentError as error:
            for each in error.problems:
                path = each.path if each.path.startswith("facts") else f"{part}.{each.path}"
                self.problem(path, each.reason, each.nearest)
            return None
        for at, rule in enumerate(table.rules):
            self.outcome(f"{part}.rules[{at}].then", rule.then, named=part == "avoid")
        for name in table.outcomes:
            self.outcome(f"{part}.outcomes", name, named=part == "moves")
        return table

    def outcome(self, place: str, then: object, *, named: bool) -> None:
        """Check of an outcome what only this room can: a single word has to be a known name."""
        if not isinstance(then, str):
            self.expected(place, then, "a text")
        elif named and len(then.split()) == 1 and not moves_called(then):
            names = [*Move, *Family, *Phase]
            self.expected(place, then, "the name of moves", nearest_name(then, names))

    def spare(self) -> tuple[Move, ...]:
        found = self.document.get("spare", [])
        if not isinstance(found, list):
            self.expected("spare", found, "a list of moves")
            return ()
        names = cast("list[object]", found)
        for at, name in enumerate(names):
            if name not in _MOVES:
                self.expected(f"spare[{at}]", name, "a move", nearest_name(name, _MOVES))
        return tuple(Move(str(name)) for name in names if name in _MOVES)

    def longest(self) -> int:
        found = self.document.get("longest", _LONGEST)
        if type(found) is int and found >= 1:
            return found
        self.expected("longest", found, "a whole number, 1 or more")
        return _LONGEST

    def mapping(self, place: str, found: object) -> Mapping[str, Any]:
        if isinstance(found, Mapping):
            return cast("Mapping[str, Any]", found)
        self.expected(place, found, "a table")
        return {}

    def unknown(self, place: str, part: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in part:
            if key not in known:
                reason = "unknown, expected one of " + ", ".join(known)
                self.problem(f"{place}{key}", reason, nearest_name(key, known))

    def expected(self, path: str, found: object, expected: str, nearest: str | None = None) -> None:
        self.problem(path, f"found {quoted(found)}, expected {expected}", nearest)

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        found = Problem(path, reason, nearest)
        if found not in self.problems:
            self.problems.append(found)
