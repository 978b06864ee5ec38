"""What an agent says, as a customer takes it: its moves, what in it hurts, and its deeds."""

import re
from collections.abc import Iterable
from typing import Self, cast

from attrs import field, frozen
from attrs.converters import optional

from deescalate.emotion import Affect
from deescalate.emotion._values import checked_affect, checked_number, number_within, plain
from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language
from deescalate.moves import Move
from deescalate.simulation._checks import checked_kind, no_such, of_kind
from deescalate.wording import HARMS, harms_in, review
from deescalate.wording._codes import harms_of

__all__ = ["HARMS", "Said"]

_CODE = re.compile(r"[A-Z]\d{3}")


def _listed(what: str, names: object) -> list[str]:
    """Names as a list; one name alone is a list of one."""
    if isinstance(names, str):
        return [names]
    if not isinstance(names, Iterable):
        raise SettingError(what, names, "a list of names")
    listed: list[object] = list(names)  # pyright: ignore[reportUnknownArgumentType]  anything
    for name in listed:
        checked_kind(what, name, str, "a list of names")
    return cast("list[str]", listed)


def _moves(moves: Iterable[Move | str]) -> tuple[Move, ...]:
    found: list[Move] = []
    known = {each.value: each for each in Move}
    for name in _listed("moves", moves):
        if name not in known:
            raise no_such("moves", name, known)
        found.append(known[name])
    return tuple(dict.fromkeys(found))


def _harms(harms: Iterable[str]) -> tuple[str, ...]:
    """Their names; a code of the review that hurts nobody is left out."""
    found: list[str] = []
    for name in _listed("harms", harms):
        if name in HARMS:
            found.append(name)
        elif _CODE.fullmatch(name):
            found += harms_of(name)
        else:
            raise no_such("harms", name, HARMS)
    return tuple(dict.fromkeys(found))


def _tone(_: object, __: object, tone: Affect | None) -> None:
    if tone is not None:
        checked_affect("tone", tone, low=-1.0, high=1.0)


def _share(_: object, __: object, value: float | None) -> None:
    if value is not None:
        checked_number("deed", value, low=0.0, high=1.0)


@frozen(kw_only=True)
class Said:
    """What an agent says and does in one turn.

    Attributes:
        moves: The moves made, each once; names will do.
        harms: What in it hurts: names of `HARMS`, or codes of the review, such as ``T108``.
        deed: How much of what is wrong is put right by it, 0 to 1. ``None``: where it acts, as much
            as can be in this case (see `Customer`).
        money: What is paid or credited.
        tone: The mood that it shows, each coordinate -1 to 1; ``None`` shows none.
        text: The words, where there are any.
        memory: Anything; handed back to the agent in its next turn.

    Raises:
        SettingError: A move or harm that is not known, a number out of its range.

    >>> Said(moves=["apologise"], harms=["T108"]).harms
    ('calm_down',)
    """

    moves: tuple[Move, ...] = field(default=(), converter=_moves)
    harms: tuple[str, ...] = field(default=(), converter=_harms)
    deed: float | None = field(default=None, converter=optional(plain), validator=_share)
    money: float = field(default=0.0, converter=plain, validator=number_within(0.0, 1e12))
    tone: Affect | None = field(default=None, validator=_tone)
    text: str = field(default="", validator=of_kind(str, "a text"))
    memory: object = field(default=None, eq=False, repr=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is said at all."""
        return not (self.moves or self.harms or self.text or self.deed)

    @classmethod
    def from_text(cls, text: str, *, before: str = "", language: Language = ENGLISH) -> Self:
        """Read what an agent said: the moves in it, and what the review finds that hurts.

        Notes of the review are no harm, nor are its warnings about form. A mood is not read from
        words.

        Args:
            text: What the agent said, any text.
            before: What the customer said that it answers, where they spoke.
            language: The language of both.

        >>> Said.from_text("You need to calm down.").harms
        ('calm_down',)
        """
        found = review(text, customer=before or None, language=language)
        moves = dict.fromkeys(each.move for each in found.moves)
        return cls(moves=moves, harms=harms_in(found.findings), text=text)
