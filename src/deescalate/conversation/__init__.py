"""The fold: events in, advice out, replayable; and the handover."""

from deescalate._public import publish
from deescalate.conversation._advice import Advice
from deescalate.conversation._columns import from_columns, from_csv
from deescalate.conversation._conversation import Conversation
from deescalate.conversation._danger import Danger
from deescalate.conversation._dialogues import Who
from deescalate.conversation._events import (
    AgentSaid,
    Cleared,
    CustomerSaid,
    Event,
    FactValue,
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
from deescalate.conversation._facts import Facts, Judges, known_facts
from deescalate.conversation._fold import fold
from deescalate.conversation._handover import Handover
from deescalate.conversation._history import History
from deescalate.conversation._lines import from_lines, from_whatsapp
from deescalate.conversation._masking import Masked, mask
from deescalate.conversation._messages import from_convokit, from_messages, from_ticket
from deescalate.conversation._state import State, Turn
from deescalate.conversation._transcripts import read_transcript, read_transcripts
from deescalate.conversation._writing import (
    event_from_mapping,
    event_to_mapping,
    events_from_json_lines,
    events_to_json_lines,
)

__all__ = [
    "Advice",
    "AgentSaid",
    "Cleared",
    "Conversation",
    "CustomerSaid",
    "Danger",
    "Event",
    "FactValue",
    "Facts",
    "HandedOver",
    "Handover",
    "History",
    "Judges",
    "Learned",
    "Masked",
    "Offered",
    "Opened",
    "PromiseNoted",
    "Promised",
    "Reopened",
    "Resolved",
    "State",
    "Turn",
    "Unread",
    "Waited",
    "Who",
    "event_from_mapping",
    "event_to_mapping",
    "events_from_json_lines",
    "events_to_json_lines",
    "fold",
    "from_columns",
    "from_convokit",
    "from_csv",
    "from_lines",
    "from_messages",
    "from_ticket",
    "from_whatsapp",
    "known_facts",
    "mask",
    "read_transcript",
    "read_transcripts",
]

publish(__name__, __all__, globals())
