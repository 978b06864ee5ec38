"""A bot at the other end: asked for a reply, cut off at its limit, and never trusted.

A bot is called from a thread of its own, which does not keep the process alive, so a bot that
hangs is left behind and the next call begins a new thread.
"""

import asyncio
import inspect
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Self, TypeAlias

from attrs import frozen

from deescalate.errors import SettingError, quoted

__all__ = ["MOST_CHARACTERS", "Answer", "Bot", "Line", "Message"]

Message: TypeAlias = dict[str, str]
"""One message as models take it: ``role`` (``user`` or ``assistant``) and ``content``."""
Bot: TypeAlias = Callable[[Any], object]
"""A function of the customer's last words, or of a list of messages, to a reply; sync or async."""

MOST_CHARACTERS = 20_000
"""Characters of a reply that anybody would read; ours."""
_LISTS = re.compile(r"\b(?:list|sequence|iterable)\b", re.IGNORECASE)
_NO_TIME = "it took longer than {seconds:g} seconds"


@frozen
class Answer:
    """What a bot answered, or why there is no reply to work with.

    Attributes:
        text: The reply.
        trouble: What went wrong, empty where nothing did.
    """

    text: str = ""
    trouble: str = ""

    @classmethod
    def of(cls, value: object) -> "Answer":
        """What a bot gave back, judged.

        >>> Answer.of("I am on it.").trouble, Answer.of(None).trouble
        ('', 'it answered `None`, expected a text')
        """
        if not isinstance(value, str):
            return cls(trouble=f"it answered {quoted(value)}, expected a text")
        text = str.__str__(value)
        if len(text) > MOST_CHARACTERS:
            told = f"its reply has {len(text):,} characters, expected at most {MOST_CHARACTERS:,}"
            return cls(text[:MOST_CHARACTERS], told)
        return cls(text)

    @classmethod
    def raised(cls, error: BaseException) -> "Answer":
        """What a bot raised."""
        return cls(trouble=f"it raised {quoted(error, limit=200)}")


_Job: TypeAlias = "tuple[Sequence[Message], bool, Future[object]]"


class Line:
    """A line to a bot: what is asked goes out, an `Answer` comes back, whatever the bot does."""

    def __init__(self, bot: Bot, *, seconds: float | None) -> None:
        """Open it.

        Args:
            bot: Whom to ask.
            seconds: How long one reply may take; for ever where it is ``None``.
        """
        if not callable(bot):
            raise SettingError("bot", bot, "a function of a text, or of a list of messages")
        if seconds is not None and (isinstance(seconds, bool) or not _positive(seconds)):
            raise SettingError("seconds_per_reply", seconds, "a number above 0, or `None`")
        self._bot, self._seconds = bot, seconds
        self._whole = takes_messages(bot)
        self._jobs: SimpleQueue[_Job | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def ask(self, messages: Sequence[Message]) -> Answer:
        """Ask, and wait for the answer."""
        job = self._ask(messages, awaited=True)
        try:
            return _judged(job.result(self._seconds))
        except TimeoutError:
            return self._too_late()

    async def aask(self, messages: Sequence[Message]) -> Answer:
        """Ask from a coroutine; what the bot gives to await is awaited in its loop."""
        job = self._ask(messages, awaited=False)
        try:
            async with asyncio.timeout(self._seconds):
                found = await asyncio.wrap_future(job)
                return await _settled(found) if inspect.isawaitable(found) else _judged(found)
        except TimeoutError:
            return self._too_late()

    def _ask(self, messages: Sequence[Message], *, awaited: bool) -> "Future[object]":
        if self._jobs is None:
            self._jobs = SimpleQueue()
            at_work = (self._given, self._jobs, self._seconds)
            threading.Thread(target=_serve, args=at_work, name="drilled-bot", daemon=True).start()
        job: Future[object] = Future()
        self._jobs.put((messages, awaited, job))
        return job

    def _given(self, messages: Sequence[Message]) -> object:
        if self._whole:
            return self._bot([dict(each) for each in messages])
        return self._bot(messages[-1]["content"])

    def _too_late(self) -> Answer:
        self._leave()
        return _late(self._seconds)

    def _leave(self) -> None:
        """Let the thread go: it ends when the bot gives back what it was asked."""
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None


def _positive(seconds: object) -> bool:
    return isinstance(seconds, int | float) and 0 < seconds <= threading.TIMEOUT_MAX


def takes_messages(bot: Bot) -> bool:
    """Whether it is called with a list of messages: its parameter says so by name or annotation.

    >>> def of_messages(messages): ...
    >>> takes_messages(of_messages), takes_messages(str)
    (True, False)
    """
    try:
        parameters = inspect.signature(bot).parameters
    except (TypeError, ValueError):
        return False
    first = next(iter(parameters.values()), None)
    if first is None:
        return False
    return first.name == "messages" or bool(_LISTS.search(str(first.annotation)))


def _serve(
    call: Callable[[Sequence[Message]], object],
    jobs: "SimpleQueue[_Job | None]",
    seconds: float | None,
) -> None:
    """The life of a line's thread: one call after the other."""
    with asyncio.Runner() as runner:
        for messages, awaited, job in iter(jobs.get, None):
            if not job.set_running_or_notify_cancel():
                continue
            try:
                found = call(messages)
                if awaited and inspect.isawaitable(found):
                    found = runner.run(_within(seconds, found))
            except BaseException as error:  # noqa: BLE001  whatever a bot does ends here
                found = Answer.raised(error)
            job.set_result(found)


async def _within(seconds: float | None, found: Awaitable[object]) -> Answer:
    """What is awaited, given up at the limit: its task is cancelled, the thread lives on."""
    try:
        async with asyncio.timeout(seconds):
            return await _settled(found)
    except TimeoutError:
        return _late(seconds)


def _late(seconds: float | None) -> Answer:
    return Answer(trouble=_NO_TIME.format(seconds=seconds))


def _judged(found: object) -> Answer:
    return found if isinstance(found, Answer) else Answer.of(found)


async def _settled(found: Awaitable[object]) -> Answer:
    try:
        return Answer.of(await found)
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever a bot does ends here
        return Answer.raised(error)
