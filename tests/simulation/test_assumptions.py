"""The document of everything that is assumed."""

import pickle
from pathlib import Path

import jsonschema
import pytest
from attrs import evolve
from hypothesis import given, settings

from deescalate.emotion import MoveEffects
from deescalate.errors import DocumentError, SettingError
from deescalate.simulation import Assumption, Assumptions
from deescalate.testing.simulation import assumptions

ROOT = Path(__file__).resolve().parents[2]


@settings(max_examples=4)
@given(assumptions())
def test_what_is_written_loads_back_as_an_equal_one(assume):
    for form in ("toml", "json", "mapping"):
        again = Assumptions.from_document(assume.to_document(form=form))
        assert again == assume
        assert again.differences(assume) == ()
    jsonschema.validate(assume.to_document(form="mapping"), Assumptions.json_schema())


def test_every_number_says_where_it_comes_from_and_has_room():
    for name, each in Assumptions.default().numbers.items():
        assert each.about, name
        assert each.source, name
        assert each.low < each.high, name
        assert each.low <= each.value <= each.high, name
    assert Assumptions.default().check().ok


def test_a_document_says_only_what_is_other():
    mine = Assumptions.from_document('[reach]\nvalue = 0.1\nsource = "a study of ours"')
    assert mine["reach"] == 0.1
    assert mine["onset_s"] == Assumptions.default()["onset_s"]
    (first, second) = Assumptions.default().differences(mine)
    assert (first.where, second.where) == ("reach.value", "reach.source")
    assert Assumptions.from_document("") == Assumptions.default()
    louder = Assumptions.from_document("[effects.pushes.act]\npleasure = 0.5")
    assert louder.pushes["act"].pleasure == 0.5


def test_everything_wrong_is_told_at_once_with_path_and_line():
    wrong = "[reach]\nvalue = 1.5\n\n[onset]\nvalue = 1\n\n[memory_s]\nlow = 'a'\n"
    with pytest.raises(DocumentError) as caught:
        Assumptions.from_document(wrong)
    told = str(caught.value)
    assert "onset_s" in told
    assert "reach.value" in told
    assert "memory_s.low" in told
    assert {each.line for each in caught.value.problems} == {2, 4, 8}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("reach", 1.5, "a number, 0 to 1"),
        ("reach", float("nan"), "a number, 0 to 1"),
        ("reach", True, "a number, 0 to 1"),
        ("reach", "0.5", "a number, 0 to 1"),
        ("onset_s", 1.0, "a number, 10 to 300"),
        ("reech", 0.5, "did you mean `reach`?"),
    ],
)
def test_a_number_out_of_its_range_is_refused(name, value, told):
    with pytest.raises(SettingError, match=r".") as caught:
        Assumptions.default().with_(**{name: value})
    assert told in str(caught.value)


def test_there_is_nothing_under_another_name():
    assume = Assumptions.default()
    for key in ("reech", 3, []):
        with pytest.raises(SettingError, match="one of reach"):
            assume[key]
    with pytest.raises(SettingError, match="did you mean `reach`"):
        assume.problem(["reech"])
    with pytest.raises(SettingError, match="did you mean `reach`"):
        Assumptions(numbers={**assume.numbers, "reech": assume.numbers["reach"]})
    with pytest.raises(SettingError, match="an Assumption"):
        Assumptions(numbers={"reach": assume.numbers["reach"]})
    with pytest.raises(SettingError, match="value"):
        Assumption(low=0.0, high=1.0, value=2.0)


def test_a_number_that_cannot_vary_is_told_and_left_out_of_the_problem():
    shipped = Assumptions.default()
    fixed = evolve(shipped.numbers["reach"], low=0.5, high=0.5)
    mine = Assumptions(numbers={**shipped.numbers, "reach": fixed})
    (found,) = mine.check().findings
    assert (found.code, found.place) == ("no-range", "reach")
    problem = mine.problem()
    assert "reach" not in problem["names"]
    assert problem["num_vars"] == len(problem["bounds"]) == len(shipped.numbers) - 1
    assert problem["bounds"][0] == [0.0, 4.0]


def test_it_is_a_value_that_pickles_and_shows_little():
    mine = Assumptions(effects=MoveEffects(pushes={}))
    assert pickle.loads(pickle.dumps(mine)) == mine  # noqa: S301
    assert mine.values is mine.values
    assert len(repr(mine)) < 100
    assert len({mine, Assumptions(effects=MoveEffects(pushes={}))}) == 1


def test_the_page_tells_every_number_as_it_is():
    page = (ROOT / "docs/explanation/simulation.md").read_text("utf-8")
    for name, each in Assumptions.default().numbers.items():
        told = f"| `{name}` | {each.value:g} | {each.low:g} to {each.high:g} {each.unit} |"
        assert f"{told} {each.about} | {each.source} |" in page, name
