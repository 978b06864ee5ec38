"""Terms as documents: both ways, exactly, and refused with every problem at once."""

import tomllib
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate import EscalationPolicy, Playbook
from deescalate.authority import Authority
from deescalate.compensation import OVERCOMPENSATE, Harm, Terms, propose
from deescalate.compensation._remedies import Provision, ResponseCurve
from deescalate.compensation._terms import default_gate
from deescalate.errors import DocumentError, SettingError
from deescalate.money import Money, Rounding
from deescalate.rules import Table
from deescalate.testing.compensation import terms as any_terms

SHOP = """
format = 1
currency = "GBP"
cap = 1.2
hour_value = 12.50
courtesy = 5
rounding = "half_even"
[loyalty]
gold = 0.1
[curve]
kept_rate = 2.5
[[provisions]]
remedy = "refund"
[[provisions]]
remedy = "voucher"
cost = 0.7
worth = 0.8
[[tiers]]
name = "desk"
money = { GBP = 49.99 }
[[tiers]]
name = "head"
money = { GBP = "unlimited" }
actions = ["overcompensate"]
"""


def problems(**changes):
    with pytest.raises(DocumentError) as caught:
        Terms.from_document({"currency": "GBP", **changes})
    assert caught.value.document == "terms"
    return [str(each) for each in caught.value.problems]


def test_a_shop_of_pounds():
    terms = Terms.from_document(SHOP)
    assert terms == Terms(
        currency="GBP",
        cap=Decimal("1.2"),
        hour_value=Money("12.50", "GBP"),
        courtesy=Money(5, "GBP"),
        rounding=Rounding.HALF_EVEN,
        loyalty={"gold": Decimal("0.1")},
        curve=ResponseCurve(kept_rate=Decimal("2.5")),
        provisions=[
            Provision("refund"),
            Provision("voucher", cost=Decimal("0.7"), worth=Decimal("0.8")),
        ],
        tiers=[
            Authority(tier="desk", money={"GBP": Decimal("49.99")}),
            Authority(tier="head", money={"GBP": Decimal("Infinity")}, actions={OVERCOMPENSATE}),
        ],
    )
    harm = Harm(currency="GBP", failure="product", value=Money(80, "GBP"), severity=Decimal("0.5"))
    assert propose(harm, terms).total.currency == "GBP"


@given(any_terms(currency="GBP"))
def test_law_terms_load_back_as_they_were_written(terms):
    assert Terms.from_document(terms.to_document(form="mapping")) == terms
    assert Terms.from_document(terms.to_document()) == terms
    exact = tomllib.loads(terms.to_document(), parse_float=Decimal)
    assert exact == terms.to_document(form="mapping")


