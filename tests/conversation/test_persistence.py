"""Conversations kept where they are really kept: a graph's checkpoints, and a Redis."""

import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest

from deescalate.conversation import events_from_json_lines
from deescalate.playbook import Playbook

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
SAID = ("My parcel is two weeks late!", "I will come and smash your face in", "where is it?")
ANSWER = "I am so sorry. I will find out and call you by 5 pm."


def spoken(snapshot: str, text: str) -> str:
    """One request of a service: take up, hear, answer, put away."""
    talk = BOOK.resume(snapshot) if snapshot else BOOK.open(at=AT, case="48213")
    heard = talk.customer_says(text, at=talk.at + timedelta(minutes=1))
    return heard.agent_says(ANSWER, at=heard.at + timedelta(minutes=1)).to_snapshot()


def lived() -> str:
    """The same, in one life."""
    snapshot = ""
    for text in SAID:
        snapshot = spoken(snapshot, text)
    return snapshot


@pytest.mark.parametrize("saver", ["memory", "sqlite"])
@pytest.mark.filterwarnings("ignore")  # those of the framework are not ours
def test_a_graph_takes_a_conversation_up_from_its_checkpoints(saver, tmp_path):
    graph = pytest.importorskip("langgraph.graph", reason="langgraph is not installed")
    builder = graph.StateGraph(dict)
    builder.add_node(
        "turn", lambda held: {"talk": spoken(held.get("talk", ""), held["text"]), "text": ""}
    )
    builder.add_edge(graph.START, "turn")
    thread = {"configurable": {"thread_id": "48213"}}

    def run(checkpointer):
        app = builder.compile(checkpointer=checkpointer)
        for text in SAID:
            kept = app.get_state(thread).values or {}
            app.invoke({**kept, "text": text}, thread)
        return app.get_state(thread).values["talk"]

    if saver == "memory":
        memory = pytest.importorskip("langgraph.checkpoint.memory")
        found = run(memory.InMemorySaver())
    else:
        sqlite = pytest.importorskip(
            "langgraph.checkpoint.sqlite", reason="langgraph-checkpoint-sqlite is not installed"
        )
        with sqlite.SqliteSaver.from_conn_string(str(tmp_path / "talks.db")) as checkpointer:
            found = run(checkpointer)
    assert found == lived()
    assert BOOK.resume(found).situation.danger == "violence"


@pytest.fixture
def store(tmp_path):
    """A Redis of its own, on a free port."""
    redis = pytest.importorskip("redis", reason="the client redis is not installed")
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  our own server
    client = redis.Redis(port=port, decode_responses=True)
    try:
        for _ in range(1_000):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=60)


def test_a_redis_keeps_a_conversation_and_its_log(store):
    for text in SAID:
        store.set("talk:48213", spoken(store.get("talk:48213") or "", text))
    talk = BOOK.resume(store.get("talk:48213"))
    assert talk.to_snapshot() == lived()
    for number in range(len(talk.events)):
        store.rpush("log:48213", talk.to_json_lines(since=number).splitlines()[0])
    again = BOOK.replay(events_from_json_lines("\n".join(store.lrange("log:48213", 0, -1))))
    assert again == talk
