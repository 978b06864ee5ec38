"""The whole chain: who goes up over real dialogues and why, what a turn costs and what it keeps.

Run with ``python tests/benchmarks/bench_conversation.py``; it prints figures and asserts none.
"""

import gc
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from deescalate import Playbook, record_of, summarise
from deescalate.conversation import Conversation, read_transcript

DATA = (
    Path(__file__).resolve().parents[3] / "shared/data/twitter_support_frustration/dialogues.jsonl"
)
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
CUSTOMER = (
    "Where is my parcel? It was due on Monday and nobody answers.",
    "This is the third time I am writing, I am furious!",
    "I want my £45 back please.",
    "That is not good enough.",
    "ok thanks",
)
AGENT = (
    "I am so sorry about this. Let me look into it.",
    "I understand how annoying that is. I will call you by 5 pm tomorrow.",
    "We can offer you a refund or a replacement, which would you prefer?",
    "I have refunded the fee.",
    "Is there anything else?",
)


def turn(talk: Conversation) -> Conversation:
    """The next turn of an endless conversation."""
    number = len(talk.turns)
    at, name = talk.at + timedelta(seconds=20), f"t{number}"
    if number % 2:
        return talk.agent_says(AGENT[number // 2 % 5], at=at, turn_id=name)
    return talk.customer_says(CUSTOMER[number // 2 % 5], at=at, turn_id=name)


def long(turns: int = 5_000, window: int = 200) -> None:
    """What a turn costs early and late, and what a snapshot saves."""
    talk, costs = BOOK.open(at=AT), []
    for _ in range(turns + window):
        began = time.process_time()
        talk = turn(talk)
        costs.append(time.process_time() - began)
    early, late = (median(costs[at : at + window]) for at in (5, turns))
    print(
        f"a turn at 5: {early * 1e3:.2f} ms, at {turns}: {late * 1e3:.2f} ms, {late / early:.2f}x"
    )
    for size in (10, 100, 1_000):
        short = BOOK.replay(talk.events[: size + 1])
        began = time.process_time()
        snapshot = short.to_snapshot()
        written = time.process_time() - began
        BOOK.resume(snapshot)
        read = time.process_time() - began - written
        began = time.process_time()
        BOOK.replay(short.events)
        replayed = time.process_time() - began
        print(
            f"{size} turns: snapshot {len(snapshot) / 1e3:.0f} kB, written in {written * 1e3:.0f} ms, "
            f"resumed in {read * 1e3:.0f} ms, replayed in {replayed * 1e3:.0f} ms"
        )


def many(talks: int = 200) -> None:
    """What open conversations of ten turns keep in memory."""

    def ten() -> Conversation:
        talk = BOOK.open(at=AT)
        for _ in range(10):
            talk = turn(talk)
        return talk

    ten()
    gc.collect()
    tracemalloc.start()
    kept = [ten() for _ in range(talks)]
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] / len(kept)
    tracemalloc.stop()
    print(f"{size / 1e3:.1f} kB a conversation of ten turns: 10,000 keep {size / 100:.0f} MB")


def real() -> None:
    """Who goes up over rated dialogues, and why."""
    if not DATA.exists():
        print("skipped: the rated dialogues are not beside this checkout")
        return
    courses = [read_transcript(line, opened_at=AT) for line in DATA.read_text("utf-8").splitlines()]
    began = time.perf_counter()
    talks = [BOOK.replay(course) for course in courses]
    turns = sum(len(talk.turns) for talk in talks)
    print(f"{turns / (time.perf_counter() - began):,.0f} turns a second, the whole chain")
    up = Counter(
        (turn.escalation.tier, turn.escalation.because)
        for talk in talks
        for turn in talk.turns
        if turn.escalated
    )
    print(f"{sum(up.values())} moves up in {len(talks)} dialogues, by tier and reason:")
    for (tier, because), count in up.most_common():
        print(f"  {count:3} to {tier}: {'; '.join(because)}")
    records = [record_of(talk, agent="a") for talk in talks]
    records = (records * (10_000 // len(records) + 1))[:10_000]
    began = time.perf_counter()
    summarise(records)
    print(f"10,000 records summarised in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    long()
    many()
    real()
