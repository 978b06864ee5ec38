"""Schedules from documents: the published cases, the format, its errors, its checks."""

import json
import pickle
import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate import Schedule, schedules
from deescalate.errors import (
    DocumentError,
    FactError,
    HitPolicyError,
    MoneyError,
    SettingError,
    UndecidedError,
    WorkLimitError,
)
from deescalate.rules.proofs import gaps, overlaps
from deescalate.testing.compensation import facts_of

VECTORS = json.loads((Path(__file__).parent / "vectors" / "schedules.json").read_text("utf-8"))
CASES = [
    pytest.param(each["schedule"], case, id=f"{each['schedule']}-{place}")
    for each in VECTORS
    for place, case in enumerate(each["cases"])
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_published_case(name, case):
    award = schedules.load(name).amount(case["input"])
    assert award.amount == Decimal(case["amount"])
    assert award.parts
    assert award.version in str(award)


def test_all_the_cases_are_there():
    assert len(CASES) == 141
    assert [each["schedule"] for each in VECTORS] != []
    assert {each["schedule"] for each in VECTORS} == set(schedules.names())


@pytest.mark.parametrize("name", schedules.names())
def test_a_shipped_schedule_keeps_its_own_promises(name):
    schedule = schedules.load(name)
    assert not schedule.failures()
    assert schedule.sources
    assert schedule.checked
    for table in schedule.tables.values():
        assert not overlaps(table)
        if table.default is None:
            assert not gaps(table)
    assert pickle.loads(pickle.dumps(schedule)) == schedule  # noqa: S301  our own bytes


def parcel(**changes):
    """A small schedule with a bit of everything, as a mapping."""
    document = {
        "format": 1,
        "name": "parcel",
        "title": "Our promise on parcels",
        "currency": "EUR",
        "in_force": "2026-01-01",
        "until": "2026-12-31",
        "checked": "2026-06-01",
        "edition": "second",
        "sources": ["our own"],
        "notes": ["a test"],
        "facts": {
            "price": {"number": {"low": 0, "unit": "EUR"}},
            "days_late": {"number": {"low": 0, "integer": True}, "amount": "rises"},
            "kind": {"choice": ["letter", "parcel"], "default": "parcel"},
            "insured": {"flag": True, "default": False},
            "rate": {
                "rules": [
                    {"when": {"kind": "letter"}, "then": "10%"},
                    {"when": {"kind": "parcel"}, "then": "25%"},
                ]
            },
        },
        "parts": [
            {
                "name": "delay",
                "formula": "rate * price * min(over(days_late, 2), 4)",
                "clause": "2",
            },
            {"name": "lost", "formula": "price", "when": {"days_late": ">= 30"}, "clause": "3"},
        ],
        "total": [
            {"at_least": 1, "because": "never a few cents"},
            {"penalty": 5, "when": {"insured": "true"}, "clause": "9"},
            {"round": "up", "to": "0.05"},
            {"pays_above": 1},
        ],
        "tests": [{"facts": {"price": 10, "days_late": 4}, "amount": 5, "source": "ours"}],
    }
    document.update(changes)
    return document


def with_part(**part):
    return parcel(parts=[{"name": "delay", **part}], total=[], tests=[])


def test_a_schedule_shows_its_reasons():
    award = Schedule.from_document(parcel()).amount(
        {"price": "10.01", "days_late": 31, "insured": True}
    )
    assert award.money.amount == Decimal("25.05")
    assert str(award) == (
        "EUR 25.05\n"
        "rate is 0.25: kind is parcel\n"
        "delay 10.01: rate * price * min(over(days_late, 2), 4) (2)\n"
        "lost 10.01: price (3)\n"
        "20.02 -> 25.02: with_penalty(amount, 5) (9)\n"
        "25.02 -> 25.05: round_up(amount, 0.05)\n"
        "Our promise on parcels, second, in force since 2026-01-01, until 2026-12-31, "
        "checked 2026-06-01"
    )


def test_toml_json_and_mappings_are_read_alike():
    from_json = Schedule.from_document(json.dumps(parcel()))
    assert from_json == Schedule.from_document(parcel())
    text = schedules.text("de_dticket")
    assert Schedule.from_document("\ufeff" + text) == schedules.load("de_dticket")


@pytest.mark.parametrize(
    ("step", "amount"),
    [
        ({"round": "down", "to": 25}, 25),
        ({"round": "half_even"}, Decimal("33.33")),
        ({"round": "half_up", "to": "0.05"}, Decimal("33.35")),
        ({"at_most": "price / 5"}, 20),
        ({"at_least": 50}, 50),
        ({"times": "1 + 1"}, Decimal("66.67")),
        ({"penalty": "10% of price"}, Decimal("43.33")),
        ({"pays_from": 40}, 0),
        ({"pays_from": "100 / 3"}, Decimal("33.33")),
        ({"pays_above": "100 / 3"}, 0),
        ({"becomes": "min(amount, 30) / 2"}, 15),
        ({"becomes": "amount - 50"}, 0),
        ({"at_most": 1, "when": {"kind": "letter"}}, Decimal("33.33")),
    ],
)
def test_every_step_does_what_its_name_says(step, amount):
    document = with_part(formula="price / 3")
    document["total"] = [step]
    assert Schedule.from_document(document).amount({"price": 100, "days_late": 0}).amount == amount
    document["parts"][0]["steps"] = document.pop("total")
    assert Schedule.from_document(document).amount({"price": 100, "days_late": 0}).amount == amount


def test_a_third_stays_a_third_until_it_is_rounded():
    document = with_part(formula="1 / 3", steps=[{"times": "days_late"}])
    schedule = Schedule.from_document(document)
    assert schedule.amount({"price": 0, "days_late": 3}).amount == 1
    open_ = schedule.amount({"price": 0})
    assert (open_.least, open_.most, open_.missing) == (0, None, ("days_late",))
    unused = [each.place for each in schedule.check() if each.code == "unused-fact"]
    assert unused == ["facts.price", "facts.insured"]


def test_steps_are_taken_in_their_order():
    halve, up = {"becomes": "amount / 2"}, {"round": "up", "to": 5}
    document = with_part(formula="price")
    document["total"] = [halve, up]
    assert Schedule.from_document(document).amount({"price": 21, "days_late": 0}).amount == 15
    document["total"] = [up, halve]
    assert Schedule.from_document(document).amount({"price": 21, "days_late": 0}).amount == Decimal(
        "12.5"
    )


def test_collected_rules_add_up_and_parts_build_on_parts():
    document = with_part(
        hit_policy="collect",
        rules=[
            {"when": {"days_late": "> 2"}, "then": 5},
            {"when": {"insured": "true"}, "then": "10% of price"},
        ],
    )
    document["parts"].append({"name": "again", "formula": "delay", "when": {"delay": ">= 15"}})
    schedule = Schedule.from_document(document)
    both = {"price": 100, "days_late": 3, "insured": True}
    assert schedule.amount(both).amount == 30
    assert schedule.amount({**both, "insured": False}).amount == 5
    assert schedule.amount({**both, "days_late": 0, "insured": False}).amount == 0
    open_ = schedule.amount({"days_late": 3, "insured": True})
    assert (open_.least, open_.most, open_.missing) == (5, None, ("price",))


def test_the_first_rule_can_win_and_choices_can_be_worked_out():
    document = with_part(
        hit_policy="first",
        otherwise="7",
        rules=[{"when": {"size": "big"}, "then": 9}, {"when": {"days_late": "> 2"}, "then": 3}],
    )
    document["facts"]["size"] = {
        "choice": ["small", "big"],
        "otherwise": "small",
        "rules": [{"when": {"price": "> 50"}, "then": "big"}],
    }
    schedule = Schedule.from_document(document)
    assert schedule.amount({"price": 51, "days_late": 9}).amount == 9
    assert schedule.amount({"price": 50, "days_late": 9}).amount == 3
    assert schedule.amount({"price": 50, "days_late": 0}).amount == 7
    open_ = schedule.amount({"days_late": 9})
    assert (open_.least, open_.most, open_.missing) == (3, 9, ("price",))


def test_a_missing_fact_that_does_not_matter_is_not_asked_for():
    schedule = schedules.load("eu261")
    award = schedule.amount({"event": "cancellation", "notice_days": 20})
    assert award.amount == 0
    assert not award.missing
    asked = schedule.amount({"event": "delay", "delay_min": 200})
    assert asked.missing == ("km",)
    assert not asked.decided
    assert "ask for km" in str(asked)
    with pytest.raises(UndecidedError, match="give `km`"):
        _ = asked.money
    endless = schedules.load("uk_delay_repay").amount({"delay_min": 60})
    assert endless.most is None
    assert "without limit" in str(endless)


def test_per_cent_is_no_money():
    award = schedules.load("us_refund").amount(
        {"kind": "flight", "domestic": True, "shift_min": 180}
    )
    assert str(award).startswith("100 %")
    with pytest.raises(SettingError, match="awards a sum of money"):
        _ = award.money


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"kmm": 3}, "unknown fact `kmm`"),
        ({"kmm": 3}, "did you mean `km`?"),
        ({"bracket": "a"}, "unknown fact `bracket`"),
        ({"bracket": "a"}, "this one is worked out"),
        ({"km": -1}, "fact `km` is `-1`"),
        ({"km": True}, "fact `km` is `True`"),
        ({"km": float("nan")}, "fact `km` is `nan`"),
        ({"km": Decimal("Infinity")}, "fact `km`"),
        ({"km": Decimal("1e40")}, "below 10^12"),
        ({"km": Decimal("1e-90")}, "below 10^12"),
        ({"km": "far"}, "fact `km` is `far`"),
        ({"km": "1_0"}, "fact `km`"),
        ({"km": None}, "fact `km` is `None`"),
        ({"event": "delayed"}, "did you mean `delay`?"),
        ({"intra": 1}, "fact `intra` is `1`"),
        ({"ticket": 19.99}, "fact `ticket` is `19.99`"),
    ],
)
def test_a_bad_fact_is_one_clear_error(facts, message):
    with pytest.raises(FactError) as caught:
        schedules.load("eu261").amount(facts)
    assert message in str(caught.value)


