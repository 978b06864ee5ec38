"""The settings as a document: what can be changed, and every mistake named with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.testing.wording import KnownSituation
from deescalate.wording import Severity, Wording, review


def problems(text: str) -> list[str]:
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
    assert found == [
        "treshold: unknown key; did you mean `threshold`?",
        "threshold: expected a number, 0 to 1",
        "penalties.minor: unknown key",
        "penalties.note: expected a number, 0 to 1",
        "limits.word: unknown key; did you mean `words`?",
        "limits.upset: expected a number, 0 to 1",
        "limits.words: expected a whole number, 0 or more",
        "codes.T10: unknown key; did you mean `T110`?",
        "codes.T101.name: unknown key",
        "codes.T101.severity: expected one of note, warning, error",
        "codes.T101.enabled: expected true or false",
        "codes.T101.reason: expected a text",
        "forbidden[1]: expected a text",
        "house[0]: expected the texts `say` and `instead_of`",
        "house[1].other: unknown key",
        "house[2]: expected a table",
        "house[2]: expected the texts `say` and `instead_of`",
        "forbidden[2]: unbalanced brackets in `a]b`",
        "house[1].instead_of: unbalanced brackets in `[y`",
    ]


def test_wrong_shapes_and_broken_toml():
    assert problems("limits = 3\nforbidden = 4")[0] == "limits: expected a table"
    assert problems("limits = 3\nforbidden = 4")[1] == "forbidden: expected a list"
    assert problems("a = ")[0].startswith("toml: ")


@given(st.lists(st.text(max_size=12), max_size=3))
def test_law_any_forbidden_text_is_a_setting_or_a_named_problem(phrases):
    quoted = ", ".join(f"'''{p}'''" for p in phrases if "'" not in p and p.isprintable())
    try:
        own = Wording.from_document(f"forbidden = [{quoted}]")
    except DocumentError as error:
        assert all(problem.path.startswith("forbidden[") for problem in error.problems)
    else:
        review("a b c", wording=own)
