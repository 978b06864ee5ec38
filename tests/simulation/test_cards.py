"""Report cards: what they count, how they are graded, and that no word breaks out of them."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deescalate.errors import DeescalateError, SettingError, TranscriptError
from deescalate.findings import Severity
from deescalate.simulation import (
    GRADE_RULE,
    BrokenLaw,
    DrillEnding,
    Exchanged,
    ReportCard,
    ScenarioResult,
)
from deescalate.testing.simulation import report_cards
from deescalate.wording import Flaw

cards = report_cards()


def reply(before=0.8, after=0.3, score=1.0, **more):
    told = {"customer": "Where is it?", "reply": "I am on it.", **more}
    return Exchanged(before=before, after=after, score=score, **told)


def result(name="a", ending=DrillEnding.SETTLED, *course, **more):
    return ScenarioResult(scenario=name, ending=ending, course=course or (reply(),), **more)


LAW = BrokenLaw(law="respect", because="T108 demand to calm down")


def test_points_are_those_of_the_rule():
    calm = 30 * (1 - 0.3 / 1.6)
    assert result().points == round(50 + calm + 20, 1)
    assert result("a", DrillEnding.LEFT).points == round(calm + 20, 1)
    assert result("a", DrillEnding.SETTLED, reply(0.4, 0.0)).points == 100
    assert result("a", DrillEnding.LEFT, reply(0.4, 0.4, 0.0)).points == 15
    assert result("a", DrillEnding.LEFT, reply(0.4, 0.9, 0.0)).points == 0
    assert result("a", DrillEnding.LEFT, reply(0.0, 0.05, 0.0)).points == 15
    assert result("a", DrillEnding.SETTLED, reply(laws=(LAW,))).points == 40
    assert result("a", DrillEnding.SETTLED, reply(0.8, 0.8), reply(0.8, 0.8, 0.0)).points == 75
    assert result("a", DrillEnding.FAILED).points == 0
    card = ReportCard(results=[result(), result("b", DrillEnding.FAILED)])
    assert card.points == round(result().points / 2, 1)
    assert "40 points at most" in GRADE_RULE
    assert ReportCard(results=[]).rule == GRADE_RULE


def test_a_card_counts():
    bad = Flaw(code="T108", name="demand to calm down", severity=Severity.ERROR)
    slight = Flaw(code="P405", name="vague time", severity=Severity.NOTE)
    worst = reply(0.5, 0.9, 0.1, findings=(bad, bad, slight), laws=(LAW,), reply="Calm down.")
    best = reply(moves=("act",), findings=(slight,))
    card = ReportCard(
        results=[
            result("a", DrillEnding.SETTLED, best),
            result("b", DrillEnding.LEFT, worst, worst),
        ]
    )
    assert card.findings == {"P405": 3, "T108": 2}
    assert card.laws == {"respect": ("b",)}
    assert card.endings == {"settled": 1, "left": 1}
    assert card.best == best
    assert card.worst == worst
    assert worst.reasons == (
        "breaks the law of respect: T108 demand to calm down",
        "distress 0.50 to 0.90",
    )
    assert best.reasons == ("it makes act", "distress 0.80 to 0.30")
    assert not card
    assert [each.scenario for each in card.failed] == ["b"]
    assert card["a"].grade == "A"
    assert card["b"].distress == (0.5, 0.9, 0.9)
    with pytest.raises(SettingError, match="the name of a scenario"):
        card["c"]
    with pytest.raises(SettingError, match="one result a scenario"):
        ReportCard(results=[result(), result()])


def test_the_empty_card_is_one():
    card = ReportCard(results=[])
    assert (card.points, card.grade, card.best, card.worst, card.ok) == (0, "F", None, None, True)
    for written in (card.to_html(), card.to_markdown(), card.to_junit(), card.to_text()):
        assert written


def test_a_card_is_told_against_an_earlier_one():
    before = ReportCard(results=[result("a"), result("b", DrillEnding.LEFT), result("old")])
    hurt = result("a", DrillEnding.SETTLED, reply(laws=(LAW,)))
    after = ReportCard(results=[hurt, result("b"), result("new"), result("newer")])
    found = after.against(before)
    assert str(found).split("\n") == [
        "69.4 -> 67.2 points",
        "worse: a (-54.4)",
        "new: a breaks respect",
        "better: b (+50.0)",
        "gone: old",
        "added: new",
        "added: newer",
    ]
    assert not found
    assert before.against(before)
    assert not ReportCard(results=[result("a", DrillEnding.OPEN)]).against(before).ok


@given(cards)
def test_law_a_card_is_read_as_it_was_written(card):
    text = card.to_json()
    text.encode("utf-8")
    assert ReportCard.from_json(text).to_json() == text
    assert json.loads(text)["points"] == card.points


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"results": [{"scenario": "a", "ending": "odd"}]}', '{"reslts": []}']
)
def test_what_is_no_card_is_refused(text):
    with pytest.raises(TranscriptError):
        ReportCard.from_json(text)


@given(cards, st.sampled_from(["before", "after", "score"]))
def test_a_number_out_of_its_range_is_refused(card, name):
    with pytest.raises(DeescalateError):
        reply(**{name: 1.1})


ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h2",
    "h3",
    "p",
    "div",
    "span",
    "strong",
    "table",
    "tr",
    "th",
    "td",
    "thead",
    "tbody",
    "section",
    "svg",
    "line",
    "text",
    "polygon",
    "polyline",
    "circle",
    "details",
    "summary",
    "ul",
    "li",
}


@given(cards)
def test_law_nothing_that_was_said_becomes_markup(card):
    html = card.to_html()
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= ALLOWED
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "") or "http" in repr(card)
    root = ET.fromstring(card.to_junit())  # noqa: S314  our own
    assert root.tag == "testsuite"
    assert len(root) == len(card.results) == int(root.get("tests", ""))
    text = re.sub("[\u200c\u200d]", "", card.to_text())  # joiners are part of how words are written
    assert all(line.isprintable() or not line for line in text.split("\n"))


WILD = "<script>alert(1)</script> & ]]> \x00\x1b[31m \u202e ![x](http://x) | # h\n> q\ud800"


def test_wild_words_are_shown_as_they_are_and_do_nothing():
    wild = reply(customer=WILD, reply=WILD, laws=(BrokenLaw(law="respect", because=WILD),))
    card = ReportCard(
        results=[result(WILD, DrillEnding.LEFT, wild, because=WILD, goodbye=WILD)], bot=WILD
    )
    html = card.to_html()
    html.encode("utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    tokens = MarkdownIt("commonmark").enable("table").parse(card.to_markdown())
    inner = [part.type for each in tokens for part in each.children or ()]
    assert {"image", "link_open", "html_inline"}.isdisjoint(inner)
    assert "html_block" not in [each.type for each in tokens]
    ET.fromstring(card.to_junit())  # noqa: S314  our own
    assert "\x1b" not in card.to_text() + card.to_junit() + card.to_markdown() + html


def test_a_page_draws_the_course_and_follows_the_reader_s_light():
    html = ReportCard(
        results=[result("a", DrillEnding.LEFT, reply(), reply(laws=(LAW,)))]
    ).to_html()
    assert html.count("<circle") == 3
    assert html.count("var(--bad)") > html.count("var(--none)")
    assert "prefers-color-scheme:dark" in html
    assert "2 replies" in html
    assert "1 reply" in ReportCard(results=[result()]).to_html()


def test_junit_tells_failures_from_errors():
    card = ReportCard(
        results=[
            result("good"),
            result("bad", DrillEnding.LEFT),
            ScenarioResult(scenario="odd", ending="failed", trouble="it raised"),
        ]
    )
    root = ET.fromstring(card.to_junit())  # noqa: S314  our own
    assert (root.get("failures"), root.get("errors")) == ("1", "1")
    assert [each.find("failure") is not None for each in root] == [False, True, False]
    assert root[2].find("error").get("message") == "odd: F (0), failed: it raised"


def test_text_shortens_what_is_long():
    long = result("a", DrillEnding.LEFT, reply(reply="word " * 200))
    text = ReportCard(results=[long]).to_text()
    assert max(map(len, text.split("\n"))) < 400


def test_markdown_tells_laws_findings_and_the_rule():
    bad = Flaw(code="T108", name="demand to calm down", severity=Severity.ERROR)
    hurt = reply(0.5, 0.9, findings=(bad,), laws=(LAW,))
    card = ReportCard(results=[result("a", DrillEnding.LEFT, hurt, hurt), result("b")])
    told = card.to_markdown()
    for part in (
        "- respect: a\n",
        "- T108 demand to calm down: in 2 replies",
        "## Best reply",
        "## Worst reply",
        "## How it is graded",
    ):
        assert part in told
    one = ReportCard(results=[result("a", DrillEnding.LEFT, reply(findings=(bad,)))])
    assert "in 1 reply\n" in one.to_markdown()
    assert str(one) == one.to_text()


def test_an_ending_is_one_of_those_there_are():
    with pytest.raises(SettingError, match="one of settled"):
        ScenarioResult(scenario="a", ending="odd")


@pytest.mark.parametrize("value", [True, "1", -0.1])
def test_a_share_is_a_number(value):
    with pytest.raises(SettingError, match="from 0 to 1"):
        reply(value)
