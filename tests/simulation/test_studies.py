"""Studies: the same bytes however they are run, resumed where they stopped, compared in pairs."""

import math
import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.simulation import (
    AGENTS,
    Assumptions,
    Batch,
    Customer,
    Episode,
    Results,
    Said,
    Study,
    bar,
    customers,
    run_episodes,
)
from deescalate.statistics import paired

FEW = {name: customers()[name] for name in ("angry", "polite", "curt")}


def acts(sight):
    return Said(moves=["empathise", "act"] if sight.case else ["empathise", "open_question"])


def insults(sight):
    return Said(harms=["insult"])


def breaks(sight):
    if sight.turn:
        raise RuntimeError("no such order")
    return Said(moves=["empathise"])


STUDY = Study(customers=FEW, agents=[acts, insults], repeats=3, turns=6)
WHOLE = Results.of(run_episodes(STUDY, seed=7))


def final_of(episode: Episode) -> float:
    return episode.final


def same(one: Results, other: Results) -> bool:
    return repr(dict(one.columns)) == repr(dict(other.columns))


@settings(max_examples=25)
@given(st.integers(1, 30), st.booleans())
def test_law_the_same_bytes_at_any_batch_size_and_with_threads(batch, threaded):
    if threaded:
        with ThreadPoolExecutor(2) as executor:
            found = Results.of(run_episodes(STUDY, seed=7, executor=executor, batch=batch))
    else:
        found = Results.of(run_episodes(STUDY, seed=7, batch=batch))
    assert same(found, WHOLE)


def test_law_the_same_bytes_in_other_processes():
    """Spawned ones, whose hash seeds differ; what is kept is made there."""
    study = evolve(STUDY, agents={name: AGENTS[name] for name in ("by_plan", "spammer")})
    here = list(run_episodes(study, seed=7, batch=5, keep=final_of))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        there = list(run_episodes(study, seed=7, executor=executor, batch=5, keep=final_of))
    assert [repr(dict(each.columns)) for each in there] == [
        repr(dict(each.columns)) for each in here
    ]
    assert [each.kept for each in there] == [each.kept for each in here]
    assert [*here[0].kept] == here[0].columns["final"]


@settings(max_examples=25)
@given(st.sets(st.integers(0, 17)), st.integers(1, 9), st.randoms())
def test_law_what_is_done_is_not_played_again_and_nothing_is_lost(played, batch, rng):
    rows = [at for at, each in enumerate(WHOLE.episodes) if each in played]
    done = {name: [column[at] for at in rows] for name, column in WHOLE.columns.items()}
    asked = []
    new = list(
        run_episodes(STUDY, seed=7, batch=batch, done=[done],
                     progress=lambda so_far, total: asked.append((so_far, total)))
    )  # fmt: skip
    assert not {*played} & {each for part in new for each in part.episodes}
    assert [total for _, total in asked] == [18] * len(new)
    assert not asked or asked[-1][0] == 18
    parts = [*new, done]
    rng.shuffle(parts)
    assert same(Results.of(parts), WHOLE)


def test_another_seed_is_other_luck_and_agents_share_it():
    other = Results.of(run_episodes(STUDY, seed=8))
    assert other.column("start") != WHOLE.column("start")
    assert WHOLE.column("start", agent="acts") == WHOLE.column("start", agent="insults")


def test_a_new_agent_leaves_the_rows_of_the_others_as_they_are():
    more = evolve(STUDY, agents={**STUDY.agents, "silent": AGENTS["silent"]})
    found = Results.of(run_episodes(more, seed=7))
    for what in ("start", "final", "outcome", "money"):
        assert found.column(what, agent="acts") == WHOLE.column(what, agent="acts")


def test_results_of_another_study_are_refused_on_resume():
    for other, seed in ((STUDY, 8), (evolve(STUDY, turns=7), 7),
                        (evolve(STUDY, assume=Assumptions.default().with_(reach=0.1)), 7),
                        (evolve(STUDY, agents=[insults]), 7)):  # fmt: skip
        with pytest.raises(SettingError, match=r"done\[1\]\.study.*expected results of this study"):
            run_episodes(other, seed=seed, done=[{"episode": [], "study": []}, WHOLE])
    with pytest.raises(SettingError, match=r"done\[0\]"):
        run_episodes(STUDY, seed=7, done=[{"final": [0.1]}])
    with pytest.raises(SettingError, match=r"done\[0\]"):
        run_episodes(STUDY, seed=7, done=["results.parquet"])


def test_the_digest_is_the_same_in_every_process():
    code = (
        "from deescalate.simulation import *;"
        "print(Study(agents={n: AGENTS[n] for n in ('silent', 'by_plan')}, tracker=follow).digest)"
    )
    digests = {
        subprocess.run(  # noqa: S603  our own code
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in "12"
    }  # fmt: skip
    assert len(digests) == 1
    partial_agent = partial(insults)
    assert (
        evolve(STUDY, agents={"x": partial_agent}).digest
        == evolve(STUDY, agents={"x": partial(insults)}).digest
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"customers": []}, "customers.*at least one"),
        ({"customers": 3}, "customers.*at least one"),
        ({"customers": ["Ada"]}, r"customers\[0\].*a Customer"),
        ({"customers": [Customer(), Customer()]}, r"customers\[1\]\.name.*chance is keyed by it"),
        ({"agents": []}, "agents.*at least one"),
        ({"agents": 5}, "agents by name"),
        ({"agents": {"a": "by_plan"}}, r"agents\.a.*a callable"),
        ({"assume": {}}, "assume.*Assumptions"),
        ({"assume": {"a": 1}}, r"assume\.a.*Assumptions"),
        ({"assume": 1}, "assume.*Assumptions"),
        ({"repeats": 0}, "repeats.*1 or more"),
        ({"repeats": True}, "repeats"),
        ({"turns": 1.5}, "turns"),
    ],
)
def test_a_study_that_cannot_be_is_refused(changed, told):
    with pytest.raises(SettingError, match=told):
        evolve(STUDY, **changed)


