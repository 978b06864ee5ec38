"""Reading small things from a schedule's document."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deescalate.compensation.formulas import Formula
from deescalate.documents import Notes, joined

__all__ = ["ScheduleNotes"]


class ScheduleNotes(Notes):
    """Readers of small things, which collect what is wrong with them."""

    longest_list = 5_000

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__()
        self.document = document

    def text_of(
        self, path: str, parts: Mapping[str, Any], key: str, default: str | None = ""
    ) -> str:
        """A text under a key; ``None`` as default makes it required."""
        return self.text(joined(path, key), parts.get(key, default), empty=True)

    def formula(self, path: str, value: object) -> Formula | None:
        """A formula, or a number standing for one."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = format(Decimal(value), "f")
        if isinstance(value, str):
            text = value
            return self.tried(path, lambda: Formula.parse(text))
        exact = "an exact number: write it as a text"
        self.expected(path, value, exact if isinstance(value, float) else "a number or a formula")
        return None
