"""Assumptions fitted to what was seen, with pyABC: a twin experiment, whose truth is known.

python docs/figures/calibrated.py        # prints what is found
"""

import logging
from importlib.util import find_spec

import matplotlib.pyplot as plt
import numpy as np

from deescalate.simulation import Assumptions, Population, Said

SEED, CUSTOMERS = 7, 320
TRUTH = {"leave_at": 0.85, "acceptance": 0.8}
WAYS = {
    "plan": [Said(moves=["open_question", "empathise"]), Said(moves=["apologise", "act"])],
    "offers": [Said(moves=["open_question", "propose"])],
}


def draw():
    import pyabc

    shipped = Assumptions.default()
    crowd = Population(count=CUSTOMERS, turns=8)

    def seen(values, seed=SEED):
        """What a house counts: who went well, who left, and how long it took."""
        assume = shipped.with_(**{name: float(value) for name, value in values.items()})
        found = {}
        for name, way in WAYS.items():
            run = crowd.run(way, seed=seed, assume=assume)
            for what in ("good", "left", "turns"):
                found[f"{name} {what}"] = float(run[what].mean()) / (
                    8.0 if what == "turns" else 1.0
                )
        return found

    logging.getLogger("ABC").setLevel(logging.WARNING)
    np.random.seed(SEED)
    ranges = dict(
        zip(*(shipped.problem(list(TRUTH))[key] for key in ("names", "bounds")), strict=True)
    )
    prior = pyabc.Distribution(
        **{name: pyabc.RV("uniform", low, high - low) for name, (low, high) in ranges.items()}
    )
    fit = pyabc.ABCSMC(seen, prior, pyabc.PNormDistance(p=2), population_size=60,
                       sampler=pyabc.SingleCoreSampler())  # fmt: skip
    fit.new("sqlite://", seen(TRUTH, seed=SEED + 1))
    history = fit.run(max_nr_populations=4)
    drawn, weights = history.get_distribution()
    for name, true in TRUTH.items():
        mean = float(np.average(drawn[name], weights=weights))
        spread = float(np.sqrt(np.average((drawn[name] - mean) ** 2, weights=weights)))
        print(
            f"{name}: {mean:.2f} +- {spread:.2f}, in truth {true}, thought possible {ranges[name]}"
        )

    _, axes = plt.subplots(figsize=(6, 3.8), layout="constrained")
    axes.scatter(*(drawn[name] for name in TRUTH), s=2000 * weights, alpha=0.5)
    axes.plot(*TRUTH.values(), "r+", ms=14, label="the truth")
    axes.set(**{f"{axis}label": name for axis, name in zip("xy", TRUTH, strict=True)},
             xlim=ranges["leave_at"], ylim=ranges["acceptance"])  # fmt: skip
    axes.legend()


if find_spec("pyabc"):
    draw()
else:
    plt.figure(figsize=(6, 1)).text(0.1, 0.5, "drawn where pyabc is installed")
