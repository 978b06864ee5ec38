"""Two people in one conversation: heat is catching, and so is calm."""

import math
from collections.abc import Callable
from datetime import timedelta

from attrs import field, frozen

from deescalate.emotion._state import EmotionState, shown_of
from deescalate.emotion._temperament import Temperament
from deescalate.emotion._values import (
    Affect,
    Impulse,
    Interval,
    checked_seconds,
    number_within,
    plain,
)

__all__ = ["Contagion", "Exchange", "Pair"]

_NO_PUSH = Impulse()
_AGENT = Temperament(
    home=Affect(pleasure=0.2, arousal=-0.3, dominance=0.2),
    half_life_s=Affect(pleasure=1_800.0, arousal=600.0, dominance=600.0),
    volatility=Affect(pleasure=0.2, arousal=0.2, dominance=0.2),
)


@frozen(kw_only=True)
class Contagion:
    """How much of what one person shows, the other catches from one turn.

    Attributes:
        heat: Push on arousal for each unit of shown arousal, 0 to 10.
        mood: Push on pleasure for each unit of shown pleasure, 0 to 10.

    Raises:
        SettingError: If one is no number from 0 to 10.

    >>> Contagion(heat=0.5).caught_from(EmotionState(mean=Affect(arousal=-200.0))).arousal < -0.49
    True
    """

    heat: float = field(default=0.0, converter=plain, validator=number_within(0.0, 10.0))
    mood: float = field(default=0.0, converter=plain, validator=number_within(0.0, 10.0))

    def caught_from(self, state: EmotionState) -> Impulse:
        """The push that a person's turn gives to the other.

        Args:
            state: The state of the one who speaks.

        Returns:
            The push, heat where they are stirred up, calm where they are calmer than neutral.
        """
        return Impulse(pleasure=self.mood * state.pleasure, arousal=self.heat * state.arousal)


@frozen(kw_only=True)
class Pair:
    """The two states of one conversation.

    Attributes:
        customer: The customer's state.
        agent: The agent's state.

    >>> Pair(customer=EmotionState(), agent=EmotionState.feeling("anger")).composure < 0.4
    True
    """

    customer: EmotionState
    agent: EmotionState

    @property
    def composure(self) -> float:
        """How far the agent can still act by reason, 0 to 1, which is the agent's own openness."""
        return self.agent.openness


