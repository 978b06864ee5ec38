"""The laws of a fair calculator: P1 to P15 of the recovery research, and the further ones."""

import copy
import json
import pickle
import re
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate import Schedule, schedules
from deescalate.authority import Authority
from deescalate.compensation import (
    FITTING,
    OVERCOMPENSATE,
    ApologyPart,
    Basis,
    Claim,
    EarlierFailure,
    Failure,
    Fault,
    Harm,
    Loss,
    Provision,
    Remedy,
    Request,
    ResponseCurve,
    Terms,
    propose,
)
from deescalate.compensation._terms import default_gate
from deescalate.errors import SettingError
from deescalate.money import Money
from deescalate.rules.proofs import always, check, never
from deescalate.testing.compensation import earlier_failures, facts_of, harms, monies, terms

OURS = harms(fault=Fault.OURS)
CENT = Decimal("0.01")


def eur(amount):
    return Money(amount, "EUR")


def rank(offer):
    """How high up the approver sits; above all tiers where none may grant it."""
    tiers = [each.tier for each in offer.approvals]
    return tiers.index(offer.approver) if offer.approver else len(tiers)


# --- P1 to P15


@given(
    OURS,
    terms(),
    monies(high=500),
    st.sampled_from(["value", "losses", "hours_lost", "severity", "earlier"]),
)
def test_law_p1_more_harm_never_means_less(harm, on, more, what):
    worse = {
        "value": lambda: attrs.evolve(harm, value=harm.value + more),
        "losses": lambda: attrs.evolve(harm, losses=(*harm.losses, Loss(more))),
        "hours_lost": lambda: attrs.evolve(harm, hours_lost=harm.hours_lost + more.amount),
        "severity": lambda: attrs.evolve(harm, severity=max(harm.severity, more.amount / 500)),
        "earlier": lambda: attrs.evolve(
            harm, earlier=(*harm.earlier, EarlierFailure(days_ago=more.amount))
        ),
    }[what]()
    assert propose(worse, on).total >= propose(harm, on).total


@given(OURS, terms())
def test_law_p1_what_was_rejected_is_never_worth_less_than_what_was_kept(harm, on):
    kept = attrs.evolve(harm, kept=True, rejected=False)
    rejected = attrs.evolve(harm, kept=False, rejected=True)
    if on.budget is None or on.budget >= propose(kept, on).goodwill:
        assert propose(rejected, on).total >= propose(kept, on).total


@given(OURS, terms())
def test_law_p2_what_is_owed_comes_first_and_whole(harm, on):
    offer = propose(harm, on)
    bases = [line.basis for line in offer.lines]
    assert bases == sorted(bases, key=[Basis.OWED, Basis.GOODWILL].index)
    verified = harm.lost + (harm.value if harm.rejected else eur(0))
    penalty = on.late_penalty if harm.payout_missed else eur(0)
    assert offer.owed == max(verified - harm.refunded, eur(0)) + penalty
    poor = attrs.evolve(on, budget=eur(0), cap=Decimal("0.01"))
    generous = attrs.evolve(harm, goodwill_given=eur(5_000))
    assert propose(generous, poor).owed == offer.owed


@given(harms(), terms())
def test_law_p3_the_cap_holds_but_never_below_what_is_owed(harm, on):
    offer = propose(harm, on)
    assert offer.total <= max(offer.owed, offer.affected.times(on.cap, mode="down"))
    assert offer.total <= max(offer.owed, offer.affected.times(Decimal("1.5"), mode="down"))
    if on.cap <= 1:
        assert offer.total <= max(offer.owed, offer.affected)


@given(OURS, terms())
def test_law_p3_above_what_was_affected_it_takes_explicit_authority(harm, on):
    offer = propose(harm, on)
    if offer.total > offer.affected and offer.approver:
        tier = next(each for each in on.tiers if each.tier == offer.approver)
        assert tier.may(OVERCOMPENSATE)


def test_law_p3_the_hard_cap_cannot_be_set_higher():
    with pytest.raises(SettingError, match="cap"):
        Terms(currency="EUR", cap=Decimal("1.51"))
    with pytest.raises(SettingError, match="overcompensate"):
        Terms(currency="EUR", cap=Decimal("1.2"), tiers=[Authority(tier="agent", money={"EUR": 9})])


