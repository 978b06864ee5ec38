"""How fast cases are decided, routed, checked and replayed; run it as a script.

Prints figures and ratios and asserts nothing. Beside a decision stands what a user would write
instead: a chain of ifs over the same facts that gives a tier and a reason, checks nothing and
knows nothing of missing facts.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from deescalate.escalation import EscalationPolicy, replay
from deescalate.reading import commitments_in

ROUNDS = 5


def seconds(do: Callable[[], object], times: int) -> float:
    """The best of a few rounds, in seconds a call."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = perf_counter()
        for _ in range(times):
            do()
        best = min(best, (perf_counter() - start) / times)
    return best


def by_hand(facts: dict[str, object]) -> tuple[str, list[str]]:
    """The highest rules of the default policy as a chain of ifs."""
    if facts["danger"] == "violence":
        return "security", ["a threat of violence goes to security"]
    if facts["danger"] == "self_harm":
        return "safeguarding", ["a person may harm themselves"]
    if facts["threat"] == "legal":
        return "legal", ["legal action is threatened"]
    if facts["amount"] > 1000:
        return "manager", ["only a manager may grant that much"]
    if facts["broken_promises"] >= 3:
        return "manager", ["three promises were broken"]
    reasons = []
    if facts["asks_supervisor"]:
        reasons.append("the customer asks for a supervisor")
    if facts["distress"] >= 0.85:
        reasons.append("too distressed")
    if facts["distress"] >= 0.7 and (facts["broken_promises"] >= 1 or facts["contacts"] >= 3):
        reasons.append("angry with cause")
    if facts["abusive"]:
        reasons.append("abuse")
    if facts["threat"] == "publicity":
        reasons.append("publicity")
    if facts["amount"] > 200 or facts["contacts"] >= 5 or facts["refused_offers"] >= 3:
        reasons.append("beyond a senior agent")
    if reasons:
        return "supervisor", reasons
    if facts["asks_human"] or facts["vulnerable"] or facts["serial_claimant"]:
        return "senior agent", ["asks for a human, vulnerable or a pattern"]
    if facts["stuck_turns"] >= 4 or facts["refused_offers"] >= 2 or facts["contacts"] >= 3:
        return "senior agent", ["getting nowhere"]
    if facts["amount"] > 50:
        return "senior agent", ["beyond an agent's money"]
    return "agent", []


def main() -> None:
    policy = EscalationPolicy.default()
    full = {**policy.defaults, "distress": 0.72, "broken_promises": 1}
    some = {"distress": 0.72, "broken_promises": 1}
    hand = seconds(lambda: by_hand(full), 20_000)
    whole = seconds(lambda: policy.evaluate(full), 2_000)
    part = seconds(lambda: policy.evaluate(some), 2_000)
    wrong = seconds(lambda: policy.evaluate({"distres": 0.7}), 500)
    print(
        f"decision, all 15 facts        {whole * 1e6:8.1f} us  {1 / whole:9,.0f}/s  {whole / hand:6.1f} x by hand"
    )
    print(
        f"decision, 2 facts given       {part * 1e6:8.1f} us  {1 / part:9,.0f}/s  {part / hand:6.1f} x by hand"
    )
    print(f"decision, a misspelt fact     {wrong * 1e6:8.1f} us  {1 / wrong:9,.0f}/s")
    noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    decision = policy.evaluate(full)
    print(
        f"a path and its whole plan     {seconds(lambda: policy.path(decision, at=noon).plan, 200) * 1e6:8.1f} us"
    )
    print(f"check of the default policy   {seconds(policy.check, 1) * 1e3:8.1f} ms")
    print(
        f"difference to itself          {seconds(lambda: policy.differences(policy), 1) * 1e3:8.1f} ms"
    )
    cases = [{**full, "distress": number / 1000} for number in range(1000)]
    print(
        f"replay of 1,000 past cases    {seconds(lambda: replay(cases, old=policy, new=policy), 1) * 1e3:8.1f} ms"
    )
    print(f"loading the document          {seconds(EscalationPolicy.default, 3) * 1e3:8.1f} ms")
    message = "I'm so sorry about this. I'll call you tomorrow by 5 pm, and you'll have the refund within 3 days. "
    for times in (1, 100, 1000):
        text = message * times
        cost = seconds(lambda text=text: commitments_in(text), max(1, 100 // times))
        print(f"promises in {len(text):9,} letters  {cost * 1e6 / len(text):8.3f} us a letter")


if __name__ == "__main__":
    main()
