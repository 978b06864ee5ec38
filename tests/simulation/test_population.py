"""Populations: the scalar model, customer by customer, to 1e-9 on the same noise."""

import pickle
import tracemalloc

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.emotion import Affect
from deescalate.errors import SettingError
from deescalate.moves import Move
from deescalate.simulation import (
    HARMS,
    Assumptions,
    Customer,
    Noise,
    Outcome,
    Population,
    Said,
    customers,
    play,
)
from deescalate.statistics import paired

SHIPPED = Assumptions.default()
PLAN = (Said(moves=["empathise", "open_question"]), Said(moves=["apologise", "act"]))

unit = st.floats(-1.0, 1.0)
answers = st.builds(
    Said,
    moves=st.lists(st.sampled_from(list(Move)), max_size=5),
    harms=st.lists(st.sampled_from(sorted(HARMS)), max_size=2),
    deed=st.none() | st.floats(0.0, 1.0),
    money=st.sampled_from([0.0, 5.0]),
    tone=st.none() | st.builds(Affect, pleasure=unit, arousal=unit),
)
assumptions = st.fixed_dictionaries(
    {
        name: st.floats(each.low, each.high)
        for name, each in SHIPPED.numbers.items()
        if each.low < each.high
    }
).map(lambda values: SHIPPED.with_(**values)) | st.sampled_from([SHIPPED, Assumptions.plain()])


def scalar(population, policy, number, seed, assume):
    episode = play(
        population.customer(number),
        lambda sight: policy[min(sight.turn, len(policy) - 1)],
        noise=Noise(seed, number),
        assume=assume,
        turns=population.turns,
    )
    flags = {each.value: each in episode.outcomes for each in Outcome if each is not Outcome.OPEN}
    return {
        **flags,
        "good": episode.outcome.good,
        "turns": len(episode.turns) - 1,
        "start": episode.distress[0],
        "peak": episode.peak,
        "final": episode.final,
        "mean": sum(episode.distress) / len(episode.distress),
        "minutes": episode.cost.minutes,
        "money": episode.cost.money,
        "contacts": episode.cost.contacts,
    }


@given(
    st.lists(answers, min_size=1, max_size=4),
    st.integers(-(2**70), 2**70),
    assumptions,
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.4, 1.0])), min_size=3, max_size=3),
)
def test_law_a_population_is_the_scalar_model(policy, seed, assume, grievances):
    sizes, can_meet = zip(*grievances, strict=True)
    wants = [evolve(each, wants=want) for want in ("remedy", "human", "answer")
             for each in (customers()["angry"], customers()["serial_claimant"])]  # fmt: skip
    crowd = Population(
        count=3, kinds=wants, turns=5,
        columns={"kind": [0, 2, 5], "size": sizes, "can_meet": can_meet},
    )  # fmt: skip
    found = crowd.run(policy, seed=seed, assume=assume)
    for number in range(3):
        expected = scalar(crowd, policy, number, seed, assume)
        assert {*expected} == {*found}
        for name, value in expected.items():
            assert float(found[name][number]) == pytest.approx(float(value), rel=1e-9, abs=1e-9)


HARD = (
    Said(moves=["decline"], tone=Affect(pleasure=-0.5, arousal=0.6)),
    Said(moves=["seek_help", "offer_choice"], harms=["blame"], tone=Affect(arousal=0.3)),
    Said(),
    Said(moves=["decline", "explain", "propose"], deed=0.3, money=5.0),
)


@pytest.mark.parametrize("policy", [PLAN, HARD])
def test_law_all_ready_customers_at_length(policy):
    crowd = Population(count=len(customers()) * 2)
    found = crowd.run(policy, seed=3)
    for number in range(crowd.count):
        for name, value in scalar(crowd, policy, number, 3, SHIPPED).items():
            assert float(found[name][number]) == pytest.approx(float(value), rel=1e-9, abs=1e-9)


@settings(max_examples=20)
@given(st.integers(1, 200), st.integers(1, 120))
def test_law_chunks_change_no_byte(chunk, count):
    size = np.linspace(0.1, 0.9, count)
    one, other = (
        Population(count=count, columns={"size": size}, chunk=each).run(PLAN, seed=5)
        for each in (chunk, count)
    )
    assert pickle.dumps(one) == pickle.dumps(other)


def test_memory_grows_with_the_result_and_the_chunk_alone():
    """Half of the 150 MB that a million may take, at a tenth of the size."""
    tracemalloc.start()
    found = Population(count=100_000, turns=2).run(PLAN, seed=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    held = sum(column.nbytes for column in found.values())
    assert peak - held < 20e6
    assert held < 7e6


def test_compared_in_pairs_on_the_same_luck():
    crowd = Population(count=300)
    worse = (Said(harms=["blame"]),)
    found = crowd.compare(PLAN, worse, "final", seed=2)
    a, b = (crowd.run(each, seed=2)["final"].tolist() for each in (PLAN, worse))
    assert found == paired(a, b)
    assert found.high < 0
    with pytest.raises(SettingError, match="did you mean `final`"):
        crowd.compare(PLAN, worse, "finale", seed=2)
    with pytest.raises(SettingError, match="two customers"):
        Population(count=1).compare(PLAN, worse, seed=2)


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"count": 0}, "count.*1 or more"),
        ({"count": 2.5}, "count"),
        ({"turns": 0}, "turns"),
        ({"chunk": True}, "chunk"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["angry"]}, "kinds"),
        ({"kinds": 3}, "kinds"),
        ({"columns": {"sise": 0.5}}, "did you mean `size`"),
        ({"columns": {"size": [0.1, 0.2]}}, "3 of them"),
        ({"columns": {"size": 1.5}}, "0 to 1"),
        ({"columns": {"size": [0.1, float("nan"), 0.2]}}, "0 to 1"),
        ({"columns": {"size": "big"}}, "one number"),
        ({"columns": {"kind": [0, 1, 99]}}, r"columns\[kind\]"),
        ({"columns": {"kind": [0.0, 1.0, 2.0]}}, r"columns\[kind\]"),
        ({"columns": {"amount": [-1, 2, 3]}}, r"columns\[amount\]"),
    ],
)
def test_a_population_that_cannot_be_is_refused(given_, told):
    with pytest.raises(SettingError, match=told):
        Population(**{"count": 3, **given_})


@pytest.mark.parametrize(
    ("policy", "seed", "told"),
    [([], 1, "policy"), (["act"], 1, "policy"), (PLAN, 1.5, "seed"), (PLAN, True, "seed")],
)
def test_a_run_that_cannot_be_is_refused(policy, seed, told):
    with pytest.raises(SettingError, match=told):
        Population(count=2).run(policy, seed=seed)


def test_customers_of_a_population_are_within_it():
    crowd = Population(count=3, kinds=[Customer(manner="angry")], columns={"amount": np.float32(7)})
    assert crowd.customer(np.int8(1)).grievance.amount == 7.0
    with pytest.raises(SettingError, match="number"):
        crowd.customer(3)
