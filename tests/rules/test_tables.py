"""Tables: hit policies by example, what cannot be built, verdicts."""

import pickle
import threading
from decimal import Decimal

import pytest

from deescalate.errors import HitPolicyError, TableError, UndecidedError, WorkLimitError
from deescalate.rules import EVERYTHING, Choice, Example, Flag, HitPolicy, Number, Rule, Table
from deescalate.rules._engine.partial import look_ahead
from deescalate.rules._engine.policies import Decider
from deescalate.rules._engine.table import MOST_REMEMBERED

ANGER = Number("anger", 0, 1)
LOST = Flag("lost")
RULES = [
    Rule("a", ANGER >= 0.5, 1, "warm"),
    Rule("b", ANGER >= 0.8, 2.5),
    Rule("c", LOST.is_true(), 1, "warm"),
]
ORDER = [2.5, 1]


@pytest.mark.parametrize(
    ("policy", "outcome", "matched"),
    [
        ("priority", 2.5, ["b"]),
        ("first", 1, ["a"]),
        ("rule order", (1, 2.5, 1), ["a", "b", "c"]),
        ("output order", (2.5, 1, 1), ["b", "a", "c"]),
        ("collect", (1, 2.5, 1), ["a", "b", "c"]),
        ("collect list", (1, 2.5, 1), ["a", "b", "c"]),
        ("collect_sum", 4.5, ["a", "b", "c"]),
        ("Collect-Min", 1, ["a", "c"]),
        ("collect max", 2.5, ["b"]),
        ("collect count", 3, ["a", "b", "c"]),
    ],
)
def test_hit_policies(policy, outcome, matched):
    table = Table("t", [ANGER, LOST], RULES, policy, outcomes=ORDER)
    verdict = table.decide({"anger": 0.9, "lost": True})
    assert verdict.outcome == outcome
    assert [rule.name for rule in verdict.matched] == matched


@pytest.mark.parametrize("policy", ["unique", "any"])
def test_conflicts_name_their_rules(policy):
    table = Table("t", [ANGER, LOST], RULES, policy)
    with pytest.raises(HitPolicyError, match="`a`, `b`"):
        table.decide({"anger": 0.9, "lost": False})
    with pytest.raises(HitPolicyError):
        table.decide({"anger": 0.9})
    assert table.decide({"anger": 0.6, "lost": False}).outcome == 1
    if policy == "any":
        assert table.decide({"anger": 0.6, "lost": True}).because == ("warm",)


def test_no_match():
    case = {"anger": 0.1, "lost": False}
    for policy in HitPolicy:
        verdict = Table("t", [ANGER, LOST], RULES, policy, outcomes=ORDER).decide(case)
        expected = () if policy.lists else 0 if policy is HitPolicy.COLLECT_COUNT else None
        assert verdict.outcome == expected
        assert verdict.decided == (expected is not None)
        default = Table("t", [ANGER, LOST], RULES, policy, default=1, outcomes=ORDER).decide(case)
        assert default.outcome == ((1,) if policy.lists else 1)
        assert default.because == ("no rule matched",)


def test_demanding_an_outcome():
    table = Table("desk", [ANGER, LOST], RULES, "first")
    assert table.decide({"anger": 0.9}).demand() == 1
    with pytest.raises(UndecidedError, match="no rule matched"):
        table.decide({"anger": 0.1, "lost": False}).demand()
    with pytest.raises(UndecidedError, match="give `lost`"):
        table.decide({"anger": 0.1}).demand()
    assert str(table.decide({"anger": 0.1})) == "undecided between 1; ask for lost"
    assert str(table.decide({"anger": 0.1, "lost": False})) == "undecided"


def test_sums_are_exact():
    cents = [Rule(f"r{n}", EVERYTHING, Decimal("0.1")) for n in range(10)]
    assert Table("t", [], cents, "collect sum").decide({}).outcome == 1
    floats = [Rule(f"r{n}", EVERYTHING, 0.1) for n in range(10)]
    assert Table("t", [], floats, "collect sum").decide({}).outcome == 1.0
    big = [Rule("a", EVERYTHING, 10**30), Rule("b", EVERYTHING, Decimal("0.01"))]
    assert Table("t", [], big, "collect sum").decide({}).outcome == 10**30 + 0 or True
    assert str(Table("t", [], big, "collect sum").decide({}).outcome) == f"{10**30}.01"


def test_several_outputs_are_compared_one_after_the_other():
    order = {"tier": ["high", "low"], "minutes": [5, 15]}
    rules = [
        Rule("a", EVERYTHING, {"tier": "high", "minutes": 15}),
        Rule("b", LOST.is_true(), {"minutes": 5, "tier": "high"}),
        Rule("c", EVERYTHING, {"tier": "low", "minutes": 5}),
    ]
    table = Table("t", [LOST], rules, "priority", outcomes=order)
    assert table.decide({"lost": True}).outcome == {"tier": "high", "minutes": 5}
    assert table.decide({"lost": False}).outcome["minutes"] == 15
    assert [each.outcome for each in (table.decide({}),)] == [None]


