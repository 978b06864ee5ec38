"""The picture of the first study: distress at the end, with an angry customer, by agent."""

import matplotlib.pyplot as plt

from deescalate.simulation import AGENTS, Results, Study, customers, run_episodes

angry = [customers()[name] for name in ("angry", "polite", "curt")]
study = Study(customers=angry, agents=AGENTS, repeats=25)
results = Results.of(run_episodes(study, seed=7))

figure, axes = plt.subplots(figsize=(8.5, 3.6), layout="constrained")
order = sorted(results.agents, key=lambda agent: -results.rate("good", agent=agent).hits)
for place, agent in enumerate(order):
    found = results.rate("good", agent=agent)
    axes.plot([found.low, found.high], [place, place], color="tab:blue")
    axes.plot(found.value, place, "o", color="tab:blue")
axes.set(xlabel="share of conversations that went well (90 %)", xlim=(0, 1))
axes.set_yticks(range(len(order)), [agent.replace("_", " ") for agent in order])
axes.invert_yaxis()