@given(st.integers(1, 99).map(lambda each: Decimal(each) / 100), monies(low=1, high=1_000))
def test_law_p4_kept_takes_little_and_rejected_takes_all(severity, value):
    base = {"currency": "EUR", "failure": "product", "value": value, "severity": severity}
    curve = ResponseCurve()
    coverage = curve.coverage_when_kept(severity)
    assert coverage < severity
    assert abs(curve.kept(coverage) - severity * curve.kept(Decimal(1))) < Decimal("0.00001")
    kept = propose(Harm(kept=True, **base), Terms(currency="EUR"))
    assert kept.total == value.times(coverage)
    rejected = propose(Harm(rejected=True, **base), Terms(currency="EUR"))
    assert rejected.total == value
    assert rejected.total >= value.times(Decimal("0.6"), mode="down")


def test_law_p4_the_curves_are_those_of_the_published_shapes(shared):
    curves = json.loads(shared("facts/recovery.json").read_text())["curves"]
    for level, kept, rejected in zip(
        curves["levels"], curves["acceptance"], curves["rejection"], strict=True
    ):
        at = Decimal(str(level))
        assert abs(ResponseCurve().kept(at) - Decimal(str(kept))) <= Decimal("0.00005")
        assert abs(ResponseCurve().rejected(at) - Decimal(str(rejected))) <= Decimal("0.00005")


@given(st.integers(0, 19), st.integers(0, 150))
def test_law_p4_concave_when_kept_and_s_shaped_when_rejected(step, at):
    curve = ResponseCurve()
    low, mid, high = (Decimal(each) / 10 for each in (max(step - 1, 0), step, min(step + 1, 20)))
    if 0 < step < 20:
        bend = curve.kept(low) + curve.kept(high) - 2 * curve.kept(mid)
        assert bend < 0
        turn = curve.rejected(low) + curve.rejected(high) - 2 * curve.rejected(mid)
        assert (turn > 0) == (mid < Decimal("0.9")) or mid == Decimal("0.9")
    share = Decimal(at) / 100
    assert 0 <= curve.rejected(share) <= 1
    assert curve.kept(share) >= curve.rejected(share)


@given(harms(), terms())
def test_law_p5_the_remedy_fits_the_failure_and_losses_are_paid_in_money(harm, on):
    offer = propose(harm, on)
    order = FITTING[harm.failure]
    for line in offer.lines:
        assert line.remedy in {*order, Remedy.REFUND}
        assert line.remedy not in {Remedy.VOUCHER, Remedy.DISCOUNT}
        if "verified loss" in line.because:
            assert line.remedy is Remedy.REFUND


@pytest.mark.parametrize(
    ("failure", "left_out", "remedy"),
    [
        ("product", (), "exchange"),
        ("product", ("exchange",), "refund"),
        ("service", (), "reperformance"),
        ("service", ("reperformance",), "refund"),
        ("monetary", (), "refund"),
        ("attention", (), "refund"),
    ],
)
def test_law_p5_by_example(failure, left_out, remedy):
    every = Terms(currency="EUR").provisions
    on = Terms(currency="EUR", provisions=[each for each in every if each.remedy not in left_out])
    harm = Harm(currency="EUR", failure=failure, value=eur(80), rejected=True)
    assert propose(harm, on).lines[0].remedy == remedy


@given(OURS, terms())
def test_law_p6_an_apology_in_time_is_enough_where_nothing_was_lost(harm, on):
    harm = attrs.evolve(
        harm,
        losses=(),
        hours_lost=0,
        earlier=(),
        rejected=False,
        failure=Failure.ATTENTION,
        apology_after_hours=0,
        hours_since=0,
        refunded=eur(0),
        payout_missed=False,
    )
    offer = propose(harm, on)
    assert offer.apology_suffices
    assert not offer.lines


def test_law_p6_p7_p10_are_proved_on_the_gate():
    gate = default_gate()
    names = {fact.name: fact for fact in gate.facts}
    ours = names["fault"].is_("ours")
    in_time = names["apology"].is_in("immediate", "open")
    nothing = ~names["loss"].is_true() & ~names["repeated"].is_true()
    assert not check(gate).findings
    assert not always(gate, ours & in_time & nothing, "apology")
    assert not always(gate, names["fault"].is_in("theirs", "nobody"), "no_money")
    assert not always(gate, names["fault"].is_("unknown"), "wait")
    assert not never(gate, names["apology"].is_in("none", "open"), "compensate")
    assert not never(gate, names["loss"].is_true(), "apology")


@given(harms(), terms())
def test_law_p7_where_it_was_not_our_doing_there_is_no_compensation(harm, on):
    assume(harm.fault is not Fault.OURS)
    offer = propose(attrs.evolve(harm, payout_missed=False), on)
    assert not offer.total
    assert not offer.apology_suffices
    assert ApologyPart.ACKNOWLEDGE_RESPONSIBILITY not in offer.apology
    assert offer.waits_for == (("fault",) if harm.fault is Fault.UNKNOWN else ())


