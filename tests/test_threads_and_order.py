"""The same answers from many threads, under any hash seed, in any order of imports, cold and warm.

Each case is a fresh interpreter that prints what it makes of some talks, as JSON.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

ROOMS = (
    "reading", "wording", "conversation", "rules", "compensation", "schedules", "simulation", "guard", "records",
    "escalation", "strategy", "emotion", "text", "languages", "promises", "moves", "advice", "playbook", "command",
)  # fmt: skip
SAYS = r"""
import json, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module

for room in {rooms}:
    import_module("deescalate." + room)

SAID = [
    "My parcel is two weeks late and nobody calls me back!", "You liars, this is the THIRD time. I will sue you.",
    "I want a refund of $50 by Friday, or I speak to your manager.", "I will come and smash the place up!",
    "I don't see a way out, I want to die.", "Thank you so much, that helps.", "As I already said: no. Not £45, not €5k.",
    "Mein Paket ist nicht da, seit drei Wochen!", "> you said\nWhere is it?\n-- \nBob", "f\u200bck th1s, 2h30 on hold",
    "I am 82 and I have cancer, my number is 020 7946 0958.", "", "zxcv qwer \U0001f621 \ud83d", "why? why? why?",
    "If it is not here by 5 pm tomorrow I will leave for another company.", "My mum died, please close her account.",
]
REPLIES = [
    "You need to calm down. As I already said, we can't.", "I am so sorry, that was our mistake. I will call you by 5 pm.",
    "I have refunded $20 to you today. Is there anything else?", "Are you safe right now? Please ring 999.",
]

def made(number):
    from deescalate import Playbook
    from deescalate.languages import Language
    from deescalate.records import record_of, records_to_json_lines
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    said, reply = SAID[number % len(SAID)], REPLIES[number % len(REPLIES)]
    german = "Paket" in said
    book = Playbook.default(language=Language.load("german")) if german else Playbook.default()
    talk = book.open(at=at, case=str(number)).customer_says(said, at=at)
    first = talk.review(reply)
    talk = talk.agent_says(reply, at=at + timedelta(minutes=2))
    talk = talk.customer_says(SAID[(number * 7 + 3) % len(SAID)], at=at + timedelta(minutes=9))
    return [
        talk.to_snapshot(), talk.advice.to_json(), talk.instructions(), talk.handover().to_json(), first.to_json(),
        first.rewritten, records_to_json_lines([record_of(talk, agent="ann")]), book.fingerprint, talk.to_html(),
        book.resume(talk.to_snapshot()) == talk,
    ]

if {threads}:
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor({threads}) as pool:
        found = list(pool.map(made, range({count})))
else:
    found = [made(number) for number in range({count})]
from deescalate.records import coach, records_from_json_lines, summarise
cases = [each for talk in found for each in records_from_json_lines(talk[6])]
found.append([summarise(cases).to_markdown(), coach(cases, agent="ann").to_markdown()])
if {warm}:
    assert [made(number) for number in range({count})] == found[:-1], "warm is not cold"
print(json.dumps(found))
"""


def said(*, rooms=(), threads=0, count=9, warm=False, seed="0"):
    """What a fresh interpreter says."""
    code = SAYS
    for name, value in {
        "rooms": tuple(rooms),
        "threads": threads,
        "count": count,
        "warm": warm,
    }.items():
        code = code.replace(f"{{{name}}}", repr(value))
    done = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        capture_output=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def alone():
    """What one thread says."""
    return said()


def test_threads_that_begin_cold_say_what_one_says(alone):
    threads = (
        16 if os.environ.get("CI") else 4
    )  # each loads the language for itself: sixteen take half a minute
    assert said(threads=threads) == alone
    assert all(each[-1] for each in alone[:-1])


@pytest.mark.parametrize(
    ("seed", "rooms", "warm"),
    [
        ("1", tuple(reversed(ROOMS)), False),
        ("4242", (*ROOMS[7:], *ROOMS[:7]), True),
        ("random", ROOMS, False),
    ],
)
def test_neither_hash_seeds_nor_the_order_of_imports_nor_what_went_before_change_a_byte(
    alone, seed, rooms, warm
):
    assert said(seed=seed, rooms=rooms, warm=warm) == alone


def test_sixteen_threads_may_share_a_playbook_and_a_talk():
    from datetime import UTC, datetime

    from deescalate import Playbook

    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    talk = Playbook.default().open(at=at).customer_says("Third time I call, you liars!", at=at)

    def look(number):
        heard = talk.customer_says(f"order {number} is late", at=at)
        return heard.to_snapshot(), talk.review(f"Calm down, order {number}.").rewritten

    alone = [look(number) for number in range(32)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(look, range(32))) == alone
    finally:
        sys.setswitchinterval(before)