def test_a_gate_of_ones_own_is_written_too():
    written = default_gate().to_document(form="mapping")
    gate = Table.from_document({**written, "name": "ours", "rules": written["rules"][::-1]})
    terms = Terms(currency="GBP", gate=gate)
    assert Terms.from_document(terms.to_document()).gate == gate
    assert "gate" not in Terms(currency="GBP").to_document(form="mapping")
    [rule, *_] = written["rules"]
    short = Terms.from_document(
        {"currency": "GBP", "gate": {"rules": [rule], "default": "compensate"}}
    )
    assert short.gate.decide({"fault": "nobody"}).outcome == "compensate"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"currency": None}, "currency: missing, expected a text, an ISO 4217 code"),
        ({"currency": "GPB"}, "currency: `GPB` is not an ISO 4217 code"),
        ({"currency": 7}, "currency: found `7`, expected a text"),
        ({"format": 2}, "format: found `2`, expected 1"),
        ({"format": True}, "format: found `True`, expected 1"),
        ({"capp": 1}, "capp: unknown, expected one of"),
        ({"cap": "1"}, "cap: found `1`, expected a number"),
        ({"cap": 1.6}, "cap: found `1.6`, expected a Decimal or whole number from 0.01 to 1.5"),
        ({"cap": 1.5, "tiers": []}, "cap: found `1.5`, expected at most 1 where no tier"),
        ({"cap": float("nan")}, "cap: found `nan`, expected a finite number"),
        ({"cap": True}, "cap: found `True`, expected a number"),
        ({"hour_value": -1}, "hour_value: `-1` is negative"),
        ({"hour_value": 0.001}, "hour_value: `0.001` has more places than the 2 of GBP"),
        ({"repeat_days": 0}, "repeat_days: found `0`, expected a Decimal or whole number of days"),
        ({"rounding": "halfup"}, "did you mean `half_up`?"),
        ({"loyalty": {"gold": 2}}, "loyalty.gold: found `2`, expected a Decimal or whole number"),
        ({"loyalty": 3}, "loyalty: found `3`, expected a mapping"),
        ({"curve": {"kept_rat": 3}}, "did you mean `kept_rate`?"),
        ({"curve": {"kept_rate": 0}}, "curve.kept_rate: found `0`, expected"),
        ({"provisions": "refund"}, "provisions: found `refund`, expected a list"),
        ({"provisions": [{"remedy": "voucher"}]}, "provisions: found `voucher`, expected a refund"),
        ({"provisions": [{"remedy": "refnd"}]}, "did you mean `refund`?"),
        ({"provisions": [{"remedy": "refund", "cost": 3}]}, "provisions[0].cost: found `3`"),
        ({"provisions": [{"remedy": "refund", "cost": 2}]}, "provisions[0].cost: found `2`"),
        ({"tiers": [{"money": {"GBP": 1}}]}, "tiers[0].name: missing, expected a text"),
        ({"tiers": [{"name": "a", "money": {"GBP": "all"}}]}, "tiers[0].money.GBP: found `all`"),
        ({"tiers": [{"name": "a", "money": {"GPB": 1}}]}, "tiers[0]: `GPB` is not an ISO 4217"),
        ({"gate": {"rules": [{"when": {"falt": '"ours"'}, "then": "wait"}]}}, "gate.rules[0].when"),
        ({"gate": {"rules": [], "default": "pay"}}, "gate.default: found `pay`, expected one of"),
        ({"gate": {"facts": {}, "rules": [], "default": "wait"}}, "gate.facts: found `[]`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_path(change, told):
    assert any(told in each for each in problems(**change)), problems(**change)


def test_all_problems_at_once():
    told = problems(cap=9, budget=-1, curve={"kept_rate": 0}, repeat_step=2, surprise=1)
    assert [each.split(":")[0] for each in told] == [
        "surprise", "budget", "cap", "repeat_step", "curve.kept_rate",
    ]  # fmt: skip


def test_amounts_wait_for_a_currency_that_is_known():
    assert len(problems(currency="GPB", hour_value=3)) == 1


def test_a_playbook_takes_them_under_its_ladder():
    stated = evolve(Terms.from_document(SHOP), budget=Money(50, "GBP"))
    terms = evolve(stated, tiers=None)
    book = Playbook.from_documents(terms=terms.to_document())
    assert book.terms == terms
    assert book.terms.tiers == book.escalation.authorities("GBP")
    with pytest.raises(DocumentError, match=r"terms\.tiers: .* `desk, head`: expected those of"):
        Playbook.from_documents(terms=stated.to_document())
    with pytest.raises(SettingError, match="the escalation policy's ladder, or none of their own"):
        evolve(book, terms=stated)


POLICY = EscalationPolicy.default()
KNOWN = st.sampled_from(["EUR", *POLICY.exchange])


@given(KNOWN, st.integers(0, 200_000).map(lambda cents: Decimal(cents) / 100))
def test_law_who_may_grant_a_sum_is_who_the_ladder_sends_it_to(code, amount):
    terms = Terms(currency=code).under(POLICY)
    approver = next(each for each in terms.tiers if each.may_grant(amount, code))
    assert approver.tier == POLICY.evaluate({"amount": Money(amount, code)}).tier


@given(KNOWN, st.decimals("0.01", 100, places=3))
def test_law_no_authority_grows_by_exchange(code, rate):
    policy = evolve(POLICY, exchange={**POLICY.exchange, "USD": rate, "JPY": rate})
    for other in ("USD", "JPY", "EUR"):
        for own, exchanged in zip(
            policy.authorities("EUR"), policy.authorities(other), strict=True
        ):
            limit = exchanged.limit(other)
            assert exchanged.tier == own.tier
            assert exchanged.actions == own.actions
            assert limit * (1 if other == "EUR" else rate) <= own.limit("EUR")
            assert not limit.is_finite() or Money(limit, other).is_payable
    assert not policy.authorities("SEK")[0].limit("SEK")


def test_a_playbook_has_one_source_of_authority_whatever_is_changed():
    book = Playbook.default(currency="GBP")
    other = EscalationPolicy.default()
    assert book.terms.tiers == book.escalation.authorities("GBP")
    changed = evolve(book, escalation=other)
    assert changed.terms.tiers == other.authorities("GBP")
    with pytest.raises(DocumentError, match=r"terms\.cap \(line 2\): found `3`"):
        Playbook.from_documents(terms='currency = "GBP"\ncap = 3')
