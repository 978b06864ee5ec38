"""A draft as the checks see it: its tokens, sentences, phrases and moves, found once."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import Attribute, field, frozen

from deescalate.cues import Span
from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.moves import Move
from deescalate.reading import AgentReading, MoveFound, moves_said, read_moves
from deescalate.text import LONGEST, Places, Sentence, Text, Token
from deescalate.text.phrases import Match, PatternSet

__all__ = ["Draft", "Hit"]

_SIGN, _JOKE = "sign.", "T111"
_SAFETY = (Move.SAFETY_CHECK, Move.SEEK_HELP, Move.CALL_SECURITY)
_COUNTED = frozenset({"number", "money", "url"})
_SLIGHTS = frozenset({"sign.superior", "sign.brushed", "sign.mocked"})


@frozen(kw_only=True)
class Hit:
    """What a check found, before it is weighed.

    Attributes:
        code: The code.
        span: Where; empty, at the end, for what is missing.
        replacement: What may safely stand there instead.
        suggestion: A suggestion that knows more than the code's own.
        likely: Whether it is only likely; it then weighs one step less.
        heard: Whether it is learned, not told by a phrase or by the form.
    """

    code: str
    span: Span
    replacement: str | None = None
    suggestion: str | None = None
    likely: bool = False
    heard: bool = False


def _is_text(_instance: object, attribute: "Attribute[str]", value: object) -> None:
    if not isinstance(value, str):
        raise SettingError(attribute.name, value, "a text")


@frozen(slots=False)
class Draft:
    """A draft with everything found in it that more than one check looks at.

    Attributes:
        text: The draft.
        house: Phrases of the house, if any.
        language: The language it is written in.
        longest: Characters of it that are read.
    """

    text: str = field(validator=_is_text)
    house: PatternSet | None = field(default=None, eq=False, repr=False)
    language: Language = ENGLISH
    longest: int = LONGEST

    @cached_property
    def cut(self) -> Text:
        """The draft, analysed once for every check."""
        return Text.shared(self.text, self.language, longest=self.longest)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens."""
        return self.cut.tokens

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences."""
        return self.cut.sentences

    @cached_property
    def phrases(self) -> tuple[Match, ...]:
        """The phrases that a code speaks against, the house's own among them."""
        own = self.house.find_in(self.cut) if self.house else ()
        shipped = (match for match in self._matches if not match.label.startswith(_SIGN))
        return tuple(sorted((*own, *shipped), key=_fixable_first))

    @cached_property
    def slights(self) -> tuple[Match, ...]:
        """Phrases too slight for a finding, which only the tone level weighs."""
        return tuple(match for match in self._matches if match.label in _SLIGHTS)

    @cached_property
    def _matches(self) -> tuple[Match, ...]:
        return PatternSet.of(self.language, "replies").find_in(self.cut)

    @cached_property
    def said(self) -> tuple[MoveFound, ...]:
        """The moves that phrases make."""
        return moves_said(self.cut)

    @cached_property
    def reading(self) -> AgentReading:
        """The moves that the draft makes."""
        return read_moves(self.cut, self.said)

    @cached_property
    def labels_by_sentence(self) -> tuple[frozenset[str], ...]:
        """What phrases found in each sentence: codes, signs and moves."""
        at = [each.first for each in self.sentences]
        found: list[set[str]] = [set() for _ in at]
        for match in self._matches:
            found[bisect_right(at, match.first) - 1].add(match.label)
        starts = [self.tokens[first].start for first in at]
        for said in self.said:
            found[bisect_right(starts, said.span.start) - 1].add(said.move)
        return tuple(map(frozenset, found))

    @cached_property
    def speaks_of_us(self) -> bool:
        """Whether it says what we do: a word such as "I" or "our"."""
        ours = lists_of(self.language, "shapes").get("we", {}).keys()
        return any(not ours.isdisjoint(said) for said in self.cut.said)

    @cached_property
    def counted_sentences(self) -> frozenset[int]:
        """The numbers of the sentences that name a number, a sum or an address."""
        return frozenset(
            number
            for number, each in enumerate(self.sentences)
            if any(token.kind in _COUNTED for token in self.tokens[each.first : each.last + 1])
        )

    @cached_property
    def sincere(self) -> tuple[MoveFound, ...]:
        """The moves that no tone phrase spoils; a condescending question is no question."""
        return tuple(each for each in self.reading.moves if not self._spoilt.touch(each.span))

    @cached_property
    def spoilt_sentences(self) -> frozenset[int]:
        """The numbers of the sentences that a tone phrase stands in; a joke may be none."""
        at = [each.first for each in self.sentences]
        return frozenset(
            bisect_right(at, match.first) - 1
            for match in self.phrases
            if match.label.startswith("T") and match.label != _JOKE
        )

    @cached_property
    def _spoilt(self) -> Places:
        """The places of tone phrases."""
        return Places(
            self.span(match.first, match.last)
            for match in self.phrases
            if match.label.startswith("T")
        )

    def signs(self, name: str) -> Iterator[Span]:
        """Where a sign that a check looks for stands, outside of tone phrases."""
        for match in self._matches:
            if match.label == _SIGN + name:
                span = self.span(match.first, match.last)
                if not self._spoilt.touch(span):
                    yield span

    @property
    def actions(self) -> Iterator[Match]:
        """Phrases that announce an action someone may need leave for."""
        return (match for match in self._matches if match.label == _SIGN + "action")

    @cached_property
    def sees_to_safety(self) -> bool:
        """Whether it asks about somebody's safety or says where help is."""
        return bool(self.made(*_SAFETY)) or next(self.signs("safety"), None) is not None

    def made(self, *moves: Move) -> Sequence[MoveFound]:
        """Where some moves are made, sincerely."""
        return [each for each in self.sincere if each.move in moves]

    def span(self, first: int, last: int) -> Span:
        """The characters from one token to another, both included."""
        return Span(self.tokens[first].start, self.tokens[last].end)

    @property
    def end(self) -> Span:
        """The empty place at the end, where what is missing is missing."""
        return Span(len(self.text), len(self.text))

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(map(len, self.cut.said))


def _fixable_first(match: Match) -> tuple[int, bool, int]:
    return match.first, not {"replace", "swap"} & match.rule.also.keys(), -match.last
