"""The promises of a conversation: those that words make, and what the host notes of them."""

from collections.abc import Sequence
from itertools import count
from typing import assert_never

from deescalate.conversation._events import AgentSaid, Promised, PromiseNoted
from deescalate.errors import EventError
from deescalate.promises import Ledger, Promise, Word, instant
from deescalate.reading import Commitment

__all__ = ["noted", "with_commitments"]


def noted(ledger: Ledger, event: Promised | PromiseNoted) -> Ledger:
    """The promises, after one was made or something became of it."""
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


def with_commitments(ledger: Ledger, event: AgentSaid, committed: Sequence[Commitment]) -> Ledger:
    """The promises, with those that the agent's words make for a time; each of them only once."""
    if not committed:
        return ledger
    known = {(each.what, instant(each.due)) for each in ledger.promises}
    for found in committed:
        due = found.when.due(event.at) if found.when else None
        if due is None or instant(due) < instant(event.at) or (found.what, instant(due)) in known:
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
