"""The moves in an agent's words: a hundred labelled turns, and any text at all."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.moves import Move
from deescalate.reading import read_agent
from deescalate.testing.wording import drafts

VECTORS = Path(__file__).parent / "vectors"


# Two sets labelled by hand; nothing was tuned on the fresh one.
@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("agent_moves.json", 0.855, 0.9), ("agent_moves_fresh.json", 0.7, 0.7)],
)
def test_the_labelled_turns(shared, name, precision, recall):
    dialogues = {}
    path = shared("data/twitter_support_frustration/dialogues.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        dialogues[row["id"]] = row["turns"]
    right = extra = missed = 0
    for row in json.loads((VECTORS / name).read_text(encoding="utf-8"))["turns"]:
        text = dialogues[row["dialogue"]][row["turn"]]["text"]
        assert sha256(text.encode()).hexdigest().startswith(row["sha256"])
        labelled, found = set(row["moves"]), {str(move) for move in read_agent(text).kinds}
        right += len(labelled & found)
        extra += len(found - labelled)
        missed += len(labelled - found)
    assert right / (right + extra) >= precision
    assert right / (right + missed) >= recall


def moves(text: str) -> list[str]:
    return [str(found.move) for found in read_agent(text).moves]


def test_questions_are_sorted_by_what_they_ask():
    assert moves("What happened?") == ["open_question"]
    assert moves("Is it blue?") == ["closed_question"]
    assert moves("What would put this right for you?") == ["elicit_want"]
    assert moves("Can you try restarting it?") == ["propose"]
    assert moves("Could you send me the order number?") == ["closed_question"]
    assert moves("Does that suit you?") == ["partner"]
    assert moves("Is this number right for you?") == ["closed_question"]
    assert moves("It is blue\nIs it?") == ["closed_question"]


def test_a_refusal_is_not_a_reassurance():
    assert "reassure" not in moves("Unfortunately we're unable to help with that.")
    assert "decline" in moves("Unfortunately we're unable to help with that.")


def test_where_to_write_informs_unless_a_fact_is_asked_for():
    assert moves("Send us a message and we will go from there.") == ["inform"]
    assert moves("Send us a message with your order number.") == ["closed_question"]


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("You're right.", Move.AGREE_PARTIAL),
        ("You'll hear from Mr Lind.", Move.INFORM),
        ("That shouldn't have happened.", Move.VALIDATE),
        ("This one's on us.", Move.OWN_RESPONSIBILITY),
        ("It looks as though your parcel is lost.", Move.PARAPHRASE),
        ("I had to make sure that you were told.", None),
        ("Ms Weber will be here by 9 pm.", Move.SEEK_HELP),
        ("I can do that best without the insults.", Move.SET_LIMIT),
        ("Can you press the button?", Move.PROPOSE),
        ("I am so sorry about your mother.", Move.EMPATHISE),
    ],
)
def test_what_is_said_in_several_words(text, move):
    assert (move in read_agent(text).kinds) == (move is not None)


def test_of_picks_moves_in_the_order_of_the_text():
    reading = read_agent("I am sorry. Thank you for waiting. Again, I am sorry.")
    assert [found.quote for found in reading.of(Move.APOLOGISE)] == ["sorry", "sorry"]
    assert reading.of(Move.INTRODUCE) == ()


@given(st.one_of(st.text(), drafts()))
def test_law_every_move_quotes_the_text_and_stands_in_order(text):
    found = read_agent(text).moves
    assert all(each.span.of(text) == each.quote and each.quote for each in found)
    assert [each.span.start for each in found] == sorted(each.span.start for each in found)
