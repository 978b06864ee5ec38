"""A text analysed once: its clean view, the customer's own words, what is understood of it."""

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.languages import Language
from deescalate.testing.reading import any_texts, messages
from deescalate.text import Span, Text

VECTORS = Path(__file__).parent / "vectors"


def words(text):
    return " ".join(token.text for token in Text.of(text).tokens)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f\u200buck you, as\u200dshole", "fuck you , asshole"),
        ("sui\u00adcide \ufeffhelp", "suicide help"),
        ("f\u0443ck, I wan\u0442 to d\u0456e, \u03bfld", "fuck , i want to die , old"),
        ("\u041f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442"),
        ("my\u0440\u0443", "mypy"),
        ("I don&#x27;t, don&#39;t, &quot;no&quot;", "i don't , don't , \" no \""),
        ("I&nbsp;want<br>to&shy; die</p>", "i want to die"),
        ("<b>bold</b> a < b <3 <your name>", "bold a < b <3 < your name >"),
        ("&#xD800; &#99999999; &bogus; &amp;lt;", "& # xd800 ; & # 99999999 ; & bogus ; & lt ;"),
        ("\U0001d523\U0001d532\U0001d520\U0001d528 \uff46\uff55\uff43\uff4b", "fuck fuck"),
        ("k\u0337\u0322i\u0337l\u0334l caf\u0065\u0301", "kill caf\u00e9"),
        ("sh1t a$$hole b!tch $hit k1ll mys3lf!", "shit asshole bitch shit kill myself !"),
        ("f*ck s**t f***ing k*ll f** D1E", "fuck shit fucking kill f** die"),
        ("k i l l, k.i.l.l f-u-c-k", "kill , kill fuck"),
        ("I k i l l u, i d.i.e I f-u-c-k u", "i kill you , i die i fuck you"),
        ("é k i l l, S h i t a l", "é kill , s h i t a l"),
        ("i l l, a b c, mp3 b4 gr8 2*3*4", "i l l , a b c , mp3 before great 2 * 3 * 4"),
        ("u r gonna pls im dont ive THX", "you are going to please i'm don't i've thanks"),
        ("\u2115\u2460 \u24bb", "n1 f"),
    ],
)
def test_what_hides_words_is_undone(text, shown):
    assert words(text) == shown


def hidden():
    for line in (VECTORS / "hidden.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield pytest.param(row["text"], row["words"], id=ascii(row["text"]))


@pytest.mark.parametrize(("text", "shown"), list(hidden()))
def test_what_hides_words_in_other_ways_is_undone_too(text, shown):
    assert words(text) == shown


def test_places_point_into_the_raw_text():
    text = "so &amp; f\u200buck! gonna <b>d\u0456e</b> e\u0301\u0337\u0337, k i l l"
    quotes = [Span(token.start, token.end).of(text) for token in Text.of(text).tokens]
    assert quotes == [
        "so", "&amp;", "f\u200buck", "!", "g", "onna", "d\u0456e", "e\u0301\u0337\u0337", ",", "k i l l",
    ]  # fmt: skip


OWN = [
    ("Thanks, sorted.\n\nOn Mon, 5 Jan 2026 at 09:00, C <c@a.example> wrote:\n> die", "Thanks, sorted."),
    ("Fine.\nOn Tue, Jan 6, 2026 at 9:00 AM Shop\n<help@shop.example> wrote:\nwe are sorry", "Fine."),
    ("On Mon, 5 Jan 2026 at 9:00, S wrote:\n> You are late\nNo, you are!", "No, you are!"),
    ("All good.\n\n----- Original Message -----\nFrom: Shop\nyou are furious", "All good."),
    ("Hi there\n\nFrom: Bob\nSent: Monday\nTo: x\n\nI hate you", "Hi there"),
    ("Opening hours?\n\n--\nUnauthorised copying may lead to legal action.", "Opening hours?"),
    ("Is it wrong?\n\n-- \nIf you think of suicide, call 116 123.", "Is it wrong?"),
    ("Where is it?\n\nSent from my iPhone", "Where is it?"),
    ("My line.\n\nThis email is confidential. If received in error, delete.\n\nBye", "My line.\n\n\nBye"),
    ("Hi\n```\nkill -9\n```\nbye", "Hi\nbye"),
    ('See\nTraceback (most recent call last):\n  File "x.py", line 3\n    die()\nValueError: x\nhelp', "See\nhelp"),
    ("Log:\nERROR job 7 killed by signal 9\nERROR job 8 killed\nok?", "Log:\nok?"),
    ("2026-01-05 09:00:01 ERROR killed\nhelp", "help"),
    ("SELECT NAME FROM ORDERS WHERE PAID IS NULL", ""),
    ('{"a": 1,\n"error": "killed"\n}\nplease look', "please look"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "own"), OWN)
def test_only_what_was_newly_written_is_own(text, own):
    assert str(Text.of(text).own).strip() == own


def pasted():
    """Mail of many programs in many languages, footers, logs, traces, queries; and what only looks so."""
    for line in (VECTORS / "own.jsonl").read_text("utf-8").splitlines():
        yield pytest.param(json.loads(line), id=ascii(line[9:60]))


@pytest.mark.parametrize("row", list(pasted()))
def test_what_was_pasted_is_not_own_and_what_was_written_is_not_lost(row):
    assert str(Text.of(row["text"]).own).strip() == row["own"].strip()


@pytest.mark.parametrize(
    "text",
    [
        "> only\n> quoted lines",
        "On Monday I wrote:\nno answer came",
        "-- this is not right\nat all",
        "ERROR AGAIN!!! FIX IT\nNOW",
        "This email is confidential, they said, but it was an error\nso I am writing.",
        "From: me\nI want my money",
        "```\nnever closed, all of it mine",
        "Hi\n\n--\n" + "my words go on\n" * 20,
        "one line > and no more",
        "",
    ],
)
def test_in_doubt_all_of_it_is_own(text):
    assert Text.of(text).own is Text.of(text) or str(Text.of(text).own) == text


def test_own_parts_point_into_the_raw_text_and_are_cut_once():
    text = Text.of("I want $50 by Friday.\n> We owe you $90 on Monday.\nReally?")
    assert [amount.span.of(text.raw) for amount in text.own.amounts] == ["$50"]
    assert [said.span.of(text.raw) for said in text.own.times] == ["Friday"]
    assert set(text.own.tokens) < set(text.tokens)
    assert text.own.own is text.own
    assert [sentence.asks for sentence in text.own.sentences] == [False, True]
    assert text.own.clean is text.clean


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Sorry. What happened?", ["Sorry.", "What happened?"]),
        ("We close at 5 p.m. on Friday. Bye", ["We close at 5 p.m. on Friday.", "Bye"]),
        ("Mr. Smith called approx. ten times!", ["Mr. Smith called approx. ten times!"]),
        ("See shop.example or v1.2.3", ["See shop.example or v1.2.3"]),
        ("Done.Next", ["Done.", "Next"]),
        ("one\ntwo", ["one", "two"]),
        ("a " * 30 + "line that goes\non here", ["a " * 30 + "line that goes\non here"]),
        ("a " * 30 + "line that goes\n\non here", ["a " * 30 + "line that goes", "on here"]),
        ("Oh... no", ["Oh...", "no"]),
        (". a", [".", "a"]),
    ],
)
def test_sentences(text, sentences):
    read = Text.of(text)
    found = [Span(read.tokens[s.first].start, read.tokens[s.last].end) for s in read.sentences]
    assert [span.of(text) for span in found] == sentences