@given(OURS, terms(), earlier_failures())
def test_law_p8_a_repeated_failure_never_gets_less_and_goes_up(harm, on, again):
    before = propose(harm, on)
    after = propose(attrs.evolve(harm, earlier=(*harm.earlier, again)), on)
    assert after.total >= before.total
    assert rank(after) >= rank(before)
    if again.similar and again.days_ago < on.repeat_days:
        assert rank(after) >= 1


@given(OURS, terms(), st.integers(0, 400), st.integers(0, 400), st.integers(0, 1000))
def test_law_p8_the_longer_ago_a_failure_was_the_less_it_counts_and_in_the_end_not(
    harm, on, one, other, more
):
    def after(days, *, similar=True):
        again = EarlierFailure(days_ago=days, similar=similar)
        return propose(attrs.evolve(harm, earlier=(*harm.earlier, again)), on)

    newer, older = after(min(one, other)), after(max(one, other))
    assert newer.total >= older.total >= propose(harm, on).total
    assert after(on.repeat_days + more) == propose(harm, on) == after(one, similar=False)


ALIEN = re.compile(
    r"emotion|anger|distress|tone|threat|shout|mood|polite|gender|sex|name|age$|race|ethnic|nation"
    r"|religion|address|language|accent|insist|persist|contacts|channel|agent$|social|followers"
)


def test_law_p9_nothing_but_harm_can_get_in():
    for cls in (Harm, Loss, EarlierFailure, Request, Claim, Provision):
        for field in attrs.fields(cls):
            assert not ALIEN.search(field.name), (cls, field.name)
    for field in attrs.fields(Terms):
        assert not ALIEN.search(field.name) or field.name == "currency", field.name
    for alien in ("emotion", "distress", "tone", "threat", "gender", "customer_name", "age"):
        with pytest.raises(TypeError):
            Harm(currency="EUR", failure="service", **{alien: "furious"})
        with pytest.raises(TypeError):
            propose(Harm(currency="EUR", failure="service"), Terms(currency="EUR"), **{alien: 1})


def test_law_p9_the_room_cannot_see_the_emotion():
    import deescalate.compensation as room

    for path in Path(room.__file__).parent.glob("*.py"):
        text = path.read_text()
        for other in ("emotion", "cues", "reading", "strategy", "wording", "conversation"):
            assert f"deescalate.{other}" not in text, path.name


@given(harms(), terms())
def test_law_p9_equal_facts_get_equal_offers(harm, on):
    again = attrs.evolve(
        harm, losses=tuple(reversed(harm.losses)), earlier=tuple(reversed(harm.earlier))
    )
    one, other = propose(harm, on), propose(again, on)
    assert one.total == other.total
    assert [line.amount for line in one.lines] == [line.amount for line in other.lines]
    assert propose(harm, on) == one
    assert one.because == other.because


@given(OURS, terms())
def test_law_p10_money_does_not_stand_in_for_an_apology(harm, on):
    silent = attrs.evolve(harm, apology_after_hours=None)
    offer = propose(silent, on)
    assert offer.apologise_first or offer.apology_suffices or not offer.goodwill
    assert offer.apology[0] is ApologyPart.ACKNOWLEDGE_RESPONSIBILITY
    apologised = attrs.evolve(harm, apology_after_hours=harm.hours_since)
    assert not propose(apologised, on).apologise_first


def test_law_p11_rounding_and_its_order_are_part_of_the_rule():
    case = {"price": 50, "delay_min": 22, "ticket": "rover", "rover_days": 3}
    assert schedules.load("uk_delay_repay").amount(case).amount == Decimal("2.09")
    document = schedules.text("uk_delay_repay").replace(
        "round_up(price / (2 * rover_days), 0.01)", "price / (2 * rover_days)"
    )
    assert Schedule.from_document(document).amount(case).amount == Decimal("2.08")


@pytest.mark.parametrize(
    ("schedule", "facts", "amount"),
    [
        ("eu261", {"event": "delay", "km": 1500, "delay_min": 180}, 250),
        ("eu261", {"event": "delay", "km": 1500, "delay_min": "179.99"}, 0),
        ("eu261", {"event": "delay", "km": 3501, "delay_min": 240}, 600),
        ("eu261", {"event": "denied_boarding", "km": 3501, "delay_min": 240, "reroute": True}, 300),
        ("eu261", {"event": "cancellation", "km": 900, "notice_days": 14}, 0),
        ("eu_rail", {"price": 16, "delay_min": 60}, 4),
        ("eu_rail", {"price": 16, "delay_min": 60, "season": True}, 0),
        ("eu_rail", {"price": "16.04", "delay_min": 60, "season": True}, Decimal("4.01")),
    ],
)
def test_law_p12_edges_are_inclusive_or_exclusive_as_stated(schedule, facts, amount):
    assert schedules.load(schedule).amount(facts).amount == amount


