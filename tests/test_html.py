"""Pages: whole, of their own, and of no markup that others wrote."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate import Playbook, record_of, review, summarise
from deescalate._html import Mark, Point, bar, course, fragment, marked, page, table, tag
from deescalate.cues import Cue, CueKind, Reading
from deescalate.errors import FactError
from deescalate.escalation import EscalationPolicy
from deescalate.rules import EVERYTHING, Choice, Flag, Number, Rule, Table
from deescalate.statistics import ChangePoint
from deescalate.strategy import Strategy
from deescalate.text import Span

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOSTILE = '</div><script>alert(1)</script><img src=x onerror="a()"> \' & {{x}} \u202e I am furious!'
OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "div", "section", "h1", "h2", "p", "ul",
    "ol", "li", "span", "strong", "mark", "table", "thead", "tbody", "tr", "th", "td", "svg", "line",
    "text", "polygon", "polyline", "circle", "details", "summary", "b",
}  # fmt: skip
ATTRIBUTES = {
    "charset", "name", "content", "http-equiv", "lang", "class", "style", "title", "scope", "viewbox",
    "role", "aria-label", "x1", "x2", "y1", "y2", "x", "y", "stroke", "points", "fill", "fill-opacity",
    "stroke-width", "stroke-opacity", "cx", "cy", "r",
}  # fmt: skip


class Strict(HTMLParser):
    """Notes every element, and refuses what is not ours or not closed in turn."""

    def __init__(self, html):
        super().__init__()
        self.open, self.words = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        assert name in OURS
        assert {key for key, _ in attributes} <= ATTRIBUTES
        if name != "meta":
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


def talk_of(*said):
    talk = Playbook.default().open(at=NINE, case=HOSTILE)
    for who, text in said:
        talk = (talk.customer_says if who == "c" else talk.agent_says)(text, at=talk.at)
    return talk


def pages_of(value, *given):
    return value.to_html(*given), value._repr_html_()


def test_a_conversation_shows_its_course_its_cues_its_plans_and_its_reviews():
    talk = talk_of(
        ("c", f"{HOSTILE}\nThis is the THIRD time. I will sue you!"), ("a", "Calm down.")
    )
    for html in pages_of(talk):
        shown = Strict(html)
        assert "<script" not in html
        for part in ("Distress", "anger", "Goes to", "T108", "should not have been sent", "next: "):
            assert part in shown.text
        assert html.count("<circle") == 2
        assert "alert(1)" in shown.text
        assert "\u202e" not in html
    assert "http" not in talk.to_html().replace("http-equiv", "")
    for html in pages_of(talk_of()):
        assert "<svg" not in html
    good = talk_of(
        ("c", "I am furious, nothing works!!"),
        ("a", "Thank you. I am sorry that it failed. I will call you by 3 pm."),
    )
    Strict(good.to_html())
    assert 'lang="en"' in Playbook.default().open(at=NINE).to_html()
    assert "<title>Conversation</title>" in Playbook.default().open(at=NINE).to_html()


def test_a_reading_colours_the_words_that_weigh():
    text = f"{HOSTILE} Thank you."
    reading = Playbook.default().reader.read(text)
    html, short = pages_of(reading, text)
    assert text.replace("\u202e", "\ufffd") in Strict(html).text
    assert 'class="cue up"' in html
    assert "furious +" in Strict(short).text
    Strict(Reading().to_html(""))


def test_a_table_is_one_and_the_rules_that_decide_are_marked():
    anger, threat = Number("anger", 0, 1), Choice("threat", ["none", "legal"])
    rules = [
        Rule("<b>", (anger >= 0.9) | threat.is_("legal"), {"tier": "boss", "minutes": 5}, HOSTILE),
        Rule("calm", anger < 0.1, {"tier": "bot", "minutes": 60}),
    ]
    desk = Table("<desk>", [anger, threat], rules, "first")
    for html in pages_of(desk):
        assert HOSTILE.replace("\u202e", "\ufffd") in Strict(html).text
        assert 'class="hit"' not in html
    marked_ = desk.to_html({"anger": 0.95, "threat": "none"})
    assert marked_.count('class="hit"') == 2
    assert "tier boss, minutes 5" in Strict(marked_).text
    assert desk.to_html({"anger": 0.5, "threat": "none"}).count('class="hit"') == 0
    with pytest.raises(FactError):
        desk.to_html({"angr": 0.5})
    always = Table("d", [anger], [Rule("a", anger >= 0, True)], default=False)
    assert "otherwise False" in Strict(always.to_html()).text
    wide = Table("w", [Flag(f"f{each}") for each in range(13)], [Rule("a", EVERYTHING, 1)])
    assert "always" in Strict(wide.to_html()).text
    assert "f7" not in Strict(wide.to_html()).text
    moves = Strict(Strategy.default().moves.to_html()).text
    assert """phase "closing", promised true, lost false""" in moves


def test_a_policy_shows_its_ladder_and_its_worst_times():
    for html in pages_of(EscalationPolicy.default()):
        text = Strict(html).text
        assert "120 min" in text
        assert "EUR without limit" in text
        assert "duty line" in text
    document = EscalationPolicy.default().to_document().replace("rounds = 2", "rounds = 1")
    assert "gone once" in EscalationPolicy.from_document(document).to_html()


def test_a_summary_shows_what_its_markdown_says():
    talk = talk_of(("c", "I am furious!"), ("a", "I am sorry."), ("c", "Thank you, that helps."))
    found = summarise([record_of(talk, customer=HOSTILE), record_of(talk, customer=HOSTILE)])
    for html in pages_of(found):
        assert "2 cases" in Strict(html).text
        assert "Caution: " in html
    for html in pages_of(summarise([])):
        assert "0 cases" in Strict(html).text


def test_a_review_marks_what_it_finds():
    html = review(f"Calm down. {HOSTILE}")._repr_html_()
    assert 'title="T108' in html
    assert "may not be sent" in Strict(html).text
    assert "may be sent" in Strict(review("Where shall I send it?")._repr_html_()).text


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.just(HOSTILE)


@given(
    text=TEXTS,
    title=TEXTS,
    start=st.integers(-2, 70),
    end=st.integers(-2, 70),
    weight=st.floats(0, 3),
)
def test_no_text_makes_markup_in_any_part(text, title, start, end, weight):
    marks = [Mark(start, end, title, "up", weight), Mark(0, 3, text), Mark(1, 4, text, "down")]
    parts = (
        tag("p", text, class_=title),
        tag("div", marked(text, marks)),
        table([title], [[text]], hits=[0]),
        bar(weight, 0.2, 0.4, title=title),
        course(
            [Point(0.1, 0.0, 0.3, text), Point(weight, 0.0, weight, title, up=True)], title=text
        ),
        course([], title=title),
    )
    Strict(page(title, *parts))
    html = fragment(*parts)
    Strict(html)
    assert html._repr_html_() == html


@given(text=TEXTS, marks=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marks_take_no_letter_away(text, marks):
    html = marked(text, [Mark(start, end, "x", "up") for start, end in marks])
    kept = Strict(tag("div", html)).text
    assert len(kept) == len(text)
    assert [a for a in kept if a.isalnum()] == [a for a in text if a.isalnum()]


def test_a_change_over_time_is_told_as_a_list():
    from attrs import evolve

    from deescalate.records import Trend

    change = ChangePoint(index=3, before=0.2, after=0.6, p=0.001)
    found = evolve(summarise([]), trends=(Trend(name="<i>", change=change),))
    assert "before case 4" in Strict(found.to_html()).text
    assert "## What changed" in found.to_markdown()


def test_what_is_not_sure_is_told_as_perhaps():
    whole = Cue(kind=CueKind.THREAT_VIOLENCE, span=Span(0, 4), quote="Wait", sure=False)
    assert "threat violence</strong>, perhaps: “Wait”" in Reading(cues=(whole,)).to_html("Wait")
    sure = Reading(cues=(evolve(whole, sure=True),)).to_html("Wait")
    assert "threat violence</strong>: “Wait”" in sure
