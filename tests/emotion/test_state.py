"""States, scales and named emotions: what a person wants to see."""

import json
import math

import pytest
from attrs import astuple
from hypothesis import given
from hypothesis import strategies as st

from deescalate.emotion import (
    CHARACTERS,
    EMOTIONS,
    Affect,
    EmotionState,
    Impulse,
    Interval,
    Measurement,
    Temperament,
    distress_of,
    latent_of,
)
from deescalate.errors import SettingError
from deescalate.testing.emotion import emotion_names, emotion_states


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gratitude", 0.0, 0.1),
        ("satisfaction", 0.0, 0.1),
        ("calm", 0.0, 0.1),
        ("relief", 0.05, 0.2),
        ("disappointment", 0.5, 0.65),
        ("anger", 0.7, 0.8),
        ("frustration", 0.7, 0.85),
        ("anxiety", 0.7, 0.85),
    ],
)
def test_distress_lies_where_people_would_put_it(name, low, high):
    assert low <= EmotionState.feeling(name).distress <= high


def test_neutral_is_a_quarter_and_fury_nine_tenths():
    assert EmotionState().distress == pytest.approx(0.25, abs=0.005)
    assert EmotionState.feeling("anger", strength=1.8).distress > 0.9


def test_openness_falls_with_arousal_and_displeasure():
    assert EmotionState().openness > 0.75
    assert EmotionState.feeling("anger").openness < 0.35
    assert EmotionState.feeling("anger", strength=1.8).openness < 0.12
    assert EmotionState.feeling("sadness").openness > 0.6


@given(emotion_names())
def test_who_feels_an_emotion_is_said_to(name):
    assert EmotionState.feeling(name).dominant == name


@given(emotion_states())
def test_the_dominant_emotion_is_the_nearest_that_is_felt_or_none(state):
    felt = [name for name, intensity in state.intensities.items() if intensity >= 1 / 3]
    if state.dominant == "neutral":
        assert not felt
    else:
        at = state.pleasure, state.arousal, state.dominance
        off = {name: math.dist(at, astuple(EMOTIONS[name].place)) for name in felt}
        assert off[state.dominant] == min(off.values())


def test_nothing_much_is_neutral():
    assert EmotionState().dominant == "neutral"
    assert EmotionState.at(pleasure=-0.1, arousal=0.1).dominant == "neutral"


def test_frustration_does_not_hang_on_dominance():
    for dominance in (-0.9, 0.0, 0.9):
        state = EmotionState.at(pleasure=-0.64, arousal=0.52, dominance=dominance)
        assert state.intensity("frustration") == pytest.approx(1.0)


def test_without_control_it_is_frustration_or_anxiety_and_with_it_anger():
    helpless = EmotionState.at(pleasure=-0.7, arousal=0.7, dominance=-0.5)
    neither = EmotionState.at(pleasure=-0.7, arousal=0.7)
    in_charge = EmotionState.at(pleasure=-0.7, arousal=0.7, dominance=0.5)
    assert [each.dominant for each in (helpless, neither, in_charge)] == [
        "anxiety",
        "frustration",
        "anger",
    ]


def test_published_places_are_those_of_the_sources(shared):
    published = json.loads(shared("facts/emotion.json").read_text("utf-8"))["pad"]
    examples, occ = published["mehrabian_examples"], published["gamygdala_occ"]
    six = published["ekman_six"]
    expected = {
        "anger": examples["angry"],
        "boredom": examples["bored"],
        "confusion": examples["puzzled"],
        "anxiety": six["fear"],
        "sadness": six["sadness"],
        "surprise": six["surprise"],
        "joy": occ["joy"],
        **{
            name: occ[name]
            for name in (
                "disappointment",
                "gratitude",
                "hope",
                "relief",
                "satisfaction",
            )
        },
    }
    for name, place in expected.items():
        at = EMOTIONS[name].place
        assert [at.pleasure, at.arousal, at.dominance] == place, name
    frustrated = published["mehrabian_extended_as_seen"]["frustrated"]
    place = EMOTIONS["frustration"].place
    assert [place.pleasure, place.arousal] == frustrated[:2]
    assert not EMOTIONS["frustration"].dominance_known


