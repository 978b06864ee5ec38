"""The books: what the agent's words promise, each promise once."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import AgentSaid
from deescalate.conversation._books import with_commitments
from deescalate.promises import Ledger, Promise
from deescalate.reading import commitments_in

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
SAID = ("I'll call you by noon.", "I'll call you by 5 pm.", "I'll send it by noon.")


def after(ledger, text):
    return with_commitments(ledger, AgentSaid(at=NINE, text=text), commitments_in(text))


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=6))
def test_law_a_promise_said_twice_in_one_reply_is_one(said):
    once = after(Ledger(), " ".join(dict.fromkeys(said)))
    often = after(Ledger(), " ".join(said))
    assert {(each.what, each.due) for each in often.promises} == {
        (each.what, each.due) for each in once.promises
    }
    assert len(often.promises) == len(set(said))
    assert after(often, " ".join(said)) == often


def test_a_name_that_the_host_has_taken_is_not_taken_again():
    taken = Promise(name="promise 2", what="refund", made_at=NINE, due=NINE)
    ledger = after(Ledger().made(taken), SAID[0])
    assert [each.name for each in ledger.promises] == ["promise 2", "promise 3"]


def test_a_promise_without_a_time_stays_out_of_the_ledger():
    assert after(Ledger(), "I'll call you shortly.") == Ledger()
    assert after(Ledger(), "Good morning.") == Ledger()
