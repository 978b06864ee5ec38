"""Read a corpus on a Dask cluster of this machine: messages a second and a core, and memory.

python examples/simulations/read_a_corpus.py [MESSAGES]     # needs the extra `dask`

The messages are spoken by simulated customers, in our own words.
"""

import sys
import time
from functools import cache

from deescalate.reading import EnglishReader
from deescalate.simulation import AGENTS, Episode, Study, run_episodes

BATCH = 500


@cache
def reader() -> EnglishReader:
    """One a worker."""
    return EnglishReader()


def read(messages: list[str]) -> dict[str, list[float]]:
    """What a batch shows, as columns."""
    found = [reader().read(message) for message in messages]
    return {
        "distress": [each.distress for each in found],
        "cues": [float(len(each.cues)) for each in found],
    }


def said(episode: Episode) -> list[str]:
    """The customer's words."""
    return [turn.utterance.text for turn in episode.turns]


def corpus(count: int) -> list[str]:
    """So many messages of simulated customers, each with its own number."""
    study = Study(agents={"silent": AGENTS["silent"]}, words=True, repeats=20)
    kept = [
        text
        for batch in run_episodes(study, seed=7, keep=said)
        for each in batch.kept
        for text in each
    ]
    return [f"{kept[at % len(kept)]} Case {at}." for at in range(count)]


def resident_mb() -> float:
    """Memory of this process, where the system tells."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


def main() -> None:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        print("dask is not installed (the extra `dask`): nothing is run")
        return
    messages = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
    batches = [messages[at : at + BATCH] for at in range(0, len(messages), BATCH)]
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor()
        list(executor.map(read, [["I am furious!"]] * 4))  # both have loaded their language
        start = time.perf_counter()
        columns = list(executor.map(read, batches))
        seconds = time.perf_counter() - start
        memory = max(client.run(resident_mb).values())
    rows = sum(len(each["distress"]) for each in columns)
    each = rows / seconds / 2
    days = 1e9 / each / 86_400 / 64
    print(f"{rows} messages in {seconds:.1f} s: {each:.0f} a second and worker")
    print(f"a worker holds {memory:.0f} MB")
    print(f"a billion messages: {1e9 / each / 3600:,.0f} core hours, {days:.1f} days on 64 cores")


if __name__ == "__main__":
    main()
