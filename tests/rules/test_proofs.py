"""Proofs by example: what they say, their limits, and that they scale to real strategies."""

import random
import time

import pytest

from deescalate.errors import HitPolicyError, SettingError, TableError, WorkLimitError
from deescalate.rules import EVERYTHING, Choice, Example, Flag, Number, Rule, Table
from deescalate.rules.proofs import (
    always,
    can_merge,
    check,
    dead_rules,
    differences,
    gaps,
    is_monotone,
    nearest,
    never,
    overlaps,
    unreachable,
)

ANGER = Number("anger", 0, 1)
COUNT = Number("count", 0, integer=True)
THREAT = Choice("threat", ["none", "legal"])
LOST = Flag("lost")


def desk(*rules, policy="first", default=None, facts=(ANGER, COUNT, THREAT, LOST), **more):
    return Table("desk", facts, rules, policy, default, **more)


def test_between_nine_and_ten_there_is_nothing():
    rules = [Rule("few", COUNT <= 9, "a"), Rule("many", COUNT >= 10, "b")]
    assert not gaps(desk(*rules, policy="unique"))
    assert gaps(desk(Rule("few", ANGER <= 0.5, "a"), Rule("many", ANGER > 0.51, "b")))


def test_every_proof_gives_up_at_its_limit():
    chance = random.Random(1)
    flags = [Flag(f"f{n}") for n in range(12)]
    rules = [
        Rule(f"r{n}", (a.is_true() if chance.random() < 0.5 else a.is_false()) & b.is_true(), n % 3)
        for n in range(40)
        for a, b in [chance.sample(flags, 2)]
    ]
    table = Table("hard", flags, rules, "first")
    other = Table("hard", flags, rules[::-1], "first")
    for ask in (
        lambda: gaps(table, most=10**6, limit=3),
        lambda: dead_rules(table, limit=1),
        lambda: differences(table, other, limit=3),
        lambda: never(table, flags[3].is_true(), 2, most=10**6, limit=2),
        lambda: is_monotone(table, "f0", most=10**6, limit=2),
        lambda: nearest(
            table, {flag.name: True for flag in flags}, lambda outcome: outcome == 99, limit=5
        ),
    ):
        with pytest.raises(WorkLimitError, match="more than"):
            ask()


def test_laws_with_several_outputs_and_functions():
    table = desk(
        Rule("a", LOST.is_true(), {"tier": "high", "minutes": 5}),
        Rule("b", EVERYTHING, {"tier": "low", "minutes": 60}),
    )
    assert not always(table, LOST.is_true(), {"tier": "high"})
    assert not always(table, EVERYTHING, lambda outcome: outcome["minutes"] <= 60)
    assert not never(table, LOST.is_false(), {"tier": "high"})
    witness = never(table, EVERYTHING, {"tier": "low"})[0]
    assert witness.facts["lost"] is False
    assert witness.rules == ("b",)
    assert "tier low, minutes 60" in str(witness)
    assert always(desk(Rule("a", LOST.is_true(), 1)), EVERYTHING, 1)[0].outcome is None
    assert never(desk(default=3), EVERYTHING, 3)
    with pytest.raises(TableError, match="when"):
        never(table, Flag("lots").is_true(), 3)
    listing = desk(Rule("a", LOST.is_true(), 1), policy="collect", default=2)
    assert never(listing, EVERYTHING, 2)
    assert not never(listing, LOST.is_true(), 2)
    assert always(listing, EVERYTHING, 1)[0].facts["lost"] is False
    assert not always(desk(Rule("a", LOST.is_true(), 1), policy="unique"), LOST.is_true(), 1)


def test_check_says_what_is_wrong_the_gravest_first():
    table = desk(
        Rule("low", ANGER <= 0.5, "a"),
        Rule("high", ANGER >= 0.5, "a"),
        Rule("nothing", ANGER > 1, "b"),
        policy="unique",
        outcomes=["a", "b", "c"],
        tests=[Example({"anger": 0.1, "count": 0, "threat": "none", "lost": True}, "b")],
    )
    findings = check(table).findings
    assert [finding.code for finding in findings] == [
        "failed-test", "overlap", "dead-rule", "unreachable-outcome", "unreachable-outcome",
        "unused-fact", "unused-fact", "unused-fact",
    ]  # fmt: skip
    assert "expected b, found a" in str(findings[0])
    assert str(findings[2]) == "warning dead-rule (rules[2]): nothing matches nothing"
    assert [each.place for each in findings] == [
        "tests[0]", "rules[0]", "rules[2]", "outcomes", "outcomes", "facts.count", "facts.threat",
        "facts.lost",
    ]  # fmt: skip
    clash = desk(Rule("a", ANGER > 0.5, 1), Rule("b", ANGER > 0.6, 2), policy="any", default=3)
    assert check(clash).findings[0].code == "conflict"
    assert not [
        each
        for each in check(
            desk(Rule("a", ANGER > 0.5, 1), Rule("b", ANGER > 0.6, 1), policy="any", default=3)
        )
        if each.severity == "error"
    ]
    assert not unreachable(desk(policy="collect count"))
    merged = check(
        desk(
            Rule("a", LOST.is_true(), 1),
            Rule("b", LOST.is_false(), 1),
            policy="unique",
            facts=[LOST],
        )
    )
    assert [finding.code for finding in merged] == ["mergeable"]


