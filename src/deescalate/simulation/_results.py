"""How scenarios went, reply by reply, with points and a grade whose rule is stated."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Self

from attrs import Attribute, field, frozen

from deescalate.errors import SettingError
from deescalate.findings import Severity
from deescalate.wording import Flaw

__all__ = [
    "GRADES",
    "GRADE_RULE",
    "BrokenLaw",
    "DrillEnding",
    "Exchanged",
    "ScenarioResult",
    "Scored",
]


class DrillEnding(StrEnum):
    """How a scenario can end.

    Attributes:
        meaning: In words.
        points: What it is worth, 0 to 50; ours.

    >>> DrillEnding.SETTLED.points > DrillEnding.OPEN.points > DrillEnding.LEFT.points
    True
    """

    meaning: str
    points: float

    def __new__(cls, value: str, meaning: str = "", points: float = 0.0) -> Self:
        """Make a member; ``DrillEnding("left")`` looks one up."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.points = meaning, points
        return member

    SETTLED = "settled", "what they came for was done", 50.0
    HANDED_OVER = "handed_over", "somebody who may help was brought in", 50.0
    ACCEPTED = "accepted", "they took a no, or less than they wanted", 50.0
    PASSED_ON = "passed_on", "the case went up, as the escalation policy says", 40.0
    RIGHTED = "righted", "it was put right, and they went away upset", 35.0
    OPEN = "open", "nothing was settled when patience or turns ran out", 15.0
    WANTED_A_BOSS = "wanted_a_boss", "they asked for somebody above", 10.0
    LEFT = "left", "they left", 0.0
    WENT_PUBLIC = "went_public", "they made it public", 0.0
    HARMED = "harmed", "somebody in danger was let down", 0.0
    FAILED = "failed", "the bot gave no reply to work with", 0.0


CALM, WORDS = 30.0, 20.0
_LEAST = 0.05
CAP = 40.0
GRADES: Mapping[str, float] = {"A": 85.0, "B": 70.0, "C": 55.0, "D": 40.0, "F": 0.0}
GRADE_RULE = (
    "A scenario gives up to 50 points for how it ends, up to 30 for how the customer feels "
    "at the end (all of them at no distress, half where it is as when they came, none at twice "
    "that), and up to 20 for the words, the mean score of the replies in the review. A broken "
    f"law leaves {CAP:g} points at most, and a bot that gives no reply to work with leaves none. "
    "The card has the mean of its scenarios: "
    + ", ".join(f"{grade} from {points:g}" for grade, points in GRADES.items())
    + "."
)
"""How points and grade are worked out; all weights are ours."""