def test_every_emotion_has_a_source_and_they_are_in_order():
    assert list(EMOTIONS) == sorted(EMOTIONS)
    assert all(each.source for each in EMOTIONS.values())


def test_anger_fades_and_disappointment_is_left(shared):
    """Residue: the half-lives are those of the published durations, so disappointment stays."""
    halves = json.loads(shared("facts/emotion.json").read_text("utf-8"))["half_life_min_if_5pct"]
    usual = Temperament()
    assert usual.half_life_s.arousal == pytest.approx(60 * halves["anger"], abs=5)
    assert usual.half_life_s.pleasure == pytest.approx(60 * halves["disappointment"], abs=5)
    angry = EmotionState.feeling("anger")
    course = [usual.drift(angry, seconds=3600 * hours) for hours in (0, 1.5, 3, 24)]
    assert course[0].dominant == "anger"
    assert course[1].intensity("anger") < course[0].intensity("anger") / 2
    assert course[2].dominant == "disappointment"
    assert course[2].distress > 0.4
    assert course[3].dominant == "neutral"


def test_waiting_ten_minutes_does_not_calm_a_call():
    angry = EmotionState.feeling("anger")
    assert Temperament().drift(angry, seconds=600).distress > 0.9 * angry.distress


def test_a_state_says_itself():
    state = EmotionState.at(pleasure=-0.51, arousal=0.59, dominance=0.25, spread=0.2)
    assert str(state) == (
        "anger: distress 0.73 (0.53 to 0.87), pleasure -0.51, arousal +0.59, dominance +0.25"
    )
    assert repr(EmotionState()) == (
        "EmotionState(mean=Affect(pleasure=0.0, arousal=0.0, dominance=0.0), "
        "variance=Affect(pleasure=0.0, arousal=0.0, dominance=0.0))"
    )


@given(emotion_states())
def test_a_state_can_be_written_down_and_read_back(state):
    assert eval(repr(state)) == state  # noqa: S307  the repr is a promise
    assert hash(state) == hash(eval(repr(state)))  # noqa: S307  the same


@given(st.floats(-0.998, 0.998))
def test_latent_undoes_shown(shown):
    assert EmotionState.at(pleasure=shown).pleasure == pytest.approx(shown)


def test_the_ends_of_a_rating_scale_are_read_as_nearly_the_ends():
    assert latent_of(1) == -latent_of(-1) == math.atanh(0.999)


def test_intervals_are_intervals():
    half = Interval(0.25, 0.5)
    assert 0.25 in half
    assert 0.6 not in half
    assert half.width == 0.25


def test_distress_of_is_safe_far_out():
    assert distress_of(-1e9, 1e9) == 1.0
    assert distress_of(1e9, -1e9) == 0.0


