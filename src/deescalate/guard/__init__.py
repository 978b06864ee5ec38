"""The loop around a bot's model: nothing leaves that may not be sent; adapters, a module each."""

from deescalate._public import publish
from deescalate.guard._attempt import Attempt, Guarded, How, Pending
from deescalate.guard._guard import Guard
from deescalate.guard._limits import Failed

__all__ = ["Guard", "Guarded", "How", "Attempt", "Pending", "Failed"]

publish(__name__, __all__, globals())
