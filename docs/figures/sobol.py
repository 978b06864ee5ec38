"""Which assumptions decide a result: Sobol's indices with SALib, over `Assumptions.problem()`.

python docs/figures/sobol.py        # prints them too
"""

from importlib.util import find_spec

import matplotlib.pyplot as plt
import numpy as np

from deescalate.simulation import Assumptions, Population, Said

NAMES = ["reach", "person_effect", "issue_effect", "displeasure", "heat", "settling_s", "relief",
         "leave_at", "steepness", "acceptance", "settled_distress", "reply_s"]  # fmt: skip
CUSTOMERS, SEED = 320, 7
PLAN = [
    Said(moves=["open_question", "empathise"]),
    Said(moves=["apologise", "act"]),
    Said(moves=["propose", "follow_up"]),
]


def draw():
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    shipped = Assumptions.default()
    problem = {
        **shipped.problem(NAMES),
        "names": np.array(NAMES),
    }  # SALib 1.5 and pandas 3 want an array
    crowd = Population(count=CUSTOMERS, turns=8)
    rows = sampling.sample(problem, 64, calc_second_order=False, seed=SEED)
    went_well = np.array(
        [
            crowd.run(PLAN, seed=SEED, assume=shipped.with_(**dict(zip(NAMES, row, strict=True))))[
                "good"
            ].mean()
            for row in rows
        ]
    )
    found = analysis.analyze(problem, went_well, calc_second_order=False, seed=SEED)
    order = np.argsort(-found["ST"])
    for at in order:
        print(f"{NAMES[at]:18} total {found['ST'][at]:.2f} +- {found['ST_conf'][at]:.2f}, "
              f"alone {found['S1'][at]:.2f} +- {found['S1_conf'][at]:.2f}")  # fmt: skip

    _, axes = plt.subplots(figsize=(8.5, 3.8), layout="constrained")
    places = np.arange(len(NAMES))
    axes.barh(
        places - 0.2, found["ST"][order], 0.4, xerr=found["ST_conf"][order], label="with all others"
    )
    axes.barh(places + 0.2, found["S1"][order], 0.4, xerr=found["S1_conf"][order], label="alone")
    axes.set_yticks(places, [NAMES[at] for at in order])
    axes.invert_yaxis()
    axes.set(xlabel="share of the variance of how often it goes well", xlim=(0, None))
    axes.legend()


if find_spec("SALib"):
    draw()
else:
    plt.figure(figsize=(6, 1)).text(0.1, 0.5, "drawn where SALib is installed")
