"""LlamaIndex: its language models as drafters.

Extra ``llama-index``: ``guard.reply(talk, draft_with=drafter(llm))``.
"""

from collections.abc import Awaitable, Callable

from llama_index.core.llms import LLM, ChatMessage

from deescalate.guard._guard import Drafter

__all__ = ["adrafter", "drafter"]


def drafter(llm: LLM) -> Drafter:
    """What `Guard.reply` asks for a draft.

    Args:
        llm: The model.
    """

    def draft(messages: list[dict[str, str]]) -> str | None:
        return llm.chat(_given(messages)).message.content

    return draft


def adrafter(llm: LLM) -> Callable[[list[dict[str, str]]], Awaitable[str | None]]:
    """What `Guard.areply` asks for a draft.

    Args:
        llm: The model.
    """

    async def draft(messages: list[dict[str, str]]) -> str | None:
        return (await llm.achat(_given(messages))).message.content

    return draft


def _given(messages: list[dict[str, str]]) -> list[ChatMessage]:
    return [ChatMessage(role=each["role"], content=each["content"]) for each in messages]
