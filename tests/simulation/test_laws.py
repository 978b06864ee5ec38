"""What holds of a simulated customer, over all shipped assumptions and their whole ranges."""

import math
import pickle

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.documents import FrozenMapping
from deescalate.emotion import Affect, MoveEffects, Temperament
from deescalate.emotion._values import distress_logit
from deescalate.errors import SettingError
from deescalate.simulation import HARMS, Assumptions, Customer, Mind, Said, react
from deescalate.testing.simulation import (
    any_harm,
    assumptions,
    minds_of_customers,
    saids,
    simulated_customers,
    tones,
)

QUIET = Affect()
NOTHING = Said()
SLACK = 1e-9
SECONDS = st.floats(0.0, 4000.0)
LONG = st.floats(20.0, 4000.0)


def upset(mind: Mind) -> float:
    """Log odds of distress, which never saturate."""
    return distress_logit(mind.pleasure, mind.arousal)


def after(who, said, assume, *, seconds, mind=None, noise=QUIET):
    mind = who.mind if mind is None else mind
    return react(who.customer, mind, said, seconds=seconds, noise=noise, assume=assume)


@given(assumptions(), minds_of_customers(), saids(), any_harm(), SECONDS)
def test_what_hurts_never_soothes_whatever_is_said_beside_it(assume, who, said, harm, seconds):
    kind = after(who, said, assume, seconds=seconds)
    cruel = after(who, evolve(said, harms=[harm]), assume, seconds=seconds)
    assert upset(cruel) >= upset(kind) - SLACK
    assert cruel.dominance <= kind.dominance + SLACK


@pytest.mark.parametrize("harm", sorted(HARMS))
@given(assume=assumptions(), who=minds_of_customers(), tone=st.none() | tones(), seconds=LONG)
def test_an_insult_alone_always_hurts_in_some_seconds(harm, assume, who, tone, seconds):
    quiet = after(who, NOTHING, assume, seconds=seconds)
    hurt = after(who, Said(harms=[harm], tone=tone), assume, seconds=seconds)
    assert upset(hurt) > upset(quiet)


@given(assumptions(), minds_of_customers(), saids(), st.lists(any_harm()), any_harm(), SECONDS)
def test_one_more_hurt_never_makes_it_better(assume, who, said, harms, more, seconds):
    some = after(who, evolve(said, harms=harms), assume, seconds=seconds)
    most = after(who, evolve(said, harms=[*harms, more]), assume, seconds=seconds)
    assert upset(most) >= upset(some) - SLACK


@given(
    assumptions(),
    minds_of_customers(),
    saids(harms=any_harm(), toned=False),
    saids(harms=any_harm(), toned=False),
    SECONDS,
)
def test_a_reply_in_parts_never_soothes_more_than_whole(assume, who, one, other, seconds):
    whole = Said(moves=[*one.moves, *other.moves], harms=[*one.harms, *other.harms])
    apart = after(who, other, assume, seconds=seconds, mind=after(who, one, assume, seconds=0.0))
    assert upset(apart) >= upset(after(who, whole, assume, seconds=seconds)) - SLACK


@given(assumptions(), minds_of_customers(), saids(toned=False), SECONDS, st.floats(0.0, 1e5))
def test_a_repeated_move_counts_less(assume, who, said, seconds, ago):
    moves = {move.value: who.mind.clock - ago for move in said.moves}
    fresh = evolve(who.mind, heard=FrozenMapping({}))
    again = evolve(who.mind, heard=FrozenMapping(moves))
    first = after(who, said, assume, seconds=seconds, mind=fresh)
    second = after(who, said, assume, seconds=seconds, mind=again)
    soothed = all(
        (push := assume.pushes[move.value]).pleasure >= 0.0 >= push.arousal for move in said.moves
    )
    if soothed:
        assert upset(second) >= upset(first) - SLACK


@given(assumptions(repetition=0.0), minds_of_customers(), LONG)
def test_the_same_words_a_moment_later_soothe_no_more(assume, who, seconds):
    sorry = Said(moves=["apologise"])
    heard = evolve(who.mind, heard=FrozenMapping({"apologise": who.mind.clock}))
    again = after(who, sorry, assume, seconds=seconds, mind=heard)
    nothing = after(who, NOTHING, assume, seconds=seconds, mind=heard)
    for name in ("pleasure", "arousal", "dominance"):
        assert getattr(again, name) == pytest.approx(getattr(nothing, name), abs=SLACK)


