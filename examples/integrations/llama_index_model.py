"""A model of LlamaIndex under the guard."""

from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms import MockLLM

from deescalate import Guard, Playbook
from deescalate.guard.llama_index import drafter

GOOD = "I'm sorry that it is late. I have asked the depot where it is."
drafts = iter(["You need to calm down.", GOOD])


class Model(MockLLM):  # yours instead
    def chat(self, messages: Any, **kwargs: Any) -> ChatResponse:
        return ChatResponse(message=ChatMessage(next(drafts), role=MessageRole.ASSISTANT))


guard = Guard(Playbook.default())
talk = guard.heard("", "Where is my parcel? It was due on Monday!", turn_id="m1")
made = guard.reply(
    talk, draft_with=drafter(Model(max_tokens=None)), facts=["the parcel is in Leeds"]
)
print(made.text)
print(made.how, *made.why, sep="; ")
assert made.text == GOOD
