"""Hit policies: what becomes of the rules that matched.

Every box of every rule owns a bit. The bits stand in order of rank, best last, so where one rule
wins it is the highest bit set; where nothing is ranked they stand in table order.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from attrs import frozen

from deescalate.rules._engine.conditions import Box
from deescalate.rules._engine.rules import Outputs, Rule, Scalar, kind_of, total

__all__ = ["Decider", "Hit", "HitPolicy", "Outcome", "bits_of"]

Outcome = Scalar | Outputs | tuple[Scalar | Outputs, ...] | None


class HitPolicy(StrEnum):
    """What a table makes of several rules that match: DMN's policies and aggregations.

    Without any match each gives the default. Where there is none, the lists are empty, the count
    is 0 and the rest is undecided.

    >>> HitPolicy("rule_order"), HitPolicy("collect sum").totals
    (<HitPolicy.RULE_ORDER: 'rule order'>, True)
    """

    UNIQUE = "unique"
    """One rule at most may match."""
    ANY = "any"
    """Several may match if they agree."""
    PRIORITY = "priority"
    """The outcome that stands first in the table's ``outcomes`` wins."""
    FIRST = "first"
    """The first rule that matches wins."""
    RULE_ORDER = "rule order"
    """Every outcome, in the order of the rules."""
    OUTPUT_ORDER = "output order"
    """Every outcome, in the order of the table's ``outcomes``."""
    COLLECT = "collect"
    """Every outcome, in no order that means anything."""
    COLLECT_SUM = "collect sum"
    """The sum of every outcome, exact in integers and decimals, correctly rounded in floats."""
    COLLECT_MIN = "collect min"
    """The least outcome."""
    COLLECT_MAX = "collect max"
    """The greatest outcome."""
    COLLECT_COUNT = "collect count"
    """How many rules match."""

    @classmethod
    def _missing_(cls, value: object) -> "HitPolicy | None":
        if isinstance(value, str):
            plain = " ".join(value.casefold().replace("_", " ").replace("-", " ").split())
            plain = "collect" if plain == "collect list" else plain
            for policy in cls:
                if plain == policy.value:
                    return policy
        return None

    @property
    def ranks(self) -> bool:
        """Whether one rule outranks another."""
        return self in (self.PRIORITY, self.FIRST, self.COLLECT_MIN, self.COLLECT_MAX)

    @property
    def lists(self) -> bool:
        """Whether the outcome is a list of what every rule gives."""
        return self in (self.RULE_ORDER, self.OUTPUT_ORDER, self.COLLECT)

    @property
    def totals(self) -> bool:
        """Whether the outcome is counted together from every rule."""
        return self in (self.COLLECT_SUM, self.COLLECT_COUNT)

    @property
    def needs_order(self) -> bool:
        """Whether the table must state its outcomes in order."""
        return self in (self.PRIORITY, self.OUTPUT_ORDER)

    @property
    def needs_numbers(self) -> bool:
        """Whether every outcome must be a number."""
        return self in (self.COLLECT_SUM, self.COLLECT_MIN, self.COLLECT_MAX)


