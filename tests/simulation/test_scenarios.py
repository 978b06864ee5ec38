"""The customers of a drill: all kinds are there, and the document is one like any other."""

import tomllib

import jsonschema
import pytest

from deescalate.cues import CueKind
from deescalate.errors import DocumentError, SettingError
from deescalate.reading import LanguageReader
from deescalate.simulation import STANDARD, Goal, Hardness, Matter, Scenario, Scenarios, manners
from deescalate.simulation._course import _lines
from deescalate.simulation._scenarios import LINES

DANGER = {CueKind.THREAT_SELF_HARM, CueKind.THREAT_VIOLENCE}


def is_danger(text):
    """Whether a reader is sure of danger: what is not sure is asked about and moves no tier."""
    return any(each.sure for each in LanguageReader().read(text).of(*DANGER))


def test_every_manner_matter_hardness_and_goal_is_there():
    assert len(STANDARD) >= 24
    for name, known in (
        ("manner", set(manners())),
        ("grievance", set(Matter)),
        ("hardness", set(Hardness)),
        ("goal", set(Goal)),
    ):
        assert {getattr(each, name) for each in STANDARD} == known
    assert {"german", "english"} == {each.language for each in STANDARD}


def test_the_shipped_scenarios_have_nothing_wrong():
    assert STANDARD.check().ok
    assert Scenarios.default() is STANDARD
    assert STANDARD["late parcel"] in STANDARD
    assert "late parcel" not in STANDARD
    assert str(STANDARD["late parcel"]) == "late parcel"


@pytest.mark.parametrize("scenario", STANDARD, ids=lambda each: each.name)
def test_danger_is_read_where_it_is_meant_and_nowhere_else(scenario):
    said = [scenario.opening, *scenario.answers.values(), *scenario.lines.values()]
    read = [is_danger(each) for each in said]
    if scenario.goal is Goal.KEEP_SAFE:
        assert read[0]
    else:
        assert not any(read)


def test_no_line_speaks_of_danger_but_of_those_who_are_in_it():
    for manner, sections in _lines().items():
        assert manner == "any" or manner in manners()
        assert set(sections) <= set(LINES)
        for line in [line for lines in sections.values() for line in lines]:
            if is_danger(line):
                assert manner in ("hostile", "desperate"), line
    assert set(_lines()["any"]) == set(LINES)


@pytest.mark.parametrize("form", ["toml", "json", "mapping"])
def test_what_is_written_loads_as_an_equal_value(form):
    written = STANDARD.to_document(form=form)
    assert Scenarios.from_document(written) == STANDARD
    if form == "mapping":
        validator = jsonschema.Draft202012Validator(Scenarios.json_schema())
        assert list(validator.iter_errors(written)) == []


def test_problems_are_told_together_with_their_lines():
    text = (
        'name = "mine"\n[[scenarios]]\nname = "a"\nopening = "Hi"\nmanner = "angri"\n'
        '[[scenarios]]\nname = "b"\nhardness = "harder"\nsize = 2\n'
    )
    with pytest.raises(DocumentError) as caught:
        Scenarios.from_document(text)
    told = str(caught.value)
    for part in ("scenarios[0].manner (line 5)", "did you mean `angry`", "scenarios[1].hardness"):
        assert part in told
    assert "scenarios[1].size" in told
    assert "scenarios[1].opening" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "name"),
        ({"opening": "x" * 3000}, "opening"),
        ({"opening": 7}, "opening"),
        ({"manner": "nobody"}, "manner"),
        ({"answers": {"wher": "here"}}, "answers"),
        ({"lines": {"hott": "grr"}}, "did you mean `hot`"),
        ({"character": "odd"}, "character"),
        ({"language": "klingon"}, "language"),
        ({"fault": "mine"}, "fault"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(change, told):
    with pytest.raises(SettingError, match=told):
        Scenario(**{"name": "a", "opening": "Hello.", **change})


def test_a_name_is_there_once_and_a_wrong_one_is_put_right():
    one = Scenario(name="a", opening="Hello.")
    with pytest.raises(SettingError, match="a name for each scenario"):
        Scenarios(scenarios=[one, one])
    with pytest.raises(SettingError, match="did you mean `late parcel`"):
        STANDARD["late parcle"]
    with pytest.raises(SettingError, match="one of a"):
        Scenarios(scenarios=[one])["zzzzzzz"]


def test_scenarios_are_chosen_by_what_they_are():
    assert {each.hardness for each in STANDARD.of(hardness="easy")} == {Hardness.EASY}
    assert len(STANDARD.of(goal="keep_safe", manner="desperate")) == 1
    with pytest.raises(SettingError, match="any of hardness"):
        STANDARD.of(size="1")


def test_a_check_tells_what_a_customer_would_be_left_without():
    bare = [Scenario(name="a", opening="Hi."), Scenario(name="b", opening="Hi.", goal="keep_safe")]
    codes = [each.code for each in Scenarios(scenarios=bare).check()]
    assert codes == ["no-remedy", "no-answer", "no-answer", "no-answer"]
    assert [each.code for each in Scenarios(scenarios=[]).check()] == ["empty"]


def test_two_documents_differ_where_they_do():
    written = tomllib.loads(STANDARD.to_document())
    written["scenarios"][0]["size"] = 0.9
    [found] = STANDARD.differences(Scenarios.from_document(written))
    assert found.where == "scenarios.late parcel.size"
