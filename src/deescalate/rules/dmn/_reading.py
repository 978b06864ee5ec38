"""Reads a DMN document: decisions with what they need, and nothing by halves."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import frozen

from deescalate.errors import DocumentError, Problem, nearest_name, quoted
from deescalate.rules._engine.rules import Outputs, Scalar
from deescalate.rules.dmn._feel import (
    Expression,
    Function,
    Run,
    Unsupported,
    names_pattern,
    read_expression,
)
from deescalate.rules.dmn._logic import Computed, Logic, Tabled, value_of
from deescalate.rules.dmn._marks import check_language
from deescalate.rules.dmn._tables import TableReader
from deescalate.rules.dmn._types import ANY, Type, Types, flat
from deescalate.rules.dmn._xml import Element, read_xml, refuse

__all__ = ["DOCUMENT", "NO_LOGIC", "VERSIONS", "Decision", "Reader", "read_decisions"]

DOCUMENT = "DMN"
VERSIONS: Mapping[str, str] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The versions of DMN by their namespace."""

MOST_PROBLEMS = 100
_LOGIC = (
    "decisionTable", "literalExpression", "invocation", "context", "relation", "list", "function",
    "functionDefinition", "conditional", "filter", "for", "some", "every",
)  # fmt: skip


@frozen(eq=False)
class Decision:
    """One decision of a model.

    Attributes:
        name: Its name.
        logic: What decides it.
        needs: Names of the decisions that it asks, as its expressions call them.
        asks: Names of the inputs that it asks; parts of an input have dots before them.
        line: Where it begins.
        plain: Whether it calls no business knowledge and compares no inputs.
    """

    name: str
    logic: Logic
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    line: int
    plain: bool = True

    @property
    def table(self) -> Tabled | None:
        """Its table, where it has one."""
        return self.logic if isinstance(self.logic, Tabled) else None


