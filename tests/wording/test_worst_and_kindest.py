"""The worst that can be said to somebody calm, and the kindest in an odd register."""

from datetime import UTC, datetime

import pytest

from deescalate import Playbook

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


def reviewed(said, reply):
    return BOOK.open(at=AT).customer_says(said, at=AT).review(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "then never use it again",
        "Go somewhere else then.",
        "Not my problem.",
        "Whatever.",
        "Are you blind? It's on the page.",
        "How should I know?",
        "You could have checked yourself, couldn't you?",
        "Some people just like to complain.",
        "Calm down, I'm looking into it.",
        "I am sorry - but that is how it is.",
        "Sorry about that, deal with it.",
        "I am sorry, but what do you expect?",
        "Sorry - that's not going to change.",
    ],
)
def test_nobody_is_sent_away_however_calm(reply):
    assert not reviewed("Where is my order?", reply).ok


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Where is my order?", "Aye, it's oot for delivery the day, should be wi ye by four."),
        ("Where is my order?", "Sorry, that is how it is for today, I deal with it at nine."),
        ("Where is my order?", "hiya! its on the van, eta 3pm x"),
        ("Where is my order?", "It come tomorrow before noon, I check for you already."),
        ("I want to talk to a human.", "Of course. Nadia takes over in about three minutes."),
        ("I want to talk to a human.", "Yep, getting someone for you now."),
    ],
)
def test_register_is_no_fault_and_a_person_on_the_way_is_an_answer(said, reply):
    assert reviewed(said, reply).ok
