"""Ready temperaments: each behaves as it is described."""

import tomllib
from pathlib import Path

import pytest
from attrs import astuple

from deescalate.emotion import (
    CHARACTERS,
    EMOTIONS,
    EmotionState,
    Exchange,
    Impulse,
    Temperament,
)
from deescalate.reading import EnglishReader

BLOW = EMOTIONS["anger"].impulse(0.5)
USUAL = CHARACTERS["usual"].temperament
FURY = EnglishReader().read("You useless idiots! This is a disgrace, I am furious!!").affect


SHIPPED = tomllib.loads((Path(__file__).parent / "vectors" / "shipped.toml").read_text("utf-8"))


def rise(person: Temperament, push: Impulse = BLOW) -> float:
    return person.feel(person.start(), push).distress - person.start().distress


def left(person: Temperament, hours: float) -> float:
    """The share of the distress of a blow that is left, above home."""
    hit = person.drift(person.feel(person.start(), BLOW), seconds=3600.0 * hours)
    return (hit.distress - person.start().distress) / rise(person)


def named(name: str) -> Temperament:
    return CHARACTERS[name].temperament


def test_the_patient_are_hard_to_stir_and_soon_calm_again():
    assert rise(named("patient")) < 0.5 * rise(USUAL)
    assert left(named("patient"), 1.0) < left(USUAL, 1.0)
    assert named("patient").start().openness > USUAL.start().openness


def test_the_volatile_flare_up_at_little_and_are_over_it_soon():
    assert rise(named("volatile"), EMOTIONS["anger"].impulse(0.25)) > 0.65 * rise(USUAL)
    assert left(named("volatile"), 1.0) < 0.7 * left(USUAL, 1.0)
    assert left(named("volatile"), 3.0) < 0.25


def test_the_resentful_do_not_shout_and_do_not_forget():
    hit = named("resentful").feel(named("resentful").start(), BLOW)
    assert hit.arousal < USUAL.feel(USUAL.start(), BLOW).arousal
    assert left(named("resentful"), 20.0) > 0.4 > left(USUAL, 6.0)


def test_the_anxious_are_on_edge_feel_little_control_and_are_easily_shaken():
    start = named("anxious").start()
    assert start.distress > 0.4
    assert start.dominance < -0.3
    assert named("anxious").feel(start, BLOW).dominant == "anxiety"
    assert named("anxious").feel(start, BLOW).distress > 0.75


def test_the_overbearing_are_stirred_by_what_takes_control_away():
    refused = Impulse(arousal=0.3, dominance=-0.3)
    start = named("overbearing").start()
    assert start.dominant == "neutral"
    assert start.dominance > 0.4
    assert rise(named("overbearing"), refused) > rise(USUAL, refused)


def test_the_weary_have_little_heat_and_little_hope():
    start = named("weary").start()
    assert start.arousal < 0.0
    assert start.pleasure < -0.3
    hit = named("weary").feel(start, BLOW)
    assert hit.arousal < USUAL.feel(USUAL.start(), BLOW).arousal
    assert hit.dominant == "disappointment"


@pytest.mark.parametrize("name", CHARACTERS)
def test_nobody_is_furious_before_anything_is_said_and_anybody_can_be_made_so(name):
    person = named(name)
    assert person.start().distress < 0.55
    state = person.start()
    for _ in range(3):
        state = person.observe(state, FURY)
    assert state.distress > 0.75


@pytest.mark.parametrize("name", CHARACTERS)
def test_everybody_is_angry_for_less_long_than_let_down(name):
    person = named(name)
    furious = EmotionState.feeling("anger", strength=1.5)
    later = person.drift(furious, seconds=4 * person.half_life_s.arousal)
    home = person.home
    heat = (later.mean.arousal - home.arousal) / (furious.mean.arousal - home.arousal)
    let_down = (later.mean.pleasure - home.pleasure) / (furious.mean.pleasure - home.pleasure)
    assert heat < 0.1 < let_down


def test_what_is_shipped_is_what_was_released():
    exchange = Exchange()
    people = {name: each.temperament for name, each in CHARACTERS.items()}
    people["agent"] = exchange.agent
    assert people.keys() == SHIPPED["people"].keys()
    assert exchange.customer == people["usual"] == Temperament()
    for name, numbers in SHIPPED["people"].items():
        for part, three in numbers.items():
            assert astuple(getattr(people[name], part)) == pytest.approx(three), (name, part)
    assert {name: list(astuple(each.place)) for name, each in EMOTIONS.items()} == SHIPPED[
        "emotions"
    ]
    for way, two in SHIPPED["contagion"].items():
        assert list(astuple(getattr(exchange, way))) == two
