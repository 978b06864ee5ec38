"""The whole model of a customer: what is said, over so many seconds, makes of a mind another.

The dynamics are those of the emotion room: home, half-lives, pushes of moves. What is added stands
in `Assumptions`, and at 0 of each that room's model is what is left. What is said waits until it is
felt; a grievance displaces home until deeds settle it; what is fresh does not count twice; what
hurts never soothes; issue moves and deeds reach a person as far as they are open.
"""

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import TypeAlias

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.emotion import Affect, EmotionState, distress_of, latent_of, openness_of
from deescalate.emotion._effects import diminishing
from deescalate.emotion._values import checked_seconds
from deescalate.moves import Family, Move
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._customers import Customer
from deescalate.simulation._said import Said

__all__ = ["Mind", "react"]

LN2 = math.log(2.0)
_NONE = Affect()
_NOTHING: Mapping[str, float] = FrozenMapping({})
LISTENS = frozenset(move.value for move in Move if move.family is Family.LISTEN)


@frozen(kw_only=True)
class Mind:
    """A simulated customer's mind, known exactly.

    Attributes:
        pleasure: Latent pleasure.
        arousal: Latent arousal.
        dominance: Latent dominance.
        pending: The soothing that was said and is not felt yet, in the same coordinates.
        smarting: The hurt that was said and is not felt yet.
        grievance: How much weighs on them, 0 to 1.
        righted: How much of it deeds have put right, 0 to 1.
        heard: The moves heard, each with the second at which it was last made.
        clock: Seconds since the start.
        open_to: How open they were when the agent began to speak, 0 to 1.
        spoilt: Whether something has hurt them in this same breath.

    >>> Mind.start(Customer()).distress > 0.5
    True
    """

    pleasure: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0
    pending: Affect = _NONE
    smarting: Affect = _NONE
    grievance: float = 0.0
    righted: float = 0.0
    heard: Mapping[str, float] = field(default=_NOTHING)
    clock: float = 0.0
    open_to: float = 1.0
    spoilt: bool = False

    @classmethod
    def start(
        cls, customer: Customer, *, noise: Affect = _NONE, assume: Assumptions | None = None
    ) -> "Mind":
        """The mind in which a customer comes: at a home that the grievance has displaced.

        Args:
            customer: Who comes.
            noise: Three standard normal deviates: how this one differs from others of the kind.
            assume: The assumptions; the shipped ones where not given.
        """
        values = (assume or Assumptions.default()).values
        home, volatility = customer.temperament.home, customer.temperament.volatility
        size, by = customer.grievance.size, values["start_spread"]
        pleasure = (
            home.pleasure - size * values["displeasure"] + by * volatility.pleasure * noise.pleasure
        )
        arousal = home.arousal + size * values["heat"] + by * volatility.arousal * noise.arousal
        return cls(
            pleasure=pleasure,
            arousal=arousal,
            dominance=home.dominance + by * volatility.dominance * noise.dominance,
            grievance=size,
            open_to=openness_of(pleasure, arousal),
        )

    @property
    def distress(self) -> float:
        """How distressed, 0 to 1."""
        return distress_of(self.pleasure, self.arousal)

    @property
    def openness(self) -> float:
        """How open to reason, 0 to 1."""
        return openness_of(self.pleasure, self.arousal)

    @property
    def state(self) -> EmotionState:
        """The same as a state of the emotion room, without any doubt."""
        return EmotionState(
            mean=Affect(pleasure=self.pleasure, arousal=self.arousal, dominance=self.dominance)
        )


