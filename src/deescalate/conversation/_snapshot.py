"""Snapshots: a conversation as one text, and back in one step, however long it is.

A snapshot holds what was made of every turn, so that nothing is read or decided again. It leaves
out what the playbook and the events know: rules and tiers stand in it by their names, what was said
by its place. So it is only good for the playbook that it was made under.

Turns stand in it packed, each by itself: one is unpacked when it is looked at, and written again
as it came. A sum over events and turns says that they are as they were written; where it does not,
all are read at once, so that what is wrong is told at once.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any, TypeVar, cast, get_args, get_origin

import cattrs
from attrs import evolve, field, frozen

from deescalate._plain import is_list, is_mapping
from deescalate._structured import plain_converter, structured
from deescalate.authority import Authority
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event
from deescalate.conversation._facts import Judges
from deescalate.conversation._log import Later, Log, Names
from deescalate.conversation._state import State, Turn
from deescalate.conversation._writing import event_from_mapping, event_to_mapping
from deescalate.cues import Evidence, Trace
from deescalate.errors import DeescalateError, SnapshotError, quoted
from deescalate.languages import Language
from deescalate.money import Money
from deescalate.rules import Outputs, Rule

__all__ = ["state_from_text", "state_to_text"]

FORMAT = 2
LARGEST = 2**26
"""Characters of a turn that are unpacked at most: ours."""


@frozen(slots=False)
class _Around:
    """What a snapshot leaves out: the judges, and the events with their places."""

    judges: Judges
    events: Log[Event]
    turns: Log[Turn] = field(factory=Log[Turn])

    @cached_property
    def places(self) -> Mapping[int, int]:
        return {id(event): place for place, event in enumerate(self.events)}

    def rule(self, name: str) -> Rule:
        return next(rule for rule in self.judges.escalation.table.rules if rule.name == name)

    def authority(self, tier: str) -> Authority:
        return self.judges.escalation.ladder.tier(tier).authority


T = TypeVar("T")
_AROUND: ContextVar[_Around] = ContextVar("_AROUND")


def state_to_text(state: State, judges: Judges, *, version: str, fingerprint: str) -> str:
    """Write a conversation's data as one JSON object.

    Args:
        state: The data.
        judges: What it was made under.
        version: That of the library.
        fingerprint: That of the playbook.
    """
    around = _Around(judges, state.events)
    data = _within(around, lambda: _converter().unstructure(state))
    events = [
        each.written if isinstance(each, Later) else event_to_mapping(each)
        for each in state.events.kept
    ]
    turns = [
        each.written if isinstance(each, Later) else _packed(around, each)
        for each in state.turns.kept
    ]
    head = {"format": FORMAT, "library": version, "playbook": fingerprint}
    parts = {"events": events, "turns": turns, "sum": _sum(events, turns), "state": data}
    return json.dumps({**head, **parts})


def state_from_text(text: str, judges: Judges, *, version: str, fingerprint: str) -> State:
    """Read a conversation's data.

    Raises:
        SnapshotError: It is none, or was made by another version or under another playbook; where
            its events could be read, they are with the error.
    """
    data, events = _parsed(text)
    for name, now in (("format", FORMAT), ("library", version), ("playbook", fingerprint)):
        if data.get(name) != now:
            reason = f"its {name} is {quoted(data.get(name))} and not {quoted(now)}"
            raise SnapshotError(f"{reason}: replay its events", _read_events(events))
    turns, given = data.get("turns"), data.get("state")
    packed = [each for each in turns if isinstance(each, str)] if is_list(turns) else []
    plain = {str(name): given[name] for name in given} if is_mapping(given) else {}
    whole = data.get("sum") == _sum(events, packed)
    around = _Around(judges, Log([Later(each, event_from_mapping) for each in events]))
    unpack = partial(_unpacked, around)
    around = evolve(around, turns=Log([Later(each, unpack) for each in packed]))
    if not whole:
        _read_events(events)
    try:
        if not whole:
            tuple(around.turns)
        return _within(around, lambda: structured(plain, State, _converter()))
    except DeescalateError as error:
        reason = f"its state cannot be read: {error}: replay its events"
        raise SnapshotError(reason, _read_events(events)) from error


def _parsed(text: str) -> tuple[Mapping[object, object], list[Mapping[str, object]]]:
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError, TypeError) as error:
        raise SnapshotError(f"it is not JSON: {error}") from None
    lines = data.get("events") if is_mapping(data) else None
    if not is_mapping(data) or not is_list(lines):
        raise SnapshotError("it is no snapshot: expected an object with `events`")
    return data, [cast("Mapping[str, object]", line) for line in lines if isinstance(line, dict)]


def _read_events(lines: Iterable[Mapping[str, object]]) -> tuple[Event, ...]:
    try:
        return tuple(event_from_mapping(line) for line in lines)
    except DeescalateError as error:
        raise SnapshotError(f"its events cannot be read: {error}") from error


def _within(around: _Around, run: Callable[[], T]) -> T:
    token = _AROUND.set(around)
    try:
        return run()
    finally:
        _AROUND.reset(token)


def _packed(around: _Around, turn: Turn) -> str:
    plain = _within(around, lambda: _converter().unstructure(turn))
    text = json.dumps(plain, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode(), 1)).decode()


def _unpacked(around: _Around, packed: str) -> Turn:
    try:
        text = zlib.decompressobj().decompress(b64decode(packed), LARGEST)
        plain = json.loads(text)
    except (ValueError, RecursionError, zlib.error) as error:
        raise SnapshotError(f"a turn cannot be read: {error}") from None
    return _within(around, lambda: structured(plain, Turn, _converter()))


def _sum(events: Sequence[object], turns: Iterable[str]) -> int:
    """What tells events and turns from others, however the snapshot was stored."""
    told = zlib.crc32(json.dumps(events, sort_keys=True).encode())
    return zlib.crc32(" ".join(turns).encode(), told)


@cache
def _converter() -> cattrs.Converter:
    converter = plain_converter(alias=True)

    def on(kind: Any, write: Callable[[Any], Any], read: Callable[[Any], Any]) -> None:
        converter.register_unstructure_hook(kind, write)
        converter.register_structure_hook(kind, lambda value, _: read(value))

    def where(is_it: Callable[[Any], bool], write: Any, read: Callable[[Any, Any], Any]) -> None:
        converter.register_unstructure_hook_func(is_it, write)
        converter.register_structure_hook_func(is_it, read)

    def read_log(_: Any, kind: Any) -> Any:
        around = _AROUND.get()
        return around.turns if get_args(kind) == (Turn,) else around.events

    def read_set(items: Any, kind: Any) -> Any:
        [inner] = get_args(kind)
        return frozenset(converter.structure(each, inner) for each in items)

    for said in (CustomerSaid, AgentSaid, CustomerSaid | AgentSaid):
        on(said, _place, _at_place)
    on(Names, _names, Names)
    on(Decimal, str, Decimal)
    on(timedelta, timedelta.total_seconds, _seconds)
    on(Rule, lambda rule: rule.name, lambda name: _AROUND.get().rule(name))
    on(Language, lambda language: language.name, lambda _: _AROUND.get().judges.language)
    on(Authority, lambda each: each.tier, lambda name: _AROUND.get().authority(name))
    converter.register_unstructure_hook(Log, _nothing)
    converter.register_unstructure_hook(Outputs, _written_facts)
    converter.register_unstructure_hook(Trace, _written_trace)
    where(lambda kind: get_origin(kind) is Log, _nothing, read_log)
    where(lambda kind: get_origin(kind) is frozenset, sorted, read_set)
    where(lambda kind: get_origin(kind) is Mapping, _written_facts, _read_facts)
    where(lambda kind: get_args(kind) == (Evidence,), _written_trace, _read_trace)
    return converter


def _nothing(_: object) -> None:
    """Logs are written apart."""


def _names(names: Names) -> dict[str, int]:
    return names.places


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _place(event: Event) -> int:
    return _AROUND.get().places[id(event)]


def _at_place(place: int) -> Event:
    return _AROUND.get().events[place]


def _written_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written_fact(value) for name, value in facts.items()}


def _written_fact(value: Any) -> Any:
    match value:
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Decimal():
            return {"decimal": str(value)}
        case _:
            return value


def _read_facts(facts: Mapping[str, Any], _: Any) -> Outputs:
    return Outputs({name: _read(value) for name, value in facts.items()})


def _read(value: Any) -> Any:
    if not is_mapping(value):
        return value
    if "decimal" in value:
        return Decimal(str(value["decimal"]))
    return Money(Decimal(str(value["amount"])), str(value["currency"]))


def _written_trace(trace: Trace) -> list[list[Any]]:
    return [[*part] for part in trace.parts]


def _read_trace(parts: list[list[Any]], _: Any) -> Trace:
    return Trace(tuple((part[0], part[1], part[2], part[3]) for part in parts))
