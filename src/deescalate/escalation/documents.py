"""Policies as documents: TOML text or a plain mapping, read with every problem at once."""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeVar, cast

from deescalate.authority import read_authority
from deescalate.documents import Notes, parsed
from deescalate.escalation.ladder import Ladder
from deescalate.escalation.parts import PolicyTest, Returning, SafetyLaw
from deescalate.escalation.tiers import Asking, FailSafe, Target, Tier, Urgency
from deescalate.promises import WorkingHours, zone_named
from deescalate.rules import Condition, Table

__all__ = ["read_policy"]

T = TypeVar("T")

FORMAT = 1
MOST_MINUTES = 525_600
"""A year: no window is longer; ours."""

_KEYS = (
    "format", "name", "currency", "rounds", "on_error", "human_within_minutes", "rising",
    "protected", "fail_safe", "exchange", "safety", "returning", "answer_within_minutes",
    "defaults", "tiers", "channels", "table", "urgency", "tests",
)  # fmt: skip
_TIER_KEYS = (
    "name", "targets", "acknowledge_within_minutes", "act_within_minutes", "money", "actions",
    "asking", "urgency", "then", "human", "safety", "meanwhile",
)  # fmt: skip
_TARGET_KEYS = ("name", "zone", "days", "opens", "closes", "holidays")


def read_policy(document: str | Mapping[str, object], make: Callable[..., T]) -> T:
    """Read a policy.

    Args:
        document: TOML text, or a mapping of the same form.
        make: The policy's class.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.
    """
    reader = _Reader()
    parts = reader.policy(parsed("policy", document))
    return reader.finished("policy", lambda: make(**parts))


