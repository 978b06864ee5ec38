"""Corners of the rules room that no other test reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, TableError
from deescalate.rules import Choice, Flag, Number, Rule, Table, table_from_document
from deescalate.rules.proofs import differences
from deescalate.testing.rules import cases, is_allowed

ANGER = Number("anger", 0, 1)
LOST = Flag("lost")


def collecting(*rules):
    return Table("desk", [LOST], rules, hit_policy="collect")


def test_a_fact_needs_a_text_as_its_name():
    document = {"format": 1, "name": "desk", "facts": {5: {"flag": True}}, "rules": []}
    with pytest.raises(DocumentError, match="a text as name"):
        table_from_document(document)


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
