"""Hypothesis strategies for drafts of replies, what is known beside them, and what spoils them."""

from decimal import Decimal

from attrs import frozen
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.moves import Move, Phase, phrases_for
from deescalate.wording import Wording

__all__ = [
    "KnownSituation",
    "PlannedMoves",
    "authorities",
    "condescending_phrases",
    "drafts",
    "known_situations",
    "planned_moves",
]


@frozen(kw_only=True)
class KnownSituation:
    """The least that a review asks of a situation; every field has a calm default.

    >>> KnownSituation(distress=0.9).fault
    'unknown'
    """

    distress: float = 0.2
    openness: float = 0.8
    acknowledged: bool = False
    apologies: int = 0
    responsibility_owned: bool = False
    fault: str = "unknown"
    promise_broken: bool = False
    resolved: bool = False
    agreed: bool = False
    danger: str = "none"
    asks_human: bool = False
    asks_supervisor: bool = False


@frozen
class _Made:
    move: Move | None


@frozen
class PlannedMoves:
    """The least that a review asks of a plan.

    >>> [each.move.value for each in PlannedMoves.of(Move.APOLOGISE).moves]
    ['apologise']
    """

    moves: tuple[_Made, ...] = ()
    avoid: tuple[_Made, ...] = ()
    phase: Phase = Phase.ISSUE

    @classmethod
    def of(
        cls, *moves: Move, avoid: tuple[Move | None, ...] = (), phase: Phase = Phase.ISSUE
    ) -> "PlannedMoves":
        """A plan of these moves that avoids those."""
        return cls(tuple(map(_Made, moves)), tuple(map(_Made, avoid)), phase)


_SLOTS = {
    "name": "Ms Hale",
    "agent": "Sam",
    "matter": "the late parcel",
    "story": "the parcel was due on Monday and nobody called",
    "words": "two weeks late",
    "feeling": "let down",
    "strength": "keeping the receipt",
    "truth": "two weeks is too long",
    "cause": "the label was torn at the depot",
    "reason": "the parcel has left the country",
    "fact": "what is the order number",
    "topic": "your parcel",
    "behaviour": "the swearing",
    "consequence": "I will end this chat and you can write to us",
    "first": "a refund today",
    "second": "a new parcel on Friday",
    "request": "a second parcel",
    "remedy": "a refund today",
    "deed": "calling the depot",
    "step": "I call the depot",
    "time": "by 4 pm today",
    "helper": "Dana, my supervisor",
}

_BLUNT = tuple(
    code.bad for code in Wording.default().codes.values() if code.bad and "(" not in code.bad
)
_FAIR = tuple(code.good for code in Wording.default().codes.values() if code.good)


def _said(move: Move) -> st.SearchStrategy[str]:
    return st.sampled_from([phrase.filled(**_SLOTS) for phrase in phrases_for(move)])


def drafts() -> st.SearchStrategy[str]:
    """Replies from good to terrible: sentences that make moves or matters worse, any text."""
    sentences = st.one_of(
        st.sampled_from(list(Move)).flatmap(_said),
        st.sampled_from(_BLUNT),
        st.sampled_from(_FAIR),
        st.text(max_size=20),
    )
    return st.lists(sentences, max_size=6).map(" ".join)


def condescending_phrases() -> st.SearchStrategy[str]:
    """Sentences that talk down, each complete with its full stop."""
    return st.sampled_from(
        (
            "You clearly don't understand how this works.",
            "Did you even read the manual?",
            "Try reading it again.",
            "It is not rocket science.",
            "Even a child could do that.",
            "You should know better.",
            "Let me explain it again slowly.",
            "What part of no do you not understand?",
            "As you should know, this takes time.",
            "You people are all the same.",
        )
    )


def known_situations() -> st.SearchStrategy[KnownSituation]:
    """Situations of every kind."""
    return st.builds(
        KnownSituation,
        distress=st.floats(0, 1),
        openness=st.floats(0, 1),
        acknowledged=st.booleans(),
        apologies=st.integers(0, 6),
        responsibility_owned=st.booleans(),
        fault=st.sampled_from(("ours", "theirs", "nobody", "unknown")),
        promise_broken=st.booleans(),
        resolved=st.booleans(),
        agreed=st.booleans(),
    )


def planned_moves() -> st.SearchStrategy[PlannedMoves]:
    """Plans of up to five moves that avoid some others."""

    def plan(moves: list[Move]) -> st.SearchStrategy[PlannedMoves]:
        others = [move for move in Move if move not in moves]
        avoided = st.lists(st.sampled_from([*others, None]), max_size=4, unique=True)
        return avoided.map(lambda avoid: PlannedMoves.of(*moves, avoid=tuple(avoid)))

    return st.lists(st.sampled_from(list(Move)), max_size=5, unique=True).flatmap(plan)


def authorities() -> st.SearchStrategy[Authority]:
    """What may be offered, in one or two currencies."""
    limits = st.dictionaries(
        st.sampled_from(("EUR", "USD", "GBP")), st.integers(0, 300).map(Decimal), max_size=2
    )
    actions = st.frozensets(st.sampled_from(("refund", "replace", "waive_fee")))

    def authority(money: dict[str, Decimal], may: frozenset[str]) -> Authority:
        return Authority(money=money, actions=may)

    return st.builds(authority, limits, actions)
