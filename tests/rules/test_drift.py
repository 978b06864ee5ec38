"""What a new version changes, in cases: laws over random tables."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deescalate.rules import Choice, Flag, Number, Rule, Table
from deescalate.rules.proofs import drift
from deescalate.testing.rules import cases, facts, rules

ANGER = Number("anger", 0, 1)


def desk(threshold: float, *more: Rule, facts: tuple[Any, ...] = (ANGER,)) -> Table:
    return Table("desk", facts, [Rule("hot", threshold <= ANGER, "senior"), *more], "first")


@given(st.data())
def test_recorded_cases_change_just_where_the_versions_differ(data: st.DataObject) -> None:
    declared = data.draw(facts(most=3))
    old, new = (
        Table("t", declared, data.draw(rules(declared, ["a", "b"], most=3)), "first", "c")
        for _ in range(2)
    )
    recorded = data.draw(st.lists(cases(declared), max_size=5))
    found = drift(old, new, recorded, most=100)
    changed = {each.place for each in found.changed}
    assert found.recorded == len(recorded)
    for place, case in enumerate(recorded):
        differs = old.decide(case).outcome != new.decide(case).outcome
        assert (place in changed) is differs
        met = any(lies(case, each.region) for each in found.differences)
        assert met is differs


@given(st.data())
def test_the_nearest_unchanged_is_decided_alike_and_nothing_is_nearer(data: st.DataObject) -> None:
    declared = data.draw(facts(most=3))
    old, new = (
        Table("t", declared, data.draw(rules(declared, ["a", "b"], most=3)), "first", "c")
        for _ in range(2)
    )
    found = drift(old, new)
    for each, near in zip(found.differences, found.unchanged, strict=True):
        if near is None:
            continue
        moved = {test.fact.name: test.fact.sample(test.values) for test in near}
        after = {**each.facts, **moved}
        assert old.decide(after).outcome == new.decide(after).outcome
        if len(near.tests) > 1:
            one = data.draw(st.sampled_from(declared))
            value = data.draw(cases([one]))
            other = {**each.facts, **value}
            assert old.decide(other).outcome != new.decide(other).outcome


def lies(case: Mapping[str, Any], region: Any) -> bool:
    return all(case[test.fact.name] in test.values for test in region)


def test_it_reads_as_a_person_needs_it() -> None:
    found = drift(desk(0.8), desk(0.7), [{"anger": 0.75}, {"anger": 0.9}, {}, {"angr": 1}])
    assert str(found).splitlines() == [
        "anger is from 0.7 to below 0.8: no outcome -> senior (such as anger = 0.7)",
        "  unchanged nearest by: anger is below 0.7",
        "of 4 recorded cases 1 change",
        "case 0: no outcome -> senior (anger = 0.75)",
    ]
    assert str(drift(desk(0.8), desk(0.8))) == "every case is decided alike"


def test_a_case_that_one_version_refuses_or_leaves_open_has_changed() -> None:
    lost = Flag("lost")
    late = Rule("lost", lost.is_true(), "refund")
    new = desk(0.8, late, facts=(ANGER, lost))
    found = drift(desk(0.8), new, [{"anger": 0.1}, {"anger": 2, "lost": True}, {"anger": 0.9}])
    [left_open] = found.changed
    assert (left_open.place, left_open.before) == (0, "no outcome")
    assert str(left_open.after).startswith("undecided between")
    [refused] = drift(desk(0.8), Table("desk", [], []), [{"anger": 2}]).changed
    assert "expected a number from 0 to 1" in refused.before


def test_versions_that_agree_nowhere_have_no_unchanged_case() -> None:
    kind = Choice("kind", ["a"])
    old = Table("t", [kind], [], default="x")
    new = Table("t", [kind], [], default="y")
    found = drift(old, new)
    assert found.unchanged == (None,)
    assert "unchanged nearest by: nowhere" in str(found)