def test_numbers_are_read_exactly():
    schedule = schedules.load("eu261")
    for km in (1500, Decimal("1500.0"), "1500", 1500.0, Fraction(1500), "1.5e3"):
        award = schedule.amount({"event": "delay", "delay_min": 180, "km": km})
        assert award.amount == 250
    third = schedule.amount({"event": "delay", "delay_min": 180, "km": Fraction(4501, 3)})
    assert third.amount == 400


def test_a_gap_is_an_error_that_names_the_table():
    document = with_part(rules=[{"when": {"days_late": "> 2"}, "then": 5}])
    schedule = Schedule.from_document(document)
    with pytest.raises(UndecidedError, match="`delay`"):
        schedule.amount({"price": 1, "days_late": 1})
    [finding] = [each for each in schedule.check() if each.code == "gap"]
    assert finding.place == "delay"
    assert "days_late is at most 2" in str(finding)
    assert schedule.amount({"price": 1}).amount == 5


BAD = [
    ([], "found `[]`, expected a mapping", "document"),
    ("{", "document", ""),
    ("name = ", "document", ""),
    ({"format": 2}, "format: found `2`, expected 1", ""),
    ({"nmae": "x"}, "nmae: unknown", "did you mean `name`?"),
    ({"name": 3}, "name: found `3`, expected a text", ""),
    ({"format": True}, "format: found `True`, expected 1", ""),
    ({"format": 1.0}, "format: found `1.0`, expected 1", ""),
    ({"parts": [{"name": "rate", "formula": "1"}]}, "parts[0].name: `rate` is taken", ""),
    ({"parts": [{"name": "x", "formula": "1"}] * 2}, "parts[1].name: `x` is taken", ""),
    ({"parts": [{"formula": "1"}]}, "parts[0].name", ""),
    (
        {"facts": {"x": {"flag": True, "hit_policy": "collect", "rules": [{"then": True}]}}},
        "facts.x.hit_policy: found `collect`, expected one of `unique`, `first`, `any`",
        "",
    ),
    ({"tests": [{"facts": {"price": 1}, "amount": True}]}, "tests[0].amount: found `True`", ""),
    ({"currency": "EURO"}, "currency: found `EURO`", "did you mean `EUR`?"),
    ({"in_force": "tomorrow"}, "in_force: found `tomorrow`, expected a date", ""),
    ({"in_force": 3}, "in_force: found `3`, expected a date", ""),
    ({"sources": "x"}, "sources: found `x`, expected a list", ""),
    ({"sources": [1]}, "sources[0]: found `1`, expected a text", ""),
    ({"facts": []}, "facts: found `[]`, expected a mapping", ""),
    ({"facts": {"a b": {"flag": True}}}, "facts.a b: found `a b`, expected a name", ""),
    ({"facts": {"min": {"flag": True}}}, "facts.min: found `min`, expected a name", ""),
    ({"facts": {"x": 1}}, "facts.x: found `1`, expected a mapping", ""),
    ({"facts": {"x": {}}}, "facts.x: expected exactly one of", ""),
    ({"facts": {"x": {"flag": True, "choice": ["a"]}}}, "facts.x: expected exactly one of", ""),
    ({"facts": {"x": {"flag": False}}}, "facts.x.flag: found `False`, expected true", ""),
    (
        {"facts": {"x": {"choice": [1]}}},
        "facts.x.choice: found `[1]`, expected a list of texts",
        "",
    ),
    ({"facts": {"x": {"choice": []}}}, "facts.x", "no options"),
    ({"facts": {"x": {"number": {"lo": 1}}}}, "facts.x.number.lo: unknown", "did you mean `low`?"),
    (
        {"facts": {"x": {"number": {"low": "price"}}}},
        "facts.x.number.low: found `price`",
        "a number",
    ),
    ({"facts": {"x": {"number": {"low": "1/2"}}}}, "facts.x.number.low", "expected a number"),
    ({"facts": {"x": {"number": {"low": 5, "high": 1}}}}, "facts.x.number", "no value lies"),
    ({"facts": {"x": {"number": {"integer": 1}}}}, "facts.x.number.integer", "true or false"),
    ({"facts": {"x": {"number": {}, "default": "few"}}}, "facts.x.default: found `few`", ""),
    ({"facts": {"x": {"number": {}, "amount": "up"}}}, "facts.x.amount", "`rises` or `falls`"),
    (
        {"facts": {"x": {"flag": True, "amount": "rises"}}},
        "facts.x.amount: belongs to a number",
        "",
    ),
    (
        {"facts": {"x": {"number": {}, "otherwise": 1}}},
        "facts.x.otherwise: a fact that is given",
        "",
    ),
    (
        {"facts": {"x": {"formula": "y"}, "y": {"formula": "x"}}},
        "`x`, `y` are worked out from each",
        "",
    ),
    ({"facts": {"x": {"formula": "x + 1"}}}, "`x` are worked out from each other", ""),
    ({"facts": {"x": {"formula": "price", "default": 1}}}, "facts.x.default: belongs to", ""),
    ({"facts": {"x": {"choice": ["a"], "formula": "price"}}}, "facts.x.formula: found `price`", ""),
    ({"parts": []}, "parts: expected one part or more", ""),
    ({"parts": 1}, "parts: found `1`, expected a list", ""),
    ({"parts": [{"name": "kind", "formula": "1"}]}, "parts[0].name: `kind` is taken", ""),
    ({"parts": [{"name": "x"}]}, "parts[0]: expected either `formula` or `rules`", ""),
    ({"parts": [{"name": "x", "formula": "1", "rules": []}]}, "either `formula` or `rules`", ""),
    ({"parts": [{"name": "x", "formula": "prise"}]}, "parts[0].formula: names `prise`", "`price`?"),
    ({"parts": [{"name": "x", "formula": "kind"}]}, "parts[0].formula: `kind` is no number", ""),
    ({"parts": [{"name": "x", "formula": "1 +"}]}, "parts[0].formula: found `1 +`, expected", ""),
    ({"parts": [{"name": "x", "formula": True}]}, "parts[0].formula: found `True`", ""),
    ({"parts": [{"name": "x", "formula": "1 / days_late"}]}, "parts[0]", "may divide by 0"),
    (
        {"parts": [{"name": "x", "formula": "1", "when": {"knd": "a"}}]},
        "parts[0].when.knd",
        "`kind`?",
    ),
    ({"parts": [{"name": "x", "formula": "1", "when": {"kind": "a"}}]}, "parts[0].when.kind", ""),
    ({"parts": [{"name": "x", "formula": "1", "when": [3]}]}, "parts[0].when[0]", "a mapping"),
    ({"parts": [{"name": "x", "rules": [{"when": {}}]}]}, "parts[0].rules[0].then: missing", ""),
    ({"parts": [{"name": "x", "rules": [{"then": 1, "to": 1}]}]}, "parts[0].rules[0].to", ""),
    ({"parts": [{"name": "x", "rules": [], "when": {}}]}, "parts[0].when: stands in each", ""),
    ({"parts": [{"name": "x", "rules": [{"then": 1}], "hit_policy": "frist"}]}, "`first`?", ""),
    ({"parts": [{"name": "x", "rules": [{"then": 1, "clause": 3}]}]}, "rules[0].clause", "a text"),
    (
        {"facts": {"x": {"flag": True, "rules": [{"then": True}], "steps": [{"times": 2}]}}},
        "facts.x.steps: belong to a number",
        "",
    ),
    ({"facts": {"x": {"number": 3, "formula": "1"}}}, "facts.x.number: found `3`", ""),
    ({"total": [{"round": "up", "to": 0}]}, "total[0].to: found `0`, expected a place", ""),
    (
        {"total": [{"round": "up", "to": "price"}]},
        "total[0].to: found `price`, expected a place",
        "",
    ),
    ({"total": [{"round": "up", "to": True}]}, "total[0].to: found `True`", ""),
    ({"total": [{"round": "halfup"}]}, "total[0].round: found `halfup`", "did you mean `half_up`?"),
    ({"total": [{"at_most": 1, "to": 1}]}, "total[0].to: belongs to `round` alone", ""),
    ({"total": [{"at_most": 1, "times": 1}]}, "total[0]: expected exactly one of", ""),
    ({"total": [{"at_most": "amount"}]}, "total[0].at_most: names `amount`", ""),
    ({"total": [{"at_most": "1), (2"}]}, "total[0].at_most: `formula` is", ""),
    (
        {"total": [{"at_most": "+".join("1" * 149)}]},
        "total[0].at_most: `formula` is",
        "at most 300",
    ),
    ({"total": [{"at_most": 1, "when": {"kind": "x"}}]}, "total[0].when.kind", ""),
    (
        {"tests": [{"facts": {"prise": 1}, "amount": 1}]},
        "tests[0].facts.prise: unknown",
        "`price`?",
    ),
    ({"tests": [{"facts": {"price": -1}, "amount": 1}]}, "tests[0].facts.price: found `-1`", ""),
    ({"tests": [{"facts": {}, "amount": "price"}]}, "tests[0].amount: found `price`", "an amount"),
    ({"tests": [{"facts": {}}]}, "tests[0].amount", ""),
    ({"notes": ["x"] * 6000}, "notes: found 6000 entries, expected at most 5000", ""),
]


