"""Three bots before the same customers: a bad one, a canned one, one built on the library.

``python examples/simulations/drill_a_bot.py`` prints what sets them apart and writes a card of each
as a page beside it (``card_bad.html`` and so on); ``--to FOLDER`` writes them elsewhere.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from deescalate import Playbook
from deescalate.conversation import from_messages
from deescalate.simulation import drill

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
REMEDIES = {
    "refund": "a refund",
    "paid back": "a refund of hotel and meals",
    "corrected": "a new, correct invoice with a refund of the month",
    "swap": "a swap for the right size, sent today",
    "router": "a new router, sent today",
    "repair": "a repair or a new cover",
    "technician": "a visit of our technician tomorrow",
    "upgrade": "an upgrade to the room with the view",
    "express": "an express copy, sent today",
    "blocked": "a block on the card and a new card",
    "closed": "closing the contract, so that the letters stop",
    "changed back": "switching to the old plan, which is put back",
    "unlocked": "the account being unlocked",
    "cancelled": "cancelling the booking",
    "fixed by 2 pm": "the fix by 2 pm and a credit",
}
"""What this house can do, by a word in what it knows of the case: yours asks its own systems."""
WORDS = {
    "name": "and thank you for writing",
    "agent": "Robin",
    "matter": "what happened here",
    "story": "it took far too long and nobody helped",
    "feeling": "let down",
    "words": "that",
    "fact": "what is your order number",
    "topic": "your case",
    "cause": "our system made a mistake",
    "reason": "the rules do not allow it",
    "request": "that",
    "strength": "telling us at once",
    "truth": "that it took too long",
    "behaviour": "the insults",
    "consequence": "I end this chat",
    "time": "by 4 pm today",
    "helper": "Anna, my colleague",
    "second": "a call from Anna",
}


def bad(_: str) -> str:
    """Says what nobody should."""
    return "Calm down. That is your own fault, so do not blame us."


def canned(_: str) -> str:
    """Says the same to everybody."""
    return "We are sorry for the inconvenience. Your request is important to us."


def planned(messages: list[dict[str, str]]) -> str:
    """Says what the strategy plans, in its own phrases, with what the house can do."""
    known = messages[0]["content"]
    no = "cannot" in known or "nothing may" in known
    talk = BOOK.open(at=NINE).learned(
        at=NINE, fault="ours" if "our" in known else "unknown", can_meet="no" if no else "yes"
    )
    for event in from_messages(messages, opened_at=NINE)[1:]:
        talk = talk.then(event)
    remedy = next((REMEDIES[word] for word in REMEDIES if word in known and not no), "a check")
    can = {"remedy": remedy, "first": remedy, "deed": f"arranging {remedy}", "step": remedy}
    phrases = talk.plan.phrases(variant=len(messages) // 2, values={**WORDS, **can})
    return " ".join(each.text for each in phrases) or "I hear you. Please go on."


def main() -> None:
    """Drill them, and write their cards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path(__file__).resolve().parent)
    folder = parser.parse_args().to
    cards = {bot.__name__: drill(bot) for bot in (bad, canned, planned)}
    for name, card in cards.items():
        laws = ", ".join(card.laws) or "none"
        print(f"{name}: {card.grade}, {card.points:g} points, laws broken: {laws}")
        (folder / f"card_{name}.html").write_text(card.to_html(), encoding="utf-8")
    print(cards["planned"].against(cards["canned"]))


if __name__ == "__main__":
    main()