class _Reader(Notes):
    """Reads the parts of a policy."""

    def minutes(self, path: str, found: object) -> timedelta:
        if isinstance(found, int | float) and found is not True and 0 < found <= MOST_MINUTES:
            return timedelta(minutes=found)
        self.expected(path, found, f"minutes, above 0 and at most {MOST_MINUTES}")
        return timedelta(minutes=1)

    def policy(self, found: object) -> dict[str, Any]:
        """The parts of a policy, as its class takes them."""
        parts = self.mapping("", found, _KEYS)
        for key in ("format", "name", "on_error", "fail_safe", "tiers", "table"):
            if key not in parts:
                self.problem(key, "missing")
        if parts.get("format", FORMAT) != FORMAT or isinstance(parts.get("format"), bool):
            self.expected("format", parts["format"], str(FORMAT))
        readers: dict[str, Callable[[str, object], object]] = {
            "name": self.text,
            "currency": self.text,
            "exchange": self.rates,
            "on_error": self.text,
            "human_within_minutes": self.minutes,
            "rising": self.texts,
            "protected": self.texts,
            "returning": self.returning,
            "answer_within_minutes": self.scalars,
            "defaults": self.scalars,
            "table": self.table,
            "tests": self.tests,
        }
        made = _without_units(self.read("", parts, readers))
        made["ladder"] = self.ladder(parts)
        shared = self.shared(parts)
        if "urgency" in parts:
            made["urgency"] = self.urgency(parts["urgency"], shared)
        if "safety" in parts:
            made["safety"] = self.safety(parts["safety"], shared)
        return made

    def shared(self, parts: Mapping[str, Any]) -> object:
        """The facts that the main table declares, for the smaller tables beside it."""
        table = parts.get("table")
        return (
            cast("Mapping[str, object]", table).get("facts", {})
            if isinstance(table, Mapping)
            else {}
        )

    def table(self, path: str, found: object) -> Table | None:
        return self.tried(path, lambda: Table.from_document(self.mapping(path, found)))

    def urgency(self, found: object, facts: object) -> Table | None:
        parts = {"format": FORMAT, "name": "urgency", **self.mapping("urgency", found)}
        return self.tried("urgency", lambda: Table.from_document({**parts, "facts": facts}))

    def safety(self, found: object, facts: object) -> SafetyLaw | None:
        parts = self.mapping("safety", found, ("when", "to"))
        rule = {"name": "safety", "when": parts.get("when", {}), "then": "safety"}
        document = {"format": FORMAT, "name": "safety", "facts": facts, "rules": [rule]}

        def when() -> Condition:
            return Table.from_document(document).rules[0].when

        condition = self.tried("safety", when, inside="rules[0]")
        to = self.texts("safety.to", parts.get("to", []))
        return None if condition is None else SafetyLaw(when=condition, to=to)

    def rates(self, path: str, found: object) -> dict[str, Decimal]:
        rates = self.mapping(path, found)
        return {code: self.exact(f"{path}.{code}", each) for code, each in rates.items()}

    def scalars(self, path: str, found: object) -> dict[str, object]:
        return {
            name: self.scalar(f"{path}.{name}", value)
            for name, value in self.mapping(path, found).items()
        }

    def scalar(self, path: str, found: object) -> object:
        if not isinstance(found, str | bool | int | float):
            self.expected(path, found, "a text, a number, true or false")
            return ""
        return found

    def returning(self, path: str, found: object) -> Returning:
        parts = self.mapping(path, found, ("after_minutes", "margins"))
        after = self.minutes(f"{path}.after_minutes", parts.get("after_minutes", 30))
        return Returning(
            after=after, margins=self.scalars(f"{path}.margins", parts.get("margins", {}))
        )

    def tests(self, path: str, found: object) -> tuple[PolicyTest, ...]:
        return self.every(path, found, self.test)

    def test(self, path: str, found: object) -> PolicyTest:
        parts = self.mapping(path, found, ("facts", "tier", "urgency"))
        urgency = parts.get("urgency")
        return PolicyTest(
            facts=self.scalars(f"{path}.facts", parts.get("facts", {})),
            tier=self.text(f"{path}.tier", parts.get("tier")),
            urgency=urgency and self.one_of(f"{path}.urgency", urgency, Urgency),
        )

    def ladder(self, parts: Mapping[str, Any]) -> Ladder | None:
        before = len(self.problems)
        tiers, channels = (
            self.every(key, parts.get(key, []), self.tier) for key in ("tiers", "channels")
        )
        fail_safe = self.mapping("fail_safe", parts.get("fail_safe", {}), ("name", "how"))
        how = fail_safe.get("how")
        last = FailSafe(
            name=self.text("fail_safe.name", fail_safe.get("name")) or "nobody",
            how="" if how is None else self.text("fail_safe.how", how),
        )
        rounds = self.whole("rounds", parts.get("rounds", 1))
        if len(self.problems) > before:
            return None
        known = (cast("Tier", each) for each in tiers)
        beside = (cast("Tier", each) for each in channels)
        return self.tried(
            "",
            lambda: Ladder(
                tiers=tuple(known), channels=tuple(beside), fail_safe=last, rounds=rounds
            ),
        )

    def tier(self, path: str, found: object) -> Tier | None:
        parts = self.mapping(path, found, _TIER_KEYS)
        name = self.text(f"{path}.name", parts.get("name"))
        readers: dict[str, Callable[[str, object], object]] = {
            "acknowledge_within_minutes": self.minutes,
            "act_within_minutes": self.minutes,
            "asking": lambda path, found: self.one_of(path, found, Asking),
            "urgency": lambda path, found: self.one_of(path, found, Urgency),
            "then": self.text,
            "human": self.flag,
            "safety": self.flag,
            "meanwhile": self.texts,
        }
        made = _without_units(self.read(path, parts, readers))
        authority = read_authority(self, path, tier=name, parts=parts)
        targets = self.every(f"{path}.targets", parts.get("targets", []), self.target)
        known = tuple(target for target in targets if target is not None)
        if len(known) < len(targets) or authority is None or not name:
            return None
        return self.tried(path, lambda: Tier(name=name, authority=authority, targets=known, **made))

    def target(self, path: str, found: object) -> Target | None:
        parts = self.mapping(path, found, _TARGET_KEYS)
        name = self.text(f"{path}.name", parts.get("name"))
        zone = self.tried(path, lambda: zone_named(parts.get("zone", "UTC")))
        readers: dict[str, Callable[[str, object], object]] = {
            "days": self.texts,
            "opens": self.clock,
            "closes": self.clock,
            "holidays": self.holidays,
        }
        hours = self.read(path, parts, readers)
        working = self.tried(path, lambda: WorkingHours(**hours)) if hours else None
        if not name or zone is None or (hours and working is None):
            return None
        return Target(name=name, zone=cast("tzinfo", zone), hours=working)

    def clock(self, path: str, found: object) -> time:
        try:
            return found if isinstance(found, time) else time.fromisoformat(str(found))
        except ValueError:
            self.expected(path, found, 'a time of day, such as "09:00"')
            return time(0)

    def holidays(self, path: str, found: object) -> frozenset[date]:
        days = self.every(path, found, self.day)
        return frozenset(day for day in days if day is not None)


def _without_units(made: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removesuffix("_minutes"): value for key, value in made.items()}
