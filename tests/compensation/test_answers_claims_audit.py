"""Answers to what customers suggest, claim histories, the audit, and bad input."""

import math
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import schedules
from deescalate.authority import Authority
from deescalate.compensation import (
    OVERCOMPENSATE,
    Alternative,
    AnswerKind,
    Claim,
    Decided,
    EarlierFailure,
    Fault,
    Harm,
    Loss,
    Provision,
    Remedy,
    Request,
    ResponseCurve,
    Terms,
    answer,
    audit,
    propose,
    review_claims,
)
from deescalate.errors import MoneyError, SettingError, UndecidedError
from deescalate.money import Money
from deescalate.moves import Move
from deescalate.statistics import chance_of, difference, frequency
from deescalate.testing.compensation import harms, monies, terms


def eur(amount):
    return Money(amount, "EUR")


ON = Terms(currency="EUR")
KETTLE = Harm(currency="EUR", failure="product", value=eur(80), rejected=True)
RUDE = Harm(currency="EUR", failure="attention", apology_after_hours=0)

requests = st.builds(
    Request, amount=st.none() | monies(high=2_000), remedy=st.sampled_from(Remedy)
) | st.builds(Request, amount=monies(high=2_000))


@given(harms(), terms(), requests, requests)
def test_law_what_is_granted_never_depends_on_what_is_asked(harm, on, one, other):
    offer = propose(harm, on)
    for request in (one, other):
        reply = answer(request, offer, on)
        assert reply.amount == offer.total
        assert reply.because
        assert (reply.alternative == "") == (reply.kind is AnswerKind.ACCEPT)
        if reply.face is not None and reply.remedy is Remedy.VOUCHER and offer.total:
            assert reply.face > offer.total


@given(harms(fault=Fault.OURS), terms(), monies(high=500), monies(high=500))
def test_law_asking_for_more_is_never_accepted_sooner(harm, on, less, more):
    offer = propose(harm, on)
    less, more = sorted([less, more])
    if answer(Request(amount=more), offer, on).kind is AnswerKind.ACCEPT:
        assert answer(Request(amount=less), offer, on).kind is AnswerKind.ACCEPT


def test_answers_by_example():
    offer = propose(KETTLE, ON)
    said = answer(Request(amount=eur(80)), offer, ON)
    assert (said.kind, said.moves[0]) == (AnswerKind.ACCEPT, Move.ACCEPT)
    voucher = answer(Request(remedy="voucher"), offer, ON)
    assert (voucher.kind, voucher.face) == (AnswerKind.ACCEPT, eur(100))
    assert answer(Request(remedy="voucher", amount=eur(100)), offer, ON).kind is AnswerKind.ACCEPT
    assert answer(Request(remedy="voucher", amount=eur(101)), offer, ON).kind is AnswerKind.COUNTER
    greedy = answer(Request(amount=eur(500)), offer, ON)
    assert greedy.kind is AnswerKind.COUNTER
    assert "for everyone with the same case" in greedy.because
    assert "exchange" in greedy.alternative
    bare = Terms(currency="EUR", provisions=[Provision("refund")])
    assert answer(Request(remedy="voucher"), propose(KETTLE, bare), bare).kind is AnswerKind.COUNTER
    assert answer(Request(remedy="apology"), propose(KETTLE, bare), bare).kind is AnswerKind.COUNTER
    assert bare.face(Remedy.VOUCHER, eur(1)) is None
    refused = answer(Request(amount=eur(20)), propose(RUDE, ON), ON)
    assert (refused.kind, refused.alternative) == (
        AnswerKind.DECLINE,
        "an apology, and help with the matter itself",
    )
    assert answer(Request(remedy="apology"), propose(RUDE, ON), ON).kind is AnswerKind.ACCEPT
    unknown = propose(attrs.evolve(KETTLE, fault="unknown"), ON)
    waiting = answer(Request(amount=eur(20)), unknown, ON)
    assert (waiting.kind, waiting.alternative) == (
        AnswerKind.DECLINE,
        "to find out, and to come back to them",
    )
    with pytest.raises(SettingError, match="a sum or a remedy"):
        Request()
    with pytest.raises(MoneyError, match="does not mix"):
        answer(Request(amount=Money(1, "USD")), offer, ON)


