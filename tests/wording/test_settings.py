"""The settings as a document: what can be changed, and every mistake named with its place."""

import copy
import pickle

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.findings import Severity
from deescalate.testing.wording import KnownSituation
from deescalate.wording import Wording, review


def problems(text: object) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        Wording.from_document(text)
    assert caught.value.document == "wording"
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_document_changes_nothing():
    assert Wording.from_document("") == Wording.default()


def test_a_code_can_be_switched_off():
    quiet = Wording.from_document("[codes.T113]\nenabled = false")
    assert review("You need to wait.").codes == ("T113",)
    assert review("You need to wait.", wording=quiet).codes == ()


def test_a_severity_holds_for_everybody_unless_upset_customers_are_named():
    strict = Wording.from_document('[codes.T102]\nseverity = "note"')
    assert strict.weighed("T102", distress=0.9) is Severity.NOTE
    both = Wording.from_document('[codes.T102]\nseverity = "note"\nupset = "warning"')
    assert both.weighed("T102", distress=0.9) is Severity.WARNING
    assert both.weighed("T102", distress=0.1) is Severity.NOTE
    assert both.weighed("T102", distress=None) is Severity.NOTE


def test_limits_penalties_threshold_and_texts_can_be_changed():
    own = Wording.from_document("""
    threshold = 0.9
    [penalties]
    note = 0.2
    [limits]
    words = 3
    upset = 0.9
    [codes.C602]
    reason = "our chat window is small"
    suggestion = "three words"
    """)
    found = review("One two three four.", wording=own)
    assert found.codes == ("C602",)
    assert found.findings[0].reason == "our chat window is small"
    assert found.score < 0.81
    assert not found.ok
    assert not review("Calm down.", situation=KnownSituation(distress=0.8), wording=own).ok


def test_forbidden_and_house_phrases():
    own = Wording.from_document("""
    forbidden = ["no worries", "cheers 🍻", "mate"]
    [[house]]
    say = "guest"
    instead_of = "customer"
    """)
    found = review("No worries mate, the Customer waits.", wording=own)
    assert found.codes == ("H701", "H702")
    assert [each.quote for each in found.of("H701")] == ["No worries", "mate"]
    assert found.rewritten == "No worries mate, the Guest waits."
    assert found.worst is Severity.ERROR


def test_every_problem_is_named_with_its_place():
    found = problems("""
    treshold = 1
    threshold = 2
    forbidden = ["fine", 3, "a]b"]
    house = [{ say = "x" }, { say = "x", instead_of = "[y", other = 1 }, 4]
    [penalties]
    note = true
    minor = 0.1
    [limits]
    words = -1
    upset = 3
    word = 2
    [codes.T10]
    [codes.T101]
    severity = "bad"
    enabled = 1
    reason = 2
    name = "x"
    """)
    told = [each.split(", expected one of")[0] for each in found]
    assert told == [
        "treshold (line 2): unknown",
        "threshold (line 3): found `2`, expected a number, 0 to 1",
        "forbidden[1] (line 4): found `3`, expected a text",
        "forbidden[2] (line 4): unbalanced brackets in `a]b`",
        "penalties.minor (line 8): unknown",
        "penalties.note (line 7): found `True`, expected a number, 0 to 1",
        "limits.word (line 12): unknown",
        "limits.upset (line 11): found `3`, expected a number, 0 to 1",
        "limits.words (line 10): found `-1`, expected a whole number, 0 or more",
        "codes.T10 (line 13): unknown",
        "codes.T101.name (line 18): unknown",
        "codes.T101.severity (line 15): found `bad`",
        "codes.T101.reason (line 17): found `2`, expected a text",
        "codes.T101.enabled (line 16): found `1`, expected true or false",
        "house[0].instead_of (line 5): missing, expected a text that is not empty",
        "house[1].other (line 5): unknown",
        "house[2] (line 5): found `4`, expected a mapping",
    ]
    assert found[0].endswith("did you mean `threshold`?")
    assert "house[0].instead_of: unbalanced brackets in `[y`" in problems(
        {"house": [{"say": "x", "instead_of": "[y"}]}
    )


def test_wrong_shapes_and_broken_toml():
    assert problems("limits = 3\nforbidden = 4") == [
        "forbidden (line 2): found `4`, expected a list",
        "limits (line 1): found `3`, expected a mapping",
    ]
    assert problems("a = ")[0].startswith("text (line 1): ")


@given(st.lists(st.text(max_size=12), max_size=3))
def test_law_any_forbidden_text_is_a_setting_or_a_named_problem(phrases):
    quoted = ", ".join(f"'''{p}'''" for p in phrases if "'" not in p and p.isprintable())
    try:
        own = Wording.from_document(f"forbidden = [{quoted}]")
    except DocumentError as error:
        assert all(problem.path.startswith("forbidden[") for problem in error.problems)
    else:
        review("a b c", wording=own)


CHANGED = """
threshold = 0.7
forbidden = ["no worries"]
[penalties]
note = 0.1
[limits]
words = 100
[codes.T102]
severity = "note"
[codes.T103]
upset = "warning"
[codes.T113]
enabled = false
[[house]]
say = "guest"
instead_of = "customer"
"""


def test_settings_are_written_pickled_copied_and_hashed():
    for own in (Wording.default(), Wording.from_document(CHANGED)):
        for form in ("toml", "json", "mapping"):
            assert Wording.from_document(own.to_document(form=form)) == own
        again = pickle.loads(pickle.dumps(own))  # noqa: S301  our own
        assert again == copy.deepcopy(own) == own
        assert hash(again) == hash(own)
        assert review("No worries.", wording=again) == review("No worries.", wording=own)
    assert Wording.default().to_document() == "format = 1\n"
    code = Wording.default().codes["T102"]
    codes = {**Wording.default().codes, "T102": evolve(code, severity=Severity.NOTE)}
    own = evolve(Wording.default(), codes=codes)
    assert Wording.from_document(own.to_document()) == own


def test_a_check_finds_what_gets_in_each_others_way():
    assert Wording.default().check().findings == ()
    own = Wording.from_document("""
    forbidden = ["dear guest"]
    [limits]
    words = 60
    [penalties]
    error = 0.01
    [[house]]
    say = "dear guest"
    instead_of = "customer"
    """)
    report = own.check()
    assert {(each.code, each.place) for each in report} == {
        ("limits-cross", "limits.words"),
        ("penalties-cross", "penalties.error"),
        ("never-settles", "house[0].say"),
    }
    assert not report.ok


def test_a_phrase_that_cannot_be_read_is_refused_from_python_too():
    with pytest.raises(DocumentError, match="unbalanced brackets"):
        evolve(Wording.default(), forbidden=("a]b",))
