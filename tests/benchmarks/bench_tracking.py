"""How fast simulated conversations are, how their words read back, how well a tracker follows.

Run it with ``python tests/benchmarks/bench_tracking.py``.
"""

from collections.abc import Iterator
from time import process_time

from deescalate.cues import CueKind
from deescalate.reading import EnglishReader
from deescalate.simulation import (
    AGENTS,
    Assumptions,
    Episode,
    Noise,
    Tracker,
    customers,
    follow,
    play,
    tracking,
    voice,
)

ASSUME = Assumptions.default()


def episodes(
    agent: str, repeats: int, *, words: bool = False, tracker: Tracker | None = None
) -> Iterator[Episode]:
    for name, customer in customers().items():
        for repeat in range(repeats):
            yield play(
                customer,
                AGENTS[agent],
                noise=Noise(1, name, repeat),
                assume=ASSUME,
                words=words,
                tracker=tracker,
            )


def speed() -> None:
    print("turns a second of one core (processor time): without words, with words")
    for agent in AGENTS:
        rates = []
        for words, repeats in ((False, 40), (True, 10)):
            list(episodes(agent, 2, words=words))
            began = process_time()
            turns = sum(len(each.turns) - 1 for each in episodes(agent, repeats, words=words))
            rates.append(turns / (process_time() - began))
        print(f"  {agent:15} {rates[0]:6,.0f} {rates[1]:6,.0f}")


def read_back() -> None:
    reader = EnglishReader()
    kinds = {each.value for each in CueKind}
    lines = [(name, line) for name, each in voice("en").items() for line in each if name in kinds]
    right = sum(name in reader.read(line).kinds for name, line in lines)
    print(
        f"lines that show their cue to the shipped reader: {right / len(lines):.1%} of {len(lines)}"
    )
    said = [turn.utterance for each in episodes("spammer", 4, words=True) for turn in each.turns]
    meant = found = shared = 0
    for each in said:
        seen = reader.read(each.text).kinds
        meant += len(each.cues)
        found += len(seen)
        shared += len(each.cues & seen)
    print(
        f"whole messages ({len(said)}): {shared / meant:.1%} of the cues meant are found, "
        f"{shared / found:.1%} of those found were meant"
    )


def followed() -> None:
    for agent in ("by_plan", "solution_first", "spammer", "silent"):
        found = tracking(episodes(agent, 60, tracker=follow))
        print(f"  {agent:15} {found}")


def main() -> None:
    speed()
    read_back()
    print("the shipped tracker against the truth")
    followed()


if __name__ == "__main__":
    main()
