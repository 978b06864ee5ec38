"""A LangChain agent under the guard; its conversation is kept by the graph's checkpointer."""

from langchain.agents import create_agent
from langchain.messages import AIMessage, HumanMessage
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from deescalate import Guard, Playbook
from deescalate.guard.langchain import GuardMiddleware

GOOD = "I'm sorry that it is late. I have asked the depot where it is."
drafts = ["You need to calm down.", GOOD]
model = GenericFakeChatModel(messages=iter(map(AIMessage, drafts)))  # yours instead

agent = create_agent(
    model,
    middleware=[GuardMiddleware(Guard(Playbook.default()), facts=["the parcel is in Leeds"])],
    checkpointer=InMemorySaver(),
)
thread: RunnableConfig = {"configurable": {"thread_id": "48213"}}
said = HumanMessage("Where is my parcel? It was due on Monday!", id="m1")
state = agent.invoke({"messages": [said]}, thread)
answer = state["messages"][-1]
print(answer.text)
print(answer.response_metadata["guard"])
assert answer.text == GOOD
