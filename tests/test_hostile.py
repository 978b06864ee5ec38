"""Hostile texts: the work grows with the length and no faster, and what is too long is said to be.

What all shapes cost at a megabyte, in every room: ``tests/benchmarks/bench_hostile.py``.
"""

import sys
import time
from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate import Playbook
from deescalate.command import main
from deescalate.conversation import events_from_json_lines, mask
from deescalate.cues import Reading
from deescalate.errors import SettingError
from deescalate.languages import Language
from deescalate.reading import LanguageReader, ScoreReader, blend, read_agent
from deescalate.testing.reading import any_texts
from deescalate.testing.text import HOSTILE_SHAPES, hostile_texts
from deescalate.text import LONGEST, Places, Span, Text
from deescalate.wording import review
from deescalate.wording._rewrite import WORK, rewritten

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
OPEN = BOOK.open(at=AT)
TALK = OPEN.customer_says("My parcel is two weeks late and nobody calls me!", at=AT)
GROWING = (
    "apologies", "asked", "different promises", "granted", "insults", "matters", "said", "steps", "strange words",
)  # fmt: skip


def work(of, text):
    """How many functions are called: the same on any machine, however busy."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        of(text)
    finally:
        sys.setprofile(before)
    return calls


def a_round(text):
    """As a customer's message and as the reply to one, up to the advice and the handover."""
    assert OPEN.customer_says(text, at=AT).advice
    assert TALK.agent_says(text, at=AT).customer_says("Still nothing!", at=AT).handover()


@pytest.mark.parametrize("name", GROWING)
def test_law_the_work_grows_with_the_length(name):
    shape = HOSTILE_SHAPES[name]
    a_round(shape(16_000))  # so that nothing is made for the first time
    one, two, four = (work(a_round, shape(length)) for length in (4_000, 8_000, 16_000))
    assert four - two <= 2.25 * (two - one)


@pytest.mark.parametrize("name", HOSTILE_SHAPES)
def test_law_every_shape_is_cut_and_masked_in_no_time(name):
    text = HOSTILE_SHAPES[name](6_000)
    assert len(text) <= 6_000
    start = time.process_time()
    cut = Text.of(text)
    assert cut.own.tokens is not None
    assert mask(text).text is not None
    assert time.process_time() - start < 2


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9))),
    st.integers(0, 30),
    st.integers(1, 9),
)
def test_law_places_are_touched_where_one_of_them_is(found, start, length):
    spans = [Span(at, at + size) for at, size in found]
    asked = Span(start, start + length)
    touched = any(s.start < s.end and s.start < asked.end and asked.start < s.end for s in spans)
    assert Places(spans).touch(asked) == touched


# --- what is too long --------------------------------------------------------------------------

TEXTS = hostile_texts(longest=300) | any_texts()
LENGTHS = st.integers(1, 400)


@given(TEXTS, LENGTHS)
def test_law_a_text_is_taken_up_to_the_end_of_a_word(text, longest):
    cut = Text.of(text, longest=longest)
    rest = text[len(cut.raw) :]
    assert (cut.raw + rest, cut.unread) == (text, len(rest))
    assert min(len(text), max(longest - 99, 1)) <= len(cut.raw) <= longest
    near = text[max(longest - 99, 0) : longest + 1]
    if rest and any(letter.isspace() for letter in near[1:]):
        assert cut.raw[-1].isspace() or rest[0].isspace()


