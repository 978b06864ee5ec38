"""LlamaIndex's models under the guard, with its own fake model."""

import asyncio

import pytest

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")

from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms import MockLLM
from pydantic import Field

from deescalate.guard import Guard, How
from deescalate.guard.llama_index import adrafter, drafter
from deescalate.playbook import Playbook

GUARD = Guard(Playbook.default(), seconds=60.0)
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."
SAID = "Where is my parcel? It was due on Monday."


class Model(MockLLM):
    """The framework's fake, with answers."""

    answers: list[str] = Field(default_factory=list)
    asked: list[list[ChatMessage]] = Field(default_factory=list)

    def chat(self, messages, **_also):
        self.asked.append(list(messages))
        return ChatResponse(message=ChatMessage(role="assistant", content=self.answers.pop(0)))

    async def achat(self, messages, **also):
        return self.chat(messages, **also)


def model_of(*answers):
    model = Model()
    model.answers, model.asked = [*answers], []
    return model


def replied(model, how):
    talk = GUARD.heard("", SAID)
    if how == "reply":
        return GUARD.reply(talk, draft_with=drafter(model))
    return asyncio.run(GUARD.areply(talk, draft_with=adrafter(model)))


@pytest.mark.parametrize("how", ["reply", "areply"])
def test_its_drafts_are_sent_asked_for_again_or_replaced(how):
    model = model_of(GOOD)
    assert replied(model, how).how is How.SENT
    assert [each.role.value for each in model.asked[0]] == ["system", "user"]
    model = model_of(BAD, GOOD)
    assert replied(model, how).how is How.RETRIED
    assert "`You need to calm down`" in model.asked[1][0].content
    assert replied(model_of(), how).how is How.REPLACED
    assert replied(MockLLM(), how).text not in ("", SAID)
