"""Masking keeps the story and loses the person."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation._masking import mask


def luhn_valid(digits: str) -> bool:
    """Luhn's check as ISO/IEC 7812-1 tells it: double every second digit from the right."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char)
        if place % 2:
            value = value * 2 if value < 5 else value * 2 - 9
        total += value
    return total % 10 == 0


def card_numbers() -> st.SearchStrategy[str]:
    def complete(digits: str) -> str:
        return next(digits + last for last in "0123456789" if luhn_valid(digits + last))

    return st.text("0123456789", min_size=12, max_size=18).map(complete)


@st.composite
def spaced_cards(draw: st.DrawFn) -> str:
    digits = draw(card_numbers())
    gaps = draw(st.lists(st.sampled_from(["", "", "", " ", "-", " - "]), min_size=len(digits)))
    return "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False))


@given(st.text(max_size=40), spaced_cards(), st.text(max_size=40))
def test_law_masking_leaves_no_card_number_that_passes_luhn(before, card, after):
    masked = mask(f"{before} {card} {after}").text
    for run in re.findall(r"\d(?:[ \-]{0,3}\d)*", masked):
        digits = re.sub(r"\D", "", run)
        for length in range(13, 20):
            for start in range(len(digits) - length + 1):
                assert not luhn_valid(digits[start : start + length])


@given(st.text() | st.text("0123456789 -@.+abc()"))
def test_law_masking_twice_changes_nothing_more(text):
    once = mask(text)
    again = mask(once.text)
    assert again.text == once.text
    assert (again.cards, again.emails, again.phones) == (0, 0, 0)


@given(st.text(st.characters(exclude_categories=["Nd"], exclude_characters="@")))
def test_law_a_text_without_digits_and_at_signs_stays(text):
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111111111111111", "[card number]"),
        ("card 4111-1111-1111-1111, thanks", "card [card number], thanks"),
        ("5500 0000 0000 0004 exp 11/27", "[card number] exp 11/27"),
        ("Ann.Lee+shop@mail.example.co.uk wrote", "[e-mail address] wrote"),
        ("mail me at ann@example.org.", "mail me at [e-mail address]."),
        ("call 020 7946 0018 after six", "call [phone number] after six"),
        ("call (977) 625-2661", "call [phone number]"),
        ("+491701234567", "[phone number]"),
        ("order 48213 and order 3348917502", "order 48213 and order 3348917502"),
        ("on 2026-07-11 or 11.07.2026", "on 2026-07-11 or 11.07.2026"),
        ("@amazon @ home a@b", "@amazon @ home a@b"),
        ("1,299.00 at 5 pm", "1,299.00 at 5 pm"),
        ("", ""),
    ],
)
def test_what_is_masked_and_what_stays(text, masked):
    assert mask(text).text == masked


def test_any_text_is_linear():
    for piece in ("1 ", "a@", "@", "(", "+1-", "1234567890123456789"):
        assert len(mask(piece * 20_000).text) > 0


def test_addresses_that_run_into_one_another_are_masked_once():
    assert mask("a@b.cc@d.ee").text.startswith("[e-mail address]")
