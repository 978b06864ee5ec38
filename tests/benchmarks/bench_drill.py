"""What a drill costs, and how far apart it keeps bots: ``python tests/benchmarks/bench_drill.py``.

It prints figures and asserts none. The bots are those of ``examples/simulations/drill_a_bot.py``
and four that no plan would make; the aim for a drill of a canned bot is 20 seconds.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import perf_counter

from deescalate.simulation import STANDARD, Bot, ReportCard, adrill, drill

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "simulations"))

from drill_a_bot import bad, canned, planned

SEEDS = range(10)


def insulting(text: str) -> str:
    return "Calm down, you idiot. This is your own fault."


def spamming(text: str) -> str:
    return "ok"


def flattering(text: str) -> str:
    return "You are such a wonderful customer and we love you so much!"


def silent(text: str) -> str:
    return ""


def timed(drilled: Callable[[], ReportCard]) -> tuple[float, ReportCard]:
    began = perf_counter()
    card = drilled()
    return perf_counter() - began, card


def main() -> None:
    """Print them."""
    bots: tuple[Bot, ...] = (bad, canned, planned)
    for bot in bots:
        cold, card = timed(lambda bot=bot: drill(bot))
        again, _ = timed(lambda bot=bot: drill(bot, seed=1))
        replies = sum(len(each.course) for each in card.results)
        print(
            f"{bot.__name__}: {card.grade}, {card.points} points; {len(card.results)} scenarios, "
            f"{replies} replies in {cold:.1f} s, another seed in {again:.1f} s"
        )

    async def waiting(text: str) -> str:
        await asyncio.sleep(0.05)
        return canned(text)

    for at_once in (1, 8):
        spent, _ = timed(lambda n=at_once: asyncio.run(adrill(waiting, at_once=n)))
        print(f"a bot that takes 50 ms a reply, {at_once} at once: {spent:.1f} s")

    below, ties, gaps = 0, 0, []
    for seed in SEEDS:
        best = drill(planned, seed=seed)
        for bot in (insulting, spamming, flattering, silent):
            for each in drill(bot, seed=seed).results:
                gap = best[each.scenario].points - each.points
                below, ties = below + (gap < 0), ties + (gap == 0)
                gaps.append(gap)
    print(
        f"planned against four that no plan would make, {len(gaps)} scenarios over {len(SEEDS)} "
        f"seeds: below in {below}, equal in {ties}, {mean(gaps):.1f} points better on average"
    )
    print(f"scenarios: {len(STANDARD)}")


if __name__ == "__main__":
    main()
