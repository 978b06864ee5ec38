"""The books of a conversation: what an event adds to its history and to its ledger of promises."""

from itertools import count
from typing import assert_never

from attrs import evolve

from deescalate.conversation.events import (
    AgentSaid,
    Offered,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Waited,
)
from deescalate.conversation.history import History
from deescalate.errors import EventError
from deescalate.promises import Ledger, Promise, Word, instant
from deescalate.reading.commitments import commitments_in

__all__ = ["history_after", "ledger_after", "with_commitments"]


def history_after(history: History, event: Waited | Offered | Resolved | Reopened) -> History:
    """What has been done, after something was done without a word.

    Raises:
        EventError: A settled matter is settled again, or an open one reopened.

    >>> from datetime import UTC, datetime
    >>> history_after(History(), Resolved(at=datetime(2026, 1, 5, tzinfo=UTC))).resolved
    True
    """
    match event:
        case Waited():
            return history
        case Offered():
            return history.after_offer()
        case Resolved():
            if history.resolved:
                raise EventError("resolved", "it is settled already: reopen it first")
            return evolve(history, resolved=True)
        case Reopened():
            if not history.resolved:
                raise EventError("reopened", "it is not settled")
            return evolve(history, resolved=False, agreed=False)
        case _:
            assert_never(event)


def ledger_after(ledger: Ledger, event: Promised | PromiseNoted) -> Ledger:
    """The promises, after one was made or something became of it.

    Raises:
        EventError: There is no such promise, it is settled, or a new time is missing.

    >>> from datetime import UTC, datetime
    >>> nine, ten = (datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (9, 10))
    >>> ledger_after(Ledger(), Promised(at=nine, what="call", due=ten)).promises[0].name
    'call'
    """
    if isinstance(event, Promised):
        return ledger.made(
            Promise(
                name=event.name or event.what,
                what=event.what,
                made_at=event.at,
                due=event.due,
                quote=event.quote,
            )
        )
    name, at, because = event.name, event.at, event.because
    match event.word:
        case Word.KEPT:
            return ledger.kept(name, at=at, because=because)
        case Word.UPDATED:
            return ledger.updated(name, at=at, because=because)
        case Word.RELEASED:
            return ledger.released(name, at=at, because=because)
        case Word.MOVED:
            if event.due is None:
                raise EventError("promise_noted", "a promise that is moved needs a new `due`")
            return ledger.moved(name, at=at, due=event.due, because=because)
        case Word.MADE:
            raise EventError("promise_noted", "a promise is made with `promised`")
        case _:
            assert_never(event.word)


def with_commitments(ledger: Ledger, event: AgentSaid, *, month_first: bool = False) -> Ledger:
    """The promises, with those that the agent's words make for a time; each of them only once.

    Args:
        ledger: The promises so far.
        event: What the agent says.
        month_first: Whether a date such as 3/4 has its month first.

    >>> from datetime import UTC, datetime
    >>> said = AgentSaid(at=datetime(2026, 1, 5, 9, tzinfo=UTC), text="I'll call you by noon.")
    >>> with_commitments(Ledger(), said).promises[0].what
    'call'
    """
    said = commitments_in(event.text, month_first=month_first)
    if not said:
        return ledger
    known = {(promise.what, instant(promise.due)) for promise in ledger.promises}
    for found in said:
        if found.when is None:
            continue
        due = found.when.due(event.at)
        if instant(due) < instant(event.at) or (found.what, instant(due)) in known:
            continue
        known.add((found.what, instant(due)))
        names = (f"promise {number}" for number in count(len(ledger.promises) + 1))
        ledger = ledger.made(
            Promise(
                name=next(name for name in names if name not in ledger),
                what=found.what,
                made_at=event.at,
                due=due,
                quote=found.quote,
            )
        )
    return ledger
