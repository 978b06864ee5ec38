"""The fold: from a conversation and an event to the conversation after it."""

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, assert_never

from attrs import evolve

from deescalate.conversation.bookkeeping import history_after, ledger_after, with_commitments
from deescalate.conversation.events import (
    AgentSaid,
    CustomerSaid,
    Event,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Waited,
)
from deescalate.conversation.facts import policy_facts
from deescalate.conversation.turn import Turn
from deescalate.cues import CueKind, Reading
from deescalate.emotion import Impulse, Pair
from deescalate.errors import EventError
from deescalate.reading.agent import read_agent

if TYPE_CHECKING:
    from deescalate.conversation.conversation import Conversation

__all__ = ["fold"]

Talk = TypeVar("Talk", bound="Conversation")

NOTHING_READ = Reading()
BROKEN_PROMISE = Impulse(pleasure=-0.4, arousal=0.3)
"""What it does to a customer when a promise is broken: ours."""
INSULTED = Impulse(pleasure=-0.2, arousal=0.3)
"""What an insult does to an agent: ours."""
IMPROVED = 0.1
"""Distress lost since the plan was last made that counts as getting better: ours."""
CALM = 0.35
"""Distress below which there is nothing that a plan still has to make better: ours."""


def fold(talk: Talk, event: Event) -> Talk:
    """The conversation after an event, whose time is not before the last one's.

    Args:
        talk: The conversation so far.
        event: What happens next.

    Raises:
        EventError: It does not fit what happened so far.

    >>> from datetime import UTC, timedelta
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine)
    >>> fold(talk, Learned(at=nine, facts={"fault": "ours"})).situation.fault
    'ours'
    """
    after = _happen(_let_time_pass(talk, event.at), event)
    return evolve(after, events=(*talk.events, event))


def _let_time_pass(talk: Talk, until: datetime) -> Talk:
    """Both states drift, and promises whose time has come are broken."""
    seconds = (until - talk.at).total_seconds()
    exchange = talk.judges.exchange
    customer = exchange.customer.drift(talk.pair.customer, seconds=seconds)
    agent = exchange.agent.drift(talk.pair.agent, seconds=seconds)
    broken = len(talk.ledger.broken(at=until)) if talk.ledger.entries else 0
    for _ in range(broken - talk.broken):
        customer = exchange.customer.feel(customer, BROKEN_PROMISE)
    return evolve(talk, pair=Pair(customer=customer, agent=agent), broken=broken)


def _happen(talk: Talk, event: Event) -> Talk:
    match event:
        case CustomerSaid():
            return _after_customer(talk, event)
        case AgentSaid():
            return _after_agent(talk, event)
        case Opened():
            raise EventError("opened", "it was opened before")
        case Promised() | PromiseNoted():
            after = evolve(talk, ledger=ledger_after(talk.ledger, event))
        case Learned():
            after = evolve(talk, known={**talk.known, **event.facts})
        case Waited() | Offered() | Resolved() | Reopened():
            after = evolve(talk, history=history_after(talk.history, event))
        case _:
            assert_never(event)
    return _watched(after, event.at)


def _watched(talk: Talk, at: datetime) -> Talk:
    """Look again at who should have the case."""
    facts = policy_facts(
        talk.pair,
        talk.history,
        talk.known,
        declared={fact.name for fact in talk.judges.escalation.table.facts},
        broken_promises=talk.broken,
        same_plan=talk.same_plan,
        minutes=(at - talk.opened.at).total_seconds() / 60.0,
        tier=talk.tier,
    )
    return evolve(talk, watch=talk.watch.see(facts, at=at))


def _after_customer(talk: Talk, event: CustomerSaid) -> Talk:
    exchange = talk.judges.exchange
    reading = talk.judges.reader.read(event.text)
    before = _distress_before(talk)
    customer = exchange.customer.observe(talk.pair.customer, reading.affect)
    insulted = INSULTED if CueKind.INSULT in reading.kinds else Impulse()
    pair = exchange.customer_speaks(
        evolve(talk.pair, customer=customer), seconds=0.0, impulse=insulted
    )
    rise = 0.0 if before is None else customer.distress - before
    history = talk.history.after_customer(
        reading, rise=rise, words=len(event.text[:10_000].split())
    )
    now = evolve(talk, pair=pair, history=history)
    now = _watched(evolve(now, same_plan=_same_plan(now)), event.at)
    situation = now.situation
    plan = now.judges.strategy.select(situation)
    turn = Turn(
        event=event,
        reading=reading,
        emotion=now.pair.customer,
        agent=now.pair.agent,
        situation=situation,
        plan=plan,
        escalation=now.watch.decision,
        escalated=_moves_up(now, since=talk),
    )
    usual = plan.kinds if not now.same_plan else now.usual
    return evolve(now, turns=(*now.turns, turn), usual=usual)


def _after_agent(talk: Talk, event: AgentSaid) -> Talk:
    found = read_agent(event.text)
    plan, situation = talk.plan, talk.situation
    impulse = talk.judges.effects.impulse(move.value for move in found.kinds)
    pair = talk.judges.exchange.agent_speaks(talk.pair, seconds=0.0, impulse=impulse)
    now = evolve(
        talk,
        pair=pair,
        history=talk.history.after_agent(found.kinds),
        ledger=with_commitments(talk.ledger, event, month_first=talk.judges.month_first),
    )
    now = _watched(now, event.at)
    turn = Turn(
        event=event,
        reading=NOTHING_READ,
        moves=found.moves,
        review=talk.review(event.text),
        emotion=pair.customer,
        agent=pair.agent,
        situation=situation,
        plan=plan,
        escalation=now.watch.decision,
        escalated=_moves_up(now, since=talk),
    )
    return evolve(now, turns=(*now.turns, turn))


def _moves_up(talk: "Conversation", *, since: "Conversation") -> bool:
    decision = talk.watch.decision
    return decision.escalates and decision.tier != since.watch.decision.tier


def _distress_before(talk: "Conversation") -> float | None:
    said = (turn for turn in reversed(talk.turns) if isinstance(turn.event, CustomerSaid))
    last = next(said, None)
    return last.emotion.distress if last else None


def _same_plan(talk: "Conversation") -> int:
    """How often in a row the plan stayed the same and did not help, this turn included."""
    distress = talk.pair.customer.distress
    before = _distress_before(talk)
    if before is None or distress < CALM or before - distress > IMPROVED:
        return 0
    if isinstance(talk.turns[-1].event, CustomerSaid):
        return talk.same_plan  # nobody has answered since: the plan was not tried
    fresh = talk.judges.strategy.select(evolve(talk.situation, same_plan=0, spread=0.0))
    return talk.same_plan + 1 if fresh.kinds == talk.usual else 0
