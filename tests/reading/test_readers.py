"""Readers: the protocol, other classifiers, blends."""

import subprocess
import sys

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import CueKind, CueReader
from deescalate.emotion import Affect, distress_of
from deescalate.errors import SettingError
from deescalate.languages import Language
from deescalate.reading import (
    GOEMOTIONS,
    POLARITY,
    EnglishReader,
    LanguageReader,
    ScoreReader,
    blend,
)
from deescalate.testing.reading import messages

ENGLISH = EnglishReader()


def scored(**scores):
    return ScoreReader(classify=lambda _: scores, labels=GOEMOTIONS | POLARITY, precision=4.0)


def test_every_reader_keeps_the_protocol():
    readers = (ENGLISH, LanguageReader(), scored(anger=1.0), blend(ENGLISH))
    assert all(isinstance(reader, CueReader) for reader in readers)


def test_a_word_too_long_to_be_kept_is_read_alike_again():
    text = f"This is awful, {'entanglement' * 5}!"
    assert ENGLISH.read(text) == ENGLISH.read(text) == EnglishReader().read(text)


def test_making_a_reader_loads_nothing():
    """Neither importing the package nor making a reader opens the lexicon."""
    code = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == 'open' else None)\n"
        "from deescalate.reading import EnglishReader; reader = EnglishReader()\n"
        "assert not any('languages/english' in name for name in opened), opened\n"
        "reader.read('late'); assert any('affect.json' in name for name in opened)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own code


def test_another_language_is_documents_alone():
    settings = """
    negation = { reach = 3, turned = 0.5, softened = 0.3, strong = 0.5 }
    clauses = { contrast = ["aber"] }
    degrees = { most = 2.0, words = { sehr = 1.4 } }
    polite = { words = ["bitte"] }
    """
    weights = (
        '{"weights": {"danke": [-1.0, 0, 0], "schlecht": [1.0, 0.1, 0], "<insult>": [0.9, 0.4, 0]}}'
    )
    cues = """
[rule insult]
idiot
idioten
"""
    files = {"affect.toml": settings, "affect.json": weights, "customer.phrases": cues}
    german = LanguageReader(Language.from_files("deutsch", files))
    assert german.read("Danke!").distress < german.read("Hallo").distress
    assert german.read("sehr schlecht").distress > german.read("schlecht").distress
    insulted = german.read("Danke, ihr Idioten")
    assert insulted.kinds == {CueKind.INSULT}
    assert insulted.distress > german.read("Hallo").distress


def test_scores_become_a_place():
    angry, calm = scored(anger=1.0).read("x"), scored(neutral=1.0).read("x")
    assert angry.distress == pytest.approx(distress_of(-0.5627, 0.6777), abs=1e-3)
    assert calm.distress == distress_of(0.0, 0.0)
    assert angry.affect.pleasure.precision == 4.0
    assert angry.affect.dominance.precision == 1.0


def test_scores_of_many_labels_are_averaged():
    mixed = scored(anger=2.0, joy=2.0).read("x").affect.pleasure.value
    assert (
        scored(anger=1.0).read("x").affect.pleasure.value
        < mixed
        < scored(joy=1.0).read("x").affect.pleasure.value
    )


def test_no_score_is_no_observation():
    reading = scored().read("x")
    assert reading.affect.pleasure.precision == 0.0
    assert reading.distress == distress_of(0.0, 0.0)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_law_a_better_compound_is_never_more_distress(one, other):
    def distress(score):
        return ScoreReader.from_compound(lambda _: score, precision=1.0).read("x").distress

    if one <= other:
        assert distress(one) >= distress(other)


def test_positive_and_negative_scores_adapt():
    reader = ScoreReader(
        classify=lambda text: (
            {"negative": 0.9, "positive": 0.1} if "late" in text else {"positive": 1}
        ),
        labels=POLARITY,
        precision=2.0,
    )
    assert reader.read("late").distress > 0.5 > 0.2 > reader.read("lovely").distress


@pytest.mark.parametrize("score", [float("nan"), float("inf"), "0.5", None])
def test_a_score_that_is_no_number_is_refused(score):
    with pytest.raises(SettingError, match="score of anger"):
        scored(anger=score).read("x")


def test_an_unknown_label_is_refused():
    with pytest.raises(SettingError, match="did you mean `anger`"):
        scored(angr=1.0).read("x")
    with pytest.raises(SettingError, match="expected one of"):
        scored(zzzzzz=1.0).read("x")


