"""One commitment: what was promised, by when, by whom and to whom."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from deescalate.errors import SettingError
from deescalate.hours import aware, instant

__all__ = ["Promise", "Standing"]


class Standing(StrEnum):
    """How a promise stands at a moment.

    >>> Standing.OVERDUE.is_open, Standing.KEPT_LATE.was_broken
    (True, True)
    """

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    RELEASED = "released"

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self in {Standing.OPEN, Standing.DUE_SOON, Standing.OVERDUE}

    @property
    def was_broken(self) -> bool:
        """Whether the due time, as agreed at the last word, was missed."""
        return self in {Standing.OVERDUE, Standing.KEPT_LATE}


@frozen(kw_only=True)
class Promise:
    """One commitment to a customer.

    Attributes:
        name: What the ledger knows it by; unique in a case.
        what: What will be done, in words.
        made_at: When it was made, an aware datetime.
        due: By when it is to be done, an aware datetime, not before ``made_at``.
        made_by: Who made it: a tier or a person.
        made_to: Whom it was made to.
        quote: The words in which it was made, exactly.

    Raises:
        SettingError: An empty name, a naive datetime, or a due time before it was made.

    >>> from datetime import UTC, datetime
    >>> Promise(
    ...     name="call", what="call with the courier's answer",
    ...     made_at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
    ...     due=datetime(2026, 5, 2, 17, 0, tzinfo=UTC),
    ... ).made_by
    'agent'
    """

    name: str
    what: str
    made_at: datetime
    due: datetime
    made_by: str = "agent"
    made_to: str = "customer"
    quote: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise SettingError("name", self.name, "a text that is not empty")
        if instant(aware("due", self.due)) < instant(aware("made_at", self.made_at)):
            raise SettingError("due", str(self.due), f"a moment not before {self.made_at}")
