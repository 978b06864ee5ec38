"""A model: decisions that need each other, decided and checked in order."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from deescalate.documents import Difference, FrozenMapping, is_mapping, joined
from deescalate.errors import FactError, TableError, listed_names, nearest_name, quoted
from deescalate.findings import Finding, Report, Severity
from deescalate.rules._engine.rules import Verdict
from deescalate.rules._table import Table
from deescalate.rules.dmn._logic import Tabled, value_of
from deescalate.rules.dmn._reading import NO_LOGIC, Decision, read_decisions
from deescalate.rules.dmn._through import Through
from deescalate.rules.dmn._types import flat
from deescalate.rules.dmn._writing import Drawn, definitions, type_of, xml_of_table
from deescalate.rules.proofs import CODES

__all__ = ["Model", "read_dmn", "write_dmn"]


@frozen(eq=False, repr=False)
class Model:
    """The decisions of a DMN document.

    It never changes.

    Attributes:
        name: Its name.
        decisions: Its decisions, each after those that it needs.
        tables: Its tables, by the names of their decisions.
    """

    name: str
    decisions: tuple[Decision, ...]
    tables: Mapping[str, Table] = field(init=False)
    _through: Through = field(init=False)

    def __attrs_post_init__(self) -> None:
        found = {each.name: each.table.table for each in self.decisions if each.table is not None}
        object.__setattr__(self, "tables", FrozenMapping(found))
        object.__setattr__(self, "_through", Through(self.decisions))

    def __repr__(self) -> str:
        """Its name and how many decisions it has."""
        return f"Model({self.name!r}, {len(self.decisions)} decisions)"

    @property
    def table(self) -> Table:
        """The one table of a model that has one.

        Raises:
            TableError: It has none, or several; ``tables`` has them by name.
        """
        if len(self.tables) != 1:
            reason = f"it has {len(self.tables)} tables, expected one: {listed_names(self.tables)}"
            raise TableError(f"model {quoted(self.name)}", reason)
        return next(iter(self.tables.values()))

    def decide(self, facts: Mapping[str, object], *, only: str | None = None) -> dict[str, Verdict]:
        """Decide a case, in the order of what needs what.

        Args:
            facts: Values by the names of inputs; parts of an input in a mapping, or by names with
                dots. ``None`` is DMN's null: only rules that do not ask about it can match.
            only: One decision, which is decided with those it needs; ``None`` for all.

        Returns:
            What each decision says, by name.

        Raises:
            FactError: An input is missing, of a wrong type, or outside what is allowed.
            HitPolicyError: Several rules of a table matched where its hit policy forbids it.
        """
        wanted = self._wanted(only)
        scope: dict[str, Any] = {flat(name): value_of(each) for name, each in facts.items()}
        found: dict[str, Verdict] = {}
        for decision in self.decisions:
            if decision.name in wanted:
                self._check_inputs(decision, scope)
                found[decision.name] = decision.logic.verdict(scope)
                scope[decision.name] = value_of(found[decision.name].outcome)
        return found

    def _wanted(self, only: str | None) -> set[str]:
        names = [each.name for each in self.decisions]
        if only is None:
            return set(names)
        if only not in names:
            near = nearest_name(only, names)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            raise TableError(f"model {quoted(self.name)}", f"no decision {quoted(only)}{hint}")
        wanted = {only}
        for decision in reversed(self.decisions):
            if decision.name in wanted:
                wanted.update(decision.needs)
        return wanted

    def _check_inputs(self, decision: Decision, scope: Mapping[str, Any]) -> None:
        for path in decision.asks:
            value: Any = scope
            if path not in scope:
                for part in path.split("."):
                    if not is_mapping(value) or part not in value:
                        raise FactError(path, None, "a value, not missing")
                    value = value[part]

    def through(self, name: str) -> Table:
        """The table of a decision over the model's inputs, with the tables that it needs put in.

        Whatever is proved of it holds of the whole graph; it decides each case as the model does.

        Args:
            name: The decision.

        Raises:
            TableError: It has no table, or needs what computes its outcome or lists several.
        """
        self._wanted(name)
        return self._through.table(name)

    def _proved(self, decision: Decision, table: Table) -> tuple[Table, str]:
        """The table to prove things of, and why it is not the one over the model's inputs."""
        if not decision.needs:
            return table, ""
        try:
            return self.through(decision.name), ""
        except TableError as error:
            return table, str(error)

    def check(self, *, most: int = 10) -> Report:
        """Look for everything that is wrong or odd with every table, with lines of the document.

        What a table is asked is what can come to it through the tables that it needs. Where that
        cannot be told, it is checked by itself, and a note says so.

        Args:
            most: Gaps and overlaps reported at most, of each table.

        Raises:
            WorkLimitError: A question would take too much work.
        """
        found: list[Finding] = []
        for decision in self.decisions:
            tabled = decision.table
            if tabled is None:
                if _text(decision) == NO_LOGIC:
                    where, line = joined("", decision.name), decision.line
                    found.append(
                        Finding(
                            severity=Severity.WARNING,
                            code="no-logic",
                            text="it has no logic: it is what is given for it, or null",
                            place=where,
                            line=line,
                        )
                    )
                continue
            table, alone = self._proved(decision, tabled.table)
            told = list(table.check(most=most))
            if alone:
                text = f"checked by itself, not through what it needs: {alone}"
                told.append(Finding(severity=Severity.NOTE, code="alone", text=text))
            for each in told:
                line = tabled.lines.get(each.place, decision.line)
                place = ".".join(filter(None, (joined("", decision.name), each.place)))
                found.append(evolve(each, place=place, line=line))
        return Report(name=self.name, findings=found, meanings={**CODES, **_MEANINGS})

    def differences(self, other: "Model", *, most: int = 10) -> tuple[Difference, ...]:
        """Tell which cases another model, such as the one to go live, decides otherwise.

        Args:
            other: The one that comes after.
            most: How many are told of each decision.

        Returns:
            Each with its decision. Decisions that need others are compared over the inputs of the
            model, where both can be.

        Raises:
            TableError: A fact has changed its kind, so that cases cannot be compared.
            WorkLimitError: The comparison would take too much work.
        """
        found: list[Difference] = []
        for name in dict.fromkeys(each.name for each in (*self.decisions, *other.decisions)):
            before, after = self._find(name), other._find(name)
            if before is None or after is None:
                what = "is new" if before is None else "is gone"
                found.append(Difference(where=name, what=what))
            elif before.table is not None and after.table is not None:
                old, alone = self._proved(before, before.table.table)
                new, also = other._proved(after, after.table.table)
                if alone or also:
                    old, new = before.table.table, after.table.table
                found += [evolve(each, where=name) for each in old.differences(new, most=most)]
            elif _text(before) != _text(after):
                what = f"{quoted(_text(before))} -> {quoted(_text(after))}"
                found.append(Difference(where=name, what=what))
        return tuple(found)

    def _find(self, name: str) -> Decision | None:
        return next((each for each in self.decisions if each.name == name), None)