@given(assumptions(), minds_of_customers(), saids(toned=False))
def test_nothing_said_in_a_second_has_the_effect_of_an_hour(assume, who, said):
    """A second lets less than a tenth be felt of what is said, whatever it is."""
    at_once = after(who, said, assume, seconds=0.0)
    whole = distress_logit(at_once.pending.pleasure, at_once.pending.arousal)
    before = distress_logit(who.mind.pending.pleasure, who.mind.pending.arousal)
    second = after(who, said, assume, seconds=1.0), after(who, NOTHING, assume, seconds=1.0)
    smart = distress_logit(at_once.smarting.pleasure, at_once.smarting.arousal)
    smarted = distress_logit(who.mind.smarting.pleasure, who.mind.smarting.arousal)
    said_of_it = abs(whole - before) + abs(smart - smarted)
    assert abs(upset(second[0]) - upset(second[1])) <= 0.1 * said_of_it + SLACK


@given(assumptions(), minds_of_customers(), saids(harms=any_harm()), SECONDS)
def test_words_cool_but_only_a_deed_ends_a_grievance(assume, who, said, seconds):
    assert after(who, said, assume, seconds=seconds).grievance == who.mind.grievance
    home = after(who, NOTHING, assume, seconds=1e9)
    size, rest = who.customer.grievance.size, who.customer.temperament.home
    assert home.pleasure == pytest.approx(rest.pleasure - size * assume["displeasure"])
    assert home.arousal == pytest.approx(rest.arousal + size * assume["heat"])


@given(assumptions(), minds_of_customers(), st.floats(0.0, 1.0), SECONDS)
def test_a_deed_settles_as_much_as_it_puts_right(assume, who, deed, seconds):
    soon = after(who, Said(deed=deed), assume, seconds=seconds)
    size = who.customer.grievance.size
    assert size * (1.0 - deed) - SLACK <= soon.grievance <= size
    if assume["reach"] < 0.9:
        late = after(who, Said(deed=deed), assume, seconds=1e9)
        assert late.grievance == pytest.approx(size * (1.0 - deed), abs=1e-6)


@given(assumptions(), minds_of_customers(), st.floats(0.0, 1.0), st.floats(0.0, 1.0), SECONDS)
def test_deeds_add_up_until_all_is_righted(assume, who, first, then, seconds):
    once = after(who, Said(deed=first), assume, seconds=seconds)
    twice = after(who, Said(deed=then), assume, seconds=seconds, mind=once)
    assert twice.righted == pytest.approx(min(1.0, who.mind.righted + first + then))
    assert twice.grievance >= who.customer.grievance.size * (1.0 - twice.righted) - SLACK


@given(assumptions(), minds_of_customers(), saids(), SECONDS)
def test_what_was_said_is_remembered_by_the_clock(assume, who, said, seconds):
    later = after(who, said, assume, seconds=seconds)
    assert later.clock == who.mind.clock + seconds
    assert all(later.heard[move.value] == who.mind.clock for move in said.moves)


@given(minds_of_customers())
def test_the_same_words_again_hurt_unless_something_is_done(who):
    assume, sorry = Assumptions.default(), Said(moves=["apologise"])
    mind = evolve(who.mind, heard=FrozenMapping({"apologise": who.mind.clock}))
    again = after(who, sorry, assume, seconds=0.0, mind=mind)
    done = after(who, evolve(sorry, deed=0.5), assume, seconds=0.0, mind=mind)
    assert again.smarting.pleasure < done.smarting.pleasure


@given(assumptions(), minds_of_customers(), any_harm(), saids(toned=False), SECONDS)
def test_what_hurts_spoils_what_is_said_in_the_same_breath_and_no_longer(
    assume, who, harm, said, seconds
):
    hurt = after(who, Said(harms=[harm]), assume, seconds=0.0)
    assert hurt.spoilt
    apart = after(who, said, assume, seconds=seconds, mind=hurt)
    whole = after(who, evolve(said, harms=[harm]), assume, seconds=seconds)
    assert upset(apart) >= upset(whole) - SLACK
    assert not after(who, NOTHING, assume, seconds=1.0 + seconds, mind=hurt).spoilt


@given(assumptions(unrest=0.0), minds_of_customers(), saids(), SECONDS, st.floats(-3.0, 3.0))
def test_nobody_doubts_what_was_not_said(assume, who, said, seconds, deviate):
    noise = Affect(pleasure=deviate, arousal=deviate, dominance=deviate)
    quiet = after(who, NOTHING, assume, seconds=seconds)
    assert after(who, NOTHING, assume, seconds=seconds, noise=noise) == quiet
    if assume["doubt"] > 0.01 and said.moves and 1.0 < seconds < 600.0 and abs(deviate) > 0.1:
        expected = after(who, said, assume, seconds=seconds)
        assert after(who, said, assume, seconds=seconds, noise=noise) != expected


