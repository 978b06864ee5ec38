"""What a customer says: which cues it shows, what a reader would make of it, and the words."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import field, frozen

from deescalate.cues import CueKind
from deescalate.emotion import Measurement, Observation
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._customers import Customer
from deescalate.simulation._minds import Mind
from deescalate.simulation._noise import Noise

__all__ = ["Utterance", "speak", "voice"]

_ENDINGS = {
    "settled": (CueKind.THANKS,),
    "accepted": (CueKind.ACCEPTANCE,),
    "left": (CueKind.THREAT_LEAVING,),
    "went_public": (CueKind.THREAT_PUBLICITY,),
    "asked_for_boss": (),
}
_FULL = 0.8
"""Distress from which the manner shows wholly; ours."""


@frozen(kw_only=True)
class Utterance:
    """What a customer says in one turn.

    Attributes:
        text: The words; empty where the conversation goes without.
        cues: What they show.
        shown: What a reader would tell of the affect, noise and all.
        tells: Whether it tells what is wrong.

    >>> Utterance(text="Where is it?").tells
    False
    """

    text: str = ""
    cues: frozenset[CueKind] = frozenset()
    shown: Observation = field(default=Observation(), repr=False)
    tells: bool = False


def speak(  # noqa: PLR0913  what an utterance depends on
    customer: Customer,
    mind: Mind,
    *,
    turn: int,
    noise: Noise,
    assume: Assumptions,
    tells: bool = False,
    ending: str | None = None,
    above: bool = False,
    words: bool = False,
) -> Utterance:
    """What a customer says in a state of mind.

    Args:
        customer: Who speaks.
        mind: Their mind.
        turn: Which turn of theirs it is, 0 for the first.
        noise: Their luck.
        assume: The assumptions.
        tells: Whether they tell what is wrong.
        ending: How they end it, a value of `Outcome`.
        above: Whether they ask for someone above.
        words: Whether in words.

    >>> ada = Customer(manner="angry")
    >>> said = speak(ada, Mind.start(ada), turn=0, noise=Noise(7), assume=Assumptions.default())
    >>> "anger" in said.cues
    True
    """
    behaviour = customer.behaviour
    if ending in _ENDINGS:
        cues = set(_ENDINGS[ending])
    else:
        chances = behaviour.later if turn else behaviour.opening
        by = min(1.0, mind.distress / _FULL) if turn else 1.0
        likely = [
            CueKind(name)
            for at, (name, chance) in enumerate(chances.items())
            if noise.uniform("cues", turn, at) < chance * by
        ]
        cues = set(likely[: behaviour.longest])
    if above:
        cues.add(CueKind.ASKS_SUPERVISOR)
    sd = assume["shown_noise"]
    off = noise.affect("shown", turn)
    precision = 1.0 / (sd * sd)
    shown = Observation(
        pleasure=Measurement(mind.pleasure + sd * off.pleasure, precision),
        arousal=Measurement(mind.arousal + sd * off.arousal, precision),
        dominance=Measurement(mind.dominance + sd * off.dominance, precision),
    )
    found = frozenset(cues)
    text = _worded(customer, found, turn=turn, noise=noise, tells=tells) if words else ""
    return Utterance(text=text, cues=found, shown=shown, tells=tells)


def _worded(
    customer: Customer, cues: frozenset[CueKind], *, turn: int, noise: Noise, tells: bool
) -> str:
    """A sentence for each cue, and what is wrong where it is told."""
    lines = voice(customer.voice)
    wanted = [cue.value for cue in CueKind if cue in cues and cue is not CueKind.SHOUTING]
    told = f"tells_{customer.manner}"
    if tells:
        wanted.append(told if told in lines else "tells")
    elif not wanted:
        wanted.append("plain" if turn else "hello")
    said = [
        _filled(noise.pick(f"words.{name}", turn, lines[name]), customer.grievance.matter)
        for name in wanted
    ]
    text = " ".join(said)
    return text.upper().rstrip(".") + "!!" if CueKind.SHOUTING in cues else text


def _filled(line: str, matter: str) -> str:
    """A line with the matter in its place, which begins a sentence with a capital."""
    text = line.replace("{matter}", matter)
    return text[:1].upper() + text[1:]


_SECTION = re.compile(r"\[([a-z_]+)\]")


@cache
def voice(language: str) -> Mapping[str, tuple[str, ...]]:
    """The lines of a language: for each cue, for telling what is wrong, and for nothing special.

    Args:
        language: A language that has a voice, such as ``en``.

    >>> len(voice("en")["anger"]) >= 8
    True
    """
    text = files("deescalate.simulation").joinpath(f"data/voices/{language}.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if section := _SECTION.fullmatch(line):
            lines = found.setdefault(section[1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return MappingProxyType({name: tuple(each) for name, each in found.items()})
