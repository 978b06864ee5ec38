"""Cues as the reader shows them: phrases and learned signals decide together."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate import _memory
from deescalate.cues import CueKind
from deescalate.languages import ENGLISH, Language
from deescalate.reading import CueFinder, EnglishReader, LanguageReader, _windows, peril_of
from deescalate.reading._direction import DIRECTED
from deescalate.reading._features import ENDS, features_of
from deescalate.reading._kinds import Kinds
from deescalate.reading._signals import Signals, logistic
from deescalate.text import Text

MESSAGES = Path(__file__).parents[2] / "examples" / "fitting" / "messages"
LINES = [
    line.split("|", 2)
    for file in sorted(MESSAGES.glob("author*.txt"))
    for line in file.read_text("utf-8").splitlines()
]
TEXTS = [text.strip() for _, _, text in LINES[::29]]
READER = EnglishReader()
KINDS = Kinds.of(ENGLISH)
CUES = tuple(CueKind)
SURE = {kind: logistic(least) for kind, least in zip(CUES, KINDS.sure, strict=True)}


def texts():
    return st.one_of(st.sampled_from(TEXTS), st.text(max_size=60))


def test_what_is_learnt_tells_every_kind():
    assert KINDS.signals.labels == tuple(CueKind)
    assert all(low <= high for low, high in zip(KINDS.shown, KINDS.sure, strict=True))


@given(texts())
def test_law_a_cue_quotes_the_text_and_says_how_it_was_found(text):
    phrases = {cue.kind for cue in CueFinder.of(ENGLISH).find(Text.of(text).own)}
    for cue in READER.read(text).cues:
        assert cue.span.of(text) == cue.quote != ""
        assert 0 < cue.weight <= 1
        assert (cue.found_by == "model") == (cue.kind not in phrases) or cue.found_by == "phrase"
        assert cue.chance is None or 0 < cue.chance <= 1
        assert bool(cue.parts) == (cue.found_by == "model")


def plain_windows(own, phrases):
    """The features of the whole and of each sentence, by their names."""
    rows = [own.tokens[each.first : each.last + 1] for each in own.sentences]
    for tokens in [own.tokens, *(rows if len(rows) > 1 else ())]:
        low, high = (tokens[0].start, tokens[-1].end) if tokens else (0, 0)
        here = {cue.kind.value for cue in phrases if low <= cue.span.start < high}
        yield features_of(tokens, ENGLISH, here, ends=ENDS)


@given(texts())
def test_law_numbers_say_what_names_say(text):
    own = Text.of(text).own
    phrases = CueFinder.of(ENGLISH).find(own)
    names = [
        {each for each in window if KINDS.signals.knows(each)}
        for window in plain_windows(own, phrases)
    ]
    numbers = KINDS.windows.of(own, phrases)
    assert [{KINDS.signals.features[n] for n in each} for each in numbers] == names


@given(texts())
def test_law_the_quick_decision_is_that_of_the_slow_sum(text):
    own = Text.of(text).own
    phrases = CueFinder.of(ENGLISH).find(own)
    windows = list(plain_windows(own, phrases))
    found = {cue.kind for cue in KINDS.decide(own, phrases)[0]}
    for at, kind in enumerate(CueKind):
        parts = [KINDS.signals.parts(window, kind) for window in windows]
        odds = [KINDS.signals.intercept(kind) + sum(each.values()) for each in parts]
        more = 0.0 if kind in DANGERS else 2.2 * math.log(min(max(len(own.sentences), 2), 8) / 2)
        said = max(odds) >= KINDS.shown[at] + more - 1e-9
        weighty = any(max(each.values(), default=0.0) >= 0.6 for each in parts)
        phrased = kind in {cue.kind for cue in phrases}
        assert (kind in found) <= (phrased or (said and weighty))
        if said and not phrased and kind not in found:
            best = max(parts[odds.index(max(odds))].values(), default=0.0)
            assert best < 0.6


@given(texts())
def test_law_a_learned_cue_is_as_likely_as_its_parts_say(text):
    own = Text.of(text).own
    windows = list(plain_windows(own, CueFinder.of(ENGLISH).find(own)))
    for cue in READER.read(text).cues:
        if cue.found_by == "model":
            sums = [
                KINDS.signals.intercept(cue.kind)
                + sum(KINDS.signals.parts(window, cue.kind).values())
                for window in windows
            ]
            assert cue.chance == pytest.approx(logistic(max(sums)))


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS))
def test_law_what_one_sentence_shows_it_shows_beside_another_and_a_danger_beside_any(one, other):
    both = f"{one}\n\n{other}"
    if len(Text.of(one).own.sentences) == 1:
        shown, beside = READER.read(one).kinds, READER.read(both).kinds
        assert shown & {*DANGERS} <= beside
        assert shown <= beside or len(Text.of(both).own.sentences) > 2


def test_what_is_remembered_of_words_is_bounded_and_changes_nothing(monkeypatch):
    monkeypatch.setattr(_memory, "_MOST", 3)
    fresh = _windows.Windows(KINDS.signals, ENGLISH, ENDS)
    for text in (*TEXTS[:20], "a" * 60, ""):
        own = Text.of(text).own
        assert fresh.of(own, ()) == KINDS.windows.of(own, ())


def test_a_sum_is_looked_at_once_a_sentence_however_many_phrases_there_are(monkeypatch):
    looked = []
    units = Signals.units
    monkeypatch.setattr(Signals, "units", lambda *given: looked.append(1) or units(*given))

    def looks(times):
        looked.clear()
        READER.read("I have waited two weeks and nobody at all answers me. " * times)
        return len(looked)

    assert looks(40) <= 2.2 * looks(20)


def test_what_moves_a_case_is_sure_or_only_shown():
    sure = [cue.sure for cue in READER.read("I am going to kill myself tonight").cues]
    assert True in sure
    every = [cue for text in TEXTS for cue in READER.read(text).cues]
    assert all(cue.told or cue.kind in DIRECTED for cue in every if not cue.sure)
    assert {cue.kind for cue in every if not cue.sure} > {*DANGERS, CueKind.THREAT_LEAVING}


@given(texts())
def test_law_only_what_is_likely_is_sure(text):
    for cue in READER.read(text).cues:
        assert cue.found_by != "model" or not cue.sure or cue.chance >= SURE[cue.kind] - 1e-9


@given(texts())
def test_law_a_kind_counts_for_the_affect_as_far_as_it_is_likely(text):
    own = Text.of(text).own
    phrases = CueFinder.of(ENGLISH).find(own)
    windows = list(plain_windows(own, phrases))
    shown = KINDS.decide(own, phrases)[1]
    by_phrase = [(cue.kind, cue.span.start) for cue in phrases]
    for kind in CueKind:
        chance = max(logistic(KINDS.signals.log_odds(each)[CUES.index(kind)]) for each in windows)
        here = [each for each in shown if each.kind is kind]
        if chance < 0.099 or not text.strip():
            assert not here
        elif chance > 0.101 and own.tokens:
            weights = [cue.weight for cue in phrases if cue.kind is kind] or [1.0]
            assert [each.share for each in here] == pytest.approx([w * chance for w in weights])
            places = [start for each, start in by_phrase if each is kind]
            assert not places or [each.start for each in here] == places


@given(texts(), st.sampled_from((".", "!", "!!!", " .", "")))
def test_law_however_a_text_ends_it_shows_the_same_kinds(text, mark):
    plain = text.rstrip(".! ")
    assume(plain[-1:].isalpha())
    one, other = (Text.of(each).own for each in (f"{plain}.", f"{plain}{mark}"))
    assert KINDS.windows.of(one, ()) == KINDS.windows.of(other, ())


@pytest.mark.parametrize(
    "text",
    [
        "My account kicks me out when I log in.",
        "Need to attend his funeral on Friday, can it come before?",
        "Accidents happen, no worries.",
        "My battery is dead.",
    ],
)
def test_a_hard_word_is_no_danger(text):
    assert not any(cue.sure for cue in READER.read(text).of(*DANGERS))


DANGERS = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
PLAIN = [text for text in TEXTS if Text.of(text).understood > 0.9]
WHO = ("muslim", "christian", "jewish", "black", "white", "gay", "trans", "polish", "republican")


@pytest.mark.parametrize("who", WHO)
@given(text=st.sampled_from(PLAIN))
def test_law_who_somebody_is_changes_no_cue(who, text):
    said, plain = (READER.read(f"I am {word}. {text}").kinds for word in (who, "plimby"))
    assert said == plain


def test_a_language_without_a_model_shows_its_phrases():
    own = Language.from_files("pirate", {"customer.phrases": "[rule thanks]\nyarr"})
    assert Kinds.of(own) is None
    assert [cue.found_by for cue in LanguageReader(own).read("yarr").cues] == ["phrase"]


def test_the_vectors_of_the_first_edition_are_mostly_read():
    """A test, no figure: they are among what was fitted on."""
    folder = Path(__file__).parent / "vectors" / "cues"
    seen = alarms = true = near = 0
    for file in folder.glob("*.json"):
        vector = json.loads(file.read_text("utf-8"))
        found = [vector["kind"] in READER.read(text).kinds for text in vector["positives"]]
        wrong = [vector["kind"] in READER.read(text).kinds for text in vector["near_misses"]]
        seen, true = seen + sum(found), true + len(found)
        alarms, near = alarms + sum(wrong), near + len(wrong)
    assert seen / true > 0.85
    assert alarms / near < 0.08


def test_a_word_of_any_length_is_read_and_not_remembered():
    windows, long = Kinds.of(ENGLISH).windows, "x" * 5_000
    [whole, *_] = windows.of(Text.of(f"you never answered {long}", ENGLISH), ())
    assert windows.signals.places["answered"] in whole
    assert "answered" in windows._words
    assert long not in windows._words


def test_a_language_that_learnt_nothing_tells_of_no_peril():
    unlearnt = {name: text for name, text in ENGLISH.files.items() if name != "signals.json"}
    text = Text.of("He has a knife and I am scared.", Language.from_files("unlearnt", unlearnt))
    assert peril_of(text) == -math.inf
