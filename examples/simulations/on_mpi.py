"""A study on MPI: one process deals batches out, the others play them.

mpiexec -n 3 python -m mpi4py.futures examples/simulations/on_mpi.py     # needs mpi4py and an MPI
python examples/simulations/on_mpi.py                                    # says so where it is not
"""

import sys

from deescalate.simulation import AGENTS, Results, Study, customers, run_episodes

STUDY = Study(
    customers=[customers()["angry"], customers()["polite"]],
    agents={name: AGENTS[name] for name in ("by_plan", "solution_first")},
    repeats=10,
)


def main() -> None:
    try:
        from mpi4py.futures import MPIPoolExecutor
    except (ImportError, RuntimeError):
        print("mpi4py or an MPI is not installed: nothing is run")
        return
    with MPIPoolExecutor() as executor:
        there = Results.of(run_episodes(STUDY, seed=7, executor=executor, batch=10))
    here = Results.of(run_episodes(STUDY, seed=7))
    print(there.to_markdown())
    sys.exit(0 if there == here else "the same seed gave other results")


if __name__ == "__main__":
    main()