def test_no_letter_is_cut_in_two():
    for letter in ("\ud83d\ude21", "e\u0301", "👨\u200d👩", "☹\ufe0f"):
        for length in range(3, 60):
            cut = Text.of(letter * 50, longest=length)
            assert cut.raw == letter * (length // len(letter))
    marks = "e" + "\u0301" * 300
    assert Text.of(marks, longest=150).raw == marks[:150]
    assert Text.of("a\u200d" * 200, longest=150).raw == "a\u200d" * 75


@given(TEXTS, LENGTHS)
def test_law_a_long_message_reads_as_its_first_part(text, longest):
    cut = Text.of(text, longest=longest)
    short, long = LanguageReader().read(cut.raw), LanguageReader(longest=longest).read(text)
    assert long == evolve(short, unread=cut.unread)
    assert read_agent(cut) == evolve(read_agent(cut.raw), unread=cut.unread)


@given(TEXTS, LENGTHS)
@settings(max_examples=20)
def test_law_a_long_message_is_kept_whole_and_said_to_be_read_in_part(text, longest):
    book = evolve(BOOK, longest=longest)
    part = Text.of(text, longest=longest).raw
    long, short = (book.open(at=AT).customer_says(each, at=AT) for each in (text, part))
    assert long.turns[-1].event.text == text
    assert (long.plan, long.escalation, long.emotion) == (
        short.plan,
        short.escalation,
        short.emotion,
    )
    warned = [line for line in long.handover().warnings if "too long to be read whole" in line]
    told = "their long message was read in part" in long.instructions()
    assert (bool(warned), told) == (len(text) > longest, len(text) > longest)
    assert book.resume(long.to_snapshot()) == long
    assert book.replay(events_from_json_lines(long.to_json_lines())) == long


def codes(found):
    return {*found.codes} - {"S809"}


@given(TEXTS, LENGTHS)
def test_law_a_long_draft_is_reviewed_as_its_first_part_and_never_sent(text, longest):
    part = Text.of(text, longest=longest).raw
    long, short = review(text, longest=longest), review(part)
    assert codes(long) == codes(short)
    assert long.draft == text
    if len(text) > longest and "S801" not in short.codes:
        assert not long.ok
        [unread] = long.of("S809")
        assert unread.quote == text[len(part) :]


def test_nothing_closes_on_a_message_that_was_read_in_part():
    talk = TALK.agent_says("I have refunded the fee. Does that settle it for you?", at=AT)
    yes = "Yes, that settles it, thank you! "
    assert talk.customer_says(yes, at=AT).history.agreed
    book = evolve(BOOK, longest=len(yes))
    talk = evolve(talk, judges=book)
    agreed = talk.customer_says(yes, at=AT)
    long = agreed.customer_says(
        "Thank you, that is all fine by me. And now my other parcel is late", at=AT
    )
    assert agreed.history.agreed
    assert long.reading.unread
    assert not long.history.agreed


def test_a_long_reply_that_was_said_is_found_too_long():
    talk = evolve(TALK, judges=evolve(BOOK, longest=200)).agent_says("I am on it. " * 40, at=AT)
    assert "S809" in talk.turns[-1].review.codes
    assert talk.turns[-1].event.text == "I am on it. " * 40
    for number in range(9):
        talk = talk.agent_says(f"I am on it, as said in {number}. " * 3, at=AT)
    assert talk.review("I am on it.").codes is not None


def test_readers_of_others_are_given_the_part_that_is_read():
    seen = []

    class Other:
        def read(self, text):
            seen.append(text)
            return Reading(distress=0.4)

    book = evolve(BOOK, reader=Other(), longest=20)
    talk = book.open(at=AT).customer_says("My parcel is late. Where is it?", at=AT)
    assert (seen, talk.reading.unread) == (["My parcel is late. "], 12)
    both = blend(LanguageReader(longest=20), ScoreReader.from_compound(len, precision=1.0))
    assert both.read("My parcel is late. Where is it?").unread == 12


@pytest.mark.parametrize("longest", [0, -1, True, 2.5, "9", None])
def test_a_length_is_a_whole_number(longest):
    for take in (
        lambda: Text.of("hi", longest=longest),
        lambda: LanguageReader(longest=longest).read("hi"),
        lambda: review("hi", longest=longest),
        lambda: evolve(BOOK, longest=longest),
    ):
        with pytest.raises(SettingError, match="a whole number, 1 or more"):
            take()


def test_another_length_is_another_playbook():
    assert evolve(BOOK, longest=7).fingerprint != BOOK.fingerprint
    assert BOOK.longest == LONGEST


def test_the_command_and_the_page_say_it(capsys):
    text = "late " * (LONGEST // 5) + "and broken"
    assert main(["read", text]) == 0
    assert "its last 10 characters are not read" in capsys.readouterr().out
    reading = LanguageReader(longest=6).read("late and")
    assert "its last 3 characters were not read" in reading.to_html("late and")


def test_a_german_case_says_it_in_german():
    book = evolve(Playbook.default(language=Language.load("german")), longest=30)
    talk = book.open(at=AT).customer_says("Mein Paket ist nicht da! " * 3, at=AT)
    assert (
        talk.handover().warnings[-1].startswith("zu lang, um ganz gelesen zu werden: 1 Nachricht")
    )


def test_law_a_draft_is_put_better_in_bounded_work():
    for text in ("as I already said, " * 220, "As I already said, no. " * 200, "Calm down. " * 40):
        first = review(text)
        looked = []

        def look(draft, first=first, looked=looked):
            looked.append(len(draft))
            return first._again.look(draft)

        better = rewritten(first, look)
        assert sum(looked) <= max(WORK, 10 * len(text))
        assert rewritten(review(better), first._again.look) == better


def test_a_draft_that_takes_too_much_work_is_left_as_it_was():
    text = "".join(
        f"As I already said, case {number} is, as I already said, shut. " for number in range(9)
    )
    first = review(text)
    costly = f"{text} " * 10_000
    better = evolve(first, draft=text)
    assert (
        rewritten(better, lambda _: evolve(first, draft=costly, findings=first.findings[1:]))
        == text
    )
