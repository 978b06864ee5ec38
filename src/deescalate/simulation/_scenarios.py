"""The customers of a drill: who comes with what, what they answer, and what would be right."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

from attrs import Attribute, field, frozen

from deescalate.documents import (
    Document,
    FrozenMapping,
    listed,
    mapped,
    number,
    one_of,
    part,
    record,
    text,
    whole,
)
from deescalate.emotion import CHARACTERS
from deescalate.errors import SettingError, nearest_name
from deescalate.findings import Finding, Report, Severity
from deescalate.languages import Language, languages
from deescalate.simulation._customers import Customer, Grievance, manners

__all__ = ["STANDARD", "Goal", "Hardness", "Matter", "Scenario", "Scenarios"]

_LONGEST = 2_000
"""Characters that a customer says at once at most: ours."""


class Hardness(StrEnum):
    """How hard a scenario is.

    >>> [each.value for each in Hardness]
    ['easy', 'hard', 'hardest']
    """

    EASY = "easy"
    HARD = "hard"
    HARDEST = "hardest"


class Matter(StrEnum):
    """What a grievance is about."""

    LATE = "late"
    DOUBLE_CHARGE = "double_charge"
    FAULTY = "faulty"
    WRONG_ITEM = "wrong_item"
    IGNORED = "ignored"
    BROKEN_PROMISE = "broken_promise"
    RUDE_AGENT = "rude_agent"
    OUTAGE = "outage"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    TERMS = "terms"


class Goal(StrEnum):
    """What is right in a scenario.

    ``settle``: put it right. ``hand_over``: bring in a person. ``decline``: say a no that stands,
    with regret and reason, or pass it on. ``keep_safe``: see to safety and bring in help.
    ``be_understood``: go on in their language, or bring in somebody who can.
    """

    SETTLE = "settle"
    HAND_OVER = "hand_over"
    DECLINE = "decline"
    KEEP_SAFE = "keep_safe"
    BE_UNDERSTOOD = "be_understood"


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _words(values: Mapping[str, str]) -> FrozenMapping[str]:
    return FrozenMapping(values)


def _known(what: str, known: Iterable[str]) -> Any:
    names = tuple(known)

    def check(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
        given = cast("Iterable[object]", value if isinstance(value, Mapping) else (value,))
        for each in given:
            if each not in names:
                near = nearest_name(each, names)
                hint = f"; did you mean `{near}`?" if near else ""
                raise SettingError(attribute.name, each, f"{what} of {', '.join(names)}{hint}")

    return check


def _said(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        raise SettingError(attribute.name, value, f"a text of 1 to {_LONGEST} characters")


TOPICS = ("reference", "since", "wish", "matter", "safe", "choice")
LINES = (
    *("again", "silence", "hurt", "hot", "warm", "cool", "when", "accept", "refuse", "hold"),
    *("settled", "righted", "declined", "handed", "leave", "public", "boss", "unread"),
)
_NOTHING: Mapping[str, str] = FrozenMapping({})
_SHARE = number(0.0, 1.0)


@frozen(kw_only=True)
class Scenario:
    """One difficult customer.

    Attributes:
        name: Its name.
        about: What a person who practises is told beforehand.
        known: What the agent's side knows and may say, a short sentence each.
        hardness: How hard it is.
        manner: How the customer behaves, a name of `manners`.
        grievance: What it is about.
        character: How they move, a name of `CHARACTERS`; as the manner says where not given.
        goal: What is right.
        opening: Their first words.
        answers: What they answer, by what is asked: ``reference``, ``since``, ``wish``, ``matter``,
            ``safe`` (whether they are safe) and ``choice``.
        lines: Words of their own in the place of the shipped ones, such as ``hot`` or ``settled``.
        remedies: Beginnings of the words that name what would put it right; in a scenario where
            it cannot be had, what must not be granted.
        size: How much it weighs, 0 to 1.
        amount: What putting it right costs.
        fault: ``ours``, ``theirs`` or ``nobody``.
        patience: Replies that they bear; as the manner says where it is 0.
        language: What they write in, ``english`` or ``german``.

    Raises:
        SettingError: An unknown name, or a text too long.

    >>> STANDARD["late parcel"].hardness
    <Hardness.EASY: 'easy'>
    """

    name: str = field(validator=_said, metadata=part(text()))
    about: str = field(default="", metadata=part(text(empty=True)))
    known: tuple[str, ...] = field(default=(), converter=_texts, metadata=part(listed(text())))
    hardness: Hardness = field(
        default=Hardness.HARD, converter=Hardness, metadata=part(one_of(Hardness))
    )
    manner: str = field(default="polite", validator=_known("one", manners()), metadata=part(text()))
    grievance: Matter = field(default=Matter.LATE, converter=Matter, metadata=part(one_of(Matter)))
    character: str = field(
        default="", validator=_known("one", ("", *CHARACTERS)), metadata=part(text(empty=True))
    )
    goal: Goal = field(default=Goal.SETTLE, converter=Goal, metadata=part(one_of(Goal)))
    opening: str = field(validator=_said, metadata=part(text()))
    remedies: tuple[str, ...] = field(default=(), converter=_texts, metadata=part(listed(text())))
    size: float = field(default=0.6, metadata=part(_SHARE))
    amount: float = field(default=0.0, metadata=part(number(0.0, 1e9)))
    fault: str = field(
        default="ours", validator=_known("one", ("ours", "theirs", "nobody")), metadata=part(text())
    )
    patience: int = field(default=0, metadata=part(whole(0, 30)))
    language: str = field(
        default="english", validator=_known("one", languages()), metadata=part(text())
    )
    answers: Mapping[str, str] = field(
        default=_NOTHING,
        converter=_words,
        validator=_known("topics", TOPICS),
        metadata=part(mapped(text())),
    )
    lines: Mapping[str, str] = field(
        default=_NOTHING,
        converter=_words,
        validator=_known("lines", LINES),
        metadata=part(mapped(text())),
    )

    def __str__(self) -> str:
        return self.name

    @property
    def customer(self) -> Customer:
        """The customer of the simulation that it is."""
        character = self.character or manners()[self.manner].character
        return Customer(
            name=self.name,
            temperament=CHARACTERS[character].temperament,
            grievance=Grievance(
                size=self.size,
                can_meet=0.0 if self.goal is Goal.DECLINE else 1.0,
                fault=self.fault,
                amount=self.amount,
                matter=self.grievance.value.replace("_", " "),
            ),
            manner=self.manner,
            wants="human" if self.goal is Goal.HAND_OVER else "remedy",
            patience=self.patience or None,
        )

    @property
    def spoken(self) -> Language:
        """The language that they write in."""
        return Language.load(self.language)


def _distinct(_: Any, __: Any, value: "tuple[Scenario, ...]") -> None:
    names = [each.name for each in value]
    for name in names:
        if names.count(name) > 1:
            raise SettingError("scenarios", name, "a name for each scenario")


def _all(values: Iterable[Scenario]) -> tuple[Scenario, ...]:
    return tuple(values)


@frozen(kw_only=True)
class Scenarios(Document):
    """The customers of a drill, a document like any other.

    Attributes:
        name: Its name.
        scenarios: They, in the order in which they come.

    >>> len(Scenarios.default()) >= 24
    True
    >>> [each.name for each in Scenarios.default().of(hardness="easy", manner="curt")]
    ['one word answers']
    """

    document_kind = "scenarios"

    name: str = field(default="scenarios", metadata=part(text()))
    scenarios: tuple[Scenario, ...] = field(
        converter=_all, validator=_distinct, metadata=part(listed(record(Scenario)))
    )

    @classmethod
    def default(cls) -> "Scenarios":
        """The shipped ones: every manner, grievance and hardness, in words of our own."""
        return _default()

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.scenarios)

    def __len__(self) -> int:
        return len(self.scenarios)

    def __contains__(self, scenario: object) -> bool:
        return scenario in self.scenarios

    def __getitem__(self, name: str) -> Scenario:
        named = {each.name: each for each in self.scenarios}
        if name not in named:
            near = nearest_name(name, named)
            hint = f"; did you mean `{near}`?" if near else ""
            raise SettingError("scenario", name, f"one of {', '.join(named)}{hint}")
        return named[name]

    def of(self, **wanted: str) -> "Scenarios":
        """Those that are so.

        Args:
            **wanted: Any of ``hardness``, ``manner``, ``grievance``, ``goal``, ``language``.

        Raises:
            SettingError: Scenarios have no such quality.
        """
        known = ("hardness", "manner", "grievance", "goal", "language")
        for name in wanted:
            if name not in known:
                raise SettingError("of", name, f"any of {', '.join(known)}")
        chosen = [
            each
            for each in self.scenarios
            if all(getattr(each, name) == value for name, value in wanted.items())
        ]
        return Scenarios(name=self.name, scenarios=chosen)

    def check(self) -> Report:
        """Look for what a customer would be left without.

        >>> print(Scenarios.default().check())
        standard: nothing to find
        """
        return Report(name=self.name, findings=[*self._odd()], meanings=_MEANINGS)

    def _odd(self) -> Iterator[Finding]:
        if not self.scenarios:
            yield _warned("empty", "there is no scenario", "scenarios")
        for number_, each in enumerate(self.scenarios):
            place = f"scenarios[{number_}]"
            if each.goal in (Goal.SETTLE, Goal.DECLINE) and not each.remedies:
                yield _warned("no-remedy", "nothing can put it right", f"{place}.remedies")
            needed = ("matter", "safe") if each.goal is Goal.KEEP_SAFE else ("matter",)
            for topic in needed:
                if topic not in each.answers:
                    what = f"they have no answer about `{topic}`"
                    yield _warned("no-answer", what, f"{place}.answers")


_MEANINGS = {
    "empty": "a drill without a customer",
    "no-remedy": "a customer whom nothing helps",
    "no-answer": "a question that they will not answer",
}


def _warned(code: str, what: str, place: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, text=what, place=place)


@cache
def _default() -> Scenarios:
    shipped = files("deescalate.simulation").joinpath("data/scenarios.toml")
    return Scenarios.from_document(shipped.read_text(encoding="utf-8"))


STANDARD = Scenarios.default()
"""The shipped scenarios."""
