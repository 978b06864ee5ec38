"""What a decision costs, beside what a user would pick instead: `python tests/benchmarks/bench_rules.py`."""

import importlib.util
import random
import subprocess
import sys
import time
import timeit
import tracemalloc
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from deescalate.errors import WorkLimitError
from deescalate.rules import Choice, Condition, Fact, Number, Rule, Table, all_of
from deescalate.rules.proofs import check, gaps

ANGER = Number("anger", 0, 1)
THREAT = Choice("threat", ["none", "legal", "violence"])
CONTACTS = Number("contacts", 0, integer=True)
AMOUNT = Number("amount", 0)
TIER = Choice("tier", ["agent", "senior", "supervisor"])
MINUTES = Number("minutes_waiting", 0, unit="min")
FACTS: list[Fact] = [ANGER, THREAT, CONTACTS, AMOUNT, TIER, MINUTES]
OUTCOMES = ["security", "legal", "manager", "supervisor", "senior", "agent"]

RULES = [
    Rule("violence", THREAT.is_("violence"), "security", "a threat of violence"),
    Rule("legal", THREAT.is_("legal"), "legal", "a threat of legal action"),
    Rule("furious", ANGER >= 0.9, "supervisor", "furious"),
    Rule("soon", ANGER.between(0.7, 0.9, closed="left") & (MINUTES > 30), "supervisor", "soon"),
    Rule("often", CONTACTS >= 4, "supervisor", "contacted us four times"),
    Rule("again", (CONTACTS >= 2) & (ANGER >= 0.5), "senior", "again, and angry"),
    Rule("dear", AMOUNT > 500, "manager", "more than 500"),
    Rule("costly", (AMOUNT > 100) & TIER.is_("agent"), "senior", "beyond an agent"),
    Rule("senior", (AMOUNT > 250) & TIER.is_("senior"), "supervisor", "beyond a senior"),
    Rule("long", MINUTES > 60, "senior", "an hour's wait"),
    Rule("slow", (MINUTES > 20) & (CONTACTS >= 2), "senior", "slow, again"),
    Rule("quiet", (ANGER < 0.2) & (CONTACTS <= 1), "agent", "all calm"),
]
DESK = Table("desk", FACTS, RULES, "priority", default="agent", outcomes=OUTCOMES)