@pytest.mark.parametrize("seed", [1.5, "7", None, True, math.nan])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(SettingError, match="seed"):
        run_episodes(STUDY, seed=seed)


def test_numbers_of_numpy_are_numbers():
    study = evolve(STUDY, repeats=np.int64(3), turns=np.int8(6))
    assert same(Results.of(run_episodes(study, seed=np.uint32(7), batch=np.int16(5))), WHOLE)


@pytest.mark.parametrize("batch", [0, -1, 2.0, "4", True])
def test_a_batch_is_one_or_more(batch):
    with pytest.raises(SettingError, match="batch"):
        run_episodes(STUDY, seed=7, batch=batch)


def test_an_assumption_out_of_its_range_is_refused_with_its_name():
    with pytest.raises(SettingError, match="reach"):
        Assumptions.default().with_(reach=1.5)


def test_an_agent_that_raises_says_in_which_conversation():
    study = evolve(STUDY, agents=[insults, breaks])
    with pytest.raises(RuntimeError, match="no such order") as caught:
        list(run_episodes(study, seed=7))
    assert "in episode 1 of the study: agent 'breaks'" in caught.value.__notes__[0]


def test_there_is_no_conversation_beyond_the_last():
    assert STUDY.cell(STUDY.episodes - 1).agent == "insults"
    for episode in (STUDY.episodes, -1, 0.5):
        with pytest.raises(SettingError, match="episode"):
            STUDY.cell(episode)


def test_settings_are_played_each_on_the_same_luck():
    assume = {f"{reach:g}": Assumptions.default().with_(reach=reach) for reach in (0.0, 1.0)}
    found = Results.of(run_episodes(evolve(STUDY, assume=assume), seed=7))
    half = len(found) // 2
    assert found.columns["setting"] == ["0"] * half + ["1"] * half
    assert found.column("start")[:half] == found.column("start")[half:]


def test_compared_in_pairs():
    better = WHOLE.compare("acts", "insults", "final")
    a, b = (WHOLE.column("final", agent=agent) for agent in ("acts", "insults"))
    assert better == paired(a, b)
    assert better.high < 0
    assert WHOLE.compare("acts", "insults", "good").low > 0
    assert WHOLE.rate("good", agent="insults").hits == 0
    assert "| acts |" in WHOLE.to_markdown()
    for call, told in (
        (lambda: WHOLE.compare("act", "insults"), "did you mean `acts`"),
        (lambda: WHOLE.compare("acts", "insults", "finale"), "did you mean `final`"),
        (lambda: WHOLE.compare("acts", "insults", "outcome"), "a column of numbers"),
        (lambda: WHOLE.rate("final", agent="acts"), "true and false"),
        (lambda: WHOLE.compare("acts", "insults", level=2), "level"),
    ):
        with pytest.raises(SettingError, match=told):
            call()
    one = Results.of(run_episodes(evolve(STUDY, customers=[Customer()], repeats=1), seed=7))
    with pytest.raises(SettingError, match="two pairs"):
        one.compare("acts", "insults")


def test_pairs_need_their_partners():
    assert paired([1.0], [2.0]) is None
    with pytest.raises(SettingError, match="as many values"):
        paired([1.0, 2.0], [1.0])


def test_parts_that_do_not_belong_together_are_refused():
    other = Results.of(run_episodes(STUDY, seed=8))
    with pytest.raises(SettingError, match="one study and seed"):
        Results.of([WHOLE, other])
    with pytest.raises(SettingError, match="each conversation once"):
        Results.of([WHOLE, WHOLE])
    assert len(Results.of([])) == 0


def test_columns_of_frames_are_taken_back():
    arrays = {name: np.array(column) for name, column in WHOLE.columns.items()}
    assert same(Results.of([arrays]), WHOLE)
    assert not list(run_episodes(STUDY, seed=7, done=[arrays]))
    assert isinstance(next(run_episodes(STUDY, seed=7)), Batch)

    class Frame:
        """What polars and pyarrow frames have in common."""

        columns = tuple(arrays)

        def __getitem__(self, name):
            return arrays[name]

    assert not list(run_episodes(STUDY, seed=7, done=[Frame()]))
    assert same(Results.of([Frame()]), WHOLE)


def test_a_bar_shows_how_far_it_is(capsys):
    pytest.importorskip("tqdm")
    list(run_episodes(STUDY, seed=7, batch=6, progress=bar("study")))
    assert "study: 100%" in capsys.readouterr().err


def test_a_bar_without_tqdm_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(SettingError, match="tqdm installed"):
        bar()