CLAIMS = st.lists(
    st.builds(Claim, days_ago=st.integers(0, 800), verified=st.booleans()), max_size=12
)


@given(CLAIMS, st.integers(1, 50), harms())
def test_law_claims_lead_to_a_look_and_to_nothing_else(claims, purchases, harm):
    review = review_claims(claims, purchases=purchases, baseline=Decimal("0.05"))
    assert review == review_claims(reversed(claims), purchases=purchases, baseline=Decimal("0.05"))
    offer = propose(harm, ON)
    with_claims = answer(Request(amount=eur(5)), offer, ON, claims=review)
    without = answer(Request(amount=eur(5)), offer, ON)
    assert attrs.evolve(with_claims, human_check=False) == without
    assert with_claims.human_check == review.human_check
    assert review.rate.low <= review.rate.estimate <= review.rate.high
    real = [attrs.evolve(each, verified=True) for each in claims]
    assert not review_claims(real, purchases=purchases, baseline=Decimal("0.05")).human_check


@given(CLAIMS, st.integers(1, 50))
def test_law_one_more_claim_never_ends_a_check(claims, purchases):
    before = review_claims(claims, purchases=purchases, baseline=Decimal("0.05"))
    after = review_claims(
        [*claims, Claim(days_ago=1)], purchases=purchases, baseline=Decimal("0.05")
    )
    assert after.human_check >= before.human_check
    assert after.chance <= before.chance


def test_an_ordinary_customer_is_seldom_looked_at():
    rng = random.Random(6)
    looked = 0
    for _ in range(400):
        count = sum(rng.random() < 0.05 for _ in range(40))
        claims = [Claim(days_ago=each) for each in range(count)]
        looked += review_claims(claims, purchases=40, baseline=Decimal("0.05")).human_check
    assert looked <= 8  # half of one per cent is meant; two would be twice four sigma


@pytest.mark.parametrize("count", [0, 1, 3, 20, 200])
def test_the_interval_is_the_exact_one(count):
    interval = frequency(count, 1.0, level=0.95)
    assert math.isclose(1 - chance_of(count + 1, interval.high), 0.025, abs_tol=1e-6)
    if count:
        assert math.isclose(chance_of(count, interval.low), 0.025, abs_tol=1e-6)
    assert chance_of(0, 1.0) == 1.0


@pytest.mark.parametrize(
    "setting",
    [
        {"purchases": 0},
        {"purchases": True},
        {"purchases": 1, "baseline": Decimal(0)},
        {"purchases": 1, "baseline": 0.1},
        {"purchases": 1, "confidence": Decimal(1)},
        {"purchases": 1, "window_days": 0},
        {"purchases": 1, "fewest": 0},
    ],
)
def test_bad_settings_of_a_review_are_refused(setting):
    with pytest.raises(SettingError):
        review_claims([], **{"baseline": Decimal("0.1"), **setting})


def harm_of(**facts):
    return Harm(currency="EUR", failure="product", **facts)


def review_of(**settings):
    return review_claims([], **{"purchases": 1, "baseline": Decimal("0.1"), **settings})


def able(**settings):
    """Terms whose ladder has somebody who may go beyond what was affected."""
    free = Authority(tier="free", actions=frozenset([OVERCOMPENSATE]), money={"EUR": Decimal(9)})
    return Terms(currency="EUR", tiers=[free], **settings)