@pytest.mark.parametrize(("change", "message", "hint"), BAD)
def test_a_bad_document_says_where_and_what(change, message, hint):
    if isinstance(change, dict):
        base = parcel()
        if "facts" in change and isinstance(change["facts"], dict):
            change = {**change, "facts": {**base["facts"], **change["facts"]}}
        change = {**base, **change}
    with pytest.raises(DocumentError) as caught:
        Schedule.from_document(change)
    assert message in str(caught.value)
    assert hint in str(caught.value)


def test_texts_may_be_empty_and_rules_without_a_name_are_numbered():
    rules = [{"when": {"kind": each}, "then": 1} for each in ("letter", "parcel")]
    document = with_part(rules=rules, about="", clause="", because="") | {
        "name": "", "title": "", "edition": "", "sources": [""], "notes": [""],
    }  # fmt: skip
    del document["parts"][0]["because"]
    schedule = Schedule.from_document(document)
    assert (schedule.name, schedule.title, schedule.sources, schedule.notes) == (
        "",
        "",
        ("",),
        ("",),
    )
    assert [rule.name for rule in schedule.tables["delay"].rules] == ["rule 1", "rule 2"]


def test_all_problems_are_told_at_once():
    with pytest.raises(DocumentError) as caught:
        Schedule.from_document(parcel(currency="EURO", total=[{"round": "u"}], title=None))
    assert [each.path for each in caught.value.problems] == ["title", "currency", "total[0].round"]
    steps = [{"at_most": 1, "times": 1}, {"round": "u"}, {}]
    with pytest.raises(DocumentError) as caught:
        Schedule.from_document(parcel(total=steps))
    assert [each.path for each in caught.value.problems] == [
        "total[0]", "total[1].round", "total[2]",
    ]  # fmt: skip