def _share(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise SettingError(attribute.name, value, "a number from 0 to 1")


def _ended(value: DrillEnding | str) -> DrillEnding:
    if value not in [*DrillEnding]:
        raise SettingError("ending", value, f"one of {', '.join(DrillEnding)}")
    return DrillEnding(value)


@frozen(kw_only=True)
class BrokenLaw:
    """One law of the drill that a reply broke.

    Attributes:
        law: Its name.
        because: What broke it.
    """

    law: str
    because: str


@frozen(kw_only=True)
class Exchanged:
    """What the customer said, what the bot replied, and what came of it.

    Attributes:
        customer: The customer's words.
        reply: The bot's.
        before: How distressed the customer was, 0 to 1, known exactly: it is the drill's customer.
        after: How distressed they are when they speak next, 0 to 1.
        score: What the review makes of the reply, 0 to 1.
        moves: The moves that it makes.
        findings: What the review found.
        laws: The laws that it breaks.

    >>> Exchanged(customer="hi", reply="hello", before=0.5, after=0.4, score=0.9).change
    -0.1
    """

    customer: str
    reply: str
    before: float = field(validator=_share)
    after: float = field(validator=_share)
    score: float = field(default=0.0, validator=_share)
    moves: tuple[str, ...] = ()
    findings: tuple[Flaw, ...] = ()
    laws: tuple[BrokenLaw, ...] = ()

    @property
    def change(self) -> float:
        """The distress gained; below 0 they calmed."""
        return round(self.after - self.before, 4) or 0.0

    @property
    def codes(self) -> frozenset[str]:
        """The codes that the review found."""
        return frozenset(each.code for each in self.findings)

    @property
    def merit(self) -> float:
        """How good a reply it is by score, effect and laws, to choose the best and the worst by."""
        return self.score - 2.0 * self.change - len(self.laws)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is good or bad, the weightiest first."""
        laws = [f"breaks the law of {each.law}: {each.because}" for each in self.laws]
        graver = sorted(self.findings, key=lambda each: -each.severity.rank)
        said = " ".join(laws)
        told = [
            each.name
            for each in graver
            if each.severity is not Severity.NOTE and each.code not in said
        ]
        moves = [f"it makes {', '.join(self.moves)}"] if self.moves and not laws else []
        felt = f"distress {self.before:.2f} to {self.after:.2f}"
        return (*laws, *dict.fromkeys(told), *moves, felt)


@frozen(kw_only=True)
class ScenarioResult:
    """How one scenario went.

    Attributes:
        scenario: Its name.
        about: What it is about.
        hardness: How hard it is: ``easy``, ``hard`` or ``hardest``.
        manner: How the customer behaves.
        grievance: What it is about.
        ending: How it ended.
        because: Why it ended so.
        course: What was said, turn by turn.
        goodbye: The customer's last words.
        trouble: Why the bot gave no reply to work with; empty where it did.

    >>> ScenarioResult(scenario="a", ending=DrillEnding.FAILED, trouble="it raised").points
    0.0
    """

    scenario: str
    about: str = ""
    hardness: str = ""
    manner: str = ""
    grievance: str = ""
    ending: DrillEnding = field(converter=_ended)
    because: str = ""
    course: tuple[Exchanged, ...] = ()
    goodbye: str = ""
    trouble: str = ""

    @property
    def distress(self) -> tuple[float, ...]:
        """The customer's distress at the start and after each reply, 0 to 1."""
        return (*(each.before for each in self.course[:1]), *(each.after for each in self.course))

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws that were broken, each once."""
        return tuple(dict.fromkeys(law.law for each in self.course for law in each.laws))

    @property
    def points(self) -> float:
        """0 to 100, by the card's rule."""
        if self.ending is DrillEnding.FAILED or not self.course:
            return 0.0
        first, last = max(self.distress[0], _LEAST), self.distress[-1]
        calm = CALM * max(0.0, 1.0 - last / (2.0 * first))
        words = WORDS * sum(each.score for each in self.course) / len(self.course)
        points = self.ending.points + calm + words
        return round(min(points, CAP) if self.laws else points, 1)

    @property
    def grade(self) -> str:
        """The grade of its points."""
        return grade_of(self.points)

    @property
    def passed(self) -> bool:
        """Whether no law was broken, nothing failed, and the grade is C or better."""
        return not self.laws and self.points >= GRADES["C"]

    def __str__(self) -> str:
        broken = f", breaks {', '.join(self.laws)}" if self.laws else ""
        why = self.trouble or self.because
        return f"{self.scenario}: {self.grade} ({self.points:g}), {self.ending}: {why}{broken}"


def grade_of(points: float) -> str:
    """The grade of some points.

    >>> grade_of(90), grade_of(10)
    ('A', 'F')
    """
    return next(grade for grade, least in GRADES.items() if points >= least)


def _results(given: Iterable[ScenarioResult]) -> tuple[ScenarioResult, ...]:
    results = tuple(given)
    names = [each.scenario for each in results]
    if len(set(names)) < len(names):
        raise SettingError("results", names, "one result a scenario")
    return results


@frozen(kw_only=True)
class Scored:
    """The results of a drill, with all that is counted over them.

    Attributes:
        results: How each scenario went, in their order.
        bot: What the bot is called.
        seed: The seed of the drill.

    >>> Scored(results=[ScenarioResult(scenario="a", ending="left")]).grade
    'F'
    """

    results: tuple[ScenarioResult, ...] = field(converter=_results)
    bot: str = "the bot"
    seed: int = 0

    @property
    def points(self) -> float:
        """The mean of the scenarios' points, 0 to 100; 0 without a scenario."""
        return round(sum(each.points for each in self.results) / max(len(self.results), 1), 1)

    @property
    def grade(self) -> str:
        """The grade of its points, by `rule`."""
        return grade_of(self.points)

    @property
    def rule(self) -> str:
        """How points and grade are worked out."""
        return GRADE_RULE

    @property
    def ok(self) -> bool:
        """Whether every scenario passed."""
        return all(each.passed for each in self.results)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def failed(self) -> tuple[ScenarioResult, ...]:
        """The scenarios that did not pass."""
        return tuple(each for each in self.results if not each.passed)

    @property
    def findings(self) -> Mapping[str, int]:
        """In how many replies each code of the review was found, the most frequent first."""
        replies = [reply for each in self.results for reply in each.course]
        found = Counter(code for reply in replies for code in reply.codes)
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    @property
    def names(self) -> Mapping[str, str]:
        """What each code found is called."""
        return {
            found.code: found.name
            for each in self.results
            for reply in each.course
            for found in reply.findings
        }

    @property
    def laws(self) -> Mapping[str, tuple[str, ...]]:
        """The laws broken, each with the scenarios where it was."""
        broken: dict[str, tuple[str, ...]] = {}
        for each in self.results:
            for law in each.laws:
                broken[law] = (*broken.get(law, ()), each.scenario)
        return broken

    @property
    def endings(self) -> Mapping[str, int]:
        """How many scenarios ended in which way."""
        found = Counter(each.ending for each in self.results)
        return {ending.value: found[ending] for ending in DrillEnding if ending in found}

    @property
    def best(self) -> Exchanged | None:
        """The best reply, its reasons with it; ``None`` where there is no reply."""
        return max(self._replies, key=lambda each: each.merit, default=None)

    @property
    def worst(self) -> Exchanged | None:
        """The worst reply, its reasons with it; ``None`` where there is no reply."""
        return min(self._replies, key=lambda each: each.merit, default=None)

    @property
    def _replies(self) -> list[Exchanged]:
        return [reply for each in self.results for reply in each.course]

    def __getitem__(self, scenario: str) -> ScenarioResult:
        found = {each.scenario: each for each in self.results}
        if scenario not in found:
            raise SettingError("scenario", scenario, "the name of a scenario of the card")
        return found[scenario]
