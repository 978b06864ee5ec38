"""What hostile texts cost in every room that reads text, and how the cost grows with the length.

    python tests/benchmarks/bench_hostile.py                         # a megabyte of every shape, an hour
    python tests/benchmarks/bench_hostile.py --sizes 10000 80000     # a look, minutes
    python tests/benchmarks/bench_hostile.py --rooms review --shapes said sorry

Prints for each room the seconds of processor time of each shape at the greater size and the exponent of growth
between the two (1 is linear), the slowest first, and in the end a line a room. The rooms read the whole text; only
the last two, the way from a message to the advice and from a reply to the next, are as a server goes them, with the
shipped `longest`. The collector of cycles is off in all rooms but those: its share, up to a half where a text has
a token a character, grows a little faster than the text (exponents to 1.15), and is Python's.
"""

import argparse
import contextlib
import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime
from math import log

from attrs import evolve

from deescalate import Playbook
from deescalate.conversation import Conversation, mask, read_transcripts
from deescalate.errors import DeescalateError
from deescalate.reading import LanguageReader, commitments_in, read_agent
from deescalate.testing.text import HOSTILE_SHAPES
from deescalate.text import Text
from deescalate.wording import review

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
TALK = BOOK.open(at=AT).customer_says("My parcel is two weeks late and nobody calls me!", at=AT)
REPLY = "I am sorry about that. I will find out where it is and call you by 5 pm today."
"""What a text that takes less than this cannot be said to grow by."""
LEAST = 0.02


def whole(text: str) -> Text:
    """The text, all of which is read."""
    return Text.of(text, longest=WHOLE)


def reviewed(text: str) -> None:
    """As a draft, with all that a conversation knows, and put better."""
    found = review(
        text,
        plan=TALK.plan,
        situation=TALK.situation,
        authority=TALK.authority,
        customer=TALK.turns[0].event.text,
        cues=TALK.reading.kinds,
        longest=WHOLE,
    )
    assert found.rewritten is not None
    assert found.feedback()


def answered(text: str) -> None:
    """As the message that a draft answers, and as an earlier reply."""
    assert review(REPLY, customer=text, previous=[text, REPLY], longest=WHOLE).findings is not None


def transcribed(text: str) -> None:
    """As a transcript in whatever form it seems to have."""
    with contextlib.suppress(DeescalateError):
        read_transcripts(text, opened_at=AT)


def handed_over(text: str) -> None:
    """As both sides' words of a case, in its note, masked."""
    talk = said_in_it(text)
    note = talk.handover()
    assert note.to_markdown()
    assert note.to_json()


def said_in_it(text: str) -> Conversation:
    """The conversation as if this had been said in it."""
    said = evolve(TALK.turns[0], event=evolve(TALK.turns[0].event, text=text))
    return evolve(TALK, state=evolve(TALK.state, turns=type(TALK.turns)([said])))


def advised(text: str) -> None:
    """From a message to all that is advised, as a server does it."""
    talk = BOOK.open(at=AT).customer_says(text, at=AT)
    assert talk.advice
    assert talk.instructions()


def answered_with(text: str) -> None:
    """As what an agent says, whatever it is, up to the note and the snapshot after the next message."""
    talk = TALK.agent_says(text, at=AT).customer_says("Still nothing!", at=AT)
    assert talk.handover().to_markdown()
    assert BOOK.resume(talk.to_snapshot()).advice


WHOLE = 10**9
ROOMS: dict[str, Callable[[str], object]] = {
    "reader": LanguageReader(longest=WHOLE).read,
    "review": reviewed,
    "answered": answered,
    "agent": lambda text: read_agent(whole(text)),
    "commitments": lambda text: commitments_in(whole(text)),
    "masking": mask,
    "transcripts": transcribed,
    "handover": handed_over,
    "advice": advised,
    "turn": answered_with,
}
AS_A_SERVER = ("advice", "turn")


def cost(room: str, text: str) -> float:
    """Seconds of processor time; those of a server with Python's collector of cycles, others without."""
    gc.collect()
    gc.freeze()
    if room not in AS_A_SERVER:
        gc.disable()
    start = time.process_time()
    ROOMS[room](text)
    took = time.process_time() - start
    gc.enable()
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="what hostile texts cost")
    parser.add_argument("--sizes", nargs=2, type=int, default=(60_000, 960_000), metavar="N")
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=list(ROOMS), metavar="ROOM")
    parser.add_argument("--shapes", nargs="+", choices=HOSTILE_SHAPES, default=list(HOSTILE_SHAPES), metavar="SHAPE")  # fmt: skip
    parser.add_argument("--show", type=int, default=12, help="shapes to show of each room")
    asked = parser.parse_args()
    short, long = asked.sizes
    ends = []
    for room in asked.rooms:
        found: list[tuple[float, float, str]] = []
        ROOMS[room](TALK.turns[0].event.text)
        for name in asked.shapes:
            shape = HOSTILE_SHAPES[name]
            little = cost(room, shape(short))
            much = cost(room, shape(long))
            grows = log(max(much, LEAST) / max(little, LEAST * short / long)) / log(long / short)
            found.append((much, grows, name))
        print(f"\n{room}: {long:,} characters", flush=True)
        found.sort(reverse=True)
        steep = [each for each in found[asked.show :] if each[1] > 1.1 and each[0] > LEAST]
        for much, grows, name in [*found[: asked.show], *steep]:
            print(f"  {name:24} {much:7.2f} s, exponent {grows:.2f}", flush=True)
        much, _, slowest = found[0]
        worst = max((grows, name) for took, grows, name in found if took > LEAST or not found[0][0])
        ends.append(
            f"{room:12} at most {much:6.2f} s ({slowest}), exponent at most {worst[0]:.2f} ({worst[1]})"
        )
    print("\n" + "\n".join(ends))


if __name__ == "__main__":
    main()
