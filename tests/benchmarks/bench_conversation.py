"""The whole chain: who goes up over real dialogues and why, decisions and records a second.

Run with ``python tests/benchmarks/bench_conversation.py``; it prints figures and asserts none.
"""

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from deescalate import Playbook, record_of, summarise
from deescalate.conversation import read_transcript

DATA = (
    Path(__file__).resolve().parents[3] / "shared/data/twitter_support_frustration/dialogues.jsonl"
)
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def main() -> None:
    if not DATA.exists():
        sys.exit("skipped: the rated dialogues are not beside this checkout")
    book = Playbook.default()
    courses = [read_transcript(line, opened_at=AT) for line in DATA.read_text("utf-8").splitlines()]
    began = time.perf_counter()
    talks = [book.replay(course) for course in courses]
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
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < 1.0:
        talks[0].waited(at=talks[0].at)
        count += 1
    print(f"{count:,} decisions a second from a conversation, waiting included")
    records = [record_of(talk, agent="a") for talk in talks]
    records = (records * (10_000 // len(records) + 1))[:10_000]
    began = time.perf_counter()
    summarise(records)
    print(f"10,000 records summarised in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