def written_by_hand(facts: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The same as if statements: the best outcome, with the reasons that led there."""
    anger = facts["anger"]
    threat = facts["threat"]
    contacts = facts["contacts"]
    amount = facts["amount"]
    tier = facts["tier"]
    minutes = facts["minutes_waiting"]
    if threat == "violence":
        return "security", ["a threat of violence"]
    if threat == "legal":
        return "legal", ["a threat of legal action"]
    if amount > 500:
        return "manager", ["more than 500"]
    because = []
    if anger >= 0.9:
        because.append("furious")
    if 0.7 <= anger < 0.9 and minutes > 30:
        because.append("soon")
    if contacts >= 4:
        because.append("contacted us four times")
    if amount > 250 and tier == "senior":
        because.append("beyond a senior")
    if because:
        return "supervisor", because
    if contacts >= 2 and anger >= 0.5:
        because.append("again, and angry")
    if amount > 100 and tier == "agent":
        because.append("beyond an agent")
    if minutes > 60:
        because.append("an hour's wait")
    if minutes > 20 and contacts >= 2:
        because.append("slow, again")
    if because:
        return "senior", because
    if anger < 0.2 and contacts <= 1:
        return "agent", ["all calm"]
    return "agent", ["no rule matched"]


def is_number(value: object) -> bool:
    return type(value) in (int, float)


def written_by_hand_with_checks(facts: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The same, refusing what the table refuses."""
    if len(facts) != 6:
        raise ValueError("facts")
    if not is_number(facts["anger"]) or not 0 <= facts["anger"] <= 1:
        raise ValueError("anger")
    if facts["threat"] not in ("none", "legal", "violence"):
        raise ValueError("threat")
    if not isinstance(facts["contacts"], int) or isinstance(facts["contacts"], bool):
        raise ValueError("contacts")  # noqa: TRY004  one kind will do
    if facts["contacts"] < 0:
        raise ValueError("contacts")
    if not is_number(facts["amount"]) or not 0 <= facts["amount"] < float("inf"):
        raise ValueError("amount")
    if facts["tier"] not in ("agent", "senior", "supervisor"):
        raise ValueError("tier")
    if not is_number(facts["minutes_waiting"]) or not 0 <= facts["minutes_waiting"] < float("inf"):
        raise ValueError("minutes_waiting")
    return written_by_hand(facts)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
}
AS_DATA = [
    ([("threat", "==", "violence")], "security", "a threat of violence"),
    ([("threat", "==", "legal")], "legal", "a threat of legal action"),
    ([("anger", ">=", 0.9)], "supervisor", "furious"),
    (
        [("anger", ">=", 0.7), ("anger", "<", 0.9), ("minutes_waiting", ">", 30)],
        "supervisor",
        "soon",
    ),
    ([("contacts", ">=", 4)], "supervisor", "contacted us four times"),
    ([("contacts", ">=", 2), ("anger", ">=", 0.5)], "senior", "again, and angry"),
    ([("amount", ">", 500)], "manager", "more than 500"),
    ([("amount", ">", 100), ("tier", "==", "agent")], "senior", "beyond an agent"),
    ([("amount", ">", 250), ("tier", "==", "senior")], "supervisor", "beyond a senior"),
    ([("minutes_waiting", ">", 60)], "senior", "an hour's wait"),
    ([("minutes_waiting", ">", 20), ("contacts", ">=", 2)], "senior", "slow, again"),
    ([("anger", "<", 0.2), ("contacts", "<=", 1)], "agent", "all calm"),
]


