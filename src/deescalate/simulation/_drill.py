"""The drill: a bot is put before difficult customers, and gets a report card."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import cast

from deescalate.errors import SettingError
from deescalate.hours import aware
from deescalate.playbook import Playbook
from deescalate.simulation._bots import Bot, Line
from deescalate.simulation._card import ReportCard
from deescalate.simulation._course import MONDAY, Course
from deescalate.simulation._results import ScenarioResult
from deescalate.simulation._scenarios import STANDARD, Scenario

__all__ = ["adrill", "courses_of", "drill"]

SECONDS_PER_REPLY = 20.0
"""How long a reply may take where nobody says: ours."""


def drill(
    bot: Bot,
    scenarios: Iterable[Scenario] = STANDARD,
    *,
    seed: int = 0,
    start: datetime | None = None,
    playbook: Playbook | None = None,
    seconds_per_reply: float | None = SECONDS_PER_REPLY,
) -> ReportCard:
    """Put a bot before difficult customers who react to what it says.

    Whatever the bot does, the drill goes on: what raises, hangs or gives back no text fails its
    scenario. The bot runs in a thread beside this one; the same replies give the same card.

    Args:
        bot: A function of the customer's last words, or, where its parameter is called ``messages``
            or annotated as a list, of all messages (``role`` and ``content``; what the agent's side
            knows of the case comes first, as ``system``); sync or async. It gives back its reply.
        scenarios: The customers.
        seed: Which luck they have, any whole number.
        start: When it takes place, aware; a Monday at nine where not given.
        playbook: What the replies are reviewed by; the shipped one where not given.
        seconds_per_reply: How long one reply may take; for ever where it is ``None``.

    Raises:
        SettingError: No scenario, two of one name, or a setting out of its range.

    >>> card = drill(lambda text: "Calm down.", STANDARD.of(hardness="easy", manner="curt"))
    >>> card.grade, card.laws["respect"]
    ('F', ('one word answers',))
    """
    results: list[ScenarioResult] = []
    with Line(bot, seconds=seconds_per_reply) as line:
        for course in courses_of(scenarios, seed=seed, start=start, playbook=playbook):
            while course.result is None:
                course.hear(line.ask(course.messages))
            results.append(course.result)
    return ReportCard(results=results, bot=_name(bot), seed=seed)


async def adrill(
    bot: Bot,
    scenarios: Iterable[Scenario] = STANDARD,
    *,
    seed: int = 0,
    start: datetime | None = None,
    playbook: Playbook | None = None,
    seconds_per_reply: float | None = SECONDS_PER_REPLY,
    at_once: int = 1,
) -> ReportCard:
    """`drill` in a running event loop, in which the bot's replies are awaited too.

    Args:
        bot: As for `drill`.
        scenarios: As for `drill`.
        seed: As for `drill`.
        start: As for `drill`.
        playbook: As for `drill`.
        seconds_per_reply: As for `drill`. A coroutine that never awaits cannot be cut off.
        at_once: How many customers it has at the same time, 1 or more.

    Returns:
        The card that `drill` gives.

    Raises:
        SettingError: As for `drill`.
    """
    if type(at_once) is not int or at_once < 1:
        raise SettingError("at_once", at_once, "a whole number, 1 or more")
    courses = list(courses_of(scenarios, seed=seed, start=start, playbook=playbook))
    waiting = iter(courses)

    async def serve() -> None:
        with Line(bot, seconds=seconds_per_reply) as line:
            for course in waiting:
                while course.result is None:
                    course.hear(await line.aask(course.messages))

    await asyncio.gather(*(serve() for _ in range(at_once)))
    results = [each.result for each in courses if each.result is not None]
    return ReportCard(results=results, bot=_name(bot), seed=seed)


def courses_of(
    scenarios: Iterable[Scenario],
    *,
    seed: int,
    start: datetime | None,
    playbook: Playbook | None,
) -> Iterator[Course]:
    """A course for each scenario, opened when it is its turn; what is wrong is told at once."""
    chosen = _checked(scenarios)
    if type(seed) is not int:
        raise SettingError("seed", seed, "a whole number")
    at = MONDAY if start is None else aware("start", start)
    book = playbook or _shipped()
    opened: Callable[[Scenario], Course] = lambda each: Course(  # noqa: E731
        each, seed=seed, start=at, playbook=book
    )
    return map(opened, chosen)


@cache
def _shipped() -> Playbook:
    """The shipped playbook, whose tables are compiled once."""
    return Playbook.default()


def _checked(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    given = cast("object", scenarios)
    chosen = tuple(scenarios) if isinstance(given, Iterable) else ()
    if not chosen or not _all_scenarios(chosen):
        raise SettingError("scenarios", scenarios, "at least one scenario, such as `STANDARD`")
    return chosen


def _all_scenarios(chosen: Iterable[object]) -> bool:
    return all(isinstance(each, Scenario) for each in chosen)


def _name(bot: Bot) -> str:
    name = getattr(bot, "__name__", None) or type(bot).__name__
    return str(name) if name != "<lambda>" else "the bot"
