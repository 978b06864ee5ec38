"""The table that users hold: decided by the engine, proved by the proofs, read from documents."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

from deescalate._html import Markup, fragment, page, table, tag
from deescalate.documents import Difference, Document, Notes, Shape, is_mapping
from deescalate.findings import Report
from deescalate.rules._documents import read_parts
from deescalate.rules._engine.conditions import Fact
from deescalate.rules._engine.rules import Verdict
from deescalate.rules._engine.table import Table as Decided
from deescalate.rules._written import schema, written
from deescalate.rules.proofs import check, differences
from deescalate.rules.proofs._covering import DEFAULT_LIMIT

__all__ = ["Table", "table_shape"]

_MOST_COLUMNS = 12
"""Facts that a page shows as a column each; of more, a rule tells those that it asks. Ours."""


class Table(Decided, Document):
    """A decision table.

    It never changes, may be shared between threads, compares and hashes by value, and pickles.

    Attributes:
        name: Its name.
        facts: What it may ask about, each with its domain.
        rules: Its rules.
        hit_policy: What to make of several rules that match, by name: see ``HitPolicy``.
        default: The outcome where no rule matches; ``None`` for none.
        outcomes: Every outcome there is, best first. ``priority`` and ``output order`` need it;
            elsewhere it may be left empty. Where rules have several outputs it is a mapping from
            each output, weightiest first, to its values.
        tests: Cases that it must decide as stated; ``run_tests`` runs them.

    Raises:
        TableError: Names clash, a rule asks about a fact that is not declared (so), outcomes are
            of different shapes, or the hit policy cannot deal with them.

    >>> from deescalate.rules import Choice, Number, Rule
    >>> anger, threat = Number("anger", 0, 1), Choice("threat", ["none", "legal", "violence"])
    >>> desk = Table(
    ...     "desk",
    ...     [anger, threat],
    ...     [
    ...         Rule("violent", threat.is_("violence"), "security"),
    ...         Rule("furious", anger >= 0.9, "supervisor", "too angry to be helped by an agent"),
    ...     ],
    ...     "priority",
    ...     default="agent",
    ...     outcomes=["security", "supervisor", "agent"],
    ... )
    >>> print(desk.decide({"anger": 0.95, "threat": "none"}))
    supervisor, because too angry to be helped by an agent
    >>> print(desk.decide({"anger": 0.95}))
    undecided between supervisor, security; ask for threat
    """

    __slots__ = ("_fingerprint",)
    _fingerprint: str
    document_kind = "table"

    @classmethod
    def document_shape(cls) -> Shape:
        """How it is read and written."""
        return table_shape()

    @property
    def fingerprint(self) -> str:
        """What tells this version from every other, of all that decides, so without the tests.

        >>> from deescalate.rules import Flag, Rule
        >>> late = Flag("late")
        >>> desk = Table("desk", [late], [Rule("late", late.is_true(), "call back")])
        >>> desk.fingerprint == Table("desk", [late], desk.rules).fingerprint
        True
        >>> len(desk.fingerprint)
        64
        """
        if not hasattr(self, "_fingerprint"):
            said = {key: each for key, each in written(self).items() if key != "tests"}
            told = json.dumps(said, sort_keys=True, default=repr).encode()
            object.__setattr__(self, "_fingerprint", sha256(told).hexdigest())
        return self._fingerprint

    def check(self, *, most: int = 10, limit: int = DEFAULT_LIMIT) -> Report:
        """Look for everything that is wrong or odd with it: see `deescalate.rules.proofs.check`."""
        return check(self, most=most, limit=limit)

    def differences(self, other: Self, *, most: int = 10) -> tuple[Difference, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]  Self
        """Tell which cases another table decides otherwise.

        Args:
            other: The one that comes after.
            most: How many are told.

        Returns:
            Each with its ``cases``: see `deescalate.rules.proofs.differences`.

        Raises:
            TableError: A fact has changed its kind, so that cases cannot be compared.
            WorkLimitError: The comparison would take too much work.
        """
        found = differences(self, other, most=most)
        return tuple(Difference(where="rules", what=str(each), cases=each) for each in found)

    def to_html(self, facts: Mapping[str, object] | None = None) -> str:
        """Write it as a page of its own, a column a fact; of very many facts those that are asked.

        Args:
            facts: A case; the rules that decide it are then marked, and the verdict told.

        Raises:
            FactError: A fact of the case is unknown, of a wrong type or outside its domain.
            HitPolicyError: Several rules match it where one may.
        """
        return page(self.name, _picture(self, None if facts is None else self.decide(facts)))

    def _repr_html_(self) -> str:
        return fragment(tag("h1", self.name), _picture(self))


def table_shape(
    *,
    facts: Iterable[Fact] | None = None,
    frame: Mapping[str, Any] | None = None,
    otherwise: Mapping[str, Any] | None = None,
) -> Shape:
    """The shape of a table within a document.

    Args:
        facts: The facts that are declared elsewhere; the table then declares none.
        frame: What is given for it; the table says only what is left.
        otherwise: What it has where it says nothing.
    """
    given = frame or {}

    def read(notes: Notes, path: str, found: object) -> Table | None:
        made = read_parts(notes, path, found, facts=facts, frame=given, otherwise=otherwise)
        return None if made is None else notes.tried(path, lambda: Table(**made))

    def write(table: Table) -> dict[str, Any]:
        hidden = {*given} if facts is None else {*given, "facts"}
        said = {key: each for key, each in written(table).items() if key not in hidden}
        return {key: each for key, each in said.items() if each != (otherwise or {}).get(key)}

    return Shape(
        read,
        lambda: schema(facts=facts is None, frame=given, otherwise=frozenset(otherwise or ())),
        write,
    )


def _picture(of: Decided, verdict: Verdict | None = None) -> Markup:
    """A table; where a verdict is given, with the rules that it comes from marked."""
    wide = len(of.facts) > _MOST_COLUMNS
    facts = () if wide else tuple(fact.name for fact in of.facts)
    hits = () if verdict is None else {rule.name for rule in verdict.matched}
    rows = [*_rows(written(of), facts)]
    outcome = None
    if verdict is not None:
        outcome = tag("p", tag("strong", str(verdict)))
    default = None if of.default is None else f"; otherwise {_told(of.default)}"
    return tag(
        "div",
        outcome,
        tag("p", f"Hit policy: {of.hit_policy}", default, class_="soft"),
        table(("rule", *(facts or ("when",)), "then", "because"), rows, _hit(rows, hits)),
    )


def _rows(document: Mapping[str, Any], facts: Collection[str]) -> Iterator[tuple[str, ...]]:
    for rule in document.get("rules", ()):
        when = rule.get("when", {})
        for cells in [when] if is_mapping(when) else when:
            asked = [_told(cells.get(name, "-")) for name in facts] or [_told(cells) or "always"]
            yield (rule["name"], *asked, _told(rule["then"]), rule.get("because", ""))


def _hit(rows: list[tuple[str, ...]], names: Collection[str]) -> list[int]:
    return [place for place, row in enumerate(rows) if row[0] in names]


def _told(value: object) -> str:
    if is_mapping(value):
        return ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    return str(value) if isinstance(value, str | Decimal | int | float) else repr(value)
