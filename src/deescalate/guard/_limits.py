"""A draft within its time: whatever a model does, an outcome comes back."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread

from attrs import frozen

from deescalate.errors import quoted

__all__ = ["Failed", "adraft_within", "draft_within"]


@frozen
class Failed:
    """No draft came.

    Attributes:
        why: Why not, such as ``it raised `ValueError()```.
        hint: What the model may be told of it; or nothing.
    """

    why: str
    hint: str = ""


def draft_within(seconds: float | None, draft: Callable[[], object]) -> object:
    """Ask for a draft and wait for it no longer than a time.

    With a limit the model is asked in a thread of its own, which is left behind when it hangs:
    no thread can be ended from outside, so give the model's client a limit as well.

    Args:
        seconds: The limit; ``None`` for none, and then no thread: what ends a program, such as
            ``SystemExit``, passes.
        draft: Asks the model.

    Returns:
        What it gave, or `Failed`.
    """
    if seconds is None:
        return _outcome(draft, Exception)
    outcomes: SimpleQueue[object] = SimpleQueue()
    run = copy_context().run
    asking = Thread(target=lambda: outcomes.put(run(_outcome, draft, BaseException)), daemon=True)
    try:
        asking.start()
        return outcomes.get(timeout=seconds)
    except Empty:
        return _late(seconds)
    except RuntimeError as error:  # the machine has no more threads
        return _raised(error)


async def adraft_within(
    seconds: float | None, draft: Callable[[], Awaitable[object] | object]
) -> object:
    """The same on an event loop: a draft that hangs is cancelled, and not waited for.

    Args:
        seconds: The limit; ``None`` for none.
        draft: Asks the model.

    Returns:
        What it gave, or `Failed`.
    """
    asking = asyncio.ensure_future(_aoutcome(draft))
    try:
        done, _ = await asyncio.wait({asking}, timeout=seconds)
    finally:
        asking.cancel()
    return asking.result() if done else _late(seconds or 0.0)


def _outcome(draft: Callable[[], object], caught: type[BaseException]) -> object:
    try:
        return draft()
    except caught as error:
        return _raised(error)


async def _aoutcome(draft: Callable[[], Awaitable[object] | object]) -> object:
    try:
        found = draft()
        return await found if inspect.isawaitable(found) else found
    except (Exception, SystemExit, GeneratorExit, asyncio.CancelledError) as error:  # noqa: BLE001
        return _raised(error)


def _late(seconds: float) -> Failed:
    return Failed(f"it took longer than {seconds:g} s")


def _raised(error: BaseException) -> Failed:
    return Failed(f"it raised {quoted(error)}")