@given(assumptions(), minds_of_customers(), saids(toned=False), st.floats(0.0, 1.0), SECONDS)
def test_a_deed_never_upsets(assume, who, said, deed, seconds):
    talk = after(who, said, assume, seconds=seconds)
    done = after(who, evolve(said, deed=deed), assume, seconds=seconds)
    assert upset(done) <= upset(talk) + SLACK


@given(
    assumptions(),
    minds_of_customers(),
    saids(toned=False),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    SECONDS,
)
def test_more_openness_never_lets_less_reach(assume, who, said, one, other, seconds):
    less, more = sorted((one, other))
    fresh = evolve(who.mind, heard=FrozenMapping({}))
    shut = after(who, said, assume, seconds=seconds, mind=evolve(fresh, open_to=less))
    open_ = after(who, said, assume, seconds=seconds, mind=evolve(fresh, open_to=more))
    assert upset(open_) <= upset(shut) + SLACK


@given(assumptions(reach=0.0), minds_of_customers(), saids(), st.floats(0.0, 1.0), SECONDS)
def test_without_reach_openness_decides_nothing(assume, who, said, openness, seconds):
    as_is = after(who, said, assume, seconds=seconds)
    other = after(who, said, assume, seconds=seconds, mind=evolve(who.mind, open_to=openness))
    assert (as_is.pleasure, as_is.arousal) == (other.pleasure, other.arousal)


@given(simulated_customers(), saids(toned=False), SECONDS, st.floats(-2.0, 2.0))
def test_with_nothing_added_it_is_the_emotion_model(customer, said, seconds, deviate):
    assume = Assumptions.plain()
    mind = Mind(pleasure=-0.4, arousal=0.7, dominance=0.1, grievance=customer.grievance.size)
    impulse = MoveEffects.default().impulse(move.value for move in said.moves)
    said = evolve(said, text="so")
    noise = Affect(pleasure=deviate, arousal=deviate, dominance=deviate)
    expected = customer.temperament.forecast(mind.state, seconds=seconds, impulse=impulse)
    found = react(customer, mind, said, seconds=seconds, noise=noise, assume=assume)
    for name in ("pleasure", "arousal", "dominance"):
        mean, spread = getattr(expected.mean, name), getattr(expected.spread, name)
        assert getattr(found, name) == pytest.approx(mean + deviate * spread, abs=1e-9)


@given(assumptions(), minds_of_customers(), SECONDS, SECONDS)
def test_two_spans_of_silence_are_one(assume, who, first, then):
    once = after(who, NOTHING, assume, seconds=first + then)
    twice = after(
        who, NOTHING, assume, seconds=then, mind=after(who, NOTHING, assume, seconds=first)
    )
    assert twice.pleasure == pytest.approx(once.pleasure, abs=1e-6)
    assert twice.arousal == pytest.approx(once.arousal, abs=1e-6)


@given(assumptions(doubt=0.0), minds_of_customers(), tones(), SECONDS)
def test_a_mood_is_caught_towards_what_is_shown_and_no_further(assume, who, tone, seconds):
    still = evolve(who.mind, pending=QUIET, smarting=QUIET)
    alone = after(who, NOTHING, assume, seconds=seconds, mind=still)
    caught = after(who, Said(tone=tone), assume, seconds=seconds, mind=still)
    shown, home = math.atanh(tone.arousal), who.customer.temperament.home.arousal
    weight = assume["heat"] * still.grievance
    ends = (still.arousal, shown, home + weight)
    assert min(ends) - SLACK <= caught.arousal <= max(ends) + SLACK
    if shown >= max(still.arousal, home + weight):
        assert caught.arousal >= alone.arousal - SLACK
    if shown <= min(still.arousal, home + weight):
        assert caught.arousal <= alone.arousal + SLACK


@given(assumptions(), minds_of_customers(), tones(), st.floats(1.0, 600.0))
def test_what_is_caught_grows_with_time(assume, who, tone, seconds):
    customer = who.customer
    home = customer.temperament.home.arousal + assume["heat"] * who.mind.grievance
    at_home = evolve(who.mind, arousal=home, pending=QUIET, smarting=QUIET)
    caught = [
        abs(after(who, Said(tone=tone), assume, seconds=each, mind=at_home).arousal - home)
        for each in (seconds, 2.0 * seconds)
    ]
    assert caught[0] <= caught[1] + SLACK


