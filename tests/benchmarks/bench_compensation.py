"""Offers and awards a second, beside what a user would write by hand.

Run with ``python tests/benchmarks/bench_compensation.py``. It prints figures and asserts nothing.
"""

import json
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from deescalate.compensation import Harm, Loss, Schedule, Terms, propose, schedules
from deescalate.money import Money

VECTORS = Path(__file__).parents[1] / "compensation" / "vectors" / "schedules.json"


def rate(what, *, seconds=1.0):
    """Calls a second, the best of three."""
    best = 0.0
    for _ in range(3):
        count, start = 0, perf_counter()
        while perf_counter() - start < seconds / 3:
            what()
            count += 1
        best = max(best, count / (perf_counter() - start))
    return best


def by_hand(km, delay_min, *, intra=False):
    """EU 261 for delays as people hard-code it: floats, no reasons, no missing facts."""
    if delay_min < 180:
        return 0.0
    if km <= 1500:
        return 250.0
    if km <= 3500 or intra:
        return 400.0
    return 300.0 if delay_min < 240 else 600.0


def main():
    """Print the figures."""
    terms = Terms(currency="EUR", hour_value=Money(15, "EUR"))
    harm = Harm(
        currency="EUR",
        failure="service",
        value=Money(180, "EUR"),
        severity=Decimal("0.6"),
        kept=True,
        losses=[Loss(Money("49.90", "EUR"), "towels")],
        hours_lost=3,
        apology_after_hours=2,
    )
    eu261 = schedules.load("eu261")
    case = {"event": "delay", "km": 4000, "delay_min": 200}
    hand = rate(lambda: by_hand(4000, 200))
    text = schedules.text("eu261")
    print(f"{'propose, one harm':44}{rate(lambda: propose(harm, terms)):12,.0f} a second")
    print(
        f"{'eu261 from its document, with reasons':44}{rate(lambda: eu261.amount(case)):12,.0f} a second"
    )
    open_case = {"event": "delay", "delay_min": 200}
    print(f"{'the same, a fact missing':44}{rate(lambda: eu261.amount(open_case)):12,.0f} a second")
    print(f"{'a hand-written if/elif without reasons':44}{hand:12,.0f} a second")
    print(f"{'ratio to it':44}{rate(lambda: eu261.amount(case)) / hand:12.5f}")
    start = perf_counter()
    Schedule.from_document(text)
    print(f"{'reading the document of eu261':44}{(perf_counter() - start) * 1e3:12.1f} ms")
    start = perf_counter()
    right = total = 0
    for each in json.loads(VECTORS.read_text("utf-8")):
        schedule = schedules.load(each["schedule"])
        for published in each["cases"]:
            total += 1
            right += schedule.amount(published["input"]).amount == Decimal(published["amount"])
    print(
        f"{f'published cases, {right} of {total} right':44}{(perf_counter() - start) * 1e3:12.1f} ms"
    )
    for name in ("eu_rail", "eu261"):
        start = perf_counter()
        found = schedules.load(name).check()
        print(f"{f'check of {name}, {len(found)} findings':44}{perf_counter() - start:12.2f} s")


if __name__ == "__main__":
    main()
