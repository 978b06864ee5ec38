"""Plots for a table of turns, as `deescalate turns -o turns.csv` writes it.

::

    python examples/plots.py                  the shipped conversations, into a temporary folder
    python examples/plots.py turns.csv OUT    a table of your own
"""

import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from deescalate.command import main as command

Rows = Sequence[Mapping[str, Any]]
HERE = Path(__file__).resolve().parent


def courses(rows: Rows, axes: Any, *, most: int = 12) -> None:
    """The tracked distress of each case, turn by turn, with its interval."""
    cases: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        cases[row["case"]].append(row)
    for case, turns in list(cases.items())[:most]:
        at = [int(turn["turn"]) for turn in turns]
        low, high = ([float(turn[f"tracked_{end}"]) for turn in turns] for end in ("low", "high"))
        (line,) = axes.plot(at, [float(turn["tracked"]) for turn in turns], label=case)
        if len(cases) <= 3:
            axes.fill_between(at, low, high, alpha=0.15, color=line.get_color())
    axes.set(xlabel="turn", ylabel="distress", ylim=(0, 1), title="Courses")


def cues(rows: Rows, axes: Any, *, most: int = 12) -> None:
    """How many customers' turns show each cue."""
    counts = Counter(cue for row in rows for cue in row["cues"].split(";") if cue)
    names, found = zip(*reversed(counts.most_common(most)), strict=True)
    axes.barh([name.replace("_", " ") for name in names], found)
    axes.set(xlabel="turns", title="Cues")


def moves(rows: Rows, axes: Any, *, least: int = 5) -> None:
    """The change of tracked distress over the agent's turns with each move; not a cause."""
    changes: defaultdict[str, list[float]] = defaultdict(list)
    for before, row in pairwise(rows):
        if row["who"] == "agent" and row["case"] == before["case"]:
            change = float(row["tracked"]) - float(before["tracked"])
            for move in filter(None, row["moves"].split(";")):
                changes[move].append(change)
    told = {name: each for name, each in changes.items() if len(each) >= least}
    ordered = sorted(told, key=lambda name: -sum(told[name]) / len(told[name]))
    labels = [name.replace("_", " ") for name in ordered]
    axes.boxplot([told[name] for name in ordered], orientation="horizontal", tick_labels=labels)
    axes.axvline(0, linewidth=0.8, color="grey")
    axes.set(xlabel="change of distress", title="What went with each move")


def rows_of(table: Path) -> Rows:
    """The rows of a table in CSV."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped() -> Rows:
    """The turns of the conversations beside this script."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "turns.csv"
        files = sorted(map(str, (HERE / "conversations").glob("*.txt")))
        command(["turns", *files, "-o", str(table)])
        return rows_of(table)


def main(table: str | None = None, out: str | None = None) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = shipped() if table is None else rows_of(Path(table))
    figure, axes = plt.subplots(1, 3, figsize=(15, 5), layout="constrained")
    courses(rows, axes[0])
    cues(rows, axes[1])
    moves(rows, axes[2])
    out = out or str(Path(tempfile.mkdtemp()) / "plots.png")
    figure.savefig(out, dpi=120)
    print(f"{len(rows)} turns in {out}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
