"""A study on Ray: `run_episodes` wants an executor with `map`, and this is one over Ray's tasks.

python examples/simulations/on_ray.py      # needs ray; says so where it is not installed
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any

from deescalate.simulation import AGENTS, Results, Study, customers, run_episodes

STUDY = Study(
    customers=[customers()["angry"], customers()["polite"]],
    agents={name: AGENTS[name] for name in ("by_plan", "solution_first")},
    repeats=10,
)


class RayExecutor(Executor):
    """The one method of an executor that a study needs."""

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
        import ray

        def call(*given: Any) -> Any:  # Ray takes functions, and this is one of any callable
            return fn(*given)

        task = ray.remote(call)
        waiting = [task.remote(*given) for given in zip(*iterables, strict=True)]
        return (ray.get(each) for each in waiting)


def main() -> None:
    try:
        import ray
    except ImportError:
        print("ray is not installed: nothing is run")
        return
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        there = Results.of(run_episodes(STUDY, seed=7, executor=RayExecutor(), batch=10))
    finally:
        ray.shutdown()
    here = Results.of(run_episodes(STUDY, seed=7))
    print(there.to_markdown())
    sys.exit(0 if there == here else "the same seed gave other results")


if __name__ == "__main__":
    main()
