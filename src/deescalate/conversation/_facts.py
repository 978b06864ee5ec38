"""From a conversation's data to the facts that strategy and policy decide on: derived once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol, TypedDict

from attrs import evolve, fields_dict

from deescalate.advice import Situation
from deescalate.conversation._events import FactValue
from deescalate.conversation._history import History
from deescalate.conversation._state import State
from deescalate.cues import CueKind, CueReader
from deescalate.emotion import Exchange, MoveEffects
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

THREATS = (
    (CueKind.THREAT_LEGAL, "legal"),
    (CueKind.THREAT_PUBLICITY, "publicity"),
    (CueKind.THREAT_LEAVING, "leaving"),
)
NAMED = frozenset(fields_dict(Situation))
FELT = ("openness", "distress", "arousal", "emotion")


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
    history, pair = state.history, state.pair
    minutes = (instant(state.at) - instant(state.opened.at)).total_seconds() / 60.0
    threat = next((name for kind, name in THREATS if kind in history.ever), "none")
    contacts = max(history.contacts, 2 if history.repeat_contact else 1)
    told_broken = history.told_of_broken_promise and not history.responsibility_owned
    silent = history.asked_at and (instant(state.at) - instant(history.asked_at)).total_seconds()
    not_ours = bool(history.words_for("not ours"))
    facts: dict[str, Any] = {
        "distress": pair.customer.distress,
        "openness": pair.customer.openness,
        "arousal": pair.customer.arousal,
        "emotion": pair.customer.dominant,
        "rising": history.rising,
        "vulnerable": history.vulnerable,
        "manner": history.manner,
        "danger": state.danger.kind,
        "danger_suspected": state.danger.suspected,
        "danger_watched": state.danger.watched(state.at),
        "danger_from": state.danger.comes_from,
        "personal_remark": CueKind.INSULT in history.last,
        "off_topic": CueKind.OFF_TOPIC in history.last,
        "asks_human": CueKind.ASKS_HUMAN in history.last,
        "asks_supervisor": CueKind.ASKS_SUPERVISOR in history.last,
        "lost": CueKind.THREAT_LEAVING in history.last and history.refusals > 0,
        "turns": history.agent_turns,
        "heard": history.heard,
        "played_back": history.played_back,
        "acknowledged": history.acknowledged,
        "apologies": history.apologies,
        "responsibility_owned": history.responsibility_owned,
        "reassured": history.reassured,
        "asked": history.asked,
        "explained": history.explained,
        "offered": history.offered,
        "refused": history.refused,
        "agreed": history.agreed,
        "promised": bool(state.ledger.entries and state.ledger.open(at=state.at)),
        "resolved": history.resolved,
        "limits": history.limits,
        "helped": history.helped,
        "same_plan": state.same_plan,
        "stuck_turns": state.same_plan,
        "fault": _fault(history, not_ours=not_ours),
        "not_our_doing": not_ours,
        "exception_asked": bool(history.words_for("exception")),
        "waiting_for_news": history.cannot_know_yet,
        "can_meet": "unknown",
        "told_matter": bool(history.words_for("fault")),
        "told_since": bool(history.words_for("since")),
        "told_wish": bool(history.words_for("wish") or history.words_for("exception")),
        "told_reference": bool(history.words_for("reference")),
        "unanswered": history.unanswered,
        "not_understood": history.not_understood,
        "open_matters": len(history.open_matters),
        "rounds_without_deed": history.rounds_without_deed,
        "repeated_advice": history.repeated_advice,
        "untimed_promises": history.untimed_promises,
        "cooling": history.cooling,
        "silent_minutes": int((silent or 0.0) // 60),
        "goes_up": state.decision.escalates
        and not (history.helped or history.agreed or history.resolved),
        "suggestion": history.suggestion,
        "contacts": contacts,
        "repeat_contact": history.repeat_contact,
        "broken_promises": max(state.broken, int(history.told_of_broken_promise)),
        "promise_broken": state.broken > 0 or CueKind.BROKEN_PROMISE in history.last or told_broken,
        "agent_composure": min(max(pair.composure, 0.0), 1.0),
        "threat": "none" if history.resolved else threat,
        "minutes_waiting": minutes,
        "abusive": history.abusive_turns > history.limits and history.abusive_turns >= 2,
        "refused_offers": history.refusals,
        policy.current: policy.ladder.names[0],
    }
    if history.demand is not None:
        facts[policy.amount] = _demand(history.demand, history)
    for fact in judges.strategy.phase.facts:
        if fact.name not in facts and fact.name not in NAMED:
            facts[fact.name] = _untold(fact)
    known = dict(state.known)
    if known.get("serial_claimant") is True:
        facts["manner"] = "serial_claimant"
    facts["serial_claimant"] = known.get("manner") == "serial_claimant"
    return facts | known


def _untold(fact: Fact) -> object:
    if isinstance(fact, Number):
        return 0 if fact.low is None else fact.low
    return fact.options[0] if isinstance(fact, Choice) else False


def situation_of(state: State, facts: Mapping[str, Any], judges: Judges) -> Situation:
    """The facts that a strategy decides on."""
    own = [each.name for each in judges.strategy.phase.facts if each.name not in NAMED]
    given = {name: value for name, value in facts.items() if name in NAMED}
    more = {name: facts[name] for name in own if name in facts}
    felt = {name: given.pop(name) for name in FELT}
    situation = Situation.of(state.pair.customer, more=more, **given)
    return evolve(situation, **felt) if state.known.keys() & felt.keys() else situation


def policy_facts(facts: Mapping[str, Any], policy: EscalationPolicy) -> dict[str, Any]:
    """The facts that an escalation policy decides on, as far as it declares them."""
    declared = {fact.name for fact in policy.table.facts}
    return {name: value for name, value in facts.items() if name in declared}


def _fault(history: History, *, not_ours: bool) -> str:
    """Whose fault it is as far as was said: ours where we own it or they tell of one."""
    if history.responsibility_owned:
        return "ours"
    if not_ours:
        return "nobody"
    return "ours" if history.words_for("fault") else "unknown"


def _demand(amount: Decimal, history: History) -> Money | Decimal:
    """The sum they ask for: money where they say in which currency, of those that there are."""
    currency = history.demand_currency
    return Money(amount, currency) if currency and currency in CURRENCIES else amount
