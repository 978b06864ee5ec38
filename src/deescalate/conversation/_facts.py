"""From a conversation's data to the facts that strategy and policy decide on: derived once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypedDict

from attrs import fields_dict

from deescalate.advice import Situation, situation_facts
from deescalate.conversation._events import FactValue
from deescalate.conversation._history import History
from deescalate.conversation._state import State
from deescalate.cues import CueReader
from deescalate.emotion import Affect, Exchange, MoveEffects
from deescalate.errors import EventError, FactError, nearest_name, quoted
from deescalate.escalation import EscalationPolicy
from deescalate.languages import Language
from deescalate.money import CURRENCIES, Money
from deescalate.promises import instant
from deescalate.rules import Choice, Fact, Number
from deescalate.strategy import Strategy
from deescalate.wording import Wording

__all__ = [
    "Facts",
    "Judges",
    "check_facts",
    "facts_of",
    "known_facts",
    "policy_facts",
    "situation_of",
]

NAMED = frozenset(fields_dict(Situation))
SUPPLIED = tuple(situation_facts())


class Facts(TypedDict, total=False):
    """The facts that a host may tell a conversation with the shipped tables.

    `Situation` says what those mean that its strategy decides on. The others are the shipped
    escalation policy's: ``minutes_waiting`` since the case was opened, ``threat`` of what,
    ``amount`` asked for (a number counts in the policy's currency), ``abusive`` beyond the limits
    set, ``broken_promises`` and ``refused_offers`` so far, ``stuck_turns`` in which the same plan
    did not help, ``serial_claimant`` for a pattern of claims, and ``tier``, who has the case.
    """

    openness: float
    distress: float
    arousal: float
    emotion: str
    rising: bool
    vulnerable: bool
    manner: str
    danger: str
    danger_suspected: str
    danger_watched: bool
    danger_from: str
    personal_remark: bool
    off_topic: bool
    asks_human: bool
    asks_supervisor: bool
    lost: bool
    unanswered: bool
    not_understood: bool
    cooling: bool
    turns: int
    heard: bool
    played_back: bool
    acknowledged: bool
    apologies: int
    responsibility_owned: bool
    reassured: bool
    asked: bool
    explained: bool
    offered: bool
    refused: bool
    agreed: bool
    promised: bool
    resolved: bool
    limits: int
    helped: bool
    same_plan: int
    rounds_without_deed: int
    repeated_advice: int
    untimed_promises: int
    silent_minutes: int
    goes_up: bool
    fault: str
    can_meet: str
    not_our_doing: bool
    told_matter: bool
    told_since: bool
    told_wish: bool
    told_reference: bool
    open_matters: int
    suggestion: bool
    exception_asked: bool
    contacts: int
    repeat_contact: bool
    promise_broken: bool
    waiting_for_news: bool
    agent_composure: float
    threat: str
    minutes_waiting: float
    amount: float | Money
    abusive: bool
    broken_promises: int
    stuck_turns: int
    refused_offers: int
    serial_claimant: bool
    tier: str


class Judges(Protocol):
    """What a conversation asks for its judgements; a `Playbook` is one."""

    @property
    def reader(self) -> CueReader:
        """Reads the customer's words."""
        ...

    @property
    def language(self) -> Language:
        """The language in which the customer is spoken to and the case handed over."""
        ...

    @property
    def exchange(self) -> Exchange:
        """How the customer's and the agent's state move."""
        ...

    @property
    def effects(self) -> MoveEffects:
        """What the agent's moves do to the customer."""
        ...

    @property
    def strategy(self) -> Strategy:
        """Chooses the next moves."""
        ...

    @property
    def wording(self) -> Wording:
        """Reviews replies."""
        ...

    @property
    def escalation(self) -> EscalationPolicy:
        """Decides who should handle the case."""
        ...

    @property
    def month_first(self) -> bool:
        """Whether a date such as 3/4 in a promise has its month first."""
        ...

    @property
    def longest(self) -> int:
        """Characters of a message or a reply that are read."""
        ...

    @property
    def fingerprint(self) -> str:
        """What tells it from any other."""
        ...

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Facts of the house's own, which a conversation keeps beside those of its tables."""
        ...


def known_facts(judges: Judges) -> dict[str, list[Fact]]:
    """Every fact that the host may tell a conversation, by name, with all that declare it."""
    found: dict[str, list[Fact]] = {}
    policy = judges.escalation
    tier = Choice(policy.current, policy.ladder.names)
    for fact in (*judges.strategy.phase.facts, *policy.table.facts, tier, *judges.facts):
        found.setdefault(fact.name, []).append(fact)
    return found


def check_facts(judges: Judges, facts: Mapping[str, FactValue]) -> None:
    """Refuse facts that nothing declares, and values that a declaration does not allow.

    Raises:
        EventError: Naming the first that cannot be used, and what could.
    """
    known = known_facts(judges)
    policy = judges.escalation
    for name, value in facts.items():
        if name not in known:
            near = nearest_name(name, known)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            reason = f"nothing knows a fact {quoted(name)}: declare it on the playbook{hint}"
            raise EventError("learned", reason)
        if isinstance(value, Money):
            if name != policy.amount:
                raise EventError("learned", f"fact {quoted(name)} is {value}: expected no money")
            known_money = (policy.currency, *policy.exchange)
            if policy.currency is not None and value.currency not in known_money:
                allowed = ", ".join(map(str, known_money))
                raise EventError("learned", f"fact {quoted(name)}: expected one of {allowed}")
            continue
        try:
            for fact in known[name]:
                fact.check(value)
        except FactError as error:
            raise EventError("learned", str(error)) from error


def facts_of(state: State, judges: Judges) -> dict[str, Any]:
    """Every fact that a conversation supplies, by name: one derivation for all that decide.

    What the host has learned goes before what the words show. A fact of your own that nobody has
    told yet is false, the first of its options, or its lowest number (0 where it has none).
    """
    policy = judges.escalation
    history, customer, told = state.history, state.pair.customer, state.history.facts
    asked_at = history.asked_at
    facts: dict[str, Any] = {
        **told,
        "distress": customer.distress,
        "openness": customer.openness,
        "arousal": customer.arousal,
        "emotion": customer.dominant,
        "danger": state.danger.kind,
        "danger_suspected": state.danger.suspected,
        "danger_watched": state.danger.watched(state.at),
        "danger_from": state.danger.comes_from,
        "promised": bool(state.ledger.entries and state.ledger.open(at=state.at)),
        "same_plan": state.same_plan,
        "stuck_turns": state.same_plan,
        "can_meet": "unknown",
        "silent_minutes": int(_seconds(asked_at, state) // 60) if asked_at else 0,
        "goes_up": state.decision.escalates
        and not (history.helped or history.agreed or history.resolved),
        "broken_promises": max(state.broken, told["broken_promises"]),
        "promise_broken": state.broken > 0 or told["promise_broken"],
        "agent_composure": min(max(state.pair.composure, 0.0), 1.0),
        "minutes_waiting": _seconds(state.opened.at, state) / 60.0,
        policy.current: policy.ladder.names[0],
    }
    if history.demand is not None:
        facts[policy.amount] = _demand(history.demand, history)
    for fact in _own_facts(judges):
        if fact.name not in facts:
            facts[fact.name] = _untold(fact)
    known = state.known
    if known.get("serial_claimant") is True:
        facts["manner"] = "serial_claimant"
    facts["serial_claimant"] = known.get("manner") == "serial_claimant"
    return {**facts, **known}


def _seconds(since: datetime, state: State) -> float:
    return (instant(state.at) - instant(since)).total_seconds()


def _own_facts(judges: Judges) -> Sequence[Fact]:
    """Those of the strategy that no situation has."""
    strategy = judges.strategy
    if not strategy.facts:
        return ()
    return [fact for fact in strategy.phase.facts if fact.name not in NAMED]


def _untold(fact: Fact) -> object:
    if isinstance(fact, Number):
        return 0 if fact.low is None else fact.low
    return fact.options[0] if isinstance(fact, Choice) else False


def situation_of(
    state: State, facts: Mapping[str, Any], judges: Judges, *, spread: Affect | None = None
) -> Situation:
    """The facts that a strategy decides on, as sure as the estimate is, or as is said."""
    more = {fact.name: facts[fact.name] for fact in _own_facts(judges) if fact.name in facts}
    given = {name: facts[name] for name in SUPPLIED}
    spread = state.pair.customer.spread if spread is None else spread
    return Situation(spread=spread, more=more, **given)


def policy_facts(facts: Mapping[str, Any], policy: EscalationPolicy) -> dict[str, Any]:
    """The facts that an escalation policy decides on, as far as it declares them."""
    return {name: facts[name] for name in policy.declared if name in facts}


def _demand(amount: Decimal, history: History) -> Money | Decimal:
    """The sum they ask for: money where they say in which currency, of those that there are."""
    currency = history.demand_currency
    return Money(amount, currency) if currency and currency in CURRENCIES else amount
