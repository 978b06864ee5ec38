"""The door: runs what was asked for, and turns whatever goes wrong into one line and a status."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module

from deescalate.command._arguments import arguments
from deescalate.command._page import Page, streams
from deescalate.command._sources import told
from deescalate.errors import DeescalateError

__all__ = ["main"]

_RUNS = {
    "chat": "_chat.chat",
    "read": "_messages.read",
    "review": "_messages.review_draft",
    "check": "_checking.check",
    "diff": "_checking.diff",
    "schema": "_checking.schema",
    "turns": "_records.turns",
    "summary": "_records.summary",
    "drill": "_drills.drill_bot",
    "practise": "_drills.practise_one",
    "study": "_studies.study",
}


def main(given: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        given: Its arguments; those of the process where not given.

    Returns:
        The exit status: 0 all is well, 1 findings, 2 called wrongly or unread, 130 and 141 stopped.

    >>> main(["--version"])
    deescalate 0.2.0
    0
    """
    out, err = streams()
    page = Page(out, err)
    try:
        status = _run(sys.argv[1:] if given is None else given, page)
        out.flush()
    except BrokenPipeError:
        _let_go(out)
        return 141
    except KeyboardInterrupt:
        page.progress("")
        return 130
    except (DeescalateError, OSError) as error:
        if isinstance(error, OSError):
            _let_go(out)
        page.complain(told("", error))
        return 2
    return status


def _run(given: Sequence[str], page: Page) -> int:
    try:
        options = arguments(given)
    except SystemExit as asked:
        return int(asked.code or 0)
    page.wish(options.color)
    module, name = _RUNS[options.command].split(".")
    run: Callable[[Namespace, Page], int] = getattr(
        import_module(f"deescalate.command.{module}"), name
    )
    return run(options, page)


def _let_go(stream: object) -> None:
    """Nobody reads the output: what is still to be written of it goes nowhere."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]  # or there is none
