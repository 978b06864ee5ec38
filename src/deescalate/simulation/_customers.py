"""Customers: how they are, what weighs on them, how they behave, and what they are after."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from attrs import field, frozen

from deescalate.cues import CueKind
from deescalate.emotion import CHARACTERS, Temperament
from deescalate.emotion._values import number_within, plain
from deescalate.errors import SettingError
from deescalate.simulation._checks import of_kind, one_of

__all__ = ["Customer", "Grievance", "Manner", "customers", "manners"]

_SHARE = number_within(0.0, 1.0)


_TEXT = of_kind(str, "a text")


def _turns(_: object, __: object, value: int | None) -> None:
    if value is not None and not (type(value) is int and value >= 0):
        raise SettingError("patience", value, "a whole number, 0 or more")


@frozen(kw_only=True)
class Grievance:
    """What weighs on a customer, and what can be done about it.

    Attributes:
        size: How much it weighs, 0 to 1.
        can_meet: How much of it can be put right here, 0 to 1. It is 0 for an
            exception that cannot be had.
        fault: ``ours``, ``theirs`` or ``nobody``.
        amount: What putting it wholly right costs, in money.
        matter: What it is about, in a few words.

    Raises:
        SettingError: A number out of its range, an unknown fault.

    >>> Grievance(size=0.6).fault
    'ours'
    """

    size: float = field(default=0.7, converter=plain, validator=_SHARE)
    can_meet: float = field(default=1.0, converter=plain, validator=_SHARE)
    fault: str = field(default="ours", validator=one_of(lambda: ("ours", "theirs", "nobody")))
    amount: float = field(default=40.0, converter=plain, validator=number_within(0.0, 1e12))
    matter: str = field(default="the late parcel", validator=_TEXT)


@frozen(kw_only=True)
class Manner:
    """How customers of a kind behave.

    Attributes:
        name: The kind.
        meaning: What sets them apart.
        character: The character of the emotion room that fits them.
        opening: What their first message shows, each cue with its chance, 0 to 1.
        later: The same for later messages, at full distress; it falls with distress.
        tells: Chance that the first message says what is wrong, 0 to 1.
        patience: Turns that they bear before impatience sets in.
        publicity: Factor on the chance to go public.
        boss: What is added to strain where asking for someone above is decided.
        takes_offers: Factor on the chance to take an offer.
        longest: Things that one message shows at most.

    >>> manners()["curt"].meaning
    'says little, and that sharply'
    """

    name: str
    meaning: str
    character: str = "usual"
    opening: Mapping[str, float] = field(factory=dict[str, float], repr=False)
    later: Mapping[str, float] = field(factory=dict[str, float], repr=False)
    tells: float = 0.8
    patience: int = 6
    publicity: float = 1.0
    boss: float = 0.0
    takes_offers: float = 1.0
    longest: int = 4


@cache
def manners() -> Mapping[str, Manner]:
    """How customers behave, by name. The chances and patiences are ours.

    >>> "serial_claimant" in manners()
    True
    """
    text = files("deescalate.simulation").joinpath("data/manners.toml").read_text("utf-8")
    made = {name: Manner(name=name, **each) for name, each in tomllib.loads(text).items()}
    for each in made.values():
        for cue in (*each.opening, *each.later):
            CueKind(cue)
    return MappingProxyType(made)


@frozen(kw_only=True)
class Customer:
    """Someone who comes with a matter.

    Attributes:
        name: Who it is.
        temperament: How they move.
        grievance: What weighs on them.
        manner: How they behave, a name of `manners`.
        wants: What would settle it: ``remedy`` (a deed), ``human`` (a person to talk to) or
            ``answer`` (to be told why and what next).
        patience: Turns that they bear; as the manner says where not given.
        voice: The words they use, a language's code.

    Raises:
        SettingError: An unknown manner, want or voice.

    >>> Customer(manner="angry").grievance.size
    0.7
    """

    name: str = field(default="customer", validator=_TEXT)
    temperament: Temperament = field(
        default=Temperament(), validator=of_kind(Temperament, "a Temperament"), repr=False
    )
    grievance: Grievance = field(default=Grievance(), validator=of_kind(Grievance, "a Grievance"))
    manner: str = field(default="polite", validator=one_of(manners))
    wants: str = field(default="remedy", validator=one_of(lambda: ("remedy", "human", "answer")))
    patience: int | None = field(default=None, validator=_turns)
    voice: str = field(default="en", validator=one_of(lambda: ("en",)))

    @property
    def behaviour(self) -> Manner:
        """The manner itself."""
        return manners()[self.manner]

    @property
    def bears(self) -> int:
        """Turns that they bear before impatience sets in."""
        return self.behaviour.patience if self.patience is None else self.patience


@cache
def customers() -> Mapping[str, Customer]:
    """A ready customer for each manner, with the character that fits it.

    >>> len(customers()) == len(manners())
    True
    """
    return MappingProxyType(
        {
            name: Customer(
                name=name,
                manner=name,
                temperament=CHARACTERS[each.character].temperament,
            )
            for name, each in manners().items()
        }
    )
