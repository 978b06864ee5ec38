"""Real executors of other libraries: the same bytes as at home. Run in a step of its own in CI."""

from collections.abc import Iterator
from concurrent.futures import Executor

import pytest
from attrs import evolve

from deescalate.simulation import AGENTS, Results, Study, customers, run_episodes

STUDY = Study(
    customers=[customers()["angry"], customers()["curt"]],
    agents={name: AGENTS[name] for name in ("by_plan", "spammer")},
    repeats=4,
    turns=5,
)
HERE = Results.of(run_episodes(STUDY, seed=7))


@pytest.fixture(scope="module")
def dask_executor() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed", reason="needs the extra `dask`")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("batch", [3, 16])
def test_law_the_same_bytes_on_a_dask_cluster(dask_executor: Executor, batch: int) -> None:
    found = list(run_episodes(STUDY, seed=7, executor=dask_executor, batch=batch, keep=str))
    assert repr(Results.of(found).columns) == repr(HERE.columns)
    assert sum(len(each.kept) for each in found) == len(HERE)


@pytest.mark.filterwarnings("default")
def test_a_dask_study_is_resumed(dask_executor: Executor) -> None:
    first = next(run_episodes(STUDY, seed=7, batch=5))
    rest = list(run_episodes(STUDY, seed=7, executor=dask_executor, batch=5, done=[first]))
    assert repr(Results.of([first, *rest]).columns) == repr(HERE.columns)


@pytest.mark.filterwarnings("default")
def test_law_the_same_bytes_on_loky() -> None:
    loky = pytest.importorskip("loky", reason="not installed")
    executor = loky.get_reusable_executor(max_workers=2)
    try:
        found = Results.of(run_episodes(STUDY, seed=7, executor=executor, batch=4))
    finally:
        executor.shutdown(wait=True)
    assert repr(found.columns) == repr(HERE.columns)


@pytest.mark.filterwarnings("default")
def test_what_salib_samples_is_a_study() -> None:
    sampler = pytest.importorskip("SALib.sample.sobol", reason="needs the extra `studies`")
    (base,) = STUDY.assume.values()
    problem = base.problem(["reach", "settling_s"])
    drawn = sampler.sample(problem, 2, seed=1)
    settings = {
        str(at): base.with_(**dict(zip(problem["names"], row, strict=True)))
        for at, row in enumerate(drawn)
    }
    found = Results.of(run_episodes(evolve(STUDY, assume=settings, repeats=1), seed=1))
    assert len(found) == len(drawn) * 2 * 2
