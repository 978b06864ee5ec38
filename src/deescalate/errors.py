"""Every error that the library raises, in one drawn tree.

::

    DeescalateError
    ├── FactError (ValueError)         a fact unknown, of the wrong type or outside its domain
    ├── TableError (ValueError)        a decision table, fact or rule that cannot be built
    ├── HitPolicyError (ValueError)    several rules matched where one answer is allowed
    ├── UndecidedError (LookupError)   an outcome was demanded and no rule gave one
    ├── WorkLimitError (RuntimeError)  an exact proof would pass its stated work limit
    ├── DocumentError (ValueError)     a document with every problem in it, each with its path
    ├── MoneyError (ValueError)        an amount or currency that cannot be used
    ├── SettingError (ValueError)      an argument or setting outside what is allowed
    ├── EventError (ValueError)        an event that does not fit what has happened so far
    ├── TranscriptError (ValueError)   a conversation file that cannot be read, with its line
    └── SnapshotError (ValueError)     a snapshot that cannot be taken up, with its events

Messages are lower case and without a full stop; the user's text stands in backticks; they say
what was allowed and, where one is near, the name that was probably meant.
"""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from reprlib import Repr
from typing import Any

from attrs import define

__all__ = [
    "DeescalateError",
    "DocumentError",
    "EventError",
    "FactError",
    "HitPolicyError",
    "MoneyError",
    "Problem",
    "SettingError",
    "SnapshotError",
    "TableError",
    "TranscriptError",
    "UndecidedError",
    "WorkLimitError",
    "listed_names",
    "nearest_name",
    "quoted",
]


_LONGEST_NAME = 100
_MOST_COMPARED = 1000


def quoted(value: object, *, limit: int = 60) -> str:
    r"""Show a user's value in backticks, on one line and no longer than ``limit`` characters.

    Args:
        value: Anything. Texts, exact numbers and dates are shown as they read, all else by repr.
        limit: Characters kept before an ellipsis.

    Returns:
        Printable text: control characters and lone surrogates are shown escaped, and letters that
        look like Latin ones and are none are given away by their code points.

    >>> from decimal import Decimal
    >>> quoted("anger"), quoted("a\nb"), quoted(Decimal("1.50"))
    ('`anger`', '`a\\nb`', '`1.50`')
    """
    text = value[: limit + 1] if isinstance(value, str) else _safe_repr(value)
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    if not shown.isprintable():
        shown = shown.encode("unicode_escape").decode("ascii")
    return f"`{shown}`{'' if shown.isascii() else _told_apart(shown)}"


