"""One conversation with a simulated customer, turn by turn: what is seen, said, and comes of it."""

import math
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from attrs import evolve, field, frozen

from deescalate.emotion import EmotionState
from deescalate.emotion._values import checked_seconds
from deescalate.errors import SettingError
from deescalate.moves import Move
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._checks import checked_kind
from deescalate.simulation._customers import Customer, Grievance
from deescalate.simulation._minds import Mind, react
from deescalate.simulation._noise import Noise
from deescalate.simulation._said import Said
from deescalate.simulation._voices import Utterance, speak

__all__ = [
    "Agent",
    "Cost",
    "Episode",
    "Outcome",
    "Round",
    "Scene",
    "Seen",
    "Sight",
    "Tracker",
    "play",
]

OFFERS = frozenset({Move.PROPOSE, Move.OFFER_CHOICE, Move.ACCEPT, Move.PARTNER})
ASKS = frozenset(
    {
        Move.OPEN_QUESTION,
        Move.CLOSED_QUESTION,
        Move.ELICIT_WANT,
        Move.PARAPHRASE,
        Move.SUMMARISE,
        Move.GIVE_SPACE,
    }
)
DEEDS = {
    "remedy": frozenset({Move.ACT}),
    "human": frozenset({Move.SEEK_HELP}),
    "answer": frozenset({Move.EXPLAIN, Move.INFORM}),
}
_MOST_TURNS = 10_000


class Outcome(StrEnum):
    """What a conversation comes to.

    >>> Outcome("settled").good, Outcome("left").good
    (True, False)
    """

    SETTLED = "settled"
    ACCEPTED = "accepted"
    LEFT = "left"
    WENT_PUBLIC = "went_public"
    ASKED_FOR_BOSS = "asked_for_boss"
    CAME_BACK = "came_back"
    OPEN = "open"

    @property
    def good(self) -> bool:
        """Whether the customer got somewhere."""
        return self in (Outcome.SETTLED, Outcome.ACCEPTED)


@frozen(kw_only=True)
class Cost:
    """What a conversation cost the house.

    Attributes:
        minutes: Of the agent and the customer together in talk.
        money: Paid, credited, or agreed.
        contacts: How often the customer had to come, this time among them.

    >>> Cost(minutes=3.5, money=0.0, contacts=1).contacts
    1
    """

    minutes: float
    money: float
    contacts: int


@frozen(kw_only=True)
class Seen:
    """One exchange as an agent saw it: what the customer said, and its own answer."""

    utterance: Utterance
    said: Said


@frozen(kw_only=True)
class Sight:
    """All that an agent can see when it is to answer; never the customer's mind.

    Attributes:
        utterance: What the customer says now.
        turn: Which answer this is to be, 0 for the first.
        seconds: Since the start.
        history: What was said before, oldest first.
        case: What is wrong and what can be done, once the customer has told it.
        memory: What the agent left in `Said.memory` in its last turn.

    >>> Sight(utterance=Utterance(text="Hello?")).turn
    0
    """

    utterance: Utterance
    turn: int = 0
    seconds: float = 0.0
    history: tuple[Seen, ...] = ()
    case: Grievance | None = None
    memory: object = None


class Agent(Protocol):
    """Whoever answers a customer: any callable; one that pickles can be studied in parallel."""

    def __call__(self, sight: Sight, /) -> Said:
        """Answer."""
        ...


class Tracker(Protocol):
    """What estimates a customer's state from what a bot can see."""

    def __call__(
        self,
        belief: EmotionState | None,
        said: Said | None,
        utterance: Utterance,
        /,
        *,
        seconds: float,
    ) -> EmotionState:
        """The belief after the agent's last answer, some time, and what the customer says then."""
        ...


@frozen(kw_only=True)
class Round:
    """One turn of a customer and the answer to it.

    Attributes:
        utterance: What the customer says.
        mind: The mind in which they say it.
        said: What the agent answers, as it was in truth; ``None`` where it is over.
        belief: What a tracker believes once it has heard the customer.
    """

    utterance: Utterance
    mind: Mind
    said: Said | None = None
    belief: EmotionState | None = None


@frozen(kw_only=True, slots=False)
class Episode:
    """A conversation that is over.

    Attributes:
        customer: Who came.
        turns: The turns of the customer, each with the answer.
        outcome: How it ended.
        outcomes: All that happened, the end among it.
        cost: What it cost.
    """

    customer: Customer
    turns: tuple[Round, ...]
    outcome: Outcome
    outcomes: frozenset[Outcome]
    cost: Cost

    @cached_property
    def distress(self) -> tuple[float, ...]:
        """Distress as it is in truth, one number for each turn of the customer."""
        return tuple(turn.mind.distress for turn in self.turns)

    @property
    def peak(self) -> float:
        """The highest distress."""
        return max(self.distress)

    @property
    def final(self) -> float:
        """Distress in the end."""
        return self.distress[-1]

    def __str__(self) -> str:
        course = " ".join(f"{each:.2f}" for each in self.distress)
        return f"{self.customer.name}: {self.outcome}, distress {course}"


