"""Strategies for conversations: messages of any kind, and courses of events."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Event,
    Learned,
    Offered,
    Opened,
    Promised,
    Reopened,
    Resolved,
    Waited,
)
from deescalate.money import Money

__all__ = ["agent_texts", "customer_texts", "events"]

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
    "",
)
_START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def customer_texts() -> st.SearchStrategy[str]:
    """What customers say: typical lines, and any text at all.

    >>> customer_texts().filter(bool)  # doctest: +ELLIPSIS
    one_of(...)...
    """
    return st.one_of(st.sampled_from(_CUSTOMER), st.text(max_size=60))


def agent_texts() -> st.SearchStrategy[str]:
    """What agents say: typical lines, good and bad, and any text at all.

    >>> agent_texts().filter(bool)  # doctest: +ELLIPSIS
    one_of(...)...
    """
    return st.one_of(st.sampled_from(_AGENT), st.text(max_size=60))


@st.composite
def events(draw: st.DrawFn, *, max_size: int = 8) -> tuple[Event, ...]:
    """A course of events that a conversation can take, in the order of time.

    Args:
        draw: Given by Hypothesis.
        max_size: Events after the opening, at most.

    >>> events(max_size=2)
    events(max_size=2)
    """
    at = _START
    course: list[Event] = [Opened(at=at, case=draw(st.sampled_from(["", "48213"])))]
    resolved = False
    for number in range(draw(st.integers(0, max_size))):
        at += timedelta(seconds=draw(st.integers(0, 100_000)))
        name = draw(st.sampled_from(["", f"t{number}"]))
        later = at + timedelta(seconds=draw(st.integers(0, 100_000)))
        choices: list[st.SearchStrategy[Event]] = [
            st.builds(CustomerSaid, at=st.just(at), text=customer_texts(), turn_id=st.just(name)),
            st.builds(AgentSaid, at=st.just(at), text=agent_texts(), turn_id=st.just(name)),
            st.just(Waited(at=at)),
            st.just(Learned(at=at, facts={"fault": "ours"})),
            st.just(Offered(at=at, what="money back", amount=Money(Decimal(20), "EUR"))),
            st.just(Promised(at=at, what=f"a call {number}", due=later)),
            st.just(Reopened(at=at) if resolved else Resolved(at=at, note="done")),
        ]
        event = draw(st.one_of(choices))
        resolved = isinstance(event, Resolved) or (resolved and not isinstance(event, Reopened))
        course.append(event)
    return tuple(course)
