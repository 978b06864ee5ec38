"""What can happen in a conversation: the events that it is folded from.

A time keeps the name of its zone, and two times are compared as instants. Zones of other libraries
become those of the standard one, so that what is stored and read again is the same value.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timezone
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

from attrs import Attribute, field, frozen
from attrs.converters import optional

from deescalate._plain import is_mapping
from deescalate.errors import EventError, SettingError, nearest_name, quoted
from deescalate.money import Money
from deescalate.promises import Word, aware, instant, zone_named
from deescalate.rules import Outputs

__all__ = [
    "AgentSaid",
    "Cleared",
    "CustomerSaid",
    "Event",
    "FactValue",
    "HandedOver",
    "Learned",
    "Offered",
    "Opened",
    "PromiseNoted",
    "Promised",
    "Reopened",
    "Resolved",
    "Unread",
    "Waited",
    "in_plain_zone",
]

FactValue: TypeAlias = bool | int | float | str | Money


def in_plain_zone(name: str, value: object) -> datetime:
    """A moment whose zone is a named one or an offset of the standard library.

    Args:
        name: What to call it in the error.
        value: An aware datetime of any kind.

    Raises:
        SettingError: It is no datetime, or a naive one.

    >>> in_plain_zone("at", datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))).tzinfo
    zoneinfo.ZoneInfo(key='Europe/Paris')
    """
    moment = aware(name, value)
    plain = type(moment) is datetime
    if plain and (type(moment.tzinfo) is timezone or _key(moment.tzinfo)):
        return moment
    offset = timezone(moment.utcoffset() or UTC.utcoffset(None))
    fixed = datetime.combine(moment.date(), moment.time(), tzinfo=offset)
    key = _key(moment.tzinfo) or getattr(moment.tzinfo, "key", getattr(moment.tzinfo, "zone", None))
    try:
        return fixed.astimezone(zone_named(key)) if isinstance(key, str) else fixed
    except SettingError:
        return fixed


def _key(zone: object) -> str | None:
    return zone.key if type(zone) is ZoneInfo else None


def _at(value: datetime) -> datetime:
    return in_plain_zone("at", value)


def _due(value: datetime) -> datetime:
    return in_plain_zone("due", value)


def _text(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str):
        raise SettingError(attribute.name, value, "a text")


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    given = cast("object", value)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise SettingError("history", value, "a collection of texts")
    lines = tuple(value)
    for line in lines:
        if type(line) is not str:
            raise SettingError("history", line, "a text")
    return lines


def _word(value: Word | str) -> Word:
    if value in [*Word]:
        return Word(value)
    near = nearest_name(value, Word)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    raise SettingError("word", value, "one of " + ", ".join(Word) + hint)


def _money_or_none(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not (value is None or isinstance(value, Money)):
        raise SettingError(attribute.name, value, 'money, such as Money("12.50", "EUR")')


def _facts(value: Mapping[str, FactValue]) -> Outputs:
    if not is_mapping(value):
        raise SettingError("facts", value, "a mapping of names to facts")
    return Outputs({_name(name): _fact(_name(name), fact) for name, fact in value.items()})


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise SettingError("facts", name, "names that are texts")
    return name


def _fact(name: str, value: Any) -> FactValue:
    plain = value.item() if getattr(value, "shape", None) == () else value
    if isinstance(plain, float) and not math.isfinite(plain):
        raise SettingError(f"facts.{name}", value, "a finite number")
    if isinstance(plain, bool | int | float | str | Money):
        return plain
    raise SettingError(f"facts.{name}", value, "a flag, a number, a text or money")


@frozen(kw_only=True)
class Opened:
    """The conversation began.

    Attributes:
        at: When, aware.
        case: A name for the case, as the host knows it.
        history: One line for each earlier conversation of the same case.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Opened
    >>> from datetime import UTC
    >>> Opened(at=datetime(2026, 1, 5, tzinfo=UTC), case="48213").case
    '48213'
    """

    at: datetime = field(converter=_at)
    case: str = field(default="", validator=_text)
    history: tuple[str, ...] = field(default=(), converter=_texts)


@frozen(kw_only=True)
class CustomerSaid:
    """The customer said something.

    Attributes:
        at: When, aware.
        text: What, exactly.
        turn_id: The host's name for the turn; the same turn heard twice counts once.

    >>> from datetime import datetime
    >>> from deescalate.conversation import CustomerSaid
    >>> from datetime import UTC
    >>> CustomerSaid(at=datetime(2026, 1, 5, tzinfo=UTC), text="hello").turn_id
    ''
    """

    at: datetime = field(converter=_at)
    text: str = field(validator=_text)
    turn_id: str = field(default="", validator=_text)


@frozen(kw_only=True)
class AgentSaid:
    """The agent, a person or a bot, said something.

    Attributes:
        at: When, aware.
        text: What, exactly.
        turn_id: The host's name for the turn; the same turn heard twice counts once.

    >>> from datetime import datetime
    >>> from deescalate.conversation import AgentSaid
    >>> from datetime import UTC
    >>> AgentSaid(at=datetime(2026, 1, 5, tzinfo=UTC), text="hello").text
    'hello'
    """

    at: datetime = field(converter=_at)
    text: str = field(validator=_text)
    turn_id: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Waited:
    """Time passed and nobody spoke.

    Attributes:
        at: Until when, aware.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Waited
    >>> from datetime import UTC
    >>> Waited(at=datetime(2026, 1, 5, tzinfo=UTC)).at.year
    2026
    """

    at: datetime = field(converter=_at)


@frozen(kw_only=True)
class Learned:
    """The host learned facts of the case that words alone do not show.

    Attributes:
        at: When, aware.
        facts: Facts of the situation, of the escalation policy or of your own by name, such as
            ``fault="ours"``, ``can_meet="partly"`` or ``minutes_waiting=40``. The playbook says
            which names and values there are; a conversation refuses others.

    Raises:
        SettingError: A value that is no flag, finite number, text or money.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Learned
    >>> from datetime import UTC
    >>> Learned(at=datetime(2026, 1, 5, tzinfo=UTC), facts={"fault": "ours"}).facts["fault"]
    'ours'
    """

    at: datetime = field(converter=_at)
    facts: Mapping[str, FactValue] = field(converter=_facts)


@frozen(kw_only=True)
class Offered:
    """A remedy was offered.

    Attributes:
        at: When, aware.
        what: What was offered, in words.
        amount: The money in it, if any.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Offered
    >>> from datetime import UTC
    >>> Offered(at=datetime(2026, 1, 5, tzinfo=UTC), what="an express replacement").amount
    """

    at: datetime = field(converter=_at)
    what: str = field(validator=_text)
    amount: Money | None = field(default=None, validator=_money_or_none)


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

    >>> from datetime import datetime
    >>> from deescalate.conversation import Promised
    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> Promised(at=at, what="a call", due=at.replace(hour=17)).due.hour
    17
    """

    at: datetime = field(converter=_at)
    what: str = field(validator=_text)
    due: datetime = field(converter=_due)
    name: str = field(default="", validator=_text)
    quote: str = field(default="", validator=_text)

    def __attrs_post_init__(self) -> None:
        if instant(self.due) < instant(self.at):
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

    >>> from datetime import datetime
    >>> from deescalate.conversation import PromiseNoted
    >>> from deescalate.promises import Word
    >>> from datetime import UTC
    >>> PromiseNoted(at=datetime(2026, 1, 5, tzinfo=UTC), name="a call", word=Word.KEPT).word
    <Word.KEPT: 'kept'>
    """

    at: datetime = field(converter=_at)
    name: str = field(validator=_text)
    word: Word = field(converter=_word)
    due: datetime | None = field(default=None, converter=optional(_due))
    because: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Resolved:
    """The matter was settled.

    Attributes:
        at: When, aware.
        note: How.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Resolved
    >>> from datetime import UTC
    >>> Resolved(at=datetime(2026, 1, 5, tzinfo=UTC)).note
    ''
    """

    at: datetime = field(converter=_at)
    note: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Reopened:
    """A settled matter came back.

    Attributes:
        at: When, aware.
        note: Why.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Reopened
    >>> from datetime import UTC
    >>> Reopened(at=datetime(2026, 1, 5, tzinfo=UTC), note="it broke again").note
    'it broke again'
    """

    at: datetime = field(converter=_at)
    note: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Cleared:
    """Somebody made sure that nobody is in danger any more.

    Attributes:
        at: When, aware.
        because: Who, and how they know.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Cleared
    >>> from datetime import UTC
    >>> Cleared(at=datetime(2026, 1, 5, tzinfo=UTC), because="a nurse is with them").because
    'a nurse is with them'
    """

    at: datetime = field(converter=_at)
    because: str = field(default="", validator=_text)


@frozen(kw_only=True)
class HandedOver:
    """Somebody else has the case now.

    Attributes:
        at: When, aware.
        to: Who: a tier or a channel of the escalation policy.
        note: What else there is to say.

    >>> from datetime import datetime
    >>> from deescalate.conversation import HandedOver
    >>> from datetime import UTC
    >>> HandedOver(at=datetime(2026, 1, 5, tzinfo=UTC), to="supervisor").to
    'supervisor'
    """

    at: datetime = field(converter=_at)
    to: str = field(validator=_text)
    note: str = field(default="", validator=_text)


@frozen(kw_only=True)
class Unread:
    """A line of a log that this version of the library cannot read whole; it is kept.

    Attributes:
        at: When, aware.
        line: The line, exactly.
        event: What of it could be read, if anything.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Unread
    >>> from datetime import UTC
    >>> Unread(at=datetime(2026, 1, 5, tzinfo=UTC), line='{"event": "sang"}').event
    """

    at: datetime = field(converter=_at)
    line: str = field(validator=_text)
    event: "Event | None" = field(default=None)


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
    | Cleared
    | HandedOver
    | Unread
)
