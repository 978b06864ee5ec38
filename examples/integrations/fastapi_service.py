"""A bot behind FastAPI, its conversations in Redis: ``uvicorn fastapi_service:app``."""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from redis.asyncio import BlockingConnectionPool, Redis

from deescalate import DeescalateError, Guard, Playbook

guard = Guard(Playbook.default(), seconds=10.0)
url = os.environ.get("REDIS_URL", "redis://localhost")
pool = BlockingConnectionPool.from_url(url, timeout=60, decode_responses=True)
store = Redis.from_pool(pool)
app = FastAPI()


class Said(BaseModel):
    id: str
    text: str


async def draft(messages: list[dict[str, str]]) -> str:
    """Ask your model instead."""
    order = messages[-1]["content"].split("order ")[-1].split()[0]
    return f"I'm sorry that order {order} is late. I have asked the depot where it is."


@app.post("/talks/{case}")
async def said(case: str, message: Said) -> dict[str, str | list[str]]:
    async with store.lock(f"lock:{case}", timeout=60):
        kept = str(await store.get(f"talk:{case}") or "")
        try:
            talk = guard.heard(kept, message.text, turn_id=message.id, case=case)
        except DeescalateError as error:  # another message has this id
            raise HTTPException(409, str(error)) from error
        made = await guard.areply(talk, draft_with=draft)
        await store.set(f"talk:{case}", made.talk.to_snapshot())
    return made.to_mapping()
