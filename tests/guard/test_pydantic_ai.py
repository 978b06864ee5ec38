"""PydanticAI's agents under the guard, with its own fake model."""

import asyncio

import pytest

pytest.importorskip("pydantic_ai", reason="pydantic-ai is not installed")

from pydantic_ai import Agent
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel

from deescalate.guard import Guard, How, Pending
from deescalate.guard.pydantic_ai import areply, guarded, history
from deescalate.playbook import Playbook

BOOK = Playbook.default()
GUARD = Guard(BOOK, seconds=60.0)
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."
SAID = "Where is my parcel? It was due on Monday."


def an_agent(*answers, **also):
    """An agent whose model gives one answer after the other, and what it was asked."""
    left, asked = list(answers), []

    def answer(messages, info):
        asked.append((messages, info.instructions))
        given = left.pop(0) if left else OSError("down")
        if isinstance(given, Exception):
            raise given
        return ModelResponse(parts=[given if not isinstance(given, str) else TextPart(given)])

    return guarded(Agent(FunctionModel(answer), deps_type=Pending, **also)), asked


def replied(agent, talk, guard=GUARD):
    return asyncio.run(areply(guard, agent, talk))


def test_a_good_draft_is_sent():
    agent, asked = an_agent(GOOD)
    talk = GUARD.heard("", SAID, turn_id="t1")
    found = replied(agent, talk)
    assert (found.text, found.how) == (GOOD, How.SENT)
    assert "Write the agent's next reply" in asked[0][1]
    again = replied(agent, GUARD.heard(found.talk.to_snapshot(), SAID, turn_id="t1"))
    assert (again.how, again.text, len(asked)) == (How.REPEATED, GOOD, 1)


def test_a_bad_draft_is_asked_for_again_in_one_run():
    agent, asked = an_agent(BAD, GOOD)
    found = replied(agent, GUARD.heard("", SAID))
    assert (found.text, found.how, len(asked)) == (GOOD, How.RETRIED, 2)
    retry = asked[1][0][-1].parts[0]
    assert "`You need to calm down`" in retry.content


@pytest.mark.parametrize("answers", [(BAD, BAD), (), ("", ""), (OSError("x"), BAD)])
def test_whatever_the_model_does_something_may_be_sent(answers):
    agent, _ = an_agent(*answers)
    talk = GUARD.heard("", SAID)
    found = replied(agent, talk)
    assert found.how is How.REPLACED
    assert talk.review(found.text).ok


def test_more_tries_than_the_agent_takes_are_more_runs():
    agent, asked = an_agent(BAD, BAD, BAD, GOOD)
    found = replied(agent, GUARD.heard("", SAID), Guard(BOOK, tries=5, seconds=60.0))
    assert found.text == GOOD
    assert [line.split(":")[1] for line in found.why] == [" not to be sent"] * 3 + [
        " it may be sent"
    ]
    assert len(asked) == 4


def test_an_agent_that_was_not_guarded_sends_nothing():
    agent = Agent(
        FunctionModel(lambda _messages, _info: ModelResponse(parts=[TextPart(BAD)])),
        deps_type=Pending,
    )
    found = replied(agent, GUARD.heard("", SAID))
    assert (found.how, found.why[0]) == (How.REPLACED, "draft 1: the run gave no draft")


def test_tools_are_called_within_a_turn():
    agent, asked = an_agent(ToolCallPart("look_up", {"order": "48213"}), GOOD)

    @agent.tool_plain
    def look_up(order: str) -> str:
        return f"{order} is in Leeds"

    found = replied(agent, GUARD.heard("", SAID))
    assert (found.how, len(found.talk.turns), len(asked)) == (How.SENT, 2, 2)


def test_the_history_is_what_was_said():
    agent, asked = an_agent(GOOD, "It is with the depot; I am asking them again now.")
    talk = replied(agent, GUARD.heard("", SAID)).talk
    replied(agent, talk.customer_says("And?", at=talk.at))
    assert [each.parts[0].content for each in asked[1][0]] == [SAID, GOOD, "And?"]
    assert len(history(talk)) == 2


def test_no_part_of_a_reply_is_sent_before_the_whole():
    async def streamed():
        async def parts(_messages, _info):
            yield BAD[:22]
            yield BAD[22:]

        agent = guarded(Agent(FunctionModel(stream_function=parts), deps_type=Pending))
        turn = Pending(Guard(BOOK, tries=1).attempt(GUARD.heard("", SAID)))
        async with agent.run_stream(deps=turn, message_history=history(turn.attempt.talk)) as run:
            return [part async for part in run.stream_output(debounce_by=None)], turn

    parts, turn = asyncio.run(streamed())
    assert parts == [turn.attempt.guarded.text]
    assert "calm" not in parts[0]