@frozen(kw_only=True)
class Exchange:
    """How customer and agent move each other, turn by turn.

    Each turn, time passes for both, and then the one who listens catches part of what the speaker
    shows. Where each catches more than both forget between turns, heat feeds on itself: the
    spiral. Near neutral one exchange multiplies heat by `heat_gain`, which is below 1 where

        heat caught by customer * heat caught by agent < 4 sinh(a) sinh(b)

    where a and b are ln 2 times the seconds between turns over each one's half-life of arousal,
    and what is caught is contagion times sensitivity. Then there is one heat that the two come to,
    however hot they begin. Beyond it how they begin may decide: tanh bounds what is shown, so that
    a calm pair can stay calm while an angry one ends in a shouting match of finite heat, at the
    same pace; or one of them is so calm, or so hot, by nature that there is still one end.
    `settles` tells which, `resting_heat` where it ends. What breaks a spiral is what the condition
    names: an agent who catches less, longer gaps, one who calms down faster (or a fresh one), and
    replies that push the heat down.

    Attributes:
        customer: The customer's temperament.
        agent: The agent's temperament; the default rests calm and recovers in minutes (ours).
        to_customer: What the customer catches from the agent (the default is ours).
        to_agent: What the agent catches from the customer (the default is ours).

    >>> Exchange().settles(seconds=300), Exchange().settles(seconds=15)
    (True, False)
    """

    customer: Temperament = field(default=Temperament())
    agent: Temperament = field(default=_AGENT)
    to_customer: Contagion = field(default=Contagion(heat=0.25, mood=0.1))
    to_agent: Contagion = field(default=Contagion(heat=0.15, mood=0.1))

    def start(self) -> Pair:
        """Both at home, nothing known yet.

        >>> Exchange().start().composure > 0.8
        True
        """
        return Pair(customer=self.customer.start(), agent=self.agent.start())

    def customer_speaks(
        self, pair: Pair, *, seconds: float | timedelta, impulse: Impulse = _NO_PUSH
    ) -> Pair:
        """The customer says something, and the agent feels it.

        Args:
            pair: The two states after the turn before.
            seconds: Since the turn before, 0 or more.
            impulse: What else the message does to the agent, such as an insult.

        Returns:
            The two states after.

        Raises:
            SettingError: If the time is not finite or below 0.

        >>> hot = Pair(customer=EmotionState.feeling("anger"), agent=EmotionState())
        >>> Exchange().customer_speaks(hot, seconds=10).composure < hot.composure
        True
        """
        customer = self.customer.drift(pair.customer, seconds=seconds)
        agent = self.agent.drift(pair.agent, seconds=seconds)
        agent = self.agent.feel(agent, self.to_agent.caught_from(customer))
        return Pair(customer=customer, agent=self.agent.feel(agent, impulse))

    def agent_speaks(
        self, pair: Pair, *, seconds: float | timedelta, impulse: Impulse = _NO_PUSH
    ) -> Pair:
        """The agent says something, and the customer feels it.

        Args:
            pair: The two states after the turn before.
            seconds: Since the turn before, 0 or more.
            impulse: What the reply does beyond its tone, such as `MoveEffects.impulse`.

        Returns:
            The two states after.

        Raises:
            SettingError: If the time is not finite or below 0.

        >>> heated = Pair(customer=EmotionState(), agent=EmotionState.feeling("anger"))
        >>> Exchange().agent_speaks(heated, seconds=10).customer.arousal > 0
        True
        """
        agent = self.agent.drift(pair.agent, seconds=seconds)
        customer = self.customer.drift(pair.customer, seconds=seconds)
        customer = self.customer.feel(customer, self.to_customer.caught_from(agent))
        return Pair(customer=self.customer.feel(customer, impulse), agent=agent)

    def heat_gain(self, *, seconds: float | timedelta) -> float:
        """By what factor one exchange multiplies heat near rest.

        Args:
            seconds: Between one turn and the next, above 0.

        Returns:
            The spectral radius of one exchange; below 1 the pair settles, above 1 it spirals.

        Raises:
            SettingError: If the time is not finite or not above 0.

        >>> Exchange().heat_gain(seconds=15) > 1 > Exchange().heat_gain(seconds=600)
        True
        """
        by_customer, by_agent = self._half_lives(seconds)
        kept_c, kept_a = math.exp2(-by_customer), math.exp2(-by_agent)
        trace = kept_c**2 + kept_a**2 + self._caught * kept_c * kept_a
        determinant = (kept_c * kept_a) ** 2
        return (trace + math.sqrt(max(0.0, trace * trace - 4.0 * determinant))) / 2.0

    def settles(self, *, seconds: float | timedelta) -> bool:
        """Whether both come to the same heat at this pace, however hot either begins.

        Args:
            seconds: Between one turn and the next, above 0, or a `timedelta`.

        Returns:
            Whether there is one such heat: exactly, for the means, with nothing else done to
            either. Where there is not, calm and heat each keep themselves up.

        Raises:
            SettingError: If the time is not finite or not above 0.

        >>> from datetime import timedelta
        >>> Exchange().settles(seconds=timedelta(minutes=5))
        True
        """
        found = self.resting_heat(seconds=seconds)
        return found.low == found.high

    def resting_heat(self, *, seconds: float | timedelta) -> Interval:
        """What arousal the customer ends up showing at this pace.

        Args:
            seconds: Between one turn and the next, above 0, or a `timedelta`.

        Returns:
            Shown arousal as the customer speaks, from a start of utter calm (low) and from one of
            the greatest heat (high). Both are one number where the pair `settles`.

        Raises:
            SettingError: If the time is not finite or not above 0.

        >>> hot = Exchange(to_customer=Contagion(heat=0.5), to_agent=Contagion(heat=0.5))
        >>> ends = hot.resting_heat(seconds=15)
        >>> ends.low < -0.9, ends.high > 0.9
        (True, True)
        """
        by_customer, by_agent = self._half_lives(seconds)
        home_c, home_a = self.customer.home.arousal, self.agent.home.arousal
        to_c = self.to_customer.heat * self.customer.sensitivity.arousal / _twice(by_customer)
        to_a = self.to_agent.heat * self.agent.sensitivity.arousal / _twice(by_agent)

        def beyond(u: float) -> float:
            """How far the customer is above where one exchange leads; 0 at rest."""
            return u - home_c - to_c * math.tanh(home_a + to_a * math.tanh(u))

        def leaning(u: float) -> float:
            """Falls through 0 where one exchange multiplies a difference most: a single hump."""
            v = home_a + to_a * math.tanh(u)
            return -math.tanh(v) * to_a * _sech2(u) - math.tanh(u)

        def growth(u: float) -> float:
            return to_c * to_a * _sech2(home_a + to_a * math.tanh(u)) * _sech2(u)

        reach = abs(home_c) + to_c
        hump = _crossing(lambda u: -leaning(u), -reach, reach)
        if growth(hump) <= 1.0:
            rest = shown_of(_crossing(beyond, -reach, reach))
            return Interval(rest, rest)
        cool = _crossing(lambda u: growth(u) - 1.0, -reach, hump)
        hot = _crossing(lambda u: 1.0 - growth(u), hump, reach)
        low, high = (shown_of(_crossing(beyond, *ends)) for ends in ((-reach, cool), (hot, reach)))
        if beyond(cool) < 0.0:
            return Interval(high, high)
        return Interval(low, low) if beyond(hot) > 0.0 else Interval(low, high)

    @property
    def settling_gap_s(self) -> float:
        """The pace, in seconds from turn to turn, from which heat near neutral dies out.

        Any slower exchange `settles`, and a faster one may, by what the two are at home. It is 0
        where one of them catches nothing.

        >>> 60 < Exchange().settling_gap_s < 300
        True
        """
        if self._caught == 0.0:
            return 0.0
        # With one half-life for both, it is where 2 sinh(ln 2 gap / half-life) is this root.
        alike = math.asinh(math.sqrt(self._caught) / 2.0) / math.log(2.0)
        ends = sorted(each.half_life_s.arousal * alike for each in (self.customer, self.agent))
        return _crossing(lambda gap: self._dies_out(gap) - 0.5, *ends)

    def _dies_out(self, seconds: float) -> bool:
        """Whether heat near neutral does: `heat_gain` below 1, to the last digit."""
        by_customer, by_agent = self._half_lives(seconds)
        return self._caught < _twice(by_customer) * _twice(by_agent)

    @property
    def _caught(self) -> float:
        by_customer = self.to_customer.heat * self.customer.sensitivity.arousal
        by_agent = self.to_agent.heat * self.agent.sensitivity.arousal
        return by_customer * by_agent

    def _half_lives(self, seconds: float | timedelta) -> tuple[float, float]:
        gap = checked_seconds(seconds, above=True)
        return (
            gap / self.customer.half_life_s.arousal,
            gap / self.agent.half_life_s.arousal,
        )


def _twice(half_lives: float) -> float:
    """What both turns of an exchange forget, over what one keeps."""
    return 2.0 * math.sinh(min(max(math.log(2.0) * half_lives, 1e-13), 300.0))


def _sech2(x: float) -> float:
    return 1.0 - math.tanh(x) ** 2


def _crossing(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that starts below 0 and ends above it crosses; an end where it does not."""
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in {low, high}:
            break
        low, high = (middle, high) if rising(middle) < 0.0 else (low, middle)
    return high