def react(
    customer: Customer,
    mind: Mind,
    said: Said,
    *,
    seconds: float | timedelta,
    noise: Affect,
    assume: Assumptions,
) -> Mind:
    """What somebody says, and the time until the next word, make of a mind: the whole model.

    Args:
        customer: Whose mind it is.
        mind: As it is when it is said.
        said: What is said and done; `Said()` is nothing, so that only time passes.
        seconds: How long until the next thing is said, 0 or more, or a `timedelta`.
        noise: Three standard normal deviates, such as `Noise.affect`; zeros for what is expected.
        assume: The assumptions.

    Raises:
        SettingError: The time is not finite or below 0.

    >>> from deescalate.emotion import Affect
    >>> ada = Customer()
    >>> before, assume, calm = Mind.start(ada), Assumptions.default(), Affect()
    >>> nothing, insult, sorry = Said(), Said(harms=["insult"]), Said(moves=["empathise"])
    >>> after = [
    ...     react(ada, before, each, seconds=60, noise=calm, assume=assume).distress
    ...     for each in (sorry, nothing, insult)
    ... ]
    >>> after == sorted(after)
    True
    """
    seconds = checked_seconds(seconds)
    who, v = customer.temperament, assume.values
    reach = 1.0 - v["reach"] * (1.0 - mind.open_to)
    righted = min(1.0, mind.righted + (said.deed or 0.0))
    weight = mind.grievance
    left = customer.grievance.size * (1.0 - righted)
    if left < weight:
        weight += (left - weight) * gone(seconds * reach, v["settling_s"])
    relief = v["relief"] * (mind.grievance - weight)
    displeasure, heat = v["displeasure"], v["heat"]
    spoilt = mind.spoilt or bool(said.harms)
    spared = 1.0 - v["spoiling"] if spoilt else 1.0
    waiting = 1.0 - v["spoiling"] if said.harms else 1.0
    soothes, hurts = _pushes(mind, said, assume, reach=reach, spared=spared)
    caught = (None, None) if said.tone is None else _shown(said.tone)
    doubt = 0.0 if said.empty else v["doubt"]
    span = _Span(
        seconds=seconds,
        onset_s=v["onset_s"],
        pull=v["contagion"] * LN2 / v["catching_s"],
        hurt=bool(said.harms),
    )
    home, half, s, gain = who.home, who.half_life_s, who.volatility, who.sensitivity
    spread, before, smart = assume.effects.spread, mind.pending, mind.smarting
    soothing = (
        waiting * before.pleasure + gain.pleasure * soothes[0] + relief * displeasure,
        waiting * before.arousal + gain.arousal * soothes[1] - relief * heat,
        waiting * before.dominance + gain.dominance * soothes[2],
    )
    hurting = (
        smart.pleasure + gain.pleasure * hurts[0],
        smart.arousal + gain.arousal * hurts[1],
        smart.dominance + gain.dominance * hurts[2],
    )
    unrest = v["unrest"]
    pleasure = span.moved(
        mind.pleasure,
        push=soothing[0] + hurting[0],
        home=home.pleasure - weight * displeasure,
        half_life_s=half.pleasure,
        caught=caught[0],
        stir=unrest * s.pleasure,
        doubt=doubt * gain.pleasure * spread.pleasure,
        deviate=noise.pleasure,
        worse=min,
    )
    arousal = span.moved(
        mind.arousal,
        push=soothing[1] + hurting[1],
        home=home.arousal + weight * heat,
        half_life_s=half.arousal,
        caught=caught[1],
        stir=unrest * s.arousal,
        doubt=doubt * gain.arousal * spread.arousal,
        deviate=noise.arousal,
        worse=max,
    )
    dominance = span.moved(
        mind.dominance,
        push=soothing[2] + hurting[2],
        home=home.dominance,
        half_life_s=half.dominance,
        caught=None,
        stir=unrest * s.dominance,
        doubt=doubt * gain.dominance * spread.dominance,
        deviate=noise.dominance,
        worse=min,
    )
    later = span.unfelt
    heard = mind.heard
    if said.moves:
        heard = FrozenMapping({**heard, **dict.fromkeys((m.value for m in said.moves), mind.clock)})
    return Mind(
        pleasure=pleasure,
        arousal=arousal,
        dominance=dominance,
        pending=_scaled(soothing, later),
        smarting=_scaled(hurting, later),
        grievance=weight,
        righted=righted,
        heard=heard,
        clock=mind.clock + seconds,
        open_to=openness_of(pleasure, arousal) if seconds > 0.0 else mind.open_to,
        spoilt=spoilt and seconds == 0.0,
    )


def _scaled(push: tuple[float, float, float], by: float) -> Affect:
    return Affect(pleasure=by * push[0], arousal=by * push[1], dominance=by * push[2])


def _shown(tone: Affect) -> tuple[float, float]:
    return latent_of(tone.pleasure), latent_of(tone.arousal)


def gone(seconds: float, half_life_s: float) -> float:
    """The share that is gone after so many seconds; at a half-life of 0 all of it, at once."""
    return 1.0 - math.exp2(-seconds / half_life_s) if half_life_s > 0.0 else 1.0


