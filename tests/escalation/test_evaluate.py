"""From any facts to a human or a decision."""

import pickle
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deescalate.escalation import EscalationPolicy, Urgency
from deescalate.testing.escalation import any_facts, facts_of

HUNDRED = settings(max_examples=100)
POLICY = EscalationPolicy.default()
AGAIN = EscalationPolicy.from_document(POLICY.to_document())


@given(any_facts(POLICY))
def test_law_evaluate_is_total(facts):
    decision = POLICY.evaluate(facts)
    assert decision.tier in POLICY.ladder.names
    assert decision.because
    if decision.errors:
        assert POLICY.rank(decision.tier) >= POLICY.rank(POLICY.on_error)
        assert POLICY.ladder.tier(decision.tier).human
        assert all(any(error in reason for reason in decision.because) for error in decision.errors)


@given(any_facts(POLICY))
def test_law_the_same_facts_get_the_same_decision(facts):
    assert AGAIN.evaluate(facts) == POLICY.evaluate(facts)


@HUNDRED
@given(facts_of(POLICY))
def test_law_danger_wins_and_is_monotone(facts):
    none, harm, violence = (
        POLICY.evaluate({**facts, "danger": danger}) for danger in ("none", "self_harm", "violence")
    )
    assert POLICY.rank(none.tier) <= POLICY.rank(harm.tier) <= POLICY.rank(violence.tier)
    suffered = facts.get("danger_from") == "other"
    assert harm.tier == "safeguarding"
    assert violence.tier == ("safeguarding" if suffered else "security")
    assert harm.urgency is violence.urgency is Urgency.IMMEDIATE


@given(
    facts_of(POLICY),
    st.sampled_from(["distress", "contacts", "amount", "stuck_turns"]),
    st.floats(0, 1),
)
def test_law_more_of_what_rises_never_leads_lower(facts, name, more):
    assume(name in facts)
    step = int(more * 10) if name in {"contacts", "stuck_turns"} else more
    worse = min(facts[name] + step, 1) if name == "distress" else facts[name] + step
    before, after = POLICY.evaluate(facts), POLICY.evaluate({**facts, name: worse})
    assert POLICY.rank(after.tier) >= POLICY.rank(before.tier)


@HUNDRED
@given(facts_of(POLICY), st.sampled_from(POLICY.protected), st.text(max_size=5))
def test_law_protected_facts_never_matter(facts, name, value):
    assert POLICY.evaluate({**facts, name: value}) == POLICY.evaluate(facts)


@HUNDRED
@given(facts_of(POLICY), facts_of(POLICY))
def test_law_what_is_missing_covers_every_change(facts, more):
    """Facts learnt later change the tier only if they were said to be missing."""
    partial = POLICY.evaluate(facts)
    learnt = {name: value for name, value in more.items() if name not in facts}
    full = POLICY.evaluate({**POLICY.defaults, **learnt, **facts})
    assert full.tier in partial.possible
    harmless = {name: value for name, value in learnt.items() if name not in partial.missing}
    assert POLICY.evaluate({**facts, **harmless}).tier == partial.tier


@HUNDRED
@given(facts_of(POLICY))
def test_law_nobody_keeps_more_than_they_may_grant(facts):
    decision = POLICY.evaluate(facts)
    tier = POLICY.ladder.tier(decision.tier)
    amount = Decimal(str(facts.get("amount", 0)))
    assert tier not in POLICY.ladder.tiers or tier.authority.may_grant(amount, "EUR")


def test_a_calm_case_stays_and_says_what_is_not_known():
    decision = POLICY.evaluate({"distress": 0.2})
    assert (decision.tier, decision.escalates, decision.urgency) == ("agent", False, "normal")
    assert decision.because == ("nothing calls for more than agent",)
    assert "danger" in decision.missing
    assert "tier" not in decision.missing or decision.possible[0] == "security"
    assert decision.assumed["danger"] == "none"


def test_reasons_urgency_and_what_to_do_meanwhile():
    decision = POLICY.evaluate({"danger": "violence", "tier": "senior agent"})
    assert (decision.tier, decision.current, decision.safety) == ("security", "senior agent", True)
    assert decision.acknowledge_within.total_seconds() == 120
    assert decision.authority.may_grant(200, "EUR")
    assert "do not argue" in decision.meanwhile
    assert str(decision) == "security within 2 min, because a threat of violence goes to security"
    assert POLICY.evaluate({"asks_human": True}).acknowledge_within.total_seconds() == 600


