"""What a check proves and finds, each on a policy that was broken on purpose."""

import json
import re
import tomllib
from copy import deepcopy
from importlib.resources import files

import pytest

from deescalate.errors import WorkLimitError
from deescalate.escalation import CODES, EscalationPolicy

TEXT = (files("deescalate.escalation") / "data" / "default.toml").read_text(encoding="utf-8")


check = EscalationPolicy.check


def changed(change):
    document = deepcopy(tomllib.loads(TEXT))
    change(document)
    return EscalationPolicy.from_document(document)


def tier(document, name):
    return next(each for each in document["tiers"] + document["channels"] if each["name"] == name)


def rule(document, name):
    return next(each for each in document["table"]["rules"] if each["name"] == name)


def found(change):
    policy = changed(change)
    return {(each.code, named(policy, each)): each for each in check(policy)}


def named(policy, finding):
    """The tier, rule or entry that a finding's place stands for."""
    part = policy.to_document(form="mapping")
    for key, number in re.findall(r"([\w ]+)(?:\[(\d+)\])?", finding.place):
        part = part.get(key, {}) if not number else part[key][int(number)]
    return part["name"] if isinstance(part, dict) and "name" in part else finding.place


def test_the_default_policy_passes():
    report = check(EscalationPolicy.default())
    assert report.ok
    assert report.findings == ()
    proved = {each.code for each in report.proved}
    assert proved >= {
        "tier-unreachable", "human-too-late", "authority-shrinks", "beyond-authority",
        "safety-not-first", "safety-not-immediate", "not-rising", "protected-matters",
        "two-channels", "nobody-there", "fact-without-default", "failed-test",
    }  # fmt: skip
    assert "danger wins over everything else" in str(report)


def add_side(document):
    document["channels"].append({"name": "side", "targets": [{"name": "Jo"}]})


def slow_down(document):
    tier(document, "legal")["acknowledge_within_minutes"] = 31


def shrink(document):
    tier(document, "manager")["actions"] = ["apologise"]
    tier(document, "supervisor")["money"] = {"EUR": 100}


def raise_limit(document):
    rule(document, "beyond an agent's money")["when"] = {"amount": "> 60"}


def hide_violence(document):
    rule(document, "violence")["when"] = {"danger": '"violence"', "abusive": "true"}


def send_danger_to_legal(document):
    document["safety"]["to"] = ["security", "safeguarding", "legal"]


def calm_danger(document):
    tier(document, "security")["urgency"] = "normal"
    document["urgency"]["rules"][0]["when"] = {"danger": '"self_harm"'}


def forget_urgency(document):
    tier(document, "security")["urgency"] = "high"
    del document["urgency"]
    document["tests"] = []


def bend(document):
    rule(document, "furious")["when"] = {"distress": "[0.9..0.95)"}


def look_at_age(document):
    document["table"]["facts"]["age"] = {"number": {"low": 0, "high": 120}}
    document["defaults"]["age"] = 40
    rule(document, "vulnerable")["when"] = {"vulnerable": "true", "age": "> 70"}


def two_claims(document):
    rule(document, "legal action")["when"] = {"threat": '"legal"'}


def go_home(document):
    for each in document["tiers"]:
        each["targets"][0].update(days=["monday"], opens="09:00", closes="17:00")


def half_day(document):
    tier(document, "legal")["targets"][0].update(zone="Europe/Paris", opens="09:00")


def forget_default(document):
    del document["defaults"]["abusive"]


def expect_other(document):
    document["tests"] = [{"facts": {"distress": 0.9}, "tier": "agent", "urgency": "high"}]


def no_law(document):
    del document["safety"]


def dead(document):
    document["table"]["rules"].append(
        {"name": "dead", "when": {"distress": ">= 0.9"}, "then": "agent"}
    )


