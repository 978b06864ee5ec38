"""One case, kept without its words: what happened, in numbers and names."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, cast

import cattrs
from attrs import Attribute, evolve, field, frozen

from deescalate._plain import read_lines
from deescalate._structured import plain_converter, structured
from deescalate.conversation import AgentSaid, Conversation, CustomerSaid, Offered, Turn
from deescalate.cues import CueKind
from deescalate.errors import SettingError, TranscriptError, quoted
from deescalate.hours import aware, instant
from deescalate.rules import Outputs
from deescalate.statistics import finite

__all__ = [
    "CAUSES",
    "FORMAT",
    "AgentTurn",
    "CaseRecord",
    "record_of",
    "records_from_json_lines",
    "records_to_json_lines",
]

FORMAT = 1

CAUSES: Mapping[str, tuple[CueKind, ...]] = MappingProxyType(
    {
        "unmet_expectation": (CueKind.BROKEN_PROMISE, CueKind.MONEY_DEMAND),
        "lack_of_communication": (CueKind.IGNORED, CueKind.LONG_WAIT, CueKind.REPEAT_CONTACT),
        "service_failure": (CueKind.UNRESOLVED, CueKind.REFUND_REQUEST),
        "perceived_indifference": (CueKind.BLAME, CueKind.SARCASM),
    }
)
"""The four usual causes of anger (advice A1), and the cues that point to each; ours."""


def _aware(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    aware(attribute.name, value)


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _numbers(value: Iterable[float]) -> tuple[float, ...]:
    return tuple(finite("course", value))


def _plain(value: Any) -> Any:
    """Numbers and truths of numpy as Python's; all else as it is."""
    if type(value) in {bool, int, float, str, type(None)}:
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return bool(value) if type(value).__name__ in {"bool", "bool_"} else value


def _read_values(values: Iterable[float | None]) -> tuple[float | None, ...]:
    return tuple(map(_plain, values))


def _counted(cues: Mapping[str, int]) -> Outputs:
    return Outputs({name: _plain(count) for name, count in cues.items()})


