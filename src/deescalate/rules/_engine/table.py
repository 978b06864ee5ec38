"""Decision tables: declared facts, rules, and what to make of several that match."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isnan
from typing import Any, Self, cast

from attrs import field, frozen

from deescalate.errors import (
    DeescalateError,
    FactError,
    HitPolicyError,
    SettingError,
    nearest_name,
)
from deescalate.rules._engine.asking import matcher_for
from deescalate.rules._engine.columns import ColumnVerdicts, decide_columns
from deescalate.rules._engine.compiling import Matcher
from deescalate.rules._engine.conditions import Fact
from deescalate.rules._engine.declared import (
    check_conditions,
    outcome_order,
    ranks_of,
    to_facts,
    to_policy,
    to_rules,
)
from deescalate.rules._engine.matching import Axis, axes_of
from deescalate.rules._engine.partial import look_ahead
from deescalate.rules._engine.plain import Real, check_text, is_mapping, some_of
from deescalate.rules._engine.policies import Decider, Hit, HitPolicy
from deescalate.rules._engine.rules import (
    Example,
    Outputs,
    Rule,
    Scalar,
    Verdict,
    kind_of,
    to_outcome,
)

__all__ = ["FailedExample", "Table"]

MOST_REMEMBERED = 4096
"""Verdicts kept for the next case that matches the same rules (ours)."""

DEFAULT_REASON = ("no rule matched",)
AGREED_REASON = ("every completion agrees",)


@frozen
class FailedExample:
    """An example that the table does not decide as stated.

    Attributes:
        example: The example.
        verdict: What the table says; ``None`` where it refused.
        error: Why it refused; ``None`` where it did not.
    """

    example: Example
    verdict: Verdict | None
    error: DeescalateError | None = None

    def __str__(self) -> str:
        found = self.error if self.verdict is None else self.verdict.outcome
        facts = ", ".join(f"{name} = {value}" for name, value in self.example.facts.items())
        return f"{facts}: expected {self.example.outcome}, found {found}"


@frozen(init=False)
class Table:
    """A decision table as it is decided; ``deescalate.rules.Table`` reads, writes and proves it."""

    name: str
    facts: tuple[Fact, ...] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    hit_policy: HitPolicy
    default: Scalar | Outputs | None
    outcomes: tuple[Scalar, ...] | Outputs = field(repr=False)
    tests: tuple[Example, ...] = field(hash=False, repr=False)
    decider: Decider = field(init=False, eq=False, repr=False)
    axes: tuple[Axis, ...] = field(init=False, eq=False, repr=False)
    _match: Matcher = field(init=False, eq=False, repr=False)
    _names: tuple[str, ...] = field(init=False, eq=False, repr=False)
    _known: dict[int, Verdict] = field(init=False, eq=False, repr=False)
    _partly: dict[tuple[int, tuple[int, ...]], Verdict] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        name: str,
        facts: Iterable[Fact],
        rules: Iterable[Rule],
        hit_policy: str = "unique",
        default: Scalar | Mapping[str, Scalar] | None = None,
        outcomes: Iterable[Scalar] | Mapping[str, Iterable[Scalar]] = (),
        tests: Iterable[Example] = (),
    ) -> None:
        cast("Any", self).__attrs_init__(
            check_text("table", name),
            to_facts(facts),
            to_rules(rules),
            to_policy(hit_policy),
            None if default is None else to_outcome("default", default),
            outcome_order(outcomes),
            tuple(tests),
        )

    def __attrs_post_init__(self) -> None:
        check_conditions(
            self.facts,
            ((f"rules[{place}]", rule.when) for place, rule in enumerate(self.rules)),
        )
        ranks = ranks_of(self.rules, self.hit_policy, self.default, self.outcomes)
        decider = Decider(self.hit_policy, self.rules, ranks, self.default)
        parts: dict[str, object] = {
            "decider": decider,
            "axes": axes_of(self.facts, decider.boxes),
            "_match": self._compile,
            "_names": tuple(fact.name for fact in self.facts),
            "_known": {},
            "_partly": {},
        }
        for name, value in parts.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        parts = (
            self.facts,
            self.rules,
            self.hit_policy.value,
            self.default,
            self.outcomes,
            self.tests,
        )
        return type(self), (self.name, *parts)

    def decide(self, facts: Mapping[str, object]) -> Verdict:
        """Decide a case.

        Args:
            facts: Values by the fact's name. A fact left out is missing, not wrong: the verdict
                then says what is still possible and what to ask for. ``None`` is wrong, for in a
                mapping it is mostly a slip; in a column, where no case can be left out, it means
                missing.

        Returns:
            The outcome with its reasons.

        Raises:
            FactError: A fact is unknown, of a wrong type, not a number, or outside its domain.
            HitPolicyError: Several rules matched where the hit policy forbids it.
            WorkLimitError: So many facts are missing that what is possible cannot be told.

        >>> from deescalate.rules import Number
        >>> anger = Number("anger", 0, 1)
        >>> table = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")])
        >>> table.decide({"anger": 0.9}).outcome
        'supervisor'
        >>> table.decide({"angr": 0.9})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        deescalate.errors.FactError: unknown fact `angr`: expected one of `anger`; did you mean...
        """
        try:
            return self._match(facts)
        except (LookupError, TypeError, ArithmeticError, FactError):
            return self._decide_carefully(facts)

    def _compile(self, facts: Mapping[str, object]) -> Verdict:
        """Decide the first case, and make the function that decides all others."""
        match = matcher_for(self.axes, self.decider, self._known, self.verdict_for)
        object.__setattr__(self, "_match", match)
        return match(facts)

    def _decide_carefully(self, facts: Mapping[str, object]) -> Verdict:
        kind: type = type(facts)
        if kind is not dict:
            self.check_facts(facts)
            return self.decide(dict(facts))
        return self.verdict_for(*self.met_by(facts))

    def met_by(self, facts: Mapping[str, object]) -> tuple[int, tuple[int, ...]]:
        """The boxes that facts leave possible, as bits, and the places of the facts not given.

        Cases that are alike in this are alike in every rule.

        Raises:
            FactError: A fact is unknown, of a wrong type, not a number, or outside its domain.
        """
        missing = tuple([at for at, name in enumerate(self._names) if name not in facts])
        if len(facts) + len(missing) != len(self._names):
            self.check_names(facts)
        mask = self.decider.everything
        for name, axis in zip(self._names, self.axes, strict=True):
            if name in facts:
                mask &= axis.masks[axis.locate(facts[name])]
        return mask, missing

    def decide_within(
        self, facts: Mapping[str, object], within: Mapping[str, tuple[Real, Real]]
    ) -> Verdict:
        """Decide a case of which some numbers are only known to lie between two others.

        Args:
            facts: What is known, as ``check_facts`` gives it.
            within: By the name of a number, the least and the most that it can be. Facts that
                are neither here nor there are missing.

        Raises:
            FactError: What lies ``within`` is not the least and the most of a number.
            HitPolicyError: Every completion breaks the hit policy.
            WorkLimitError: So much is open that what is possible cannot be told.

        >>> from deescalate.rules import Number
        >>> anger = Number("anger", 0, 1)
        >>> table = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")])
        >>> table.decide_within({}, {"anger": (0.85, 0.95)}).outcome
        'supervisor'
        """
        mask, open_axes = self.decider.everything, list[Axis]()
        for axis in self.axes:
            name = axis.fact.name
            if name in facts:
                mask &= axis.masks[axis.place_of(facts[name])]
                continue
            narrow = axis.within(*_stretch(name, within[name])) if name in within else axis
            if len(narrow.masks) == 1:
                mask &= narrow.masks[0]
            else:
                open_axes.append(narrow)
        return self._outlook(mask, open_axes) if open_axes else self.verdict_for(mask)

    def verdict_for(self, mask: int, missing: tuple[int, ...] = ()) -> Verdict:
        """The verdict on cases that meet the same boxes; for columns and the like.

        Args:
            mask: The boxes that the known facts leave possible, as bits.
            missing: The places of the facts that are missing.

        Raises:
            HitPolicyError: Several rules matched where the hit policy forbids it.
        """
        known: dict[Any, Verdict] = self._partly if missing else self._known
        key = (mask, missing) if missing else self.decider.key_of(mask)
        verdict = known.get(key)
        if verdict is None:
            verdict = (
                self._outlook(mask, [self.axes[place] for place in missing])
                if missing
                else self._said(self.decider.resolve(mask))
            )
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[key] = verdict
        return verdict

    def decide_columns(self, columns: Mapping[str, Any]) -> ColumnVerdicts:
        """Decide many cases at once; needs numpy.

        Args:
            columns: A column by the fact's name, all of one length: floats or ints for numbers,
                truth values for flags, texts, pandas categoricals or the places of options for
                choices, and objects for any of them. What is masked, ``None``, not a number, or
                the place -1 is missing; so is a fact without a column.

        Returns:
            For each case just what ``decide`` gives.

        Raises:
            FactError: As for ``decide``; it names the first such case.
            HitPolicyError: A case breaks the hit policy.
            SettingError: The columns differ in length, or there are none.

        >>> import numpy as np
        >>> from deescalate.rules import Number
        >>> anger = Number("anger", 0, 1)
        >>> table = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")])
        >>> table.decide_columns({"anger": np.array([0.9, np.nan])}).decided.tolist()
        [True, False]
        """
        if not is_mapping(columns):
            raise SettingError("columns", columns, "a mapping from the names of facts to columns")
        self.check_names(columns)
        return decide_columns(self.axes, self.verdict_for, columns)

    def mask_of(self, known: Mapping[str, object]) -> int:
        """The boxes that checked facts leave possible, as bits; for proofs and the like.

        Args:
            known: Values by the fact's name as ``check_facts`` gives them; some may be missing.
        """
        mask = (1 << len(self.decider.boxes)) - 1
        for axis in self.axes:
            if axis.fact.name in known:
                mask &= axis.masks[axis.place_of(known[axis.fact.name])]
        return mask

    def check_facts(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Pass on the facts of a case as plain Python values, or refuse them.

        Args:
            facts: Values by the fact's name; some may be missing.

        Raises:
            FactError: A fact is unknown, of a wrong type, not a number, or outside its domain.
            SettingError: It is no mapping.

        >>> from deescalate.rules import Number
        >>> Table("desk", [Number("anger", 0, 1)], []).check_facts({"anger": 0.5})
        {'anger': 0.5}
        """
        if not is_mapping(facts):
            raise SettingError("facts", facts, "a mapping from the names of facts to their values")
        self.check_names(facts)
        return {
            fact.name: fact.check(facts[fact.name]) for fact in self.facts if fact.name in facts
        }

    def check_case(self, facts: Mapping[str, object]) -> dict[str, object]:
        """As ``check_facts``, for a case in which no fact may be missing.

        Args:
            facts: A value for every fact.

        Raises:
            FactError: One is missing, or as for ``check_facts``.

        >>> from deescalate.rules import Number
        >>> Table("desk", [Number("anger", 0, 1)], []).check_case({})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        deescalate.errors.FactError: fact `anger` is `None`: expected a number from 0 to 1, not...
        """
        known = self.check_facts(facts)
        for fact in self.facts:
            if fact.name not in known:
                raise FactError(fact.name, None, f"{fact.allowed}, not missing")
        return known

    def check_names(self, names: Iterable[str]) -> None:
        """Refuse names that are not those of declared facts.

        Args:
            names: The names.

        Raises:
            FactError: There is no such fact.

        >>> from deescalate.rules import Number
        >>> Table("desk", [Number("anger", 0, 1)], []).check_names(["anger"])
        """
        declared = {fact.name: fact for fact in self.facts}
        for name in names:
            if name not in declared:
                known = some_of(declared) or "none: the table declares no fact"
                near = nearest_name(name, declared)
                raise FactError(name, None, f"one of {known}", near, unknown=True)

    def matches(self, facts: Mapping[str, object]) -> tuple[Rule, ...]:
        """Every rule that holds of a case, whatever the hit policy makes of them.

        Args:
            facts: Values by the fact's name; none may be missing.

        Raises:
            FactError: A fact is missing, unknown, of a wrong type or outside its domain.

        >>> from deescalate.rules import Number
        >>> anger = Number("anger", 0, 1)
        >>> table = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")])
        >>> [rule.name for rule in table.matches({"anger": 0.9})]
        ['hot']
        """
        mask = self.mask_of(self.check_case(facts))
        return tuple(self.rules[place] for place in self.decider.owners_of(mask))

    def run_tests(self) -> tuple[FailedExample, ...]:
        """Decide every case in ``tests``.

        Returns:
            Those not decided as stated; empty when all is well.

        >>> from deescalate.rules import Number
        >>> anger = Number("anger", 0, 1)
        >>> rules = [Rule("hot", anger >= 0.8, "supervisor")]
        >>> table = Table("desk", [anger], rules, tests=[Example({"anger": 0.7}, "supervisor")])
        >>> print(*table.run_tests())
        anger = 0.7: expected supervisor, found None
        """
        failed: list[FailedExample] = []
        for example in self.tests:
            try:
                verdict = self.decide(example.facts)
            except DeescalateError as error:
                failed.append(FailedExample(example, None, error))
                continue
            if kind_of(verdict.outcome) != kind_of(example.outcome):
                failed.append(FailedExample(example, verdict))
        return tuple(failed)

    def _reasons(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.rules[place].reason for place in places))

    def _said(self, hit: Hit) -> Verdict:
        if hit.conflict:
            names = tuple(self.rules[place].name for place in hit.rules)
            raise HitPolicyError(self.name, self.hit_policy.value, names)
        return Verdict(
            outcome=hit.outcome,
            matched=tuple(self.rules[place] for place in hit.rules),
            because=self._reasons(hit.rules) or DEFAULT_REASON,
            decided=hit.outcome is not None,
            possible=(hit.outcome,),
            table=self.name,
        )

    def _outlook(self, mask: int, axes: Sequence[Axis]) -> Verdict:
        outlook = look_ahead(self.decider, mask, axes, table=self.name)
        if all(hit.conflict for hit in outlook.hits):
            self._said(outlook.hits[0])
        open_hits = [hit for hit in outlook.hits if not hit.conflict]
        outcome = open_hits[0].outcome if len(outlook.hits) == 1 else None
        decided = outcome is not None
        sure = outlook.sure
        if decided and not self.hit_policy.lists and not self.hit_policy.totals:
            sure = tuple(
                each for each in sure if kind_of(self.rules[each].then) == kind_of(outcome)
            )
        reasons = (self._reasons(sure) or AGREED_REASON) if decided else ()
        return Verdict(
            outcome=outcome,
            matched=tuple(self.rules[place] for place in sure),
            because=reasons,
            decided=decided,
            possible=tuple(hit.outcome for hit in open_hits),
            missing=outlook.facts,
            table=self.name,
        )


def _stretch(name: str, ends: tuple[Real, Real]) -> tuple[Real, Real]:
    """The ends of what a number can be, the least first."""
    if not all(map(_is_told, ends)) or ends[0] > ends[1]:
        raise FactError(name, ends, "two numbers, the least first")
    return ends


def _is_told(end: object) -> bool:
    if isinstance(end, Decimal):
        return not end.is_nan()
    if isinstance(end, float):
        return not isnan(end)
    return isinstance(end, int) and type(end) is not bool
