"""The fold: events in, advice out, replayable; and the handover."""

from deescalate.conversation.conversation import Conversation
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
    event_from_mapping,
    event_to_mapping,
    events_from_json_lines,
    events_to_json_lines,
)
from deescalate.conversation.handover import Handover
from deescalate.conversation.history import History
from deescalate.conversation.judges import Judges
from deescalate.conversation.masking import Masked, mask
from deescalate.conversation.transcripts import (
    from_convokit,
    from_lines,
    from_messages,
    read_transcript,
)
from deescalate.conversation.turn import Turn

__all__ = [
    "AgentSaid",
    "Conversation",
    "CustomerSaid",
    "Event",
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
    "Turn",
    "Waited",
    "event_from_mapping",
    "event_to_mapping",
    "events_from_json_lines",
    "events_to_json_lines",
    "from_convokit",
    "from_lines",
    "from_messages",
    "mask",
    "read_transcript",
]
