"""Who does what a cue tells of, to whom, and when."""

import json
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import Cue, CueKind, Reading, Span
from deescalate.languages import ENGLISH, Language
from deescalate.reading import EnglishReader, LanguageReader
from deescalate.reading._constructions import CueFinder
from deescalate.reading._direction import DIRECTED, Directions, direction_features
from deescalate.reading._kinds import Kinds
from deescalate.text import Text

DANGERS = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
MESSAGES = Path(__file__).parents[2] / "examples" / "fitting" / "messages"
TEXTS = [
    line.split("|", 2)[2].strip()
    for file in sorted(MESSAGES.glob("author*.txt"))
    for line in file.read_text("utf-8").splitlines()
    if "[" in line.split("|", 2)[1]
][::7]
READER = EnglishReader()
DIRECTIONS, KINDS, FINDER = (each.of(ENGLISH) for each in (Directions, Kinds, CueFinder))
READER.read("Everything is loaded before any example is timed.")


def texts():
    return st.one_of(st.sampled_from(TEXTS), st.text(max_size=60))


def undirected(text):
    own = Text.of(text).own
    return KINDS.decide(own, FINDER.find(own))[0]


@given(texts())
def test_law_direction_hides_nothing_and_only_takes_away_what_is_sure(text):
    before = undirected(text)
    after = DIRECTIONS.told(Text.of(text).own, before)
    assert [(cue.kind, cue.span, cue.chance) for cue in after] == [
        (cue.kind, cue.span, cue.chance) for cue in before
    ]
    for was, cue in zip(before, after, strict=True):
        assert cue.sure == (was.sure and not cue.told)
        assert cue.kind in DIRECTED or cue == was


@given(texts())
def test_law_each_head_says_what_the_slow_sum_says(text):
    own = Text.of(text).own
    signals = DIRECTIONS.signals
    for cue in DIRECTIONS.told(own, undirected(text)):
        if cue.kind not in DIRECTED or len(own.sentences) > 1:
            continue
        names = list(direction_features(cue.kind, own.tokens, ENGLISH))
        for head in ("by", "against", "when", "told"):
            odds = {
                label: signals.intercept(label) + sum(signals.parts(names, label).values())
                for label in signals.labels
                if label.startswith(f"{head} ")
            }
            best = max(odds, key=odds.__getitem__)
            says = odds[best] >= DIRECTIONS.least[head][cue.kind] - 1e-9
            said = best.split()[1] if says else None
            assert getattr(cue, head) == (said if head != "told" else says)


@pytest.mark.parametrize("kind", sorted(DIRECTED))
def test_what_is_only_told_is_not_acted_upon_unless_it_is_a_danger_which_is_asked_about(kind):
    cue = Cue(kind=kind, span=Span(0, 1), quote="x")
    assert kind in Reading(cues=(cue,)).acted_on
    told = Reading(cues=(evolve(cue, sure=False, told=True),))
    assert (kind in told.acted_on) == (kind in DANGERS)
    assert kind in told.kinds


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        ("You will hear from my lawyer and I will see you in court.", "customer", "firm"),
        ("I want to speak to a real person.", "customer", "firm"),
        ("I am going to kill myself tonight.", "customer", "customer"),
    ],
)
def test_who_does_it_to_whom(text, by, against):
    cues = [cue for cue in READER.read(text).cues if cue.kind in DIRECTED]
    assert cues
    assert all((cue.by, cue.against) == (by, against) for cue in cues)


def test_a_language_without_directions_tells_none():
    files = {name: text for name, text in ENGLISH.files.items() if name != "directions.json"}
    bare = LanguageReader(Language.from_files("english", files))
    (found,) = bare.read("see you in court").cues
    assert (found.by, found.against, found.when) == (None, None, None)


def test_the_file_says_where_it_is_from_and_when_a_head_speaks():
    found = json.loads(ENGLISH.files["directions.json"])
    assert set(found["least"]) == {"by", "against", "when", "told"}
    assert all(set(kinds) == DIRECTED for kinds in found["least"].values())
    assert "written for this project" in found["provenance"][0]


def test_a_long_text_costs_each_sentence_once(monkeypatch):
    asked = []
    log_odds = type(DIRECTIONS.signals).log_odds
    monkeypatch.setattr(
        type(DIRECTIONS.signals), "log_odds", lambda *given: asked.append(1) or log_odds(*given)
    )

    def looks(times):
        asked.clear()
        READER.read("I will sue you and sue you and sue you. " * times)
        return len(asked)

    assert 0 < looks(40) <= 2.2 * looks(20)