TINY = Decimal("1E-12")
RANGES = [  # what is set, from where to where, and the next that is refused
    (lambda each: Claim(days_ago=each), 0, 100_000, TINY),
    (lambda each: EarlierFailure(days_ago=each), 0, 100_000, TINY),
    (lambda each: harm_of(severity=each), 0, 1, TINY),
    (lambda each: harm_of(hours_lost=each), 0, 100_000, TINY),
    (lambda each: harm_of(apology_after_hours=each), 0, 100_000, TINY),
    (lambda each: harm_of(hours_since=each), 0, 10_000_000, TINY),
    (lambda each: review_of(purchases=each), 1, 10**9, 1),
    (lambda each: review_of(window_days=each), 1, 10_000, 1),
    (lambda each: review_of(fewest=each), 1, 10**6, 1),
    (lambda each: review_of(baseline=each), Decimal("0.000001"), 10, TINY),
    (lambda each: review_of(confidence=each), Decimal("0.5"), Decimal("0.9999"), TINY),
    (lambda each: audit([], confidence=float(each)), Decimal("0.5"), Decimal("0.9999"), TINY),
    (lambda each: able(cap=each), Decimal("0.01"), Decimal("1.5"), TINY),
    (lambda each: able(attention_share=each), 0, 1, TINY),
    (lambda each: able(repeat_step=each), 0, 1, TINY),
    (lambda each: able(repeat_days=each), 1, 10_000, TINY),
    (lambda each: able(immediate_hours=each), 0, 1_000, TINY),
    (lambda each: able(voucher_premium=each), Decimal("0.01"), 1, TINY),
    (lambda each: able(loyalty={"gold": each}), 0, 1, TINY),
    (lambda each: Provision("voucher", cost=each), TINY, 2, TINY),
    (lambda each: Provision("voucher", worth=each), TINY, 2, TINY),
    (lambda each: ResponseCurve(kept_rate=each), Decimal("0.01"), 20, TINY),
    (lambda each: ResponseCurve(rejected_centre=each), Decimal("0.01"), 20, TINY),
    (lambda each: ResponseCurve(rejected_steepness=each), Decimal("0.01"), 20, TINY),
    (lambda each: ResponseCurve().kept(Decimal(each)), 0, 2, TINY),
    (lambda each: ResponseCurve().rejected(Decimal(each)), 0, 2, TINY),
    (lambda each: ResponseCurve().coverage_when_kept(Decimal(each)), 0, 1, TINY),
]


@pytest.mark.parametrize(("make", "low", "high", "step"), RANGES)
def test_law_the_ends_of_a_range_are_in_it_and_what_lies_beyond_is_refused(make, low, high, step):
    """As the docs state them: each end is allowed, and the next number past it is not."""
    for allowed in (low, high):
        make(Decimal(allowed) if step != 1 else allowed)
    for refused in (low - step, high + step):
        with pytest.raises(SettingError):
            make(refused)


@given(st.integers(1, 10**6))
def test_law_a_quantity_of_twelve_places_is_exact_and_one_of_more_is_refused(digits):
    assert Claim(days_ago=Decimal(digits).scaleb(-12)).days_ago == Decimal(digits).scaleb(-12)
    with pytest.raises(SettingError, match="at most 12 places"):
        Claim(days_ago=Decimal(10 * digits + 1).scaleb(-13))


def test_what_terms_are_where_nobody_says_so():
    """The numbers that the docs call ours."""
    terms = Terms(currency="EUR")
    shares = (terms.cap, terms.attention_share, terms.repeat_step, terms.voucher_premium)
    assert shares == (1, Decimal("0.25"), Decimal("0.25"), Decimal("0.25"))
    assert (terms.repeat_days, terms.immediate_hours) == (365, 1)
    curve = terms.curve
    assert (curve.kept_rate, curve.rejected_centre) == (3, Decimal("0.9"))
    assert curve.rejected_steepness == Decimal("7.3241")
    review = review_claims([Claim(days_ago=365)] * 3, purchases=1, baseline=Decimal("0.01"))
    assert (review.claims, review.human_check) == (3, True)
    assert not review_of(baseline=Decimal(1)).claims
    assert not review_claims(
        [Claim(days_ago=Decimal("365.1"))], purchases=1, baseline=Decimal("0.01")
    ).claims
    assert not review_claims(
        [Claim(days_ago=1)] * 2, purchases=1, baseline=Decimal("0.0001")
    ).human_check


START = datetime(2026, 1, 1, tzinfo=UTC)