def _shares(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """Validate a number from 0 to 1, or several; ``None`` where it is the default."""
    several = isinstance(value, tuple)
    every = cast("tuple[object, ...]", value if several else (value,))
    for place, each in enumerate(every):
        known = isinstance(each, int | float) and not isinstance(each, bool) and 0 <= each <= 1
        if not known and (each is not None or attribute.default is not None):
            name = f"{attribute.name}[{place}]" if several else attribute.name
            raise SettingError(name, each, "a number from 0 to 1")


def _read_shares(_: Any, attribute: "Attribute[Any]", value: tuple[Any, ...]) -> None:
    for place, each in enumerate(value):
        is_number = isinstance(each, int | float) and not isinstance(each, bool)
        if each is not None and not (is_number and 0 <= each <= 1):
            raise SettingError(f"{attribute.name}[{place}]", each, "a number from 0 to 1, or none")


def _flags(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, bool) and (value is not None or attribute.default is not None):
        raise SettingError(attribute.name, value, "true or false")


def _counts(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """Validate a count, or one for each name."""
    many = isinstance(value, Mapping)
    for each in cast("Iterable[object]", value.values() if many else (value,)):
        if type(each) is not int or each < 0:
            raise SettingError(attribute.name, each, "a whole number, 0 or more")


@frozen(kw_only=True)
class AgentTurn:
    """What an agent's turn did, and how the customer was before and after it.

    Attributes:
        moves: The moves made.
        findings: Codes that the review of the turn found.
        score: The review's score, 0 to 1.
        before: The customer's distress as tracked at their turn before, 0 to 1.
        after: At their next turn; ``None`` where there was none.
        read_before: What the customer's message before showed by itself, 0 to 1; ``None`` where
            it showed nothing, such as "4711", or could not be read.
        read_after: What their next message showed by itself.

    >>> step = AgentTurn(
    ...     moves=["apologise"], before=0.8, after=0.5, read_before=0.8, read_after=0.7)
    >>> step.change, step.read_change, step.assumed_change
    (-0.3, -0.1, -0.2)
    """

    moves: tuple[str, ...] = field(default=(), converter=_names)
    findings: tuple[str, ...] = field(default=(), converter=_names)
    score: float = field(default=1.0, converter=_plain, validator=_shares)
    before: float | None = field(default=None, converter=_plain, validator=_shares)
    after: float | None = field(default=None, converter=_plain, validator=_shares)
    read_before: float | None = field(default=None, converter=_plain, validator=_shares)
    read_after: float | None = field(default=None, converter=_plain, validator=_shares)

    @property
    def change(self) -> float | None:
        """Tracked distress gained over the turn; what the model assumes of the moves is in it."""
        return _gained(self.before, self.after)

    @property
    def read_change(self) -> float | None:
        """Distress gained from message to message, as read; below 0 they wrote calmer."""
        return _gained(self.read_before, self.read_after)

    @property
    def assumed_change(self) -> float | None:
        """What the model added to what was read (time, assumed effects of moves, caution)."""
        if self.change is None or self.read_change is None:
            return None
        return _gained(self.read_change, self.change)


def _gained(before: float | None, after: float | None) -> float | None:
    if before is None or after is None:
        return None
    return round(after - before, 12) or 0.0  # never a negative nothing


@frozen(kw_only=True)
class CaseRecord:
    """One case, without a word of what was said.

    Attributes:
        case: The host's name for the case.
        customer: An opaque name for the customer, for chains of contacts; empty for none.
        agent: Who handled it; empty for nobody in particular.
        channel: Where, such as ``chat``.
        opened_at: When it began, aware.
        closed_at: When it ended, aware.
        causes: What it was about, the weightiest first.
        course: The customer's distress as tracked, turn by turn, 0 to 1.
        read: What each of these turns showed by itself, 0 to 1; ``None`` for nothing. Empty where
            it was not kept.
        cues: How often each kind of cue was shown.
        steps: The agent's turns.
        tier: Where it ended.
        escalated: Whether it left the first tier.
        escalation_needed: What a person judged afterwards; ``None`` for not judged.
        resolved: Whether it was settled.
        reopened: How often it came back.
        contacts: How often the customer had to get in touch, as far as is known.
        promises: Promises made.
        promises_broken: Promises broken.
        offers: Remedies offered.
        labels: The house's own, by name.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> CaseRecord(case="7", opened_at=at, closed_at=at, tier="agent", course=[0.8, 0.3]).peak
    0.8
    """

    case: str = ""
    customer: str = ""
    agent: str = ""
    channel: str = ""
    opened_at: datetime = field(validator=_aware)
    closed_at: datetime = field(validator=_aware)
    causes: tuple[str, ...] = field(default=(), converter=_names)
    course: tuple[float, ...] = field(default=(), converter=_numbers, validator=_shares)
    read: tuple[float | None, ...] = field(
        default=(), converter=_read_values, validator=_read_shares
    )
    cues: Mapping[str, int] = field(default=Outputs({}), converter=_counted, validator=_counts)
    steps: tuple[AgentTurn, ...] = ()
    tier: str
    escalated: bool = field(default=False, converter=_plain, validator=_flags)
    escalation_needed: bool | None = field(default=None, converter=_plain, validator=_flags)
    resolved: bool = field(default=False, converter=_plain, validator=_flags)
    reopened: int = field(default=0, converter=_plain, validator=_counts)
    contacts: int = field(default=1, converter=_plain, validator=_counts)
    promises: int = field(default=0, converter=_plain, validator=_counts)
    promises_broken: int = field(default=0, converter=_plain, validator=_counts)
    offers: int = field(default=0, converter=_plain, validator=_counts)
    labels: Mapping[str, str] = field(default=Outputs({}), converter=Outputs)

    @property
    def peak(self) -> float:
        """The greatest distress, 0 to 1; 0 for a case without a customer's turn."""
        return max(self.course, default=0.0)

    @property
    def end(self) -> float:
        """The distress at the end, 0 to 1."""
        return self.course[-1] if self.course else 0.0

    @property
    def minutes(self) -> float:
        """How long it took, in minutes."""
        return (instant(self.closed_at) - instant(self.opened_at)).total_seconds() / 60.0


def record_of(
    talk: Conversation,
    *,
    customer: str = "",
    agent: str = "",
    channel: str = "",
    causes: Iterable[str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> CaseRecord:
    """Keep a conversation without its words.

    Args:
        talk: The conversation.
        customer: An opaque name for the customer. Do not give an address or a number.
        agent: Who handled it.
        channel: Where.
        causes: What it was about, in the house's own names; read from the cues by default.
        labels: The house's own.

    >>> from datetime import UTC, datetime
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine).customer_says("nobody ever answers me!", at=nine)
    >>> record_of(talk).causes
    ('lack_of_communication',)
    """
    said = [turn for turn in talk.turns if isinstance(turn.event, CustomerSaid)]
    cues = Counter(cue.kind.value for turn in said for cue in turn.reading.cues)
    return CaseRecord(
        case=talk.opened.case,
        customer=customer,
        agent=agent,
        channel=channel,
        opened_at=talk.opened.at,
        closed_at=talk.at,
        causes=_causes(cues) if causes is None else tuple(causes),
        course=tuple(round(turn.emotion.distress, 4) for turn in said),
        read=tuple(map(_read, said)),
        cues=cues,
        steps=tuple(_steps(talk.turns)),
        tier=talk.escalation.tier,
        escalated=any(turn.escalated for turn in talk.turns),
        resolved=talk.history.resolved,
        reopened=sum(type(event).__name__ == "Reopened" for event in talk.events),
        contacts=max(talk.history.contacts, 2 if talk.history.repeat_contact else 1),
        promises=len(talk.ledger.promises),
        promises_broken=len(talk.ledger.broken(at=talk.at)),
        offers=sum(isinstance(event, Offered) for event in talk.events),
        labels=labels or {},
    )


def _causes(cues: Counter[str]) -> tuple[str, ...]:
    weights = {name: sum(cues[kind.value] for kind in kinds) for name, kinds in CAUSES.items()}
    found = [name for name, weight in weights.items() if weight]
    return tuple(sorted(found, key=lambda name: -weights[name]))


def _steps(turns: Iterable[Turn]) -> list[AgentTurn]:
    steps: list[AgentTurn] = []
    distress: float | None = None
    read: float | None = None
    for turn in turns:
        if isinstance(turn.event, AgentSaid):
            review = turn.review
            steps.append(
                AgentTurn(
                    moves=tuple(dict.fromkeys(found.move.value for found in turn.moves)),
                    findings=tuple(found.code for found in review.findings)
                    if review is not None
                    else (),
                    score=1.0 if review is None else round(review.score, 4),
                    before=distress,
                    read_before=read,
                )
            )
        else:
            distress, read = round(turn.emotion.distress, 4), _read(turn)
            if steps and steps[-1].after is None:
                steps[-1] = evolve(steps[-1], after=distress, read_after=read)
    return steps


def _read(turn: Turn) -> float | None:
    """What a message shows by itself; nothing where it shows neither pleasure nor arousal."""
    seen = turn.reading.affect
    shows = seen.pleasure.precision or seen.arousal.precision
    return round(turn.reading.distress, 4) if shows else None


def records_to_json_lines(records: Iterable[CaseRecord]) -> str:
    r"""Write records as JSON lines, to append to those of yesterday.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> records_to_json_lines([CaseRecord(opened_at=at, closed_at=at, tier="agent")])[:14]
    '{"format": 1, '
    """
    converter = _converter()
    return "".join(
        json.dumps({"format": FORMAT, **converter.unstructure(record)}) + "\n" for record in records
    )


def records_from_json_lines(text: str) -> tuple[CaseRecord, ...]:
    """Read records from JSON lines; blank lines are passed over.

    Raises:
        TranscriptError: Naming the first line that is no record, and why.

    >>> records_from_json_lines("")
    ()
    """
    return read_lines(text, _record)


def _record(data: dict[str, object]) -> CaseRecord:
    if data.get("format") != FORMAT:
        raise TranscriptError(f"format is {quoted(data.get('format'))}: expected {FORMAT}")
    given = {name: data[name] for name in data if name != "format"}
    return structured(given, CaseRecord, _converter())


@cache
def _converter() -> cattrs.Converter:
    """Texts are no numbers, and numbers are judged by the values that hold them."""
    converter = plain_converter()
    for kind in (float, int, bool):
        converter.register_structure_hook(kind, _as_given)
    return converter


def _as_given(value: object, _kind: object) -> object:
    return value
