"""What the page shows of a message and a draft; it runs in the browser."""

from datetime import UTC, datetime

from deescalate import Playbook

BOOK = Playbook.default()


def look(message: str, draft: str) -> str:
    """The reading, the plan and the review, as HTML in which no word of others is markup."""
    talk = BOOK.open(at=datetime(2026, 1, 5, 9, tzinfo=UTC))
    if message.strip():
        talk = talk.customer_says(message, at=talk.at)
    if not draft.strip():
        return talk._repr_html_()
    return f"{talk._repr_html_()}<h2>The draft, reviewed</h2>{talk.review(draft)._repr_html_()}"


look("Hello.", "Hello.")
