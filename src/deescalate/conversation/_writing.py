"""Events as JSON lines: written, read, and kept where a later version wrote them."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TypeVar, cast

import cattrs
from attrs import fields

from deescalate._plain import (
    expected,
    is_mapping,
    json_object,
    time_to_text,
)
from deescalate._structured import plain_converter, structured, time_from_text
from deescalate.conversation._events import (
    AgentSaid,
    Cleared,
    CustomerSaid,
    Event,
    FactValue,
    HandedOver,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Unread,
    Waited,
)
from deescalate.errors import SettingError, TranscriptError, quoted
from deescalate.money import Money
from deescalate.promises import Word

__all__ = [
    "EVENT_NAMES",
    "event_from_mapping",
    "event_to_mapping",
    "events_from_json_lines",
    "events_to_json_lines",
]

E = TypeVar("E", bound=Event)
FORMAT = 1
_TORN = "unread"
_KINDS: Mapping[str, type[Event]] = MappingProxyType(
    {
        "opened": Opened,
        "customer_says": CustomerSaid,
        "agent_says": AgentSaid,
        "waited": Waited,
        "learned": Learned,
        "offered": Offered,
        "promised": Promised,
        "promise_noted": PromiseNoted,
        "resolved": Resolved,
        "reopened": Reopened,
        "cleared": Cleared,
        "handed_over": HandedOver,
    }
)
EVENT_NAMES = MappingProxyType({kind: name for name, kind in _KINDS.items()})


def event_to_mapping(event: Event) -> dict[str, object]:
    """Write an event as plain data that JSON can carry; one of a later version as it came.

    >>> from deescalate.conversation import Waited, event_to_mapping
    >>> from datetime import UTC, datetime
    >>> event_to_mapping(Waited(at=datetime(2026, 1, 5, tzinfo=UTC)))
    {'event': 'waited', 'at': '2026-01-05T00:00:00+00:00'}
    """
    if isinstance(event, Unread):
        kept = _as_it_came(event.line)
        return kept or {"event": _TORN, "at": time_to_text(event.at), "line": event.line}
    version = {"format": FORMAT} if isinstance(event, Opened) else {}
    return {"event": EVENT_NAMES[type(event)], **version, **_converter().unstructure(event)}


def _as_it_came(line: str) -> dict[str, object] | None:
    try:
        return json_object(line)
    except TranscriptError:
        return None


def event_from_mapping(data: Mapping[str, object]) -> Event:
    """Read an event from plain data.

    Args:
        data: ``event`` names its kind; the rest are its attributes, times in ISO 8601 with an
            offset and, where it has one, the name of the zone in square brackets. Where
            ``format`` is that of a later version, what is not known is kept in an `Unread`.

    Raises:
        TranscriptError: An unknown kind or attribute, a missing one, or a value that does not fit.

    >>> from deescalate.conversation import event_from_mapping
    >>> said = {"event": "customer_says", "at": "2026-01-05T09:00:00Z", "text": "hi"}
    >>> event_from_mapping(said).text
    'hi'
    """
    if not hasattr(data, "keys"):
        raise TranscriptError(f"{quoted(data)} is no event: expected a mapping")
    return _read(data, later=_is_later(data))


def _is_later(data: Mapping[str, object]) -> bool:
    version = data.get("format", FORMAT)
    if type(version) is not int or version < FORMAT:
        raise TranscriptError(f"format is {quoted(version)}: expected {FORMAT} or later")
    return version > FORMAT


def _read(data: Mapping[str, object], *, later: bool) -> Event:
    name = data.get("event")
    if name == _TORN:
        return _unread(data, str(data.get("line")))
    if not later:
        return _known(name, data)
    kind = _KINDS.get(name) if isinstance(name, str) else None
    known = {key: data[key] for key in data if kind and key in _attributes(kind)}
    try:
        event = _known(name, known) if kind else None
    except TranscriptError:
        event = None
    if event is not None and len(known) == len({*data} - {"event", "format"}):
        return event
    return _unread(data, json.dumps(data), event)


def _unread(data: Mapping[str, object], line: str, event: Event | None = None) -> Unread:
    try:
        return Unread(at=time_from_text(data.get("at")), line=line, event=event)
    except SettingError as error:
        raise TranscriptError(str(error)) from error


def _attributes(kind: type[Event]) -> set[str]:
    return {each.name for each in fields(kind)}


def _known(name: object, data: Mapping[str, object]) -> Event:
    if not isinstance(name, str) or name not in _KINDS:
        raise TranscriptError(f"unknown event {quoted(name)}: {expected(name, _KINDS)}")
    given = {key: data[key] for key in data if key not in ("event", "format")}
    try:
        return _structured(given, _KINDS[name])
    except TranscriptError as error:
        raise TranscriptError(f"{name}: {error.reason}") from error


def _structured(data: Mapping[str, object], kind: type[E]) -> E:
    return structured(data, kind, _converter())


@cache
def _converter() -> cattrs.Converter:
    converter = plain_converter()
    converter.register_structure_hook(Word, lambda value, _: value)
    converter.register_structure_hook_func(_holds_facts, _mapping_of_facts)
    converter.register_unstructure_hook_func(_holds_facts, _plain_facts)
    converter.register_unstructure_hook(Money, _plain_money)
    converter.register_structure_hook(Money, _money)
    return converter


def _plain_money(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}


def _plain_facts(facts: Mapping[str, FactValue]) -> dict[str, object]:
    return {
        name: _plain_money(fact) if isinstance(fact, Money) else fact
        for name, fact in facts.items()
    }


def _holds_facts(kind: object) -> bool:
    return kind == Mapping[str, FactValue]


def _mapping_of_facts(value: object, _kind: object) -> Mapping[str, FactValue]:
    if not is_mapping(value):
        raise SettingError("facts", value, "a mapping of names to facts")
    return {
        str(name): _money(fact, None) if is_mapping(fact) else cast("FactValue", fact)
        for name, fact in value.items()
    }


def _money(value: object, _kind: object) -> Money:
    if not is_mapping(value) or set(value) != {"amount", "currency"}:
        raise SettingError("amount", value, "a mapping of `amount` and `currency`")
    try:
        return Money(Decimal(str(value["amount"])), str(value["currency"]))
    except ArithmeticError:
        raise SettingError("amount", value["amount"], "a decimal number as a text") from None


def events_to_json_lines(events: Iterable[Event]) -> str:
    r"""Write events as JSON lines.

    >>> from deescalate.conversation import Waited, events_to_json_lines
    >>> from datetime import UTC, datetime
    >>> events_to_json_lines([Waited(at=datetime(2026, 1, 5, tzinfo=UTC))])
    '{"event": "waited", "at": "2026-01-05T00:00:00+00:00"}\n'
    """
    return "".join(f"{json.dumps(event_to_mapping(event))}\n" for event in events)


def events_from_json_lines(text: str) -> tuple[Event, ...]:
    """Read events from JSON lines; blank lines are passed over.

    A last line that was torn off while it was written, and what a later version of this library
    wrote and this one does not know, are kept as `Unread` events: nothing is lost, and
    `Conversation.unread` says so.

    Raises:
        TranscriptError: Naming the first line that is not an event, and why.

    >>> from deescalate.conversation import events_from_json_lines
    >>> events_from_json_lines('{"event": "waited", "at": "2026-01-05T09:00:00Z"}')[0].at.hour
    9
    """
    events: list[Event] = []
    later = False
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json_object(line)
            later = later or _is_later(data)
            events.append(_read(data, later=later))
        except TranscriptError as error:
            if events and number == len(lines) and _as_it_came(line) is None:
                events.append(Unread(at=events[-1].at, line=line))
            else:
                raise TranscriptError(error.reason, number) from error
    return tuple(events)
