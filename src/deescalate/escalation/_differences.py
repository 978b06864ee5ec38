"""How a policy differs from the one before, told in cases, and who would have been affected."""

from collections.abc import Iterable, Iterator

from attrs import fields, frozen

from deescalate.documents import Difference
from deescalate.escalation._charter import Charter
from deescalate.escalation._evaluation import Decision, evaluate
from deescalate.escalation._tiers import Tier
from deescalate.rules import Table
from deescalate.rules.proofs import differences

__all__ = ["Treated", "policy_differences", "replay"]


@frozen(kw_only=True)
class Treated:
    """A past case that the new policy would have treated otherwise.

    Attributes:
        number: Its place among the cases, from 0.
        facts: Its facts, as they were handed in.
        before: What the old policy says.
        after: What the new one says.
        changed: Which parts of the decision differ.
    """

    number: int
    facts: object
    before: Decision
    after: Decision
    changed: tuple[str, ...]

    def __str__(self) -> str:
        parts = (
            f"{name} {getattr(self.before, name)} -> {getattr(self.after, name)}"
            for name in self.changed
        )
        return f"case {self.number}: {', '.join(parts)}"


def policy_differences(old: Charter, new: Charter) -> tuple[Difference, ...]:
    """Tell how a policy differs from its predecessor: see `EscalationPolicy.differences`."""
    return (
        *_tiers(old, new),
        *_cases("table", old.table, new.table),
        *_urgencies(old, new),
        *_settings(old, new),
    )


def replay(cases: Iterable[object], *, old: Charter, new: Charter) -> tuple[Treated, ...]:
    """Decide past cases under both policies and tell which would have gone otherwise.

    Args:
        cases: The facts of past cases, as they were handed to ``evaluate``.
        old: The policy before.
        new: The policy to go live.

    Returns:
        The cases whose tier, urgency, time to answer or informed channels differ, in order.

    >>> from deescalate.escalation import EscalationPolicy
    >>> policy = EscalationPolicy.default()
    >>> replay([{"distress": 0.9}], old=policy, new=policy)
    ()
    """
    found: list[Treated] = []
    for number, facts in enumerate(cases):
        before, after = evaluate(old, facts), evaluate(new, facts)
        changed = tuple(
            name
            for name in ("tier", "urgency", "acknowledge_within", "also")
            if getattr(before, name) != getattr(after, name)
        )
        if changed:
            found.append(
                Treated(number=number, facts=facts, before=before, after=after, changed=changed)
            )
    return tuple(found)


def _tiers(old: Charter, new: Charter) -> Iterator[Difference]:
    before = {tier.name: tier for tier in old.ladder}
    after = {tier.name: tier for tier in new.ladder}
    for name in before.keys() - after.keys():
        yield Difference(where=f"tiers.{name}", what="is gone")
    for name, tier in after.items():
        if name not in before:
            yield Difference(where=f"tiers.{name}", what="is new")
        else:
            yield from _fields(f"tiers.{name}", before[name], tier)


def _fields(where: str, before: Tier, after: Tier) -> Iterator[Difference]:
    for each in fields(Tier):
        was, now = getattr(before, each.name), getattr(after, each.name)
        if was != now:
            yield Difference(where=where, what=f"{each.name} {was} -> {now}")


def _cases(where: str, old: Table, new: Table) -> Iterator[Difference]:
    for found in differences(old, new):
        yield Difference(where=where, what=str(found), cases=found)


def _urgencies(old: Charter, new: Charter) -> Iterator[Difference]:
    if old.urgency is not None and new.urgency is not None:
        yield from _cases("urgency", old.urgency, new.urgency)
    elif old.urgency != new.urgency:
        what = "has no rules any more" if new.urgency is None else "has rules now"
        yield Difference(where="urgency", what=what)


def _settings(old: Charter, new: Charter) -> Iterator[Difference]:
    for name in ("rounds", "fail_safe"):
        was, now = getattr(old.ladder, name), getattr(new.ladder, name)
        if was != now:
            yield Difference(where="policy", what=f"{name} {was} -> {now}")
    for each in fields(Charter):
        if each.name in _TOLD_IN_PARTS or not each.eq:
            continue
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was != now:
            yield Difference(where="policy", what=f"{each.name} {was} -> {now}")


_TOLD_IN_PARTS = {"ladder", "table", "urgency", "tests"}