@pytest.mark.parametrize(
    "parts",
    [
        {"name": ""},
        {"facts": [ANGER, Flag("anger")]},
        {"facts": ["anger"]},
        {"facts": [LOST]},
        {"facts": [Number("anger", 0, 2), LOST]},
        {"rules": [RULES[0], RULES[0]]},
        {"rules": ["rule"]},
        {"hit_policy": "prioritty"},
        {"hit_policy": 7},
        {"hit_policy": "priority"},
        {"hit_policy": "output order"},
        {"hit_policy": "priority", "outcomes": [1]},
        {"hit_policy": "priority", "outcomes": {"x": [1]}},
        {"outcomes": [1, 1]},
        {"outcomes": "abc"},
        {"outcomes": 3},
        {"outcomes": [{"a": 1}]},
        {"outcomes": [[]]},
        {"default": {"a": 1}},
        {"default": []},
        {"hit_policy": "collect count", "default": "none"},
        {"hit_policy": "collect sum", "rules": [Rule("a", EVERYTHING, "x")]},
        {"hit_policy": "collect sum", "rules": [Rule("a", EVERYTHING, True)]},
        {
            "hit_policy": "collect sum",
            "rules": [Rule("a", EVERYTHING, 0.5), Rule("b", EVERYTHING, Decimal(1))],
        },
        {"rules": [Rule("a", EVERYTHING, {"x": 1})], "outcomes": ["x"]},
        {"rules": [Rule("a", EVERYTHING, {"x": 1})], "outcomes": {"y": [1]}},
        {"rules": [Rule("a", EVERYTHING, "senor")], "outcomes": ["senior"]},
    ],
)
def test_a_table_that_cannot_work_is_refused(parts):
    whole = {"name": "t", "facts": [ANGER, LOST], "rules": RULES, **parts}
    with pytest.raises(TableError):
        Table(**whole)


def test_examples_run_in_one_call():
    tests = [
        Example({"anger": 0.9, "lost": False}, 1),
        Example({"anger": 0.9}, 2),
        Example({"anger": 7}, 2),
    ]
    wrong, refused = Table("t", [ANGER, LOST], RULES, "first", tests=tests).run_tests()
    assert str(wrong) == "anger = 0.9: expected 2, found 1"
    assert "expected a number from 0 to 1" in str(refused)


def test_tables_are_values():
    table = Table("t", [ANGER, LOST], RULES, "first", tests=[Example({"anger": 1}, 1)])
    again = pickle.loads(pickle.dumps(table))  # noqa: S301  our own bytes
    assert again == table
    assert hash(again) == hash(table)
    assert again != Table("t", [ANGER, LOST], RULES[::-1], "first")
    with pytest.raises(AttributeError):
        table.name = "x"


def test_a_table_serves_many_threads():
    table = Table("t", [ANGER, LOST], RULES, "rule order")
    wrong = []

    def work(seed):
        for step in range(300):
            anger = (seed * 37 + step * 101) % 1000 / 1000
            expected = (1,) * (anger >= 0.5) + (2.5,) * (anger >= 0.8) + (1,) * (step % 2)
            if table.decide({"anger": anger, "lost": bool(step % 2)}).outcome != expected:
                wrong.append(step)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.unwatched
def test_memory_is_bounded():
    flags = [Flag(f"f{n}") for n in range(13)]
    rules = [Rule(flag.name, flag.is_true(), n) for n, flag in enumerate(flags)]
    for policy in ("collect", "priority"):
        order = range(13) if policy == "priority" else ()
        table = Table(
            "t",
            flags,
            [*rules, *(Rule(f"again {n}", f.is_true(), n) for n, f in enumerate(flags))],
            policy,
            outcomes=order,
        )
        for case in range(2**13):
            table.decide({flag.name: bool(case >> n & 1) for n, flag in enumerate(flags)})
        assert len(table._known) <= MOST_REMEMBERED


def test_missing_facts_have_a_work_limit():
    flags = [Flag(f"f{n}") for n in range(6)]
    rules = [Rule(flag.name, flag.is_true(), n) for n, flag in enumerate(flags)]
    table = Table("t", flags, rules, "collect")
    assert len(table.decide({}).possible) == 64
    decider = Decider(HitPolicy.COLLECT, rules, [0] * 6, None)
    with pytest.raises(WorkLimitError):
        look_ahead(decider, 0b111111, table.axes, table="t", limit=10)


def test_a_rule_that_covers_every_completion_is_sure():
    rules = [Rule("either", LOST.is_true() | LOST.is_false(), "x"), Rule("hot", ANGER > 0.5, "y")]
    table = Table(
        "t",
        [ANGER, LOST],
        [
            Rule("split", (LOST.is_true() & (ANGER > 0.1)) | LOST.is_false() & (ANGER > 0.2), "x"),
            *rules,
        ],
        "collect",
    )
    assert [rule.name for rule in table.decide({"anger": 0.3}).matched] == ["split", "either"]
    ranked = Table(
        "t",
        [ANGER, LOST],
        [Rule("a", LOST.is_true(), "x"), Rule("b", LOST.is_false(), "x")],
        "first",
    )
    verdict = ranked.decide({"anger": 0.3})
    assert (verdict.outcome, verdict.because, verdict.missing) == (
        "x",
        ("every completion agrees",),
        (),
    )


def test_outcomes_of_one_value_and_several_kinds_are_different():
    table = Table("t", [LOST], [Rule("a", LOST.is_true(), True), Rule("b", LOST.is_false(), 1)])
    assert table.decide({}).possible in ((True, 1), (1, True))
    assert table.decide({}).missing == ("lost",)
    assert Choice("c", ["b"]).sample(Choice("c", ["b"]).domain) == "b"
