"""Haystack: a component that puts the guard around a chat generator.

Extra ``haystack``. The conversation's snapshot goes in and out, for a pipeline keeps nothing.
"""

from functools import partial
from typing import Any

from haystack import component
from haystack.components.generators.chat.types import ChatGenerator
from haystack.dataclasses import ChatMessage

from deescalate.guard._guard import Guard

__all__ = ["GuardedGenerator"]

_MADE_BY = {
    "system": ChatMessage.from_system,
    "user": ChatMessage.from_user,
    "assistant": ChatMessage.from_assistant,
}


@component
class GuardedGenerator:
    """Hear the customer, and give only a reply that may be sent.

    Args:
        generator: The chat generator that drafts.
        guard: The guard.
    """

    def __init__(self, generator: ChatGenerator, guard: Guard) -> None:
        self.generator, self.guard = generator, guard

    @component.output_types(replies=list[ChatMessage], talk=str)
    def run(
        self,
        text: str,
        talk: str = "",
        turn_id: str = "",
        facts: list[str] | None = None,
    ) -> dict[str, Any]:
        """Make the reply.

        Args:
            text: What the customer says.
            talk: The conversation's snapshot, as it came out the last time; empty for a new one.
            turn_id: The host's name for the turn; hearing it again gives the same reply.
            facts: What is true and may be said, a short sentence each.

        Returns:
            ``replies`` with one message, whose ``meta["guard"]`` says how and why, and ``talk``.
        """
        heard = self.guard.heard(talk, text, turn_id=turn_id)
        draft = partial(_draft, self.generator)
        made = self.guard.reply(heard, draft_with=draft, facts=facts or ())
        reply = ChatMessage.from_assistant(made.text, meta={"guard": made.to_mapping()})
        return {"replies": [reply], "talk": made.talk.to_snapshot()}


def _draft(generator: ChatGenerator, messages: list[dict[str, str]]) -> str | None:
    given = [_MADE_BY[each["role"]](each["content"]) for each in messages]
    replies: list[ChatMessage] = generator.run(messages=given)["replies"]
    return replies[0].text
