"""A clean draft is cut once, and searched once with each set of phrases."""

from collections import Counter

import pytest

from deescalate.text import Text, _text
from deescalate.text.phrases import PatternSet
from deescalate.wording import review

CLEAN = "I understand. I will call the depot and tell you by 3 pm today. Is that all right for you?"


@pytest.fixture
def looks(monkeypatch):
    """How often each text is cut, and searched by each set of phrases."""
    counted = Counter()
    cut, find = _text.cut, PatternSet.find

    def counting_cut(text, *args):
        counted["cut", text] += 1
        return cut(text, *args)

    def counting_find(self, tokens, text=""):
        counted[id(self), text] += 1
        return find(self, tokens, text)

    monkeypatch.setattr(_text, "cut", counting_cut)
    monkeypatch.setattr(PatternSet, "find", counting_find)
    return counted


def test_a_clean_draft_is_cut_and_searched_once(looks):
    assert review(CLEAN).ok
    assert looks["cut", CLEAN] == 1
    assert set(looks.values()) == {1}


def test_earlier_replies_that_are_texts_are_never_cut_again(looks):
    earlier = Text.of("I am sorry about that.")
    for _ in range(3):
        review("I am sorry. The refund is on its way.", previous=[earlier])
    assert looks["cut", earlier.raw] == 1