@frozen(slots=False)
class _Span:
    """A stretch of time after something was said."""

    seconds: float
    onset_s: float
    pull: float
    hurt: bool

    @cached_property
    def unfelt(self) -> float:
        """The share of what was said that is still to be felt at its end."""
        return 1.0 - gone(self.seconds, self.onset_s)

    def moved(  # noqa: PLR0913  all that moves one coordinate
        self,
        at: float,
        *,
        push: float,
        home: float,
        half_life_s: float,
        caught: float | None,
        stir: float,
        doubt: float,
        deviate: float,
        worse: Callable[[float, float], float],
    ) -> float:
        """One coordinate at its end; one who hurts passes on no calm, only what is worse."""
        back = LN2 / half_life_s
        alone = self._drifted(at, push, home, back, back, stir, doubt, deviate)
        if caught is None or self.pull <= 0.0:
            return alone
        rate = back + self.pull
        middle = (back * home + self.pull * caught) / rate
        pulled = self._drifted(at, push, middle, back, rate, stir, doubt, deviate)
        return worse(alone, pulled) if self.hurt else pulled

    def _drifted(
        self,
        at: float,
        push: float,
        home: float,
        back: float,
        rate: float,
        stir: float,
        doubt: float,
        deviate: float,
    ) -> float:
        """Exact: Ornstein-Uhlenbeck, fed by what is pending as that is felt at its own rate."""
        seconds = self.seconds
        kept = math.exp(-rate * seconds)
        if self.onset_s > 0.0:
            felt_at = LN2 / self.onset_s
            apart = felt_at - rate
            if abs(apart) * seconds > 1e-6:
                felt = felt_at * (kept - self.unfelt) / apart
            else:
                felt = felt_at * seconds * kept
        else:
            felt = kept
        stirred = -stir * stir * (back / rate) * math.expm1(-2.0 * rate * seconds)
        noise = math.sqrt(stirred + (doubt * felt) ** 2) * deviate if deviate else 0.0
        return home + (at - home) * kept + push * felt + noise


_Three: TypeAlias = tuple[float, float, float]


def _pushes(
    mind: Mind, said: Said, assume: Assumptions, *, reach: float, spared: float
) -> tuple[_Three, _Three]:
    """What is new in what is said, as far as it soothes, and as far as it hurts."""
    v = assume.values
    fresh = {
        name: share
        for name, at in mind.heard.items()
        if (share := fresh_share(mind.clock - at, v["memory_s"])) > 0.0
    }
    p = a = d = 0.0
    if said.moves:
        names = (move.value for move in said.moves)
        before = _together(fresh, assume, reach)
        after = _together({**fresh, **dict.fromkeys(names, 1.0)}, assume, reach)
        p, a, d = after[0] - before[0], after[1] - before[1], after[2] - before[2]
    hurt = sum(v[name] for name in said.harms)
    if _stale(fresh, said):
        hurt += v["repetition"]
    heat, control = v["hurt_heat"], v["hurt_control"]
    soothes = (spared * max(p, 0.0), spared * min(a, 0.0), spared * max(d, 0.0))
    hurts = (
        min(p, 0.0) - (1.0 - heat) * hurt,
        max(a, 0.0) + heat * hurt,
        min(d, 0.0) - control * hurt,
    )
    return soothes, hurts


def fresh_share(age_s: float, memory_s: float) -> float:
    """How fresh a move is: wholly for so long as memory lasts, then by half in each such time."""
    if memory_s <= 0.0:
        return 0.0
    over = age_s / memory_s - 1.0
    share = 1.0 if over <= 0.0 else math.exp2(-over)
    return share if share > 1e-6 else 0.0


def _stale(fresh: Mapping[str, float], said: Said) -> bool:
    """Whether a reply has nothing that was not heard just now, and does nothing."""
    names = {move.value for move in said.moves} - LISTENS
    return bool(names) and not said.deed and all(fresh.get(name, 0.0) > 0.5 for name in names)


def _together(fresh: Mapping[str, float], assume: Assumptions, reach: float) -> _Three:
    """All that fresh moves come to, with the diminishing returns of one reply."""
    p: list[float] = []
    a: list[float] = []
    d: list[float] = []
    for name, share in fresh.items():
        if (push := assume.pushes.get(name)) is None:
            continue
        by = share * reach if push.issue else share
        p.append(push.pleasure * (by if push.pleasure > 0.0 else share))
        a.append(push.arousal * (by if push.arousal < 0.0 else share))
        d.append(push.dominance * (by if push.dominance > 0.0 else share))
    return diminishing(p), diminishing(a), diminishing(d)