def test_a_rule_between_keeps_two_apart():
    rules = [
        Rule("a", ANGER < 0.5, 1),
        Rule("b", COUNT > 3, 2),
        Rule("c", ANGER.between(0.5, 0.7), 1),
    ]
    assert not can_merge(desk(*rules))
    assert can_merge(desk(*rules, policy="collect"))
    assert not can_merge(desk(Rule("a", ANGER < 0.3, 1), Rule("c", ANGER > 0.7, 1)))
    assert not can_merge(
        desk(Rule("a", ANGER < 0.5, 1), Rule("c", ANGER > 0.3, 1), policy="collect sum")
    )


def test_versions_may_differ_in_their_facts():
    old = desk(
        Rule("a", COUNT > 3, 1), Rule("t", THREAT.is_("legal"), 1), default=0, facts=[COUNT, THREAT]
    )
    wide = Number("count", -5, 100)
    more = Choice("threat", ["legal", "violence", "none"])
    new = Table(
        "desk",
        [wide, more, LOST],
        [
            Rule("a", wide > 5.5, 1),
            Rule("v", more.is_("violence"), 1),
            Rule("t", more.is_("legal"), 1),
        ],
        "first",
        0,
    )
    [difference] = differences(old, new)
    assert str(difference.region) == "count is from 4 to 5 and threat is none"
    assert str(difference).startswith("count is from 4 to 5 and threat is none: 1 -> 0 (such as")
    with pytest.raises(TableError, match="kind"):
        differences(desk(facts=[COUNT]), Table("d", [Flag("count")], [], "first"))
    with pytest.raises(TableError, match="share"):
        differences(desk(facts=[THREAT]), Table("d", [Choice("threat", ["x"])], [], "first"))
    gone = Table("d", [ANGER], [Rule("a", ANGER >= 0.5, 1)], "first", 0)
    [difference] = differences(Table("d", [ANGER], [], "first"), gone)[:1]
    assert "no outcome -> " in str(difference)
    narrow = Choice("threat", ["none", "other"])
    assert (
        differences(
            old,
            Table(
                "d",
                [COUNT, narrow],
                [Rule("a", COUNT > 3, 1), Rule("o", narrow.is_("other"), 1)],
                "first",
                0,
            ),
        )
        == ()
    )


def test_monotony_of_other_kinds():
    rules = [Rule("a", LOST.is_true(), "low"), Rule("b", THREAT.is_("legal"), "high")]
    table = desk(*rules, default="low")
    assert is_monotone(table, "threat", ["low", "high"]) == ()
    assert is_monotone(table, "lost", ["low", "high"])
    assert is_monotone(table, "lost", lambda _: 0) == ()
    assert is_monotone(desk(*rules, policy="collect count"), "lost") == ()
    assert is_monotone(desk(*rules, policy="collect"), "lost", len) == ()
    for fact, order in (("lots", ["low", "high"]), ("lost", ["low"]), ("lost", None)):
        with pytest.raises(SettingError):
            is_monotone(table, fact, order)
    with pytest.raises(SettingError):
        is_monotone(desk(*rules, policy="collect"), "lost", ["low", "high"])
    with pytest.raises(SettingError):
        is_monotone(table, "zzz", ["low", "high"])


def test_nearest():
    table = desk(
        Rule("a", (ANGER > 0.5) & (COUNT >= 3), "x"), Rule("b", ANGER < 0.2, "y"), default="z"
    )
    case = {"anger": 0.4, "count": 5, "threat": "none", "lost": False}
    assert nearest(table, case).changed == ("anger",)
    assert nearest(table, case).outcome == "x"
    far = nearest(table, case, "y")
    assert far.facts["anger"] < 0.2
    assert nearest(table, case, "z") is None
    assert nearest(table, case, "w") is None
    clash = desk(Rule("a", ANGER > 0.5, "x"), Rule("b", ANGER > 0.6, "y"), policy="unique")
    with pytest.raises(HitPolicyError):
        nearest(clash, {**case, "anger": 0.9})
    assert nearest(clash, {**case, "anger": 0.1}).facts["anger"] == 0.55
    assert overlaps(clash)[0].conflict


