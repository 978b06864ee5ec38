"""PydanticAI: instructions, and an output validator that asks the model again.

Extra ``pydantic-ai``. The agent's dependencies are the `Pending`; its history is the conversation.
"""

from collections.abc import Iterable
from functools import partial

from pydantic_ai import Agent, ModelRetry, RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)

from deescalate.conversation import Conversation
from deescalate.guard._attempt import Guarded, Pending
from deescalate.guard._guard import Guard

__all__ = ["areply", "guarded", "history"]


def guarded(agent: Agent[Pending, str]) -> Agent[Pending, str]:
    """Give an agent the guard's instructions and its output validator; they run for each draft.

    Args:
        agent: An agent with ``deps_type=Pending``, to which both are added.
    """

    @agent.instructions
    def advised(context: RunContext[Pending]) -> str:
        return context.deps.attempt.instructions

    @agent.output_validator
    def reviewed(context: RunContext[Pending], draft: str) -> str:
        if context.partial_output:
            raise ModelRetry("a reply is reviewed as a whole")
        found = context.deps.drafted(draft)
        if found is None:
            raise ModelRetry(context.deps.attempt.feedback)
        return found.text

    return agent


async def areply(
    guard: Guard, agent: Agent[Pending, str], talk: Conversation, *, facts: Iterable[str] = ()
) -> Guarded:
    """Make the reply to the customer with an agent; whatever it raises, something may be sent.

    Args:
        guard: The guard.
        agent: What `guarded` gave.
        talk: The conversation, the customer's turn in it.
        facts: What is true and may be said, a short sentence each.
    """
    turn = Pending(guard.attempt(talk, facts=facts))
    run = partial(agent.run, deps=turn, message_history=history(talk))
    return await turn.settled(run, seconds=guard.seconds)


def history(talk: Conversation) -> list[ModelMessage]:
    """What was said, as the messages of the framework."""
    return [
        ModelRequest(parts=[UserPromptPart(content=each["content"])])
        if each["role"] == "user"
        else ModelResponse(parts=[TextPart(content=each["content"])])
        for each in talk.messages()[1:]
    ]
