"""Cues: what each kind must find, what it must leave alone, and the laws of the finder."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import CueKind
from deescalate.errors import DocumentError, SettingError
from deescalate.reading.constructions import CueFinder
from deescalate.reading.tokens import tokenize

VECTORS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "vectors" / "cues").glob("*.json"))
}
SENTENCES = sorted(
    {text for vector in VECTORS.values() for text in (*vector["positives"], *vector["near_misses"])}
)
SAFETY = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
POSITIVES = [(kind, text) for kind, vector in VECTORS.items() for text in vector["positives"]]
NEAR_MISSES = [(kind, text) for kind, vector in VECTORS.items() for text in vector["near_misses"]]


def cues_in(text):
    return CueFinder.load("english").find(tokenize(text), text)


def kinds_in(text):
    return {cue.kind for cue in cues_in(text)}


def texts():
    """Messages as people write them, and worse: phrases, joined, broken and decorated."""
    joint = st.sampled_from(
        [" ", ". ", "\n", "! ", "?? ", ", ", "... ", "\n\n", " \U0001f621 ", "''"]
    )
    phrase = st.one_of(st.sampled_from(SENTENCES), st.text(max_size=12))
    return st.lists(st.tuples(phrase, joint), max_size=5).map(
        lambda parts: "".join(text + mark for text, mark in parts)
    )


def test_every_kind_has_its_vectors():
    assert set(VECTORS) == {str(kind) for kind in CueKind}
    for vector in VECTORS.values():
        assert len(vector["positives"]) >= 25
        assert len(vector["near_misses"]) >= 25


@pytest.mark.parametrize(("kind", "text"), POSITIVES)
def test_a_positive_shows_its_kind(kind, text):
    assert kind in kinds_in(text)


@pytest.mark.parametrize(("kind", "text"), NEAR_MISSES)
def test_a_near_miss_does_not_show_it(kind, text):
    assert kind not in kinds_in(text)


@pytest.mark.parametrize("kind", SAFETY)
@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "{}!!!",
        "Hello, my order is late. {}. What now?",
        "I said it before and I say it again: {}",
        "my order is late\n{}\nplease answer",
        "So my husband told me '{}'. And I did not know what to say",
        "no, {}",
    ],
)
def test_danger_is_found_in_any_frame(kind, frame):
    missed = [
        text for text in VECTORS[str(kind)]["positives"] if kind not in kinds_in(frame.format(text))
    ]
    assert missed == []


@given(texts())
def test_law_spans_quote_the_text_exactly(text):
    for cue in cues_in(text):
        assert cue.span.of(text) == cue.quote != ""
        assert 0 < cue.weight <= 1


@given(st.text())
def test_law_any_text_is_safe(text):
    assert cues_in(text) == cues_in(text)


@given(texts())
def test_law_cues_of_one_kind_do_not_overlap_and_stand_in_order(text):
    found = cues_in(text)
    assert list(found) == sorted(found, key=lambda cue: (cue.span.start, cue.span.end, cue.kind))
    last = {}
    for cue in found:
        assert cue.span.start >= last.get(cue.kind, 0)
        last[cue.kind] = cue.span.end


@given(texts(), texts())
def test_law_a_blank_line_keeps_exactly_the_cues_of_both(first, second):
    joined = first + "\n\n" + second
    shift = len(first) + 2
    if first and second:
        apart = [(cue.kind, cue.quote) for cue in cues_in(first)]
        apart += [(cue.kind, cue.quote) for cue in cues_in(second)]
        together = [(cue.kind, cue.quote) for cue in cues_in(joined)]
        assert sorted(together) == sorted(apart), shift


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.sampled_from(["\n", "... "]))
def test_law_a_line_break_keeps_at_least_the_kinds_of_both(first, second, joint):
    assert kinds_in(first) | kinds_in(second) <= kinds_in(first + joint + second)


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.sampled_from([". ", "! ", "? "]))
def test_law_a_sentence_end_keeps_at_least_the_kinds_of_both(first, second, joint):
    ended = first + joint.strip()
    assert kinds_in(ended) | kinds_in(second) <= kinds_in(ended + " " + second)


@given(st.sampled_from(SENTENCES))
def test_law_case_does_not_matter_apart_from_shouting(text):
    quiet = kinds_in(text.lower()) - {CueKind.SHOUTING}
    assert kinds_in(text.upper()) - {CueKind.SHOUTING} == quiet


@pytest.mark.parametrize(
    ("text", "kind", "field", "value"),
    [
        ("this is the third time I call", CueKind.REPEAT_CONTACT, "count", 3.0),
        ("I have called 4 times", CueKind.REPEAT_CONTACT, "count", 4.0),
        ("I emailed you twice", CueKind.REPEAT_CONTACT, "count", 2.0),
        ("3rd time asking", CueKind.REPEAT_CONTACT, "count", 3.0),
        ("I have called several times", CueKind.REPEAT_CONTACT, "count", None),
        ("waiting two weeks", CueKind.LONG_WAIT, "seconds", 1_209_600.0),
        ("on hold for 45 mins", CueKind.LONG_WAIT, "seconds", 2_700.0),
        ("on hold for 45mins", CueKind.LONG_WAIT, "seconds", 2_700.0),
        ("been on hold half an hour", CueKind.LONG_WAIT, "seconds", 1_800.0),
        ("waited an hour and a half", CueKind.LONG_WAIT, "seconds", 5_400.0),
        ("waiting 2 hours and 15 minutes", CueKind.LONG_WAIT, "seconds", 8_100.0),
        ("waiting 3-4 weeks", CueKind.LONG_WAIT, "seconds", 1_814_400.0),
        ("I have been waiting since Monday", CueKind.LONG_WAIT, "seconds", None),
        ("pay me $50", CueKind.MONEY_DEMAND, "amount", Decimal(50)),
        ("I want £1,200.50 in compensation", CueKind.MONEY_DEMAND, "amount", Decimal("1200.50")),
        ("give me 20 euros", CueKind.MONEY_DEMAND, "currency", "EUR"),
        ("I want two hundred pounds", CueKind.MONEY_DEMAND, "amount", Decimal(200)),
        ("you owe me EUR 600", CueKind.MONEY_DEMAND, "amount", Decimal(600)),
        ("I demand compensation", CueKind.MONEY_DEMAND, "amount", None),
        ("refund my $89.99", CueKind.REFUND_REQUEST, "amount", Decimal("89.99")),
        ("I'm 82 years old", CueKind.VULNERABLE_AGE, "count", 82.0),
        ("my 6 month old baby", CueKind.VULNERABLE_AGE, "count", 0.5),
    ],
)
def test_cues_carry_their_numbers(text, kind, field, value):
    found = [getattr(cue, field) for cue in cues_in(text) if cue.kind is kind]
    assert value in found


def test_age_between_young_and_old_is_no_cue():
    assert CueKind.VULNERABLE_AGE not in kinds_in("I'm 40 years old")
    assert CueKind.VULNERABLE_AGE not in kinds_in("he is 400 years old")


def test_growth_is_linear_for_hostile_texts():
    for unit in ("I want to ", "not ", "@a ", "call ", "!", "i will kill ", "a\n", "soooo ", "$5 "):
        assert cues_in(unit * 2_000) is not None


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(SettingError, match="english"):
        CueFinder.load("klingon")


def test_documents_name_every_problem():
    text = """
    [values]
    acronyms = 3
    age = { old = 70 }
    [[rules]]
    label = "angr"
    patterns = ["grr"]
    also = { carries = "weight", shout = true }
    """
    with pytest.raises(DocumentError) as caught:
        CueFinder.from_documents(text)
    reasons = str(caught.value)
    for part in ("anger", "carries", "shout", "acronyms", "age"):
        assert part in reasons


def test_a_finder_can_be_made_from_documents_alone():
    finder = CueFinder.from_documents('[[rules]]\nlabel = "thanks"\npatterns = ["merci"]')
    text = "Merci beaucoup"
    assert [cue.quote for cue in finder.find(tokenize(text), text)] == ["Merci"]
