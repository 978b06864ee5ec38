"""A snapshot is the conversation, in one step; under another playbook it says so."""

import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import Conversation
from deescalate.errors import SnapshotError
from deescalate.money import Money
from deescalate.playbook import Playbook
from deescalate.reading import EnglishReader
from deescalate.testing.conversation import customer_texts, events

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


@given(events(), customer_texts())
def test_law_a_snapshot_is_the_conversation(course, text):
    talk = BOOK.replay(course)
    back = BOOK.resume(talk.to_snapshot())
    assert back == talk
    assert back.to_snapshot() == talk.to_snapshot()
    assert back.to_json_lines() == talk.to_json_lines()
    assert back.customer_says(text, at=back.at) == talk.customer_says(text, at=talk.at)


@given(events(max_size=2), st.data())
def test_law_a_damaged_snapshot_is_refused_in_words(course, data):
    text = BOOK.replay(course).to_snapshot()
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.sampled_from(["", "x", '"', "1", "}"])) + text[at + 1 :]
    try:
        BOOK.resume(damaged)
    except SnapshotError as error:
        assert str(error).startswith("snapshot: ")


def test_under_another_playbook_it_says_so_and_can_be_replayed():
    talk = BOOK.open(at=AT).customer_says("I want £45 back", at=AT).learned(at=AT, amount=5)
    other = evolve(BOOK, month_first=True)
    with pytest.raises(SnapshotError, match=r"its playbook is .* replay its events") as caught:
        other.resume(talk.to_snapshot())
    assert caught.value.events == talk.events
    assert pickle.loads(pickle.dumps(caught.value)).events == talk.events  # noqa: S301  our own
    replayed = other.resume(talk.to_snapshot(), replay=True)
    assert replayed == other.replay(talk.events)


@pytest.mark.parametrize("part", ["format", "library"])
def test_another_version_says_so(part):
    data = json.loads(BOOK.open(at=AT).to_snapshot()) | {part: "9"}
    with pytest.raises(SnapshotError, match=f"its {part} is `9`"):
        BOOK.resume(json.dumps(data))
    assert BOOK.resume(json.dumps(data), replay=True) == BOOK.open(at=AT)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"events": 3}', '{"events": [{"event": "sang"}]}', None]
)
def test_what_is_no_snapshot_is_refused(text):
    with pytest.raises(SnapshotError):
        BOOK.resume(text, replay=True)


def test_a_state_that_cannot_be_read_is_refused():
    data = json.loads(BOOK.open(at=AT).to_snapshot()) | {"state": 3}
    with pytest.raises(SnapshotError, match="its state cannot be read"):
        BOOK.resume(json.dumps(data))


def test_money_and_sums_are_kept_exactly():
    talk = BOOK.open(at=AT).learned(at=AT, amount=Money("5.50", "GBP"))
    assert BOOK.resume(talk.to_snapshot()) == talk
    policy = evolve(
        BOOK.escalation, defaults={**BOOK.escalation.defaults, "amount": Decimal("5.50")}
    )
    exact = evolve(BOOK, escalation=policy)
    talk = exact.open(at=AT).customer_says("hello", at=AT)
    assert talk.escalation.assumed["amount"] == Decimal("5.50")
    assert exact.resume(talk.to_snapshot()) == talk


def test_a_fingerprint_tells_playbooks_apart():
    class Own:
        fingerprint = "a"

        def read(self, text):
            return EnglishReader().read(text)

    books = [BOOK, evolve(BOOK, month_first=True), Playbook.default(currency="GBP")]
    books += [evolve(BOOK, reader=Own())]
    assert len({book.fingerprint for book in books}) == len(books)
    assert BOOK.fingerprint == Playbook.default().fingerprint
    assert Conversation.from_snapshot(books[3].open(at=AT).to_snapshot(), books[3]).turns == ()
