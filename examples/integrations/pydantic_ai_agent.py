"""A PydanticAI agent under the guard."""

import asyncio

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from deescalate import Guard, Playbook
from deescalate.guard import Pending
from deescalate.guard.pydantic_ai import areply, guarded

GOOD = "I'm sorry that it is late. I have asked the depot where it is."
drafts = iter(["You need to calm down.", GOOD])


def draft(_messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[TextPart(next(drafts))])


guard = Guard(Playbook.default())
agent = guarded(Agent(FunctionModel(draft), deps_type=Pending))  # your model instead
talk = guard.heard("", "Where is my parcel? It was due on Monday!", turn_id="m1")
made = asyncio.run(areply(guard, agent, talk, facts=["the parcel is in Leeds"]))
print(made.text)
print(made.how, *made.why, sep="; ")
assert made.text == GOOD
kept = made.talk.to_snapshot()  # `guard.heard(kept, ...)` goes on from here