def test_a_formula_is_written_as_one_and_a_rule_with_a_clause_as_a_rule():
    document = with_part(formula="price", when={"insured": "true"}, clause="2")
    rule = {"name": "formula", "when": {"insured": "true"}, "then": "price", "clause": "3"}
    document["parts"].append({"name": "more", "rules": [rule], "otherwise": 0})
    written = Schedule.from_document(document).to_document(form="mapping")
    assert written["parts"] == [
        {
            "name": "delay", "formula": "price", "when": {"insured": "true"}, "because": "price",
            "otherwise": 0, "clause": "2",
        },
        {"name": "more", "rules": [rule], "otherwise": 0},
    ]  # fmt: skip


@pytest.mark.parametrize("name", schedules.names())
@pytest.mark.parametrize("form", ["toml", "json", "mapping"])
def test_law_what_is_written_loads_as_an_equal_schedule(name, form):
    schedule = schedules.load(name)
    assert Schedule.from_document(schedule.to_document(form=form)) == schedule


WORDS = st.sampled_from(["why", "clause 3", "§ 4"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                {"round": "down", "to": "0.05"},
                {"at_most": "price / 5"},
                {"pays_above": 2},
                {"penalty": "10% of price"},
                {"becomes": "min(amount, 30)"},
                {"times": "1.5"},
            ]
        ),
        st.fixed_dictionaries(
            {},
            optional={
                "when": st.sampled_from([{"insured": "true"}, [{"kind": "letter"}, {"price": 3}]]),
                "because": WORDS,
                "clause": WORDS,
            },
        ),
    ).map(lambda both: both[0] | both[1]),
    min_size=1,
    max_size=2,
)
RULES = st.fixed_dictionaries(
    {
        "when": st.sampled_from([{"kind": "letter"}, {"days_late": "> 2", "insured": "false"}]),
        "then": st.sampled_from([5, "10% of price", "0.125"]),
    },
    optional={"name": WORDS, "because": WORDS, "clause": WORDS},
)
PARTS = st.tuples(
    st.one_of(
        st.fixed_dictionaries(
            {"formula": st.sampled_from(["price / 3", 7])},
            optional={"when": st.just({"days_late": ">= 2"}), "because": WORDS},
        ),
        st.fixed_dictionaries(
            {
                "rules": st.lists(RULES, min_size=1, max_size=3, unique_by=lambda each: each.get("name", str(each))),
                "hit_policy": st.sampled_from(["unique", "first", "any", "collect"]),
            }
        ),
    ),
    st.fixed_dictionaries(
        {}, optional={"about": WORDS, "clause": WORDS, "steps": STEPS, "otherwise": st.just("1")}
    ),
).map(lambda both: both[0] | both[1])  # fmt: skip


