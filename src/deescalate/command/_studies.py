"""``study``: simulated customers meet several ways of answering, with the same luck."""

from argparse import Namespace
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

from deescalate.command._drills import bot_of
from deescalate.command._page import Page
from deescalate.command._records import writer_for
from deescalate.command._sources import InputError, about, read_text, write_text
from deescalate.errors import listed_names, nearest_name, quoted
from deescalate.simulation import AGENTS, Agent, Assumptions, Results, Study, run_episodes

__all__ = ["study"]

_BATCH = 64


def study(options: Namespace, page: Page) -> int:
    """Play every customer with every agent, and compare the first agent with the others."""
    target: str = options.output or ""
    write = writer_for(target) if target else None
    if options.jobs < 1:
        raise InputError("", f"--jobs is {quoted(options.jobs)}: expected 1 or more")
    assume = Assumptions.default()
    if options.assume is not None:
        with about(options.assume):
            assume = Assumptions.from_document(read_text(options.assume))
    names: list[str] = options.agents or [*AGENTS]
    planned = Study(
        agents={name: _agent_of(name) for name in names},
        assume=assume,
        repeats=options.repeats,
        turns=options.turns,
    )
    with nullcontext() if options.jobs == 1 else ProcessPoolExecutor(options.jobs) as executor:
        found = Results.of(
            run_episodes(
                planned,
                seed=options.seed,
                executor=executor,
                batch=_BATCH,
                progress=lambda done, of: page.progress(f"{done:,} of {of:,} conversations"),
            )
        )
    page.progress("")
    page.write(found.to_markdown())
    first, *others = found.agents
    for other in others if len(found) > len(found.agents) else ():
        told = found.compare(first, other, "final")
        page.write(
            f"{first} against {other}: distress at the end {told.value:+.2f} "
            f"({told.low:+.2f} to {told.high:+.2f})"
        )
    if write is not None:
        write_text(target, write(found.columns))
    return 0


def _agent_of(name: str) -> Agent:
    """A ready agent, or the one that ``MODULE:AGENT`` names."""
    if name in AGENTS:
        return AGENTS[name]
    if ":" in name:
        agent: Agent = bot_of(name)
        return agent
    near = nearest_name(name, AGENTS)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    known = listed_names(AGENTS, near)
    raise InputError("", f"unknown agent {quoted(name)}: expected MODULE:AGENT or {known}{hint}")