def decided(place, amount, **labels):
    return Decided(
        facts={"km": place % 3},
        offered=eur(amount),
        proposed=eur(100),
        at=START + timedelta(days=place),
        labels=labels,
    )


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50), st.sampled_from("ab")), max_size=30),
    st.randoms(),
)
def test_law_an_audit_does_not_depend_on_the_order(rows, rng):
    decisions = [
        Decided(facts={"km": km}, offered=eur(amount), labels={"agent": agent})
        for km, amount, agent in rows
    ]
    shuffled = decisions[:]
    rng.shuffle(shuffled)
    one, other = audit(decisions), audit(shuffled)
    assert one.count == other.count
    assert {each.facts for each in one.unequal} == {each.facts for each in other.unequal}
    assert [each.value for each in one.comparisons] == [each.value for each in other.comparisons]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), max_size=40))
def test_law_equal_treatment_raises_no_alarm(rows):
    decisions = [
        Decided(
            facts={"km": km},
            offered=eur(100 * km),
            at=START + timedelta(days=place),
            labels={"group": group},
        )
        for place, (km, group) in enumerate(rows)
    ]
    found = audit(decisions)
    assert found.ok
    assert found.left_out == sum(km == 0 for km, _ in rows)


OFFERS = st.lists(st.integers(80, 120), min_size=3, max_size=12)


@given(OFFERS, st.integers(2, 9))
def test_law_a_drift_is_per_thirty_days_whatever_the_time_it_took(offers, slower):
    def drift(days):
        return audit(
            Decided(facts=1, offered=eur(each), proposed=eur(100), at=START + place * days)
            for place, each in enumerate(offers)
        ).drift.per_30_days

    fast, slow = drift(timedelta(days=1)), drift(timedelta(days=slower))
    for one, other in zip(attrs.astuple(fast), attrs.astuple(slow), strict=True):
        assert math.isclose(one, slower * other, rel_tol=1e-6, abs_tol=1e-9)
    line = audit(decided(place, 100 + place) for place in range(len(offers))).drift.per_30_days
    assert all(math.isclose(each, 0.3, rel_tol=1e-6) for each in attrs.astuple(line))


@given(st.lists(st.tuples(st.integers(80, 120), st.integers(80, 120)), min_size=6, max_size=12))
def test_law_the_more_values_are_compared_the_surer_each_has_to_be(pairs):
    """And with two of them each at least as sure as was asked."""

    def widths(others):
        rows = [
            decided(0, offer, agent=agent)
            for place, (own, other) in enumerate(pairs)
            for offer, agent in ((own, "ana"), (other, others[place % len(others)]))
        ]
        [found] = [each for each in audit(rows, fewest=2).comparisons if each.value == "ana"]
        return found.difference

    plain = difference(
        [own / 100 for own, _ in pairs], [other / 100 for _, other in pairs], level=0.95
    )
    two, three, four = widths("b"), widths("bc"), widths("bcd")
    narrow = plain.high - plain.low
    for wide in (two, three, four):
        assert math.isclose(wide.estimate, plain.value, abs_tol=1e-9)
        assert wide.high - wide.low > narrow or narrow == 0
        narrow = wide.high - wide.low


def test_an_audit_finds_a_generous_agent_a_drift_and_unequal_cases():
    rng = random.Random(1)
    rows = [
        decided(
            place,
            100 + rng.randint(-5, 5) + (30 if place % 2 else 0),
            agent="ana" if place % 2 else "bo",
            channel="chat",
        )
        for place in range(60)
    ]
    found = audit(rows)
    ana, bo = [each for each in found.comparisons if each.label == "agent"]
    assert ana.notable
    assert 0.25 < ana.difference.estimate < 0.35
    assert bo.difference.estimate == -ana.difference.estimate
    assert (ana.count, ana.others) == (30, 30)
    assert not [each for each in found.comparisons if each.label == "channel"]
    assert len(found.unequal) == 3
    assert found.drift is not None
    assert not found.drift.notable
    assert not found.ok
    rising = audit([decided(place, 100 + place) for place in range(30)])
    assert rising.drift is not None
    assert rising.drift.notable
    assert 0.29 < rising.drift.per_30_days.estimate < 0.31
    assert not audit([]).count
    assert audit([decided(1, 5)] * 4).drift is None


