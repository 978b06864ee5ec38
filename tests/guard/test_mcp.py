"""The MCP server, asked by the package's own client, in memory and over stdin and stdout."""

import asyncio
import os
import sys
from datetime import UTC, datetime

import pytest

pytest.importorskip("mcp.server", reason="mcp is not installed")

from mcp import Client, StdioServerParameters

from deescalate.guard.mcp import server
from deescalate.playbook import Playbook

BOOK = Playbook.default()
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
UPSET = [
    {"role": "user", "content": "Where is my parcel?"},
    {"role": "assistant", "content": "I am asking the depot."},
    {"role": "user", "content": "This is the third time I write! Get me your manager."},
]


def ask(tool, where=None, **given):
    async def asked():
        async with Client(where or server(BOOK, clock=lambda: AT)) as client:
            return await client.call_tool(tool, given)

    return asyncio.run(asked())


def told(tool, **given):
    found = ask(tool, **given)
    assert not found.is_error, found
    return found.structured_content


def test_it_has_four_tools_with_their_words():
    async def listed():
        async with Client(server(BOOK)) as client:
            return (await client.list_tools()).tools

    tools = {each.name: each for each in asyncio.run(listed())}
    assert sorted(tools) == ["advise", "decide", "read", "review"]
    assert all(each.description for each in tools.values())


def test_it_reads_advises_reviews_and_decides_as_the_library_does():
    found = told("read", text="You useless idiots, this is the third time I write!")
    assert {"insult", "repeat_contact"} <= {*found["kinds"]}
    assert 0 < found["distress"] <= 1
    found = told("advise", messages=UPSET)
    assert "goes to the supervisor" in found["instructions"]
    assert found["plan"]["moves"]
    found = told("review", draft="You need to calm down.", messages=UPSET)
    assert (found["ok"], found["sendable"]) == (False, None)
    assert "calm down" in found["feedback"]
    assert told("review", draft="I'm sorry about the wait. I am checking it now.")["ok"]
    found = told("decide", messages=UPSET)
    assert (found["tier"], found["escalates"]) == ("supervisor", True)


def test_it_takes_facts_and_times():
    timed = [{**each, "at": f"2026-01-05T09:0{n}:00Z"} for n, each in enumerate(UPSET[:1])]
    assert told("decide", messages=timed, facts={"danger": "violence"})["tier"] == "security"
    refused = ask("decide", messages=timed, facts={"minutes_wating": 600})
    assert refused.is_error
    assert "did you mean `minutes_waiting`?" in refused.content[0].text
    assert not ask("advise", server(BOOK), messages=[]).is_error
    assert ask("read").is_error


def test_it_runs_over_stdin_and_stdout():
    run = ["-m", "deescalate.guard.mcp"]
    command = StdioServerParameters(command=sys.executable, args=run, env={**os.environ})
    found = ask("read", command, text="thank you so much")
    assert "thanks" in found.structured_content["kinds"]
