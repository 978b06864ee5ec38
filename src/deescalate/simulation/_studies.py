"""A study: who comes, who answers, how often, under which assumptions. A value that pickles."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any

from attrs import field, frozen, has

from deescalate.documents import FrozenMapping, is_mapping
from deescalate.errors import SettingError
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._customers import Customer, customers
from deescalate.simulation._noise import Noise
from deescalate.simulation._scenes import Agent, Episode, Tracker, play

__all__ = ["Cell", "Study", "whole"]


def whole(name: str, value: object, *, least: int) -> int:
    """Refuse what is not a whole number of some size or more, of Python or of numpy.

    >>> whole("batch", 8, least=1)
    8
    """
    index = getattr(value, "__index__", None)
    number = least - 1 if index is None or isinstance(value, bool) else int(index())
    if number < least:
        raise SettingError(name, value, f"a whole number, {least} or more")
    return number


def counted(value: Any) -> str:
    """How a field with many values shows itself.

    >>> counted(["a", "b"])
    '2'
    """
    return str(len(value))


def named(value: Any) -> str:
    """How a field with names shows itself.

    >>> named({"a": 1})
    "['a']"
    """
    return repr(list(value))


def values_of(given: Any) -> tuple[Any, ...]:
    """The values of a mapping, or of anything else that has several.

    >>> values_of({"a": 1}), values_of([1])
    ((1,), (1,))
    """
    return tuple(given.values() if is_mapping(given) else given)


def _people(given: Mapping[str, Customer] | Iterable[Customer]) -> tuple[Customer, ...]:
    try:
        return values_of(given)
    except TypeError:
        raise SettingError("customers", given, "customers, at least one") from None


def _ready() -> tuple[Customer, ...]:
    return tuple(customers().values())


def _shipped() -> Mapping[str, Assumptions]:
    return {"": Assumptions.default()}


def _customers(_: object, __: object, people: Any) -> None:
    names: set[str] = set()
    for place, each in enumerate(people):
        if not isinstance(each, Customer):
            raise SettingError(f"customers[{place}]", each, "a Customer")
        if each.name in names:
            allowed = "a name that no other customer has: chance is keyed by it"
            raise SettingError(f"customers[{place}].name", each.name, allowed)
        names.add(each.name)
    if not people:
        raise SettingError("customers", people, "customers, at least one")


def _by_name(given: Mapping[str, Agent] | Iterable[Agent]) -> FrozenMapping[Agent]:
    try:
        agents = values_of(given)
        if is_mapping(given):
            names = map(_text, given)
            return FrozenMapping(dict(zip(names, agents, strict=True)))
    except TypeError:
        raise SettingError("agents", given, "agents by name, or functions") from None
    return FrozenMapping({getattr(each, "__name__", repr(each)): each for each in agents})


def _text(name: object) -> str:
    return name if isinstance(name, str) else repr(name)


def _agents(_: object, __: object, agents: Mapping[str, Agent]) -> None:
    for name, each in agents.items():
        if not callable(each):
            raise SettingError(f"agents.{name}", each, "a callable that takes a Sight")
    if not agents:
        raise SettingError("agents", dict(agents), "agents, at least one")


def _settings(given: Assumptions | Mapping[str, Assumptions]) -> FrozenMapping[Assumptions]:
    return FrozenMapping(dict(given) if isinstance(given, Mapping) else {"": given})


def _assumptions(_: object, __: object, settings: Any) -> None:
    for name, each in settings.items():
        if not isinstance(each, Assumptions):
            raise SettingError(f"assume.{name}" if name else "assume", each, "Assumptions")
    if not settings:
        raise SettingError("assume", dict(settings), "Assumptions, or several by name")


def _repeats(value: object) -> int:
    return whole("repeats", value, least=1)


def _turns(value: object) -> int:
    return whole("turns", value, least=1)


@frozen(kw_only=True)
class Cell:
    """One place of a study: who meets whom, under what, for which time.

    >>> Study(agents=[len]).cell(0).agent
    'len'
    """

    episode: int
    setting: str
    customer: Customer
    repeat: int
    agent: str


@frozen(kw_only=True, slots=False)
class Study:
    """What is to be played: every customer with every agent, each so often, in every setting.

    Attributes:
        customers: Who comes, at least one, each of a name of its own; the ready ones where not
            given. A mapping's values are taken.
        agents: Who answers, by name; functions alone go by their own names. Those that pickle can
            be run in other processes.
        assume: The assumptions, or several by the names of the settings.
        repeats: How often each customer meets each agent, with other luck each time, 1 or more.
        turns: How many answers at most, 1 to 10,000.
        words: Whether customers speak in words.
        tracker: What estimates the customers' states, if anything does.

    Raises:
        SettingError: Nobody comes or answers, two customers have one name, or a number is out of
            its range.

    >>> from deescalate.simulation import AGENTS, customers
    >>> study = Study(agents={name: AGENTS[name] for name in ("silent", "by_plan")}, repeats=2)
    >>> study.episodes == len(customers()) * 2 * 2
    True
    """

    customers: tuple[Customer, ...] = field(
        factory=_ready, converter=_people, validator=_customers, repr=counted
    )
    agents: Mapping[str, Agent] = field(converter=_by_name, validator=_agents, repr=named)
    assume: Mapping[str, Assumptions] = field(
        factory=_shipped, converter=_settings, validator=_assumptions, repr=named
    )
    repeats: int = field(default=1, converter=_repeats)
    turns: int = field(default=20, converter=_turns)
    words: bool = False
    tracker: Tracker | None = None

    @property
    def episodes(self) -> int:
        """How many conversations it is."""
        return len(self.assume) * len(self.customers) * self.repeats * len(self.agents)

    @cached_property
    def digest(self) -> str:
        """A short text that differs where the study does, since what is resumed must be the same.

        An agent counts by its name and where it is defined, not by its code.
        """
        parts = [
            *map(repr, self.customers),
            *(f"{name}: {_known_as(agent)}" for name, agent in self.agents.items()),
            *(f"{name}: {each.to_document()}" for name, each in self.assume.items()),
            f"{self.repeats} {self.turns} {self.words} {_known_as(self.tracker)}",
        ]
        told = "\x1e".join(parts).encode("utf-8", "surrogatepass")
        return blake2b(told, digest_size=8).hexdigest()

    def cell(self, episode: int) -> Cell:
        """Which conversation has a number, 0 to one less than `episodes`.

        Those that differ in nothing but the agent stand together, and have the same luck.
        """
        rest, agent = divmod(whole("episode", episode, least=0), len(self.agents))
        rest, repeat = divmod(rest, self.repeats)
        rest, customer = divmod(rest, len(self.customers))
        settings = list(self.assume)
        if rest >= len(settings):
            raise SettingError("episode", episode, f"a whole number, 0 to {self.episodes - 1}")
        return Cell(
            episode=int(episode),
            setting=settings[rest],
            customer=self.customers[customer],
            repeat=repeat,
            agent=list(self.agents)[agent],
        )

    def play(self, episode: int, *, seed: int) -> Episode:
        """Play one conversation of it.

        Args:
            episode: Its number.
            seed: The seed of the study, any whole number.

        Raises:
            SettingError: There is no such conversation, or the seed is no whole number.
        """
        cell = self.cell(episode)
        noise = Noise(seed, cell.customer.name, cell.repeat)
        try:
            return play(
                cell.customer,
                self.agents[cell.agent],
                noise=noise,
                assume=self.assume[cell.setting],
                turns=self.turns,
                words=self.words,
                tracker=self.tracker,
            )
        except Exception as error:
            place = f"agent {cell.agent!r}, customer {cell.customer.name!r}, seed {noise.seed}"
            error.add_note(f"in episode {episode} of the study: {place}, repeat {cell.repeat}")
            raise


def _known_as(thing: Callable[..., Any] | None) -> str:
    """What a callable is called, the same in every process."""
    if thing is None or has(type(thing)):
        return repr(thing)
    named = getattr(thing, "__qualname__", None) or type(thing).__qualname__
    home = getattr(thing, "__module__", None) or type(thing).__module__
    return f"{home}.{named}"
