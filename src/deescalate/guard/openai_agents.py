"""OpenAI's Agents SDK: instructions, and an output guardrail that trips on what may not be sent.

Extra ``openai-agents``. The run's context is the `Pending`; its input is the conversation.
"""

from collections.abc import Iterable
from functools import partial
from typing import Literal

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    OutputGuardrail,
    RunConfig,
    RunContextWrapper,
    Runner,
    TResponseInputItem,
)
from openai.types.responses import EasyInputMessageParam

from deescalate.conversation import Conversation
from deescalate.guard._attempt import Guarded, Pending
from deescalate.guard._guard import Guard

__all__ = ["areply", "guarded", "history"]


def guarded(agent: Agent[Pending]) -> Agent[Pending]:
    """An agent under the guard, with the advice after its own instructions, and two guardrails.

    One trips before a model is asked where no draft is wanted, one on a draft that may not be sent.

    Args:
        agent: The agent, which stays as it is.
    """

    async def advised(context: RunContextWrapper[Pending], _agent: Agent[Pending]) -> str:
        own = await agent.get_system_prompt(context)
        return "\n\n".join(filter(None, (own, context.context.attempt.instructions)))

    def wanted(
        context: RunContextWrapper[Pending], _agent: Agent[Pending], _said: object
    ) -> GuardrailFunctionOutput:
        done = context.context.attempt.guarded is not None
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=done)

    def reviewed(
        context: RunContextWrapper[Pending], _agent: Agent[Pending], draft: object
    ) -> GuardrailFunctionOutput:
        found = context.context.drafted(draft)
        fit = found is not None and found.text == draft
        why = context.context.attempt.feedback if found is None else found.to_mapping()
        return GuardrailFunctionOutput(output_info=why, tripwire_triggered=not fit)

    before = InputGuardrail[Pending](wanted, name="deescalate", run_in_parallel=False)
    after = OutputGuardrail[Pending](reviewed, name="deescalate")
    return agent.clone(
        instructions=advised,
        input_guardrails=[before, *agent.input_guardrails],
        output_guardrails=[*agent.output_guardrails, after],
    )


async def areply(
    guard: Guard,
    agent: Agent[Pending],
    talk: Conversation,
    *,
    facts: Iterable[str] = (),
    run_config: RunConfig | None = None,
) -> Guarded:
    """Make the reply to the customer with an agent, which is run again where its guardrail trips.

    Args:
        guard: The guard.
        agent: What `guarded` gave.
        talk: The conversation, the customer's turn in it.
        facts: What is true and may be said, a short sentence each.
        run_config: That of the run; one that traces nothing where not given, since traces take
            the conversation out of the house.
    """
    turn = Pending(guard.attempt(talk, facts=facts))
    config = run_config or RunConfig(tracing_disabled=True)
    run = partial(Runner.run, agent, history(talk), context=turn, run_config=config)
    return await turn.settled(run, seconds=guard.seconds)


def history(talk: Conversation) -> list[TResponseInputItem]:
    """What was said, as the input of a run."""
    said: list[TResponseInputItem] = []
    for each in talk.messages()[1:]:
        role: Literal["user", "assistant"] = "user" if each["role"] == "user" else "assistant"
        said.append(EasyInputMessageParam(role=role, content=each["content"]))
    return said