def bits_of(mask: int) -> Iterator[int]:
    """The places of the bits set in a mask, lowest first.

    >>> list(bits_of(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@frozen
class Hit:
    """What a set of matching rules comes to.

    Attributes:
        outcome: The outcome; ``None`` where nothing decides.
        rules: The rules it comes from, by their place in the table; for a conflict, those at odds.
        conflict: Whether the hit policy forbids it.
    """

    outcome: Outcome
    rules: tuple[int, ...] = ()
    conflict: bool = False

    @property
    def kind(self) -> object:
        """What makes two hits the same decision."""
        if self.conflict:
            return "conflict"
        return None if self.outcome is None else (kind_of(self.outcome),)


_CONFLICT = Hit(None, conflict=True)


class Decider:
    """A hit policy put to work on a table's rules.

    Args:
        policy: The hit policy.
        rules: The table's rules.
        ranks: A rank for each rule, lower is better, where the policy ranks or orders them.
        default: The outcome without a match; ``None`` for none.
    """

    __slots__ = (
        "best",
        "boxes",
        "default",
        "everything",
        "linear",
        "many",
        "owners",
        "peers",
        "policy",
        "ranks",
        "rules",
        "same",
        "upto",
        "wide",
    )

    def __init__(
        self,
        policy: HitPolicy,
        rules: Sequence[Rule],
        ranks: Sequence[int],
        default: Outcome,
    ) -> None:
        self.policy = policy
        self.rules = tuple(rules)
        self.ranks = tuple(ranks)
        order = (
            sorted(range(len(rules)), key=ranks.__getitem__, reverse=True)
            if policy.ranks
            else range(len(rules))
        )
        self.boxes: tuple[Box, ...] = tuple(box for rule in order for box in rules[rule].when.boxes)
        self.everything = (1 << len(self.boxes)) - 1
        self.owners = tuple(rule for rule in order for _ in rules[rule].when.boxes)
        self.default = self._without_match(default)
        self.wide = self._wide()
        self.many = sum(bits for bits in self.wide.values() if bits.bit_count() > 1)
        self.same = self._same()
        self.linear = policy.ranks and len(set(ranks)) == len(ranks)
        self.upto = self._upto()
        self.best = (0, *(self.upto[self.ranks[owner]] for owner in self.owners if policy.ranks))
        self.peers = self._peers()

    def _without_match(self, default: Outcome) -> Hit:
        if default is not None:
            return Hit((default,) if self.policy.lists else default)  # type: ignore[arg-type]  # the table refuses lists as default
        if self.policy.lists:
            return Hit(())
        return Hit(0 if self.policy is HitPolicy.COLLECT_COUNT else None)

    def _wide(self) -> dict[int, int]:
        """The bits of each rule."""
        found = dict.fromkeys(range(len(self.rules)), 0)
        for bit, owner in enumerate(self.owners):
            found[owner] |= 1 << bit
        return found

    def _same(self) -> dict[object, int]:
        """The bits of the rules of one outcome, by its kind."""
        found: dict[object, int] = {}
        for bit, owner in enumerate(self.owners):
            kind = kind_of(self.rules[owner].then)
            found[kind] = found.get(kind, 0) | 1 << bit
        return found

    def _upto(self) -> dict[int, int]:
        """The bits of each rank and of those better."""
        found: dict[int, int] = {}
        bits = 0
        for bit, owner in reversed([*enumerate(self.owners)] if self.policy.ranks else []):
            bits |= 1 << bit
            found[self.ranks[owner]] = bits
        return found

    def _peers(self) -> tuple[int, ...]:
        """For each bit those of its rank and outcome, where rules are ranked."""
        found: dict[object, int] = {}
        kinds = [
            (self.ranks[owner], kind_of(self.rules[owner].then))
            for owner in self.owners
            if self.policy.ranks
        ]
        for bit, kind in enumerate(kinds):
            found[kind] = found.get(kind, 0) | 1 << bit
        return tuple(found[kind] for kind in kinds)

    def key_of(self, mask: int) -> int:
        """What is the same for masks that come to the same: quick, and small where it can be.

        It is the length of the best bit where no two rules are of one rank, the bits of the rules
        that win where some are, and all bits where nothing is ranked.
        """
        if self.linear:
            return mask.bit_length()
        return mask & self.best[mask.bit_length()] if self.policy.ranks else mask

    def owners_of(self, mask: int) -> tuple[int, ...]:
        """The rules whose bits are in a mask, in table order."""
        return tuple(sorted({self.owners[bit] for bit in bits_of(mask)}))

    def resolve(self, mask: int) -> Hit:  # noqa: PLR0911  one for each kind of hit policy
        """Say what the rules come to whose bits are in a mask."""
        if not mask:
            return self.default
        if self.policy.ranks:
            return self._single(self.owners_of(self.winners(mask)))
        owners = self.owners_of(mask)
        if self.policy is HitPolicy.UNIQUE:
            return Hit(None, owners, conflict=True) if len(owners) > 1 else self._single(owners)
        if self.policy is HitPolicy.ANY:
            agreed = self.same[kind_of(self.rules[owners[0]].then)]
            return Hit(None, owners, conflict=True) if mask & ~agreed else self._single(owners)
        if self.policy is HitPolicy.COLLECT_COUNT:
            return Hit(len(owners), owners)
        if self.policy is HitPolicy.COLLECT_SUM:
            return Hit(total([self.rules[owner].then for owner in owners]), owners)
        if self.policy is HitPolicy.OUTPUT_ORDER:
            owners = tuple(sorted(owners, key=self.ranks.__getitem__))
        return Hit(tuple(self.rules[owner].then for owner in owners), owners)

    def _single(self, owners: tuple[int, ...]) -> Hit:
        return Hit(self.rules[owners[0]].then, owners)

    def winners(self, mask: int) -> int:
        """The bits of the best rank in a mask that is not empty."""
        return mask & self.best[mask.bit_length()]

    def prune(self, possible: int, certain: int) -> int:
        """Drop the bits that can no longer matter, given those that are certain."""
        if certain and self.policy.ranks:
            possible &= self.best[certain.bit_length()]
        for bit in bits_of(certain & possible & self.many):
            own = self.wide[self.owners[bit]]
            if certain >> bit & 1 and possible & own != 1 << bit:
                possible = possible & ~own | 1 << bit
                certain = certain & ~own | 1 << bit
        return possible

    def merge(self, possible: int, certain: int) -> int:
        """Drop all bits but one that come to what a certain one does: enough for the outcome."""
        if not (certain and self.policy.ranks):
            return possible
        top = certain.bit_length() - 1
        return possible & ~self.peers[top] | 1 << top

    def settle(self, possible: int, certain: int) -> Hit | None:
        """Say what every set of bits between two comes to, if it is the same; else ``None``.

        Args:
            possible: The bits that may match.
            certain: Those of them that do in any case.
        """
        if possible == certain:
            return self.resolve(certain)
        if not certain:
            return self._settle_by_default(possible)
        first = self.owners[certain.bit_length() - 1]
        agreed = self.same[kind_of(self.rules[first].then)]
        if self.policy.ranks:
            contenders = possible & self.best[certain.bit_length()]
            return self.resolve(certain) if not contenders & ~agreed else None
        if self.policy is HitPolicy.UNIQUE:
            agreed = self.wide[first]
        elif self.policy is not HitPolicy.ANY:
            open_bits = possible & ~certain
            done = 0
            for bit in bits_of(certain):
                done |= self.wide[self.owners[bit]]
            return self.resolve(certain) if not open_bits & ~done else None
        if certain & ~agreed:
            return _CONFLICT
        return self.resolve(certain) if not possible & ~agreed else None

    def span(self, possible: int, certain: int) -> tuple[Any, Any]:
        """The least and the greatest that a total can be of every set of bits between two."""
        sure = self.owners_of(certain)
        maybe = [each for each in self.owners_of(possible) if each not in sure]
        if self.policy is HitPolicy.COLLECT_COUNT:
            return len(sure), len(sure) + len(maybe)
        known: list[Any] = [self.rules[owner].then for owner in sure]
        more: list[Any] = [self.rules[owner].then for owner in maybe]
        low = total([*known, *(each for each in more if each < 0)])
        return low, total([*known, *(each for each in more if each > 0)])

    def _settle_by_default(self, possible: int) -> Hit | None:
        if self.policy.lists or self.policy.totals or self.default.outcome is None:
            return None
        if possible & ~self.same.get(kind_of(self.default.outcome), 0):
            return None
        if self.policy is HitPolicy.UNIQUE and len(self.owners_of(possible)) > 1:
            return None
        return self.default