_MEANINGS = {
    "alone": "a table is checked without those that it needs",
    "no-logic": "a decision that is not drawn yet",
}


def _text(decision: Decision) -> str:
    logic = decision.logic
    return "a table" if isinstance(logic, Tabled) else logic.expression.text


def write_dmn(source: Table | Model) -> str:
    """Write a table or a model as DMN 1.3.

    A rule with alternatives takes a line of the table for each; where the hit policy counts what
    matches, the lines are written so that they do not overlap. Names of rules are their labels,
    reasons their descriptions; what DMN cannot say, such as units and stated cases, stands in the
    places that it has for extensions.

    Args:
        source: The table or the model.

    Returns:
        The XML document. Read again it decides alike, and is equal but for the alternatives that
        were written apart.

    Raises:
        TableError: DMN or XML cannot hold it.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> desk = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")])
    >>> read_dmn(write_dmn(desk)).table == desk
    True
    """
    if isinstance(source, Table):
        return xml_of_table(source)
    return definitions(source.name, [_drawn(each) for each in source.decisions])


def _drawn(decision: Decision) -> Drawn:
    logic = decision.logic
    columns = logic.columns if isinstance(logic, Tabled) else ()
    types = {each.source.path: type_of(each.fact) for each in columns}
    asks = {path.partition(".")[0]: types.get(path, "") for path in decision.asks}
    if not decision.plain:
        reason = "it calls business knowledge or compares inputs, which is not written"
        raise TableError(f"decision {quoted(decision.name)}", reason)
    if not isinstance(logic, Tabled):
        text = logic.expression.text or "null"
        return Drawn(decision.name, expression=text, needs=decision.needs, asks=asks)
    sources = {each.fact.name: each.source.text for each in logic.columns}
    asking = {each.fact.name: each.asking for each in logic.columns}
    return Drawn(
        decision.name, logic.table, sources, logic.computed, "", decision.needs, asks, asking
    )


def read_dmn(text: str | bytes, *, decision: str | None = None) -> Model:
    """Read a DMN document, version 1.1 to 1.5.

    Args:
        text: The XML document.
        decision: The one decision to read, with what it needs; ``None`` for all of them.

    Returns:
        Its decisions.

    Raises:
        DocumentError: It is no DMN, or holds what is not supported; it has every problem, each
            with its line.

    >>> read_dmn("<html/>")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    deescalate.errors.DocumentError: DMN document: text (line 1): found `html` of ``, expected...
    """
    name, decisions = read_decisions(text, decision)
    return Model(name, decisions)
