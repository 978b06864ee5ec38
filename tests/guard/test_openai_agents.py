"""OpenAI's agents under the guard, with its own fake model."""

import asyncio

import pytest

pytest.importorskip("agents.testing", reason="openai-agents is not installed")

from agents import Agent, RunConfig, Runner, function_tool
from agents.exceptions import (
    InputGuardrailTripwireTriggered,
    OutputGuardrailTripwireTriggered,
)
from agents.testing import ScriptedModel, assistant_message, function_call

from deescalate.guard import Guard, How, Pending
from deescalate.guard.openai_agents import areply, guarded, history
from deescalate.playbook import Playbook

BOOK = Playbook.default()
GUARD = Guard(BOOK, seconds=60.0)
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."
SAID = "Where is my parcel? It was due on Monday."
QUIET = RunConfig(tracing_disabled=True)


@function_tool
def look_up(order: str) -> str:
    """Look an order up."""
    return f"{order} is in Leeds"


def an_agent(*answers, **also):
    """An agent whose model gives one answer after the other, and the model."""
    model = ScriptedModel([[assistant_message(e)] if isinstance(e, str) else e for e in answers])
    return guarded(Agent[Pending](name="desk", model=model, **also)), model


def replied(agent, talk, guard=GUARD):
    return asyncio.run(areply(guard, agent, talk))


def test_a_good_draft_is_sent_under_the_agents_own_prompt_too():
    agent, model = an_agent(GOOD, instructions="You are Nell.")
    talk = GUARD.heard("", SAID, turn_id="t1")
    found = replied(agent, talk)
    assert (found.text, found.how) == (GOOD, How.SENT)
    prompt = model.first_call.system_instructions
    assert prompt.startswith("You are Nell.\n\nWrite the agent's next reply")
    again = replied(agent, GUARD.heard(found.talk.to_snapshot(), SAID, turn_id="t1"))
    assert (again.how, again.text, len(model.calls)) == (How.REPEATED, GOOD, 1)


def test_a_tripped_guardrail_is_another_try():
    agent, model = an_agent(BAD, GOOD)
    found = replied(agent, GUARD.heard("", SAID))
    assert (found.text, found.how, len(found.why)) == (GOOD, How.RETRIED, 2)
    assert "`You need to calm down`" in model.last_call.system_instructions


@pytest.mark.parametrize("answers", [(BAD, BAD), (OSError("down"), BAD), ("", ""), ()])
def test_whatever_the_model_does_something_may_be_sent(answers):
    agent, _ = an_agent(*answers)
    talk = GUARD.heard("", SAID)
    found = replied(agent, talk)
    assert (found.how, len(found.why)) == (How.REPLACED, 3)
    assert talk.review(found.text).ok


def test_a_run_of_the_hosts_own_trips_and_says_why():
    agent, _ = an_agent(BAD, GOOD, GOOD)
    turn = Pending(GUARD.attempt(GUARD.heard("", SAID)))
    with pytest.raises(OutputGuardrailTripwireTriggered) as tripped:
        asyncio.run(Runner.run(agent, SAID, context=turn, run_config=QUIET))
    assert "calm down" in tripped.value.guardrail_result.output.output_info
    result = asyncio.run(Runner.run(agent, SAID, context=turn, run_config=QUIET))
    assert result.final_output == turn.attempt.guarded.text == GOOD


def test_no_model_is_asked_where_a_person_has_the_case():
    agent, model = an_agent(GOOD)
    talk = GUARD.heard("", SAID)
    turn = Pending(GUARD.attempt(talk.handed_over("supervisor", at=talk.at)))
    with pytest.raises(InputGuardrailTripwireTriggered):
        asyncio.run(Runner.run(agent, SAID, context=turn, run_config=QUIET))
    assert len(model.calls) == 0
    assert not agent.input_guardrails[0].run_in_parallel  # what it has begun to say is paid for


def test_tools_are_called_within_a_turn_and_the_history_is_what_was_said():
    agent, model = an_agent(
        [function_call("look_up", {"order": "48213"}, call_id="c1")], GOOD,
        "It is with the depot; I am asking them again now.", tools=[look_up],
    )  # fmt: skip
    found = replied(agent, GUARD.heard("", SAID))
    assert (found.how, len(found.talk.turns)) == (How.SENT, 2)
    talk = found.talk.customer_says("And?", at=found.talk.at)
    assert replied(agent, talk).how is How.SENT
    assert [each["content"] for each in history(talk)] == [SAID, GOOD, "And?"]
    assert len(model.last_call.input) == 3


def test_nothing_is_traced_unless_the_host_says_how_to_run(monkeypatch):
    given, run = [], Runner.run

    def noted(*args, run_config, **also):
        given.append(run_config)
        return run(*args, run_config=run_config, **also)

    monkeypatch.setattr(Runner, "run", noted)
    agent, _ = an_agent(GOOD, GOOD)
    talk = GUARD.heard("", SAID)
    asyncio.run(areply(GUARD, agent, talk))
    asyncio.run(areply(GUARD, agent, talk, run_config=QUIET))
    assert given[0].tracing_disabled
    assert given[1] is QUIET
