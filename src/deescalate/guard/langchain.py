"""LangChain: a middleware for ``create_agent``, its conversation kept by the graph's checkpointer.

Extra ``langchain``. The model's own words never leave it, not even streamed.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Annotated, Any, NotRequired

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ExtendedModelResponse,
    ModelRequest,
    ModelResponse,
)
from langchain.agents.middleware.types import OmitFromInput
from langchain.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langchain_core.messages import BaseMessage
from langgraph.constants import TAG_NOSTREAM
from langgraph.runtime import Runtime
from langgraph.types import Command

from deescalate.guard._attempt import Attempt, Guarded
from deescalate.guard._guard import Guard
from deescalate.guard._limits import adraft_within, draft_within

__all__ = ["GuardMiddleware", "GuardState"]


class GuardState(AgentState[Any]):
    """An agent's state with the conversation's snapshot in it."""

    talk: NotRequired[Annotated[str, OmitFromInput]]


class GuardMiddleware(AgentMiddleware[GuardState, None, Any]):
    """Hear each turn once, instruct the model, and answer only what may be sent.

    The answer's ``response_metadata["guard"]`` says how and why; what a model says beside a call of
    a tool is left out.

    Args:
        guard: The guard.
        facts: What is true and may be said, a short sentence each.
    """

    state_schema = GuardState

    def __init__(self, guard: Guard, *, facts: Iterable[str] = ()) -> None:
        super().__init__()
        self.guard, self.facts = guard, tuple(facts)

    def before_agent(self, state: GuardState, runtime: Runtime[None]) -> dict[str, Any]:  # noqa: ARG002  the framework's
        """Hear what the customer said since the last answer."""
        kept = state.get("talk", "")
        for message in _newest(state["messages"]):
            turn_id, said = message.id or "", str(message.text)
            kept = self.guard.heard(kept, said, turn_id=turn_id).to_snapshot()
        return {"talk": kept}

    def wrap_model_call(
        self,
        request: ModelRequest[None],
        handler: Callable[[ModelRequest[None]], ModelResponse[Any]],
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
        """Ask the model until there is something that may be sent."""
        attempt = self._attempt(request)
        while attempt.guarded is None:
            ask = partial(handler, _asking(request, attempt))
            came = draft_within(self.guard.seconds, ask)
            if calls := _calls(came):
                return calls
            attempt = attempt.drafted(_text(came))
        return _answer(attempt.guarded)

    async def awrap_model_call(
        self,
        request: ModelRequest[None],
        handler: Callable[[ModelRequest[None]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
        """Ask the model, awaited, until there is something that may be sent."""
        attempt = self._attempt(request)
        while attempt.guarded is None:
            ask = partial(handler, _asking(request, attempt))
            came = await adraft_within(self.guard.seconds, ask)
            if calls := _calls(came):
                return calls
            attempt = attempt.drafted(_text(came))
        return _answer(attempt.guarded)

    def _attempt(self, request: ModelRequest[None]) -> Attempt:
        kept = str(request.state.get("talk", ""))
        return self.guard.attempt(self.guard.resumed(kept), facts=self.facts)


def _newest(messages: list[AnyMessage]) -> list[HumanMessage]:
    """What the customer said since the last answer, or since the beginning."""
    answered = [place for place, each in enumerate(messages) if isinstance(each, AIMessage)]
    since = answered[-1] + 1 if answered else 0
    return [each for each in messages[since:] if isinstance(each, HumanMessage)]


def _asking(request: ModelRequest[None], attempt: Attempt) -> ModelRequest[None]:
    """The same request under the guard's instructions, its words not streamed."""
    own = request.system_message.text if request.system_message else ""
    system = SystemMessage("\n\n".join(filter(None, (own, attempt.instructions))))
    quiet = {"tags": [*(request.model.tags or ()), TAG_NOSTREAM]}
    return request.override(system_message=system, model=request.model.model_copy(update=quiet))


def _calls(came: object) -> ModelResponse[Any] | None:
    """The calls of tools without the words beside them; ``None`` where there are none."""
    last = _last(came)
    if last is None or not last.tool_calls:
        return None
    return ModelResponse(result=[last.model_copy(update={"content": ""})])


def _text(came: object) -> object:
    """The text of an answer; what is none as it came."""
    last = _last(came)
    return came if last is None else last.text


def _last(came: object) -> AIMessage | None:
    if not isinstance(came, ModelResponse):
        return None
    result: list[BaseMessage] = came.result
    return next((each for each in reversed(result) if isinstance(each, AIMessage)), None)


def _answer(guarded: Guarded) -> ExtendedModelResponse[Any]:
    message = AIMessage(guarded.text, response_metadata={"guard": guarded.to_mapping()})
    kept: Command[Any] = Command(update={"talk": guarded.talk.to_snapshot()})
    return ExtendedModelResponse(model_response=ModelResponse(result=[message]), command=kept)
