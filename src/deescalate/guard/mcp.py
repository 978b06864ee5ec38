"""An MCP server, so that any agent can ask: ``python -m deescalate.guard.mcp`` on stdin and stdout.

Extra ``mcp``. It keeps nothing: whoever asks gives the messages so far.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NotRequired

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from typing_extensions import TypedDict

from deescalate._plain import to_json
from deescalate.conversation import Conversation, FactValue, from_messages
from deescalate.errors import DeescalateError
from deescalate.findings import VERSION
from deescalate.playbook import Playbook

__all__ = ["Message", "server"]

Facts = dict[str, bool | float | str]


class Message(TypedDict):
    """One message of a conversation, the oldest first."""

    role: Literal["user", "assistant"]
    content: str
    at: NotRequired[str]


def _now() -> datetime:
    return datetime.now(UTC)


def server(playbook: Playbook, *, clock: Callable[[], datetime] = _now) -> MCPServer[Any]:
    """A server with the tools ``read``, ``advise``, ``review`` and ``decide``.

    Args:
        playbook: What it judges by.
        clock: Tells the time of messages without one.
    """
    desk = MCPServer(
        "deescalate",
        version=VERSION,
        instructions="Ask `advise` before you answer an upset customer, and `review` before you "
        "send the answer. Where `decide` says that it escalates, a person has to take over.",
    )

    def held(messages: list[Message], facts: Facts | None) -> Conversation:
        try:
            events = from_messages(messages, opened_at=None if _timed(messages) else clock())
            talk = playbook.replay(events)
            own: dict[str, FactValue] = {**(facts or {})}
            return talk.learned(at=talk.at, own=own) if own else talk
        except DeescalateError as error:
            raise ToolError(str(error)) from error

    @desk.tool()
    def read(text: str) -> dict[str, Any]:
        """Say what a customer's message shows: cues with their words, distress from 0 to 1."""
        reading = playbook.reader.read(text)
        return {"kinds": sorted(reading.kinds), **_plain(to_json(reading))}

    @desk.tool()
    def advise(messages: list[Message], facts: Facts | None = None) -> dict[str, Any]:
        """Say how to answer the customer now: instructions for a reply, and their plan."""
        talk = held(messages, facts)
        return {"instructions": talk.instructions(), **_plain(talk.advice.to_json())}

    @desk.tool()
    def review(
        draft: str, messages: list[Message] | None = None, facts: Facts | None = None
    ) -> dict[str, Any]:
        """Say whether a draft reply may be sent, what to change, and what may be sent instead."""
        talk = held(messages, facts) if messages else playbook.open(at=clock())
        found = talk.review(draft)
        more = {"sendable": found.sendable, "feedback": found.feedback()}
        return {**more, **_plain(found.to_json())}

    @desk.tool()
    def decide(messages: list[Message], facts: Facts | None = None) -> dict[str, Any]:
        """Say who has to have the case now, how soon, and why."""
        return _plain(held(messages, facts).escalation.to_json())

    return desk


def _timed(messages: list[Message]) -> bool:
    return bool(messages) and "at" in messages[0]


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


if __name__ == "__main__":
    server(Playbook.default()).run()
