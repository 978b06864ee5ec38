"""What an agent's words do: the moves a reply makes, each with the passage that makes it."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from attrs import frozen

from deescalate.cues import Span
from deescalate.moves import Move
from deescalate.reading.patterns import Match, PatternSet
from deescalate.reading.tokens import Token, tokenize

__all__ = ["AgentReading", "MoveFound", "read_agent"]

_SORTERS = "question."
_ENDS = frozenset({".", "!", "?", "!?", "?!"})


@frozen(kw_only=True)
class MoveFound:
    """One move with the passage that makes it.

    Attributes:
        move: The move.
        span: Where it stands.
        quote: The passage, exactly.

    >>> MoveFound(move=Move.APOLOGISE, span=Span(0, 5), quote="Sorry").move
    <Move.APOLOGISE: 'apologise'>
    """

    move: Move
    span: Span
    quote: str


@frozen
class AgentReading:
    """The moves that an agent's text makes, in the order of the text.

    >>> AgentReading().kinds
    frozenset()
    """

    moves: tuple[MoveFound, ...] = ()

    @property
    def kinds(self) -> frozenset[Move]:
        """The moves made, each once."""
        return frozenset(found.move for found in self.moves)

    def of(self, *moves: Move) -> tuple[MoveFound, ...]:
        """Where some moves are made, in the order of the text."""
        return tuple(found for found in self.moves if found.move in moves)


@frozen
class _Sentence:
    """A sentence as token indexes: ``first`` to ``last``, its ending mark included."""

    first: int
    last: int
    asks: bool


def read_agent(text: str) -> AgentReading:
    """Find the moves that an agent's text makes.

    Phrase rules find most moves; a sentence that ends in a question mark is an open question, a
    closed one, or one that asks what would put things right. Deeds that words only announce count
    as the move they announce: "I have refunded the fee" is `Move.ACT`.

    Args:
        text: What the agent said or means to say: any text.

    Returns:
        The moves, one for each passage that makes one; the same move may be made twice.

    >>> read = read_agent("I'm so sorry, that was our mistake. What would put this right for you?")
    >>> [str(found.move) for found in read.moves]
    ['apologise', 'own_responsibility', 'elicit_want']
    >>> read.moves[0].quote
    'sorry'
    """
    tokens = tokenize(text)
    matches = _patterns().find(tokens, text)
    found = {
        (match.first, match.last, Move(match.label))
        for match in matches
        if not match.label.startswith(_SORTERS)
    }
    for sentence in _sentences(tokens, text):
        if sentence.asks:
            inside = [m for m in matches if sentence.first <= m.first and m.last <= sentence.last]
            found = {each for each in found if not _replaced(each, sentence)}
            found.update((sentence.first, sentence.last, move) for move in _asked(inside))
    return AgentReading(
        tuple(_move_found(text, tokens, *each) for each in sorted(found, key=_in_text_order))
    )


@cache
def _patterns() -> PatternSet:
    folder = files("deescalate.reading") / "data" / "english"
    return PatternSet.from_document((folder / "agent.toml").read_text("utf-8"))


def _in_text_order(found: tuple[int, int, Move]) -> tuple[int, int, int]:
    first, last, move = found
    return first, last, list(Move).index(move)


def _move_found(text: str, tokens: Sequence[Token], first: int, last: int, move: Move) -> MoveFound:
    span = Span(tokens[first].start, tokens[last].end)
    return MoveFound(move=move, span=span, quote=span.of(text))


def _sentences(tokens: Sequence[Token], text: str) -> Iterator[_Sentence]:
    """Cut at full stops, question and exclamation marks, and line breaks."""
    first = 0
    for index, token in enumerate(tokens):
        if index > first and "\n" in text[tokens[index - 1].end : token.start]:
            yield _Sentence(first, index - 1, asks=False)
            first = index
        if token.kind == "punct" and token.text in _ENDS:
            yield _Sentence(first, index, asks="?" in token.text)
            first = index + 1
    if first < len(tokens):
        yield _Sentence(first, len(tokens) - 1, asks=False)


_QUESTIONS = frozenset({Move.OPEN_QUESTION, Move.CLOSED_QUESTION})


def _replaced(found: tuple[int, int, Move], sentence: _Sentence) -> bool:
    """Whether a phrase inside a question is one the question's own kind stands for."""
    first, last, move = found
    return move in _QUESTIONS and sentence.first <= first and last <= sentence.last


def _asked(matches: Sequence[Match]) -> set[Move]:
    """Say what kind of question a sentence with these phrases is."""
    labels = {match.label for match in matches}
    if labels & {Move.ELICIT_WANT, Move.CONFIRM, Move.SAFETY_CHECK, Move.SUMMARISE}:
        return set()
    if labels & {Move.OFFER_CHOICE, Move.ASK_PERMISSION}:
        return set()
    if "question.try" in labels:
        return {Move.PROPOSE}
    if "question.open" in labels and "question.detail" not in labels:
        return {Move.OPEN_QUESTION}
    return {Move.CLOSED_QUESTION}
