"""Running a study: batches of conversations over any executor, always with the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any

from attrs import frozen

from deescalate.errors import SettingError
from deescalate.simulation._columns import Results, columns_of, table_of
from deescalate.simulation._scenes import Episode
from deescalate.simulation._studies import Study, whole

__all__ = ["Batch", "bar", "run_episodes"]

Progress = Callable[[int, int], None]


@frozen(kw_only=True)
class Batch(Results):
    """Some conversations of a study, as they come back from a worker.

    Attributes:
        kept: What ``keep`` made of each, in the order of the columns; empty where nothing was kept.

    >>> Batch(columns={"episode": [4, 5]}).episodes
    (4, 5)
    """

    kept: tuple[Any, ...] = ()


def run_episodes(
    study: Study,
    *,
    seed: int,
    executor: Executor | None = None,
    batch: int = 256,
    done: Iterable[Results | Mapping[str, Any] | Any] = (),
    keep: Callable[[Episode], Any] | None = None,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """Play a study, batch after batch.

    The same seed gives the same columns, byte for byte, whatever the executor and the size of the
    batches. Only ``executor.map`` over batches is used, so any `concurrent.futures.Executor` does:
    threads, processes, loky, Dask's ``client.get_executor()``, ``MPIPoolExecutor``, or a shim.

    Args:
        study: What is played.
        seed: Any whole number.
        executor: Who plays; this process where not given.
        batch: Conversations a batch, 1 or more. Make a batch last 100 ms or more.
        done: What was played already and is skipped: batches, results, or tables of their columns
            as they were read back.
        keep: What to keep of each conversation beside its row; it is called in the worker, so that
            only what it returns travels.
        progress: Called with how many conversations are done, and of how many, such as `bar`.

    Yields:
        The batches that were not done, in order.

    Raises:
        SettingError: The seed is no whole number, the batch is below 1, or what is done belongs
            to another study or seed.

    >>> from deescalate.simulation import AGENTS
    >>> study = Study(agents={"silent": AGENTS["silent"]})
    >>> results = Results.of(run_episodes(study, seed=7))
    >>> len(results) == study.episodes
    True
    """
    seed = _seed(seed)
    size = whole("batch", batch, least=1)
    skipped = _done(study, seed, done)
    todo = [each for each in range(study.episodes) if each not in skipped]
    parts = [tuple(todo[at : at + size]) for at in range(0, len(todo), size)]
    return _run(partial(_played, study, seed, keep), parts, executor, progress, len(skipped))


def _run(
    work: Callable[[tuple[int, ...]], Batch],
    parts: list[tuple[int, ...]],
    executor: Executor | None,
    progress: Progress | None,
    count: int,
) -> Iterator[Batch]:
    total = count + sum(map(len, parts))
    played: Iterable[Batch] = map(work, parts) if executor is None else executor.map(work, parts)
    for batch in played:
        count += len(batch)
        if progress is not None:
            progress(count, total)
        yield batch


def _played(
    study: Study, seed: int, keep: Callable[[Episode], Any] | None, episodes: tuple[int, ...]
) -> Batch:
    made = [study.play(each, seed=seed) for each in episodes]
    cells = [study.cell(each) for each in episodes]
    return Batch(
        columns=columns_of(cells, made, digest=digest_of(study, seed)),
        kept=() if keep is None else tuple(map(keep, made)),
    )


def digest_of(study: Study, seed: int) -> str:
    """What results carry to say which study and seed they are of.

    >>> digest_of(Study(agents=[len]), 7).endswith("-7")
    True
    """
    return f"{study.digest}-{seed}"


def _seed(seed: object) -> int:
    index = getattr(seed, "__index__", None)
    if index is None or isinstance(seed, bool):
        raise SettingError("seed", seed, "a whole number")
    return int(index())


def _done(study: Study, seed: int, done: Iterable[Any]) -> set[int]:
    found: set[int] = set()
    ours = digest_of(study, seed)
    for place, each in enumerate(done):
        table = table_of(each)
        if not {"episode", "study"} <= {*table}:
            raise SettingError(f"done[{place}]", each, "a table with `episode` and `study`")
        for digest in {*table["study"]}:
            if digest != ours:
                allowed = f"results of this study and seed, `{ours}`"
                raise SettingError(f"done[{place}].study", digest, allowed)
        found.update(int(episode) for episode in table["episode"])
    return found


def bar(title: str = "") -> Progress:
    """A bar that shows how far a study is; needs tqdm.

    Args:
        title: What stands before it.

    Raises:
        SettingError: tqdm is not installed.
    """
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise SettingError("progress", "bar", "a function, or tqdm installed") from None
    shown = tqdm(desc=title or None, unit="ep")

    def progress(done: int, total: int) -> None:
        shown.total = total
        shown.update(done - shown.n)
        if done == total:
            shown.close()

    return progress