def test_bad_settings_of_an_audit_are_refused():
    for setting in ({"confidence": 1}, {"fewest": 1}):
        with pytest.raises(SettingError):
            audit([], **setting)
    with pytest.raises(SettingError, match="time zone"):
        Decided(facts=1, offered=eur(1), at=datetime(2026, 1, 1))  # noqa: DTZ001  what is refused
    with pytest.raises(MoneyError, match="does not mix"):
        audit([Decided(facts=1, offered=eur(1)), Decided(facts=1, offered=Money(1, "USD"))])
    with pytest.raises(MoneyError, match="is negative"):
        Decided(facts=1, offered=eur(-1))
    assert difference([1, 2], [1, 2], level=0.9).value == 0


BASE = {"currency": "EUR", "failure": "product"}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"value": eur(-1)}, "is negative: expected an amount of 0 or more"),
        ({"value": 5}, "`5` is not money"),
        ({"value": eur("0.001")}, "more places than the 2 of EUR"),
        ({"value": Money(1, "USD")}, "`USD` does not mix with `EUR`"),
        ({"losses": [Loss(Money(1, "USD"))]}, "`USD` does not mix with `EUR`"),
        ({"goodwill_given": Money(1, "USD")}, "does not mix"),
        ({"currency": "EURO"}, "did you mean `EUR`"),
        ({"failure": "produce"}, "did you mean `product`"),
        ({"fault": "us"}, "one of ours, theirs, nobody, unknown"),
        ({"severity": 0.5}, "`severity` is `0.5`: expected a Decimal"),
        ({"severity": Decimal("1.01")}, "from 0 to 1"),
        ({"severity": Decimal("NaN")}, "from 0 to 1"),
        ({"severity": Decimal("0.0000000000001")}, "of at most 12 places"),
        ({"hours_lost": -1}, "`hours_lost`"),
        ({"hours_lost": True}, "`hours_lost`"),
        ({"kept": True, "rejected": True}, "`rejected` is `True`: expected False where `kept`"),
        ({"kept": 1}, "`kept` is `1`: expected True or False"),
        ({"refunded": eur(1)}, "at most what was lost and the value, EUR 0.00"),
        ({"apology_after_hours": 5, "hours_since": 2}, "at least `apology_after_hours`"),
        ({"apology_after_hours": "soon"}, "`apology_after_hours` is `soon`"),
    ],
)
def test_bad_harm_is_one_clear_error(facts, message):
    with pytest.raises((SettingError, MoneyError)) as caught:
        Harm(**{**BASE, **facts})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cap": 0}, "from 0.01 to 1.5"),
        ({"cap": 0.5}, "`cap` is `0.5`"),
        ({"hour_value": Money(1, "USD")}, "does not mix"),
        ({"budget": Money(1, "USD")}, "does not mix"),
        ({"loyalty": {"gold": 2}}, "`loyalty.gold`"),
        ({"rounding": "nearest"}, "`rounding` is `nearest`"),
        ({"voucher_premium": 0}, "`voucher_premium`"),
        ({"provisions": []}, "a refund, since money owed"),
        ({"provisions": [Provision("refund"), Provision("refund")]}, "each only once"),
    ],
)
def test_bad_terms_are_one_clear_error(settings, message):
    with pytest.raises((SettingError, MoneyError)) as caught:
        Terms(**{"currency": "EUR", **settings})
    assert message in str(caught.value)


def test_the_rest_of_bad_input():
    with pytest.raises(SettingError, match="1 for a refund"):
        Provision("refund", cost=Decimal("0.5"))
    with pytest.raises(SettingError, match="above 0"):
        Provision("voucher", worth=0)
    with pytest.raises(SettingError, match="did you mean `refund`"):
        Provision("refnd")
    with pytest.raises(SettingError, match="days_ago"):
        EarlierFailure(days_ago=-1)
    with pytest.raises(SettingError, match="kept_rate"):
        ResponseCurve(kept_rate=Decimal(21))
    with pytest.raises(SettingError, match="coverage"):
        ResponseCurve().kept(Decimal("2.1"))
    with pytest.raises(SettingError, match="spoiled"):
        ResponseCurve().coverage_when_kept(Decimal("1.1"))
    with pytest.raises(MoneyError, match="does not mix"):
        propose(Harm(**BASE), Terms(currency="USD"))
    with pytest.raises(UndecidedError, match="give `km`"):
        propose(
            KETTLE,
            ON,
            entitlements=[schedules.load("eu261").amount({"event": "delay", "delay_min": 200})],
        )
    with pytest.raises(SettingError, match="none, since the terms declare no level"):
        propose(attrs.evolve(KETTLE, hours_lost=1), ON, loyalty="gold")