def test_characters_differ_in_what_they_mean():
    assert list(CHARACTERS) == sorted(CHARACTERS)
    usual = CHARACTERS["usual"].temperament
    assert usual == Temperament()
    blow = EMOTIONS["anger"].impulse(0.6)

    def felt(name):
        temperament = CHARACTERS[name].temperament
        return temperament.feel(temperament.start(), blow)

    assert felt("patient").distress < felt("usual").distress < felt("volatile").distress
    assert felt("anxious").intensity("anxiety") > felt("usual").intensity("anxiety")
    hour = {
        name: each.temperament.drift(felt(name), seconds=3600) for name, each in CHARACTERS.items()
    }
    assert hour["volatile"].arousal < hour["usual"].arousal + 0.1
    assert hour["resentful"].distress > hour["usual"].distress
    assert hour["weary"].openness > 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Measurement(math.nan),
            "`value` is `nan`: expected a number, -100 to 100",
        ),
        (
            lambda: Measurement(0.0, precision=-1),
            "`precision` is `-1`: expected a number, 0 to 1e+12",
        ),
        (
            lambda: Measurement(0.0, precision=math.inf),
            "`precision` is `inf`: expected a number, 0 to 1e+12",
        ),
        (
            lambda: Impulse(arousal="hot"),
            "`arousal` is `hot`: expected a number, -100 to 100",
        ),
        (
            lambda: Impulse(arousal=True),
            "`arousal` is `True`: expected a number, -100 to 100",
        ),
        (
            lambda: Impulse(spread=Affect(arousal=-0.1)),
            "`spread.arousal` is `-0.1`: expected a number, 0 to 100",
        ),
        (
            lambda: EmotionState(mean=Affect(pleasure=math.inf)),
            "`mean.pleasure` is `inf`: expected a finite number",
        ),
        (
            lambda: EmotionState(variance=Affect(pleasure=-1.0)),
            "`variance.pleasure` is `-1.0`: expected a finite number, 0 or more",
        ),
        (
            lambda: EmotionState(mean=(0, 0, 0)),
            "`mean` is `(0, 0, 0)`: expected an Affect",
        ),
        (
            lambda: EmotionState.at(pleasure=1.5),
            "`shown` is `1.5`: expected a number, -1 to 1",
        ),
        (
            lambda: EmotionState.at(spread=-1),
            "`spread` is `-1`: expected a number, 0 to 100",
        ),
        (
            lambda: EmotionState.feeling("anger", strength=-1),
            "`strength` is `-1`: expected a number, 0 to 10",
        ),
        (
            lambda: EmotionState().interval("pleasur"),
            (
                "`coordinate` is `pleasur`: expected one of pleasure, arousal, dominance; "
                "did you mean `pleasure`?"
            ),
        ),
        (
            lambda: EmotionState().interval("zzz"),
            "`coordinate` is `zzz`: expected one of pleasure, arousal, dominance",
        ),
        (
            lambda: EmotionState().interval("pleasure", level=0),
            "`level` is `0`: expected a number above 0, up to 1",
        ),
        (
            lambda: EmotionState().distress_interval(level=1.0),
            "`level` is `1.0`: expected a number above 0 and below 1",
        ),
        (
            lambda: Temperament().drift(EmotionState(), seconds=-1),
            "`seconds` is `-1`: expected a finite number, 0 or more",
        ),
        (
            lambda: Temperament().drift(EmotionState(), seconds=math.nan),
            "`seconds` is `nan`: expected a finite number, 0 or more",
        ),
        (
            lambda: Temperament().drift(EmotionState(), seconds=math.inf),
            "`seconds` is `inf`: expected a finite number, 0 or more",
        ),
        (
            lambda: Temperament(half_life_s=Affect(pleasure=1, arousal=0, dominance=1)),
            "`half_life_s.arousal` is `0`: expected a finite number above 0",
        ),
        (
            lambda: Temperament(volatility=Affect(pleasure=-1)),
            "`volatility.pleasure` is `-1`: expected a number, 0 to 100",
        ),
        (
            lambda: Temperament(sensitivity=Affect(arousal=-1)),
            "`sensitivity.arousal` is `-1`: expected a number, 0 to 100",
        ),
        (
            lambda: Temperament(home=Affect(pleasure=1e9)),
            "`home.pleasure` is `1000000000.0`: expected a number, -100 to 100",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, message):
    with pytest.raises(SettingError) as caught:
        make()
    assert str(caught.value) == message


def test_an_unknown_emotion_is_named_with_its_nearest():
    with pytest.raises(SettingError, match="did you mean `anger`"):
        EmotionState().intensity("angr")
    with pytest.raises(SettingError, match="expected one of anger, anxiety, boredom"):
        EmotionState.feeling("zzz")