@pytest.mark.parametrize("precision", [-1.0, float("nan"), float("inf")])
def test_a_precision_out_of_bounds_is_refused(precision):
    with pytest.raises(SettingError, match="precision"):
        ScoreReader.from_compound(lambda _: 0.0, precision=precision)


@pytest.mark.parametrize("stretch", [0.0, -1.0, 10.5, float("nan")])
def test_a_stretch_out_of_bounds_is_refused(stretch):
    with pytest.raises(SettingError, match="stretch"):
        ScoreReader.from_compound(lambda _: 0.0, precision=1.0, stretch=stretch)


@given(st.floats(-1, 1), st.floats(0.1, 10))
def test_law_a_stretch_moves_what_is_felt_and_not_what_is_read(score, stretch):
    plain = ScoreReader.from_compound(lambda _: score, precision=1.0).read("x")
    felt = ScoreReader.from_compound(lambda _: score, precision=1.0, stretch=stretch).read("x")
    assert felt.distress == plain.distress
    assert felt.affect.pleasure.precision == plain.affect.pleasure.precision
    assert felt.affect.pleasure.value == pytest.approx(stretch * plain.affect.pleasure.value)


def test_a_blend_reads_between_its_readers():
    hedging = ScoreReader.from_compound(lambda _: -0.5, precision=4.0, stretch=3.0)
    text = "Thank you, lovely."
    both = blend(ENGLISH, hedging).read(text).distress
    assert ENGLISH.read(text).distress < both < hedging.read(text).distress


def test_a_place_out_of_bounds_is_refused():
    with pytest.raises(SettingError, match=r"labels\.bad\.pleasure"):
        ScoreReader(classify=lambda _: {}, labels={"bad": Affect(pleasure=-1.5)}, precision=1.0)


@given(messages(), st.floats(0.1, 10))
def test_law_a_reader_blended_with_itself_is_itself(text, share):
    alone, both = ENGLISH.read(text), blend(ENGLISH, ENGLISH, shares=(share, 1.0)).read(text)
    assert both.distress == pytest.approx(alone.distress)
    assert both.cues == tuple(sorted(alone.cues, key=lambda cue: (cue.span.start, cue.span.end)))
    assert set(both.evidence) == set(alone.evidence)
    for name in ("pleasure", "arousal", "dominance"):
        one, two = getattr(alone.affect, name), getattr(both.affect, name)
        assert two.precision == pytest.approx(one.precision)
        assert two.value == pytest.approx(one.value)


@given(messages())
def test_law_a_blend_lies_between_its_readers(text):
    compound = ScoreReader.from_compound(lambda _: -0.9, precision=3.0)
    low, high = sorted(reader.read(text).affect.pleasure.value for reader in (ENGLISH, compound))
    both = blend(ENGLISH, compound).read(text).affect.pleasure
    unseen = ENGLISH.read(text).affect.pleasure.precision == 0.0
    assert unseen or low - 1e-9 <= both.value <= high + 1e-9


def test_a_larger_share_counts_more():
    text, bad = "thanks, great", ScoreReader.from_compound(lambda _: -1.0, precision=3.0)
    mild = blend(ENGLISH, bad, shares=(3, 1)).read(text).distress
    assert mild < blend(ENGLISH, bad, shares=(1, 3)).read(text).distress


def test_what_no_reader_sees_stays_unseen():
    nothing = blend(scored(), scored()).read("x")
    assert nothing.affect.arousal.precision == 0.0
    assert nothing.distress == distress_of(0.0, 0.0)


@pytest.mark.parametrize(
    "shares", [(1.0,), (0.0, 1.0), (-1.0, 1.0), (float("nan"), 1.0), (1, float("inf"))]
)
def test_shares_that_do_not_fit_are_refused(shares):
    with pytest.raises(SettingError, match="shares"):
        blend(ENGLISH, ENGLISH, shares=shares)


def test_a_blend_of_nothing_is_refused():
    with pytest.raises(SettingError, match="readers"):
        blend()


def test_readers_are_values():
    assert EnglishReader() == EnglishReader()
    assert evolve(scored(anger=1.0), precision=1.0).precision == 1.0


def test_evidence_is_a_sequence_of_values():
    evidence = EnglishReader().read("This is awful, and you are late.").evidence
    assert list(evidence[:2]) == [evidence[0], evidence[1]]
    assert len(evidence) == len([*evidence])
