"""A snapshot is the conversation, in one step; under another playbook it says so."""

import json
import pickle
import zlib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import Conversation
from deescalate.conversation._log import Later, Log
from deescalate.conversation._snapshot import _sum
from deescalate.errors import DeescalateError, SnapshotError
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


def said():
    talk = BOOK.open(at=AT).customer_says("Where is it? Order 48213.", at=AT)
    return talk.agent_says("I am so sorry. I will ring you by 5 pm.", at=AT)


def test_a_snapshot_that_was_edited_is_read_at_once():
    talk = said()
    data = json.loads(talk.to_snapshot())
    assert BOOK.resume(json.dumps(data | {"sum": 0}, indent=1, sort_keys=True)) == talk
    with pytest.raises(SnapshotError, match=r"its state cannot be read: .*a turn cannot be read"):
        BOOK.resume(json.dumps(data | {"turns": ["x", *data["turns"][1:]]}))
    lines = [*data["events"]]
    lines[1] = lines[1] | {"at": "soon"}
    with pytest.raises(SnapshotError, match="its events cannot be read"):
        BOOK.resume(json.dumps(data | {"events": lines}))


@pytest.mark.parametrize("text", ["", "[", '{"event": 1}', "x" * 99])
def test_a_turn_that_was_forged_is_told_when_it_is_looked_at(text):
    data = json.loads(said().to_snapshot())
    turns = [b64encode(zlib.compress(text.encode())).decode(), data["turns"][1]]
    told = _sum(data["events"], turns)
    talk = BOOK.resume(json.dumps(data | {"turns": turns, "sum": told}))
    assert talk.turns[1].event.text.startswith("I am so sorry")
    with pytest.raises(DeescalateError):
        _ = talk.turns[0]


def test_what_was_taken_up_is_written_as_it_came():
    talk = said()
    text = talk.to_snapshot()
    back = BOOK.resume(text)
    assert back.to_snapshot() == text
    assert back.turns[0].event is back.events[1]
    assert BOOK.resume(back.waited(at=AT).to_snapshot()) == talk.waited(at=AT)


def test_law_threads_that_ask_for_an_item_at_once_get_the_same():
    started = Barrier(2, timeout=20)

    def make(written):
        return [written]

    log = Log(Later(each, make) for each in range(500))

    def ask(_):
        started.wait()
        return [*log]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(ask, range(2))
    assert all(a is b for a, b in zip(one, other, strict=True))


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