@given(
    st.lists(PARTS, min_size=1, max_size=2),
    st.lists(st.tuples(PARTS, st.booleans()), max_size=1),
    st.none() | STEPS,
    st.sets(st.sampled_from(["in_force", "until", "checked", "edition", "sources", "notes"])),
    st.sampled_from(["toml", "json", "mapping"]),
)
def test_law_whatever_is_written_loads_as_an_equal_schedule(parts, derived, total, less, form):
    document = parcel(
        parts=[{"name": f"p{place}", **part} for place, part in enumerate(parts)],
        total=total or [],
    )
    for fact, declared in derived:
        kind = {"number": {"low": 0, "high": 10**6}} if declared else {}
        document["facts"] = {**document["facts"], "extra": {**kind, **fact}}
        document["parts"].append({"name": "by extra", "formula": "extra"})
    document = {key: each for key, each in document.items() if key not in {*less, "tests"}}
    try:
        schedule = Schedule.from_document(document)
    except DocumentError:
        assume(False)
    again = Schedule.from_document(schedule.to_document(form=form))
    assert again == schedule
    assert [bool(part.steps) for part in again.parts] == [
        "steps" in part for part in document["parts"]
    ]
    assert again.to_document() == schedule.to_document()


def chained(formulas):
    facts = {f"x{place}": {"formula": text} for place, text in enumerate(formulas)}
    return parcel(facts=dict(reversed({**parcel()["facts"], **facts}.items())))


