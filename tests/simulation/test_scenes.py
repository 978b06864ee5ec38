"""Conversations with simulated customers: what they come to, and that chance is shared."""

import hashlib
import pickle
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.cues import CueKind
from deescalate.emotion import Affect, EmotionState
from deescalate.errors import SettingError
from deescalate.moves import Move
from deescalate.reading import EnglishReader
from deescalate.simulation import (
    AGENTS,
    Assumptions,
    AtRandom,
    ByPlan,
    Customer,
    Grievance,
    Mind,
    Noise,
    Outcome,
    Said,
    Scene,
    Sight,
    Utterance,
    by_plan,
    customers,
    follow,
    manners,
    person_only,
    play,
    silent,
    solution_first,
    spammer,
    texting,
    tracking,
    voice,
)
from deescalate.strategy import Strategy
from deescalate.testing.simulation import assumptions, simulated_customers

ASSUME = Assumptions.default()
SURE = ASSUME.with_(leave_at=1.2, boss_at=1.2, steepness=40.0, acceptance=1.0, reach=0.0)


def played(agent, assume=ASSUME, *, repeats=5, **how):
    return [
        play(each, agent, noise=Noise(5, name, repeat), assume=assume, **how)
        for name, each in customers().items()
        for repeat in range(repeats)
    ]


def outcomes(agent, assume=ASSUME, **how):
    return Counter(each.outcome for each in played(agent, assume, **how))


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_every_agent_pickles_and_plays_the_same_again(name):
    agent = pickle.loads(pickle.dumps(AGENTS[name]))  # noqa: S301
    one = [str(each) for each in played(AGENTS[name], repeats=1)]
    assert one == [str(each) for each in played(agent, repeats=1)]


@given(simulated_customers(), assumptions(), st.integers(), st.sampled_from(sorted(AGENTS)))
def test_every_conversation_ends_within_its_turns(customer, assume, seed, name):
    episode = play(customer, AGENTS[name], noise=Noise(seed), assume=assume, turns=5)
    assert 2 <= len(episode.turns) <= 6
    assert episode.outcome in episode.outcomes
    assert all(0.0 <= each <= 1.0 for each in episode.distress)
    assert episode.peak >= episode.final
    assert episode.cost.money >= 0.0
    assert episode.cost.contacts == 1 + (Outcome.CAME_BACK in episode.outcomes)
    assert [turn.said is None for turn in episode.turns].index(True) == len(episode.turns) - 1


def test_luck_does_not_depend_on_the_agent():
    openings = {
        name: [each.turns[0] for each in played(agent, repeats=2, words=True)]
        for name, agent in AGENTS.items()
    }
    firsts = [[(turn.utterance, turn.mind) for turn in each] for each in openings.values()]
    assert all(each == firsts[0] for each in firsts)


SCRIPT = """
from deescalate.simulation import *
for name, each in customers().items():
    for agent in (by_plan, at_random, solution_first):
        seen = play(each, agent, noise=Noise(3, name), assume=Assumptions.default(), words=True)
        for turn in seen.turns:
            print(turn.mind, turn.utterance.text, turn.said, sorted(turn.utterance.cues))
"""


def test_the_hash_seed_changes_nothing():
    told = {
        hashlib.sha256(
            subprocess.run(  # noqa: S603
                [sys.executable, "-c", SCRIPT],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                capture_output=True,
                check=True,
            ).stdout
        ).hexdigest()
        for seed in ("0", "1")
    }
    assert len(told) == 1


def test_deeds_settle_and_words_alone_do_not():
    def deeds(sight):
        return Said(moves=["empathise", "act"] if sight.case else ["open_question"])

    assert outcomes(deeds, SURE)[Outcome.SETTLED] > 45
    words = outcomes(person_only, SURE)
    assert words[Outcome.SETTLED] == 0
    assert words[Outcome.OPEN] > 5


def test_silence_and_hurt_lose_customers_who_tell_it_and_come_back():
    def cruel(_):
        return Said(harms=["T109", "T105"])

    for agent in (silent, cruel):
        lost = played(agent)
        assert sum(each.outcome in {Outcome.LEFT, Outcome.WENT_PUBLIC} for each in lost) > 70
        assert {Outcome.WENT_PUBLIC, Outcome.CAME_BACK} <= {
            o for each in lost for o in each.outcomes
        }
        assert all(
            Outcome.LEFT in each.outcomes for each in lost if each.outcome is Outcome.WENT_PUBLIC
        )


