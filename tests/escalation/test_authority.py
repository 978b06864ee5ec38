"""Who may grant and do what without asking."""

import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.errors import MoneyError, SettingError
from deescalate.testing.escalation import authorities


@given(authorities(), authorities(), authorities())
def test_law_covering_is_a_partial_order(first, second, third):
    assert first.covers(first)
    if first.covers(second) and second.covers(third):
        assert first.covers(third)
    if first.covers(second) and second.covers(first):
        assert {code: most for code, most in first.money.items() if most} == {
            code: most for code, most in second.money.items() if most
        }
        assert first.actions == second.actions


@given(
    authorities(),
    authorities(),
    st.decimals(0, 10_000, places=2),
    st.sampled_from(["EUR", "USD", "JPY"]),
)
def test_law_who_covers_another_may_grant_what_the_other_may(wide, narrow, amount, currency):
    if wide.covers(narrow) and narrow.may_grant(amount, currency):
        assert wide.may_grant(amount, currency)
    assert wide.covers(narrow) == (not wide.lacks(narrow))


@given(authorities())
def test_law_an_authority_is_a_value(authority):
    copy = pickle.loads(pickle.dumps(authority))  # noqa: S301  our own bytes
    assert copy == authority
    assert hash(attrs.evolve(authority)) == hash(authority)
    with pytest.raises(TypeError):
        authority.money["EUR"] = Decimal(1)


def test_no_limit_is_infinity():
    assert Authority(money={"EUR": Decimal("Infinity")}).may_grant(10**12, "EUR")


@pytest.mark.parametrize("amount", [-1, Decimal("NaN"), Decimal("sNaN"), 1.5, "5", True, None])
def test_an_amount_that_is_no_amount_is_refused(amount):
    with pytest.raises(SettingError, match="a Decimal or a whole number"):
        Authority(money={"EUR": amount})
    with pytest.raises(SettingError, match="`amount`"):
        Authority().may_grant(amount, "EUR")


@pytest.mark.parametrize("code", ["eur", "EURO", "", "€", 7, None])
def test_a_currency_that_is_no_code_is_refused(code):
    with pytest.raises(MoneyError, match="ISO 4217"):
        Authority(money={code: 5})
    with pytest.raises(MoneyError, match="ISO 4217"):
        Authority().limit(code)


def test_actions_are_not_one_text():
    with pytest.raises(SettingError, match="not one text"):
        Authority(actions="refund")
