"""What is remembered of words can be forgotten, all of it, and changes no answer."""

import gc
from datetime import UTC, datetime

from hypothesis import given

from deescalate import Playbook
from deescalate.testing.conversation import customer_texts
from deescalate.text import Text, forget
from deescalate.wording import review

WORD = "qzvxquil"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def holders_of_a_word():
    """Every mapping in the process in which the word is a key, but for those of the tests."""
    found = [each for each in gc.get_objects() if isinstance(each, dict)]
    return [each for each in found if any(key == WORD for key in list(each) if type(key) is str)]


def heard():
    talk = Playbook.default().open(at=AT).customer_says(f"Where is my {WORD} parcel?", at=AT)
    assert talk.review(f"The {WORD} parcel is on its way, I promise.").draft
    return talk


def test_no_word_of_a_conversation_is_left():
    heard()
    assert holders_of_a_word()
    assert Text.shared(WORD) is Text.shared(WORD)
    forget()
    assert not holders_of_a_word()
    assert all(WORD not in each.raw for each in gc.get_objects() if type(each) is Text)


def test_a_part_of_a_text_is_found_once_and_documented():
    text = Text.of("Where is it?")
    assert text.tokens is text.tokens
    assert Text.tokens.__doc__ == "The tokens, chat spelling spelt out."


@given(customer_texts())
def test_law_what_was_forgotten_is_found_again_alike(text):
    before = review(text, customer=text)
    forget()
    assert review(text, customer=text) == before
