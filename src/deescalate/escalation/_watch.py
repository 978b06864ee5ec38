"""Up at once, down with patience: who holds a case while its facts change."""

from datetime import datetime

from attrs import evolve, frozen

from deescalate.errors import EventError
from deescalate.escalation._decision import Decision
from deescalate.escalation._evaluation import worsened
from deescalate.escalation._policy import EscalationPolicy
from deescalate.hours import aware, instant

__all__ = ["Watch"]


@frozen(kw_only=True)
class Watch:
    """The decision that holds for a case, as its facts come in.

    A graver decision holds at once. A lighter one holds only when the reason for the present one
    has been gone for the policy's ``returning.after``, and numbers are below what would lead back
    by its margins, so that a case does not bounce. A case that went to a safety channel stays
    there until a person there gives it back with ``stand_down``.

    Attributes:
        policy: The policy.
        decision: The decision that holds.
        at: When the facts were last looked at.
        calm_since: Since when the reason for it has been gone; ``None`` while it is there.

    >>> from datetime import UTC, datetime, timedelta
    >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    >>> watch = Watch.begin(EscalationPolicy.default(), {"distress": 0.9}, at=noon)
    >>> watch = watch.see({"distress": 0.3}, at=noon + timedelta(minutes=10))
    >>> watch.decision.tier
    'supervisor'
    >>> watch.see({"distress": 0.3}, at=noon + timedelta(minutes=40)).decision.tier
    'agent'
    """

    policy: EscalationPolicy
    decision: Decision
    at: datetime
    calm_since: datetime | None = None

    @classmethod
    def begin(cls, policy: EscalationPolicy, facts: object, *, at: datetime) -> "Watch":
        """Decide a case for the first time.

        Args:
            policy: The policy.
            facts: What ``EscalationPolicy.evaluate`` takes: anything.
            at: Now, an aware datetime.

        Raises:
            SettingError: A naive datetime.
        """
        return cls(policy=policy, decision=policy.evaluate(facts), at=aware("at", at))

    def see(self, facts: object, *, at: datetime) -> "Watch":
        """Decide anew, with patience before anything lighter.

        Args:
            facts: The facts as they are now.
            at: Now, not before ``at``.

        Raises:
            EventError: A time that runs backwards.
            SettingError: A naive datetime.
        """
        if instant(aware("at", at)) < instant(self.at):
            raise EventError("see", f"its time {at} is before {self.at}")
        rank = self.policy.rank
        fresh = self.policy.evaluate(facts)
        if rank(fresh.tier) >= rank(self.decision.tier):
            return evolve(self, decision=fresh, at=at, calm_since=None)
        worse = self.policy.evaluate(worsened(self.policy, facts))
        if self.decision.safety or rank(worse.tier) >= rank(self.decision.tier):
            return evolve(self, at=at, calm_since=None)
        since = self.calm_since or at
        if instant(at) - instant(since) < self.policy.returning.after:
            return evolve(self, at=at, calm_since=since)
        lighter = max(fresh, worse, key=lambda decision: rank(decision.tier))
        return evolve(self, decision=lighter, at=at, calm_since=None)

    def stand_down(self, facts: object, *, at: datetime) -> "Watch":
        """Give a case back at once: a person decides it, also in a safety channel.

        Args:
            facts: The facts as they are now.
            at: Now, not before ``at``.

        Raises:
            EventError: A time that runs backwards.
            SettingError: A naive datetime.
        """
        if instant(aware("at", at)) < instant(self.at):
            raise EventError("stand_down", f"its time {at} is before {self.at}")
        return Watch.begin(self.policy, facts, at=at)
