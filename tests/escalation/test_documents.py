"""Documents: read whole, refused with every problem at once."""

import tomllib
from copy import deepcopy
from datetime import date, time, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from deescalate.errors import DocumentError
from deescalate.escalation import EscalationPolicy

TEXT = (files("deescalate.escalation") / "data" / "default.toml").read_text(encoding="utf-8")


def problems(change):
    document = deepcopy(tomllib.loads(TEXT))
    change(document)
    with pytest.raises(DocumentError) as caught:
        EscalationPolicy.from_document(document)
    assert caught.value.document == "policy"
    return {each.path: str(each) for each in caught.value.problems}


def put(path, value):
    """A change that puts a value under a path such as `tiers.0.name`."""

    def change(document):
        *parents, last = path.split(".")
        for each in parents:
            document = document[int(each)] if isinstance(document, list) else document[each]
        document[int(last) if isinstance(document, list) else last] = value

    return change


def test_text_and_mapping_give_the_same_policy():
    assert EscalationPolicy.from_document(tomllib.loads(TEXT)) == EscalationPolicy.default()
    assert EscalationPolicy.from_document("\ufeff" + TEXT) == EscalationPolicy.default()


def test_everything_a_target_and_a_tier_may_say():
    document = tomllib.loads(TEXT)
    document["tiers"][1].update(
        asking="one_by_one",
        acknowledge_within_minutes=2.5,
        money={"EUR": 49.99},
        targets=[
            {
                "name": "desk",
                "zone": "Europe/Paris",
                "days": ["monday"],
                "opens": "08:30",
                "closes": time(12),
                "holidays": ["2026-12-25", date(2026, 1, 1)],
            }
        ],
    )
    tier = EscalationPolicy.from_document(document).ladder.tier("senior agent")
    assert tier.acknowledge_within == timedelta(seconds=150)
    assert tier.authority.limit("EUR") == Decimal("49.99")
    [target] = tier.targets
    assert (str(target.zone), target.hours.opens, target.hours.closes) == (
        "Europe/Paris", time(8, 30), time(12),
    )  # fmt: skip
    assert target.hours.holidays == {date(2026, 12, 25), date(2026, 1, 1)}


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        ("format", 2, "format", "found `2`, expected 1"),
        ("format", True, "format", "found `True`"),
        ("names", "x", "names", "did you mean `name`"),
        ("name", "", "name", "a text that is not empty"),
        ("currency", "EURO", "currency", "ISO 4217"),
        ("rounds", 0, "rounds", "1 to 100"),
        ("rounds", "two", "rounds", "a whole number"),
        ("on_error", "supervisr", "on_error", "did you mean `supervisor`"),
        ("on_error", "agent", "on_error", "a tier of people"),
        ("human_within_minutes", 0, "human_within_minutes", "minutes, above 0"),
        ("human_within_minutes", float("nan"), "human_within_minutes", "a finite number"),
        ("human_within_minutes", Decimal("NaN"), "human_within_minutes", "a finite number"),
        ("human_within_minutes", 10**400, "human_within_minutes", "at most 400 digits"),
        ("human_within_minutes", True, "human_within_minutes", "minutes, above 0"),
        ("rising", "distress", "rising", "expected a list"),
        ("rising", ["distres"], "rising", "did you mean `distress`"),
        ("rising", [7], "rising[0]", "a text"),
        ("protected", ["distress"], "protected", "also said to be rising"),
        ("fail_safe", {"how": 7}, "fail_safe.name", "missing, expected a text"),
        ("fail_safe", {"name": "x", "how": 7}, "fail_safe.how", "found `7`"),
        ("fail_safe", 7, "fail_safe", "a mapping"),
        ("safety.to", ["securty"], "safety.to", "did you mean `security`"),
        ("safety.when", {"dangr": "x"}, "safety.when", "danger"),
        ("returning.margins", {"danger": 1}, "returning.margins.danger", "the name of a number"),
        ("returning.margins", {"x": 1}, "returning.margins", "expected one of"),
        ("returning.after_minutes", -1, "returning.after_minutes", "above 0"),
        ("answer_within_minutes", {"soon": 5}, "answer_within_minutes", "expected one of"),
        ("answer_within_minutes", {"high": 0}, "answer_within_minutes.high", "above 0"),
        ("answer_within_minutes", {"high": [1]}, "answer_within_minutes.high", "a text, a number"),
        ("defaults.distress", 2, "defaults.distress", "from 0 to 1"),
        ("defaults.distress", [1], "defaults.distress", "a text, a number"),
        ("defaults.distres", 0, "defaults", "did you mean `distress`"),
        ("tiers", [], "tiers", "at least one tier"),
        ("tiers", "x", "tiers", "expected a list"),
        ("tiers.0.name", "", "tiers[0].name", "not empty"),
        ("tiers.0.targets", [], "tiers[0]", "at least one target"),
        ("tiers.0.targets", [{}], "tiers[0].targets[0].name", "not empty"),
        ("tiers.0.targets", [{"name": "x", "zone": "Mars"}], "tiers[0].targets[0]", "IANA"),
        ("tiers.0.targets", [{"name": "x", "days": ["mo"]}], "tiers[0].targets[0]", "weekdays"),
        ("tiers.0.targets", [{"name": "x", "opens": "x"}], "tiers[0].targets[0].opens", "09:00"),
        ("tiers.0.targets", [{"name": "x", "holidays": ["x"]}], "tiers[0].targets[0].holidays[0]", "a date"),
        ("tiers.0.targets", [{"nam": "x"}], "tiers[0].targets[0]", "did you mean `name`"),
        ("tiers.0.money", {"EUR": -1}, "tiers[0]", "0 or more"),
        ("tiers.0.money", {"EURO": 1}, "tiers[0]", "ISO 4217"),
        ("tiers.0.acknowledge_within_minutes", "x", "tiers[0].acknowledge_within_minutes", "minutes"),
        ("tiers.0.asking", "all", "tiers[0].asking", "everyone"),
        ("tiers.0.urgency", "hihg", "tiers[0].urgency", "did you mean `high`"),
        ("tiers.0.human", "yes", "tiers[0].human", "true or false"),
        ("tiers.3.then", "agent", "document", "no cycle"),
        ("tiers.3.then", "agnt", "document", "did you mean `agent`"),
        ("tiers.1.name", "agent", "tiers", "used once"),
        ("table.hit_policy", "collect", "table.hit_policy", "expected one of `priority`"),
        ("table.default", "agnt", "table.default", "did you mean `agent`"),
        ("table.outcomes", ["boss"], "table.default", "expected one of `boss`"),
        ("table.rules.0.then", "securty", "table.rules[0].then", "security"),
        ("table.rules.0.when", {"dangr": "x"}, "table.rules[0].when.dangr", "danger"),
        ("table", 7, "table", "a mapping"),
        ("urgency.default", "calm", "urgency.default", "normal"),
        ("urgency", 7, "urgency", "a mapping"),
        ("tests", [{"facts": {"x": 1}, "tier": "agent"}], "tests[0].facts", "expected one of"),
        ("tests", [{"facts": {}, "tier": "agnt"}], "tests[0].tier", "did you mean `agent`"),
        ("tests", [{"facts": {}, "tier": "agent", "urgency": "x"}], "tests[0].urgency", "one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_path(path, value, where, words):
    found = problems(put(path, value))
    assert any(each.startswith(where) for each in found), found
    assert any(words in text for each, text in found.items() if each.startswith(where)), found


@pytest.mark.parametrize(
    ("fact", "words"),
    [({"flag": True}, "a choice of tiers"), ({"choice": ["agent", "boss"]}, "`boss`")],
)
def test_the_current_tier_is_a_choice_of_tiers(fact, words):
    def change(document):
        document["table"]["facts"]["tier"] = fact
        del document["table"]["rules"][5]
        del document["defaults"]["tier"]
        del document["tests"]

    assert words in problems(change)["table.facts.tier"]


def test_all_problems_at_once():
    def change(document):
        document["rounds"] = "x"
        document["tiers"][0]["urgency"] = "x"
        document["table"]["rules"][0]["when"] = {"x": "y"}
        document["surprise"] = 1

    assert len(problems(change)) >= 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", "text (line 1): "),
        ("[" * 5000, "text (line 1): "),
        ("#" * 4_000_001, "at most 4000000"),
        ("", "name: missing"),
    ],
)
def test_text_that_is_no_policy(text, words):
    with pytest.raises(DocumentError) as caught:
        EscalationPolicy.from_document(text)
    assert words in str(caught.value)


def test_no_mapping():
    with pytest.raises(DocumentError, match="a mapping"):
        EscalationPolicy.from_document(7)
