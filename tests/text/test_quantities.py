"""Numbers, sums of money and lengths of time."""

import itertools
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.money import CURRENCIES
from deescalate.text import Text

VECTORS = Path(__file__).parent / "vectors"


def vectors(name):
    for line in (VECTORS / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            words, means = (part.strip() for part in line.rsplit(" | ", 1))
            told = [] if means == "-" else [each.split() for each in means.split(";")]
            yield pytest.param(words, told, id=words)


@pytest.mark.parametrize(("words", "told"), list(vectors("amounts.txt")))
def test_sums_of_money(words, told):
    found = Text.of(words).amounts
    assert [(each.least, each.amount, each.currency or "?") for each in found] == [
        (Decimal(numbers[0]), Decimal(numbers[-1]), currency) for *numbers, currency in told
    ]


@pytest.mark.parametrize(("words", "told"), list(vectors("durations.txt")))
def test_lengths_of_time(words, told):
    found = [(each.least / 3600, each.seconds / 3600) for each in Text.of(words).durations]
    assert found == [(float(hours[0]), float(hours[-1])) for hours in told]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("4 times", [4]),
        ("half a dozen times", [6]),
        ("a dozen of 22nd, twenty-second", [12, 22, 22]),
        ("two thousand and one", [2001]),
        ("three hundred and five", [305]),
        ("two hundred thousand and fifty", [200050]),
        ("one two three, nineteen eighty", [1, 2, 3, 19, 80]),
        ("5 crore crore crore", [5 * 10**21]),
        ("two" + " hundred" * 12, [2 * 10**16]),
        ("hundred k grand", []),
        ("third, a hundred and", [3, 100]),
        ("two million two", [2000002]),
        ("two thousand hundred", [2100]),
        ("two and a half thousand, 2 and a half k", [2500, Decimal("2.5")]),
        ("3½ 4ever 3x a1 ab12 ²", [Decimal("3.5"), 4, 3, 12, 2]),
        ("1.2.3 03.12.2026", []),
    ],
)
def test_numbers(words, values):
    found = [each.value for each in Text.of(words).numbers]
    assert found == values


def test_a_sign_leaves_several_currencies_open():
    [amount] = Text.of("$5").amounts
    assert {"USD", "CAD", "AUD"} <= set(amount.currencies)


def test_a_sum_stands_where_it_was_written():
    text = "you owe me between 50 and 60 euros, or S$ 70."
    assert [each.span.of(text) for each in Text.of(text).amounts] == ["50 and 60 euros", "S$ 70"]


PIECES = st.sampled_from(
    [
        "$",
        "£",
        "€",
        "5",
        "50",
        "250",
        "000",
        "1,00,000",
        "1" * 32,
        "crore",
        "1.250",
        "k",
        "m",
        "grand",
        "hundred",
        "and",
        "a",
        "half",
        "two",
        "of",
        "couple",
        "dozen",
        "-",
        "–",
        "to",
        "or",
        "between",
        "euros",
        "cents",
        "p",
        "usd",
        "TRY",
        "rs",
        ".",
        ",",
        "'",
        "hours",
        "hr",
        "h",
        "45",
        "days",
        "week",
        "working",
        "1:30",
        "2h30",
        "①",
        "½",
        "10%",
    ]
)


@given(st.lists(PIECES, max_size=14), st.booleans())
def test_law_quantities_stand_in_order_apart_and_make_sense(pieces, spaced):
    text = (" " if spaced else "").join(pieces)
    read = Text.of(text)
    for found in (read.amounts, read.durations):
        assert all(one.span.end <= two.span.start for one, two in itertools.pairwise(found))
        assert all(0 <= each.span.start < each.span.end <= len(text) for each in found)
    for amount in read.amounts:
        assert 0 <= amount.least <= amount.amount
        assert set(amount.currencies) <= set(CURRENCIES)
    for duration in read.durations:
        assert 0 <= duration.least <= duration.seconds


@given(st.integers(0, 999_999), st.sampled_from([",", ".", "'", "\u202f", " "]))
def test_law_however_thousands_are_parted_the_sum_is_the_same(whole, mark):
    written = f"{whole:,}".replace(",", mark)
    [amount] = Text.of(f"pay {written} EUR now").amounts
    assert (amount.amount, amount.currency) == (whole, "EUR")


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y", "%d %B %Y"]))
def test_law_a_date_is_no_money(day, form):
    assert Text.of(f"since {day.strftime(form)} I wait").amounts == ()
