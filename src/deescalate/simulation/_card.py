"""The report card of a drill: written for people and machines, compared with an earlier one."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from deescalate._plain import json_object, to_json
from deescalate._structured import plain_converter, structured
from deescalate.simulation._page import card_page
from deescalate.simulation._reports import junit, markdown, plain
from deescalate.simulation._results import Scored

__all__ = ["CardDifference", "ReportCard"]

FORMAT = 1


@frozen(kw_only=True)
class CardDifference:
    """How one card differs from an earlier one, of the scenarios that both have.

    Attributes:
        before: Points of the earlier card on these scenarios.
        after: Points of the later one on them.
        better: Scenarios with more points, with how many more, the greatest change first.
        worse: Scenarios with fewer points, with how many less, the greatest change first.
        new_laws: Laws that are broken now and were not, by scenario.
        only_before: Scenarios that only the earlier card has.
        only_after: Scenarios that only the later card has.
    """

    before: float
    after: float
    better: Mapping[str, float] = field(factory=dict[str, float])
    worse: Mapping[str, float] = field(factory=dict[str, float])
    new_laws: Mapping[str, tuple[str, ...]] = field(factory=dict[str, tuple[str, ...]])
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no scenario is worse and no law is newly broken."""
        return not self.worse and not self.new_laws

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        lines = [f"{self.before:.1f} -> {self.after:.1f} points"]
        lines += [f"worse: {name} ({change:+.1f})" for name, change in self.worse.items()]
        lines += [f"new: {name} breaks {', '.join(each)}" for name, each in self.new_laws.items()]
        lines += [f"better: {name} ({change:+.1f})" for name, change in self.better.items()]
        lines += [f"gone: {name}" for name in self.only_before]
        lines += [f"added: {name}" for name in self.only_after]
        return "\n".join(lines)


@frozen(kw_only=True)
class ReportCard(Scored):
    """What a drill found; it is true where every scenario passed.

    Attributes:
        results: How each scenario went, in their order.
        bot: What the bot is called.
        seed: The seed of the drill.

    >>> from deescalate.simulation import ScenarioResult
    >>> card = ReportCard(results=[ScenarioResult(scenario="a", ending="left")])
    >>> card.grade, bool(card)
    ('F', False)
    """

    def __str__(self) -> str:
        return self.to_text()

    def against(self, earlier: Scored) -> CardDifference:
        """Tell how it differs from an earlier card, of the scenarios that both have.

        Args:
            earlier: The card of the bot before.

        >>> from deescalate.simulation import ScenarioResult
        >>> was = ReportCard(results=[ScenarioResult(scenario="a", ending="left")])
        >>> print(was.against(was))
        0.0 -> 0.0 points
        """
        old = {each.scenario: each for each in earlier.results}
        new = {each.scenario: each for each in self.results}
        both = [name for name in new if name in old]
        change = {name: round(new[name].points - old[name].points, 1) for name in both}
        ordered = sorted(both, key=lambda name: -abs(change[name]))
        broken = {
            name: tuple(law for law in new[name].laws if law not in old[name].laws) for name in both
        }
        return CardDifference(
            before=_mean(old[name].points for name in both),
            after=_mean(new[name].points for name in both),
            better={name: change[name] for name in ordered if change[name] > 0},
            worse={name: change[name] for name in ordered if change[name] < 0},
            new_laws={name: laws for name, laws in broken.items() if laws},
            only_before=tuple(name for name in old if name not in new),
            only_after=tuple(name for name in new if name not in old),
        )

    def to_json(self) -> str:
        """All of it as one JSON object, which `from_json` reads; the same card, the same bytes."""
        return to_json(self, format=FORMAT, points=self.points, grade=self.grade)

    @classmethod
    def from_json(cls, text: str) -> "ReportCard":
        """Read a card, such as yesterday's, to compare today's with.

        Args:
            text: What `to_json` wrote.

        Raises:
            TranscriptError: It is no card.
            SettingError: A number in it is out of its range.

        >>> from deescalate.simulation import ScenarioResult
        >>> card = ReportCard(results=[ScenarioResult(scenario="a", ending="left")])
        >>> ReportCard.from_json(card.to_json()) == card
        True
        """
        data = json_object(text)
        told = {name: data[name] for name in data if name not in ("format", "points", "grade")}
        return structured(told, cls, plain_converter())

    def to_text(self) -> str:
        """The card for a terminal, a line a scenario."""
        return plain(self)

    def to_markdown(self) -> str:
        """The card for people, for a pull request or a wiki."""
        return markdown(self)

    def to_html(self) -> str:
        """The card as one page with the courses drawn: no script, nothing from elsewhere."""
        return card_page(self)

    def to_junit(self) -> str:
        """The card as JUnit XML, as CI servers read it: a test case a scenario."""
        return junit(self)


def _mean(points: Iterable[float]) -> float:
    known = list(points)
    return round(sum(known) / max(len(known), 1), 1)