def interpreted(facts: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The same as rules in a list, interpreted."""
    hits = [
        (outcome, because)
        for tests, outcome, because in AS_DATA
        if all(OPERATORS[sign](facts[name], value) for name, sign, value in tests)
    ]
    if not hits:
        return "agent", ["no rule matched"]
    best = min((outcome for outcome, _ in hits), key=OUTCOMES.index)
    return best, [because for outcome, because in hits if outcome == best]


def by_datalogic() -> Callable[[Mapping[str, Any]], object]:
    """One JSONLogic expression: for every rule its index where it matches."""
    import json

    import datalogic_py

    def logic(tests: list[tuple[str, str, Any]]) -> dict[str, Any]:
        return {"and": [{sign: [{"var": name}, value]} for name, sign, value in tests]}

    rules = [{"if": [logic(tests), at, None]} for at, (tests, _, _) in enumerate(AS_DATA)]
    compiled = datalogic_py.Engine().compile(json.dumps(rules))
    return lambda facts: reasons_of([at for at in compiled.evaluate(facts) if at is not None])


def reasons_of(hits: list[int]) -> tuple[str, list[str]]:
    if not hits:
        return "agent", ["no rule matched"]
    best = min((AS_DATA[at][1] for at in hits), key=OUTCOMES.index)
    return best, [AS_DATA[at][2] for at in hits if AS_DATA[at][1] == best]


def by_zen() -> Callable[[Mapping[str, Any]], object]:
    """A collecting decision table in zen's JSON graph."""
    import json

    import zen

    names = [fact.name for fact in FACTS]
    rows = []
    for at, (tests, _, _) in enumerate(AS_DATA):
        row: dict[str, str] = {"_id": str(at), "out": str(at)}
        for name in names:
            cells = []
            for tested, sign, value in tests:
                if tested == name:
                    text = json.dumps(value)
                    cells.append(text if sign == "==" else f"{sign} {text}")
            row[name] = " and ".join(cells)
        rows.append(row)
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "out", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "end", "name": "end", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "end", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: reasons_of(
        [int(hit["rule"]) for hit in decision.evaluate(facts)["result"]]
    )


def by_rule_engine() -> Callable[[Mapping[str, Any]], object]:
    """One compiled expression a rule."""
    import json

    import rule_engine

    compiled = [
        rule_engine.Rule(
            " and ".join(f"{name} {sign} {json.dumps(value)}" for name, sign, value in tests)
        )
        for tests, _, _ in AS_DATA
    ]
    return lambda facts: reasons_of([at for at, rule in enumerate(compiled) if rule.matches(facts)])


def cases(count: int, seed: int = 1) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [
        {
            "anger": chance.random(),
            "threat": chance.choices(THREAT.options, [20, 1, 1])[0],
            "contacts": chance.randrange(6),
            "amount": chance.uniform(0, 600),
            "tier": chance.choice(TIER.options),
            "minutes_waiting": chance.uniform(0, 90),
        }
        for _ in range(count)
    ]


Decide = Callable[[Mapping[str, Any]], object]


def nanoseconds(
    deciders: Mapping[str, Decide], given: list[dict[str, Any]], rounds: int = 15
) -> dict[str, float]:
    """What one decision costs each of several, who take turns, so that all meet the same machine."""
    costs = dict.fromkeys(deciders, float("inf"))
    for _ in range(rounds):
        for name, decide in deciders.items():
            started = time.process_time()
            for facts in given:
                decide(facts)
            costs[name] = min(costs[name], time.process_time() - started)
    return {name: cost / len(given) * 1e9 for name, cost in costs.items()}


def one_decision() -> None:
    given = cases(5000)
    for facts in given:
        outcome, because = written_by_hand(facts)
        verdict = DESK.decide(facts)
        assert (outcome, because) == (verdict.outcome, list(verdict.because)) == interpreted(facts)
    print("\none decision with its reasons, 12 rules over 6 facts, 5,000 different cases")
    print(
        "  (the hand-written function trusts its facts; the one with checks refuses what the table does)"
    )
    ours: dict[str, Decide] = {
        "written by hand": written_by_hand,
        "deescalate, checks included": DESK.decide,
        "written by hand, with checks": written_by_hand_with_checks,
    }
    costs = nanoseconds(ours, given)
    base = costs["written by hand"]
    for name, cost in costs.items():
        line(name, cost, base)
    floor = nanoseconds({"six facts read": six_facts_read}, given)["six facts read"]
    line("six facts read, nothing decided", floor, base)
    partly = [{name: facts[name] for name in facts if name != "threat"} for facts in given]
    line("deescalate, a fact missing", nanoseconds({"": DESK.decide}, partly)[""], base)
    others: dict[str, Decide] = {"interpreter over a list": interpreted}
    makers = {"datalogic_py": by_datalogic, "zen": by_zen, "rule_engine": by_rule_engine}
    for module, make in makers.items():
        if importlib.util.find_spec(module) is None:
            print(f"  {module:32} skipped: not installed")
            continue
        others[module] = make()
        wrong = sum(others[module](facts) != written_by_hand(facts) for facts in given[:200])
        assert not wrong, (module, wrong)
    for name, cost in nanoseconds(others, given[:500], 5).items():
        line(name, cost, base)


def six_facts_read(facts: Mapping[str, Any]) -> object:
    anger = facts["anger"]
    threat = facts["threat"]
    contacts = facts["contacts"]
    amount = facts["amount"]
    tier = facts["tier"]
    minutes = facts["minutes_waiting"]
    if len(facts) != 6:
        raise ValueError("facts")
    if (
        anger.__class__ is amount.__class__ is minutes.__class__ is float
        and contacts.__class__ is int
    ):
        return threat, tier
    raise ValueError("facts")


def line(name: str, cost: float, base: float) -> None:
    print(f"  {name:32} {cost:10,.0f} ns   speed {base / cost:5.2f} of the hand-written function")


def random_rules(count: int, seed: int = 2) -> list[Rule]:
    chance = random.Random(seed)

    def span(fact: Number, most: float) -> Any:
        low = chance.uniform(0, most)
        return fact.between(round(low, 3), round(low + chance.uniform(0, most / 3), 3))

    rules = []
    for place in range(count):
        parts = [
            span(ANGER, 1),
            span(AMOUNT, 600),
            span(MINUTES, 90),
            chance.randrange(6) <= CONTACTS,
            THREAT.is_in(*chance.sample(THREAT.options, 2)),
            TIER.is_in(*chance.sample(TIER.options, 2)),
        ]
        when = parts[0]
        for part in chance.sample(parts[1:], 2):
            when = when & part
        rules.append(Rule(f"rule {place}", when, chance.choice(OUTCOMES[:-1])))
    return rules


def apart_rules(count: int) -> list[Rule]:
    """Rules of which each case meets one: a tariff by amount and minutes."""
    side = round(count**0.5)
    spans = [(place / side, (place + 1) / side) for place in range(side)]
    return [
        Rule(
            f"{low} {start}",
            AMOUNT.between(600 * low, 600 * high, closed="left")
            & MINUTES.between(90 * start, 90 * end, closed="left"),
            chosen,
        )
        for at, (low, high) in enumerate(spans)
        for to, (start, end) in enumerate(spans)
        for chosen in [OUTCOMES[(at + to) % 6]]
    ]


def narrow_rules(count: int, seed: int = 5) -> list[Rule]:
    """Rules that each ask three numbers to lie in a narrow span: half of the cases meet none."""
    chance = random.Random(seed)

    def span(fact: Number, most: float, width: float) -> Condition:
        low = round(chance.uniform(0, most - width), 3)
        return fact.between(low, round(low + width, 3))

    return [
        Rule(
            f"rule {place}",
            span(ANGER, 1, 0.03) & span(AMOUNT, 600, 60) & span(MINUTES, 90, 10),
            chance.choice(OUTCOMES[:-1]),
        )
        for place in range(count)
    ]


TEN_FACTS: list[Fact] = [
    *(Number(f"number {place}", 0, 100) for place in range(6)),
    *(Choice(f"choice {place}", ["a", "b", "c"]) for place in range(4)),
]


def rules_over_ten(count: int, seed: int = 3) -> list[Rule]:
    """Rules that each ask three of ten facts."""
    chance = random.Random(seed)

    def asked(fact: Fact) -> Condition:
        if isinstance(fact, Number):
            low = chance.randrange(90)
            return fact.between(low, low + chance.randrange(5, 60))
        return cast("Choice", fact).is_(chance.choice("abc"))

    return [
        Rule(
            f"rule {place}",
            all_of(*map(asked, chance.sample(TEN_FACTS, 3))),
            chance.choice(OUTCOMES[:-1]),
        )
        for place in range(count)
    ]


def growth() -> None:
    given = cases(5000)
    makers: dict[str, tuple[str, Callable[[int], list[Rule]]]] = {
        "wide spans, the first hit wins": ("first", random_rules),
        "narrow spans, the first hit wins": ("first", narrow_rules),
        "each case meets one": ("unique", apart_rules),
    }
    for kind, (policy, make) in makers.items():
        print(f"\nthe same with more rules ({kind})")
        deciders: dict[str, Decide] = {}
        built: dict[str, str] = {}
        for count in (12, 200, 2000):
            rules = make(count)
            name = f"{len(rules):6,} rules"
            started = time.process_time()
            table = Table("grown", FACTS, rules, policy, default="agent")
            table.decide(given[0])
            took = time.process_time() - started
            tracemalloc.start()
            kept = Table("grown", FACTS, rules, policy, default="agent")
            kept.decide(given[0])
            memory = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            deciders[name] = table.decide
            built[name] = (
                f"built, and the first case decided, in {took:5.2f} s, {memory / 1e6:5.1f} MB"
            )
        costs = nanoseconds(deciders, given)
        base = next(iter(costs.values()))
        for name, cost in costs.items():
            print(f"  {name} {cost:10,.0f} ns   {cost / base:5.2f} times the first   {built[name]}")


def decide_outcomes(data: Mapping[str, Any]) -> object:
    return DESK.decide_columns(data).outcome


def columns() -> None:
    if importlib.util.find_spec("numpy") is None:
        print("\ncolumns: skipped, numpy is not installed")
        return
    import numpy as np

    count = 1_000_000
    chance = np.random.default_rng(3)
    data: dict[str, Any] = {
        "anger": chance.random(count),
        "threat": np.array(THREAT.options)[chance.choice(3, count, p=[0.9, 0.05, 0.05])],
        "contacts": chance.integers(0, 6, count),
        "amount": chance.uniform(0, 600, count),
        "tier": np.array(TIER.options)[chance.integers(0, 3, count)],
        "minutes_waiting": chance.uniform(0, 90, count),
    }

    def by_hand() -> Any:
        anger, threat, contacts = data["anger"], data["threat"], data["contacts"]
        amount, tier, minutes = data["amount"], data["tier"], data["minutes_waiting"]
        hits = [
            threat == "violence",
            threat == "legal",
            amount > 500,
            (anger >= 0.9)
            | ((anger >= 0.7) & (anger < 0.9) & (minutes > 30))
            | (contacts >= 4)
            | ((amount > 250) & (tier == "senior")),
            ((contacts >= 2) & (anger >= 0.5))
            | ((amount > 100) & (tier == "agent"))
            | (minutes > 60)
            | ((minutes > 20) & (contacts >= 2)),
        ]
        return np.select(hits, OUTCOMES[:-1], "agent")

    assert (by_hand() == DESK.decide_columns(data).outcome).all()
    print("\na million cases in columns, seconds")
    base = min(timeit.repeat(by_hand, number=1, repeat=3))
    print(f"  {'numpy written by hand':32} {base:10.3f}")
    coded = data | {
        "threat": np.searchsorted(
            THREAT.options, data["threat"], sorter=np.argsort(THREAT.options)
        ),
        "tier": np.searchsorted(TIER.options, data["tier"]),
    }
    coded["threat"] = np.argsort(THREAT.options)[coded["threat"]]
    for name, given in {"deescalate": data, "deescalate, options as codes": coded}.items():
        cost = min(timeit.repeat(partial(decide_outcomes, given), number=1, repeat=3))
        print(f"  {name:32} {cost:10.3f}   speed {base / cost:5.2f} of numpy written by hand")


def proofs() -> None:
    print("\nchecking random tables (first hit wins, with a default)")
    makers: list[tuple[int, list[Fact], Callable[[int], list[Rule]]]] = [
        *((count, FACTS, random_rules) for count in (50, 200, 500, 2000)),
        (50, TEN_FACTS, rules_over_ten),
    ]
    for count, facts, make in makers:
        table = Table("grown", facts, make(count), "first", default="agent")
        for name, ask in {"check": check, "gaps": gaps}.items():
            started = time.process_time()
            try:
                found = f"{len(ask(table))} findings"
            except WorkLimitError as error:
                found = f"gave up: {error}"
            print(
                f"  {count:6,} rules over {len(facts):2} facts  {name:6} {time.process_time() - started:8.2f} s   {found}"
            )


def import_time() -> None:
    code = "import time; t = time.perf_counter(); import deescalate.rules; print(time.perf_counter() - t)"
    costs = [
        float(
            subprocess.run(  # noqa: S603  our own interpreter and code
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    print(f"\nimport deescalate.rules: {min(costs) * 1000:.0f} ms")


if __name__ == "__main__":
    one_decision()
    growth()
    columns()
    import_time()
    proofs()
