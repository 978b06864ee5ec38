"""One conversation, tracked: distress with its band, what was said, and what replies did."""

import matplotlib.pyplot as plt

from deescalate.emotion import MoveEffects, Temperament
from deescalate.reading import EnglishReader, read_agent

CONVERSATION = (
    (0, "customer", "My parcel is two weeks late and nobody answers my emails."),
    (4, "agent", "What is your order number?"),
    (6, "customer", "I already gave it three times! This is ridiculous, your service is awful."),
    (11, "agent", "I am so sorry. That is our mistake, and I understand how annoying it is."),
    (14, "customer", "Fine. But I have been waiting far too long, I am really annoyed."),
    (20, "agent", "I have refunded the postage and I will call you tomorrow at ten."),
    (23, "customer", "OK, thank you. I appreciate that."),
)
LATER = 45


def course():
    """Minutes, distress and its band; then the marks of both sides."""
    temperament, effects, reader = Temperament(), MoveEffects.default(), EnglishReader()
    state, now = temperament.start(), 0
    line, said, done = [], [], []
    for minute, who, text in (*CONVERSATION, (LATER, "nobody", "")):
        while now < minute:
            state, now = temperament.drift(state, seconds=60), now + 1
            line.append((now, state.distress, state.distress_interval()))
        if who == "customer":
            state = temperament.observe(state, reader.read(text).affect)
            said.append((now, state.distress))
        elif who == "agent":
            moves = [str(move) for move in read_agent(text).kinds]
            state = temperament.feel(state, effects.impulse(moves))
            done.append((now, state.distress, "\n".join(sorted(moves)).replace("_", " ")))
        line.append((now, state.distress, state.distress_interval()))
    return line, said, done


line, said, done = course()
minutes = [minute for minute, _, _ in line]
figure, axes = plt.subplots(figsize=(8.5, 4.2), layout="constrained")
axes.fill_between(
    minutes,
    [band.low for _, _, band in line],
    [band.high for _, _, band in line],
    alpha=0.2,
    label="90 % of what is believed",
)
axes.plot(minutes, [distress for _, distress, _ in line], label="distress")
axes.plot(*zip(*said, strict=True), "o", color="tab:red", label="the customer writes")
axes.plot(
    [at for at, _, _ in done],
    [distress for _, distress, _ in done],
    "v",
    color="tab:green",
    label="the agent replies, with these moves",
)
for at, distress, moves in done:
    axes.annotate(
        moves,
        (at, distress),
        xytext=(2, -8),
        textcoords="offset points",
        fontsize=7.5,
        color="tab:green",
        ha="left",
        va="top",
    )
axes.set(xlabel="minutes", ylabel="distress", ylim=(0, 1), xlim=(-1, 45))
axes.legend(loc="upper right", fontsize=8)