@frozen(kw_only=True)
class Scene:
    """A conversation that goes on: look at what is seen, answer, and get the next.

    `play` is a loop over it; take it yourself where an agent cannot be a plain callable.

    Attributes:
        customer: Who is there.
        noise: Their luck.
        assume: The assumptions.
        limit: How many answers at most.
        words: Whether the customer speaks in words.
        tracker: What estimates the customer's state, if anything does.
        turns: What was said so far; the last turn waits for its answer.
        told: Whether the customer has told what is wrong.
        money: Paid so far.
        asked: Whether they have asked for someone above.
        outcome: How it ended; ``None`` while it goes on.

    >>> scene = Scene.open(Customer(), noise=Noise(7), assume=Assumptions.default())
    >>> scene.after(Said(moves=["apologise", "act"])).turns[-1].mind.righted
    1.0
    """

    customer: Customer
    noise: Noise
    assume: Assumptions
    limit: int
    words: bool = False
    tracker: Tracker | None = None
    turns: tuple[Round, ...] = field(repr=False)
    told: bool
    money: float = 0.0
    asked: bool = False
    memory: object = field(default=None, repr=False)
    outcome: Outcome | None = None

    @classmethod
    def open(
        cls,
        customer: Customer,
        *,
        noise: Noise,
        assume: Assumptions,
        turns: int = 20,
        words: bool = False,
        tracker: Tracker | None = None,
    ) -> "Scene":
        """The customer comes and says what they came for.

        Raises:
            SettingError: An argument is of another kind, the turns are no whole number from 1 to
                10,000.
        """
        checked_kind("customer", customer, Customer, "a Customer")
        checked_kind("noise", noise, Noise, "a Noise")
        checked_kind("assume", assume, Assumptions, "Assumptions")
        if (
            isinstance(turns, bool)
            or not hasattr(turns, "__index__")
            or not 0 < turns <= _MOST_TURNS
        ):
            raise SettingError("turns", turns, f"a whole number, 1 to {_MOST_TURNS}")
        mind = Mind.start(customer, noise=noise.affect("start"), assume=assume)
        told = noise.uniform("tells") < customer.behaviour.tells
        heard = speak(customer, mind, turn=0, noise=noise, assume=assume, tells=told, words=words)
        belief = tracker(None, None, heard, seconds=0.0) if tracker else None
        return cls(
            customer=customer,
            noise=noise,
            assume=assume,
            limit=int(turns),
            words=words,
            tracker=tracker,
            turns=(Round(utterance=heard, mind=mind, belief=belief),),
            told=told,
        )

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.outcome is not None

    @property
    def sight(self) -> Sight:
        """What the agent sees now."""
        *before, now = self.turns
        return Sight(
            utterance=now.utterance,
            turn=len(before),
            seconds=now.mind.clock,
            history=tuple(
                Seen(utterance=each.utterance, said=each.said) for each in before if each.said
            ),
            case=self.customer.grievance if self.told else None,
            memory=self.memory,
        )

    def after(self, said: Said, *, seconds: float | timedelta | None = None) -> "Scene":
        """What comes of an answer: the customer waits for it, feels it, and goes on or ends it.

        Args:
            said: The answer.
            seconds: How long it took, or a `timedelta`; as assumed where not given.

        Raises:
            SettingError: It is over already, the answer is no `Said`, or the time is not finite
                or below 0.
        """
        checked_kind("said", said, Said, "a Said")
        if self.over:
            raise SettingError("scene", self.outcome, "a conversation that is not over")
        assume, who, n = self.assume, self.customer, len(self.turns)
        wait = assume["reply_s"] if seconds is None else checked_seconds(seconds)
        answer = assume["answer_s"]
        now = self.turns[-1]
        done, paid = self._done(said, now.mind)
        mind = react(
            who, now.mind, _NOTHING, seconds=wait, noise=self.noise.affect("wait", n), assume=assume
        )
        mind = react(
            who, mind, done, seconds=answer, noise=self.noise.affect("mood", n), assume=assume
        )
        told = self.told or bool(ASKS.intersection(done.moves))
        asked = self.asked or self._asks_above(mind, n)
        outcome = self._ending(mind, done, n, told=told)
        heard = speak(
            who,
            mind,
            turn=n,
            noise=self.noise,
            assume=assume,
            tells=told and not self.told,
            ending=None if outcome is None else outcome.value,
            above=asked and not self.asked,
            words=self.words,
        )
        belief = (
            self.tracker(now.belief, said, heard, seconds=wait + answer) if self.tracker else None
        )
        if outcome is None and n >= self.limit:
            outcome = Outcome.OPEN
        agreed = (
            who.grievance.amount * max(0.0, who.grievance.can_meet - mind.righted)
            if outcome is Outcome.ACCEPTED
            else 0.0
        )
        return evolve(
            self,
            turns=(
                *self.turns[:-1],
                evolve(now, said=done),
                Round(utterance=heard, mind=mind, belief=belief),
            ),
            told=told,
            asked=asked,
            money=self.money + paid + agreed,
            memory=said.memory,
            outcome=outcome,
        )

    def episode(self) -> Episode:
        """The conversation as it is now, over or not."""
        last = self.turns[-1].mind
        outcome = self.outcome or Outcome.OPEN
        happened = {outcome}
        if self.asked:
            happened.add(Outcome.ASKED_FOR_BOSS)
        if outcome is Outcome.WENT_PUBLIC:
            happened.add(Outcome.LEFT)
        back = self.assume["returning"] * last.grievance
        if outcome is Outcome.ACCEPTED:
            back *= 1.0 - self.customer.grievance.can_meet
        if self.noise.uniform("returns") < back:
            happened.add(Outcome.CAME_BACK)
        return Episode(
            customer=self.customer,
            turns=self.turns,
            outcome=outcome,
            outcomes=frozenset(happened),
            cost=Cost(
                minutes=last.clock / 60.0,
                money=self.money,
                contacts=2 if Outcome.CAME_BACK in happened else 1,
            ),
        )

    def _done(self, said: Said, mind: Mind) -> tuple[Said, float]:
        """What was done in truth: nobody can put right what they do not know."""
        who = self.customer
        deed, harms = said.deed, said.harms
        if said.empty:
            harms = ("silence",)
        acts = bool(DEEDS[who.wants].intersection(said.moves))
        if deed is None and acts:
            known = self.told or who.wants == "human"
            left = max(0.0, who.grievance.can_meet - mind.righted)
            deed = left if known else 0.0
        elif deed is not None:
            deed = min(deed, max(0.0, who.grievance.can_meet - mind.righted))
        if Move.ACT in said.moves and not deed and mind.righted < who.grievance.can_meet:
            harms = (*harms, "empty_promise")
        if Move.ACT in said.moves and who.grievance.can_meet == 0.0:
            harms = (*harms, "empty_promise")
        deed = deed or 0.0
        paid = who.grievance.amount * deed if who.wants == "remedy" else 0.0
        return evolve(said, deed=deed, harms=harms, memory=None), said.money + paid

    def _strain(self, mind: Mind, n: int) -> float:
        over = max(0, n - self.customer.bears)
        return mind.distress + self.assume["impatience"] * over

    def _chance(self, strain: float, at: str) -> float:
        odds = self.assume["steepness"] * (strain - self.assume[at])
        return 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, odds))))

    def _asks_above(self, mind: Mind, n: int) -> bool:
        strain = self._strain(mind, n) + self.customer.behaviour.boss
        return self.noise.uniform("above", n) < self._chance(strain, "boss_at")

    def _ending(self, mind: Mind, said: Said, n: int, *, told: bool) -> Outcome | None:
        who, v = self.customer, self.assume
        size = who.grievance.size
        share = mind.grievance / size if size > 0.0 else 0.0
        if share <= v["settled_below"] and mind.distress <= v["settled_distress"]:
            return Outcome.SETTLED
        if self.asked and Move.SEEK_HELP in said.moves:
            return Outcome.ASKED_FOR_BOSS
        reach = 1.0 - v["reach"] * (1.0 - mind.openness)
        takes = v["acceptance"] * who.behaviour.takes_offers * who.grievance.can_meet
        yields = v["taking_no"] * who.behaviour.takes_offers
        chance = takes if told and OFFERS.intersection(said.moves) else 0.0
        chance = max(chance, yields if Move.DECLINE in said.moves else 0.0) * reach
        if not said.harms and self.noise.uniform("accepts", n) < chance:
            return Outcome.ACCEPTED
        if self.noise.uniform("leaves", n) < self._chance(self._strain(mind, n), "leave_at"):
            tells = v["publicity"] * who.behaviour.publicity * mind.distress
            return Outcome.WENT_PUBLIC if self.noise.uniform("public", n) < tells else Outcome.LEFT
        return None


_NOTHING = Said()


def play(
    customer: Customer,
    agent: Callable[[Sight], Said],
    *,
    noise: Noise,
    assume: Assumptions,
    turns: int = 20,
    words: bool = False,
    tracker: Tracker | None = None,
) -> Episode:
    """Let an agent talk to a customer until it is over.

    Args:
        customer: Who comes.
        agent: Who answers; see `Agent`.
        noise: The customer's luck, which no agent changes.
        assume: The assumptions.
        turns: How many answers at most, 1 to 10,000.
        words: Whether the customer speaks in words; agents that read need them, others are faster
            without.
        tracker: What estimates the customer's state beside it.

    Raises:
        SettingError: The agent answers with something else than a `Said`, or an argument cannot be.

    >>> def sorry(sight):
    ...     return Said(moves=["apologise", "act"] if sight.case else ["open_question"])
    >>> play(Customer(), sorry, noise=Noise(7), assume=Assumptions.default()).outcome.good
    True
    """
    scene = Scene.open(
        customer, noise=noise, assume=assume, turns=turns, words=words, tracker=tracker
    )
    while not scene.over:
        scene = scene.after(agent(scene.sight))
    return scene.episode()
