"""What a policy says about a case: who must take it, why, how soon, and what is not yet known."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from deescalate._plain import to_json
from deescalate.authority import Authority
from deescalate.escalation._events import Happening, PathEvent
from deescalate.escalation._tiers import Urgency
from deescalate.rules import Outputs, Rule

__all__ = ["Decision"]


@frozen(kw_only=True)
class Decision:
    """Who must take a case, and why.

    Attributes:
        tier: The tier or channel.
        because: The reasons, errors among them.
        urgency: How pressing it is.
        acknowledge_within: How long that tier has to say that it takes the case.
        current: The tier that has the case now.
        escalates: Whether the tier ranks above the current one.
        safety: Whether the tier is there for danger to life and limb.
        authority: What the current tier may grant and do meanwhile.
        meanwhile: What the current tier does until the other takes over.
        also: Channels that other matching rules name: they are told, and do not take the case.
        possible: Every tier that the facts not given could still lead to.
        missing: The facts not given that could change the tier.
        assumed: The values that stood in for facts not given.
        rules: The rules that decided.
        errors: What was wrong with the facts, or with the evaluation.

    >>> from deescalate.escalation import EscalationPolicy
    >>> decision = EscalationPolicy.default().evaluate({"distress": 0.9, "danger": "none"})
    >>> decision.tier, decision.because
    ('supervisor', ('too distressed to be helped by the first person alone',))
    """

    tier: str
    because: tuple[str, ...]
    urgency: Urgency
    acknowledge_within: timedelta
    current: str
    escalates: bool
    safety: bool
    authority: Authority
    meanwhile: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)
    rules: tuple[Rule, ...] = ()
    errors: tuple[str, ...] = ()

    def event(self, *, at: datetime) -> PathEvent:
        """The event that brings a path that is under way to this decision.

        >>> from datetime import UTC, datetime
        >>> from deescalate.escalation import EscalationPolicy
        >>> decision = EscalationPolicy.default().evaluate({"danger": "violence"})
        >>> decision.event(at=datetime(2026, 5, 1, tzinfo=UTC)).tier
        'security'
        """
        return PathEvent(
            kind=Happening.MOVED,
            at=at,
            because="; ".join(self.because),
            tier=self.tier,
            within=self.acknowledge_within,
        )

    def to_json(self) -> str:
        """The decision as one JSON object, its times in seconds, its rules by name.

        >>> from deescalate.escalation import EscalationPolicy
        >>> EscalationPolicy.default().evaluate({}).to_json()[:16]
        '{"tier": "agent"'
        """
        return to_json(self, rules=[rule.name for rule in self.rules])

    def __str__(self) -> str:
        minutes = self.acknowledge_within.total_seconds() / 60
        return f"{self.tier} within {minutes:g} min, because {'; '.join(self.because)}"