def test_an_offer_of_what_can_be_had_is_taken_and_counts_as_money():
    def offer(sight):
        return Said(moves=["propose"] if sight.case else ["open_question"])

    taken = [each for each in played(offer, SURE) if each.outcome is Outcome.ACCEPTED]
    assert len(taken) > 45
    assert {each.cost.money for each in taken} == {40.0}
    assert all(each.turns[-1].utterance.cues >= {CueKind.ACCEPTANCE} for each in taken)


def test_a_no_is_taken_by_some_and_pays_nothing():
    customer = Customer(grievance=Grievance(size=0.3, can_meet=0.0))
    ends = Counter(
        play(
            customer,
            lambda _: Said(moves=["empathise", "decline"]),
            noise=Noise(each),
            assume=SURE,
        ).outcome
        for each in range(40)
    )
    assert ends[Outcome.ACCEPTED] > 20
    claimed = Scene.open(customer, noise=Noise(1), assume=SURE).after(Said(moves=["act"]))
    assert claimed.turns[0].said.harms == ("empty_promise",)
    assert claimed.turns[-1].mind.righted == 0.0


def test_who_asks_for_a_boss_and_gets_one_is_done():
    heated = ASSUME.with_(boss_at=0.6, leave_at=1.2)
    handed = outcomes(lambda _: Said(moves=["seek_help"]), heated)
    assert handed[Outcome.ASKED_FOR_BOSS] > 20
    asked = played(silent, heated)
    assert sum(Outcome.ASKED_FOR_BOSS in each.outcomes for each in asked) > 40
    assert any(
        CueKind.ASKS_SUPERVISOR in turn.utterance.cues for each in asked for turn in each.turns[1:]
    )


def test_nobody_can_put_right_what_they_do_not_know():
    shy = next(
        scene
        for seed in range(50)
        if not (scene := Scene.open(customers()["curt"], noise=Noise(seed), assume=ASSUME)).told
    )
    assert shy.sight.case is None
    blind = shy.after(Said(moves=["act"]))
    assert blind.turns[-1].mind.righted == 0.0
    assert blind.turns[0].said.harms == ("empty_promise",)
    told = shy.after(Said(moves=["open_question"]))
    assert told.sight.case == customers()["curt"].grievance
    assert told.after(Said(moves=["act"])).turns[-1].mind.righted == 1.0


@pytest.mark.parametrize(
    ("wants", "move"), [("remedy", "act"), ("human", "seek_help"), ("answer", "explain")]
)
def test_what_they_want_is_what_settles_it(wants, move):
    customer = Customer(wants=wants, grievance=Grievance(size=0.5))
    scene = Scene.open(customer, noise=Noise(2), assume=ASSUME)
    after = scene.after(Said(moves=[move]), seconds=30.0)
    assert after.turns[-1].mind.righted == 1.0
    assert after.money == (40.0 if wants == "remedy" else 0.0)
    assert after.turns[-1].mind.clock == 30.0 + ASSUME["answer_s"]


def test_a_deed_of_the_host_is_bounded_by_what_can_be_had():
    customer = Customer(grievance=Grievance(can_meet=0.4))
    scene = Scene.open(customer, noise=Noise(2), assume=ASSUME).after(Said(deed=0.9, money=5.0))
    assert scene.turns[-1].mind.righted == 0.4
    assert scene.money == pytest.approx(21.0)


def test_a_customer_without_a_grievance_is_soon_settled():
    calm = Customer(grievance=Grievance(size=0.0))
    ends = [
        play(calm, solution_first, noise=Noise(each), assume=ASSUME).outcome for each in range(20)
    ]
    assert ends.count(Outcome.SETTLED) > 15


