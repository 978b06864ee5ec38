"""Hypothesis strategies and laws of promises."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from deescalate.errors import EventError
from deescalate.promises import Ledger, Promise, after

__all__ = ["ledgers", "moments", "promises"]

_ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
_CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))


def moments() -> st.SearchStrategy[datetime]:
    """Aware moments of a year in zones with and without summer time, near its changes too.

    >>> isinstance(moments(), st.SearchStrategy)
    True
    """
    start = datetime(2026, 1, 1, tzinfo=UTC)
    anywhere = st.integers(0, 365 * 24 * 60)
    near = st.one_of(
        *(
            st.integers(minute - 90, minute + 90)
            for change in _CHANGES
            for minute in [round((change - start).total_seconds() / 60)]
        )
    )
    minutes = anywhere | near
    return st.sampled_from(_ZONES).flatmap(
        lambda zone: minutes.map(
            lambda minute: (start + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        )
    )


@st.composite
def promises(draw: st.DrawFn, name: str = "promise") -> Promise:
    """Promises due at once, soon, or in weeks.

    >>> isinstance(promises(), st.SearchStrategy)
    True
    """
    made_at = draw(moments())
    wait = draw(st.integers(0, 60 * 24 * 30))
    due = after(made_at, timedelta(minutes=wait))
    return Promise(name=name, what="call back", made_at=made_at, due=due)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Ledgers with a random but possible course: made, updated, moved, kept, released.

    >>> isinstance(ledgers(), st.SearchStrategy)
    True
    """
    ledger = Ledger()
    now = draw(moments())
    for number in range(draw(st.integers(0, 8))):
        now = after(now, timedelta(minutes=draw(st.integers(0, 600))))
        due = after(now, timedelta(minutes=draw(st.integers(0, 900))))
        names = [promise.name for promise in ledger.promises]
        word = draw(st.sampled_from(["made", "kept", "moved", "updated", "released"]))
        try:
            if word == "made" or not names:
                made = Promise(name=f"p{number}", what="call", made_at=now, due=due)
                ledger = ledger.made(made)
            elif word == "moved":
                ledger = ledger.moved(draw(st.sampled_from(names)), at=now, due=due)
            else:
                ledger = getattr(ledger, word)(draw(st.sampled_from(names)), at=now)
        except EventError:
            continue
    return ledger
