"""A bot at the other end of the line: whatever it does, an answer comes back, and in time."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.simulation._bots import (
    MOST_CHARACTERS,
    Answer,
    Line,
    _serve,
    _within,
    takes_messages,
)

HELLO = ({"role": "user", "content": "hello"},)


class Stop(BaseException):
    pass


def raises(error):
    def bot(text):
        raise error

    return bot


async def awaited(text):
    await asyncio.sleep(0)
    return f"heard {text}"


async def dozing(text):
    await asyncio.sleep(600)


async def failing(text):
    raise SystemExit(3)


def hanging(text):
    time.sleep(600)


def own_loop(text):
    return asyncio.run(awaited(text))


def fancy(text):
    class Fancy(str):
        __slots__ = ()

        def __str__(self):
            raise ValueError

    return Fancy("plain")


def ask(bot, *, seconds=60.0):
    with Line(bot, seconds=seconds) as line:
        return line.ask(HELLO)


def aask(bot, *, seconds=60.0):
    async def asked():
        with Line(bot, seconds=seconds) as line:
            return await line.aask(HELLO)

    return asyncio.run(asked())


BOTS = {
    "text": (str.upper, Answer("HELLO")),
    "async": (awaited, Answer("heard hello")),
    "its own loop": (own_loop, Answer("heard hello")),
    "a text of another kind": (fancy, Answer("plain")),
    "nothing": (lambda _: None, Answer(trouble="it answered `None`, expected a text")),
    "bytes": (lambda _: b"hi", Answer(trouble="it answered `b'hi'`, expected a text")),
    "raises": (raises(ValueError("odd")), Answer(trouble="it raised `ValueError('odd')`")),
    "exits": (raises(SystemExit(2)), Answer(trouble="it raised `SystemExit(2)`")),
    "stops": (raises(Stop()), Answer(trouble="it raised `Stop()`")),
    "async exits": (failing, Answer(trouble="it raised `SystemExit(3)`")),
    "timed out": (raises(TimeoutError("net")), Answer(trouble="it raised `TimeoutError('net')`")),
}


@pytest.mark.parametrize("way", [ask, aask])
@pytest.mark.parametrize("kind", BOTS)
def test_whatever_a_bot_does_an_answer_comes_back(kind, way):
    bot, answer = BOTS[kind]
    assert way(bot) == answer


@pytest.mark.parametrize("way", [ask, aask])
@pytest.mark.parametrize("bot", [hanging, dozing])
def test_a_bot_that_hangs_is_cut_off_at_its_limit(bot, way):
    start = time.monotonic()
    answer = way(bot, seconds=0.2)
    assert answer == Answer(trouble="it took longer than 0.2 seconds")
    assert time.monotonic() - start < 300


def test_whoever_sees_it_first_tells_a_limit_in_the_same_words():
    assert asyncio.run(_within(0.01, dozing(""))) == ask(hanging, seconds=0.01)


def test_after_a_hang_the_next_is_asked_in_a_new_thread():
    threads = []

    def bot(text):
        threads.append(threading.get_ident())
        if len(threads) == 2:
            time.sleep(600)
        return "fine"

    with Line(bot, seconds=2) as line:
        answers = [line.ask(HELLO).text for _ in range(4)]
    assert answers == ["fine", "", "fine", "fine"]
    assert threads[0] == threads[1] != threads[2] == threads[3]


def test_an_awaited_bot_keeps_its_loop_from_reply_to_reply():
    loops = []

    async def bot(text):
        loops.append(asyncio.get_running_loop())
        return "fine"

    with Line(bot, seconds=None) as line:
        assert line.ask(HELLO) == line.ask(HELLO) == Answer("fine")
    assert loops[0] is loops[1]


def test_a_bot_that_hangs_does_not_keep_the_process_alive():
    code = (
        "import time\nfrom deescalate.simulation import STANDARD, drill\n"
        "card = drill(lambda text: time.sleep(600), [STANDARD['late parcel']],"
        " seconds_per_reply=0.2)\nprint(card.results[0].ending)"
    )
    done = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == "failed"


def test_a_call_that_nobody_waits_for_any_more_is_not_made():
    given, jobs = [], SimpleQueue()
    late: Future[Any] = Future()
    late.cancel()
    jobs.put((HELLO, True, late))
    jobs.put(None)
    _serve(given.append, jobs, None)
    assert given == []


@given(st.integers(MOST_CHARACTERS - 2, MOST_CHARACTERS + 2))
def test_law_a_reply_is_taken_up_to_its_most_characters(length):
    answer = Answer.of("x" * length)
    assert bool(answer.trouble) == (length > MOST_CHARACTERS)
    assert len(answer.text) == min(length, MOST_CHARACTERS)


def by_name(messages): ...
def by_annotation(said: list[dict[str, str]]): ...
def by_sequence(said: "Sequence[Message]"): ...  # noqa: F821
def of_text(text: str): ...
def of_none(): ...


class Callable:
    def __call__(self, messages):
        return json.dumps(messages)


def test_a_bot_says_by_its_parameter_what_it_takes():
    assert all(map(takes_messages, (by_name, by_annotation, by_sequence, Callable())))
    assert not any(map(takes_messages, (of_text, of_none, str, lambda text: text)))


def test_messages_are_a_copy():
    def bot(messages):
        messages[0]["content"] = "changed"
        return str(len(messages))

    said = [dict(each) for each in HELLO]
    with Line(bot, seconds=5) as line:
        assert line.ask(said).text == "1"
    assert said == list(HELLO)


@pytest.mark.parametrize("seconds", [0, -1, True, "1", float("nan"), float("inf"), 1e300])
def test_a_limit_is_a_number_above_0(seconds):
    with pytest.raises(SettingError, match="seconds_per_reply"):
        Line(str, seconds=seconds)


def test_a_bot_is_a_function():
    with pytest.raises(SettingError, match="`bot` is `7`"):
        Line(7, seconds=1)  # type: ignore[arg-type]
