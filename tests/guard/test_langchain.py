"""LangChain's agents under the guard, with its own fake model."""

import asyncio

import pytest

pytest.importorskip("langchain.agents", reason="langchain is not installed")

from langchain.agents import create_agent
from langchain.messages import AIMessage, HumanMessage
from langchain_core.language_models import GenericFakeChatModel
from langgraph.checkpoint.memory import InMemorySaver

from deescalate.conversation import CustomerSaid
from deescalate.guard import Guard
from deescalate.guard.langchain import GuardMiddleware
from deescalate.playbook import Playbook

BOOK = Playbook.default()
GUARD = Guard(BOOK, seconds=60.0)
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."
SAID = "Where is my parcel? It was due on Monday."
CALL = {"name": "look_up", "args": {"order": "48213"}, "id": "c1", "type": "tool_call"}


class Model(GenericFakeChatModel):
    """The framework's fake, which may be given tools."""

    def bind_tools(self, _tools, **_also):
        return self


def look_up(order: str) -> str:
    """Look an order up."""
    return f"{order} is in Leeds"


def an_agent(*answers, tools=(), guard=GUARD, **also):
    model = Model(
        messages=iter(AIMessage(each) if isinstance(each, str) else each for each in answers)
    )
    middleware = GuardMiddleware(guard, **also)
    return create_agent(model, tools=tools, middleware=[middleware], checkpointer=InMemorySaver())


def thread(name="48213"):
    return {"configurable": {"thread_id": name}}


def asked(agent, text=SAID, name="m1", how="invoke"):
    given = {"messages": [HumanMessage(text, id=name)]}
    if how == "invoke":
        return agent.invoke(given, thread())
    return asyncio.run(agent.ainvoke(given, thread()))


def turns_of(state):
    return BOOK.resume(state["talk"]).turns


@pytest.mark.parametrize("how", ["invoke", "ainvoke"])
def test_a_good_draft_is_sent_and_the_talk_is_kept(how):
    agent = an_agent(
        GOOD, "It is with the depot; I am asking them again now.", facts=["it is in Leeds"]
    )
    state = asked(agent, how=how)
    assert state["messages"][-1].content == GOOD
    assert state["messages"][-1].response_metadata["guard"]["how"] == "sent"
    assert [turn.event.text for turn in turns_of(state)] == [SAID, GOOD]
    later = asked(agent, "And?", "m2", how)
    assert [type(turn.event) for turn in turns_of(later)].count(CustomerSaid) == 2
    assert len(turns_of(later)) == 4


@pytest.mark.parametrize("how", ["invoke", "ainvoke"])
def test_a_bad_draft_is_asked_for_again_with_what_was_wrong(how):
    state = asked(an_agent(BAD, GOOD), how=how)
    assert state["messages"][-1].content == GOOD
    assert state["messages"][-1].response_metadata["guard"]["how"] == "retried"
    assert len(state["messages"]) == 2


@pytest.mark.parametrize("how", ["invoke", "ainvoke"])
def test_a_model_that_raises_or_is_bad_twice_is_replaced(how):
    for answers in ((BAD, BAD), ()):
        state = asked(an_agent(*answers), how=how)
        last = state["messages"][-1]
        assert last.response_metadata["guard"]["how"] == "replaced"
        assert BOOK.resume(state["talk"]).turns[-1].event.text == last.content


@pytest.mark.parametrize("how", ["invoke", "ainvoke"])
def test_tools_are_called_a_turn_is_heard_once_and_no_word_beside_a_call_leaves(how):
    agent = an_agent(AIMessage(BAD, tool_calls=[CALL]), GOOD, tools=[look_up])
    state = asked(agent, how=how)
    kinds = [type(each).__name__ for each in state["messages"]]
    assert kinds == ["HumanMessage", "AIMessage", "ToolMessage", "AIMessage"]
    assert BAD not in str(state["messages"])
    assert len(turns_of(state)) == 2


def test_the_same_message_again_gets_the_same_answer():
    agent = an_agent(GOOD)
    first = asked(agent)
    again = asked(agent)
    assert again["messages"][-1].content == first["messages"][-1].content
    assert turns_of(again) == turns_of(first)


def test_where_a_person_has_the_case_no_model_is_asked():
    agent = an_agent("I understand. I am getting my supervisor for you now.")
    state = asked(agent, "I want to speak to your manager now")
    assert state["messages"][-1].response_metadata["guard"]["to"] == "supervisor"
    waiting = asked(agent, "Hello?", "m2")
    assert "colleague" in waiting["messages"][-1].content


def test_nothing_that_was_not_reviewed_is_streamed():
    agent = an_agent(BAD, GOOD)
    given = {"messages": [HumanMessage(SAID, id="m1")]}
    parts = [chunk.text for chunk, _ in agent.stream(given, thread(), stream_mode="messages")]
    assert "calm" not in "".join(parts)
    assert GOOD in "".join(parts)


def test_a_graph_that_begins_without_a_customer_has_a_conversation():
    state = an_agent("Hello, how can I help?").invoke({"messages": []}, thread())
    assert [turn.event.text for turn in turns_of(state)] == ["Hello, how can I help?"]


def test_the_prompt_of_the_agent_stays():
    seen = []

    class Watched(Model):
        def _generate(self, messages, *rest, **also):
            seen.append(messages)
            return super()._generate(messages, *rest, **also)

    agent = create_agent(
        Watched(messages=iter([AIMessage(GOOD)])),
        system_prompt="You are Nell.",
        middleware=[GuardMiddleware(GUARD)],
    )
    agent.invoke({"messages": [HumanMessage(SAID, id="m1")]})
    assert seen[0][0].text.startswith("You are Nell.\n\n")
    assert "Write the agent's next reply" in seen[0][0].text


def test_of_messages_without_names_those_since_the_last_answer_are_heard():
    said = [HumanMessage(SAID), AIMessage(GOOD), HumanMessage("And?"), HumanMessage("Hello?")]
    for since in (0, 1, 2):
        kept = GuardMiddleware(GUARD).before_agent({"messages": said[since:]}, None)
        assert [turn.event.text for turn in turns_of(kept)] == ["And?", "Hello?"]
