"""Strategies for conversations: messages of any kind, and courses of events."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Event,
    FactValue,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Waited,
    known_facts,
)
from deescalate.errors import FactError
from deescalate.money import Money
from deescalate.playbook import Playbook
from deescalate.promises import Word
from deescalate.rules import Fact as Declared
from deescalate.testing.rules import values_of

__all__ = ["agent_texts", "customer_texts", "events", "known_values", "zones"]

_CUSTOMER = (
    "hello",
    "where is my order?",
    "this is the third time I am writing!!",
    "you useless idiots",
    "I want to speak to a manager",
    "I will sue you",
    "I don't see a way out, I want to die",
    "thank you so much",
    "yes please",
    "no, that is not good enough",
    "I want my £45 back",
    "où est mon colis, personne ne me répond",
    "",
)
_AGENT = (
    "hello, how can I help?",
    "I am so sorry, that was our mistake.",
    "please calm down",
    "I understand how upsetting that is.",
    "I will call you tomorrow by 5 pm.",
    "we can offer you a refund or a replacement, which would you prefer?",
    "is there anything else?",
    "are you safe right now?",
    "",
)
_STARTS = (
    datetime(2026, 1, 5, 9, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
)


@cache
def customer_texts() -> st.SearchStrategy[str]:
    """What customers say: typical lines, and any text at all.

    >>> customer_texts().filter(bool)  # doctest: +ELLIPSIS
    one_of(...)...
    """
    return st.one_of(st.sampled_from(_CUSTOMER), st.text(max_size=60))


@cache
def agent_texts() -> st.SearchStrategy[str]:
    """What agents say: typical lines, good and bad, and any text at all.

    >>> agent_texts().filter(bool)  # doctest: +ELLIPSIS
    one_of(...)...
    """
    return st.one_of(st.sampled_from(_AGENT), st.text(max_size=60))


@cache
def known_values() -> st.SearchStrategy[dict[str, FactValue]]:
    """One fact that a host may tell a conversation with the shipped playbook, with a value.

    >>> known_values()  # doctest: +ELLIPSIS
    one_of(...)...
    """
    return st.one_of(
        *(
            st.fixed_dictionaries({name: _told(declared)})
            for name, declared in known_facts(Playbook.default()).items()
        )
    )


def _told(declared: list[Declared]) -> st.SearchStrategy[FactValue]:
    values = values_of(declared[0]).map(lambda each: float(each) if type(each) is Decimal else each)
    return values.filter(lambda value: all(_allows(fact, value) for fact in declared))


def _allows(fact: Declared, value: object) -> bool:
    try:
        fact.check(value)
    except FactError:
        return False
    return True


@cache
def zones() -> st.SearchStrategy[tzinfo]:
    """Zones of all kinds: with and without changes of the clock, odd offsets, fixed ones.

    >>> zones().filter(bool)  # doctest: +ELLIPSIS
    sampled_from(...)...
    """
    names = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
    fixed = (UTC, timezone(timedelta(hours=-3, minutes=-30)))
    return st.sampled_from((*map(ZoneInfo, names), *fixed))


@st.composite
def events(draw: st.DrawFn, *, max_size: int = 8) -> tuple[Event, ...]:
    """A course of events that a conversation can take, in the order of time.

    It may begin shortly before the clocks of its zone change.

    Args:
        draw: Given by Hypothesis.
        max_size: Events after the opening, at most.

    >>> events(max_size=2)
    events(max_size=2)
    """
    now, zone = draw(st.sampled_from(_STARTS)), draw(zones())
    at = now.astimezone(zone)
    course: list[Event] = [Opened(at=at, case=draw(st.sampled_from(["", "48213"])))]
    promised: list[str] = []
    for number in range(draw(st.integers(0, max_size))):
        now += timedelta(seconds=draw(st.integers(0, 3_600) | st.integers(0, 100_000)))
        at = now.astimezone(zone)
        name = draw(st.sampled_from(["", f"t{number}"]))
        later = (now + timedelta(seconds=draw(st.integers(0, 100_000)))).astimezone(zone)
        choices: list[st.SearchStrategy[Event]] = [
            st.builds(CustomerSaid, at=st.just(at), text=customer_texts(), turn_id=st.just(name)),
            st.builds(AgentSaid, at=st.just(at), text=agent_texts(), turn_id=st.just(name)),
            st.just(Waited(at=at)),
            st.builds(Learned, at=st.just(at), facts=known_values()),
            st.just(Offered(at=at, what="money back", amount=Money(Decimal(20), "EUR"))),
            st.just(Promised(at=at, what=f"a call {number}", due=later)),
            st.sampled_from([Resolved(at=at, note="done"), Reopened(at=at)]),
        ]
        if promised:
            kept = PromiseNoted(at=at, name=promised[-1], word=Word.KEPT)
            choices.append(st.just(kept))
        event = draw(st.one_of(choices))
        if isinstance(event, Promised):
            promised.append(event.what)
        elif isinstance(event, PromiseNoted):
            promised.pop()
        course.append(event)
    return tuple(course)