@given(assumptions(), minds_of_customers(), saids(harms=any_harm()), SECONDS)
def test_it_is_a_pure_function_and_everything_pickles(assume, who, said, seconds):
    parts = (assume, who.customer, who.mind, said)
    copied = pickle.loads(pickle.dumps(parts))  # noqa: S301
    assert copied == parts
    one = after(who, said, assume, seconds=seconds)
    two = react(copied[1], copied[2], copied[3], seconds=seconds, noise=QUIET, assume=copied[0])
    assert one == two


@given(saids(toned=False), LONG)
def test_with_nothing_added_a_reply_counts_as_often_as_it_is_made(said, seconds):
    assume, mind = Assumptions.plain(), Mind()
    heard = evolve(mind, heard=FrozenMapping(dict.fromkeys((m.value for m in said.moves), 0.0)))
    first, second = (
        react(Customer(), each, said, seconds=seconds, noise=QUIET, assume=assume)
        for each in (mind, heard)
    )
    assert (first.pleasure, first.arousal) == (second.pleasure, second.arousal)


@given(saids(harms=any_harm(), toned=False), SECONDS, st.floats(0.999_999, 1.000_001))
def test_what_is_felt_as_fast_as_it_fades_is_no_exception(said, seconds, by):
    """Where the two rates are one the formula divides by nothing; near it stays near."""
    assume = Assumptions.default()
    onset = assume["onset_s"]
    near, same = (
        Customer(temperament=Temperament(half_life_s=Affect(pleasure=x, arousal=x, dominance=x)))
        for x in (onset * by, onset)
    )
    found = [
        react(each, Mind(), said, seconds=seconds, noise=QUIET, assume=assume).pleasure
        for each in (near, same)
    ]
    assert found[0] == pytest.approx(found[1], abs=1e-5)


def test_tracker_and_simulator_have_one_size_of_every_hurt():
    """What the tracker feels for a finding is what a simulated customer of the shipped kind does."""
    assume = Assumptions.default()
    assert set(assume.effects.hurts) == set(HARMS)
    for name, push in assume.effects.hurts.items():
        hurt = react(
            Customer(), Mind(), Said(harms=[name]), seconds=0.0, noise=QUIET, assume=assume
        ).smarting
        assert hurt.pleasure == pytest.approx(push.pleasure, abs=1e-6)
        assert hurt.arousal == pytest.approx(push.arousal, abs=1e-6)
        assert hurt.dominance == pytest.approx(push.dominance, abs=1e-6)


def test_a_time_that_cannot_be_is_refused():
    assume = Assumptions.default()
    for seconds in (-1.0, math.nan, math.inf, "60"):
        with pytest.raises(SettingError, match="seconds"):
            react(Customer(), Mind(), NOTHING, seconds=seconds, noise=QUIET, assume=assume)


def test_a_move_without_effect_does_nothing():
    shipped = MoveEffects.default().pushes
    assume = Assumptions(effects=MoveEffects(pushes={"empathise": shipped["empathise"]}))

    def said(*moves):
        return react(
            Customer(), Mind(arousal=0.5), Said(moves=moves), seconds=60.0, noise=QUIET,
            assume=assume,
        )  # fmt: skip

    def felt(mind):
        return mind.pleasure, mind.arousal, mind.dominance

    assert felt(said("act")) == felt(said())
    heard = felt(said("empathise"))
    assert felt(said("act", "empathise")) == felt(said("empathise", "act")) == heard != felt(said())


def slowly(start, home, half_life_s, felt, caught, seconds):
    """A coordinate by many small steps of time: home pulls, what is pending is felt, a mood pulls."""
    onset_s, pending = felt
    pull, mood = caught

    def speed(at, time):
        fed = pending * math.exp2(-time / onset_s) * math.log(2.0) / onset_s
        return (home - at) * math.log(2.0) / half_life_s + (mood - at) * pull + fed

    at, count = start, 300
    step = seconds / count
    for number in range(count):
        time = number * step
        one = speed(at, time)
        two = speed(at + one * step / 2, time + step / 2)
        three = speed(at + two * step / 2, time + step / 2)
        four = speed(at + three * step, time + step)
        at += (one + 2 * two + 2 * three + four) * step / 6
    return at


