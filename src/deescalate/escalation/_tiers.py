"""Who can be asked: targets with their hours, tiers with their authority, and the fail-safe."""

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from attrs import field, frozen

from deescalate.authority import Authority, authority_shape
from deescalate.documents import (
    Given,
    Shape,
    clock,
    day,
    flag,
    keyed,
    listed,
    minutes,
    one_of,
    part,
    record,
    text,
)
from deescalate.errors import SettingError
from deescalate.escalation._events import window
from deescalate.hours import WorkingHours, aware, in_calendar, zone_named

__all__ = ["Asking", "FailSafe", "Target", "Tier", "Urgency"]


class Urgency(StrEnum):
    """How soon a human must be on the case, the most pressing first.

    >>> Urgency.IMMEDIATE.rank > Urgency.NORMAL.rank
    True
    """

    IMMEDIATE = "immediate"
    HIGH = "high"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """How pressing, 0 (normal) to 2 (immediate)."""
        return len(Urgency) - 1 - list(Urgency).index(self)


class Asking(StrEnum):
    """How the targets of a tier are asked.

    >>> Asking("one_by_one") is Asking.ONE_BY_ONE
    True
    """

    EVERYONE = "everyone"
    ONE_BY_ONE = "one_by_one"


def _named(instance: object, _attribute: object, value: str) -> None:
    if not value.strip():
        raise SettingError(f"{type(instance).__name__}.name", value, "a text that is not empty")


_HOURS = keyed(
    WorkingHours,
    {
        "days": listed(text()),
        "opens": clock(),
        "closes": clock(until_midnight=True),
        "holidays": listed(day(), frozenset),
    },
)
_ZONE = Shape(
    lambda notes, path, found: notes.tried(path, lambda: zone_named(found)),
    text().schema,
    str,
)


def _authority(given: Given) -> Shape:
    """What the tier that is being read may grant and do."""
    return authority_shape(given.get("name") or "")


@frozen(kw_only=True)
class Target:
    """A person, a role on shift or a queue that can be asked.

    Attributes:
        name: Unique in the policy.
        hours: When the target is there; ``None`` for always.
        zone: The time zone of the hours.

    Raises:
        SettingError: An empty name.

    >>> from datetime import UTC, datetime
    >>> from deescalate.hours import WorkingHours
    >>> desk = Target(name="day desk", hours=WorkingHours())
    >>> desk.is_there(datetime(2026, 5, 1, 9, 0, tzinfo=UTC))
    True
    >>> desk.is_there(datetime(2026, 5, 2, 9, 0, tzinfo=UTC))  # a Saturday
    False
    """

    name: str = field(validator=_named, metadata=part(text()))
    hours: WorkingHours | None = field(default=None, metadata=part(_HOURS, inline=True))
    zone: tzinfo = field(default=UTC, metadata=part(_ZONE))

    def is_there(self, at: datetime) -> bool:
        """Whether the target is there at a moment; on the stroke of closing, no longer.

        Raises:
            SettingError: A naive datetime, or one that the target's clocks cannot show.
        """
        local = self._shown(at)
        return self.hours is None or self.hours.is_open(local)

    def there_until(self, at: datetime, *, latest: datetime) -> datetime:
        """How long the target stays from a moment on, at the latest until another.

        Raises:
            SettingError: A naive datetime, or one that the target's clocks cannot show.

        >>> from datetime import UTC, datetime
        >>> from deescalate.hours import WorkingHours
        >>> desk = Target(name="day desk", hours=WorkingHours())
        >>> before, later = (datetime(2026, 5, 1, hour, 0, tzinfo=UTC) for hour in (16, 18))
        >>> desk.there_until(before, latest=later).hour
        17
        """
        local = self._shown(at)
        return latest if self.hours is None else self.hours.open_until(local, latest=latest)

    def _shown(self, at: datetime) -> datetime:
        with in_calendar(at):
            return aware("at", at).astimezone(self.zone)


@frozen(kw_only=True)
class Tier:
    """One rung of the ladder, or a channel beside it.

    Attributes:
        name: Unique in the policy.
        targets: Who can be asked, at least one.
        acknowledge_within: How long each has to say that they take it.
        act_within: How long whoever took it may go without a sign of progress; ``None`` for ever.
        authority: What the tier may grant and do.
        asking: Everyone at once, where one answer is enough, or one after the other.
        urgency: How pressing a case for this tier is where no rule says otherwise.
        then: Whom an unanswered case goes on to; ``None`` for the next rung up, and for the
            fail-safe from the top rung and from a channel.
        human: Whether its targets are people.
        safety: Whether it is there for danger to life and limb: it is never left by calm alone.
        meanwhile: What whoever has the case does until the tier takes over.

    Raises:
        SettingError: No name, no target, two targets of one name, or a window that is not above 0
            and at most a year.

    >>> tier = Tier(name="supervisor", targets=(Target(name="duty supervisor"),))
    >>> tier.acknowledge_within
    datetime.timedelta(seconds=900)
    """

    name: str = field(validator=_named, metadata=part(text()))
    targets: tuple[Target, ...] = field(metadata=part(listed(record(Target))))
    acknowledge_within: timedelta = field(
        default=timedelta(minutes=15),
        validator=window,
        metadata=part(minutes(), key="acknowledge_within_minutes"),
    )
    act_within: timedelta | None = field(
        default=None, validator=window, metadata=part(minutes(), key="act_within_minutes")
    )
    authority: Authority = field(factory=Authority, metadata=part(_authority, inline=True))
    asking: Asking = field(default=Asking.EVERYONE, converter=Asking, metadata=part(one_of(Asking)))
    urgency: Urgency = field(
        default=Urgency.NORMAL, converter=Urgency, metadata=part(one_of(Urgency))
    )
    then: str | None = field(default=None, metadata=part(text()))
    human: bool = field(default=True, metadata=part(flag()))
    safety: bool = field(default=False, metadata=part(flag()))
    meanwhile: tuple[str, ...] = field(default=(), metadata=part(listed(text())))

    def __attrs_post_init__(self) -> None:
        names = [target.name for target in self.targets]
        if not names:
            raise SettingError(f"{self.name}.targets", names, "at least one target")
        if len(set(names)) < len(names):
            raise SettingError(f"{self.name}.targets", names, "targets of different names")

    @property
    def longest_wait(self) -> timedelta:
        """The longest that a case can wait here for an answer in one round.

        >>> two = (Target(name="a"), Target(name="b"))
        >>> Tier(name="desk", targets=two, asking="one_by_one").longest_wait.seconds
        1800
        """
        turns = len(self.targets) if self.asking is Asking.ONE_BY_ONE else 1
        return self.acknowledge_within * turns

    def batches(self) -> tuple[tuple[Target, ...], ...]:
        """The targets in the order of asking: all at once, or each alone."""
        if self.asking is Asking.EVERYONE:
            return (self.targets,)
        return tuple((target,) for target in self.targets)


@frozen(kw_only=True)
class FailSafe:
    """Who is asked when nobody answered: a human who is always there.

    Attributes:
        name: Who it is.
        how: How to reach them.

    >>> FailSafe(name="duty line").how
    ''
    """

    name: str = field(validator=_named, metadata=part(text()))
    how: str = field(default="", metadata=part(text()))