@pytest.mark.unwatched
def test_facts_worked_out_from_each_other_are_read_in_linear_time():
    def seconds(size):
        document = chained(["price", *(f"x{place} + 1" for place in range(size))])
        start = time.process_time()
        schedule = Schedule.from_document(document)
        assert len(schedule.derived) > size
        return time.process_time() - start

    assert seconds(1600) < 20 * max(seconds(200), 0.05)


def test_a_number_that_grows_without_end_is_refused():
    squares = ["days_late + 1000", *(f"x{place} * x{place}" for place in range(60))]
    document = chained(squares)
    document["facts"]["days_late"] = {"number": {"low": 0, "high": 10}}
    with pytest.raises(DocumentError, match="too many digits"):
        Schedule.from_document(document)
    schedule = Schedule.from_document(chained(["price", *squares[1:]]))
    assert schedule.amount({"price": 1, "days_late": 0}).amount is not None
    with pytest.raises(FactError, match="stays below"):
        schedule.amount({"price": 999, "days_late": 0})


@pytest.mark.parametrize("text", ["[" * 100_000, "{" + '"a":{' * 100_000, "#" * 1_000_001])
def test_hostile_documents_are_refused_quickly(text):
    with pytest.raises(DocumentError):
        Schedule.from_document(text)


@given(st.data(), st.sampled_from(schedules.names()))
def test_law_any_facts_of_the_domain_are_answered(data, name):
    schedule = schedules.load(name)
    award = schedule.amount(data.draw(facts_of(schedule, complete=False)))
    assert award.decided == (not award.missing)
    assert award.least >= 0
    assert str(award)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda each: (
            st.lists(each, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "facts",
                        "parts",
                        "total",
                        "tests",
                        "rules",
                        "when",
                        "then",
                        "formula",
                        "number",
                        "name",
                        "price",
                        "round",
                    ]
                ),
                each,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_law_any_mapping_is_a_schedule_or_a_document_error(value):
    try:
        Schedule.from_document({**parcel(), **value} if isinstance(value, dict) else value)
    except DocumentError as error:
        assert error.problems


def test_the_check_finds_where_eu261_turns():
    [long, short] = schedules.load("eu261").turns("km")
    assert "3500 -> 3501 pays 400 -> 300" in str(long)
    assert "1500 -> 1501 pays 250 -> 200" in str(short)


def test_the_check_finds_what_is_odd():
    document = parcel(
        tests=[
            {"facts": {"price": 10, "days_late": 4}, "amount": 6},
            {"facts": {"days_late": 4}, "amount": 6},
        ]
    )
    document["facts"]["days_late"]["amount"] = "falls"
    document["facts"]["unasked"] = {"flag": True, "default": False}
    found = Schedule.from_document(document).check()
    codes = [each.code for each in found]
    assert codes.count("failed-case") == 2
    assert "not-monotone" in codes
    assert "unused-fact" in codes
    assert "expected 6, found 5" in str(found.findings[0])
    assert "expected 6, give price" in str(found.findings[1])


