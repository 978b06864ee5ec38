"""Other people's words stay words: in Markdown, HTML, CSV, JSON, a prompt, a log and a terminal."""

import csv
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deescalate.advice import Plan
from deescalate.conversation import Conversation, Handover
from deescalate.escaping import (
    for_csv,
    for_html,
    for_json,
    for_markdown,
    for_prompt,
    for_sarif,
    for_terminal,
)
from deescalate.findings import Finding, Report, Severity
from deescalate.playbook import Playbook
from deescalate.records import CaseRecord, coach, summarise

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

PIECES = [
    "# x", "## y", "- a", "* b", "+ c", "1. d", "2) e", "> q", "---", "===", "```", "~~~", "~~s~~", "    code", "\t",
    "\n", "\n\n", "\r", "[a](http://x.example)", "![a](//x.example/p.png)", "[a]: http://x.example", "[a]", "[a][b]",
    "<script>alert(1)</script>", "<img src=x onerror=a()>", "<!-- ", "<http://x.example>", "<a@b.example>", "&lt;b&gt;",
    "&#60;b&#62;", "**b**", "_i_", "`c`", "| a | b |", "| - | - |", ":-:", "- [ ] t", "\\", "\\\\", "*", "_", "[", "]",
    "(", ")", "!", "<", ">", "\x1b[31m", "\x1b]0;t\x07", "\x9b31m", "\u202e", "\u2066", "\u200b", "\ud800", "\udfff", "\x00",
    "\u2028", "=cmd|' /C calc'!A0", "@SUM(1)", "-1+1", '"', "'", "</li>", "{{7*7}}", "<|im_start|>system", "]]>", "words",
    " ", "12", "a",
]  # fmt: skip
hostile = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join) | st.text()
)


def shape(markdown: str) -> list[str]:
    """The kinds of token, without texts and the breaks of their lines."""
    plain = {"text", "softbreak", "text_special"}
    return [
        each.type
        for block in PARSER.parse(markdown)
        for each in (block, *(child for child in block.children or () if child.type not in plain))
    ]


@given(hostile, st.integers(20, 60))
@example("see\n# this", 20)
def test_law_no_markdown_comes_of_words_wherever_they_are_wrapped(words, width):
    lines = [f"it began with “{words}”", words, f"x {words}"]
    note = Handover(at=AT, case=words, tier="agent", story=lines)
    plain = Handover(
        at=AT, case="7", tier="agent", story=["a", "b", "c"][: 3 if for_terminal(words) else 2]
    )
    assert shape(note.to_markdown(width=width)) == shape(plain.to_markdown())


@given(hostile)
def test_law_what_markdown_shows_are_the_words(words):
    shown = [
        each for block in PARSER.parse(f"x {for_markdown(words)}") for each in block.children or ()
    ]
    assert "".join(each.content for each in shown) == f"x {for_terminal(words)}".strip()


@given(st.lists(hostile, min_size=2, max_size=2))
def test_law_a_table_keeps_its_cells(names):
    records = [
        CaseRecord(
            case=name,
            customer=names[0] or "c",
            opened_at=AT,
            closed_at=AT,
            tier="agent",
            causes=["late"],
        )
        for name in names
    ]
    told, plain = summarise(records).to_markdown(), summarise(
        [CaseRecord(case="1", customer="c", opened_at=AT, closed_at=AT, tier="agent", causes=["late"])] * 2
    ).to_markdown()  # fmt: skip
    assert shape(told) == shape(plain)
    assert shape(coach(records, agent=names[0]).to_markdown()) == shape(
        coach([], agent="a").to_markdown()
    )


class Seen(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.words.append(data)


@given(hostile)
def test_law_no_element_comes_of_words(words):
    seen = Seen()
    seen.feed(f'<p title="{for_html(words)}">{for_html(words)}</p>')
    seen.close()
    assert seen.tags == [("p", [("title", for_terminal(words))])]
    assert "".join(seen.words) == for_terminal(words)


@given(hostile)
def test_law_a_terminal_sees_neither_control_nor_turned_writing(words):
    shown = for_terminal(words)
    assert not re.search(
        r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )
    assert shown == for_terminal(shown)


def test_letters_that_are_joined_stay_joined():
    assert for_terminal("👩\u200d👧 می\u200cخواهم") == "👩\u200d👧 می\u200cخواهم"


@given(hostile)
def test_law_no_cell_of_a_table_begins_a_formula(words):
    cell = for_csv(words)
    assert not re.match(r"[=+\-@\t\r|%＝＋－＠]", cell)
    line = '"' + cell.replace('"', '""') + '"'
    assert next(csv.reader([line])) == [cell]


@given(hostile)
def test_law_a_line_of_a_prompt_is_one_line_without_the_marks_of_its_format(words):
    assert not re.search(r"[<>`{}\n\r\x00-\x1f]", for_prompt(words))
    lines = Plan().instructions(facts=[words]).splitlines()
    assert len(lines) == len(Plan().instructions(facts=["x"]).splitlines())


@given(hostile)
def test_law_json_is_utf_8_whatever_was_said(words):
    talk = BOOK.open(at=AT, case=words, history=[words]).customer_says(words, at=AT)
    report = Report(
        name="desk", findings=[Finding(severity=Severity.NOTE, code="odd", text=words, place=words)]
    )
    assert report.to_github(file="a.toml").encode("utf-8")
    for text in (talk.handover().to_json(), talk.advice.to_json(), talk.plan.to_json(), report.to_json(),
                 json.dumps(report.to_sarif(uri="a.toml"))):  # fmt: skip
        text.encode("utf-8")
        json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


@given(hostile)
def test_law_a_message_of_sarif_holds_no_link(words):
    assert not re.search(r"(?<!\\)\]\(", for_sarif(words))
    text = str(
        Report(name=words, findings=[Finding(severity=Severity.NOTE, code="odd", text=words)])
    )
    assert len(text.splitlines()) == 2
    assert for_terminal(text.replace("\n", " ")) == text.replace("\n", " ")


@given(hostile)
def test_law_a_repr_is_one_printable_line(words):
    talk = BOOK.open(at=AT, case=words)
    assert isinstance(talk, Conversation)
    for shown in (repr(talk), repr(talk.state)):
        assert shown.isprintable()


@given(hostile)
def test_law_no_words_of_a_customer_are_in_the_instructions(words):
    said = BOOK.open(at=AT).customer_says(f"{words} zqxj {words}", at=AT)
    assert "zqxj" not in said.instructions()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("due 2026-01-05 09:00 UTC (open)", "due 2026-01-05 09:00 UTC (open)"),
        ("card [card number], it's 5 - or -5", "card [card number], it's 5 \\- or -5"),
        ("1. a 12) b 3.5", "1\\. a 12\\) b 3.5"),
        ("https://x.example www.x.example", "https\\://x.example www\\.x.example"),
        ("- [x] done", "\\- \\[x] done"),
        ("AT&T &amp;", "AT&amp;T &amp;amp;"),
    ],
)
def test_what_markdown_needs_is_escaped_and_the_rest_reads_as_it_is(text, shown):
    assert for_markdown(text) == shown


def test_half_a_pair_becomes_a_mark():
    assert for_json("a\ud800") == "a\ufffd"
