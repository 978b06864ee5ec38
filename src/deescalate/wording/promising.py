"""Promises: a time to each, a broken one owned, a next step at the end."""

from collections.abc import Iterator, Sequence

from deescalate.promises import Promise
from deescalate.wording.draft import Draft, Hit
from deescalate.wording.needs import SituationLike

__all__ = ["promise_hits"]


def promise_hits(
    draft: Draft, situation: SituationLike | None, broken: Sequence[Promise]
) -> Iterator[Hit]:
    """What is missing around promises; bad phrases are found elsewhere."""
    known_broken = bool(broken) or (situation is not None and situation.promise_broken)
    if known_broken and next(draft.signs("broken"), None) is None:
        suggestion = f"own that this was not kept: {broken[0].what}" if broken else None
        yield Hit(code="P403", span=draft.end, suggestion=suggestion)
    if situation is not None and not situation.resolved and not _goes_on(draft):
        yield Hit(code="P404", span=draft.end)


def _goes_on(draft: Draft) -> bool:
    return any(each.asks for each in draft.sentences) or next(draft.signs("step"), None) is not None