LOOK_ALIKES = frozenset("аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅαονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Letters of other scripts that look just like Latin ones (ours: those in common fonts)."""


def _told_apart(text: str) -> str:
    """The code points of letters, in words that look Latin, by which they can be told apart."""
    found: dict[str, None] = {}
    for word in text.split():
        letters = [each for each in word if each.isalpha()]
        if all(each.isascii() or each in LOOK_ALIKES for each in letters):
            found.update(dict.fromkeys(each for each in letters if not each.isascii()))
    return f" (with {', '.join(f'U+{ord(each):04X}' for each in found)})" if found else ""


_PLAIN = (Decimal, Fraction, date, time)
_PARTED: tuple[type, ...] = (list, tuple, dict, set, frozenset)
_SHORT = Repr()
_SHORT.maxlevel = 3
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxfrozenset = _SHORT.maxdict = 8
_SHORT.maxstring = _SHORT.maxother = 60


def _safe_repr(value: object) -> str:
    """A repr that costs little, also of a value with a million parts or one that holds itself."""
    try:
        if isinstance(value, _PARTED):
            return _SHORT.repr(value)
        return str(value) if isinstance(value, _PLAIN) else repr(value)
    except Exception:  # noqa: BLE001  a broken repr must not hide the error being reported
        return f"<{type(value).__name__}>"


def nearest_name(name: object, known: Iterable[str]) -> str | None:
    """Find the known name that was probably meant.

    Args:
        name: What was written. Anything but a short text has no nearest name.
        known: The names that would have been right; of more than 1,000 the first are looked at.

    Returns:
        The nearest of ``known``, or ``None`` when nothing is near.

    >>> nearest_name("angr", ["anger", "threat"])
    'anger'
    >>> nearest_name("zzz", ["anger"]) is None
    True
    """
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return None
    bounded = [each for each in islice(known, _MOST_COMPARED) if len(each) <= _LONGEST_NAME]
    folded = {each.casefold(): each for each in reversed(bounded)}
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def listed_names(known: Iterable[str], nearest: str | None = None, *, most: int = 12) -> str:
    """A few of the names that would have been right, the nearest first, and how many more.

    Args:
        known: The names.
        nearest: The one that was probably meant, if it is known.
        most: Names that are shown.

    >>> listed_names(["anger", "threat", "lost"], "threat", most=2)
    '`threat`, `anger` and 1 more'
    >>> listed_names(["anger"]), listed_names([])
    ('`anger`', 'none')
    """
    names = list(known)
    first = [] if nearest is None else [nearest]
    shown = [*first, *islice((each for each in names if each != nearest), most - len(first))]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return (", ".join(quoted(each) for each in shown) or "none") + more


class DeescalateError(Exception):
    """The root: catch this to catch whatever the library raises on purpose.

    >>> issubclass(FactError, DeescalateError) and issubclass(FactError, ValueError)
    True
    """


@define(slots=False, eq=False)
class FactError(DeescalateError, ValueError):
    """A fact is unknown, of the wrong type, or outside its declared domain.

    Attributes:
        fact: The fact's name as given.
        value: The value as given, or ``None`` for an unknown fact.
        allowed: What would have been accepted, in words.
        nearest: The known name or option that was probably meant.
        unknown: Whether no such fact is declared at all.

    >>> str(FactError("angr", None, "one of anger, threat", "anger", unknown=True))
    'unknown fact `angr`: expected one of anger, threat; did you mean `anger`?'
    """

    fact: str
    value: object
    allowed: str
    nearest: str | None = None
    unknown: bool = False

    def __str__(self) -> str:
        start = (
            f"unknown fact {quoted(self.fact)}"
            if self.unknown
            else f"fact {quoted(self.fact)} is {quoted(self.value)}"
        )
        hint = f"; did you mean {quoted(self.nearest)}?" if self.nearest else ""
        return f"{start}: expected {self.allowed}{hint}"


@define(slots=False, eq=False)
class TableError(DeescalateError, ValueError):
    """A decision table, fact or rule that cannot be built.

    Attributes:
        place: Where, such as ``rules[3]``.
        reason: What is wrong and what was allowed.

    >>> str(TableError("rules[3]", "its name `calm` is taken by rules[1]"))
    'rules[3]: its name `calm` is taken by rules[1]'
    """

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@define(slots=False, eq=False)
class HitPolicyError(DeescalateError, ValueError):
    """Several rules matched where the table's hit policy allows only one answer.

    Attributes:
        table: The table's name.
        hit_policy: The policy that was broken.
        rules: Names of the rules that matched.

    >>> str(HitPolicyError("desk", "unique", ("a", "b")))
    'table `desk` is unique but 2 rules matched: `a`, `b`'
    """

    table: str
    hit_policy: str
    rules: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(quoted(name) for name in self.rules)
        return (
            f"table {quoted(self.table)} is {self.hit_policy} "
            f"but {len(self.rules)} rules matched: {names}"
        )


@define(slots=False, eq=False)
class UndecidedError(DeescalateError, LookupError):
    """An outcome was demanded of a verdict that has none.

    Attributes:
        table: The table's name.
        missing: Facts that could still decide it; empty where no rule matched at all.

    >>> str(UndecidedError("desk", ("anger",)))
    'table `desk` is undecided: give `anger`'
    >>> str(UndecidedError("desk", ()))
    'table `desk` is undecided: no rule matched and there is no default'
    """

    table: str
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        why = (
            "give " + ", ".join(quoted(name) for name in self.missing)
            if self.missing
            else "no rule matched and there is no default"
        )
        return f"table {quoted(self.table)} is undecided: {why}"


@define(slots=False, eq=False)
class WorkLimitError(DeescalateError, RuntimeError):
    """An exact answer would take more work than the stated limit; nothing was guessed.

    Attributes:
        task: What was asked.
        limit: The limit, in ``unit``.
        unit: What was counted.

    >>> str(WorkLimitError("gaps of `desk`", 1000, "regions"))
    'gaps of `desk` needs more than 1000 regions: raise the limit or split the table'
    """

    task: str
    limit: int
    unit: str

    def __str__(self) -> str:
        return (
            f"{self.task} needs more than {self.limit} {self.unit}: "
            "raise the limit or split the table"
        )


@define(frozen=True)
class Problem:
    """One thing wrong in a document.

    Attributes:
        path: Where, such as ``rules[3].when.anger``.
        reason: What was found and what was expected.
        nearest: The spelling that was probably meant.
        line: The line of the text, from 1; ``None`` where there was no text.

    >>> str(Problem("facts.anger.low", "found `x`, expected a number", line=3))
    'facts.anger.low (line 3): found `x`, expected a number'
    """

    path: str
    reason: str
    nearest: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        line = f" (line {self.line})" if self.line else ""
        hint = f"; did you mean {quoted(self.nearest)}?" if self.nearest else ""
        return f"{self.path}{line}: {self.reason}{hint}"


@define(slots=False, eq=False)
class DocumentError(DeescalateError, ValueError):
    """A document that cannot be used, with every problem found in it.

    Attributes:
        document: What it was meant to be, such as ``table`` or ``schedule eu261``.
        problems: All problems, in the document's order; of very many only the first.
        more: How many there are besides.

    >>> str(DocumentError("table", (Problem("name", "missing, expected a text"),)))
    'table document: name: missing, expected a text'
    """

    document: str
    problems: tuple[Problem, ...]
    more: int = 0

    def __str__(self) -> str:
        count = len(self.problems) + self.more
        if count == 1:
            return f"{self.document} document: {self.problems[0]}"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        rest = f"\n  and {self.more} more" if self.more else ""
        return f"{self.document} document has {count} problems:{lines}{rest}"


@define(slots=False, eq=False)
class MoneyError(DeescalateError, ValueError):
    """An amount or a currency that cannot be used.

    Attributes:
        value: What was given.
        reason: What is wrong and what was allowed.

    >>> str(MoneyError("EURO", "is not an ISO 4217 code; did you mean `EUR`?"))
    '`EURO` is not an ISO 4217 code; did you mean `EUR`?'
    """

    value: object
    reason: str

    def __str__(self) -> str:
        return f"{quoted(self.value)} {self.reason}"


@define(slots=False, eq=False)
class SettingError(DeescalateError, ValueError):
    """An argument or a setting outside what is allowed.

    Attributes:
        name: The argument or setting, with its path where it stands in a document.
        value: What was given.
        allowed: What would have been accepted, in words.

    >>> str(SettingError("seconds", -1, "a finite number, 0 or more"))
    '`seconds` is `-1`: expected a finite number, 0 or more'
    """

    name: str
    value: object
    allowed: str

    def __str__(self) -> str:
        return f"{quoted(self.name)} is {quoted(self.value)}: expected {self.allowed}"


@define(slots=False, eq=False)
class EventError(DeescalateError, ValueError):
    """An event that does not fit what has happened so far; the value it was given to is unchanged.

    Attributes:
        event: What was to happen.
        reason: Why it cannot, and what could.

    >>> str(EventError("customer_says", "its time runs backwards"))
    'customer_says: its time runs backwards'
    """

    event: str
    reason: str

    def __str__(self) -> str:
        return f"{self.event}: {self.reason}"


@define(slots=False, eq=False)
class TranscriptError(DeescalateError, ValueError):
    """A conversation file that cannot be read.

    Attributes:
        reason: What is wrong and what was expected.
        line: The line, from 1; ``None`` where it concerns the whole.

    >>> str(TranscriptError("unknown role `bot`", 3))
    'line 3: unknown role `bot`'
    """

    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


@define(slots=False, eq=False)
class SnapshotError(DeescalateError, ValueError):
    """A snapshot of a conversation that cannot be taken up in one step.

    Attributes:
        reason: Why not.
        events: What happened in the conversation, to be replayed; empty where it cannot be read.

    >>> str(SnapshotError("it is not JSON"))
    'snapshot: it is not JSON'
    """

    reason: str
    events: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"snapshot: {self.reason}"
