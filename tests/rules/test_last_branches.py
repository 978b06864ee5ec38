"""Corners of the rules room that no other test reaches."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.documents import write_toml
from deescalate.errors import DocumentError, TableError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Flag,
    Number,
    Rule,
    Table,
)
from deescalate.rules._engine.cells import read_cell, read_values
from deescalate.rules._engine.matching import axes_of
from deescalate.rules._engine.sets import Bound, NumberSet, Stretch
from deescalate.rules.proofs import differences, is_monotone
from deescalate.rules.proofs._search import Search
from deescalate.testing.rules import cases, is_allowed

ANGER = Number("anger", 0, 1)
LOST = Flag("lost")
COUNT = Number("count")


def collecting(*rules):
    return Table("desk", [LOST], rules, hit_policy="collect")


def test_a_fact_needs_a_text_as_its_name():
    document = {"format": 1, "name": "desk", "facts": {5: {"flag": True}}, "rules": []}
    with pytest.raises(DocumentError, match="found the key `5`, expected a text"):
        Table.from_document(document)


def test_a_collected_list_differs_only_by_what_is_in_it():
    first = Rule("a", LOST.is_true(), "call")
    second = Rule("b", LOST.is_true(), "write")
    assert differences(collecting(first, second), collecting(second, first)) == ()
    (found,) = differences(collecting(first, second), collecting(first))
    assert found.before == ("call", "write")
    assert found.after == ("call",)


def test_a_conflict_differs_from_an_outcome():
    rules = [Rule("a", LOST.is_true(), "call"), Rule("b", LOST.is_true(), "write")]
    clash = Table("desk", [LOST], rules)
    clear = Table("desk", [LOST], rules[:1])
    (found,) = differences(clash, clear)
    assert found.before is None
    assert found.after == "call"


def test_versions_that_share_no_option_cannot_be_compared():
    old, new = Choice("threat", ["legal"]), Choice("threat", ["violence"])
    tables = [
        Table("desk", [fact], [Rule("a", fact.is_(fact.options[0]), "x")]) for fact in (old, new)
    ]
    with pytest.raises(TableError, match="share none of its options"):
        differences(*tables)


@given(st.data())
def test_incomplete_cases_hold_only_declared_facts(data):
    case = data.draw(cases([ANGER, LOST], complete=False))
    assert set(case) <= {"anger", "lost"}


def test_a_float_is_no_decimal():
    assert not is_allowed(Number("fee", 0, 9, decimal=True), 0.5)
    assert is_allowed(ANGER, 0.5)


def test_more_winners_than_are_remembered_are_still_right():
    flags = [Flag(f"f{number}") for number in range(13)]
    rules = [Rule(flag.name, flag.is_true(), "call") for flag in flags]
    table = Table("desk", flags, rules, hit_policy="priority", outcomes=["call"])
    for case in range(1, 2**13):
        facts = {flag.name: bool(case >> place & 1) for place, flag in enumerate(flags)}
        verdict = table.decide(facts)
        assert {rule.name for rule in verdict.matched} == {n for n, true in facts.items() if true}


def test_a_default_that_two_rules_share_is_not_sure_where_they_may_clash():
    rules = [Rule("a", ANGER > 0.5, "x"), Rule("b", LOST.is_true(), "x")]
    verdict = Table("desk", [ANGER, LOST], rules, default="x").decide({})
    assert not verdict.decided
    assert verdict.missing == ("anger", "lost")


def test_regions_that_differ_in_one_fact_become_one():
    rules = [Rule("a", LOST.is_true(), 1), Rule("b", LOST.is_false(), 1)]
    old = Table("desk", [LOST], rules, "first")
    new = Table("desk", [LOST], [Rule("c", EVERYTHING, 2)], "first")
    (found,) = differences(old, new)
    assert str(found.region) == "always"


def test_a_test_may_fill_the_narrower_domain():
    wide, narrow = Number("count", 0, 10), Number("count", 5, 10)
    old = Table("desk", [wide], [Rule("a", wide > 3, 1)], "first", default=0)
    new = Table("desk", [narrow], [Rule("b", narrow > 7, 2)], "first", default=1)
    (found,) = differences(old, new)
    assert (str(found.region), found.before, found.after) == ("count is above 7", 1, 2)


def test_a_search_in_boxes_that_do_not_meet_finds_nothing():
    low, high = (ANGER < 0.2).boxes[0], (ANGER > 0.8).boxes[0]
    search = Search(axes_of([ANGER], [low, high]), "nothing")
    assert not list(search.run(lambda _possible, _certain: True, boxes=0, inside=0b11))
    assert list(search.run(lambda _possible, _certain: True, boxes=0, inside=0b01))


def test_a_set_without_a_least_number_can_be_taken_away():
    below = NumberSet.of(Stretch(Bound(-math.inf), Bound(1)))
    assert COUNT.domain - below == (COUNT >= 1).boxes[0].tests[0].values


def test_a_cell_may_allow_everything():
    assert ANGER.clip(read_values(ANGER, ">= 0")) == ANGER.domain
    assert read_cell(ANGER, "<= 1") == EVERYTHING


def test_decimals_are_written_in_plain_digits():
    assert write_toml({"amount": Decimal("1E+3")}) == "amount = 1000\n"


def test_cases_that_one_rule_decides_share_their_verdict():
    pytest.importorskip("numpy")
    rules = [Rule("a", ANGER > 0.5, 1), Rule("b", LOST.is_true(), 2)]
    table = Table("desk", [ANGER, LOST], rules, "first", default=0)
    decided = table.decide_columns({"anger": [0.9, 0.8, 0.1], "lost": [True, False, True]})
    assert len(decided.verdicts) == 2
    assert decided.outcome.tolist() == [1, 1, 2]


def test_two_ways_to_one_question_are_one_way():
    late = Flag("late")
    rules = [
        Rule("a", LOST.is_true() & late.is_true(), "x"),
        Rule("b", LOST.is_false() & late.is_true(), "x"),
    ]
    verdict = Table("desk", [LOST, late], rules, "first", default="d").decide({})
    assert verdict.missing == ("late",)
    assert set(verdict.possible) == {"x", "d"}


def test_between_three_and_four_a_whole_number_has_no_cell():
    count = Number("count", integer=True)
    assert not count.clip(read_values(count, "(3..4)"))


def test_silence_is_no_fall():
    rules = [Rule("a", ANGER.between(0.2, 0.5) & LOST.is_true(), 2), Rule("b", COUNT > 3, 1)]
    table = Table("desk", [ANGER, LOST, COUNT], rules, "first")
    turns = is_monotone(table, "anger", [1, 2])
    assert turns
    assert all((turn.before, turn.after) == (2, 1) for turn in turns)
    assert not is_monotone(Table("desk", [ANGER, LOST, COUNT], rules[:1], "first"), "anger", [1, 2])