def test_errors_are_in_the_reasons_and_lead_to_a_human():
    decision = POLICY.evaluate({"distres": 0.1, "danger": "bomb", "contacts": 1})
    assert decision.tier == "supervisor"
    assert "did you mean `distress`" in decision.errors[0]
    assert "`bomb`" in decision.errors[1]
    assert POLICY.evaluate({"danger": "violence", "contacts": "x"}).tier == "security"
    assert POLICY.evaluate(None).errors == ("the facts are no mapping but a NoneType",)


class Exploding(dict):
    def __iter__(self):
        raise RuntimeError("boom")


def test_whatever_goes_wrong_a_human_comes():
    decision = POLICY.evaluate(Exploding(distress=0.1))
    assert (decision.tier, decision.errors) == ("supervisor", ("RuntimeError: boom",))
    lowest = POLICY.ladder.tiers[0]
    assert (decision.current, decision.authority) == (lowest.name, lowest.authority)
    assert decision.escalates
    assert decision.possible == POLICY.ladder.names
    assert set(decision.missing) == {fact.name for fact in POLICY.table.facts}


DESK = """
format = 1
name = "desk"
on_error = "boss"
fail_safe = { name = "duty line" }
[[tiers]]
name = "desk"
targets = [{ name = "Kim" }]
[[tiers]]
name = "boss"
targets = [{ name = "Lee" }]
[[channels]]
name = "side"
targets = [{ name = "Max" }]
[[channels]]
name = "other"
targets = [{ name = "Mo" }]
[table]
format = 1
name = "who"
HIT
[table.facts]
hot = { number = { low = 0, high = 1 } }
odd = { flag = true }
idle = { flag = true }
[[table.rules]]
name = "hot"
when = { hot = ">= 0.5" }
then = "side"
[[table.rules]]
name = "odd"
when = { odd = "true" }
then = "other"
"""


def desk(hit):
    return EscalationPolicy.from_document(DESK.replace("HIT", hit))


def test_rules_that_contradict_each_other_lead_to_the_highest_claim():
    decision = desk('hit_policy = "unique"').evaluate({"hot": 0.9, "odd": True})
    assert decision.tier == "side"
    assert "2 rules matched" in decision.because[0]
    assert (decision.possible, decision.missing) == (("side",), ("idle",))
    undecided = desk('hit_policy = "unique"').evaluate({"hot": 0.9})
    assert undecided.missing == ("odd",)


def test_urgency_is_ranked_from_normal_at_nothing_up():
    assert {each.value: each.rank for each in Urgency} == {"normal": 0, "high": 1, "immediate": 2}


def test_two_channels_that_claim_one_case_are_told_though_there_are_no_others():
    policy = desk('hit_policy = "priority"\noutcomes = ["side", "other", "boss", "desk"]')
    [found] = [each for each in policy.check() if each.code == "two-channels"]
    assert found.text.endswith("side has it")


def test_a_case_without_a_rule_or_with_a_gap_in_the_facts_goes_to_people():
    policy = desk('hit_policy = "priority"\noutcomes = ["side", "other", "boss", "desk"]')
    assert policy.evaluate({"hot": 0.1, "odd": False}).because == ("no rule covers this case",)
    decision = policy.evaluate({"hot": 0.1})
    assert (decision.tier, decision.because) == ("boss", ("it depends on odd, not known",))


def test_other_channels_are_told():
    policy = desk('hit_policy = "priority"\noutcomes = ["side", "other"]\ndefault = "other"')
    decision = policy.evaluate({"hot": 0.9, "odd": True})
    assert (decision.tier, decision.also) == ("side", ("other",))
    assert policy.rank("side") > policy.rank("other") > policy.rank("boss") > policy.rank("desk")


def test_too_much_work_leads_to_people(monkeypatch):
    from deescalate.errors import WorkLimitError
    from deescalate.rules import Table

    def give_up(self, facts):
        raise WorkLimitError("deciding", 1, "regions")

    monkeypatch.setattr(Table, "decide", give_up)
    policy = desk('default = "desk"')
    decision = policy.evaluate({})
    assert (decision.tier, decision.errors) == ("boss", ())
    assert decision.missing == ("hot", "odd", "idle")
    assert decision.possible == policy.ladder.names


def test_urgency_without_rules_is_the_tiers():
    policy = desk('default = "desk"')
    assert policy.evaluate({"hot": 0.1, "odd": False}).urgency is Urgency.NORMAL


def test_a_policy_is_a_value():
    assert AGAIN == POLICY
    assert pickle.loads(pickle.dumps(POLICY)) == POLICY  # noqa: S301  our own bytes
    decision = POLICY.evaluate({"distress": 0.9})
    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301  our own bytes


def test_ranks_of_unknown_tiers():
    from deescalate.errors import SettingError

    with pytest.raises(SettingError, match="did you mean `manager`"):
        POLICY.rank("manger")
