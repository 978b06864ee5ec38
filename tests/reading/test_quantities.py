"""Numbers, durations and sums of money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.languages import ENGLISH as LANGUAGE
from deescalate.reading.constructions import CueFinder
from deescalate.reading.quantities import Amount, Quantities
from deescalate.text import tokenize

ENGLISH = CueFinder.of(LANGUAGE).quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 times", 4.0),
        ("twenty five calls", 25.0),
        ("three hundred and five", 305.0),
        ("two thousand and one", 2001.0),
        ("a hundred", None),
        ("3x", 3.0),
        ("22nd time", 22.0),
        ("third", 3.0),
        ("1,200 times", 1200.0),
        ("4ever", None),
        ("none", None),
    ],
)
def test_counts(text, expected):
    assert ENGLISH.count_in(tokenize(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two weeks", 1_209_600.0),
        ("a week", 604_800.0),
        ("a couple of days", 172_800.0),
        ("an hour and a half", 5_400.0),
        ("two and a half hours", 9_000.0),
        ("half an hour", 1_800.0),
        ("1.5 hours", 5_400.0),
        ("3 to 4 days", 259_200.0),
        ("3-4 days", 259_200.0),
        ("45mins", 2_700.0),
        ("45foos", None),
        ("1 hour 30 minutes", 5_400.0),
        ("all day", 86_400.0),
        ("weeks", None),
        ("an hour and counting", 3_600.0),
        ("nothing", None),
    ],
)
def test_durations(text, expected):
    assert ENGLISH.seconds_in(tokenize(text)) == expected


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$50", "50", "USD"),
        ("£1,200.50", "1200.50", "GBP"),
        ("€12,99", "12.99", "EUR"),
        ("1.200.300,50 €", "1200300.50", "EUR"),
        ("£5k", "5000", "GBP"),
        ("20 euros", "20", "EUR"),
        ("EUR 20", "20", "EUR"),
        ("EUR 2 k", "2000", "EUR"),
        ("two hundred and fifty pounds", "250", "GBP"),
        ("fifty quid", "50", "GBP"),
        ("2.5 dollars", "2.5", "USD"),
        ("50 cents", "0.5", "USD"),
        ("fifty pence", "0.5", "GBP"),
        ("dollars or 3 euros", "3", "EUR"),
        ("₵5", "5", None),
    ],
)
def test_sums_of_money(text, amount, currency):
    assert ENGLISH.amount_in(tokenize(text)) == Amount(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["", "pounds", "cents", "a pound of flesh", "$" + "9" * 60, "euros!"]
)
def test_no_sum_of_money(text):
    assert ENGLISH.amount_in(tokenize(text)) is None


def test_too_many_digits_are_no_number():
    assert ENGLISH.count_in(tokenize("9" * 80)) is None
    assert ENGLISH.amount_in(tokenize("EUR " + "9" * 80)) is None


def test_tables_of_the_wrong_shape_are_all_named():
    with pytest.raises(DocumentError) as caught:
        Quantities.from_values({"seconds": {"day": True}, "currencies": {"$": 1}, "articles": 3})
    assert [problem.path for problem in caught.value.problems] == [
        "values.seconds",
        "values.currencies",
        "values.articles",
    ]


@given(st.text(alphabet="0123456789.,$£ kmhaon-", max_size=40))
def test_law_any_text_has_numbers_or_none(text):
    tokens = tokenize(text)
    for value in (ENGLISH.count_in(tokens), ENGLISH.seconds_in(tokens)):
        assert value is None or value >= 0
    amount = ENGLISH.amount_in(tokens)
    assert amount is None or amount.amount >= 0
