"""200 talks at once with the service and a real Redis: nothing lost, nothing mixed up; its p95."""

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from redis import Redis
from redis.exceptions import ConnectionError as NotThereError

from deescalate import Playbook

TALKS, TURNS = 200, 3
HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running(*command: str, **env: str) -> Iterator[None]:
    """A process of ours, ended whatever happens."""
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def waited_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


async def talk(client: httpx.AsyncClient, number: int, took: list[float]) -> None:
    """One customer; every tenth is nervous, and sends each message twice at the same time."""
    times = 2 if number % 10 == 0 else 1
    for turn in range(TURNS):
        text = f"Where is my order {number} please? It was due on day {turn}."
        sent = {"id": f"m{turn}", "text": text}
        begun = time.perf_counter()
        posts = [client.post(f"/talks/{number}", json=sent) for _ in range(times)]
        replies = [reply.raise_for_status().json() for reply in await asyncio.gather(*posts)]
        took.append(time.perf_counter() - begun)
        assert len({reply["text"] for reply in replies}) == 1, replies
        assert len([reply for reply in replies if reply["how"] != "repeated"]) == 1, replies
        assert f"order {number} " in replies[0]["text"] or turn, replies


async def load(port: int, talks: int) -> list[float]:
    took: list[float] = []
    limits = httpx.Limits(max_connections=None)
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=120) as client:
        await asyncio.gather(*(talk(client, number, took) for number in range(talks)))
        other = await client.post("/talks/0", json={"id": "m0", "text": "Something else."})
        assert other.status_code == 409, other.text
    return took


def main(talks: int = TALKS) -> None:
    server = shutil.which("redis-server")
    if server is None:
        print("not tried: redis-server is not installed")
        return
    at, port = free_port(), free_port()
    served = (sys.executable, "-m", "uvicorn", "fastapi_service:app", "--app-dir", str(HERE))
    url = f"redis://127.0.0.1:{at}"
    quiet = ("--port", str(port), "--log-level", "warning", "--timeout-keep-alive", "120")
    with running(server, "--port", str(at), "--save", "", "--bind", "127.0.0.1"):
        waited_for(at)
        with running(*served, *quiet, REDIS_URL=url):
            waited_for(port)
            begun = time.perf_counter()
            took = asyncio.run(load(port, talks))
            length = time.perf_counter() - begun
        spent = os.times().children_user  # the service has ended
        kept: Redis = Redis.from_url(url, decode_responses=True)
        book = Playbook.default()
        for number in range(talks):
            found = book.resume(str(kept.get(f"talk:{number}")))
            said = [turn.event.text for turn in found.turns[::2]]
            assert len(found.turns) == 2 * TURNS, found
            assert all(f"order {number} " in text for text in said), found
        kept.close()
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"{talks} talks at once, {TURNS} turns each, nothing lost or mixed up: {length:.1f} s")
    print(f"a turn: median {statistics.median(took):.2f} s, p95 {p95:.2f} s")
    print(f"the service, start included: {1000 * spent / talks / TURNS:.0f} ms of a core a turn")


if __name__ == "__main__":
    try:
        main()
    except NotThereError as error:
        sys.exit(f"redis: {error}")
