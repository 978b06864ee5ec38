"""What a study found: a row for each conversation, as columns that every frame takes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from statistics import fmean
from typing import Any, Self, cast

from attrs import field, frozen

from deescalate.documents import is_mapping
from deescalate.errors import SettingError, nearest_name
from deescalate.escaping import for_markdown
from deescalate.simulation._scenes import Episode, Outcome
from deescalate.simulation._studies import Cell, named
from deescalate.statistics import Contrast, Rate, paired, rate

__all__ = ["Results", "columns_of", "table_of"]


def columns_of(
    cells: Sequence[Cell], episodes: Sequence[Episode], *, digest: str
) -> dict[str, list[Any]]:
    """A row for each conversation.

    >>> list(columns_of([], [], digest=""))[:3]
    ['study', 'episode', 'setting']
    """
    outcomes = {
        each.value: [each in made.outcomes for made in episodes]
        for each in Outcome
        if each is not Outcome.OPEN
    }
    return {
        "study": [digest] * len(cells),
        "episode": [cell.episode for cell in cells],
        "setting": [cell.setting for cell in cells],
        "customer": [cell.customer.name for cell in cells],
        "manner": [cell.customer.manner for cell in cells],
        "repeat": [cell.repeat for cell in cells],
        "agent": [cell.agent for cell in cells],
        "outcome": [made.outcome.value for made in episodes],
        "good": [made.outcome.good for made in episodes],
        **outcomes,
        "turns": [len(made.turns) - 1 for made in episodes],
        "start": [made.distress[0] for made in episodes],
        "peak": [made.peak for made in episodes],
        "final": [made.final for made in episodes],
        "mean": [fmean(made.distress) for made in episodes],
        "minutes": [made.cost.minutes for made in episodes],
        "money": [made.cost.money for made in episodes],
        "contacts": [made.cost.contacts for made in episodes],
    }


def table_of(given: Any) -> dict[str, list[Any]]:
    """Lists of Python's own values, out of results, a mapping, or a frame of another library.

    >>> table_of({"a": (1, 2)})
    {'a': [1, 2]}
    """
    if isinstance(given, Results):
        return {**given.columns}
    if is_mapping(given):
        columns: Mapping[str, Any] = given
    else:
        names: Iterable[Any] = getattr(given, "column_names", getattr(given, "columns", ()))
        columns = {str(name): given[name] for name in names}
    found: dict[str, list[Any]] = {}
    for name, column in columns.items():
        for way in ("to_list", "tolist", "to_pylist"):
            if callable(made := getattr(column, way, None)):
                found[name] = list(cast("Iterable[Any]", made()))
                break
        else:
            found[name] = list(column)
    return found


@frozen(kw_only=True)
class Results:
    """What conversations came to, a row for each, in the order of their numbers.

    Attributes:
        columns: By name: ``study`` (its digest and seed), ``episode``, ``setting``, ``customer``,
            ``manner``, ``repeat``, ``agent``, ``outcome``, ``good`` and one for each thing that may
            happen (``settled``, ``left``, ...), ``turns``, distress at the ``start``, its
            ``peak``, ``final`` and ``mean``, and the cost: ``minutes``, ``money``, ``contacts``.

    >>> Results(columns={"episode": [0]}).episodes
    (0,)
    """

    columns: Mapping[str, list[Any]] = field(converter=table_of, repr=named)

    @classmethod
    def of(cls, parts: "Iterable[Results | Mapping[str, Any] | Any]") -> Self:
        """Put batches together, in the order of the conversations.

        Args:
            parts: Batches, results, or tables of their columns (a mapping, or a frame of pandas,
                polars or pyarrow), in any order.

        Raises:
            SettingError: They are of several studies or seeds, or one conversation is there twice.
        """
        tables = [table_of(each) for each in parts]
        if not tables:
            return cls(columns=columns_of([], [], digest=""))
        studies = sorted({str(each) for table in tables for each in table["study"]})
        if len(studies) > 1:
            raise SettingError("parts", studies, "results of one study and seed")
        rows = {name: [*chain.from_iterable(t[name] for t in tables)] for name in tables[0]}
        order = sorted(range(len(rows["episode"])), key=rows["episode"].__getitem__)
        if len({*rows["episode"]}) < len(order):
            raise SettingError("parts", rows["episode"], "each conversation once")
        return cls(columns={name: [col[at] for at in order] for name, col in rows.items()})

    def __len__(self) -> int:
        return len(self.columns["episode"])

    @property
    def episodes(self) -> tuple[int, ...]:
        """The numbers of the conversations."""
        return tuple(self.columns["episode"])

    @property
    def agents(self) -> tuple[str, ...]:
        """Who answered, in the order of the study."""
        return tuple(dict.fromkeys(self.columns["agent"]))

    def column(self, what: str, *, agent: str | None = None) -> list[Any]:
        """One column, of one agent or of all.

        Raises:
            SettingError: There is no such column or agent.
        """
        self._known("what", what, self.columns)
        if agent is None:
            return list(self.columns[what])
        self._known("agent", agent, self.agents)
        rows = zip(self.columns["agent"], self.columns[what], strict=True)
        return [value for who, value in rows if who == agent]

    def rate(self, what: str, *, agent: str, level: float = 0.9) -> Rate:
        """How often something happened with an agent, with its interval.

        Args:
            what: A column of true and false, such as ``settled``.
            agent: Whose.
            level: How sure the interval is to be, above 0 and below 1.

        Raises:
            SettingError: There is no such column or agent, or it is not of true and false.
        """
        values = self.column(what, agent=agent)
        if not all(isinstance(each, bool) for each in values):
            raise SettingError("what", what, "a column of true and false, such as `settled`")
        return rate(sum(values), len(values), level=level)

    def compare(self, a: str, b: str, what: str = "final", *, level: float = 0.9) -> Contrast:
        """How much more one agent has of something than another, with the same customers and luck.

        Args:
            a: An agent.
            b: Another one.
            what: A column of numbers or of true and false, such as ``final`` or ``settled``.
            level: How sure the interval is to be, above 0 and below 1.

        Returns:
            The mean of the differences of each pair, with a normal interval of the paired
            differences. A pair has customer, repeat and setting in common.

        Raises:
            SettingError: There is no such agent or column, the column is of texts, or there are
                fewer than two pairs.

        >>> from deescalate.simulation import AGENTS, Study, run_episodes
        >>> study = Study(agents={name: AGENTS[name] for name in ("silent", "by_plan")}, repeats=4)
        >>> Results.of(run_episodes(study, seed=7)).compare("by_plan", "silent", "final").high < 0
        True
        """
        keys = ("setting", "customer", "repeat")
        sides: list[dict[tuple[Any, ...], Any]] = []
        for agent in (a, b):
            rows = zip(*(self.column(key, agent=agent) for key in keys), strict=True)
            sides.append(dict(zip(rows, self.column(what, agent=agent), strict=True)))
        both = [key for key in sides[0] if key in sides[1]]
        pairs = [[float(side[key]) for key in both] for side in sides if _numeric(what, side)]
        found = paired(*pairs, level=level)
        if found is None:
            raise SettingError("what", what, "two pairs of conversations or more to compare")
        return found

    def to_markdown(self) -> str:
        """A table of the agents: how often it went well, how it ended, what it cost.

        >>> print(Results.of([]).to_markdown().splitlines()[0])
        | agent | went well (90 %) | went public | came back | distress at the end | minutes |
        """
        head = ("agent", "went well (90 %)", "went public", "came back", "distress at the end",
                "minutes")  # fmt: skip
        lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        for agent in self.agents:
            cells = (
                for_markdown(agent),
                str(self.rate("good", agent=agent)),
                str(self.rate("went_public", agent=agent).hits),
                str(self.rate("came_back", agent=agent).hits),
                f"{fmean(self.column('final', agent=agent)):.2f}",
                f"{fmean(self.column('minutes', agent=agent)):.1f}",
            )
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"

    @staticmethod
    def _known(name: str, value: object, known: Iterable[str]) -> None:
        names = list(known)
        if value not in names:
            near = nearest_name(value, names)
            hint = f"; did you mean `{near}`?" if near else ""
            raise SettingError(name, value, f"one of {', '.join(names)}{hint}")


def _numeric(what: str, side: Mapping[Any, Any]) -> bool:
    if any(isinstance(value, str) for value in side.values()):
        raise SettingError("what", what, "a column of numbers, or of true and false")
    return True
