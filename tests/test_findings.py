"""Findings as text, JSON, SARIF and annotations: right places, whatever stands in them."""

import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.documents import lines_of
from deescalate.errors import DocumentError
from deescalate.findings import VERSION, Finding, Proved, Report, Severity
from deescalate.rules import Table

ODD = Finding(
    severity=Severity.WARNING, code="odd", text="it is odd\n100 %", place="a.b", witness={"x": 1}
)
BAD = Finding(severity=Severity.ERROR, code="bad", text="it is bad", line=7)
NOTE = Finding(severity=Severity.NOTE, code="odd", text="so so")
REPORT = Report(
    name="desk",
    findings=(NOTE, ODD, BAD),
    proved=[Proved(code="gap", text="no gap")],
    meanings={"odd": "something is odd"},
)


def test_the_gravest_come_first_and_the_text_tells_all():
    assert tuple(REPORT) == REPORT.findings == (BAD, ODD, NOTE)
    assert (len(REPORT), REPORT.ok, bool(REPORT)) == (3, False, False)
    assert Report(name="desk", findings=[NOTE])
    assert str(REPORT).split("\n") == [
        "desk:", "error bad (line 7): it is bad", "warning odd (a.b): it is odd 100 %",
        "note odd: so so", "proved: no gap",
    ]  # fmt: skip


def test_json_holds_all():
    told = json.loads(REPORT.to_json())
    assert (told["name"], told["ok"], told["proved"]) == (
        "desk", False, [{"code": "gap", "text": "no gap"}],
    )  # fmt: skip
    assert told["findings"][1] == {
        "severity": "warning", "code": "odd", "place": "a.b", "line": None,
        "text": "it is odd\n100 %", "witness": {"x": 1},
    }  # fmt: skip


def test_sarif_has_lines_places_and_a_driver():
    log = REPORT.to_sarif(uri="policy.toml", text="# \u2028\x85\n[a]\nb = 1\n")
    assert json.loads(json.dumps(log)) == log
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["version"] == VERSION
    assert driver["informationUri"].startswith("https://")
    assert driver["rules"] == [
        {"id": "bad", "shortDescription": {"text": "bad"}},
        {"id": "odd", "shortDescription": {"text": "something is odd"}},
    ]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]
    assert [driver["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    places = [each["locations"][0] for each in run["results"]]
    assert [each["physicalLocation"]["region"]["startLine"] for each in places] == [7, 3, 1]
    assert [each["logicalLocations"][0]["fullyQualifiedName"] for each in places] == [
        "desk", "a.b", "desk",
    ]  # fmt: skip


def uri_of(path):
    log = Report(name="desk", findings=[BAD]).to_sarif(uri=path)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("policy.toml", "policy.toml"),
        ("my policy.toml", "my%20policy.toml"),
        ("ü.toml", "%C3%BC.toml"),
        ("100%.toml", "100%25.toml"),
        ("[draft].toml", "%5Bdraft%5D.toml"),
        ("a\\b.toml", "a%5Cb.toml"),
        ("C:/x/p.toml", "./C:/x/p.toml"),
        ("a:b.toml", "./a:b.toml"),
        ("x/a:b.toml", "x/a:b.toml"),
        ("/abs/p.toml", "abs/p.toml"),
        ("p.toml?x#y", "p.toml%3Fx%23y"),
    ],
)
def test_addresses_are_relative_references(path, uri):
    assert uri_of(path) == uri