@pytest.mark.parametrize(
    ("change", "code", "name", "words"),
    [
        (add_side, "tier-unreachable", "side", "neither a rule nor a route"),
        (slow_down, "human-too-late", "legal", "122 min from legal, 120 allowed"),
        (shrink, "authority-shrinks", "supervisor", "granting 200 EUR"),
        (shrink, "authority-shrinks", "manager", "the action"),
        (raise_limit, "beyond-authority", "agent", "agent may grant 50 EUR, yet has"),
        (hide_violence, "safety-not-first", "safety", "danger"),
        (send_danger_to_legal, "safety-not-first", "safety.to", "not a safety tier"),
        (calm_danger, "safety-not-immediate", "urgency", "danger"),
        (forget_urgency, "safety-not-immediate", "security", "no rules of urgency"),
        (bend, "not-rising", "rising[0]", "more distress"),
        (two_claims, "two-channels", "violence", "security has it"),
        (go_home, "nobody-there", "supervisor", "on Monday at 00:00 UTC nobody is there"),
        (half_day, "tier-absent", "legal", "the case goes on at once"),
        (forget_default, "fact-without-default", "table.facts.abusive", "supervisor gets"),
        (expect_other, "failed-test", "tests[0]", "expected tier agent, found supervisor"),
        (no_law, "no-safety-law", "safety", "nothing is proved"),
        (dead, "dead-rule", "dead", ""),
    ],
)  # fmt: skip
def test_each_finding(change, code, name, words):
    findings = found(change)
    assert (code, name) in findings
    finding = findings[code, name]
    assert words in finding.text
    assert finding.code in CODES
    assert finding.code in str(finding)
    if finding.witness and code in {"beyond-authority", "safety-not-first"}:
        decision = changed(change).evaluate(finding.witness)
        assert code != "beyond-authority" or decision.tier == name
        assert code != "safety-not-first" or not decision.safety


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (raise_limit, "beyond-authority"),
        (calm_danger, "safety-not-immediate"),
        (bend, "not-rising"),
        (look_at_age, "protected-matters"),
    ],
)
def test_one_case_is_shown_of_many(change, code):
    report = check(changed(change))
    assert len([each for each in report if each.code == code]) == 1


def test_where_danger_is_urgent_by_its_tiers_the_rules_of_urgency_need_not_say_it():
    def calm_the_rules(document):
        document["urgency"]["rules"][0]["when"] = {"danger": '"self_harm"'}
        document["tests"] = []

    report = check(changed(calm_the_rules))
    assert "safety-not-immediate" in {each.code for each in report.proved}
    assert "safety-not-immediate" not in {each.code for each in report}


def test_a_protected_fact_that_matters():
    finding = found(look_at_age)["protected-matters", "protected[0]"]
    assert "age" in finding.text


def test_a_protected_fact_that_is_asked_about_and_does_not_matter():
    def look_and_forget(document):
        document["table"]["facts"] = {
            "age": {"flag": True},
            "danger": document["table"]["facts"]["danger"],
        }
        document["table"]["rules"] = [
            {"name": "old", "when": {"age": "true"}, "then": "senior agent"},
            {"name": "young", "when": {"age": "false"}, "then": "senior agent"},
        ]
        for key in ("safety", "rising", "tests", "urgency", "returning"):
            del document[key]
        document["defaults"] = {"age": False, "danger": "none"}

    policy = changed(look_and_forget)
    assert "protected-matters" in {each.code for each in check(policy).proved}

    def look(document):
        look_and_forget(document)
        document["table"]["rules"][0]["then"] = "manager"

    findings = {each.code for each in check(changed(look)).findings}
    assert "protected-matters" in findings


def test_a_policy_that_states_little():
    def forget(document):
        for key in ("human_within_minutes", "currency", "safety"):
            del document[key]

    assert [each.code for each in check(changed(forget)).findings] == ["no-safety-law"]


def test_unlimited_below_the_top():
    def trust(document):
        for name in ("senior agent", "supervisor"):
            tier(document, name)["money"] = {"EUR": "unlimited"}

    assert check(changed(trust)).findings == ()


def test_what_takes_too_long_is_not_guessed(monkeypatch):
    def give_up(*_args, **_more):
        raise WorkLimitError("always", 1, "regions")

    monkeypatch.setattr("deescalate.escalation._checking.always", give_up)
    report = check(EscalationPolicy.default())
    [finding] = report.findings
    assert (finding.code, report.ok) == ("not-proved", False)
    assert "danger wins" in finding.text
    assert "safety-not-first" not in {each.code for each in report.proved}


def test_sarif():
    report = check(changed(shrink))
    log = report.to_sarif(uri="policy.toml", text=TEXT)
    assert json.loads(json.dumps(log)) == log
    [run] = log["runs"]
    ids = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert ids[result["ruleIndex"]] == result["ruleId"] == finding.code
        assert result["level"] == "error"
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        assert TEXT.split("\n")[line - 1].startswith(("[[", "name"))
    failed = check(changed(expect_other)).to_sarif(uri="policy.toml", text=TEXT)
    place = failed["runs"][0]["results"][0]["locations"][0]
    assert (
        place["physicalLocation"]["region"]["startLine"] == TEXT.split("\n").index("[[tests]]") + 1
    )
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "tests[0]"