@given(OURS, terms(), st.integers(0, 100))
def test_law_p13_what_was_paid_already_is_deducted_once(harm, on, share):
    fresh = attrs.evolve(harm, refunded=eur(0), goodwill_given=eur(0))
    refunded = (fresh.lost + fresh.value).times(Decimal(share) / 100, mode="down")
    penalty = on.late_penalty if harm.payout_missed else eur(0)
    after = propose(attrs.evolve(fresh, refunded=refunded), on)
    assert after.total == max(propose(fresh, on).total - refunded, penalty)


@given(OURS, terms(), monies(high=300))
def test_law_p13_goodwill_given_lowers_goodwill_alone(harm, on, given_already):
    fresh = attrs.evolve(harm, refunded=eur(0), goodwill_given=eur(0))
    before, after = (
        propose(fresh, on),
        propose(attrs.evolve(fresh, goodwill_given=given_already), on),
    )
    assert after.owed == before.owed
    assert after.goodwill == max(before.goodwill - given_already, eur(0))


@given(OURS, terms())
def test_law_p13_an_entitlement_is_owed_and_counts_against_goodwill(harm, on):
    harm = attrs.evolve(harm, refunded=eur(0), goodwill_given=eur(0))
    award = schedules.load("eu261").amount({"event": "delay", "km": 900, "delay_min": 200})
    before, after = propose(harm, on), propose(harm, on, entitlements=[award])
    assert after.owed == before.owed + eur(250)
    assert after.total >= before.total
    assert after.goodwill == max(before.goodwill - eur(250), eur(0))


@given(OURS, terms())
def test_law_p14_a_voucher_is_a_choice_and_worth_more_than_the_money(harm, on):
    offer = propose(harm, on)
    amounts = {line.remedy: line for line in offer.lines if line.basis is Basis.GOODWILL}
    for each in offer.alternatives:
        if each.remedy is Remedy.VOUCHER:
            assert each.face > amounts[each.instead_of].amount
        if each.remedy is not Remedy.REFUND:
            assert each.instead_of in amounts
            assert each.worth >= amounts[each.instead_of].amount
            assert each.cost < amounts[each.instead_of].cost


@given(harms(), terms())
def test_law_p15_a_missed_payment_adds_the_penalty(harm, on):
    on_time = propose(attrs.evolve(harm, payout_missed=False), on)
    late = propose(attrs.evolve(harm, payout_missed=True), on)
    assert late.owed == on_time.owed + on.late_penalty
    assert late.total == on_time.total + on.late_penalty or on.cap != 1


@given(harms(), terms(), monies(low=1, high=500))
def test_law_a_larger_penalty_never_buys_more_goodwill(harm, on, more):
    harm = attrs.evolve(harm, payout_missed=True)
    on = attrs.evolve(on, cap=min(on.cap, 1), budget=None)
    larger = attrs.evolve(on, late_penalty=on.late_penalty + more)
    assert propose(harm, larger).goodwill <= propose(harm, on).goodwill


def test_law_p15_as_published():
    water = schedules.load("gb_water_gss")
    on_time = water.amount({"kind": "written_complaint"}).amount
    assert water.amount({"kind": "written_complaint", "late_payment": True}).amount == on_time + 40


# --- the further laws


@given(harms(), terms())
def test_law_doubling_every_amount_doubles_the_offer(harm, on):
    twice = attrs.evolve(
        harm,
        value=harm.value + harm.value,
        losses=[Loss(each.amount + each.amount) for each in harm.losses],
        refunded=harm.refunded + harm.refunded,
        goodwill_given=harm.goodwill_given + harm.goodwill_given,
    )
    on_twice = attrs.evolve(
        on,
        hour_value=on.hour_value + on.hour_value,
        courtesy=on.courtesy + on.courtesy,
        late_penalty=on.late_penalty + on.late_penalty,
        budget=None if on.budget is None else on.budget + on.budget,
    )
    once, doubled = propose(harm, on), propose(twice, on_twice)
    assert doubled.owed == once.owed + once.owed
    assert abs(doubled.goodwill.amount - 2 * once.goodwill.amount) <= 2 * CENT


