"""What is written like a phone number, and what is one digit too many or too few."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import mask

DIGITS = "7938275941638527" * 2
WRITTEN = """
    555 010 1234   | 1 555 010 1234 | 612 345 678    | 612 34 56 78 | 612 345 67 89 | 7 912 345 67 89
    912 3456 7890  | 12 34567 8901  | 12 3456 7890   | 7911 123 456 | 12 345 67 89  | 412 34 567
"""
"""Numbers of a dozen countries as people there group them, without a leading 0."""
SHAPES = {
    tuple(map(len, number.split())) for line in WRITTEN.split("\n") for number in line.split("|")
} - {()}


def phones(text):
    return mask(text).phones


def grouped(sizes, lead=""):
    """Digits in groups, those of a lead first."""
    digits = iter(lead + DIGITS[: sum(sizes) - len(lead)])
    return " ".join("".join(next(digits) for _ in range(size)) for size in sizes)


@pytest.mark.parametrize("length", range(4, 19))
def test_law_an_introduced_number_has_seven_to_fifteen_digits(length):
    assert phones(f"call {DIGITS:.{length}}, ok") == (7 <= length <= 15)
    assert phones(f"it is +{DIGITS:.{length}}, ok") == (7 <= length <= 15)


@pytest.mark.parametrize("length", range(6, 16))
def test_law_a_number_with_one_leading_nought_has_nine_to_twelve_digits(length):
    assert phones(f"it is 0{DIGITS:.{length - 1}}, ok") == (9 <= length <= 12)
    assert not phones(f"it is 00{DIGITS:.{length - 2}}, ok")
    assert not phones(f"it is X0{DIGITS:.{length - 1}}, ok")


@given(st.integers(1, 8), st.integers(3, 12))
def test_law_an_area_has_two_to_six_digits_with_its_nought(area, rest):
    number = grouped((area, rest), "0")
    assert phones(f"it is {number}, ok") == (2 <= area <= 6 and 9 <= area + rest <= 12)


@given(st.integers(2, 6), st.integers(3, 13))
def test_law_a_number_dialled_abroad_has_ten_digits_or_more(first, rest):
    number = grouped((first, rest), "00")
    assert phones(f"it is {number}, ok") == (10 <= first + rest <= 15)


@pytest.mark.parametrize(("area", "found"), [(1, True), (5, True), (6, False)])
def test_an_area_in_brackets_has_five_digits_at_most(area, found):
    assert phones(f"it is ({DIGITS:.{area}}) {DIGITS:.{9 - area}}, ok") == found
    assert not phones(f"it is ({DIGITS:.{area}} {DIGITS:.{9 - area}}, ok")


def test_law_without_an_introduction_a_number_is_grouped_as_in_some_country():
    assert len(SHAPES) == 12
    for count in (2, 3, 4, 5):
        for sizes in product(range(1, 6), repeat=count):
            found = mask(f"it is {grouped(sizes)}, ok")
            if not 7 <= sum(sizes) <= 12 or found.identifiers or found.cards:
                continue
            assert found.phones == (sizes in SHAPES or sizes == (5, 5)), sizes


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("60000 43210", 1), ("59999 43210", 0),
        ("612-345-678", 1), ("612.345.678", 0), ("612 000 000", 0), ("612 000 001", 1),
        ("612.345 678", 1),
    ],
)  # fmt: skip
def test_a_sum_in_thousands_is_no_phone_number(written, count):
    assert phones(f"it is {written}, ok") == count


@pytest.mark.parametrize(("between", "found"), [(0, 1), (24, 1), (25, 1), (26, 0)])
def test_a_word_calls_what_stands_within_twenty_five_characters(between, found):
    assert phones(f"call{':' * between}{' ' * (not between)}5550142") == found


@pytest.mark.parametrize(("back", "found"), [(59, 0), (60, 0), (61, 1)])
def test_what_numbers_something_else_is_looked_for_sixty_characters_back(back, found):
    assert phones(f"{'order'.ljust(back - 7, ':')}number 0770 090 0001") == found


def test_a_number_that_is_none_hides_no_other():
    text = (
        "I paid 12 for order 5550142233, EUR 612 345 678 and 20 more, call 5550142 or 07700900001"
    )
    assert mask(text).text == text.replace(
        "5550142 or 07700900001", "[phone number] or [phone number]"
    )
