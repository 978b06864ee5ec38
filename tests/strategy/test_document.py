"""Strategies as documents: what loads, and what is said of what does not."""

import json
import tomllib

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, UndecidedError
from deescalate.moves import Move
from deescalate.strategy import Situation, Strategy, default_document, strategy_laws

SMALL = """
format = 1
name = "tiny"
longest = 2
spare = ["attend"]

[phase]
default = "person"

[[phase.rules]]
name = "ready"
when = { openness = ">= 0.5" }
then = "issue"

[[moves.rules]]
name = "listen"
when = { heard = "false" }
then = "attend"
because = "listen first"

[[moves.rules]]
name = "see"
when = { acknowledged = "false" }
then = "empathise"

[[moves.rules]]
name = "ask"
when = { phase = '"issue"' }
then = "open_question"
"""


def problems(document):
    with pytest.raises(DocumentError) as caught:
        Strategy.from_document(document)
    assert caught.value.document == "strategy"
    return {each.path: str(each) for each in caught.value.problems}


def changed(**top):
    return tomllib.loads(SMALL) | top


def test_a_small_strategy_of_ones_own():
    strategy = Strategy.from_document(SMALL)
    assert strategy.name == "tiny"
    assert strategy.select(Situation(openness=0.2)).kinds == (Move.ATTEND, Move.EMPATHISE)
    plan = strategy.select(Situation())
    assert plan.kinds == (Move.EMPATHISE, Move.OPEN_QUESTION)
    assert plan.moves[0].because == "acknowledged is false"
    assert strategy.select(Situation(openness=0.2)).because == "nothing holds it back"


def test_what_cannot_be_spared_is_left_out_from_the_end():
    strategy = Strategy.from_document(changed(spare=[], longest=1))
    assert strategy.select(Situation()).kinds == (Move.ATTEND,)


def test_json_and_mappings_load_as_well():
    document = tomllib.loads(SMALL)
    assert Strategy.from_document(json.dumps(document)) == Strategy.from_document(SMALL)
    assert Strategy.from_document(document) == Strategy.from_document(SMALL)


def test_facts_of_your_own():
    document = changed(facts={"vip": {"flag": True}})
    document["moves"]["rules"].append({"name": "vip", "when": {"vip": "true"}, "then": "thank"})
    document["phase"]["rules"].append({"name": "vip", "when": {"vip": "true"}, "then": "closing"})
    strategy = Strategy.from_document(document)
    assert strategy.select(Situation(more={"vip": False}, openness=0.1, heard=True)).kinds == (
        Move.EMPATHISE,
    )
    with pytest.raises(UndecidedError, match="give `vip`"):
        strategy.select(Situation())


@given(st.floats(0, 1), st.floats(0, 0.4))
def test_law_a_fact_of_your_own_that_changes_nothing_here_may_stay_unknown(openness, spread):
    document = changed(facts={"vip": {"flag": True}})
    rule = {"name": "vip", "when": {"vip": "true", "heard": "true"}, "then": "thank"}
    document["moves"]["rules"].append(rule)
    strategy = Strategy.from_document(document)
    here = Situation(openness=openness, heard=False, spread=spread)
    known = [evolve(here, more={"vip": vip}) for vip in (False, True)]
    assert strategy.select(here) == strategy.select(known[0]) == strategy.select(known[1])


def test_every_problem_is_reported_at_once_with_its_path():
    document = changed(
        format=2,
        name=7,
        longest=0,
        spare=["atend", 3],
        facts={"heard": {"flag": True}, "phase": {"flag": True}},
        colour="red",
        avoid={"rules": [{"name": "x", "when": {"heard": "true"}, "then": "explian"}]},
        agent={"rules": [{"name": "y", "when": {"heard": "true"}, "then": 5}]},
    )
    document["phase"]["hit_policy"] = "first"
    document["moves"]["rules"][0]["when"] = {"herd": "false"}
    found = problems(document)
    assert set(found) == {
        "format",
        "name",
        "longest",
        "spare[0]",
        "spare[1]",
        "facts.heard",
        "facts.phase",
        "colour",
        "phase.hit_policy",
        "moves.rules[0].when.herd",
        "avoid.rules[0].then",
        "agent.rules[0].then",
    }
    assert "did you mean `attend`?" in found["spare[0]"]
    assert "did you mean `heard`?" in found["moves.rules[0].when.herd"]
    assert "did you mean `explain`?" in found["avoid.rules[0].then"]
    assert found["format"] == "format: found `2`, expected 1"


def test_a_wrong_fact_of_your_own_is_reported_once():
    found = problems(changed(facts={"vip": {"flagg": True}}))
    assert len(found) == 1
    assert next(iter(found)).startswith("facts.vip")


def test_moves_and_phases_that_do_not_exist():
    document = changed()
    document["moves"]["rules"][0]["then"] = "atend"
    document["phase"]["rules"][0]["then"] = "isue"
    found = problems(document)
    assert {path.split(".")[0] for path in found} == {"moves", "phase"}
    document = changed()
    document["moves"]["outcomes"] = ["attend", "empathise", "open_question", "sing"]
    assert set(problems(document)) == {"moves.outcomes[3]"}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("format = ", "text"),
        ("{", "text"),
        ("a=" + "[" * 5000, "text"),
        (changed(phase="none"), "phase"),
        (changed(facts=3), "facts"),
        (changed(spare="attend"), "spare"),
        (changed(longest=True), "longest"),
    ],
)
def test_what_is_no_strategy_at_all(document, path):
    assert path in problems(document)


@given(st.text(max_size=200))
def test_law_any_text_loads_or_is_refused_as_a_document(text):
    with pytest.raises(DocumentError):
        Strategy.from_document(text)


def test_the_shipped_document_names_each_rule_once_and_gives_every_reason():
    document = tomllib.loads(default_document())
    for part in ("phase", "moves", "avoid", "agent"):
        for rule in document[part]["rules"]:
            assert rule["because"][0].islower() or rule["because"].startswith("it"), rule
            assert not rule["because"].endswith("."), rule
    assert set(document["moves"]["outcomes"]) == {move.value for move in Move}


def test_every_condition_with_a_name_is_asked_for_in_the_shipped_document():
    document = tomllib.loads(default_document())
    for part in ("phase", "moves"):
        named = document[part]["conditions"]
        said = json.dumps([*named.values(), *(rule["when"] for rule in document[part]["rules"])])
        assert all(f"{json.dumps(name)}: true" in said for name in named), part


def test_a_strategy_is_written_as_it_loads():
    for text in (default_document(), SMALL):
        strategy = Strategy.from_document(text)
        for form in ("toml", "json", "mapping"):
            assert Strategy.from_document(strategy.to_document(form=form)) == strategy
    document = changed(facts={"vip": {"flag": True}})
    again = Strategy.from_document(Strategy.from_document(document).to_document())
    assert [fact.name for fact in again.facts] == ["vip"]


def test_a_check_finds_broken_laws_dead_rules_and_facts_nobody_asks_about():
    document = changed(facts={"vip": {"flag": True}})
    document["phase"]["rules"].append(
        {"name": "never", "when": {"openness": "> 1"}, "then": "issue"}
    )
    law = next(law for law in strategy_laws() if law.id == "asked-for-someone")
    report = Strategy.from_document(document).check([law])
    assert {(each.code, each.place) for each in report} >= {
        ("dead-rule", "phase.rules[1]"), ("broken-law", "moves"), ("unused-fact", "facts.vip"),
        ("unreachable-outcome", "phase.outcomes"),
    }  # fmt: skip
    assert report.proved == ()
    assert not report
