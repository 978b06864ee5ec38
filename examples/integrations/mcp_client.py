"""Any agent may ask the MCP server: here the package's own client, over stdin and stdout."""

import asyncio
import os
import sys

from mcp import Client, StdioServerParameters

command = StdioServerParameters(
    command=sys.executable, args=["-m", "deescalate.guard.mcp"], env={**os.environ}
)
messages = [{"role": "user", "content": "This is the third time I write! Get me your manager."}]


async def main() -> None:
    async with Client(command) as client:
        advice = await client.call_tool("advise", {"messages": messages})
        draft = {"draft": "You need to calm down.", "messages": messages}
        review = await client.call_tool("review", draft)
        decision = await client.call_tool("decide", {"messages": messages})
    for found, name in ((advice, "instructions"), (review, "feedback"), (decision, "tier")):
        print((found.structured_content or {})[name], end="\n\n")


asyncio.run(main())