@st.composite
def stepped(draw):
    """Amounts along n that may turn the wrong way, some of them in a stretch of m alone."""
    bounds = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)
    brackets = st.sampled_from(["[{}..{}]", "({}..{})", "[{}..{})", "({}..{}]"])

    def stretch():
        low, high = draw(bounds)
        return draw(brackets).format(low, high + 1)

    rules = [
        {
            "when": {name: stretch() for name in draw(st.sampled_from([["n"], ["m"], ["n", "m"]]))},
            "then": draw(st.sampled_from(["3", "9", "2 * n", "20 - n", "n + 4"])),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    way = draw(st.sampled_from(["rises", "falls"]))
    integer = draw(st.booleans())
    return {
        "name": "stepped",
        "title": "steps",
        "currency": "EUR",
        "facts": {
            "n": {"number": {"low": 0, "high": 14, "integer": True}, "amount": way},
            "m": {"number": {"low": 0, "high": 14, "integer": integer}},
        },
        "parts": [
            {"name": "p", "hit_policy": "first", "rules": rules, "otherwise": draw(st.sampled_from(["0", "6", "n"]))}
        ],
    }  # fmt: skip


@given(stepped())
def test_law_the_amount_turns_the_wrong_way_where_it_is_said_to_and_nowhere_else(document):
    """Against every whole n, with every m that a rule can tell apart."""
    schedule = Schedule.from_document(document)
    sign = 1 if document["facts"]["n"]["amount"] == "rises" else -1
    whole = document["facts"]["m"]["number"]["integer"]
    others = [Decimal(each) / 2 for each in range(0, 29, 2 if whole else 1)]
    wrong = False
    for m in others:
        paid = [schedule.amount({"n": n, "m": m}).amount for n in range(15)]
        wrong |= any((after - before) * sign < 0 for before, after in pairwise(paid))
    turns = schedule.turns("n", most=100)
    assert bool(turns) == wrong
    for turn in turns:
        pair, paid = turn.text.split(" (such as")[0].split(" pays ")
        low, high = (Decimal(each) for each in pair.split(" -> "))
        before, after = (Decimal(each) for each in paid.split(" -> "))
        assert before > after
        assert (high - low) * sign > 0
        other = dict(turn.witness)
        for value, amount in ((low, before), (high, after)):
            assert schedule.amount({"m": 0, **other, "n": int(value)}).amount == amount


@given(
    st.integers(1, 12).flatmap(
        lambda low: st.tuples(
            st.sampled_from(["({}..{})", "[{}..{}]", "({}..{}]", "> {}", "< {}", "{}"]),
            st.just(low),
            st.integers(low + 1, 13),
        )
    ),
    st.booleans(),
)
def test_law_no_stretch_of_another_fact_is_passed_over(stretch, integer):
    form, low, high = stretch
    assume(high - low > 1 or not integer)
    document = {
        "name": "odd",
        "title": "falls where m lies in one stretch",
        "currency": "EUR",
        "facts": {
            "n": {"number": {"low": 0, "high": 14, "integer": True}, "amount": "rises"},
            "m": {"number": {"low": 0, "high": 14, "integer": integer}},
        },
        "parts": [
            {
                "name": "p",
                "rules": [{"when": {"m": form.format(low, high)}, "then": "20 - n"}],
                "otherwise": "0",
            }
        ],
    }
    [turn, *_] = Schedule.from_document(document).turns("n")
    case = dict(turn.witness)
    schedule = Schedule.from_document(document)
    assert schedule.amount({**case, "n": 0}).amount == 20


@given(stepped())
def test_law_the_limit_is_the_number_of_cases_worked_out(document):
    counted = []

    class Counting(Schedule):
        def amount(self, *args, **named):
            counted.append(1)
            return super().amount(*args, **named)

    schedule = Counting.from_document(document)
    turns = schedule.turns("n")
    assume(counted)
    assert schedule.turns("n", limit=len(counted)) == turns
    with pytest.raises(WorkLimitError):
        schedule.turns("n", limit=len(counted) // 2 - 1)


@given(st.integers(1, 20), st.integers(1, 20))
def test_law_a_part_is_compared_exactly_with_a_bound(late, bound):
    """To the last of more digits than a float holds."""
    tiny = f"0.{bound:012}"
    document = with_part(formula="days_late / 1000000000000 + 10000000000")
    more = {"name": "more", "formula": "1", "when": {"delay": f">= {10**10 + Decimal(tiny)}"}}
    document["parts"].append(more)
    award = Schedule.from_document(document).amount({"days_late": late, "price": 0})
    assert award.amount == 10**10 + (late >= bound)


@given(st.integers(1, 8), st.integers(0, 2))
def test_law_what_is_above_nothing_stays_so_however_often_it_is_parted(times, late):
    document = parcel(total=[], tests=[])
    for place in range(times):
        before = f"x{place - 1}" if place else "days_late"
        document["facts"][f"x{place}"] = {"formula": f"{before} / 999999999999999"}
    document["parts"] = [{"name": "p", "formula": "1", "when": {f"x{times - 1}": "> 0"}}]
    award = Schedule.from_document(document).amount({"days_late": late, "price": 0})
    assert award.amount == (late > 0)


@given(st.integers(0, 12), st.integers(0, 9))
def test_law_a_working_that_ends_is_told_to_its_last_place(twos, late):
    document = parcel(
        total=[], tests=[], parts=[{"name": "p", "formula": "1", "when": {"x": ">= 0"}}]
    )
    document["facts"]["x"] = {"formula": "days_late" + " / 1024" * twos}
    award = Schedule.from_document(document).amount({"days_late": late, "price": 0})
    [working] = [each for each in award.workings if each.fact == "x"]
    assert Fraction(working.value) == Fraction(late, 1024**twos)


def test_following_a_fact_needs_a_direction_and_a_limit():
    schedule = schedules.load("eu261")
    with pytest.raises(SettingError, match="one that the amount rises or falls with"):
        schedule.turns("regime")
    with pytest.raises(WorkLimitError, match="needs more than 10 cases"):
        schedule.turns("km", limit=10)
    assert len(schedule.turns("km", most=1)) == 1


def test_overlapping_rules_are_found_not_guessed_at():
    document = with_part(
        rules=[
            {"when": {"days_late": ">= 2"}, "then": 5},
            {"when": {"days_late": "<= 2"}, "then": 1},
        ]
    )
    schedule = Schedule.from_document(document)
    [conflict] = [each for each in schedule.check() if each.code == "conflict"]
    assert "days_late is 2" in str(conflict)
    with pytest.raises(HitPolicyError, match="2 rules matched"):
        schedule.amount({"days_late": 2})


def test_there_is_no_other_schedule():
    with pytest.raises(SettingError, match="did you mean `eu261`"):
        schedules.load("eu_261")
    with pytest.raises(SettingError):
        schedules.text("")


def test_a_currency_without_places_is_rounded_to_whole_units():
    document = with_part(formula="price / 3")
    document["currency"] = "JPY"
    award = Schedule.from_document(document).amount({"price": 100, "days_late": 0})
    assert award.money.amount == 33
    with pytest.raises(MoneyError):
        award.money.same(
            schedules.load("eu261").amount({"event": "cancellation", "notice_days": 20}).money
        )


def test_a_season_ticket_says_that_its_short_delays_add_up():
    rail = schedules.load("eu_rail")
    award = rail.amount({"price": 49, "delay_min": 40, "season": True})
    assert award.amount == 0
    assert "add up" in award.parts[0].because[0]
    assert award.parts[0].clause == "Art 19(2)"
    for case in ({"delay_min": 40}, {"delay_min": 0, "season": True}):
        assert rail.amount({"price": 49, **case}).parts[0].because == ("no rule matched",)


@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.parametrize("kind", ["a", "b", "c"])
@pytest.mark.parametrize("usual", [{}, {"flag": True, "kind": "b"}])
def test_no_option_and_no_flag_is_passed_over_where_the_amount_turns(flag, kind, usual):
    when = {"flag": str(flag).lower(), "kind": kind}
    document = {
        "name": "odd",
        "title": "falls for some",
        "currency": "EUR",
        "facts": {
            "n": {"number": {"low": 0, "high": 9}, "amount": "rises"},
            "flag": {"flag": True},
            "kind": {"choice": ["a", "b", "c"]},
        },
        "parts": [{"name": "p", "rules": [{"when": when, "then": "20 - n"}], "otherwise": "0"}],
    }
    for name, value in usual.items():
        document["facts"][name]["default"] = value
    [turn, *_] = Schedule.from_document(document).turns("n")
    assert dict(turn.witness) == {"flag": flag, "kind": kind}


def test_a_fact_is_used_wherever_something_asks_about_it():
    facts = {
        "a": {"number": {}},
        "b": {"number": {"low": 1}},
        "c": {"flag": True, "default": False},
        "d": {"choice": ["x", "y"], "default": "x"},
        "e": {"flag": True, "default": False},
        "f": {"number": {}, "default": 0},
        "alone": {"choice": ["x"], "default": "x"},
        "x": {"formula": "a"},
    }
    part = {"name": "p", "formula": "x", "when": {"d": "x"}, "steps": [{"times": "b"}]}
    total = [{"at_most": "f", "when": {"c": "true"}}]

    def unused(**changes):
        document = parcel(facts=facts, parts=[part], total=total, tests=[]) | changes
        found = Schedule.from_document(document).check()
        return [each.place for each in found if each.code == "unused-fact"]

    assert unused() == ["facts.e"]
    assert unused(total=[]) == ["facts.c", "facts.e", "facts.f"]
    assert unused(parts=[{**part, "steps": []}]) == ["facts.b", "facts.e"]
    assert unused(parts=[{**part, "when": {"e": "true"}}]) == ["facts.d"]


def test_a_part_says_which_rules_it_comes_from():
    rules = [
        {"name": "one", "when": {"days_late": "> 2"}, "then": 5, "clause": "1", "because": "late"},
        {"name": "two", "when": {"insured": "true"}, "then": "10% of price", "clause": "2"},
        {"name": "three", "when": {"price": "> 50"}, "then": 1, "clause": "1"},
    ]
    document = with_part(hit_policy="collect", rules=rules, clause="all")
    schedule = Schedule.from_document(document)
    [part] = schedule.amount({"price": 100, "days_late": 3, "insured": True}).parts
    assert (part.formula, part.clause) == ("5 + 10% of price + 1", "1, 2")
    assert part.because[0] == "late"
    [part] = schedule.amount({"price": 1, "days_late": 0, "insured": False}).parts
    assert (part.formula, part.clause, part.amount) == ("0", "all", 0)
    document["parts"][0]["steps"] = [{"at_most": 6}]
    [part] = Schedule.from_document(document).amount({"price": 90, "days_late": 3}).parts
    assert (part.amount, part.formula, part.clause) == (6, "5 + 1", "1")


def test_a_schedule_of_which_nothing_rises_says_so():
    document = with_part(formula="price")
    del document["facts"]["days_late"]["amount"]
    with pytest.raises(SettingError, match="none, since none says so"):
        Schedule.from_document(document).turns("price")
