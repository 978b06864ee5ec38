"""Snapshots: a conversation as one text, and back in one step, however long it is.

A snapshot holds what was made of every turn, so that nothing is read or decided again. It leaves
out what the playbook and the events know: rules and tiers stand in it by their names, what was said
by its place. So it is only good for the playbook that it was made under.
"""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, cast, get_args, get_origin

import cattrs
from attrs import field, frozen

from deescalate._plain import is_list, is_mapping, plain_converter, structured
from deescalate.authority import Authority
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event
from deescalate.conversation._facts import Judges
from deescalate.conversation._log import Log, Names
from deescalate.conversation._state import State
from deescalate.conversation._writing import event_from_mapping, event_to_mapping
from deescalate.cues import Evidence, Trace
from deescalate.errors import DeescalateError, SnapshotError, quoted
from deescalate.languages import Language
from deescalate.money import Money
from deescalate.rules import Outputs, Rule

__all__ = ["state_from_text", "state_to_text"]

FORMAT = 1


@frozen
class _Around:
    """What a snapshot leaves out: the judges, and the events with their places."""

    judges: Judges
    events: Log[Event]
    places: dict[int, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        places = {id(event): place for place, event in enumerate(self.events)}
        object.__setattr__(self, "places", places)

    def rule(self, name: str) -> Rule:
        return next(rule for rule in self.judges.escalation.table.rules if rule.name == name)

    def authority(self, tier: str) -> Authority:
        return self.judges.escalation.ladder.tier(tier).authority


_AROUND: ContextVar[_Around] = ContextVar("_AROUND")


def state_to_text(state: State, judges: Judges, *, version: str, fingerprint: str) -> str:
    """Write a conversation's data as one JSON object.

    Args:
        state: The data.
        judges: What it was made under.
        version: That of the library.
        fingerprint: That of the playbook.
    """
    head = {"format": FORMAT, "library": version, "playbook": fingerprint}
    events = [event_to_mapping(event) for event in state.events]
    token = _AROUND.set(_Around(judges, state.events))
    try:
        data = _converter().unstructure(state)
    finally:
        _AROUND.reset(token)
    return json.dumps({**head, "events": events, "state": data})


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
            raise SnapshotError(f"{reason}: replay its events", events)
    token = _AROUND.set(_Around(judges, Log(events)))
    try:
        given = data.get("state")
        plain = {str(name): given[name] for name in given} if is_mapping(given) else {}
        return structured(plain, State, _converter())
    except DeescalateError as error:
        reason = f"its state cannot be read: {error}: replay its events"
        raise SnapshotError(reason, events) from error
    finally:
        _AROUND.reset(token)


def _parsed(text: str) -> tuple[Mapping[object, object], tuple[Event, ...]]:
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError, TypeError) as error:
        raise SnapshotError(f"it is not JSON: {error}") from None
    lines = data.get("events") if is_mapping(data) else None
    if not is_mapping(data) or not is_list(lines):
        raise SnapshotError("it is no snapshot: expected an object with `events`")
    try:
        mappings = [cast("Mapping[str, object]", line) for line in lines if is_mapping(line)]
        return data, tuple(event_from_mapping(line) for line in mappings)
    except DeescalateError as error:
        raise SnapshotError(f"its events cannot be read: {error}") from error


@cache
def _converter() -> cattrs.Converter:
    converter = plain_converter(alias=True)

    def on(kind: Any, write: Callable[[Any], Any], read: Callable[[Any], Any]) -> None:
        converter.register_unstructure_hook(kind, write)
        converter.register_structure_hook(kind, lambda value, _: read(value))

    def where(is_it: Callable[[Any], bool], write: Any, read: Callable[[Any, Any], Any]) -> None:
        converter.register_unstructure_hook_func(is_it, write)
        converter.register_structure_hook_func(is_it, read)

    def read_log(value: Any, kind: Any) -> Any:
        [inner] = get_args(kind)
        events = _AROUND.get().events
        return events if value is None else Log(converter.structure(each, inner) for each in value)

    def written_log(log: Log[Any]) -> Any:
        return (
            None if log is _AROUND.get().events else [converter.unstructure(each) for each in log]
        )

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
    converter.register_unstructure_hook(Log, written_log)
    converter.register_unstructure_hook(Outputs, _written_facts)
    converter.register_unstructure_hook(Trace, _written_trace)
    where(lambda kind: get_origin(kind) is Log, written_log, read_log)
    where(lambda kind: get_origin(kind) is frozenset, sorted, read_set)
    where(lambda kind: get_origin(kind) is Mapping, _written_facts, _read_facts)
    where(lambda kind: get_args(kind) == (Evidence,), _written_trace, _read_trace)
    return converter


def _names(names: Names) -> dict[str, int]:
    return names.places


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _place(event: Event) -> int:
    return _AROUND.get().places[id(event)]


def _at_place(place: int) -> Event:
    return _AROUND.get().events[place]


def _written_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in facts.items()}


def _written(value: Any) -> Any:
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
