"""The affect reading: its laws, and what it makes of plain messages."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import Cue, CueKind, Span
from deescalate.emotion import distress_of
from deescalate.languages import Language
from deescalate.reading import EnglishReader, Lexicon
from deescalate.reading._affect import Shown, affect_of, parts_of
from deescalate.testing.reading import (
    any_texts,
    insults,
    law_insults_distress,
    law_spans_quote,
    messages,
    praises,
)
from deescalate.text import tokenize

READER = EnglishReader()
ENGLISH = Lexicon.of(Language.load("english"))
BARE = """
[negation]
reach = 2
turned = 0.5
softened = 0.3
strong = 0.5
[clauses]
contrast = ["but"]
[degrees]
most = 2.0
[degrees.words]
very = 1.5
"could not be more" = 1.5
[polite]
words = ["please"]
[spellings]
gud = "good"
"""
WEIGHTS = """{"weights": {
"good": [-1.0, 0.2, 0.1], "bad": [1.0, 0.1, 0.0], "late": [0.3, 0.0, 0.0], "not": [0.1, 0.0, 0.0],
"very bad": [0.5, 0.0, 0.0], "<!>": [0.1, 0.2, 0.0], "<!!>": [0.2, 0.2, 0.0], "<shout>": [0.4, 0.3, 0.0],
"<elongated>": [0.05, 0.1, 0.0], "😡": [0.7, 0.5, 0.2], "<money>": [0.2, 0.0, 0.0],
"<insult>": [0.9, 0.4, 0.0], "<long_wait>": [0.5, 0.0, 0.0], "fool": [0.5, 0.0, 0.0],
"<not> late": [0.4, 0.0, 0.0]
}}"""


def lexicon(weights):
    negation = "not\n[idioms]\nanything but\nfar from\n"
    files = {"affect.toml": BARE, "affect.json": weights, "negation.txt": negation}
    return Lexicon.of(Language.from_files("tiny", files))


TINY = lexicon(WEIGHTS)


def found(text, cues=()):
    return [(part.feature, part.factor) for part in parts_of(tokenize(text), TINY, cues)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("unknown words", []),
        ("good", [("good", 1.0)]),
        ("gud", [("good", 1.0)]),
        ("good good good", [("good", 1.0), ("good", 0.5), ("good", 1 / 3)]),
        ("very good", [("good", 1.5)]),
        ("very very good", [("good", 2.0)]),
        ("very, good", [("good", 1.0)]),
        ("very. good", [("good", 1.0)]),
        ("very bad", [("bad", 1.5), ("very bad", 1.5)]),
        ("not good", [("not", 1.0), ("good", -0.5)]),
        ("not so good", [("not", 1.0), ("good", -0.5)]),
        ("not all that good", [("not", 1.0), ("good", 1.0)]),
        ("not. good", [("not", 1.0), ("good", 1.0)]),
        ("not but good", [("not", 1.0), ("good", 1.0)]),
        ("not bad", [("bad", 0.3)]),
        ("not late bad", [("<not> late", 1.0), ("late", 1.0), ("bad", 0.3)]),
        ("not good bad", [("not", 1.0), ("good", -0.5), ("bad", 1.0)]),
        ("not very bad", [("bad", 0.3 * 1.5), ("very bad", 0.3 * 1.5)]),
        ("very not bad", [("bad", 0.3), ("very bad", 0.3)]),
        ("not not late", [("not", 1.0), ("not", 0.5), ("<not> late", 1.0), ("late", 1.0)]),
        ("anything but good", [("good", -1.0)]),
        ("anything but bad", [("bad", 0.3)]),
        ("anything good", [("good", 1.0)]),
        ("anything", []),
        ("far from bad", [("bad", 0.3)]),
        ("I could not be more good", [("good", 1.5)]),
        ("could not be more bad", [("bad", 1.5)]),
        ("LATE", [("late", 1.0), ("<shout>", 1.0)]),
        ("BAD", [("bad", 1.0)]),
        ("gooood", [("<elongated>", 1.0), ("good", 1.0)]),
        ("laaaate", [("<elongated>", 1.0), ("late", 1.0)]),
        ("!", [("<!>", 1.0)]),
        ("!!!", [("<!>", 1.0), ("<!!>", 1.0)]),
        ("??? 😡 $5 🙂", [("😡", 1.0), ("<money>", 1.0)]),
    ],
)
def test_features_of_a_text(text, expected):
    assert found(text) == [(name, pytest.approx(factor)) for name, factor in expected]


def test_without_a_weight_a_construction_is_not_found():
    bare = lexicon('{"weights": {"late": [0.3, 0, 0]}}')
    parts = parts_of(tokenize("LAAATE!!! 😡 $5"), bare, [cue(CueKind.INSULT, 0, 2, "LA")])
    assert [part.feature for part in parts] == []
    parts = parts_of(tokenize("LAAATE!!! 😡 $5"), bare)
    assert [part.feature for part in parts] == ["late"]


def test_a_comma_counts_where_it_has_a_weight():
    commas = lexicon('{"weights": {"<,>": [0.1, 0, 0]}}')
    parts = parts_of(tokenize("well, yes, no"), commas)
    assert [(part.feature, part.factor) for part in parts] == [("<,>", 1.0), ("<,>", 0.5)]


def cue(kind, start, end, quote, weight=1.0):
    return Cue(kind=kind, span=Span(start, end), quote=quote, weight=weight)


def test_cues_are_features_of_their_clause():
    text = "good. late for 3 weeks, very"
    wait = cue(CueKind.LONG_WAIT, 6, 22, "late for 3 weeks", 0.5)
    blame = cue(CueKind.BLAME, 0, 4, "good")
    parts = parts_of(tokenize(text), TINY, [wait, blame])
    assert [(part.feature, part.factor, part.clause) for part in parts] == [
        ("good", 1.0, 0),
        ("late", 1.0, 1),
        ("<long_wait>", 0.5, 1),
    ]
    affect = affect_of(tokenize(text), TINY, [wait, blame])
    assert affect.evidence[-1].span == Span(6, 22)


def test_kinds_count_as_far_as_they_are_shown():
    text = "good. late for 3 weeks, very"
    wait = cue(CueKind.LONG_WAIT, 6, 22, "late for 3 weeks", 0.5)
    shown = [Shown(CueKind.LONG_WAIT, 0.25, 6, 22), Shown(CueKind.VULNERABLE_AGE, 0.9, 0, 28)]
    parts = parts_of(tokenize(text), TINY, [wait], shown)
    assert [(part.feature, part.factor) for part in parts[2:]] == [("<long_wait>", 0.25)]
    assert parts_of(tokenize(text), TINY, [wait], [Shown.by(wait)]) == parts_of(
        tokenize(text), TINY, [wait]
    )


@pytest.mark.parametrize(("share", "soothed"), [(0.49, True), (0.5, False)])
def test_beside_what_is_hardly_an_insult_something_soothes(share, soothed):
    shown = [Shown(CueKind.INSULT, share, 0, 4)]
    affect = affect_of(tokenize("good soul"), TINY, (), shown)
    assert ("good" in {each.feature for each in affect.evidence}) == soothed


def test_beside_an_insult_nothing_soothes():
    text = "good fool. good"
    insult = cue(CueKind.INSULT, 5, 9, "fool")
    affect = affect_of(tokenize(text), TINY, [insult])
    assert [(each.feature, each.distress) for each in affect.evidence] == [
        ("<insult>", 0.9),
        ("good", -0.5),
    ]


def test_evidence_adds_up_to_the_distress():
    affect = affect_of(tokenize("not good, late. Bad!"), TINY)
    total = sum(each.distress for each in affect.evidence)
    softly = 4.0 * math.asinh(total / 4.0)
    neutral = math.log(distress_of(0.0, 0.0) / (1 - distress_of(0.0, 0.0)))
    assert affect.distress == pytest.approx(1 / (1 + math.exp(-neutral - softly)))


def test_nothing_known_is_neutral_and_unsure():
    for text in ("", "   ", "Xyzzy plugh", "\ud800"):
        reading = READER.read(text)
        assert reading.distress == distress_of(0.0, 0.0)
        assert reading.affect.pleasure.precision == 0.0


@pytest.mark.parametrize(
    ("calmer", "angrier"),
    [
        ("Thanks so much, that worked great!", "Where is my order?"),
        ("What are your opening hours?", "My parcel is two weeks late and nobody answers."),
        ("I am happy with it", "I am not happy with it"),
        ("My parcel is late", "My parcel is extremely late"),
        ("My order is wrong", "My order is wrong AGAIN!!! This is a JOKE"),
        ("This is not bad", "This is bad"),
        ("The app is slow", "The app is slow 😡"),
        ("It is late.", "It is late. You idiots."),
        ("This is annoying.", "I am furious. This is the worst service ever!"),
        ("Please could you help me", "Please just fix it, I have waited for weeks"),
    ],
)
def test_a_person_would_order_them_so(calmer, angrier):
    assert READER.read(calmer).distress < READER.read(angrier).distress


def test_the_scale_is_the_one_that_is_documented():
    assert READER.read("Thank you so much, you are wonderful!").distress < 0.1
    assert 0.15 < READER.read("Hi, which of your shops sells tents?").distress < 0.35
    assert 0.35 < READER.read("My parcel has not arrived and I want a refund.").distress < 0.65
    assert READER.read("I am furious. Worst service ever, you idiots!!!").distress > 0.8


def test_more_known_words_are_more_precise():
    short, long = READER.read("late"), READER.read("Late again, no answer, and nobody cares.")
    assert 0.0 < short.affect.pleasure.precision < long.affect.pleasure.precision


@given(messages() | any_texts(), insults())
def test_law_adding_an_insult_never_lowers_distress(text, insult):
    law_insults_distress(READER, text, insult)


def test_insults_of_the_law_are_found():
    for insult in ("you idiot", "You are idiots.", "You morons!"):
        assert CueKind.INSULT in READER.read(insult).kinds


@given(messages(), messages(), praises(), st.sampled_from(sorted(ENGLISH.negators)))
def test_law_negating_a_positive_never_raises_pleasure(before, after, praise, negator):
    plain = affect_of(tokenize(f"{before} {praise} {after}"), ENGLISH)
    negated = affect_of(tokenize(f"{before} {negator} {praise} {after}"), ENGLISH)
    assert negated.observation.pleasure.value <= plain.observation.pleasure.value + 1e-9


@given(praises(), st.sampled_from(("I am not {}", "This was never {}", "I don't {} it", "not {}!")))
def test_law_negating_a_positive_with_its_cues(praise, frame):
    plain = (
        frame.replace(" not", "").replace(" never", "").replace(" don't", "").replace("not ", "")
    )
    negated = READER.read(frame.format(praise)).affect.pleasure.value
    assert negated <= READER.read(plain.format(praise)).affect.pleasure.value + 1e-9


@given(messages())
def test_law_case_of_plain_words_does_not_matter(text):
    lower, title = READER.read(text.lower()), READER.read(text.lower().capitalize())
    assert lower.distress == title.distress


@given(messages(), st.sampled_from(("NFC", "NFD", "NFKC", "NFKD")))
def test_law_unicode_normal_form_does_not_matter(text, form):
    written = text.replace("'", "’")
    assert READER.read(unicodedata.normalize(form, written)).distress == READER.read(text).distress


@given(messages() | any_texts())
def test_law_reading_is_a_function_of_the_text(text):
    assert READER.read(text) == EnglishReader().read(text)


@given(messages() | any_texts())
def test_law_spans_quote_the_text(text):
    law_spans_quote(READER, text)


@given(messages() | any_texts())
def test_law_readings_stay_in_bounds(text):
    reading = READER.read(text)
    assert 0.0 <= reading.distress <= 1.0
    for seen in (reading.affect.pleasure, reading.affect.arousal, reading.affect.dominance):
        assert math.isfinite(seen.value)
        assert seen.precision >= 0.0
    assert list(reading.evidence) == sorted(reading.evidence, key=lambda part: part.span.start)


@given(messages(), st.sampled_from(("!", "!!", "!!!", "?!")))
def test_law_exclamation_marks_never_lower_distress(text, mark):
    plain = text.rstrip(".!?, ")
    assert READER.read(f"{plain}{mark}").distress >= READER.read(plain).distress - 1e-9


@given(praises(), st.sampled_from(("anything but", "far from", "by no means", "nowhere near")))
def test_law_an_idiom_turns_praise_around(praise, idiom):
    plain, turned = READER.read(f"I am {praise}."), READER.read(f"I am {idiom} {praise}.")
    assert turned.distress > distress_of(0.0, 0.0) > plain.distress


@pytest.mark.parametrize("bad", ["bad", "awful", "terrible", "worst", "horrible", "disgusting"])
@pytest.mark.parametrize(
    "frame", ["not {}", "not a {} one", "never had a {} day", "far from {}", "no {} surprises"]
)
def test_law_litotes_is_mild(bad, frame):
    bare = affect_of(tokenize(frame.format(bad).replace("not ", "").replace("never ", "")), ENGLISH)
    mild = affect_of(tokenize(frame.format(bad)), ENGLISH)
    assert mild.distress <= min(bare.distress, 0.5) + 1e-9


def test_more_of_a_bad_word_is_worse_and_no_thanks():
    for word in ("disappointed", "annoyed", "furious"):
        more, plain = (
            affect_of(tokenize(f"{before} {word}"), ENGLISH).distress
            for before in ("I could not be more", "I am")
        )
        assert more >= plain, word


def test_polite_words_and_negators_never_soothe():
    for word in (ENGLISH.polite | ENGLISH.negators) & ENGLISH.weights.keys():
        assert ENGLISH.weights[word].distress >= 0.0, word


def test_no_names_are_weighed():
    """Brands, people and groups of people are no features."""
    names = {"amazon", "tesco", "uber", "spotify", "sarah", "london", "monday", "gay", "black"}
    names |= {"muslim", "woman", "christian", "trump", "iphone", "delta", "ups"}
    assert not names & {word for feature in ENGLISH.weights for word in feature.split()}


def test_a_long_message_stays_in_bounds():
    reading = READER.read("My parcel is late and nobody answers. " * 300)
    assert 0.5 < reading.distress < 1.0
