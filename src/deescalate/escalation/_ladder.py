"""The ladder: tiers from the first to the last, channels beside them, and where each leads."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from attrs import field, frozen

from deescalate.documents import listed, part, record, whole
from deescalate.errors import SettingError, nearest_name, quoted
from deescalate.escalation._tiers import FailSafe, Target, Tier

__all__ = ["Ladder", "Stop"]


@frozen(kw_only=True)
class Stop:
    """One moment of asking on a route.

    Attributes:
        round: Which time round, from 1.
        tier: The tier.
        targets: Who is asked.
        within: How long they have.
    """

    round: int
    tier: Tier
    targets: tuple[Target, ...]
    within: timedelta


def _tiers(value: object) -> tuple[Tier, ...]:
    return tuple(value)  # type: ignore[arg-type]  # attrs hands over what the caller gave


def _at_least_one(_instance: object, _attribute: object, value: object) -> None:
    if type(value) is not int or not 1 <= value <= MOST_ROUNDS:
        raise SettingError("rounds", value, f"a whole number from 1 to {MOST_ROUNDS}")


MOST_ROUNDS = 100
MOST_TIERS = 100


@frozen(kw_only=True)
class Ladder:
    """Who is asked, and who after them.

    Attributes:
        tiers: The rungs, the first to be asked first; at least one.
        channels: What stands beside them, such as security; they are asked only when a decision
            names them or another tier leads to them.
        fail_safe: Who is asked when nobody else answered.
        rounds: How many times a route is gone through before the fail-safe, 1 to 100.

    Raises:
        SettingError: No tier or more than 100, a name used twice, a ``then`` that is unknown, or a
            cycle.

    >>> from deescalate.escalation._tiers import Target
    >>> desk = Tier(name="desk", targets=(Target(name="Kim"),))
    >>> boss = Tier(name="boss", targets=(Target(name="Lee"),))
    >>> ladder = Ladder(tiers=(desk, boss), fail_safe=FailSafe(name="duty line"))
    >>> [tier.name for tier in ladder.route("desk")], ladder.worst_case("desk").seconds // 60
    (['desk', 'boss'], 30)
    """

    tiers: tuple[Tier, ...] = field(converter=_tiers, metadata=part(listed(record(Tier))))
    channels: tuple[Tier, ...] = field(
        default=(), converter=_tiers, metadata=part(listed(record(Tier)))
    )
    fail_safe: FailSafe = field(metadata=part(record(FailSafe)))
    rounds: int = field(default=1, validator=_at_least_one, metadata=part(whole(1, MOST_ROUNDS)))

    def __attrs_post_init__(self) -> None:
        if not self.tiers:
            raise SettingError("tiers", [], "at least one tier")
        if len(self.tiers) + len(self.channels) > MOST_TIERS:
            raise SettingError("tiers", len(tuple(self)), f"at most {MOST_TIERS} with channels")
        for what, names in (
            ("names of tiers and channels", [tier.name for tier in self]),
            ("names of targets", [target.name for target in self.targets]),
        ):
            twice = {name for name, times in Counter(names).items() if times > 1}
            if twice:
                raise SettingError("tiers", min(twice), f"{what} that are used once")
        for tier in self:
            if tier.then is not None:
                self.tier(tier.then, place=f"{tier.name}.then")
            self._refuse_cycle(tier)

    def __iter__(self) -> Iterator[Tier]:
        return iter((*self.tiers, *self.channels))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tiers and channels."""
        return tuple(tier.name for tier in self)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Everyone who can be asked, the fail-safe apart."""
        return tuple(target for tier in self for target in tier.targets)

    def tier(self, name: str, *, place: str = "tier") -> Tier:
        """Look up a tier or channel.

        Args:
            name: Its name.
            place: What to call it in the error.

        Raises:
            SettingError: There is none of this name.
        """
        for tier in self:
            if tier.name == name:
                return tier
        near = nearest_name(name, self.names)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise SettingError(place, name, "one of " + ", ".join(self.names) + hint)

    def is_rung(self, name: str) -> bool:
        """Whether a name is that of a rung, not of a channel."""
        return any(tier.name == name for tier in self.tiers)

    def tier_of(self, target: str) -> str | None:
        """The name of the tier that a target belongs to; ``None`` for the fail-safe."""
        for tier in self:
            if any(each.name == target for each in tier.targets):
                return tier.name
        return None

    def after(self, tier: Tier) -> Tier | None:
        """Whom an unanswered case goes on to; ``None`` for the fail-safe."""
        if tier.then is not None:
            return self.tier(tier.then)
        if tier not in self.tiers:
            return None
        place = self.tiers.index(tier) + 1
        return self.tiers[place] if place < len(self.tiers) else None

    def route(self, start: str) -> tuple[Tier, ...]:
        """The tiers that are asked one after the other, in one round.

        Raises:
            SettingError: There is no tier of this name.
        """
        found: list[Tier] = []
        tier: Tier | None = self.tier(start)
        while tier is not None:
            found.append(tier)
            tier = self.after(tier)
        return tuple(found)

    def stop(self, start: str, place: int, *, within: timedelta | None = None) -> Stop | None:
        """The n-th moment of asking on a route; ``None`` where only the fail-safe is left.

        Args:
            start: The tier to begin with.
            place: Which moment, from 0.
            within: The longest that it may take, where a case is pressing.

        Raises:
            SettingError: There is no tier of this name.
        """
        once = [(tier, batch) for tier in self.route(start) for batch in tier.batches()]
        rounds_before, leg = divmod(place, len(once))
        if rounds_before >= self.rounds:
            return None
        tier, targets = once[leg]
        patience = (
            tier.acknowledge_within if within is None else min(tier.acknowledge_within, within)
        )
        return Stop(round=rounds_before + 1, tier=tier, targets=targets, within=patience)

    def worst_case(self, start: str) -> timedelta:
        """The longest from the first asking to the fail-safe, when nobody ever answers.

        Absent and declining targets only shorten it.

        Raises:
            SettingError: There is no tier of this name.
        """
        once = sum((tier.longest_wait for tier in self.route(start)), timedelta(0))
        return once * self.rounds

    def _refuse_cycle(self, start: Tier) -> None:
        seen: list[str] = []
        tier: Tier | None = start
        while tier is not None:
            seen.append(tier.name)
            if seen.count(tier.name) > 1:
                circle = " -> ".join(seen[seen.index(tier.name) :])
                raise SettingError(f"{start.name}.then", start.then, f"no cycle, found {circle}")
            tier = self.after(tier)
