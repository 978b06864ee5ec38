"""The limit that every proof keeps to."""

from attrs import define

from deescalate.errors import WorkLimitError

__all__ = ["DEFAULT_LIMIT", "Work"]

DEFAULT_LIMIT = 1_000_000
"""Regions looked at before a proof gives up; ours, some seconds of work."""


@define(eq=False)
class Work:
    """A count of regions that may not pass a limit.

    Attributes:
        task: What is being asked.
        limit: Regions looked at before giving up.

    >>> Work("gaps of desk", 0).step()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    deescalate.errors.WorkLimitError: gaps of desk needs more than 0 regions: raise...
    """

    task: str
    limit: int
    done: int = 0

    def step(self) -> None:
        """Count one more.

        Raises:
            WorkLimitError: That is one too many.
        """
        self.done += 1
        if self.done > self.limit:
            raise WorkLimitError(self.task, self.limit, "regions")