def test_offers_by_example():
    offer = propose(KETTLE, ON)
    assert str(offer) == (
        "EUR 80.00 in all\n"
        "EUR 80.00 exchange (owed): rejected: for a product failure, exchange fits best\n"
        "nobody has apologised yet: money does not stand in for that, so apologise before offering it"
    )
    assert offer.cost == eur(48)
    assert (offer.approver, offer.within_authority) == ("senior agent", False)
    [money_back] = offer.alternatives
    assert isinstance(money_back, Alternative)
    assert str(money_back).startswith("EUR 80.00 refund instead of the exchange")
    part_paid = propose(attrs.evolve(KETTLE, refunded=eur(30)), ON)
    assert [line.because for line in part_paid.lines] == [
        "the rest of the price of what was rejected"
    ]
    again = attrs.evolve(
        RUDE,
        hours_lost=2,
        severity=Decimal("0.5"),
        value=eur(60),
        earlier=[EarlierFailure(days_ago=73)],
        losses=[Loss(eur(12), "taxi"), Loss(eur(3), "taxi")],
        apology_after_hours=5,
        hours_since=6,
    )
    on = Terms(
        currency="EUR",
        hour_value=eur(10),
        courtesy=eur(15),
        loyalty={"gold": Decimal("0.1")},
        budget=eur(25),
    )
    offer = propose(again, on, loyalty="gold")
    assert [str(line) for line in offer.lines] == [
        "EUR 15.00 refund (owed): a verified loss is paid back whole: taxi",
        (
            "EUR 25.00 complimentary (goodwill): for the lack of attention, beside the apology; for "
            "the time lost; it has happened before; for the customer's loyalty, as the terms declare"
        ),
    ]
    assert "goodwill stops at the budget, EUR 25.00" in offer.because
    assert offer.approvals[0].because == "it has happened before: one tier up"
    capped = propose(
        attrs.evolve(again, goodwill_given=eur(4)),
        attrs.evolve(on, budget=None, cap=Decimal("0.3")),
    )
    assert "goodwill stops where the offer reaches 30 % of what was affected" in capped.because
    assert "EUR 4.00 of the goodwill has been covered already" in capped.because
    high = propose(
        attrs.evolve(
            again, rejected=True, failure="service", earlier=[EarlierFailure(days_ago=0)] * 4
        ),
        attrs.evolve(on, budget=None, cap=Decimal("1.5")),
    )
    assert high.total > high.affected
    assert high.approver == "manager"
    assert "it takes `overcompensate`" in high.approvals[0].because
    alone = attrs.evolve(ON, tiers=[Authority(tier="owner", money={"EUR": 10})])
    assert propose(KETTLE, alone).approver is None
    assert not propose(KETTLE, attrs.evolve(ON, tiers=[])).within_authority


SOUP = Harm(currency="EUR", failure="service", value=eur(100), kept=True, apology_after_hours=0)


def told(harm, **settings):
    return propose(harm, attrs.evolve(ON, **settings))


def test_what_bounds_goodwill_says_so_where_it_takes_something_away_and_nowhere_else():
    """A hundred is wanted: a bound of exactly that much bounds nothing."""
    for settings, harm, words in (
        ({"budget": eur(100)}, SOUP, ""),
        ({"budget": eur("99.99")}, SOUP, "goodwill stops at the budget, EUR 99.99"),
        ({"cap": Decimal(1)}, SOUP, ""),
        ({"cap": Decimal("0.9999")}, SOUP, "the offer reaches 99.99 % of what was affected"),
        ({}, attrs.evolve(SOUP, goodwill_given=eur(0)), ""),
        ({}, attrs.evolve(SOUP, goodwill_given=eur("0.01")), "EUR 0.01 of the goodwill"),
        ({}, attrs.evolve(SOUP, goodwill_given=eur(101)), "EUR 100.00 of the goodwill"),
    ):
        offer = told(harm, **settings)
        bounded = [each for each in offer.because if "goodwill" in each]
        assert len(bounded) == bool(words), (settings, harm)
        assert words in "".join(bounded)
    assert told(attrs.evolve(SOUP, goodwill_given=eur(100))).lines == ()