@given(harms(), terms(), monies(high=500), st.integers(0, 100))
def test_law_splitting_a_loss_changes_nothing(harm, on, amount, share):
    part = amount.times(Decimal(share) / 100)
    whole = attrs.evolve(harm, losses=(*harm.losses, Loss(amount)))
    split = attrs.evolve(harm, losses=(*harm.losses, Loss(part), Loss(amount - part)))
    assert propose(split, on).total == propose(whole, on).total


@given(harms(), terms())
def test_law_the_lines_add_up_and_can_be_paid(harm, on):
    offer = propose(harm, on)
    assert offer.total == offer.owed + offer.goodwill
    for line in offer.lines:
        assert line.amount > eur(0)
        assert line.amount.is_payable
        assert line.cost.is_payable
        assert line.because
    assert offer.because


@given(OURS, terms())
def test_law_an_offer_is_within_the_authority_of_its_approver(harm, on):
    offer = propose(harm, on)
    for each, tier in zip(offer.approvals, on.tiers, strict=True):
        if each.may_grant:
            assert tier.may_grant(offer.total.amount, "EUR")
        else:
            assert each.because
    assert offer.within_authority == offer.approvals[0].may_grant


@given(OURS, terms())
def test_law_loyalty_adds_only_goodwill_and_only_if_declared(harm, on):
    plain, gold = propose(harm, on), propose(harm, on, loyalty="gold")
    assert gold.owed == plain.owed
    assert gold.goodwill >= plain.goodwill
    with pytest.raises(SettingError, match="did you mean `gold`"):
        propose(harm, on, loyalty="Gold ")


@given(st.data(), st.sampled_from(schedules.names()))
def test_law_an_award_is_the_sum_of_its_parts_and_steps(data, name):
    schedule = schedules.load(name)
    award = schedule.amount(data.draw(facts_of(schedule)))
    assert award.amount is not None
    assert award.amount >= 0
    running = sum((part.amount for part in award.parts), start=Decimal(0))
    for step in award.steps:
        assert abs(step.before - running) < Decimal("1e-9")
        running = step.after
    assert abs(award.amount - running) < Decimal("1e-9")
    assert award.least == award.most == award.amount
    if award.currency == "percent":
        assert award.amount in (0, 100)
    else:
        assert award.money.is_payable


@given(st.data(), st.sampled_from(schedules.names()))
def test_law_missing_facts_leave_every_completion_possible(data, name):
    schedule = schedules.load(name)
    whole = dict(data.draw(facts_of(schedule)))
    kept = data.draw(st.sets(st.sampled_from(sorted(whole))))
    partial = schedule.amount({key: whole[key] for key in kept}, assume_defaults=False)
    award = schedule.amount(whole)
    assert partial.least <= award.amount
    assert partial.most is None or award.amount <= partial.most
    if partial.decided:
        assert partial.amount == award.amount
        assert not partial.missing
    else:
        assert set(partial.missing) <= whole.keys() - kept
        asked = {key: whole[key] for key in (*kept, *partial.missing)}
        assert schedule.amount(asked, assume_defaults=False).decided


@given(OURS, terms(), st.sampled_from([Remedy.COMPLIMENTARY, Remedy.DISCOUNT, Remedy.VOUCHER]))
def test_law_without_one_remedy_the_other_alternatives_stay(harm, on, missing):
    """What cannot be given takes away its own alternatives and no other."""
    fewer = attrs.evolve(on, provisions=[p for p in on.provisions if p.remedy is not missing])
    all_of_them, rest = propose(harm, on), propose(harm, fewer)
    if all_of_them.lines == rest.lines:
        assert rest.alternatives == tuple(
            each for each in all_of_them.alternatives if each.remedy is not missing
        )


def test_one_remedy_that_is_not_given_ends_no_list_of_others():
    harm = Harm(
        currency="EUR", failure="service", value=eur(40), severity=Decimal("0.5"), kept=True,
        apology_after_hours=0,
    )  # fmt: skip
    every = Terms(currency="EUR")
    fewer = attrs.evolve(
        every, provisions=[p for p in every.provisions if p.remedy is not Remedy.COMPLIMENTARY]
    )
    assert {each.remedy for each in propose(harm, fewer).alternatives} == {
        each.remedy for each in propose(harm, every).alternatives
    } - {Remedy.COMPLIMENTARY}
    assert propose(harm, fewer).alternatives


def test_every_value_hashes_pickles_and_copies():
    harm = Harm(currency="EUR", failure="service", value=eur(40))
    for each in (
        harm,
        propose(harm, Terms(currency="EUR")),
        Terms(currency="EUR"),
        schedules.load("eu261"),
    ):
        assert pickle.loads(pickle.dumps(each)) == copy.deepcopy(each) == each  # noqa: S301  our own
