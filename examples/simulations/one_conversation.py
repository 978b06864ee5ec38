"""One difficult customer and four ways of answering, turn by turn.

python examples/simulations/one_conversation.py [MANNER]
"""

import sys

from deescalate.simulation import AGENTS, Assumptions, Noise, customers, follow, play


def main(manner: str = "angry") -> None:
    """Play the same customer, with the same luck, against each agent."""
    customer = customers()[manner]
    for name in ("by_plan", "solution_first", "person_only", "defensive"):
        episode = play(
            customer,
            AGENTS[name],
            noise=Noise(11, manner),
            assume=Assumptions.default(),
            words=True,
            tracker=follow,
        )
        print(f"\n{name}: {episode.outcome}, {episode.cost.minutes:.0f} minutes")
        for turn in episode.turns:
            belief = f"{turn.belief.distress:.2f}" if turn.belief else "-"
            print(f"  {turn.mind.distress:.2f} (believed {belief})  {turn.utterance.text}")
            if turn.said:
                done = ", ".join(move.value for move in turn.said.moves) or "nothing"
                hurts = f"; hurts: {', '.join(turn.said.harms)}" if turn.said.harms else ""
                print(f"      -> {done}{hurts}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
