"""One row a turn, of many conversations: for frames, plots and statistics, without the words."""

from collections.abc import Iterable, Iterator
from datetime import UTC

from deescalate.conversation import Conversation, CustomerSaid, Turn

__all__ = ["turn_columns"]

_NAMES = (
    *("case", "turn", "turn_id", "who", "at", "read", "tracked", "tracked_low", "tracked_high"),
    *("openness", "emotion", "cues", "moves", "plan", "phase", "tier", "escalated", "score"),
    "findings",
)


def turn_columns(talks: Iterable[Conversation], *, level: float = 0.9) -> dict[str, list[object]]:
    """The turns of conversations as columns, as pandas, polars and pyarrow take them.

    A row has the ``case``, the number of the ``turn`` from 1 and its ``turn_id``, ``who`` spoke
    (``customer`` or ``agent``) and when (``at``, in UTC); the distress that the message alone shows
    (``read``, ``None`` for an agent's), that of the customer after the turn (``tracked``, 0 to 1)
    with the interval ``tracked_low`` to ``tracked_high``, their ``openness`` and the ``emotion``
    felt most; the kinds of ``cues`` shown, the ``moves`` that an agent made; the ``plan`` and its
    ``phase`` (for an agent's turn those in force when they spoke), the ``tier`` that should have
    the case, whether this turn ``escalated`` it; and of an agent's turn the review's ``score`` and
    the codes of its ``findings``. What was said is not among them.

    Args:
        talks: The conversations.
        level: How sure the interval is to be, above 0 and below 1.

    Raises:
        SettingError: A level out of its range.

    >>> from datetime import UTC, datetime
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine).customer_says("I am furious!", at=nine)
    >>> turn_columns([talk])["cues"]
    [['anger']]
    """
    rows = [row for talk in talks for row in _rows(talk, level)]
    return {name: [row[place] for row in rows] for place, name in enumerate(_NAMES)}


def _rows(talk: Conversation, level: float) -> Iterator[tuple[object, ...]]:
    for number, turn in enumerate(talk.turns, 1):
        yield (talk.opened.case, number, *_row(turn, level))


def _row(turn: Turn, level: float) -> tuple[object, ...]:
    event, state, review = turn.event, turn.emotion, turn.review
    theirs = isinstance(event, CustomerSaid)
    band = state.distress_interval(level=level)
    return (
        event.turn_id,
        "customer" if theirs else "agent",
        event.at.astimezone(UTC),
        turn.reading.distress if theirs else None,
        state.distress,
        band.low,
        band.high,
        state.openness,
        state.dominant,
        list(dict.fromkeys(cue.kind.value for cue in turn.reading.cues)) if theirs else [],
        list(dict.fromkeys(found.move.value for found in turn.moves)),
        [move.value for move in turn.plan.kinds],
        turn.plan.phase.value,
        turn.escalation.tier,
        turn.escalated,
        None if review is None else review.score,
        [] if review is None else list(review.codes),
    )
