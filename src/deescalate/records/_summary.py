"""From many cases to what can be learnt: causes, rates, trends, chains, and what calmed whom."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from numbers import Real
from statistics import fmean, variance
from typing import Self

from attrs import frozen

from deescalate._html import Markup, fragment, page, table, tag
from deescalate.errors import SettingError
from deescalate.escaping import for_markdown
from deescalate.hours import instant
from deescalate.records._record import AgentTurn, CaseRecord
from deescalate.statistics import (
    ChangePoint,
    Estimate,
    Rate,
    change_point,
    rate,
    reach,
)

__all__ = ["Chain", "MoveEffect", "Summary", "Trend", "columns", "summarise"]

MOST_DAYS = 36_525
"""A century: nobody remembers further."""

CAVEAT = (
    "what calmed whom is what went together, not what caused what: agents choose their moves "
    "by the customer in front of them; by chance is what the same turns show if the move is dealt "
    "to them at random, and what the model tracks holds what it assumes of the move"
)
FEWEST_TURNS = 10
"""Turns below which nothing is said about a move: ours."""
ALIKE = 0.2
"""How far apart messages may read and still be alike: ours."""


@frozen(kw_only=True)
class MoveEffect:
    """What went together with a move: the change of distress over the turns with it.

    Attributes:
        move: The move.
        turns: Agent turns with it between two messages of the customer that showed something.
        change: Mean change from the one message to the other as read; below 0 they wrote calmer.
        tracked: Mean change of the tracked distress over the same turns. The model assumes what
            moves do, so this says nothing about them.
        by_chance: The change, with its interval, if the move had been dealt at random to as many
            turns after messages that read alike; ``None`` for fewer than 10 turns.

    >>> MoveEffect(move="apologise", turns=1, change=-0.1, tracked=-0.2, by_chance=None).is_clear
    False
    """

    move: str
    turns: int
    change: float
    tracked: float
    by_chance: Estimate | None

    @property
    def is_clear(self) -> bool:
        """Whether the change lies outside of what chance deals."""
        return self.by_chance is not None and self.by_chance.excludes(self.change)


@frozen(kw_only=True)
class Trend:
    """A measure over time.

    Attributes:
        name: What is measured.
        change: Where its level changed, if anywhere; ``None`` for too few cases.

    >>> Trend(name="peak distress", change=None).is_clear
    False
    """

    name: str
    change: ChangePoint | None

    @property
    def is_clear(self) -> bool:
        """Whether chance alone would show as clear a change less than once in twenty times."""
        return self.change is not None and self.change.p < 0.05


@frozen(kw_only=True)
class Chain:
    """Contacts of one customer that followed one another closely, of the same cause.

    Attributes:
        customer: Whose.
        cases: The cases, in the order of time.

    >>> Chain(customer="c1", cases=("1", "2")).cases
    ('1', '2')
    """

    customer: str
    cases: tuple[str, ...]


@frozen(kw_only=True)
class Summary:
    """What many cases show.

    Attributes:
        cases: How many.
        causes: How often each cause was named, the most frequent first.
        resolved: Share of cases settled.
        escalated: Share of cases that left the first tier.
        calmed: Share of cases whose last message read calmer than the first, of those of which two
            messages or more showed something.
        repeat: Share of cases that were not the first contact.
        promises_kept: Share of promises not broken.
        escalation_precision: Of the escalated cases that a person judged, the share that needed it.
        escalation_recall: Of the judged cases that needed it, the share that were escalated.
        trends: Measures over time with their change points.
        chains: Repeated contacts, the longest first.
        moves: What went together with each move, as read, the most calming first.
        findings: How often each code was found, the most frequent first.
        peak: Mean of the greatest distress; 0 of no cases.
        end: Mean distress at the end.

    >>> summarise([]).cases
    0
    """

    cases: int
    causes: Mapping[str, Rate]
    resolved: Rate
    escalated: Rate
    calmed: Rate
    repeat: Rate
    promises_kept: Rate
    escalation_precision: Rate
    escalation_recall: Rate
    trends: tuple[Trend, ...]
    chains: tuple[Chain, ...]
    moves: tuple[MoveEffect, ...]
    findings: Mapping[str, int]
    peak: float
    end: float

    def to_html(self) -> str:
        """The summary as a page of its own.

        >>> "0 cases" in summarise([]).to_html()
        True
        """
        return page(f"{self.cases} cases", *self._picture())

    def _repr_html_(self) -> str:
        return fragment(tag("h1", f"{self.cases} cases"), *self._picture())

    def _picture(self) -> Iterator[Markup]:
        for title, head, rows in self._sections():
            if title:
                yield tag("h2", title)
            yield table(head, rows) if head else tag("ul", *(tag("li", row[0]) for row in rows))

    def _sections(self) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        """A title, the head of a table (a list where there is none) and its rows, of each part."""
        rates = {
            "settled": self.resolved,
            "escalated": self.escalated,
            "last message calmer than the first": self.calmed,
            "not the first contact": self.repeat,
            "promises kept": self.promises_kept,
            "escalations that were needed, as judged": self.escalation_precision,
            "needed escalations that happened, as judged": self.escalation_recall,
        }
        yield "", ("what", "share (90 % interval)"), [(n, str(each)) for n, each in rates.items()]
        if self.causes:
            causes = [(_spaced(name), str(each)) for name, each in self.causes.items()]
            yield "Causes", ("cause", "share of cases (90 % interval)"), causes
        clear = [
            (_told(each.name, each.change),)
            for each in self.trends
            if each.change and each.is_clear
        ]
        if clear:
            yield "What changed", (), clear
        if self.chains:
            chains = [(each.customer, " → ".join(each.cases)) for each in self.chains[:10]]
            yield "They had to come back", ("customer", "cases"), chains
        if self.moves:
            moves = [
                (
                    _spaced(each.move),
                    str(each.turns),
                    f"{each.change:+.2f}",
                    _dealt(each),
                    f"{each.tracked:+.2f}",
                )
                for each in self.moves
            ]
            head = ("move", "turns", "change as read", "by chance", "as the model tracks it")
            yield "Which moves went with calm", head, moves
            yield "", (), [(f"Caution: {CAVEAT}.",)]
        if self.findings:
            found = [(code, str(count)) for code, count in [*self.findings.items()][:15]]
            yield "What the reviews found", ("code", "turns"), found

    def to_markdown(self) -> str:
        """The summary for a person.

        >>> print(summarise([]).to_markdown().splitlines()[0])
        # 0 cases
        """
        parts = [f"# {self.cases} cases"]
        for title, head, rows in self._sections():
            parts += [f"## {title}"] if title else []
            parts.append(_table(head, rows) if head else "\n".join(f"- {row[0]}" for row in rows))
        return "\n\n".join(parts) + "\n"


def summarise(
    records: Iterable[CaseRecord], *, chain_days: float | timedelta = 30.0, level: float = 0.9
) -> Summary:
    """Learn from many cases.

    Args:
        records: The cases, in any order.
        chain_days: Days within which a customer's next case of the same cause is a repeat, 0 to
            36,525, or a `timedelta`.
        level: How sure the intervals are to be, above 0 and below 1.

    Raises:
        SettingError: A setting out of its range.

    >>> summarise([]).resolved.value is None
    True
    """
    if isinstance(chain_days, timedelta):
        chain_days = chain_days / timedelta(days=1)
    is_number = type(chain_days) is not bool and isinstance(chain_days, Real)
    if not is_number or not 0 <= chain_days <= MOST_DAYS:
        raise SettingError("chain_days", chain_days, f"days from 0 to {MOST_DAYS}")
    cases = sorted(records, key=lambda record: instant(record.opened_at))
    steps = [step for record in cases for step in record.steps]

    def share(holds: Callable[[CaseRecord], bool], among: Sequence[CaseRecord] = cases) -> Rate:
        return rate(sum(map(holds, among)), len(among), level=level)

    shown = [[each for each in record.read if each is not None] for record in cases]
    ends = [(read[0], read[-1]) for read in shown if len(read) > 1]
    judged = [record for record in cases if record.escalation_needed is not None]
    promises = sum(record.promises for record in cases)
    kept = promises - sum(record.promises_broken for record in cases)
    causes = Counter(cause for record in cases for cause in dict.fromkeys(record.causes))
    return Summary(
        cases=len(cases),
        causes={name: rate(count, len(cases), level=level) for name, count in causes.most_common()},
        resolved=share(lambda record: record.resolved),
        escalated=share(lambda record: record.escalated),
        calmed=rate(sum(last < first for first, last in ends), len(ends), level=level),
        repeat=share(lambda record: record.contacts > 1),
        promises_kept=rate(max(kept, 0), promises, level=level),
        escalation_precision=share(
            lambda record: record.escalation_needed is True,
            [record for record in judged if record.escalated],
        ),
        escalation_recall=share(
            lambda record: record.escalated,
            [record for record in judged if record.escalation_needed],
        ),
        trends=(
            Trend(name="greatest distress", change=change_point([r.peak for r in cases])),
            Trend(name="distress at the end", change=change_point([r.end for r in cases])),
            Trend(name="escalated", change=change_point([float(r.escalated) for r in cases])),
            Trend(name="settled", change=change_point([float(r.resolved) for r in cases])),
        ),
        chains=_chains(cases, timedelta(days=float(chain_days))),
        moves=_move_effects(steps, level),
        findings=dict(
            Counter(code for step in steps for code in dict.fromkeys(step.findings)).most_common()
        ),
        peak=fmean(record.peak for record in cases) if cases else 0.0,
        end=fmean(record.end for record in cases) if cases else 0.0,
    )


def columns(records: Iterable[CaseRecord]) -> dict[str, list[object]]:
    """The cases as columns, as pandas, polars and pyarrow take them.

    >>> list(columns([]))[:3]
    ['case', 'customer', 'agent']
    """
    cases = list(records)
    plain = (
        *("case", "customer", "agent", "channel", "opened_at", "closed_at", "tier"),
        *("escalated", "escalation_needed", "resolved", "reopened", "contacts"),
        *("promises", "promises_broken", "offers", "peak", "end", "minutes"),
    )
    found: dict[str, list[object]] = {
        name: [getattr(record, name) for record in cases] for name in plain
    }
    found["cause"] = [record.causes[0] if record.causes else None for record in cases]
    found["customer_turns"] = [len(record.course) for record in cases]
    found["agent_turns"] = [len(record.steps) for record in cases]
    found["start_read"] = [next((x for x in r.read if x is not None), None) for r in cases]
    found["end_read"] = [next((x for x in r.read[::-1] if x is not None), None) for r in cases]
    found["start"] = [record.course[0] if record.course else None for record in cases]
    return found


def _chains(cases: Sequence[CaseRecord], within: timedelta) -> tuple[Chain, ...]:
    """Cases of one customer that share a cause, each within a time of the one before."""
    open_chains: dict[str, list[CaseRecord]] = {}
    found: list[list[CaseRecord]] = []
    for record in cases:
        if not record.customer:
            continue
        chain = open_chains.get(record.customer)
        if (
            chain
            and instant(record.opened_at) - instant(chain[-1].closed_at) <= within
            and {*record.causes} & {*chain[-1].causes}
        ):
            chain.append(record)
        else:
            open_chains[record.customer] = chain = [record]
            found.append(chain)
    chains = [
        Chain(customer=chain[0].customer, cases=tuple(record.case for record in chain))
        for chain in found
        if len(chain) > 1
    ]
    return tuple(sorted(chains, key=lambda chain: -len(chain.cases)))


def _move_effects(steps: Iterable[AgentTurn], level: float) -> tuple[MoveEffect, ...]:
    z = reach(level)
    told = [_Told.of(step) for step in steps if step.read_change is not None]
    alike: defaultdict[int, list[float]] = defaultdict(list)
    with_move: defaultdict[str, list[_Told]] = defaultdict(list)
    for each in told:
        alike[each.band].append(each.change)
        for move in dict.fromkeys(each.moves):
            with_move[move].append(each)
    effects = [
        MoveEffect(
            move=move,
            turns=len(turns),
            change=fmean(each.change for each in turns),
            tracked=fmean(each.tracked for each in turns),
            by_chance=_by_chance(turns, alike, z) if len(turns) >= FEWEST_TURNS else None,
        )
        for move, turns in with_move.items()
    ]
    return tuple(sorted(effects, key=lambda effect: (effect.change, effect.move)))


@frozen
class _Told:
    """A turn between two messages that showed something."""

    moves: tuple[str, ...]
    band: int
    change: float
    tracked: float

    @classmethod
    def of(cls, step: AgentTurn) -> Self:
        band = int((step.read_before or 0.0) / ALIKE)
        return cls(step.moves, band, step.read_change or 0.0, step.change or 0.0)


def _by_chance(turns: Sequence[_Told], alike: Mapping[int, Sequence[float]], z: float) -> Estimate:
    """The mean over random deals within each band, and how far it strays: both exact."""
    count, mean, spread = len(turns), 0.0, 0.0
    for band, dealt in Counter(each.band for each in turns).items():
        of = alike[band]
        mean += dealt * fmean(of) / count
        if dealt < len(of):
            spread += dealt * (1 - dealt / len(of)) * variance(of) / count**2
    wide = z * math.sqrt(spread)
    return Estimate(mean, mean - wide, mean + wide)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _told(name: str, change: ChangePoint) -> str:
    return (
        f"{name}: {change.before:.2f} before case {change.index + 1}, "
        f"{change.after:.2f} from there on (p = {change.p:.3f})"
    )


def _dealt(effect: MoveEffect) -> str:
    if effect.by_chance is None:
        return "too few turns"
    found = effect.by_chance
    return f"{found.estimate:+.2f} ({found.low:+.2f} to {found.high:+.2f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(map(for_markdown, row)) + " |" for row in rows]
    return "\n".join(lines)
