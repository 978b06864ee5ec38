"""The whole model of a customer: what is said, over so many seconds, makes of a mind another.

The dynamics are those of the emotion room: home, half-lives, pushes of moves. What is added stands
in `Assumptions`, and at 0 of each that room's model is what is left. What is said waits until it is
felt; a grievance displaces home until deeds settle it; what is fresh does not count twice; what
hurts never soothes; issue moves and deeds reach a person as far as they are open.
"""

import math
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.emotion import Affect, EmotionState, distress_of, latent_of, openness_of
from deescalate.emotion._values import checked_number
from deescalate.moves import Family, Move
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._customers import Customer
from deescalate.simulation._said import Said

__all__ = ["Mind", "react"]

LN2 = math.log(2.0)
_NONE = Affect()
_NOTHING: Mapping[str, float] = FrozenMapping({})
_LISTENS = frozenset(move.value for move in Move if move.family is Family.LISTEN)


@frozen(kw_only=True)
class Mind:
    """A simulated customer's mind, known exactly.

    Attributes:
        pleasure: Latent pleasure.
        arousal: Latent arousal.
        dominance: Latent dominance.
        pending: What was said and is not felt yet, in the same coordinates.
        grievance: How much weighs on them, 0 to 1.
        righted: How much of it deeds have put right, 0 to 1.
        heard: The moves heard, each with the second at which it was last made.
        clock: Seconds since the start.
        open_to: How open they were when the agent began to speak, 0 to 1.

    >>> Mind.start(Customer()).distress > 0.5
    True
    """

    pleasure: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0
    pending: Affect = _NONE
    grievance: float = 0.0
    righted: float = 0.0
    heard: Mapping[str, float] = field(default=_NOTHING)
    clock: float = 0.0
    open_to: float = 1.0

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
    seconds: float,
    noise: Affect,
    assume: Assumptions,
) -> Mind:
    """What somebody says, and the time until the next word, make of a mind: the whole model.

    Args:
        customer: Whose mind it is.
        mind: As it is when it is said.
        said: What is said and done; `Said()` is nothing, so that only time passes.
        seconds: How long until the next thing is said, 0 or more.
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
    seconds = checked_number("seconds", seconds, low=0.0)
    who, v = customer.temperament, assume.values
    reach = 1.0 - v["reach"] * (1.0 - mind.open_to)
    righted = min(1.0, mind.righted + (said.deed or 0.0))
    weight = mind.grievance
    left = customer.grievance.size * (1.0 - righted)
    if left < weight:
        weight += (left - weight) * _gone(seconds * reach, v["settling_s"])
    lifted = v["relief"] * (mind.grievance - weight)
    p, a, d = _push(mind, said, assume, reach=reach)
    gain, pending = who.sensitivity, mind.pending
    doubt = v["doubt"] if not said.empty else 0.0
    spread, home, half, s = assume.effects.spread, who.home, who.half_life_s, who.volatility
    catching = _catching(mind, said)
    c = v["contagion"] * LN2 / v["catching_s"]
    onset = v["onset_s"]
    unrest = v["unrest"]
    pleasure, p_left = _moved(
        mind.pleasure,
        pending.pleasure + gain.pleasure * p + lifted * v["displeasure"],
        home.pleasure - weight * v["displeasure"],
        half.pleasure,
        (catching[0], c),
        (unrest * s.pleasure, doubt * gain.pleasure * spread.pleasure, noise.pleasure),
        onset,
        seconds,
    )
    arousal, a_left = _moved(
        mind.arousal,
        pending.arousal + gain.arousal * a - lifted * v["heat"],
        home.arousal + weight * v["heat"],
        half.arousal,
        (catching[1], c),
        (unrest * s.arousal, doubt * gain.arousal * spread.arousal, noise.arousal),
        onset,
        seconds,
    )
    dominance, d_left = _moved(
        mind.dominance,
        pending.dominance + gain.dominance * d,
        home.dominance,
        half.dominance,
        (None, c),
        (unrest * s.dominance, doubt * gain.dominance * spread.dominance, noise.dominance),
        onset,
        seconds,
    )
    heard = mind.heard
    if said.moves:
        heard = FrozenMapping({**heard, **dict.fromkeys((m.value for m in said.moves), mind.clock)})
    return Mind(
        pleasure=pleasure,
        arousal=arousal,
        dominance=dominance,
        pending=Affect(pleasure=p_left, arousal=a_left, dominance=d_left),
        grievance=weight,
        righted=righted,
        heard=heard,
        clock=mind.clock + seconds,
        open_to=openness_of(pleasure, arousal) if seconds > 0.0 else mind.open_to,
    )


def _gone(seconds: float, half_life_s: float) -> float:
    """The share that is gone after so many seconds; at a half-life of 0 all of it, at once."""
    return 1.0 - math.exp2(-seconds / half_life_s) if half_life_s > 0.0 else 1.0


def _moved(
    at: float,
    pending: float,
    home: float,
    half_life_s: float,
    catching: tuple[float | None, float],
    chance: tuple[float, float, float],
    onset_s: float,
    seconds: float,
) -> tuple[float, float]:
    """One coordinate after some time, and what is still to be felt.

    Exact: an Ornstein-Uhlenbeck process with a second pull, towards the mood that is caught, fed by
    what is pending as that is felt at a rate of its own.
    """
    back = LN2 / half_life_s
    rate = back
    caught, pull = catching
    if caught is not None and pull > 0.0:
        rate += pull
        home = (back * home + pull * caught) / rate
    kept = math.exp(-rate * seconds)
    if onset_s > 0.0:
        felt_at = LN2 / onset_s
        waiting = math.exp(-felt_at * seconds)
        apart = felt_at - rate
        if abs(apart) * seconds > 1e-6:
            felt = felt_at * (kept - waiting) / apart
        else:
            felt = felt_at * seconds * kept
    else:
        waiting, felt = 0.0, kept
    volatility, doubt, deviate = chance
    stirred = -volatility * volatility * (back / rate) * math.expm1(-2.0 * rate * seconds)
    noise = math.sqrt(stirred + (doubt * felt) ** 2) * deviate
    return home + (at - home) * kept + pending * felt + noise, pending * waiting


def _push(
    mind: Mind, said: Said, assume: Assumptions, *, reach: float
) -> tuple[float, float, float]:
    """What is new in what is said, less what a hurt in it spoils, and the hurt."""
    v = assume.values
    fresh = {
        name: share
        for name, at in mind.heard.items()
        if (share := _fresh(mind.clock - at, v["memory_s"])) > 0.0
    }
    names = [move.value for move in said.moves]
    before = _soothing(fresh, assume, reach)
    after = _soothing({**fresh, **dict.fromkeys(names, 1.0)}, assume, reach) if names else before
    hurt = sum(v[name] for name in said.harms)
    if _stale(fresh, said):
        hurt += v["repetition"]
    left = 1.0 - v["spoiling"] if said.harms else 1.0
    heat, control = v["hurt_heat"], v["hurt_control"]
    p, a, d = (
        left * (x - y) if better(x - y) else x - y
        for x, y, better in zip(after, before, _BETTER, strict=True)
    )
    return p - (1.0 - heat) * hurt, a + heat * hurt, d - control * hurt


def _up(x: float) -> bool:
    return x > 0.0


def _down(x: float) -> bool:
    return x < 0.0


_BETTER = (_up, _down, _up)


def _fresh(age_s: float, memory_s: float) -> float:
    """How fresh a move is: wholly for so long as memory lasts, then by half in each such time."""
    if memory_s <= 0.0:
        return 0.0
    over = age_s / memory_s - 1.0
    share = 1.0 if over <= 0.0 else math.exp2(-over)
    return share if share > 1e-6 else 0.0


def _stale(fresh: Mapping[str, float], said: Said) -> bool:
    """Whether a reply has nothing that was not heard just now, and does nothing."""
    names = {move.value for move in said.moves} - _LISTENS
    return bool(names) and not said.deed and all(fresh.get(name, 0.0) > 0.5 for name in names)


def _soothing(
    fresh: Mapping[str, float], assume: Assumptions, reach: float
) -> tuple[float, float, float]:
    """All that fresh moves come to together, with the diminishing returns of one reply."""
    parts = [
        (share, *push)
        for name, share in sorted(fresh.items())
        if (push := assume.pushes.get(name)) is not None
    ]
    return (
        _ranked(
            share * p * (reach if issue and p > 0.0 else 1.0) for share, p, _, _, issue in parts
        ),
        _ranked(
            share * a * (reach if issue and a < 0.0 else 1.0) for share, _, a, _, issue in parts
        ),
        _ranked(
            share * d * (reach if issue and d > 0.0 else 1.0) for share, _, _, d, issue in parts
        ),
    )


def _ranked(pushes: Iterable[float]) -> float:
    """The strongest whole, the next half, the next a quarter; each direction apart."""
    up, down, by = 0.0, 0.0, 1.0
    ordered = sorted(pushes)
    for push in ordered:
        if push >= 0.0:
            break
        down += push * by
        by *= 0.5
    by = 1.0
    for push in reversed(ordered):
        if push <= 0.0:
            break
        up += push * by
        by *= 0.5
    return up + down


def _catching(mind: Mind, said: Said) -> tuple[float | None, float | None]:
    """Where the agent's mood pulls to; one who hurts passes on no calm, only what is worse."""
    if said.tone is None:
        return None, None
    pleasure, arousal = latent_of(said.tone.pleasure), latent_of(said.tone.arousal)
    if said.harms:
        return (
            pleasure if pleasure < mind.pleasure else None,
            arousal if arousal > mind.arousal else None,
        )
    return pleasure, arousal
