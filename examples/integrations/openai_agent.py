"""An agent of OpenAI's Agents SDK under the guard."""

import asyncio

from agents import Agent
from agents.testing import ScriptedModel, assistant_message

from deescalate import Guard, Playbook
from deescalate.guard import Pending
from deescalate.guard.openai_agents import areply, guarded

GOOD = "I'm sorry that it is late. I have asked the depot where it is."
drafts = ["You need to calm down.", GOOD]
model = ScriptedModel([[assistant_message(each)] for each in drafts])  # yours instead

guard = Guard(Playbook.default())
agent = guarded(Agent[Pending](name="desk", instructions="You are Nell.", model=model))
talk = guard.heard("", "Where is my parcel? It was due on Monday!", turn_id="m1")
made = asyncio.run(areply(guard, agent, talk, facts=["the parcel is in Leeds"]))
print(made.text)
print(made.how, *made.why, sep="; ")
assert made.text == GOOD
kept = made.talk.to_snapshot()  # `guard.heard(kept, ...)` goes on from here
