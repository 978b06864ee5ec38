"""Sums in several currencies: counted as the policy says, and never passed over in silence."""

import tomllib
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate import Playbook
from deescalate.errors import DocumentError, SettingError
from deescalate.escalation import EscalationPolicy
from deescalate.money import Money

SHIPPED = tomllib.loads(
    (files("deescalate.escalation") / "data" / "default.toml").read_text("utf-8")
)
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
SUMS = st.integers(0, 2_000)
ALIKE = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD")


POLICY = EscalationPolicy.default()


@cache
def own(currency):
    return EscalationPolicy.default(currency=currency)


def changed(**parts):
    return EscalationPolicy.from_document({**deepcopy(SHIPPED), **parts})


@given(SUMS, st.sampled_from(ALIKE))
def test_law_a_sum_is_judged_alike_in_every_currency_that_counts_one_to_one(amount, currency):
    number = POLICY.evaluate({"amount": amount})
    assert POLICY.evaluate({"amount": Money(amount, currency)}) == number
    assert own(currency).evaluate({"amount": Money(amount, currency)}).tier == number.tier
    assert own(currency).ladder.tiers[0].authority.may_grant(50, currency)
    for other in ALIKE:
        assert own(currency).evaluate({"amount": Money(amount, other)}).tier == number.tier


@given(SUMS, st.decimals("0.01", "100", places=2))
def test_law_a_sum_is_exchanged_at_the_stated_rate(amount, rate):
    policy = evolve(POLICY, exchange={"JPY": rate})
    assert policy.evaluate({"amount": Money(amount, "JPY")}) == policy.evaluate(
        {"amount": amount * rate}
    )


def test_a_currency_that_the_policy_does_not_know_leads_to_a_human():
    decision = EscalationPolicy.default().evaluate({"amount": Money(5_000, "JPY"), "distress": 7})
    assert decision.tier == "supervisor"
    assert decision.errors[0] == (
        "fact `amount` is `JPY 5000`: expected an amount in one of EUR, USD, GBP, CHF, CAD, AUD, NZD"
    )
    assert "distress" in decision.errors[1]


def test_a_policy_without_a_currency_takes_sums_as_they_stand():
    document = {key: each for key, each in SHIPPED.items() if key != "currency"}
    policy = EscalationPolicy.from_document(document)
    assert policy.evaluate({"amount": Money(1_500, "JPY")}).tier == "manager"


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        ({"GBP": 0}, "exchange.GBP: found `0`, expected a rate above 0"),
        ({"GBP": "1"}, "exchange.GBP: found `1`, expected a number"),
        ({"GPB": 1}, "exchange.GPB: `GPB` is not an ISO 4217 code"),
        ({"EUR": 1}, "exchange.EUR: expected another currency than that of the policy"),
        (3, "exchange: found `3`, expected a mapping"),
    ],
)
def test_rates_that_cannot_be(exchange, told):
    with pytest.raises(DocumentError) as caught:
        changed(exchange=exchange)
    assert told in str(caught.value)


def test_the_shipped_sums_suit_some_currencies_only():
    with pytest.raises(SettingError, match="a document with sums of its own"):
        EscalationPolicy.default(currency="JPY")
    with pytest.raises(SettingError):
        Playbook.default(currency="JPY")


@pytest.mark.parametrize(
    ("currency", "text", "tier"),
    [
        ("GBP", "I want £60 back.", "senior agent"),
        ("USD", "I want $1,500 back.", "manager"),
        ("EUR", "I want £60 back.", "senior agent"),
        ("EUR", "I want ¥60 back.", "supervisor"),
    ],
)
def test_a_demand_is_judged_in_its_currency(currency, text, tier):
    talk = Playbook.default(currency=currency).open(at=NINE).customer_says(text, at=NINE)
    assert talk.escalation.tier == tier
    assert talk.judges.terms.currency == currency


def test_a_reader_may_name_a_currency_that_there_is_not():
    talk = Playbook.default().open(at=NINE)
    odd = evolve(talk.history, demand=Decimal(60), demand_currency="EURO")
    assert (
        evolve(talk, state=evolve(talk.state, history=odd)).waited(at=NINE).escalation.tier
        == "senior agent"
    )


def test_a_playbook_of_one_currency():
    text = (files("deescalate.escalation") / "data" / "default.toml").read_text("utf-8")
    pounds = text.replace('currency = "EUR"', 'currency = "GBP"').replace("GBP = 1\n", "EUR = 1\n")
    assert Playbook.from_documents(escalation=pounds).terms.currency == "GBP"
    assert Playbook.from_documents(terms='currency = "USD"').escalation == (
        EscalationPolicy.default(currency="USD")
    )
    with pytest.raises(DocumentError, match=r"terms\.currency: found `JPY`, expected one that"):
        Playbook.from_documents(terms='currency = "JPY"', escalation=pounds)
    with pytest.raises(DocumentError, match=r"escalation: missing, and the shipped one cannot be"):
        Playbook.from_documents(terms='currency = "JPY"')
