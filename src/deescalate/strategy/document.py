"""A strategy's document: four tables over the facts of a situation, and how they go together."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, TypedDict

from deescalate.errors import DocumentError, Problem, nearest_name, quoted
from deescalate.moves import Move, Phase
from deescalate.rules import Table, table_from_document
from deescalate.strategy.situation import situation_facts

__all__ = ["Parts", "default_document", "read_parts"]

_FORMAT = 1
_TOP = ("format", "name", "longest", "spare", "facts", "phase", "moves", "avoid", "agent")
_PART = ("default", "outcomes", "rules", "tests")
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
        document: The text, in TOML, or the mapping that it stands for.

    Raises:
        DocumentError: With every problem in it, each with its path.

    >>> read_parts(default_document())["longest"]
    5
    """
    if isinstance(document, str):
        try:
            document = tomllib.loads(document)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise DocumentError("strategy", (Problem("toml", str(error)),)) from None
    return _Loader(document).parts()


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
            found = quoted(self.document.get("format"))
            self.problems.append(Problem("format", f"found {found}, expected {_FORMAT}"))
        name = self.document.get("name", "strategy")
        facts = self.facts()
        with_phase = {**facts, "phase": {"choice": _PHASES}}
        phase = self.table(
            "phase", facts, {"hit_policy": "priority", "outcomes": _PHASES, "default": _PHASES[-1]}
        )
        moves = self.table("moves", with_phase, {"hit_policy": "output order", "outcomes": _MOVES})
        avoid = self.table("avoid", with_phase, {"hit_policy": "rule order"})
        agent = self.table("agent", with_phase, {"hit_policy": "rule order"})
        spare = tuple(self.moves("spare", self.document.get("spare", ())))
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

    def unknown(self, place: str, part: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in part:
            if key not in known:
                reason = "unknown, expected one of " + ", ".join(known)
                self.problems.append(Problem(place + str(key), reason, nearest_name(key, known)))

    def facts(self) -> dict[str, Any]:
        own = self.mapping("facts", self.document.get("facts", {}))
        known = situation_facts()
        for name in own:
            if name in known or name == "phase":
                self.problems.append(
                    Problem(f"facts.{name}", "taken: a situation has this fact already")
                )
        return {**own, **known}

    def table(self, part: str, facts: Mapping[str, Any], frame: Mapping[str, Any]) -> Table | None:
        found = self.document.get(part)
        if found is None:
            if part in ("phase", "moves"):
                self.problems.append(Problem(part, "missing, expected a table with rules"))
            found = {"rules": []}
        body = self.mapping(part, found)
        self.unknown(f"{part}.", body, _PART)
        if part == "moves":
            [*self.moves("moves.outcomes", body.get("outcomes", ()))]
        try:
            return table_from_document(
                {**frame, **body, "format": _FORMAT, "name": part, "facts": dict(facts)}
            )
        except DocumentError as error:
            self.problems += [
                Problem(f"{part}.{each.path}", each.reason, each.nearest) for each in error.problems
            ]
            return None

    def mapping(self, place: str, found: object) -> Mapping[str, Any]:
        if isinstance(found, Mapping):
            return found
        self.problems.append(Problem(place, f"found {quoted(found)}, expected a table"))
        return {}

    def moves(self, place: str, names: object) -> Iterator[Move]:
        if not isinstance(names, Iterable) or isinstance(names, str | Mapping):
            self.problems.append(Problem(place, f"found {quoted(names)}, expected a list of moves"))
            return
        for at, name in enumerate(names):
            if name in _MOVES:
                yield Move(name)
            else:
                self.problems.append(
                    Problem(
                        f"{place}[{at}]",
                        f"found {quoted(name)}, expected a move",
                        nearest_name(name, _MOVES),
                    )
                )

    def longest(self) -> int:
        found = self.document.get("longest", _LONGEST)
        if type(found) is not int or found < 1:
            self.problems.append(
                Problem("longest", f"found {quoted(found)}, expected a whole number, 1 or more")
            )
            return _LONGEST
        return found
