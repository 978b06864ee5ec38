"""De-escalation primitives: small parts that stand alone and fit together.

Each name is imported from its room on first use, so that whoever wants one room waits for one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from deescalate._public import no_such

if TYPE_CHECKING:
    from deescalate.authority import Authority
    from deescalate.compensation import Harm, Offer, Terms, answer, propose
    from deescalate.conversation import Conversation, Handover, read_transcript
    from deescalate.cues import Cue, CueKind, CueReader, Reading
    from deescalate.emotion import EmotionState, Impulse, MoveEffects, Observation, Temperament
    from deescalate.errors import DeescalateError
    from deescalate.escalation import EscalationPolicy
    from deescalate.findings import Finding
    from deescalate.guard import Guard
    from deescalate.money import Money
    from deescalate.moves import Move, Phase
    from deescalate.playbook import Playbook
    from deescalate.promises import Ledger, Promise, follow_ups
    from deescalate.reading import EnglishReader
    from deescalate.records import CaseRecord, record_of, summarise
    from deescalate.rules import (
        Choice,
        Flag,
        Number,
        Rule,
        Table,
        Verdict,
    )
    from deescalate.schedules import Schedule
    from deescalate.strategy import Plan, Situation, Strategy, select
    from deescalate.wording import Review, Wording, review

__all__ = [
    "Authority",
    "CaseRecord",
    "Choice",
    "Conversation",
    "Cue",
    "CueKind",
    "CueReader",
    "DeescalateError",
    "EmotionState",
    "EnglishReader",
    "EscalationPolicy",
    "Finding",
    "Flag",
    "Guard",
    "Handover",
    "Harm",
    "Impulse",
    "Ledger",
    "Money",
    "Move",
    "MoveEffects",
    "Number",
    "Observation",
    "Offer",
    "Phase",
    "Plan",
    "Playbook",
    "Promise",
    "Reading",
    "Review",
    "Rule",
    "Schedule",
    "Situation",
    "Strategy",
    "Table",
    "Temperament",
    "Terms",
    "Verdict",
    "Wording",
    "answer",
    "follow_ups",
    "propose",
    "read_transcript",
    "record_of",
    "review",
    "select",
    "summarise",
]

_ROOMS = {
    "authority": "Authority",
    "compensation": "Harm Offer Terms answer propose",
    "conversation": "Conversation Handover read_transcript",
    "cues": "Cue CueKind CueReader Reading",
    "emotion": "EmotionState Impulse MoveEffects Observation Temperament",
    "errors": "DeescalateError",
    "escalation": "EscalationPolicy",
    "findings": "Finding",
    "guard": "Guard",
    "money": "Money",
    "moves": "Move Phase",
    "playbook": "Playbook",
    "promises": "Ledger Promise follow_ups",
    "reading": "EnglishReader",
    "records": "CaseRecord record_of summarise",
    "rules": "Choice Flag Number Rule Table Verdict",
    "schedules": "Schedule",
    "strategy": "Plan Situation Strategy select",
    "wording": "Review Wording review",
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # takes longer than all the rest

        return version("deescalation")
    if name not in _HOMES:
        raise no_such("deescalate", name, __all__)
    value = getattr(import_module(f"deescalate.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