class Reader:
    """Reads the decisions of one document.

    Args:
        definitions: Its outermost element.
    """

    def __init__(self, definitions: Element) -> None:
        self.definitions = definitions
        self.types = Types(definitions)
        self.problems: list[Problem] = []
        self.more = 0
        self.elements = {
            each.get("id"): each
            for each in definitions.children
            if each.space == definitions.space and each.get("id")
        }
        self.decisions: dict[str, Decision] = {}
        self.read: dict[int, Decision | None] = {}
        self.functions: dict[int, Function | None] = {}

    def problem(self, path: str, reason: str, line: int) -> None:
        """Note what cannot be read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(path, reason, line=line))
        else:
            self.more += 1

    def all(self, only: str | None) -> tuple[Decision, ...]:
        """Read every decision, or one and what it needs."""
        for each in self.definitions.all("import"):
            if only is None:
                self.problem("import", "not supported: other documents", each.line)
        found = {flat(each.get("name")): each for each in self.definitions.all("decision")}
        if only is not None and flat(only) not in found:
            near = nearest_name(only, found)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            reason = f"there is no decision {quoted(only)}{hint}"
            self.problem("decision", reason, self.definitions.line)
            return ()
        for each in self.definitions.all("decision"):
            if only is None or flat(each.get("name")) == flat(only):
                self.decision(each, ())
        if not found and not self.problems:
            self.problem("definitions", "there is no decision in it", self.definitions.line)
        return tuple(self.decisions.values())

    def decision(self, element: Element, trail: tuple[int, ...]) -> Decision | None:
        """Read a decision, once, after those that it needs."""
        key = id(element)
        name = flat(element.get("name"))
        if key in trail:
            self.problem(name, "it needs itself, by way of others", element.line)
            return None
        if len(trail) > MOST_TRAIL:
            self.problem(name, f"more than {MOST_TRAIL} decisions need each other", element.line)
            return None
        if key not in self.read:
            self.read[key] = None
            self.read[key] = self._decision(element, name, (*trail, key))
        return self.read[key]

    def _decision(self, element: Element, name: str, trail: tuple[int, ...]) -> Decision | None:
        before = len(self.problems) + self.more
        if not name:
            self.problem("decision", "it has no name", element.line)
            return None
        needs: dict[str, Decision] = {}
        types: dict[str, Type] = {}
        for each in element.all("informationRequirement"):
            for required in each.children:
                target = self.target(name, required)
                if target is None:
                    continue
                called = self.called(target)
                types[called] = self.type_of(called, target)
                if target.tag == "decision":
                    needed = self.decision(target, trail)
                    if needed is not None:
                        needs[called] = needed
        functions = self.functions_of(name, element, trail)
        if len(self.problems) + self.more > before:
            return None
        own = self.type_of(name, element)
        logic = self.logic(name, element, Known(needs, types, functions, own))
        if logic is None or len(self.problems) + self.more > before:
            return None
        if name in self.decisions:
            self.problem(name, "there are two decisions of this name", element.line)
            return None
        plain = not functions and not (isinstance(logic, Tabled) and logic.relations)
        asks = _asked(logic, types, needs)
        made = Decision(name, logic, tuple(needs), asks, element.line, plain)
        self.decisions[name] = made
        return made

    def target(self, path: str, reference: Element) -> Element | None:
        """The element of this document that a requirement names."""
        space, _, own = reference.get("href").rpartition("#")
        if space and space != self.definitions.get("namespace"):
            self.problem(path, f"not supported: {quoted(space)}, another document", reference.line)
            return None
        found = self.elements.get(own)
        if found is None:
            self.problem(path, f"there is no element {quoted(own)}", reference.line)
        return found

    def called(self, element: Element) -> str:
        """The name by which expressions call an input or a decision."""
        variable = element.one("variable")
        named = "" if variable is None else flat(variable.get("name"))
        return named or flat(element.get("name"))

    def type_of(self, path: str, element: Element) -> Type:
        """The type that the variable of an element says."""
        variable = element.one("variable")
        reference = "" if variable is None else variable.get("typeRef")
        found = self.types.of(reference)
        if found is None:
            self.problem(path, f"there is no type {quoted(reference)}", element.line)
        return found or ANY

    def functions_of(
        self, path: str, element: Element, trail: tuple[int, ...]
    ) -> Mapping[str, Function]:
        """The business knowledge that an element may call."""
        found: dict[str, Function] = {}
        for each in element.all("knowledgeRequirement"):
            for required in each.children:
                target = self.target(path, required)
                if target is not None:
                    function = self.function(target, trail)
                    if function is not None:
                        found[self.called(target)] = function
        return found

    def function(self, element: Element, trail: tuple[int, ...]) -> Function | None:
        """Read a business knowledge model, once."""
        key = id(element)
        if key in trail:
            self.problem(flat(element.get("name")), "it calls itself", element.line)
            return None
        if key not in self.functions:
            self.functions[key] = self._function(element, (*trail, key))
        return self.functions[key]

    def _function(self, element: Element, trail: tuple[int, ...]) -> Function | None:
        name = flat(element.get("name"))
        body = element.one("encapsulatedLogic")
        if body is None or not _bodies(body):
            return None
        if body.get("kind") not in ("", "FEEL") or len(trail) > MOST_TRAIL:
            self.problem(name, "not supported: business knowledge beyond FEEL", element.line)
            return None
        types: dict[str, Type] = {}
        for each in body.all("formalParameter"):
            found = self.types.of(each.get("typeRef"))
            types[flat(each.get("name"))] = found or ANY
        functions = self.functions_of(name, element, trail)
        logic = self.logic(name, body, Known({}, types, functions, ANY))
        if logic is None:
            return None
        return Function(tuple(types), lambda scope: value_of(logic.verdict(scope).outcome))

    def logic(self, name: str, element: Element, known: "Known") -> Logic | None:
        """What decides a decision, or a function."""
        body = next(iter(_bodies(element)), None)
        if body is None:
            return Computed(Expression(NO_LOGIC, lambda scope: scope.get(name)))
        try:
            check_language(body)
        except Unsupported as error:
            self.problem(name, str(error), body.line)
            return None
        if body.tag == "decisionTable":
            reader = TableReader(self.types, self.problem, name, body, known, element.get("name"))
            return reader.table()
        if body.tag == "literalExpression":
            return self.computed(name, body, known)
        if body.tag == "invocation":
            return self.invocation(name, body, known)
        self.problem(name, f"not supported: {quoted(body.tag)}", body.line)
        return None

    def computed(self, name: str, element: Element, known: "Known") -> Computed | None:
        """A decision that is a literal expression."""
        text = element.one("text")
        if text is None:
            self.problem(name, "not supported: an expression without text", element.line)
            return None
        try:
            return Computed(read_expression(text.text, known.names, known.functions))
        except Unsupported as error:
            self.problem(name, f"not supported: {error}", text.line)
            return None

    def invocation(self, name: str, element: Element, known: "Known") -> Computed | None:
        """A decision that calls business knowledge, with its parameters by name."""
        target = element.one("literalExpression")
        text = "" if target is None else flat(target.said("text"))
        function = known.functions.get(text)
        if function is None:
            near = nearest_name(text, known.functions)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            self.problem(name, f"there is no function {quoted(text)}{hint}", element.line)
            return None
        runs: dict[str, Run] = {}
        for each in element.all("binding"):
            parameter, given = each.one("parameter"), each.one("literalExpression")
            bound = None if given is None else self.computed(name, given, known)
            called = "" if parameter is None else flat(parameter.get("name"))
            if bound is None or called not in function.parameters:
                reason = f"not supported: the parameter {quoted(called)}, or what it is given"
                self.problem(name, reason, each.line)
                return None
            runs[called] = bound.expression.run
        return Computed(
            Expression(
                text, lambda scope: function.run({each: run(scope) for each, run in runs.items()})
            )
        )


def _bodies(element: Element) -> list[Element]:
    return [each for tag in _LOGIC for each in element.all(tag)]


NO_LOGIC = ""
"""The text of a decision without logic, which is what is given for it."""
MOST_TRAIL = 100
"""How long a chain of decisions that need each other may be; ours."""


@frozen(eq=False, slots=False)
class Known:
    """What the logic of a decision may use.

    Attributes:
        needs: Decisions by the names it calls them.
        types: Types by name, of inputs and of decisions.
        functions: Functions by name.
        own: Its own type.
    """

    needs: Mapping[str, Decision]
    types: Mapping[str, Type]
    functions: Mapping[str, Function]
    own: Type

    @cached_property
    def names(self) -> re.Pattern[str]:
        """Every name it may use."""
        return names_pattern(self.types)

    def type_at(self, path: str) -> Type:
        """The type of a name, or of a part of it."""
        name = next((each for each in _starts(path) if each in self.types), "")
        rest = path[len(name) + 1 :]
        return self.types.get(name, ANY).part(rest.split(".") if rest else ())

    def outcomes_at(self, path: str) -> tuple[Scalar, ...] | None:
        """What a needed decision can come to, where that is known."""
        name = next((each for each in _starts(path) if each in self.needs), None)
        table = None if name is None else self.needs[name].table
        if name is None or table is None or table.computed:
            return None
        if table.table.hit_policy.lists or table.table.hit_policy.totals:
            return None
        part = path[len(name) + 1 :]
        stated = [rule.then for rule in table.table.rules]
        stated += [] if table.table.default is None else [table.table.default]
        found = [each.get(part) if isinstance(each, Outputs) else each for each in stated]
        return tuple(each for each in found if each is not None)


def _starts(path: str) -> Iterable[str]:
    """The name itself and all that it may be a part of, the longest first."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _asked(
    logic: Logic, types: Mapping[str, Type], needs: Mapping[str, Decision]
) -> tuple[str, ...]:
    """The inputs that a decision reads: those its columns name, or those it requires."""
    columns = logic.columns if isinstance(logic, Tabled) else ()
    paths = [each.source.path for each in columns if each.source.path]
    if len(paths) < len(columns) or not columns:
        paths += types
    asked = [each for each in paths if not any(start in needs for start in _starts(each))]
    return tuple(dict.fromkeys(asked))


def read_decisions(text: str | bytes, only: str | None) -> tuple[str, tuple[Decision, ...]]:
    """The name of a model, and its decisions, each after those that it needs.

    Raises:
        DocumentError: With every problem, each with its line.
    """
    definitions = read_xml(DOCUMENT, text)
    if definitions.tag != "definitions" or definitions.space not in VERSIONS:
        found = f"found `{definitions.tag}` of {quoted(definitions.space)}"
        allowed = "expected `definitions` of DMN 1.1 to 1.5, such as `https://www.omg.org/spec/DMN/20191111/MODEL/`"
        refuse(DOCUMENT, f"{found}, {allowed}", definitions.line)
    reader = Reader(definitions)
    decisions = reader.all(only)
    if reader.problems:
        raise DocumentError(DOCUMENT, tuple(reader.problems), reader.more)
    return flat(definitions.get("name")) or decisions[0].name, decisions
