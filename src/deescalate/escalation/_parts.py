"""The smaller parts of a policy."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import field, frozen

from deescalate.documents import listed, mapped, minutes, one_of, part, scalar, text
from deescalate.escalation._events import window
from deescalate.escalation._tiers import Urgency
from deescalate.rules import Condition, Outputs, condition

__all__ = ["PolicyTest", "Returning", "SafetyLaw"]


@frozen(kw_only=True)
class PolicyTest:
    """A case that a policy must decide as stated.

    Attributes:
        facts: Values by the fact's name; facts left out have the policy's defaults.
        tier: The tier or channel that must have it.
        urgency: How pressing it must be; ``None`` for not stated.
    """

    facts: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(scalar()))
    )
    tier: str = field(metadata=part(text()))
    urgency: Urgency | None = field(default=None, metadata=part(one_of(Urgency)))


@frozen(kw_only=True)
class SafetyLaw:
    """Where danger is, and the channels that must then have the case, whatever else is true.

    Attributes:
        when: The facts that mean danger.
        to: The tiers that may then have it.
    """

    when: Condition = field(metadata=part(lambda given: condition(given["facts"])))
    to: tuple[str, ...] = field(metadata=part(listed(text())))


@frozen(kw_only=True)
class Returning:
    """When a case may go back down, so that it does not bounce.

    Attributes:
        after: How long the reason must have been gone.
        margins: By how much numbers must have fallen below what would lead up again.

    The defaults, half an hour and no margins, are ours; anger's half-life is about half an hour
    (Verduyn and Lavrijsen 2015 measure durations of that order).
    """

    after: timedelta = field(
        default=timedelta(minutes=30),
        validator=window,
        metadata=part(minutes(), key="after_minutes"),
    )
    margins: Mapping[str, object] = field(
        default=Outputs({}), converter=Outputs, metadata=part(mapped(scalar()))
    )
