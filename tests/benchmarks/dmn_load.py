"""How long documents of very many rules take to load, as DMN, TOML and CSV.

python tests/benchmarks/dmn_load.py
"""

import random
import time

from deescalate.rules import Choice, Flag, Number, Rule, Table
from deescalate.rules.dmn import read_dmn, write_dmn
from deescalate.rules.sheets import read_csv


def desk(count):
    """A table of many rules over six facts."""
    rng = random.Random(1)
    anger, waiting = Number("anger", 0, 1), Number("waiting", 0, integer=True)
    threat, vip = Choice("threat", ["none", "legal", "violence"]), Flag("vip")
    amount, age = Number("amount", decimal=True), Number("age", 0, 120)
    rules = []
    for place in range(count):
        low = rng.randint(0, 500)
        when = (
            (anger >= rng.randint(0, 100) / 100)
            & waiting.between(low, low + rng.randint(1, 50))
            & threat.is_in(rng.choice(["none", "legal"]))
            & (amount < rng.randint(1, 1000))
            & (age > rng.randint(0, 119))
        )
        rules.append(Rule(f"rule {place}", when, rng.choice(["a", "b", "c"]), f"reason {place}"))
    return Table("desk", [anger, waiting, threat, vip, amount, age], rules, "first", "a")


def rows(count):
    """A CSV file of as many rules."""
    head = "rule;anger;waiting;threat;amount;age;then\n"
    return head + "".join(
        f"{place};>= 0,{place % 9};{place} to {place + 7};legal, violence;< {place};> {place % 99};a\n"
        for place in range(count)
    )


def seconds(make):
    """The least processor time of four."""
    found = []
    for _ in range(4):
        start = time.process_time()
        make()
        found.append(time.process_time() - start)
    return min(found)


for count in (1000, 2000, 4000):
    table = desk(count)
    drawn, written, listed = write_dmn(table), table.to_document(), rows(count)
    dmn = seconds(lambda: read_dmn(drawn))  # noqa: B023  called at once
    toml = seconds(lambda: Table.from_document(written))  # noqa: B023
    sheet = seconds(lambda: read_csv(listed))  # noqa: B023
    print(f"{count} rules: DMN {dmn:.2f} s, TOML {toml:.2f} s, CSV {sheet:.2f} s")
