"""Money: exact, never mixed, rounded only as stated."""

import copy
import operator
import pickle
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import MoneyError, SettingError
from deescalate.money import (
    CURRENCIES,
    Money,
    Rounding,
    decimal_of,
    exact,
    minor_units,
    round_to,
    total,
)
from deescalate.testing.compensation import currencies, monies

MODES = {
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
}


@given(st.lists(monies(low=-100)))
def test_law_a_sum_does_not_depend_on_the_order(amounts):
    assert total(amounts, "EUR") == total(reversed(amounts), "EUR")
    assert exact(total(amounts, "EUR").amount) == sum(exact(each.amount) for each in amounts)


@given(monies(low=-100), monies(low=-100))
def test_law_what_is_added_can_be_taken_away(one, other):
    assert one + other - other == one
    assert Money.zero("EUR") - (-one) == one
    assert (one < other) == (one.amount < other.amount)
    assert sorted([one, other]) == sorted([other, one])


@given(monies(low=-100), st.integers(0, 3))
def test_law_the_surrounding_decimal_context_does_not_matter(money, precision):
    with localcontext() as context:
        context.prec = precision + 1
        assert (money + Money("0.01", "EUR")).amount - money.amount is not None
        poor = money + Money("1234567.89", "EUR")
        shown = str(money)
    assert poor == money + Money("1234567.89", "EUR")
    assert shown == str(money)


@given(
    st.decimals(-10_000, 10_000, places=6),
    st.sampled_from(list(Rounding)),
    st.integers(0, 4),
)
def test_law_rounding_agrees_with_decimal(value, mode, places):
    place = Decimal(1).scaleb(-places)
    assert round_to(value, mode, place) == Fraction(value.quantize(place, MODES[mode]))


@given(
    st.fractions(-1_000, 1_000),
    st.sampled_from(list(Rounding)),
    st.sampled_from([Decimal("0.05"), Decimal("0.01"), 25, Fraction(1, 3)]),
)
def test_law_rounding_moves_by_less_than_a_place_and_settles(value, mode, place):
    rounded = round_to(value, mode, place)
    assert abs(rounded - value) < exact(place)
    assert (rounded / exact(place)).denominator == 1
    assert round_to(rounded, mode, place) == rounded


@given(monies(currencies(), low=-100, high=100), st.lists(st.integers(0, 9), min_size=1))
def test_law_shares_add_up_to_the_whole(money, weights):
    if not sum(weights):
        weights[0] = 1
    shares = money.share(weights)
    assert total(shares, money.currency) == money
    assert all(each.is_payable for each in shares)
    by_weight = sorted(zip(weights, (abs(each.amount) for each in shares), strict=True))
    for (less, smaller), (more, larger) in pairwise(by_weight):
        assert less == more or smaller <= larger


@given(st.fractions())
def test_law_a_decimal_is_exact_or_refused(value):
    try:
        assert Fraction(decimal_of(value)) == value
    except MoneyError:
        rest = value.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        assert rest > 1


@given(monies(currencies()))
def test_law_money_survives_pickling_and_copying(money):
    assert pickle.loads(pickle.dumps(money)) == money == copy.deepcopy(money)  # noqa: S301  our own bytes
    assert hash(money) == hash(Money(money.amount.normalize(), money.currency))


def test_minor_units_are_those_of_the_list():
    assert (minor_units("JPY"), minor_units("EUR"), minor_units("KWD"), minor_units("UYW")) == (
        0,
        2,
        3,
        4,
    )
    assert len(CURRENCIES) == 166
    assert str(Money(5, "KWD")) == "KWD 5.000"
    assert str(Money("0.125", "EUR")) == "EUR 0.125"
    assert str(Money("-3", "JPY")) == "JPY -3"


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        (0.1, "`0.1` is a float, which is not exact"),
        (True, "`True` is not an amount"),
        (None, "`None` is not an amount"),
        ("twelve", "`twelve` is not an amount"),
        ("1" * 50, "is not an amount"),
        ("１２", "is not an amount"),
        ("NaN", "`NaN` is not an amount"),
        (Decimal("Infinity"), "is not an amount"),
        (Decimal("-sNaN"), "is not an amount"),
        (Decimal("1e16"), "is not an amount"),
        (Decimal("1e999999"), "is not an amount"),
        (10**15, "is not an amount"),
        (Decimal("1e-13"), "is not an amount"),
    ],
)
def test_a_bad_amount_is_refused_with_one_clear_error(amount, message):
    with pytest.raises(MoneyError) as caught:
        Money(amount, "EUR")
    assert message in str(caught.value)


