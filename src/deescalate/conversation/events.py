"""What can happen in a conversation: the events that it is folded from, and their JSON lines."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

import cattrs
from attrs import Attribute, field, frozen
from attrs.validators import optional

from deescalate.conversation.plain import (
    expected,
    is_mapping,
    plain_converter,
    read_lines,
    structured,
)
from deescalate.errors import EventError, SettingError, TranscriptError, quoted
from deescalate.money import Money
from deescalate.promises import Word
from deescalate.rules import Outputs

__all__ = [
    "FORMAT",
    "AgentSaid",
    "CustomerSaid",
    "Event",
    "Learned",
    "Offered",
    "Opened",
    "PromiseNoted",
    "Promised",
    "Reopened",
    "Resolved",
    "Waited",
    "event_from_mapping",
    "event_to_mapping",
    "events_from_json_lines",
    "events_to_json_lines",
]

FORMAT = 1
Fact: TypeAlias = bool | int | float | str


def _aware(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        allowed = "an aware datetime, such as one with `tzinfo=UTC`"
        raise SettingError(attribute.name, value, allowed)


def _text(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str):
        raise SettingError(attribute.name, value, "a text")


@frozen(kw_only=True)
class Opened:
    """The conversation began.

    Attributes:
        at: When, aware.
        case: A name for the case, as the host knows it.
        history: One line for each earlier conversation of the same case.

    >>> from datetime import UTC
    >>> Opened(at=datetime(2026, 1, 5, tzinfo=UTC), case="48213").case
    '48213'
    """

    at: datetime = field(validator=_aware)
    case: str = field(default="", validator=_text)
    history: tuple[str, ...] = field(default=(), converter=tuple[str, ...])


@frozen(kw_only=True)
class CustomerSaid:
    """The customer said something.

    Attributes:
        at: When, aware.
        text: What, exactly.
        turn_id: The host's name for the turn; the same turn heard twice counts once.

    >>> from datetime import UTC
    >>> CustomerSaid(at=datetime(2026, 1, 5, tzinfo=UTC), text="hello").turn_id
    ''
    """

    at: datetime = field(validator=_aware)
    text: str = field(validator=_text)
    turn_id: str = field(default="", validator=_text)


@frozen(kw_only=True)
class AgentSaid:
    """The agent, a person or a bot, said something.

    Attributes:
        at: When, aware.
        text: What, exactly.
        turn_id: The host's name for the turn; the same turn heard twice counts once.

    >>> from datetime import UTC
    >>> AgentSaid(at=datetime(2026, 1, 5, tzinfo=UTC), text="hello").text
    'hello'
    """

    at: datetime = field(validator=_aware)
    text: str = field(validator=_text)
    turn_id: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Waited:
    """Time passed and nobody spoke.

    Attributes:
        at: Until when, aware.

    >>> from datetime import UTC
    >>> Waited(at=datetime(2026, 1, 5, tzinfo=UTC)).at.year
    2026
    """

    at: datetime = field(validator=_aware)


@frozen(kw_only=True)
class Learned:
    """The host learned facts of the case that words alone do not show.

    Attributes:
        at: When, aware.
        facts: Facts of the situation or of the escalation policy by name, such as
            ``fault="ours"``, ``can_meet="partly"`` or ``minutes_waiting=40``.

    >>> from datetime import UTC
    >>> Learned(at=datetime(2026, 1, 5, tzinfo=UTC), facts={"fault": "ours"}).facts["fault"]
    'ours'
    """

    at: datetime = field(validator=_aware)
    facts: Mapping[str, Fact] = field(converter=Outputs)


@frozen(kw_only=True)
class Offered:
    """A remedy was offered.

    Attributes:
        at: When, aware.
        what: What was offered, in words.
        amount: The money in it, if any.

    >>> from datetime import UTC
    >>> Offered(at=datetime(2026, 1, 5, tzinfo=UTC), what="an express replacement").amount
    """

    at: datetime = field(validator=_aware)
    what: str = field(validator=_text)
    amount: Money | None = None


@frozen(kw_only=True)
class Promised:
    """Something was promised for a time.

    Attributes:
        at: When it was promised, aware.
        what: What.
        due: By when, aware and not before ``at``.
        name: What the ledger knows it by; ``what`` where nothing is given.
        quote: The words in which it was promised, exactly.

    Raises:
        EventError: A due time before it was promised.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> Promised(at=at, what="a call", due=at.replace(hour=17)).due.hour
    17
    """

    at: datetime = field(validator=_aware)
    what: str = field(validator=_text)
    due: datetime = field(validator=_aware)
    name: str = field(default="", validator=_text)
    quote: str = field(default="", validator=_text)

    def __attrs_post_init__(self) -> None:
        if self.due < self.at:
            raise EventError("promised", f"it would be due at {self.due}, before it was made")


@frozen(kw_only=True)
class PromiseNoted:
    """A word on a promise that was made before.

    Attributes:
        at: When, aware.
        name: The promise, as the ledger knows it.
        word: What happened: kept, updated, moved or released.
        due: The new due time, where it was moved.
        because: Why or how.

    >>> from datetime import UTC
    >>> PromiseNoted(at=datetime(2026, 1, 5, tzinfo=UTC), name="a call", word=Word.KEPT).word
    <Word.KEPT: 'kept'>
    """

    at: datetime = field(validator=_aware)
    name: str = field(validator=_text)
    word: Word
    due: datetime | None = field(default=None, validator=optional(_aware))
    because: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Resolved:
    """The matter was settled.

    Attributes:
        at: When, aware.
        note: How.

    >>> from datetime import UTC
    >>> Resolved(at=datetime(2026, 1, 5, tzinfo=UTC)).note
    ''
    """

    at: datetime = field(validator=_aware)
    note: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Reopened:
    """A settled matter came back.

    Attributes:
        at: When, aware.
        note: Why.

    >>> from datetime import UTC
    >>> Reopened(at=datetime(2026, 1, 5, tzinfo=UTC), note="it broke again").note
    'it broke again'
    """

    at: datetime = field(validator=_aware)
    note: str = field(default="", validator=_text)


Event: TypeAlias = (
    Opened
    | CustomerSaid
    | AgentSaid
    | Waited
    | Learned
    | Offered
    | Promised
    | PromiseNoted
    | Resolved
    | Reopened
)

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
    }
)
_NAMES = MappingProxyType({kind: name for name, kind in _KINDS.items()})
_TIMES = frozenset({"at", "due"})


def event_to_mapping(event: Event) -> dict[str, object]:
    """Write an event as plain data that JSON can carry.

    >>> from datetime import UTC
    >>> event_to_mapping(Waited(at=datetime(2026, 1, 5, tzinfo=UTC)))
    {'event': 'waited', 'at': '2026-01-05T00:00:00+00:00'}
    """
    version = {"format": FORMAT} if isinstance(event, Opened) else {}
    return {"event": _NAMES[type(event)], **version, **_converter().unstructure(event)}


def event_from_mapping(data: Mapping[str, object]) -> Event:
    """Read an event from plain data.

    Args:
        data: ``event`` names its kind; the rest are its attributes, times in ISO 8601 with an
            offset.

    Raises:
        TranscriptError: An unknown kind or attribute, a missing one, or a value that does not fit.

    >>> said = {"event": "customer_says", "at": "2026-01-05T09:00:00Z", "text": "hi"}
    >>> event_from_mapping(said).text
    'hi'
    """
    name = data.get("event")
    if not isinstance(name, str) or name not in _KINDS:
        raise TranscriptError(f"unknown event {quoted(name)}: {expected(name, _KINDS)}")
    kind = _KINDS[name]
    if kind is Opened and data.get("format", FORMAT) != FORMAT:
        raise TranscriptError(f"format is {quoted(data['format'])}: expected {FORMAT}")
    given = {key: data[key] for key in data if key not in ("event", "format")}
    try:
        return structured(given, kind, _converter())
    except TranscriptError as error:
        raise TranscriptError(f"{name}: {error.reason}") from error


@cache
def _converter() -> cattrs.Converter:
    converter = plain_converter()
    converter.register_structure_hook(Word, _word)
    converter.register_structure_hook_func(_holds_facts, _mapping_of_facts)
    converter.register_unstructure_hook_func(_holds_facts, dict)
    converter.register_unstructure_hook(
        Money, lambda money: {"amount": str(money.amount), "currency": money.currency}
    )
    converter.register_structure_hook(Money, _money)
    return converter


def _holds_facts(kind: object) -> bool:
    return kind == Mapping[str, Fact]


def _word(value: object, _kind: object) -> Word:
    try:
        return Word(str(value))
    except ValueError:
        raise SettingError("word", value, "one of " + ", ".join(Word)) from None


def _mapping_of_facts(value: object, _kind: object) -> Mapping[str, Fact]:
    if not is_mapping(value):
        raise SettingError("facts", value, "a mapping of names to facts")
    return {str(name): _fact(name, fact) for name, fact in value.items()}


def _fact(name: object, fact: object) -> Fact:
    if not isinstance(fact, bool | int | float | str):
        raise SettingError(f"facts.{name}", fact, "a flag, a number or a text")
    return fact


def _money(value: object, _kind: object) -> Money:
    if not is_mapping(value) or set(value) != {"amount", "currency"}:
        raise SettingError("amount", value, "a mapping of `amount` and `currency`")
    try:
        return Money(Decimal(str(value["amount"])), str(value["currency"]))
    except ArithmeticError:
        raise SettingError("amount", value["amount"], "a decimal number as a text") from None


def events_to_json_lines(events: Iterable[Event]) -> str:
    r"""Write events as JSON lines.

    >>> from datetime import UTC
    >>> events_to_json_lines([Waited(at=datetime(2026, 1, 5, tzinfo=UTC))])
    '{"event": "waited", "at": "2026-01-05T00:00:00+00:00"}\n'
    """
    return "".join(f"{json.dumps(event_to_mapping(event))}\n" for event in events)


def events_from_json_lines(text: str) -> tuple[Event, ...]:
    """Read events from JSON lines; blank lines are passed over.

    Raises:
        TranscriptError: Naming the first line that is not an event, and why.

    >>> events_from_json_lines('{"event": "waited", "at": "2026-01-05T09:00:00Z"}')[0].at.hour
    9
    """
    return read_lines(text, event_from_mapping)