def test_what_goodwill_is_for_is_what_it_was_worked_out_from():
    """Nothing is said of what was spoiled where its price is owed as a whole."""
    hours = {"hour_value": eur(10), "repeat_step": Decimal(1), "loyalty": {"gold": Decimal("0.1")}}
    harm = attrs.evolve(SOUP, kept=False, rejected=True, hours_lost=1)
    assert [each.because for each in told(harm, **hours).lines][1:] == ["for the time lost"]
    part = attrs.evolve(harm, rejected=False, severity=Decimal("0.5"))
    assert [each.because for each in told(part, **hours).lines] == [
        "50 % spoiled and kept: the first part of the price helps most; for the time lost"
    ]
    whole = attrs.evolve(harm, earlier=[EarlierFailure(days_ago=364)])
    *_, line = propose(whole, able(cap=Decimal("1.5"), **hours), loyalty="gold").lines
    assert line.because == (
        "for the time lost; it has happened before; for the customer's loyalty, as the terms declare"
    )
    assert line.amount == eur("21.3")  # ten for the hour, a tenth of 110, and 110 / 365
    old = attrs.evolve(harm, earlier=[EarlierFailure(days_ago=365)])
    assert told(old, **hours).lines == told(harm, **hours).lines


@pytest.mark.parametrize(
    ("given", "since", "outcome"),
    [
        (1, 5, "apology"),
        (Decimal("1.01"), 5, ""),
        (None, 1, "apology"),
        (None, Decimal("1.01"), ""),
    ],
)
def test_an_apology_is_in_time_to_the_very_hour(given, since, outcome):
    harm = Harm(currency="EUR", failure="attention", apology_after_hours=given, hours_since=since)
    assert told(harm).apology_suffices == (outcome == "apology")


def test_a_remedy_in_kind_is_offered_where_it_is_cheaper_and_only_there():
    """It is worth what the money is, so it is cheaper where it costs less than it is worth."""
    for cost, offered in ((Decimal("0.99"), True), (Decimal(1), False)):
        kind = Provision("complimentary", cost=cost, worth=Decimal(1))
        offer = told(SOUP, provisions=[Provision("refund"), kind])
        assert [each.remedy for each in offer.alternatives] == ["complimentary"] * offered


def test_a_tier_alone_grants_what_has_happened_before():
    again = attrs.evolve(SOUP, earlier=[EarlierFailure(days_ago=1)])
    for names, approver in ((["a"], "a"), (["a", "b"], "b"), (["a", "b", "c"], "b")):
        tiers = [Authority(tier=name, money={"EUR": 1000}) for name in names]
        offer = told(again, tiers=tiers)
        assert offer.approver == approver
        assert offer.total == offer.affected


def test_five_decisions_of_a_value_and_of_the_others_are_enough_to_compare():
    """The number that the docs call ours."""
    for own, others, compared in ((5, 5, True), (4, 6, False), (6, 4, False)):
        rows = [decided(0, 100 + at, agent="ana") for at in range(own)]
        rows += [decided(0, 100 + at, agent="bo") for at in range(others)]
        assert bool(audit(rows).comparisons) == compared


@pytest.mark.parametrize(("claims", "purchases"), [(1, 10), (3, 10), (4, 20), (2, 5)])
def test_the_chance_of_so_many_claims_is_that_of_poisson(claims, purchases):
    """Where a tenth of purchases leads to a claim."""
    expected = purchases / 10
    fewer = sum(expected**each / math.factorial(each) for each in range(claims))
    found = review_claims(
        [Claim(days_ago=1)] * claims, purchases=purchases, baseline=Decimal("0.1")
    )
    assert found.chance == pytest.approx(1 - math.exp(-expected) * fewer)
