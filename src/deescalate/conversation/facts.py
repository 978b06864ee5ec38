"""From a conversation so far to the facts that the strategy and the policy decide on."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, fields_dict

from deescalate.conversation.events import Fact
from deescalate.conversation.history import History
from deescalate.cues import CueKind
from deescalate.emotion import Pair
from deescalate.money import CURRENCIES, Money
from deescalate.strategy import Situation

__all__ = ["policy_facts", "situation_of"]

THREATS = (
    (CueKind.THREAT_LEGAL, "legal"),
    (CueKind.THREAT_PUBLICITY, "publicity"),
    (CueKind.THREAT_LEAVING, "leaving"),
)
SECONDS_A_MINUTE = 60.0


def situation_of(
    pair: Pair,
    history: History,
    known: Mapping[str, Fact],
    *,
    broken_promises: int,
    open_promises: int,
    same_plan: int,
) -> Situation:
    """The facts that a strategy decides on.

    What the host has learned goes before what the words show.

    >>> from deescalate.emotion import Exchange
    >>> start = Exchange().start()
    >>> situation_of(
    ...     start, History(), {"fault": "ours"}, broken_promises=0, open_promises=0, same_plan=0
    ... ).fault
    'ours'
    """
    facts: dict[str, Any] = {
        "rising": history.rising,
        "vulnerable": history.vulnerable,
        "manner": history.manner,
        "danger": history.danger,
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
        "promised": open_promises > 0,
        "resolved": history.resolved,
        "limits": history.limits,
        "helped": history.helped,
        "same_plan": same_plan,
        "fault": "ours" if history.responsibility_owned else "unknown",
        "suggestion": history.suggestion,
        "contacts": history.contacts,
        "repeat_contact": history.repeat_contact,
        "promise_broken": broken_promises > 0
        or CueKind.BROKEN_PROMISE in history.last
        or (history.told_of_broken_promise and not history.responsibility_owned),
        "agent_composure": min(max(pair.composure, 0.0), 1.0),
    }
    named = fields_dict(Situation)
    facts |= {name: fact for name, fact in known.items() if name in named}
    more = {name: fact for name, fact in known.items() if name not in named}
    feelings = {"openness", "distress", "arousal", "emotion", "spread"}
    given = {name: facts.pop(name) for name in feelings & facts.keys()}
    situation = Situation.of(pair.customer, more=more, **facts)
    return evolve(situation, **given) if given else situation


def policy_facts(
    pair: Pair,
    history: History,
    known: Mapping[str, Fact],
    *,
    declared: Collection[str],
    broken_promises: int,
    same_plan: int,
    minutes: float,
    tier: str,
) -> dict[str, object]:
    """The facts that an escalation policy decides on, as far as it declares them.

    Args:
        pair: The two states.
        history: What was done and shown.
        known: What the host has learned; it goes before what the words show.
        declared: The names of the facts that the policy knows.
        broken_promises: Promises of the ledger that were broken.
        same_plan: How often in a row the same plan did not help.
        minutes: Since the case was opened.
        tier: Who has the case now.

    >>> from deescalate.emotion import Exchange
    >>> policy_facts(
    ...     Exchange().start(), History(contacts=3), {}, declared=["contacts", "tier"],
    ...     broken_promises=0, same_plan=0, minutes=2.0, tier="agent",
    ... )
    {'contacts': 3, 'tier': 'agent'}
    """
    threat = next((name for kind, name in THREATS if kind in history.ever), "none")
    facts: dict[str, object] = {
        "distress": pair.customer.distress,
        "danger": history.danger_shown,
        "threat": "none" if history.resolved else threat,
        "asks_human": CueKind.ASKS_HUMAN in history.last,
        "asks_supervisor": CueKind.ASKS_SUPERVISOR in history.last,
        "contacts": max(history.contacts, 2 if history.repeat_contact else 1),
        "minutes_waiting": minutes,
        "vulnerable": history.vulnerable,
        "abusive": history.abusive_turns > history.limits and history.abusive_turns >= 2,
        "broken_promises": max(broken_promises, int(history.told_of_broken_promise)),
        "stuck_turns": same_plan,
        "refused_offers": history.refusals,
        "tier": tier,
        **({} if history.demand is None else {"amount": _demand(history.demand, history)}),
        **known,
    }
    return {name: fact for name, fact in facts.items() if name in declared}


def _demand(amount: Decimal, history: History) -> Money | Decimal:
    """The sum they ask for: money where they say in which currency, of those that there are."""
    currency = history.demand_currency
    return Money(amount, currency) if currency and currency in CURRENCIES else amount
