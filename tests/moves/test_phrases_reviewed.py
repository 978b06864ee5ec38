"""The shipped phrases, heard by the detector of moves and read by the reviewer of replies."""

import json
from pathlib import Path

import pytest

from deescalate.moves import Move, phrases_for, slots
from deescalate.reading import read_agent
from deescalate.wording import review

VALUES = json.loads(Path(__file__).with_name("phrase_values.json").read_text("utf-8"))
OTHERS = {
    "name": "Mr Osei",
    "agent": "Ines",
    "matter": "the blocked card",
    "story": "the card was stopped in the shop and nobody called you",
    "words": "in front of everybody",
    "feeling": "humiliated",
    "strength": "calling at once",
    "truth": "nobody should stand at a till like that",
    "cause": "our fraud check saw a payment abroad",
    "reason": "the law asks for the check",
    "fact": "did you pay in Lisbon on Friday",
    "topic": "the card",
    "behaviour": "the shouting",
    "consequence": "I will end this call",
    "first": "a new card by courier",
    "second": "the old card freed tonight",
    "request": "the fee back",
    "remedy": "a new card by courier",
    "deed": "freeing the card",
    "step": "I order the card",
    "time": "tomorrow at 10 am",
    "helper": "Dana Lind, our duty manager",
}
SAID = [(move, phrase.filled(**VALUES)) for move in Move for phrase in phrases_for(move)]


@pytest.mark.parametrize(("move", "text"), SAID, ids=[text for _, text in SAID])
def test_no_phrase_makes_things_worse(move, text):
    """Alone, a limit lacks its choice and its consequence: a plan puts them beside it."""
    alone = {"O307"} if move in (Move.SET_LIMIT, Move.STATE_CONSEQUENCE) else set()
    assert {finding.code for finding in review(text).findings} <= alone


HINTS = {name: f"[{hint}]" for name, hint in slots().items()}


@pytest.mark.parametrize("values", [VALUES, OTHERS, HINTS], ids=["parcel", "bank", "unfilled"])
@pytest.mark.parametrize("move", [move for move in Move if move.spoken])
def test_a_listener_hears_the_move_that_a_phrase_makes(move, values):
    """Every phrase that a plan may suggest, filled for two cases and as it stands unfilled."""
    for phrase in phrases_for(move):
        text = phrase.filled(**values)
        for said in (text, text[:1].upper() + text[1:], f"Hello. {text} Goodbye."):
            assert move in read_agent(said).kinds, said