def test_what_cannot_be_is_refused():
    scene = Scene.open(Customer(), noise=Noise(1), assume=ASSUME, turns=1).after(Said())
    assert scene.over
    assert scene.outcome is Outcome.OPEN
    with pytest.raises(SettingError, match="not over"):
        scene.after(Said())
    for turns in (0, 10_001, 2.5, True, "5"):
        with pytest.raises(SettingError, match="turns"):
            play(Customer(), silent, noise=Noise(1), assume=ASSUME, turns=turns)
    with pytest.raises(SettingError, match="a Said"):
        play(Customer(), lambda _: "sorry", noise=Noise(1), assume=ASSUME)
    with pytest.raises(SettingError, match="seconds"):
        Scene.open(Customer(), noise=Noise(1), assume=ASSUME).after(Said(), seconds=-1.0)
    assert not Scene.open(Customer(), noise=Noise(1), assume=ASSUME).episode().outcome.good


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Customer(manner="angy"), "did you mean `angry`?"),
        (lambda: Customer(wants="moon"), "one of remedy"),
        (lambda: Customer(voice="tlh"), "one of en"),
        (lambda: Grievance(size=2.0), "size"),
        (lambda: Grievance(fault="ourz"), "did you mean `ours`?"),
        (lambda: Said(moves=["apologize"]), "did you mean `apologise`?"),
        (lambda: Said(harms=["insults"]), "did you mean `insult`?"),
        (lambda: Said(deed=1.5), "deed"),
        (lambda: Said(money=-1.0), "money"),
        (lambda: Said(tone=Affect(arousal=3.0)), "tone.arousal"),
        (lambda: Said(moves=3), "a list of names"),
        (lambda: Said(moves=[["act"]]), "a list of names"),
        (lambda: Said(harms=None), "a list of names"),
        (lambda: Said(text=None), "a text"),
        (lambda: Customer(name=7), "a text"),
        (lambda: Customer(temperament="angry"), "a Temperament"),
        (lambda: Customer(grievance=0.5), "a Grievance"),
        (lambda: Customer(patience=2.5), "a whole number, 0 or more"),
        (lambda: Customer(patience=True), "a whole number, 0 or more"),
        (lambda: Grievance(matter=3), "a text"),
        (lambda: play(None, silent, noise=Noise(1), assume=ASSUME), "a Customer"),
        (lambda: play(Customer(), silent, noise=7, assume=ASSUME), "a Noise"),
        (lambda: play(Customer(), silent, noise=Noise(1), assume=None), "Assumptions"),
        (lambda: Noise(1.5), "a whole number"),
        (lambda: Noise(True), "a whole number"),
        (lambda: Noise(1, 2.5), "a whole number"),
        (lambda: Noise(1, "a", "b"), "a whole number"),
    ],
)
def test_values_that_cannot_be_are_refused_with_the_nearest(make, told):
    with pytest.raises(SettingError, match=r".") as caught:
        make()
    assert told in str(caught.value)


def test_codes_of_the_review_become_harms_and_those_of_form_do_not():
    assert Said(moves="act").moves == (Move.ACT,)
    assert Said(harms=["T108", "T110", "C601", "calm_down"]).harms == ("calm_down", "insult")


def test_noise_looks_like_noise():
    drawn = [Noise(1, each).affect("mood", 3) for each in range(4000)]
    for name in ("pleasure", "arousal", "dominance"):
        values = [getattr(each, name) for each in drawn]
        mean = sum(values) / len(values)
        assert abs(mean) < 0.06
        assert abs(sum(each * each for each in values) / len(values) - 1.0) < 0.1
    uniform = sorted(Noise(each, "a").uniform("leave") for each in range(4000))
    assert all(abs(each - at / 4000) < 0.03 for at, each in enumerate(uniform))
    assert Counter(Noise(each).pick("x", 0, "ab") for each in range(1000))["a"] > 400
    assert Noise(-5, -2, 2**70).uniform("x") != Noise(5, 2, 2**70).uniform("x")


def test_by_plan_takes_a_strategy_and_minds_the_person_and_danger():
    mine = ByPlan(Strategy.default())
    assert [str(each) for each in played(mine, repeats=1)] == [
        str(each) for each in played(by_plan, repeats=1)
    ]
    danger = Sight(utterance=Utterance(cues=frozenset({CueKind.THREAT_SELF_HARM})))
    assert Move.SAFETY_CHECK in by_plan(danger).moves
    refused = played(by_plan, ASSUME.with_(acceptance=0.1), repeats=4)
    assert any(Move.PROPOSE in turn.said.moves for each in refused for turn in each.turns[:-1])


