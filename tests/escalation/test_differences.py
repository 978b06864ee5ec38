"""A policy beside its predecessor."""

import tomllib
from copy import deepcopy
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from deescalate.escalation import EscalationPolicy, replay
from deescalate.testing.escalation import facts_of

TEXT = (files("deescalate.escalation") / "data" / "default.toml").read_text(encoding="utf-8")
OLD = EscalationPolicy.default()


def changed(change):
    document = deepcopy(tomllib.loads(TEXT))
    change(document)
    return EscalationPolicy.from_document(document)


def milder(document):
    document["table"]["rules"][7]["when"] = {"distress": ">= 0.95"}


NEW = changed(milder)


def test_nothing_differs_from_itself():
    assert OLD.differences(EscalationPolicy.default()) == ()


def test_a_milder_rule_is_told_in_cases():
    found = OLD.differences(NEW)
    assert found
    assert {each.where for each in found} == {"table"}
    for each in found:
        facts = each.cases.facts
        assert OLD.evaluate(facts).tier == each.cases.before
        assert NEW.evaluate(facts).tier == each.cases.after
        assert 0.9 <= facts["distress"] < 0.95
    assert "distress is from 0.9 to below 0.95" in str(found[0])


@given(st.lists(facts_of(OLD), max_size=6))
def test_law_replay_finds_exactly_those_treated_otherwise(cases):
    told = {each.number: each for each in replay(cases, old=OLD, new=NEW)}
    for number, facts in enumerate(cases):
        same = OLD.evaluate(facts).tier == NEW.evaluate(facts).tier
        assert same or "tier" in told[number].changed
        assert not same or number not in told


def test_a_replayed_case_reads_well():
    [treated] = replay([{"distress": 0.1}, {"distress": 0.92}], old=OLD, new=NEW)
    assert str(treated) == "case 1: tier supervisor -> agent, acknowledge_within 0:15:00 -> 0:05:00"


def test_the_rest_is_told_too():
    def change(document):
        document["rounds"] = 3
        document["human_within_minutes"] = 300
        document["fail_safe"]["name"] = "night desk"
        document["tiers"][2]["acknowledge_within_minutes"] = 5
        document["channels"][2]["name"] = "lawyers"
        document["table"]["outcomes"][2] = "lawyers"
        document["table"]["rules"][2]["then"] = "lawyers"
        document["table"]["facts"]["tier"]["choice"][6] = "lawyers"
        document["urgency"]["rules"][1]["when"] = {"distress": ">= 0.95"}

    told = [str(each) for each in OLD.differences(changed(change))]
    for words in (
        "tiers.legal: is gone",
        "tiers.lawyers: is new",
        "tiers.supervisor: acknowledge_within 0:15:00 -> 0:05:00",
        "policy: rounds 2 -> 3",
        "night desk",
        "policy: human_within 2:00:00 -> 5:00:00",
    ):
        assert any(words in each for each in told), told
    assert any(each.startswith("urgency: ") for each in told)
    assert any("legal -> lawyers" in each for each in told)


def test_rules_of_urgency_that_come_and_go():
    def forget(document):
        del document["urgency"]

    without = changed(forget)
    assert "urgency: has no rules any more" in map(str, OLD.differences(without))
    assert "urgency: has rules now" in map(str, without.differences(OLD))
    assert without.differences(without) == ()
