"""What type checkers see of a conversation; checked by mypy and pyright, never run."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_type

from deescalate import Conversation, EmotionState, Playbook
from deescalate.conversation import Advice, Event, Handover, Turn
from deescalate.escalation import Decision
from deescalate.money import Money
from deescalate.moves import Phase
from deescalate.strategy import Plan
from deescalate.wording import Review

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)

talk = Playbook.default().open(at=AT)
assert_type(talk, Conversation)
assert_type(talk.customer_says("hi", at=AT), Conversation)
assert_type(talk.offered("money back", at=AT, amount=Money(Decimal(5), "EUR")), Conversation)
assert_type(talk.emotion, EmotionState)
assert_type(talk.plan, Plan)
assert_type(talk.plan.phase, Phase)
assert_type(talk.escalation, Decision)
assert_type(talk.review("sorry"), Review)
assert_type(talk.handover(), Handover)
assert_type(talk.events[0], Event)
assert_type(talk.turns[1:], tuple[Turn, ...])
assert_type(talk.advice, Advice)
assert_type(talk.learned(at=AT, fault="ours", minutes_waiting=40), Conversation)

talk.customer_says("hi")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
talk.customer_says(5, at=AT)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
talk.learned(at=AT, falt="ours")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
talk.tier = "manager"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