def test_random_agents_differ_by_seed_and_by_customer():
    one = [each.turns[0].said.moves for each in played(AtRandom(1), repeats=3)]
    two = [each.turns[0].said.moves for each in played(AtRandom(2), repeats=3)]
    assert one != two
    assert len(set(one)) > 20


def canned(text):
    return f"I am sorry about that ({len(text)} letters). I have refunded the fee."


def counting(messages):
    assert [each["role"] for each in messages][-1] == "user"
    return "Thank you. " * len(messages)


def test_a_bot_that_writes_plays_along():
    episode = play(
        customers()["polite"], texting(canned), noise=Noise(3), assume=ASSUME, words=True
    )
    assert episode.turns[0].said.moves[0] is Move.APOLOGISE
    assert episode.turns[-1].mind.righted == 1.0
    told = play(
        customers()["polite"],
        texting(counting, messages=True),
        noise=Noise(3),
        assume=ASSUME,
        words=True,
        turns=3,
    )
    assert [len(turn.said.text) for turn in told.turns[:-1]] == [11, 33, 55][: len(told.turns) - 1]
    with pytest.raises(SettingError, match="a text"):
        play(Customer(), texting(lambda _: None), noise=Noise(3), assume=ASSUME, words=True)
    rude = Said.from_text("Calm down, you idiot. It is your own fault.", before="Where is it?")
    assert "calm_down" in rude.harms


def test_texts_read_back_by_the_reader_give_the_intended_cues():
    """The lines were written with the reader in sight: this holds them together, no more."""
    reader = EnglishReader()
    kinds = {each.value for each in CueKind}
    lines = [(name, line) for name, each in voice("en").items() for line in each]
    assert all(len(line) <= 120 for _, line in lines)
    assert {name for each in manners().values() for name in (*each.opening, *each.later)} - {
        "shouting"
    } <= set(voice("en"))
    read = [name in reader.read(line).kinds for name, line in lines if name in kinds]
    assert sum(read) / len(read) >= 0.9
    grave = {CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM}
    harmless = [line for name, line in lines if not name.startswith("threat_")]
    assert not [line for line in harmless if grave & reader.read(line).kinds]


def test_whole_messages_read_back_too():
    reader = EnglishReader()
    said = [
        turn.utterance
        for each in played(spammer, repeats=1, words=True, turns=4)
        for turn in each.turns
    ]
    intended = [(cue, each) for each in said for cue in each.cues]
    found = [cue in reader.read(each.text).kinds for cue, each in intended]
    assert sum(found) / len(found) >= 0.85
    assert all(each.text for each in said)


def test_a_tracker_sees_what_a_bot_sees_and_is_compared_with_the_truth():
    episodes = played(by_plan, repeats=4, tracker=follow)
    found = tracking(episodes)
    assert found.turns == sum(len(each.turns) for each in episodes)
    assert found.correlation > 0.5
    assert found.lag in (0, 1, 2)
    assert 0.0 <= found.tipping <= 1.0
    assert "tipping turn" in str(found)

    def knows(_belief, _said, _utterance, *, seconds):
        del seconds
        return EmotionState(mean=Affect(pleasure=-1.0))

    stubborn = tracking(played(by_plan, repeats=1, tracker=knows))
    assert stubborn.covered == 0.0
    assert stubborn.correlation == 0.0
    one = play(Customer(), silent, noise=Noise(1), assume=ASSUME, turns=1, tracker=follow)
    assert tracking([one]).tipped == 0
    with pytest.raises(SettingError, match="level"):
        tracking(episodes, level=1.0)
    with pytest.raises(SettingError, match="tracker"):
        tracking(played(by_plan, repeats=1)[:1])


def test_a_mind_shows_itself_as_a_state():
    mind = Mind.start(Customer(), noise=Affect(pleasure=1.0))
    assert mind.state.distress == pytest.approx(mind.distress)
    assert mind.openness == pytest.approx(mind.state.openness)


def test_the_example_runs(capsys):
    path = Path(__file__).resolve().parents[2] / "examples/simulations/one_conversation.py"
    runpy.run_path(str(path), run_name="example")["main"]("curt")
    assert "by_plan" in capsys.readouterr().out
