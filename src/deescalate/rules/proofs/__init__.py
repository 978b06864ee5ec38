"""Questions about all cases of a table at once, answered exactly, with cases for witnesses."""

from deescalate.rules.proofs.laws import always, never, unreachable
from deescalate.rules.proofs.search import Witness

__all__ = ["Witness", "always", "never", "unreachable"]