def other_languages():
    for line in (VECTORS / "other_languages.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield tuple(line.split(" | "))


@pytest.mark.parametrize(("language", "text"), list(other_languages()))
def test_another_language_is_not_understood(language, text):
    assert Text.of(text).understood < 0.4


@pytest.mark.parametrize(
    "text",
    ["", "ok", "4711", "\U0001f44d", "???", "www.shop.example", "yes pls", "lol", "thx!", "No.",
     "where is my prcel its ben 3 weks", "i wnat my mony bak", "im so dissapointed rn",
     "My order from Kowalski in Wuppertal never came", "WHERE IS IT", "soooo late, unrefunded"],
)  # fmt: skip
def test_english_is_understood_however_it_is_spelt(text):
    assert Text.of(text).understood > 0.5


@pytest.mark.parametrize("text", (VECTORS / "english.txt").read_text("utf-8").splitlines()[1:])
def test_english_is_understood_among_other_words(text):
    assert Text.of(text).understood > 0.5


@given(st.lists(messages(), min_size=3, max_size=3).map(" ".join))
def test_law_a_word_of_no_language_lowers_what_is_understood(text):
    known = f"my order is late {text}"
    assert Text.of(f"{known} zxqvw").understood < Text.of(known).understood


@given(any_texts())
def test_law_every_part_lies_in_the_text_in_order(text):
    read = Text.of(text)
    for part in (read, read.own):
        places = [(token.start, token.end) for token in part.tokens]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(places))
        counted = [at for s in part.sentences for at in range(s.first, s.last + 1)]
        assert counted == list(range(len(places)))
        for found in (part.amounts, part.durations, part.times):
            assert all(0 <= each.span.start < each.span.end <= len(text) for each in found)
        for said in part.times:
            said.when.due(datetime(2026, 1, 5, tzinfo=UTC))
        assert 0 <= part.understood <= 1
    assert set(read.own.tokens) <= set(read.tokens)


@given(st.text(alphabet="ab1<>&;#x*$ \u200b\u200d\u0301\u0443\uff46.-\n\ud800", max_size=40))
def test_law_hidden_words_keep_their_places(text):
    tokens = Text.of(text).tokens
    assert all(one.end <= two.start for one, two in itertools.pairwise(tokens))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    view = Text.of(text).clean
    assert all(0 <= view.place(at) <= len(view.text) for at in range(len(text) + 1))


def test_a_text_is_taken_once():
    text = Text.of("hello")
    assert Text.of(text) is text
    assert text.tokens is text.tokens


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(SettingError, match="english"):
        Text.of("hi", "klingon")


def test_a_language_without_a_list_of_words_cannot_tell():
    own = Language.from_files("own", {"customer.phrases": "[rule thanks]\nmerci"})
    assert Text.of("merci bien", own).understood == 1.0


def test_a_word_too_long_for_any_list_is_unknown():
    assert Text.of("mnopq" * 12).understood == 0.0


def test_endings_and_doubled_letters_leave_a_word_known():
    assert Text.of("stopping replied unplugged happier @@ a1 _ ½ th'anks").understood == 1.0
