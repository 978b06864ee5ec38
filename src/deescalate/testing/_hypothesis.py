"""The entry point through which Hypothesis finds the strategies."""

__all__ = ["register"]


def register() -> None:
    """Register the strategies of every room."""
