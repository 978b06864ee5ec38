"""The shipped phrases, heard by the detector of moves and read by the reviewer of replies."""

import pytest

from deescalate.moves import Move, phrases_for
from deescalate.reading.agent import read_agent
from deescalate.wording import review

VALUES = {
    "name": "Ms Hale",
    "agent": "Sam",
    "matter": "the late parcel",
    "story": "the parcel was promised for Monday and never came",
    "words": "two weeks",
    "feeling": "let down",
    "strength": "sending the photos",
    "truth": "two weeks is too long",
    "cause": "the depot put it on the wrong van",
    "reason": "the ticket was sold out",
    "fact": "which number is on the label",
    "topic": "the parcel",
    "behaviour": "the swearing",
    "consequence": "I will end this chat and you can write to us",
    "first": "a refund of the delivery fee",
    "second": "a new parcel by express",
    "request": "a full refund",
    "remedy": "a refund of the delivery fee",
    "deed": "calling the depot",
    "step": "I call the depot",
    "time": "by 4 pm today",
    "helper": "Ana Ruiz, our team lead",
}
SAID = [(move, phrase.filled(**VALUES)) for move in Move for phrase in phrases_for(move)]


@pytest.mark.parametrize(("move", "text"), SAID, ids=[text for _, text in SAID])
def test_no_phrase_makes_things_worse(move, text):
    """Alone, a limit lacks its choice and its consequence: a plan puts them beside it."""
    alone = {"O307"} if move is Move.SET_LIMIT else set()
    assert {finding.code for finding in review(text).findings} <= alone


def test_a_listener_hears_the_move_that_a_phrase_makes():
    """Words given back bare are the one thing that nothing tells apart from any other words."""
    heard = [(move, text) for move, text in SAID if move in read_agent(text).kinds]
    lost = [(move, text) for move, text in SAID if move.spoken and (move, text) not in heard]
    assert {move for move, _ in lost} <= {Move.MIRROR}, lost
