"""Tokens: what a text is cut into."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import _memory
from deescalate.languages import ENGLISH
from deescalate.testing.reading import any_texts, messages
from deescalate.text import Text, Token, _text, forget, tokenize, words_of


def shapes(text):
    return [(token.text, token.kind) for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("Don't", [("don't", "word")]),
        ("don’t", [("don't", "word")]),
        ("follow-up", [("follow", "word"), ("up", "word")]),
        ("no - really", [("no", "word"), ("-", "punct"), ("really", "word")]),
        ("#Fail", [("#", "punct"), ("fail", "word")]),
        ("@BrandHelp hi", [("@brandhelp", "mention"), ("hi", "word")]),
        ("see HTTPS://A.b/C?d now", [("see", "word"), ("https://a.b/c?d", "url"), ("now", "word")]),
        ("www.shop.test", [("www.shop.test", "url")]),
        ("$50 £ 12.99 1,000.50€", [("$50", "money"), ("£ 12.99", "money"), ("1,000.50€", "money")]),
        ("24 hrs", [("24", "number"), ("hrs", "word")]),
        ("24hrs 3rd", [("24hrs", "word"), ("3rd", "word")]),
        ("Wait...", [("wait", "word"), ("...", "punct")]),
        ("Wait…", [("wait", "word"), ("...", "punct")]),
        ("what?!?!", [("what", "word"), ("?!", "punct")]),
        ("no!!!", [("no", "word"), ("!", "punct")]),
        ("a,,b", [("a", "word"), (",", "punct"), ("b", "word")]),
        ("f***ing sh*t f**", [("f***ing", "word"), ("sh*t", "word"), ("f**", "word")]),
        ("**bold**", [("*", "punct"), ("*", "punct"), ("bold", "word")]),
        (
            ":-) :( ;P <3 -_-",
            [(":)", "emoji"), (":(", "emoji"), (";p", "emoji"), ("<3", "emoji"), ("-_-", "emoji")],
        ),
        (":'-((", [(":'(", "emoji")]),
        ("👍🏽❤️", [("👍", "emoji"), ("❤", "emoji")]),
        ("👨‍👩‍👧", [("👨‍👩‍👧", "emoji")]),
        ("ＨＥＬＬＯ", [("hello", "word")]),
        ("\ud800", [("\ud800", "punct")]),
    ],
)
def test_a_text_is_cut_into(text, expected):
    assert shapes(text) == expected


def test_shouting_and_elongation_are_kept_aside():
    so, long = tokenize("SOOO loong")
    assert (so.text, so.shouted, so.elongated) == ("soo", True, True)
    assert (long.text, long.shouted, long.elongated) == ("loong", False, False)
    assert not tokenize("I")[0].shouted
    assert [token.elongated for token in tokenize("no!! no!!!")] == [False, False, False, True]
    assert tokenize(":))))")[0].elongated


@given(any_texts())
def test_law_tokens_lie_in_order_inside_the_text(text):
    end = 0
    for token in tokenize(text):
        assert isinstance(token, Token)
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(any_texts())
def test_law_letters_and_digits_are_never_lost(text):
    inside = [False] * len(text)
    for token in tokenize(text):
        inside[token.start : token.end] = [True] * (token.end - token.start)
    lost = {char for char, kept in zip(text, inside, strict=True) if not kept and char.isalnum()}
    assert not lost


@given(messages())
def test_law_case_changes_shouting_alone(text):
    lower = [(token.text, token.kind) for token in tokenize(text.lower())]
    upper = [(token.text, token.kind) for token in tokenize(text.upper())]
    assert lower == upper


@given(
    st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=1),
    st.sampled_from(("NFC", "NFD")),
)
def test_law_unicode_normal_form_of_words_does_not_matter(text, form):
    def folded(written):
        return [token.text for token in tokenize(written)]

    assert folded(unicodedata.normalize(form, text)) == folded(unicodedata.normalize("NFC", text))


@pytest.mark.unwatched
@pytest.mark.parametrize(
    "unit",
    ["a.", "a*", "*", "a'", "@", "1,", "$", "aaa", "\u0301", "-", ":(", "www.", "👨\u200d", ">"],
)
def test_any_repetition_is_one_pass(unit):
    """A quadratic pass over these lengths would take minutes."""
    text = unit * 50_000
    tokens = tokenize(text)
    assert len(tokens) <= len(text)


@given(messages(), st.sampled_from(["", " ", "€ 5", "5 €", "$ 12.50 or 3 $", "@a b"]))
def test_law_what_stands_between_spaces_is_cut_alone(text, money):
    """But for sums of money, which may have a space inside."""
    said = f"{text} {money}"
    shift, apart = 0, []
    for chunk in said.split(" "):
        found = tokenize(chunk)
        apart += [each._replace(start=each.start + shift, end=each.end + shift) for each in found]
        shift += len(chunk) + 1
    whole = tokenize(said)
    if all(" " not in said[each.start : each.end] for each in whole):
        assert list(whole) == apart
    else:
        assert any(each.kind == "money" for each in whole)


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(_memory, "_MOST", 2)
    forget()
    assert [each.text for each in Text.of("one two three four one").tokens] == [
        "one", "two", "three", "four", "one",
    ]  # fmt: skip
    assert len(_text._chunks(words_of(ENGLISH))) <= 2
