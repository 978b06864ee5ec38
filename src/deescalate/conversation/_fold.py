"""The fold: from a conversation's data and an event to the data after it."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TypeAlias, assert_never

from attrs import evolve

from deescalate._memory import remembering
from deescalate.advice import Plan, Situation
from deescalate.authority import Authority
from deescalate.conversation._advice import allowed
from deescalate.conversation._books import noted, with_commitments
from deescalate.conversation._danger import KINDS, Danger, says_safe
from deescalate.conversation._events import (
    AgentSaid,
    Cleared,
    CustomerSaid,
    Event,
    HandedOver,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Unread,
    Waited,
)
from deescalate.conversation._facts import (
    Judges,
    check_facts,
    facts_of,
    policy_facts,
    situation_of,
)
from deescalate.conversation._history import Message, Reply, changed
from deescalate.conversation._log import Log
from deescalate.conversation._state import State, Turn
from deescalate.conversation._told import asks, sayings_of, told_in
from deescalate.cues import CueKind, Reading
from deescalate.emotion import Affect, Impulse, Pair
from deescalate.errors import EventError
from deescalate.escalation import Watch
from deescalate.moves import Move, Phase
from deescalate.promises import Standing, Word, instant
from deescalate.reading import UNDERSTOOD, AgentReading, Commitment, LanguageReader, commitments_in
from deescalate.rules import Outputs
from deescalate.text import Places, Span, Text
from deescalate.wording import Review, harms_in, review

__all__ = ["advised", "authority_of", "fold", "opening", "review_of", "tier_of"]

Quiet: TypeAlias = (
    Opened | Promised | PromiseNoted | Learned | Offered | Resolved | Reopened | HandedOver | Waited
)
NOTHING_READ = Reading()
BROKEN_PROMISE = Impulse(pleasure=-0.4, arousal=0.3)
"""What it does to a customer when a promise is broken: ours."""
INSULTED = Impulse(pleasure=-0.2, arousal=0.3)
"""What an insult does to an agent: ours."""
IMPROVED = 0.1
"""Distress lost since the plan was last made that counts as getting better: ours."""
CALM = 0.35
"""Distress below which there is nothing that a plan still has to make better: ours."""
HOST = "the host said so"
KIND_WORDS = (Phase.SAFETY, Phase.PERSON)
SIGNS = frozenset(KINDS)
QUOTED = 300
"""Characters of a text that are kept as a reason, or as a question about safety: ours."""
STATED = 3
"""Words of a sentence that says something: ours."""
REMEMBERED = 8
"""How many of the last replies a review compares a draft with, as long as they are no longer
together than one text may be: ours."""


def opening(event: Event, judges: Judges) -> State:
    """The data of a conversation that has just begun; ``event`` is its opening, or its first."""
    first = event.event if isinstance(event, Unread) and event.event else event
    opened = first if isinstance(first, Opened) else Opened(at=event.at)
    begun = Watch.begin(judges.escalation, {}, at=opened.at)
    state = State(
        opened=opened,
        at=opened.at,
        events=Log([event if first is opened else opened]),
        pair=judges.exchange.start(),
        decision=begun.decision,
    )
    return state if first is opened else fold(state, event, judges)


def fold(state: State, event: Event, judges: Judges) -> State:
    """The data after an event, whose time is not before the last one's.

    Args:
        state: The conversation so far.
        event: What happens next.
        judges: What reads, decides and reviews.

    Raises:
        EventError: It does not fit what happened so far.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import Learned, fold
    >>> from deescalate.playbook import Playbook
    >>> book = Playbook.default()
    >>> state = book.open(at=datetime(2026, 1, 5, 9, tzinfo=UTC)).state
    >>> fold(state, Learned(at=state.at, facts={"fault": "ours"}), book).known["fault"]
    'ours'
    """
    now = _let_time_pass(state, event.at, judges)
    after = _happen(now, event, judges)
    return changed(after, events=state.events.plus(event))


def _let_time_pass(state: State, until: datetime, judges: Judges) -> State:
    """Both states drift, and promises whose time has come are broken."""
    seconds = (instant(until) - instant(state.at)).total_seconds()
    exchange = judges.exchange
    customer = exchange.customer.drift(state.pair.customer, seconds=seconds)
    agent = exchange.agent.drift(state.pair.agent, seconds=seconds)
    broken = len(state.ledger.broken(at=until)) if state.ledger.entries else 0
    for _ in range(broken - state.broken):
        customer = exchange.customer.feel(customer, BROKEN_PROMISE)
    return changed(state, at=until, pair=Pair(customer=customer, agent=agent), broken=broken)


def _happen(state: State, event: Event, judges: Judges) -> State:
    match event:
        case CustomerSaid():
            return _after_customer(state, event, judges)
        case AgentSaid():
            return _after_agent(state, event, judges)
        case Unread():
            return _happen(state, event.event, judges) if event.event else state
        case Cleared():
            return _given_back(state, event, judges)
        case _:
            return _watched(_without_words(state, event, judges), judges)


def _without_words(state: State, event: Quiet, judges: Judges) -> State:
    """What is known after something happened that nobody said."""
    match event:
        case Opened():
            raise EventError("opened", "it was opened before")
        case Promised() | PromiseNoted():
            kept = isinstance(event, PromiseNoted) and event.word is Word.KEPT
            history = state.history.after_deed() if kept else state.history
            return changed(state, ledger=noted(state.ledger, event), history=history)
        case Learned():
            return _told_by_host(state, event, judges)
        case Offered():
            return changed(state, history=state.history.after_offer())
        case Resolved() | Reopened():
            settled = isinstance(event, Resolved)
            return changed(state, history=state.history.settled(so=settled))
        case HandedOver():
            return _handed_over(state, event, judges)
        case Waited():
            return state
        case _:
            assert_never(event)


def _told_by_host(state: State, event: Learned, judges: Judges) -> State:
    """What the host learns is known from then on; danger is a latch and never just a fact."""
    check_facts(judges, event.facts)
    facts = dict(event.facts)
    danger = state.danger
    suspected = facts.pop("danger_suspected", danger.suspected)
    told = facts.pop("danger", danger.kind)
    if suspected != danger.suspected:
        danger = danger.suspect(str(suspected), at=event.at, because=HOST)
    if told == "none" and "danger" in event.facts:
        danger = danger.cleared(at=event.at, because=HOST)
    elif told != danger.kind:
        danger = danger.shown(str(told), at=event.at, because=HOST)
    return changed(state, known=Outputs({**state.known, **facts}), danger=danger)


def _handed_over(state: State, event: HandedOver, judges: Judges) -> State:
    check_facts(judges, {judges.escalation.current: event.to})
    known = Outputs({**state.known, judges.escalation.current: event.to})
    return changed(state, known=known, history=changed(state.history, helped=True))


def _given_back(state: State, event: Cleared, judges: Judges) -> State:
    """Nobody is in danger: a person said so, so that the case may leave the safety channel."""
    danger = state.danger.cleared(at=event.at, because=event.because or HOST)
    safe = changed(state, danger=danger)
    facts = policy_facts(facts_of(safe, judges), judges.escalation)
    return changed(safe, decision=judges.escalation.evaluate(facts), calm_since=None)


def _watched(state: State, judges: Judges) -> State:
    """Look again at who should have the case."""
    facts = policy_facts(facts_of(state, judges), judges.escalation)
    before = Watch(
        policy=judges.escalation,
        decision=state.decision,
        at=state.at,
        calm_since=state.calm_since,
    )
    after = before.see(facts, at=state.at)
    decision = state.decision if after.decision == state.decision else after.decision
    now = changed(state, decision=decision, calm_since=after.calm_since)
    if _moves_up(now, since=state) and state.history.helped:
        return changed(now, history=changed(now.history, helped=False))
    return now


def _after_customer(state: State, event: CustomerSaid, judges: Judges) -> State:
    exchange = judges.exchange
    text = _cut(event, judges)
    own = str(text.own)
    reading = _read(text, judges)
    before = state.last_said.emotion.distress if state.last_said else None
    customer = exchange.customer.observe(state.pair.customer, reading.affect)
    insulted = INSULTED if CueKind.INSULT in reading.kinds else Impulse()
    pair = exchange.customer_speaks(
        evolve(state.pair, customer=customer), seconds=0.0, impulse=insulted
    )
    rise = 0.0 if before is None else customer.distress - before
    message = Message(
        at=event.at,
        words=len(own.split()),
        rise=rise,
        distress=customer.distress,
        asks=asks(own),
        found=told_in(text),
        whole=not reading.unread,
        understood=reading.understood >= UNDERSTOOD or (" " not in own and bool(reading.cues)),
    )
    now = changed(
        state,
        pair=pair,
        history=state.history.after_customer(reading, message),
        danger=_danger_after(state, event, reading, message, judges),
    )
    now = _watched(changed(now, same_plan=_same_plan(now, judges)), judges)
    situation = situation_of(now, facts_of(now, judges), judges)
    plan = plan_of(now, situation, judges)
    turn = Turn(
        event=event,
        reading=reading,
        emotion=now.pair.customer,
        agent=now.pair.agent,
        situation=situation,
        plan=plan,
        escalation=now.decision,
        escalated=_moves_up(now, since=state),
    )
    usual = plan.kinds if not now.same_plan else now.usual
    return changed(_with_turn(now, turn), usual=usual)


def _danger_after(
    state: State, event: CustomerSaid, reading: Reading, message: Message, judges: Judges
) -> Danger:
    danger = state.danger.seen(reading.cues, at=event.at)
    asked = state.history.safety_asked
    if not asked or SIGNS & reading.kinds:
        return danger
    of_harm = any(each.what == "asks of harm" for each in told_in(asked, judges.language))
    sure = state.danger.suspected == "none"
    if not says_safe(message.found, words=message.words, asked_of_harm=of_harm, sure=sure):
        return danger
    because = f"they said so: {event.text[:QUOTED]}"
    return danger.cleared(at=event.at, because=because, kinds=("self_harm",))


def _after_agent(state: State, event: AgentSaid, judges: Judges) -> State:
    situation, plan = advised(state, judges)
    judged = review_of(state, event.text, judges, plan=plan, situation=situation)
    reviewed = evolve(judged, again=None)  # what was said is not put better any more
    text, found = _cut(event, judges), AgentReading(reviewed.moves)
    committed = commitments_in(text)
    made = (move.value for move in found.kinds)
    impulse = judges.effects.impulse(made, hurts=harms_in(reviewed.of("T")))
    pair = judges.exchange.agent_speaks(state.pair, seconds=0.0, impulse=impulse)
    now = changed(
        state,
        pair=pair,
        history=state.history.after_agent(found.kinds, _reply(event, text, found, committed)),
        ledger=with_commitments(state.ledger, event, committed),
    )
    now = _watched(now, judges)
    turn = Turn(
        event=event,
        reading=NOTHING_READ,
        moves=found.moves,
        review=reviewed,
        emotion=pair.customer,
        agent=pair.agent,
        situation=situation,
        plan=plan,
        escalation=now.decision,
        escalated=_moves_up(now, since=state),
    )
    return _with_turn(now, turn)


def _cut(event: CustomerSaid | AgentSaid, judges: Judges) -> Text:
    """The text of a turn, which all that look at it share."""
    return Text.shared(
        event.text, judges.language, month_first=judges.month_first, longest=judges.longest
    )


def _read(text: Text, judges: Judges) -> Reading:
    """Read a text: a reader of its own language need not cut it again."""
    reader = judges.reader
    if isinstance(reader, LanguageReader) and reader.language == text.language:
        return reader.read(text)
    reading = reader.read(text.raw)
    return evolve(reading, unread=text.unread) if text.unread else reading


def _reply(
    event: AgentSaid, text: Text, found: AgentReading, committed: Sequence[Commitment]
) -> Reply:
    """What a reply does beside its moves."""
    tells = frozenset(each.what for each in told_in(text))
    passed_on = [each.span for each in found.of(Move.SEEK_HELP)]
    no_deeds = Places([*passed_on, *(each.span for each in committed)])
    moves = {move for move in found.kinds if not move.asks and move.phase not in KIND_WORDS}
    return Reply(
        at=event.at,
        text=event.text[:QUOTED],
        answers=bool(moves or committed or _states(text, found)),
        tells=tells,
        sayings=tuple(sayings_of(text, found.moves)),
        done="not known yet" not in tells
        and not all(no_deeds.touch(act.span) for act in found.of(Move.ACT)),
        untimed=bool(committed) and all(each.when is None for each in committed),
    )


def _states(text: Text, found: AgentReading) -> bool:
    """Whether a sentence says something: no question, and no kind word alone."""
    tokens, kind = text.tokens, Places(each.span for each in found.moves)
    for sentence in text.sentences:
        span = Span(tokens[sentence.first].start, tokens[sentence.last].end)
        if not sentence.asks and not kind.touch(span) and sentence.last - sentence.first >= STATED:
            return True
    return False


def _with_turn(state: State, turn: Turn) -> State:
    name, place = turn.event.turn_id, len(state.turns)
    heard = state.heard.plus(name, place) if name else state.heard
    return changed(state, turns=state.turns.plus(turn), heard=heard)


def review_of(
    state: State, draft: str, judges: Judges, *, plan: Plan, situation: Situation
) -> Review:
    """Review a draft reply against the plan, the state and the promises."""
    overdue = state.ledger.standing_in(Standing.OVERDUE, at=state.at)
    said = state.last_said
    return _reviewed(
        draft,
        plan=plan,
        situation=situation,
        authority=authority_of(state, judges),
        promises=overdue if state.ledger.entries else (),
        previous=_remembered(state, judges),
        customer=None if said is None else said.event.text[:QUOTED],
        cues=() if said is None else said.reading.acted_on,
        wording=judges.wording,
        language=judges.language,
        longest=judges.longest,
    )


def _remembered(state: State, judges: Judges) -> tuple[str, ...]:
    """The last replies, oldest first."""
    events = (e.event if isinstance(e, Unread) else e for e in reversed(state.events))
    replies = (event.text for event in events if isinstance(event, AgentSaid))
    kept: list[str] = []
    for reply in islice(replies, REMEMBERED):
        kept.append(reply)
        if sum(map(len, kept)) >= judges.longest:
            break
    return tuple(kept[::-1])


_reviewed = remembering(lru_cache(maxsize=64)(review))
"""A draft is mostly reviewed and then said."""


def advised(state: State, judges: Judges) -> tuple[Situation, Plan]:
    """What is known and what is advised now; right after the customer spoke it is there already."""
    last = state.turns[-1] if state.turns else None
    if last is not None and last.review is None and last.event is state.events[-1]:
        return last.situation, last.plan
    situation = situation_of(state, facts_of(state, judges), judges)
    return situation, plan_of(state, situation, judges)


def plan_of(state: State, situation: Situation, judges: Judges) -> Plan:
    """What the strategy advises and whoever has the case may do, in the language of the house."""
    plan = allowed(judges.strategy.select(situation), judges, authority_of(state, judges))
    return evolve(plan, language=judges.language)


def authority_of(state: State, judges: Judges) -> Authority:
    """What whoever has the case may grant and do."""
    return judges.escalation.ladder.tier(tier_of(state, judges)).authority


def tier_of(state: State, judges: Judges) -> str:
    """Who has the case; the first tier, until the host has learned of another."""
    names = judges.escalation.ladder.names
    told = state.known.get(judges.escalation.current)
    return told if isinstance(told, str) and told in names else names[0]


def _moves_up(state: State, *, since: State) -> bool:
    return state.decision.escalates and state.decision.tier != since.decision.tier


def _same_plan(state: State, judges: Judges) -> int:
    """How often in a row the plan stayed the same and did not help, this turn included."""
    distress = state.pair.customer.distress
    last = state.last_said
    if last is None or distress < CALM or last.emotion.distress - distress > IMPROVED:
        return 0
    if state.turns[-1] is last:
        return state.same_plan  # nobody has answered since: the plan was not tried
    facts = {**facts_of(state, judges), "same_plan": 0}
    fresh = judges.strategy.select(situation_of(state, facts, judges, spread=Affect()))
    return state.same_plan + 1 if fresh.kinds == state.usual else 0
