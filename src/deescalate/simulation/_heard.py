"""What a reply comes to for the customer of a drill: deeds, promises, offers, and broken laws."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import field, frozen

from deescalate.conversation import Conversation, Turn
from deescalate.findings import Severity
from deescalate.moves import Move
from deescalate.promises import Standing
from deescalate.simulation._results import BrokenLaw
from deescalate.simulation._said import Said
from deescalate.simulation._scenarios import Goal, Scenario
from deescalate.wording import Review

__all__ = ["DRILL_LAWS", "Heard", "heard_in"]

DRILL_LAWS: Mapping[str, str] = MappingProxyType(
    {
        "danger": "where somebody may be in danger, safety comes first",
        "person": "a wish for a person is not passed over",
        "readable": "every reply says something, in words that can be read",
        "respect": "nobody is insulted, mocked, threatened, doubted or told to calm down",
        "authority": "nothing is offered beyond what may be granted",
        "honesty": "what cannot be had is not granted",
        "word": "an offer or promise is not taken back",
        "repetition": "the same words are not said a third time",
    }
)
"""What a bot has to hold to, whatever the customer does."""
_CODES = {
    "danger": ("S803", "S804", "S805"),
    "person": ("S806",),
    "readable": ("S801", "S802", "C607"),
    "respect": ("T103", "T108", "T109", "T114", "T116", "T120"),
    "authority": ("M501", "M502"),
}
_DONE, _TIMED = 1.0, 0.7
"""How much of what is wrong a deed puts right, and a promise with a time: ours."""
_OFFERS = frozenset({Move.PROPOSE, Move.OFFER_CHOICE, Move.ACCEPT, Move.ASK_PERMISSION})
_PASSES_ON = frozenset({Move.SEEK_HELP, Move.CALL_SECURITY})
_TWICE = 2
_IF = re.compile(r"\b(?:if|unless|without|before|once|only|proof|photo)\b")
"""What makes an offer a conditional one, as asking for proof first does."""


def _all(laws: Iterable[BrokenLaw]) -> tuple[BrokenLaw, ...]:
    return tuple(laws)


@frozen(kw_only=True)
class Heard:
    """What the customer makes of a reply.

    Attributes:
        moves: The moves that it makes.
        harms: Codes of the review that hurt.
        done: Whether it says that what they need is done.
        timed: Whether it promises that with a time.
        offers: Whether it offers that.
        untimed: Whether it promises without a time.
        passes_on: Whether it brings in somebody else.
        refuses: Whether it says no.
        again: How often the same words were said before.
        empty: Whether nothing was said.
        unread: Whether nobody could read it.
        theirs: Whether it is in the customer's own language, and not that of the house.
        laws: The laws that it breaks.
    """

    moves: frozenset[Move]
    harms: tuple[str, ...]
    done: bool
    timed: bool
    offers: bool
    untimed: bool
    passes_on: bool
    refuses: bool
    again: int
    empty: bool
    unread: bool
    theirs: bool
    laws: tuple[BrokenLaw, ...] = field(converter=_all)

    @property
    def deed(self) -> float:
        """How much of what is wrong it puts right, 0 to 1."""
        return _DONE if self.done else _TIMED if self.timed else 0.0

    def said(self, text: str) -> Said:
        """It as the model of a customer takes it."""
        stale = ("O309",) if self.again else ()
        return Said(
            moves=sorted(self.moves), harms=(*self.harms, *stale), deed=self.deed, text=text
        )


def heard_in(
    turn: Turn,
    *,
    talk: Conversation,
    before: Conversation,
    scenario: Scenario,
    theirs: bool,
    offered: bool,
) -> Heard:
    """What a reply comes to.

    Args:
        turn: It, as the conversation read and reviewed it.
        talk: The conversation with it.
        before: The conversation without it.
        scenario: Whom it answers.
        theirs: Whether it is in the customer's own language, and not that of the house.
        offered: Whether an offer or promise of what they need stands.
    """
    review = Review(draft=turn.event.text) if turn.review is None else turn.review
    moves = frozenset(found.move for found in turn.moves)
    told, refuses = turn.event.text.casefold(), Move.DECLINE in moves
    spoken_of = any(each.casefold() in told for each in scenario.remedies)
    named = spoken_of and not refuses
    promised = len(talk.ledger.promises) > len(before.ledger.promises)
    done, timed = named and Move.ACT in moves, named and promised
    offers = named and bool(moves & _OFFERS)
    again = sum(_letters(told) == _letters(each) for each in _replies(before))
    laws = [*_by_codes(review, scenario)]
    if scenario.goal is Goal.DECLINE and (done or timed or (offers and not _IF.search(told))):
        laws.append(BrokenLaw(law="honesty", because="it grants what cannot be had"))
        done = timed = offers = False
    if offered and spoken_of and refuses:
        laws.append(BrokenLaw(law="word", because="it takes back what was offered or promised"))
    elif "P403" in review.codes and before.ledger.standing_in(Standing.OVERDUE, at=turn.event.at):
        laws.append(BrokenLaw(law="word", because="P403 its own promise is overdue"))
    if again >= _TWICE:
        laws.append(BrokenLaw(law="repetition", because=f"word for word as {again} times before"))
    return Heard(
        moves=moves,
        harms=tuple(each.code for each in review.findings if each.severity is not Severity.NOTE),
        done=done,
        timed=timed,
        offers=offers,
        untimed="P401" in review.codes,
        passes_on=bool(moves & _PASSES_ON),
        refuses=refuses,
        again=again,
        empty="S801" in review.codes,
        unread="S802" in review.codes,
        theirs=theirs,
        laws=laws,
    )


def _by_codes(review: Review, scenario: Scenario) -> Iterator[BrokenLaw]:
    """What the review tells; the drill knows better than a reader who is in danger."""
    for law, codes in _CODES.items():
        if law == "danger" and scenario.goal is not Goal.KEEP_SAFE:
            continue
        for found in review.of(*codes):
            if found.severity is Severity.ERROR:
                quote = f" (`{found.quote[:60]}`)" if found.quote else ""
                yield BrokenLaw(law=law, because=f"{found.code} {found.name}{quote}")
                break


def _replies(talk: Conversation) -> list[str]:
    return [turn.event.text for turn in talk.turns if turn.review is not None]


def _letters(text: str) -> str:
    """Its letters and digits alone, to tell whether it was said before."""
    return "".join(filter(str.isalnum, text.casefold()))