@given(st.text(min_size=1))
def test_law_any_path_is_a_relative_reference_that_reads_back(path):
    uri = uri_of(path)
    parts = urlsplit(uri)
    assert re.fullmatch(r"[A-Za-z0-9._~/:@!$&'()*+,;=%-]*", uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert not uri.startswith("/")
    wanted = path.encode("utf-8", "replace").decode().lstrip("/")
    assert unquote(uri.removeprefix("./")).removeprefix("./") == wanted.removeprefix("./")


@given(st.text(), st.text())
def test_law_an_annotation_is_one_line_whatever_it_says(text, file):
    report = Report(name="desk", findings=[Finding(severity=Severity.ERROR, code="x", text=text)])
    told = report.to_github(file=file)
    head, _, said = told.removeprefix("::").partition("::")
    assert "\n" not in told
    assert "\r" not in told
    properties = dict(each.split("=", 1) for each in head.removeprefix("error ").split(","))
    assert set(properties) == {"file", "line", "title"}
    for code, sign in (("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        said = said.replace(code, sign)
    assert said == text


def test_what_keeps_a_document_from_loading_is_a_report_too():
    with pytest.raises(DocumentError) as caught:
        Table.from_document('name = "x"\nhit_policy = "frist"\n')
    report = Report.of_error(caught.value)
    assert [(each.code, each.place, each.line) for each in report] == [
        ("document", "hit_policy", 2)
    ]
    assert report.findings[0].text.endswith("did you mean `first`?")
    assert not report.ok
    error = DocumentError("table", caught.value.problems, 3)
    assert str(Report.of_error(error)).endswith("and 3 more problems")


def test_the_driver_has_the_version_of_the_package():
    project = Path(__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(project.read_text("utf-8"))["project"]["version"] == VERSION


JSON_TEXT = """
{ "name": "x",
  "rules": [
    { "when": { "a.b": [1,
                        2] } },
    {}
  ],
  "broken" "value"
}
"""
TOML_TEXT = '''
name = "[rules]"  # [facts]
text = """
[tests]
"quoted" \\""" end"""
other = \'\'\'
[tests]\'\'\'
when = { "a.b" = [1,
  2], c.d = { } }
[facts."odd name"]
x.y = 2026-01-01T00:00:00
[[rules]]
[[rules]]
name = "second"
[rules.when]
a = 1
[[rules.tests]]
x = -1.5
[[tests]]
'''


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (JSON_TEXT, "name", 2), (JSON_TEXT, "rules", 3), (JSON_TEXT, "rules[0]", 4),
        (JSON_TEXT, "rules[0].when.`a.b`[1]", 5), (JSON_TEXT, "rules[1].then", 6),
        (JSON_TEXT, "rules[0].when.`a.b`", 4), (JSON_TEXT, "nothing", None),
        (TOML_TEXT, "name", 2), (TOML_TEXT, "text", 3), (TOML_TEXT, "tests", 19),
        (TOML_TEXT, "tests[0]", 19), (TOML_TEXT, "other", 6), (TOML_TEXT, "when.`a.b`[0]", 8),
        (TOML_TEXT, "when.`a.b`[1]", 9), (TOML_TEXT, "when.c.d", 9),
        (TOML_TEXT, "facts.odd name.x.y", 11), (TOML_TEXT, "facts.odd name", 10),
        (TOML_TEXT, "rules[0]", 12), (TOML_TEXT, "rules[1].name", 14),
        (TOML_TEXT, "rules[1].when.a", 16), (TOML_TEXT, "rules[1].tests[0].x", 18),
        (TOML_TEXT, "rules[0].name", 12), (TOML_TEXT, "rules[7].name", 12),
        ('"a\\q" = 1\nb = 2', "b", 2), ("a" + ".a" * 100_000 + " = 1\nb = 2", "b", 2),
    ],
)  # fmt: skip
def test_the_line_of_a_path(text, path, line):
    assert lines_of(text, [path]).get(path) == line


@given(st.text(alphabet="[]{}=,:.#\"'\\\n ab1-", max_size=80), st.booleans())
def test_law_a_line_is_one_of_the_text_whatever_the_text(text, braced):
    text = "{" + text if braced else text
    found = lines_of(text, ["a", "a.b", "a[0]", "b[1].a"])
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


@pytest.mark.unwatched
@pytest.mark.parametrize("text", ["[" * 100_000, "a = " + "[" * 100_000, '{"a":' * 100_000])
def test_deep_text_has_lines_too(text):
    assert lines_of(text, ["a"]).get("a") in (None, 1)
