"""Is it better to handle the person first, then the issue? Over the whole range of the assumptions.

    python docs/figures/person_first.py        # prints the figures of the page, some 20 seconds

Every number that is assumed is drawn anew over its whole range, 256 times (a Sobol sequence);
each time the same 640 customers, with the same luck, meet each way of answering.
"""

import math
from statistics import fmean, stdev

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import qmc, spearmanr

from deescalate.simulation import Assumptions, Population, Said

SETTINGS, CUSTOMERS, SEED, Z = 256, 640, 7, 1.6449
UPSET = 0.75
ASK = Said(moves=["open_question"])
PERSON = Said(moves=["empathise", "validate", "apologise"])
ISSUE = Said(moves=["explain", "propose", "act"])
BOTH = Said(moves=[*PERSON.moves, *ISSUE.moves])
AFTER = Said(moves=["follow_up"])
WAYS = {
    "person, then issue": [ASK, PERSON, ISSUE, AFTER],
    "issue, then person": [ASK, ISSUE, PERSON, AFTER],
    "both at once": [ASK, BOTH, AFTER],
    "issue alone": [ASK, ISSUE, AFTER],
    "person alone": [ASK, PERSON, AFTER],
}
FIRST = "person, then issue"
WHAT = {"good": "went well", "upset": "  of the very upset", "final": "distress at the end", "mean": "distress on the way",
        "minutes": "minutes"}  # fmt: skip


def drawn():
    """Assumptions over their whole range."""
    shipped = Assumptions.default()
    problem = shipped.problem()
    low, high = np.array(problem["bounds"]).T
    unit = qmc.Sobol(problem["num_vars"], seed=SEED).random(SETTINGS)
    for row in qmc.scale(unit, low, high):
        yield shipped.with_(**dict(zip(problem["names"], row, strict=True)))


def apart(one, other, what):
    """The mean of the paired differences, and its standard error."""
    among = one["start"] >= UPSET if what == "upset" else slice(None)
    name = "good" if what == "upset" else what
    pairs = one[name][among].astype(float) - other[name][among]
    if len(pairs) < 2:
        return math.nan, math.nan
    return pairs.mean(), pairs.std(ddof=1) / math.sqrt(len(pairs))


def effects():
    """For each setting and other way: the paired difference of each measure, and its error."""
    crowd = Population(count=CUSTOMERS, turns=8)
    for assume in drawn():
        runs = {name: crowd.run(way, seed=SEED, assume=assume) for name, way in WAYS.items()}
        yield (
            assume,
            {
                (other, what): apart(runs[FIRST], runs[other], what)
                for other in WAYS
                if other != FIRST
                for what in WHAT
            },
        )


found = list(effects())
for other in WAYS:
    if other == FIRST:
        continue
    print(f"\n{FIRST}, against {other}")
    for what, told in WHAT.items():
        pairs = [
            each[other, what] for _, each in found if each[other, what][0] == each[other, what][0]
        ]
        means = [mean for mean, _ in pairs]
        better = 1.0 if what in {"good", "upset"} else -1.0
        sure = [better * mean > Z * error for mean, error in pairs]
        worse = [-better * mean > Z * error for mean, error in pairs]
        wide = Z * stdev(means) / math.sqrt(len(means))
        shipped = np.quantile(means, [0.05, 0.95])
        print(
            f"  {told:20} {fmean(means):+.3f} ({fmean(means) - wide:+.3f} to {fmean(means) + wide:+.3f}); "
            f"90 % of settings {shipped[0]:+.3f} to {shipped[1]:+.3f}; "
            f"clearly better in {fmean(sure):.0%}, clearly worse in {fmean(worse):.0%}"
        )
names = list(found[0][0].values)
target = [each["issue, then person", "good"][0] for _, each in found]
ranked = sorted(
    ((spearmanr([a[name] for a, _ in found], target).statistic, name) for name in names),
    key=lambda pair: -abs(pair[0]) if pair[0] == pair[0] else 0.0,
)
print("\nwhat decides it (rank correlation of the effect on going well):")
print(", ".join(f"{name} {value:+.2f}" for value, name in ranked[:6]))

figure, axes = plt.subplots(1, 2, figsize=(8.5, 3.8), layout="constrained")
reach = [assume["reach"] for assume, _ in found]
for panel, what in zip(axes, ("good", "final"), strict=True):
    for other, colour in (("issue, then person", "tab:blue"), ("both at once", "tab:orange")):
        panel.scatter(
            reach, [each[other, what][0] for _, each in found], s=6, alpha=0.5, color=colour,
            label=f"against {other}",
        )  # fmt: skip
    panel.axhline(0.0, color="black", lw=0.8)
    panel.set(xlabel="reach: how far openness decides", ylabel=f"difference: {WHAT[what]}")
axes[0].legend(fontsize=8)
