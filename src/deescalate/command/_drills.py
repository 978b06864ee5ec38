"""``drill`` and ``practise``: a bot, or oneself, before difficult customers who react."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from deescalate.command._page import Page
from deescalate.command._sources import InputError, about, read_text
from deescalate.command._talks import playbook_of
from deescalate.errors import nearest_name, quoted
from deescalate.simulation import STANDARD, ReportCard, Scenarios, drill, practise

__all__ = ["bot_of", "drill_bot", "practise_one"]

_WRITERS: Mapping[str, Callable[[ReportCard], str]] = {
    "text": ReportCard.to_text,
    "markdown": ReportCard.to_markdown,
    "html": ReportCard.to_html,
    "junit": ReportCard.to_junit,
    "json": ReportCard.to_json,
}


def drill_bot(options: Namespace, page: Page) -> int:
    """Drill a bot; 1 where a scenario failed, or where it does worse than an earlier card."""
    bot = bot_of(options.bot)
    scenarios = _scenarios_of(options)
    if options.only:
        scenarios = scenarios.of(**dict(map(_pair, options.only)))
    earlier = None
    if options.against is not None:
        with about(options.against):
            earlier = ReportCard.from_json(read_text(options.against))
    card = drill(
        bot,
        scenarios,
        seed=options.seed,
        playbook=playbook_of(options),
        seconds_per_reply=options.seconds,
    )
    page.write(_WRITERS[options.format](card).rstrip("\n"))
    if earlier is not None:
        change = card.against(earlier)
        print(change, file=page.err)
        return 0 if change.ok else 1
    return 0 if card.ok else 1


def bot_of(name: str) -> Any:
    """The function that ``MODULE:BOT`` names; modules of this folder are found too.

    Raises:
        InputError: There is no such module or function, or importing it fails.
    """
    module_name, _, bot_name = name.partition(":")
    if not module_name or not bot_name:
        raise InputError("", f"the bot is {quoted(name)}: expected MODULE:BOT")
    sys.path.insert(0, "")
    try:
        module = import_module(module_name)
    except Exception as error:  # noqa: BLE001  a module of others may raise anything
        reason = f"it cannot be imported: {type(error).__name__}: {error}"
        raise InputError(module_name, reason) from None
    finally:
        sys.path.remove("")
    bot = getattr(module, bot_name, None)
    if not callable(bot):
        near = nearest_name(bot_name, [each for each in dir(module) if not each.startswith("_")])
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise InputError(module_name, f"it has no function {quoted(bot_name)}{hint}")
    return bot


def _scenarios_of(options: Namespace) -> Scenarios:
    if options.scenarios is None:
        return STANDARD
    with about(options.scenarios):
        return Scenarios.from_document(read_text(options.scenarios))


def _pair(text: str) -> tuple[str, str]:
    what, sign, value = text.partition("=")
    if not sign:
        raise InputError("", f"--only is {quoted(text)}: expected WHAT=VALUE, as hardness=easy")
    return what, value


def practise_one(options: Namespace, page: Page) -> int:
    """Practise with one customer; without a name, list them."""
    scenarios = _scenarios_of(options)
    if options.scenario is None:
        for each in scenarios:
            page.write(f"{each.name} ({each.hardness}): {each.about}")
        return 0
    names = [each.name for each in scenarios]
    if options.scenario not in names:
        near = nearest_name(options.scenario, names)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        reason = f"unknown scenario {quoted(options.scenario)}{hint}; `deescalate practise` lists"
        raise InputError("", f"{reason} them")
    card = practise(
        scenarios[options.scenario],
        write=page.write,
        seed=options.seed,
        playbook=playbook_of(options),
    )
    return 0 if card.ok else 1