@given(assumptions(), minds_of_customers(), saids(), st.floats(1.0, 300.0))
def test_law_a_mind_moves_as_small_steps_of_time_move_it(assume, who, said, seconds):
    """What is said is what waits right after it; then only time passes, and a mood is shown."""
    mind = after(who, said, assume, seconds=0.0)
    later = after(who, said, assume, seconds=seconds)
    how, pull = who.customer.temperament, assume["contagion"] * math.log(2.0) / assume["catching_s"]
    shift = {"pleasure": -assume["displeasure"], "arousal": assume["heat"], "dominance": 0.0}
    for name, by in shift.items():
        home = getattr(how.home, name) + by * mind.grievance
        mood = (0.0, 0.0)
        if said.tone is not None and name != "dominance":
            mood = (pull, math.atanh(getattr(said.tone, name)))
        pending = getattr(mind.pending, name) + getattr(mind.smarting, name)
        felt = (assume["onset_s"], pending)
        half = getattr(how.half_life_s, name)
        expected = slowly(getattr(who.mind, name), home, half, felt, mood, seconds)
        assert getattr(later, name) == pytest.approx(expected, abs=1e-6)


@given(simulated_customers(), assumptions(), st.tuples(*[st.floats(-3.0, 3.0)] * 3))
def test_law_a_customer_comes_from_a_displaced_home_and_by_chance_beside_it(customer, assume, by):
    noise = Affect(pleasure=by[0], arousal=by[1], dominance=by[2])
    mind = Mind.start(customer, noise=noise, assume=assume)
    home, size = customer.temperament.home, customer.grievance.size
    places = {
        "pleasure": home.pleasure - size * assume["displeasure"],
        "arousal": home.arousal + size * assume["heat"],
        "dominance": home.dominance,
    }
    for name, place in places.items():
        volatility = getattr(customer.temperament.volatility, name)
        chance = assume["start_spread"] * volatility * getattr(noise, name)
        assert getattr(mind, name) == pytest.approx(place + chance)
    assert (mind.grievance, mind.righted, mind.clock, mind.spoilt) == (size, 0.0, 0.0, False)
    assert mind.open_to == mind.openness
    assert (
        Mind.start(customer).pleasure == Mind.start(customer, assume=Assumptions.default()).pleasure
    )


@given(assumptions(), minds_of_customers(), any_harm(), SECONDS)
def test_law_what_waits_is_spoilt_by_a_hurt_in_all_that_is_felt(assume, who, harm, seconds):
    """And by nothing else; what smarts goes on, and a hurt adds to it."""
    quiet = after(who, NOTHING, assume, seconds=0.0)
    hurt = after(who, Said(harms=[harm]), assume, seconds=0.0)
    for name in ("pleasure", "arousal", "dominance"):
        waits, smarts = (getattr(each, name) for each in (who.mind.pending, who.mind.smarting))
        assert getattr(quiet.pending, name) == pytest.approx(waits)
        assert getattr(quiet.smarting, name) == pytest.approx(smarts)
        spared = (1.0 - assume["spoiling"]) * waits
        assert getattr(hurt.pending, name) == pytest.approx(spared)
    gain = who.customer.temperament.sensitivity
    size = assume[harm]
    assert hurt.smarting.dominance == pytest.approx(
        who.mind.smarting.dominance - gain.dominance * assume["hurt_control"] * size
    )


@pytest.mark.parametrize(
    ("ago", "stale"), [(0.0, True), (1.0, True), (1.99, True), (2.0, False), (3.0, False)]
)
def test_words_wear_thin_while_more_than_half_of_them_is_fresh(ago, stale):
    """A move is fresh for as long as memory lasts, and half fresh after twice that."""
    assume = Assumptions.default()
    heard = FrozenMapping({"apologise": 0.0, "propose": 0.0})
    mind = Mind(heard=heard, clock=ago * assume["memory_s"])

    def smarts(*moves, **also):
        said = Said(moves=moves, **also)
        after_it = react(Customer(), mind, said, seconds=0.0, noise=QUIET, assume=assume)
        return after_it.smarting.pleasure < 0.0

    assert smarts("apologise") is smarts("apologise", "propose") is stale
    assert not smarts("apologise", "act")
    assert not smarts("apologise", deed=0.1)
    assert not smarts("empathise", "validate")


def test_what_is_felt_within_a_second_is_felt_in_its_time_too():
    assume = Assumptions.from_document("[onset_s]\nlow = 0.0\nvalue = 0.5")
    customer, said = Customer(), Said(moves=["empathise"])

    def later(seconds):
        return react(customer, Mind(), said, seconds=seconds, noise=QUIET, assume=assume)

    waits, half = later(0.0).pending.pleasure, later(0.5)
    assert half.pending.pleasure == pytest.approx(waits / 2)
    how = customer.temperament
    slow = slowly(0.0, how.home.pleasure, how.half_life_s.pleasure, (0.5, waits), (0.0, 0.0), 0.5)
    assert half.pleasure == pytest.approx(slow, abs=1e-6)
