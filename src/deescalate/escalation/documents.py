"""Policies as documents: TOML text or a plain mapping, read with every problem at once."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeVar, cast

from deescalate.authority import Authority
from deescalate.errors import DeescalateError, DocumentError, Problem, nearest_name, quoted
from deescalate.escalation.ladder import Ladder
from deescalate.escalation.parts import PolicyTest, Returning, SafetyLaw
from deescalate.escalation.tiers import Asking, FailSafe, Target, Tier, Urgency
from deescalate.promises import WorkingHours, zone_named
from deescalate.rules import Condition, Table, table_from_document

__all__ = ["read_policy"]

T = TypeVar("T")

FORMAT = 1
MOST_CHARACTERS = 4_000_000
"""Characters of a document that are read at all; ours."""

_KEYS = (
    "format", "name", "currency", "rounds", "on_error", "human_within_minutes", "rising",
    "protected", "fail_safe", "safety", "returning", "answer_within_minutes", "defaults", "tiers",
    "channels", "table", "urgency", "tests",
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
    parts = reader.policy(_parsed(document) if isinstance(document, str) else document)
    policy = None if reader.problems else reader.tried("", lambda: make(**parts))
    if policy is None:
        raise DocumentError("policy", tuple(reader.problems))
    return policy


def _parsed(text: str) -> object:
    if len(text) > MOST_CHARACTERS:
        reason = f"found {len(text)} characters, expected at most {MOST_CHARACTERS}"
        raise DocumentError("policy", (Problem("text", reason),))
    try:
        return tomllib.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        reason = str(error)[:1].lower() + str(error)[1:]
        raise DocumentError("policy", (Problem("text", reason),)) from None


class _Reader:
    """Reads the parts of a document and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        self.problems.append(Problem(path or "document", reason, nearest))

    def expected(self, path: str, found: object, expected: str) -> None:
        self.problem(path, f"found {quoted(found)}, expected {expected}")

    def tried(self, path: str, make: Callable[[], T], *, inside: str = "") -> T | None:
        """What ``make`` makes; its complaints become problems under the path."""
        try:
            return make()
        except DocumentError as error:
            for each in error.problems:
                found = each.path.removeprefix(inside).removeprefix(".")
                self.problem(".".join(filter(None, (path, found))), each.reason, each.nearest)
        except DeescalateError as error:
            self.problem(path, str(error))
        return None

    def mapping(self, path: str, found: object, known: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping, of known keys where they are told; strange ones are problems."""
        if not isinstance(found, Mapping):
            self.expected(path, found, "a mapping")
            return {}
        parts = {str(key): value for key, value in cast("Mapping[object, Any]", found).items()}
        for key in parts:
            if known and key not in known:
                listed = ", ".join(quoted(each) for each in known)
                reason = f"unknown key {quoted(key)}, expected one of {listed}"
                self.problem(path, reason, nearest_name(key, known))
        return parts

    def sequence(self, path: str, found: object) -> list[object]:
        if isinstance(found, list | tuple):
            return list(cast("list[object]", found))
        self.expected(path, found, "a list")
        return []

    def text(self, path: str, found: object) -> str:
        if isinstance(found, str) and found.strip():
            return found
        self.expected(path, found, "a text that is not empty")
        return ""

    def texts(self, path: str, found: object) -> tuple[str, ...]:
        return tuple(
            self.text(f"{path}[{place}]", each)
            for place, each in enumerate(self.sequence(path, found))
        )

    def flag(self, path: str, found: object) -> bool:
        if not isinstance(found, bool):
            self.expected(path, found, "true or false")
        return found is True

    def whole(self, path: str, found: object) -> int:
        if type(found) is int:
            return found
        self.expected(path, found, "a whole number")
        return 1

    def minutes(self, path: str, found: object) -> timedelta:
        if isinstance(found, int | float) and found is not True and 0 < found <= MOST_MINUTES:
            return timedelta(minutes=found)
        self.expected(path, found, f"minutes, above 0 and at most {MOST_MINUTES}")
        return timedelta(minutes=1)

    def one_of(self, path: str, found: object, known: type[Urgency] | type[Asking]) -> Any:
        if isinstance(found, str) and found in list(known):
            return known(found)
        listed = ", ".join(quoted(each.value) for each in known)
        reason = f"found {quoted(found)}, expected one of {listed}"
        self.problem(path, reason, nearest_name(found, known))
        return next(iter(known))

    def policy(self, found: object) -> dict[str, Any]:
        """The parts of a policy, as its class takes them."""
        parts = self.mapping("", found, _KEYS)
        for key in ("format", "name", "on_error", "fail_safe", "tiers", "table"):
            if key not in parts:
                self.problem(key, "missing")
        if parts.get("format", FORMAT) != FORMAT or isinstance(parts.get("format"), bool):
            self.expected("format", parts["format"], str(FORMAT))
        made: dict[str, Any] = {}
        readers: dict[str, Callable[[str, object], object]] = {
            "name": self.text,
            "currency": self.text,
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
        for key, read in readers.items():
            if key in parts:
                made[key.removesuffix("_minutes")] = read(key, parts[key])
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
        return self.tried(path, lambda: table_from_document(self.mapping(path, found)))

    def urgency(self, found: object, facts: object) -> Table | None:
        parts = {"format": FORMAT, "name": "urgency", **self.mapping("urgency", found)}
        return self.tried("urgency", lambda: table_from_document({**parts, "facts": facts}))

    def safety(self, found: object, facts: object) -> SafetyLaw | None:
        parts = self.mapping("safety", found, ("when", "to"))
        rule = {"name": "safety", "when": parts.get("when", {}), "then": "safety"}
        document = {"format": FORMAT, "name": "safety", "facts": facts, "rules": [rule]}

        def when() -> Condition:
            return table_from_document(document).rules[0].when

        condition = self.tried("safety", when, inside="rules[0]")
        to = self.texts("safety.to", parts.get("to", []))
        return None if condition is None else SafetyLaw(when=condition, to=to)

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
        return tuple(
            self.test(f"{path}[{place}]", each)
            for place, each in enumerate(self.sequence(path, found))
        )

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
            tuple(
                self.tier(f"{key}[{place}]", each)
                for place, each in enumerate(self.sequence(key, parts.get(key, [])))
            )
            for key in ("tiers", "channels")
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
        made: dict[str, Any] = {"name": self.text(f"{path}.name", parts.get("name"))}
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
        for key, read in readers.items():
            if key in parts:
                made[key.removesuffix("_minutes")] = read(f"{path}.{key}", parts[key])
        made["authority"] = self.authority(path, made["name"], parts)
        targets = self.sequence(f"{path}.targets", parts.get("targets", []))
        made["targets"] = tuple(
            self.target(f"{path}.targets[{place}]", each) for place, each in enumerate(targets)
        )
        if None in made["targets"] or made["authority"] is None or not made["name"]:
            return None
        return self.tried(path, lambda: Tier(**made))

    def authority(self, path: str, name: str, parts: Mapping[str, Any]) -> Authority | None:
        money: dict[str, Any] = {}
        for code, most in self.mapping(f"{path}.money", parts.get("money", {})).items():
            exact = Decimal(repr(most)) if isinstance(most, float) else most
            money[code] = Decimal("Infinity") if most == "unlimited" else exact
        actions = self.texts(f"{path}.actions", parts.get("actions", []))
        return self.tried(path, lambda: Authority(tier=name, money=money, actions=actions))

    def target(self, path: str, found: object) -> Target | None:
        parts = self.mapping(path, found, _TARGET_KEYS)
        name = self.text(f"{path}.name", parts.get("name"))
        zone = self.tried(path, lambda: zone_named(parts.get("zone", "UTC")))
        hours: dict[str, Any] = {}
        if "days" in parts:
            hours["days"] = self.texts(f"{path}.days", parts["days"])
        for key in ("opens", "closes"):
            if key in parts:
                hours[key] = self.clock(f"{path}.{key}", parts[key])
        if "holidays" in parts:
            hours["holidays"] = self.dates(f"{path}.holidays", parts["holidays"])
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

    def dates(self, path: str, found: object) -> frozenset[date]:
        days: set[date] = set()
        for place, each in enumerate(self.sequence(path, found)):
            try:
                days.add(each if isinstance(each, date) else date.fromisoformat(str(each)))
            except ValueError:
                self.expected(f"{path}[{place}]", each, 'a date, such as "2026-12-25"')
        return frozenset(days)


MOST_MINUTES = 525_600
"""A year: no window is longer; ours."""
