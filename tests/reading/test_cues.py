"""Cues of constructions: what danger, swearing and capitals must find, and the laws of the finder.

What else a message shows is learnt; how well, a fit measures on authors left out, and
`test_kinds.py` holds the vectors of every kind.
"""

import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import Cue, CueKind, Span
from deescalate.errors import DocumentError
from deescalate.languages import ENGLISH, Language
from deescalate.reading import CueFinder, EnglishReader
from deescalate.text import Text
from deescalate.text.phrases import PatternSet

VECTORS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "vectors" / "cues").glob("*.json"))
}
SAFETY = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
CONSTRUCTED = (*SAFETY, CueKind.SHOUTING, CueKind.PROFANITY)


def vectors(name):
    """Every text of one sort with its kind, those written blind included."""
    return [
        (kind, text)
        for kind, vector in VECTORS.items()
        if kind in CONSTRUCTED
        for part in (vector, *vector["held_out"])
        for text in part[name]
    ]


NOT_FOUND = [
    (kind, text)
    for kind, vector in VECTORS.items()
    if kind in CONSTRUCTED
    for text in vector.get("not_found", ())
]
POSITIVES = [pair for pair in vectors("positives") if pair not in NOT_FOUND]
NEAR_MISSES = vectors("near_misses")
SENTENCES = sorted(
    {
        text
        for vector in VECTORS.values()
        for name in ("positives", "near_misses")
        for part in (vector, *vector["held_out"])
        for text in part[name]
    }
)


def cues_in(text):
    return CueFinder.of(ENGLISH).find(Text.of(text))


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
        for name in ("positives", "near_misses"):
            assert len({text.casefold() for text in vector[name]}) >= 25
            assert len(vector[name]) == len(set(vector[name]))


def test_blind_rounds_keep_what_was_missed_at_first():
    for vector in VECTORS.values():
        for held in vector["held_out"]:
            assert set(held["missed_at_first"]) <= set(held["positives"])
            assert set(held["found_wrongly_at_first"]) <= set(held["near_misses"])


@pytest.mark.parametrize(("kind", "text"), NOT_FOUND)
def test_the_list_of_what_is_not_found_is_true(kind, text):
    assert kind not in kinds_in(text)


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
        text
        for shown, text in POSITIVES
        if shown == kind and kind not in kinds_in(frame.format(text))
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("long_wait", "on hold 2h30 for order 4711", (9000.0, None, None)),
        ("long_wait", "2 hours, then 3 days", (None, None, None)),
        ("money_demand", "pay me £30", (None, Decimal(30), None)),
        ("refund_request", "£30 of the £200 back", (None, None, None)),
        ("refund_request", "give back the $" + "9" * 16, (None, None, None)),
        ("repeat_contact", "rang you 4 times about order 12345", (None, None, 4.0)),
        ("repeat_contact", "my third call about 2 parcels", (None, None, 3.0)),
        ("repeat_contact", "told you twice, 3x by mail", (None, None, None)),
        ("repeat_contact", "order 12345 again", (None, None, None)),
        ("vulnerable_age", "my mum turns 84 in May", (None, None, 84.0)),
        ("vulnerable_age", "I am 40 now", (None, None, None)),
        ("vulnerable_age", "aged 84, order 12345", (None, None, None)),
        ("anger", "4 times, 2 hours, £30", (None, None, None)),
    ],
)
def test_a_cue_that_nobody_measured_carries_what_its_passage_says_once(kind, text, told):
    cue = Cue(kind=CueKind(kind), span=Span(0, len(text)), quote=text)
    carried = CueFinder.of(ENGLISH).with_carried(cue, Text.of(text))
    assert (carried.seconds, carried.amount, carried.count) == told


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("still waiting, 2h30 now", 9000.0),
        ("still waiting for now 45m", 2700.0),
        ("still waiting. 2 hours ago I paid", None),
        ("still waiting for anyone to call after 2 hours", 7200.0),
        ("still waiting", None),
    ],
)
def test_a_wait_leads_to_how_long_it_took(text, seconds):
    waits = [cue.seconds for cue in cues_in(text) if cue.kind == "long_wait"]
    assert waits[:1] == [seconds]


def test_a_number_with_a_unit_counts_nothing():
    [again] = [cue for cue in cues_in("I called 2pm and 4 times") if cue.kind == "repeat_contact"]
    assert again.count == 4.0


def test_shouting_ends_at_a_blank_line():
    shouts = [
        cue.quote for cue in cues_in("WHERE IS MY ORDER\n\nREFUND ME NOW") if cue.kind == "shouting"
    ]
    assert shouts == ["WHERE IS MY ORDER", "REFUND ME NOW"]


@given(texts())
def test_law_what_a_passage_says_changes_nothing_but_what_it_carries(text):
    read = Text.of(text)
    finder = CueFinder.of(ENGLISH)
    for cue in cues_in(text):
        carried = finder.with_carried(cue, read)
        assert (carried.kind, carried.span, carried.quote) == (cue.kind, cue.span, cue.quote)


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


@given(
    st.sampled_from(SENTENCES),
    st.sampled_from(SENTENCES),
    st.sampled_from([".", "!", "?"]),
    st.sampled_from([" ", "  ", "\t", "\n"]),
)
def test_law_after_a_sentence_end_both_messages_show_at_least_their_cues(first, second, end, blank):
    ended = first.rstrip(".!?\u2026 ") + end + blank  # two dots would be no end
    together = cues_in(ended + second)
    apart = [(0, cue) for cue in cues_in(ended)]
    apart += [(len(ended), cue) for cue in cues_in(second)]
    for shift, cue in apart:
        start, stop = cue.span.start + shift, cue.span.end + shift
        assert cue.kind is CueKind.SHOUTING or any(
            other.kind is cue.kind and other.span.start < stop and other.span.end > start
            for other in together
        )


@given(st.sampled_from(SENTENCES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_law_unicode_normal_form_of_plain_words_does_not_matter(text, form):
    accented = f"Café Zoë: {text}"
    assert kinds_in(unicodedata.normalize(form, accented)) == kinds_in(accented)


@given(st.sampled_from(SENTENCES))
def test_law_wide_letters_are_the_same_letters(text):
    letters = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert kinds_in(text.lower().translate(letters)) == kinds_in(text.lower())


@given(
    st.sampled_from(SENTENCES),
    st.sampled_from(["You idiot.", "Moron.", "You lot are useless.", "What a muppet."]),
)
def test_law_an_insult_beside_any_message_never_lowers_distress(text, insult):
    read = EnglishReader().read
    assert CueKind.INSULT in {cue.kind for cue in read(f"{text}\n\n{insult}").cues}
    assert read(f"{text}\n\n{insult}").distress >= read(text).distress - 1e-9


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


def test_documents_name_every_problem():
    rules = """
[rule angr]
carries = weight
shout = yes
grr
"""
    amounts = """
acronyms = 3
age = { old = 70 }
"""
    own = Language.from_files("own", {"customer.phrases": rules, "amounts.toml": amounts})
    with pytest.raises(DocumentError) as caught:
        CueFinder.of(own)
    reasons = str(caught.value)
    for part in ("anger", "carries", "shout", "acronyms", "age"):
        assert part in reasons


def test_a_finder_can_be_made_from_rules_alone():
    finder = CueFinder.from_patterns(PatternSet.from_document("[rule thanks]\nmerci"))
    text = "Merci beaucoup"
    assert [cue.quote for cue in finder.find(Text.of(text))] == ["Merci"]