def test_a_strategy_of_thirty_facts_is_proved_quickly():
    chance = random.Random(5)
    facts = [Flag(f"flag{n}") for n in range(18)] + [
        Choice(f"choice{n}", ["a", "b", "c", "d"]) for n in range(6)
    ]
    facts += [Number(f"number{n}", 0, 1) for n in range(6)]

    def test():
        fact = chance.choice(facts)
        if isinstance(fact, Flag):
            return fact.is_true() if chance.random() < 0.5 else fact.is_false()
        if isinstance(fact, Choice):
            return fact.is_in(*chance.sample(fact.options, 2))
        return fact >= 0.5 if chance.random() < 0.5 else fact < 0.5

    rules = [
        Rule(f"r{n}", test() & test() & test(), {"move": f"m{n % 9}", "phase": n % 4})
        for n in range(90)
    ]
    guard = Rule("safety", facts[0].is_true(), {"move": "safety", "phase": 9})
    for policy in ("first", "rule order"):
        table = Table(
            "strategy", facts, [guard, *rules], policy, default={"move": "m0", "phase": 0}
        )
        started = time.process_time()
        if policy == "first":
            assert not always(table, facts[0].is_true(), {"phase": 9})
            assert not never(table, facts[0].is_true(), {"phase": 3})
        else:
            assert not always(table, facts[0].is_true(), {"phase": 9})
        assert never(table, facts[0].is_false(), {"phase": 3})
        check(table)
        assert time.process_time() - started < 20


def test_dead_by_a_union_of_alternatives():
    rules = [
        Rule("a", (ANGER < 0.3) | LOST.is_true(), 1),
        Rule("b", (ANGER > 0.2) & LOST.is_false(), 2),
        Rule("c", THREAT.is_("legal") | (COUNT > 3), 3),
    ]
    [dead] = dead_rules(desk(*rules))
    assert str(dead) == "c is always outranked by a, b"


def test_monotony_of_a_number_without_an_end():
    balance = Number("balance")
    rules = [Rule("any", balance <= 5, "high")]
    table = Table("t", [balance], rules, "priority", default="low", outcomes=["high", "low"])
    [turn] = is_monotone(table, "balance", ["low", "high"])
    assert (turn.before, turn.after) == ("high", "low")
    assert turn.higher["balance"] > 5 >= turn.lower["balance"]
    assert not is_monotone(table, "balance", ["high", "low"])


def test_a_table_that_asks_nothing_is_proved_too():
    always_so = Table("t", [], [Rule("a", EVERYTHING, 1), Rule("b", EVERYTHING, 2)], "first")
    assert [dead.rule for dead in dead_rules(always_so)] == ["b"]
    assert unreachable(always_so) == (2,)
    assert not gaps(always_so)
    assert gaps(Table("t", [], [], "first"))


def test_totals_are_proved_without_trying_every_combination():
    flags = [Flag(f"f{number}") for number in range(24)]
    rules = [Rule(flag.name, flag.is_true(), number + 1) for number, flag in enumerate(flags)]
    added = Table("t", flags, rules, "collect sum", default=999)
    assert not never(added, EVERYTHING, 301, limit=5000)
    assert not never(added, EVERYTHING, -1, limit=5000)
    assert never(added, EVERYTHING, 300)[0].outcome == 300
    counted = Table("t", flags, rules, "collect count")
    assert not never(counted, EVERYTHING, 25, limit=5000)
    assert never(counted, EVERYTHING, 24)[0].outcome == 24
    assert unreachable(added) == ()
    stated = Table("t", flags[:3], rules[:3], "collect sum", outcomes=[1, 2, 3, 7])
    assert unreachable(stated) == (7,)


def test_what_no_rule_gives_needs_no_splitting():
    rules = [Rule("a", ANGER > 0.5, "x"), Rule("b", LOST.is_true(), "y")]
    table = desk(*rules, policy="unique")
    assert never(table, EVERYTHING, "z", limit=1) == ()
    [witness, *_] = never(table, EVERYTHING, "x")
    assert witness.facts["lost"] is False


def test_monotony_where_the_first_rule_wins_though_it_gives_less():
    rules = [Rule("a", (ANGER > 0.5) & LOST.is_true(), 1), Rule("b", THREAT.is_("legal"), 2)]
    [turn] = is_monotone(desk(*rules, default=0), "anger", [0, 1, 2])
    assert (turn.before, turn.after, turn.lower["threat"]) == (2, 1, "legal")
    assert is_monotone(desk(*rules, default=0), "count", [0, 1, 2]) == ()


def test_an_overlap_of_alternatives_names_every_region():
    rules = [
        Rule("a", (ANGER < 0.2) | (ANGER > 0.8), 1),
        Rule("b", LOST.is_true() | (COUNT > 3), 2),
    ]
    [overlap] = overlaps(desk(*rules))
    assert [str(region) for region in overlap.regions] == [
        "anger is below 0.2 and lost is true",
        "anger is below 0.2 and count is above 3",
        "anger is above 0.8 and lost is true",
        "anger is above 0.8 and count is above 3",
    ]
    assert overlap.region == overlap.regions[0]
    assert str(overlap).startswith(
        "a and b disagree: anger is below 0.2 and lost is true, or anger"
    )


def test_a_total_of_rules_that_never_match_together_may_be_more_than_a_float_holds():
    x, y = Flag("x"), Flag("y")
    rules = (
        Rule("a", x.is_true(), 1e308),
        Rule("b", ~x.is_true(), 1e308),
        Rule("c", ~x.is_true() & y.is_true(), 1.0),
    )
    table = Table("huge", (x, y), rules, "collect sum")
    assert never(table, EVERYTHING, 5.0) == ()