@pytest.mark.parametrize("code", ["euro", "eur", "EU", "", None, 5, "XXX"])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(MoneyError, match="is not an ISO 4217 code"):
        Money(1, code)
    with pytest.raises(MoneyError):
        minor_units(code)


def test_a_typo_in_a_currency_is_guessed():
    with pytest.raises(MoneyError, match="did you mean `EUR`"):
        Money(1, "EURO")


def test_currencies_never_mix():
    for clash in (
        lambda: Money(1, "EUR") + Money(1, "USD"),
        lambda: Money(1, "EUR") - Money(1, "USD"),
        lambda: Money(1, "EUR") < Money(1, "USD"),
        lambda: total([Money(1, "EUR")], "USD"),
    ):
        with pytest.raises(MoneyError, match="does not mix"):
            clash()
    assert Money(1, "EUR") != Money(1, "USD")


def test_factors_and_places_are_exact_and_stated():
    assert Money(10, "EUR").times(Fraction(1, 3)) == Money("3.33", "EUR")
    assert Money(10, "EUR").times(Fraction(1, 3), mode="up", to=Decimal("0.05")).amount == Decimal(
        "3.35"
    )
    assert Money("2.675", "EUR").rounded("half_even") == Money("2.68", "EUR")
    with pytest.raises(MoneyError, match="is a float"):
        Money(10, "EUR").times(0.5)
    with pytest.raises(SettingError, match="one of up, down, half_up, half_even"):
        Money("10.001", "EUR").times(1, mode="sideways")
    with pytest.raises(SettingError, match="a place above 0"):
        Money(10, "EUR").rounded(to=0)
    with pytest.raises(MoneyError, match="not an exact number"):
        exact("1")
    with pytest.raises(MoneyError, match="no exact decimal form"):
        decimal_of(Fraction(1, 3))


@pytest.mark.parametrize("weights", [[], [0], [-1, 2], [True], [1.5]])
def test_bad_weights_are_refused(weights):
    with pytest.raises(SettingError, match="weights"):
        Money(1, "EUR").share(weights)


def test_a_fraction_of_a_cent_cannot_be_shared():
    with pytest.raises(MoneyError, match="not a whole number of minor units"):
        Money("0.001", "EUR").share([1])


def test_nothing_is_false():
    assert not Money.zero("EUR")
    assert Money("0.01", "EUR")
    assert str(-Money.zero("EUR")) == "EUR 0.00"


OPERATIONS = (operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge)


@given(
    monies(currencies(), low=-100),
    st.integers() | st.floats() | st.decimals() | st.fractions() | st.text() | st.none(),
    st.sampled_from(OPERATIONS),
    st.booleans(),
)
def test_law_no_plain_number_mixes_with_money(money, plain, operation, turned):
    with pytest.raises(MoneyError, match=r"is no money and does not mix with it: give `Money\("):
        operation(plain, money) if turned else operation(money, plain)
    with pytest.raises(MoneyError, match="is no money"):
        money.same(plain)
    assert (money == plain) is False


def test_sum_hints_at_total():
    with pytest.raises(MoneyError, match="add many up with `total`"):
        sum([Money(1, "EUR"), Money(2, "EUR")])
    with pytest.raises(MoneyError, match="`2` is no money"):
        total([Money(1, "EUR"), 2], "EUR")


@given(
    st.sampled_from(["0", "-0", "-0.00", "+0.0", "-0e3", "-.0", Decimal("-0"), Decimal("-0.000")]),
    currencies(),
    st.sampled_from(list(Rounding)),
)
def test_law_nothing_has_no_sign(nothing, currency, mode):
    none = Money(nothing, currency)
    small = Money("-0.000000000001", currency)
    for each in (
        none, -none, none + none, none - none, none.times(-1), none.rounded(mode), *none.share([1, 1]),
        small - small, small.rounded("down"), total([none, none], currency), Money.zero(currency),
    ):  # fmt: skip
        assert "-" not in str(each) + repr(each)
        assert each == none
        assert not each


@given(st.from_regex(r"[+-]?[0-9_.,eE ]{1,12}", fullmatch=True))
def test_law_a_text_is_read_as_people_write_numbers_or_refused(text):
    try:
        amount = Money(text, "EUR").amount
    except MoneyError:
        return
    assert not {"_", ",", " "} & set(text.strip())
    assert amount == Decimal(text)


@pytest.mark.parametrize("text", ["1_000", "1,000", "12,50", "nan", "inf", "", "٣", "1e", "."])
def test_a_text_that_is_no_amount_is_refused(text):
    with pytest.raises(MoneyError, match="is not an amount"):
        Money(text, "EUR")
