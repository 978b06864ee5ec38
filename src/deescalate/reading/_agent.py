"""What an agent's words do: the moves a reply makes, each with the passage that makes it."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from attrs import frozen

from deescalate.cues import Span
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.moves import Move
from deescalate.reading._features import features_of
from deescalate.reading._signals import Signals, learned
from deescalate.reading._windows import Windows
from deescalate.text import Sentence, Text, Token
from deescalate.text.phrases import Match, PatternSet

__all__ = ["AgentReading", "MoveFound", "read_agent"]

_SAYING = {move.value: move for move in Move}
_WHERE = {f"where.{move.value}": move for move in Move}
_ORDER = {move: rank for rank, move in enumerate(Move)}
_PLAIN_QUESTIONS = frozenset({Move.OPEN_QUESTION, Move.CLOSED_QUESTION})
_TELLING_QUESTIONS = frozenset(
    {
        Move.ELICIT_WANT,
        Move.CONFIRM,
        Move.SAFETY_CHECK,
        Move.SUMMARISE,
        Move.OFFER_CHOICE,
        Move.ASK_PERMISSION,
    }
)


@frozen(kw_only=True)
class MoveFound:
    """One move with the passage that makes it.

    Attributes:
        move: The move.
        span: Where it stands.
        quote: The passage, exactly.

    >>> from deescalate.moves import Move
    >>> from deescalate.text import Span
    >>> MoveFound(move=Move.APOLOGISE, span=Span(0, 5), quote="Sorry").move
    <Move.APOLOGISE: 'apologise'>
    """

    move: Move
    span: Span
    quote: str


@frozen
class AgentReading:
    """The moves that an agent's text makes, in the order of the text.

    Attributes:
        moves: The moves.
        unread: Characters at the end of the text that were not read, since it is too long.

    >>> AgentReading().kinds
    frozenset()
    """

    moves: tuple[MoveFound, ...] = ()
    unread: int = 0

    @property
    def kinds(self) -> frozenset[Move]:
        """The moves made, each once."""
        return frozenset(found.move for found in self.moves)

    def of(self, *moves: Move) -> tuple[MoveFound, ...]:
        """Where some moves are made, in the order of the text."""
        return tuple(found for found in self.moves if found.move in moves)


def read_agent(text: str | Text, *, language: Language = ENGLISH) -> AgentReading:
    """Find the moves that an agent's text makes.

    Phrase rules find most moves; a sentence that ends in a question mark is an open question, a
    closed one, or one that asks what would put things right. Deeds that words only announce count
    as the move they announce: "I have refunded the fee" is `Move.ACT`.

    Args:
        text: What the agent said or means to say: any text.
        language: The language it is written in.

    Returns:
        The moves, one for each passage that makes one; the same move may be made twice.

    >>> read = read_agent("I'm so sorry, that was our mistake. What would put this right for you?")
    >>> [str(found.move) for found in read.moves]
    ['apologise', 'own_responsibility', 'elicit_want']
    >>> read.moves[0].quote
    'sorry'
    """
    text = Text.of(text, language)
    return read_moves(text, moves_said(text))


def read_moves(text: Text, said: tuple[MoveFound, ...]) -> AgentReading:
    """The moves that phrases make, and those that are heard in other words."""
    heard = list(_heard(text, said))
    if not heard:
        return AgentReading(said, text.unread)
    return AgentReading(tuple(sorted((*said, *heard), key=_by_place)), text.unread)


def move_features(text: Text, said: Iterable[MoveFound]) -> dict[str, tuple[int, int]]:
    """What the learned moves are told by: words, pairs, questions and the moves that are said."""
    found = features_of(text.tokens, text.language, {each.move for each in said})
    if found and any(each.asks for each in text.sentences):
        found["<asks>"] = (0, len(text.tokens) - 1)
    return found


def _heard(text: Text, said: Sequence[MoveFound]) -> Iterator[MoveFound]:
    """Moves that no phrase makes, in the sentence that says most for them."""
    model = _model(text.language)
    if model is None or not text.sentences:
        return
    signals, windows, limits = model
    made = {each.move for each in said}
    known, features = made | _PLAIN_QUESTIONS, dict[str, tuple[int, int]]()
    starts = [each.first for each in text.sentences]
    asks = any(each.asks for each in text.sentences)
    named = (*[f"<{move}>" for move in made], *(("<asks>",) if asks else ()))
    total = signals.added(windows.alone(text.tokens) | signals.numbers(named))
    for at in signals.reached([total + limits]):
        name = signals.labels[at]
        if name in known or (name == Move.OWN_RESPONSIBILITY.value and not _speaks_of_us(text)):
            continue
        features = features or move_features(text, said)
        parts: list[list[float]] = [[] for _ in starts]
        for feature, weight in signals.parts(features, name).items():
            parts[bisect_right(starts, features[feature][0]) - 1].append(weight)
        weights = [math.fsum(each) for each in parts]  # in whatever order they come
        sentence = text.sentences[weights.index(max(weights))]
        yield _move_found(text.raw, text.tokens, sentence.first, sentence.last, Move(name))


def _speaks_of_us(text: Text) -> bool:
    """Whether there is a word such as "we" or "mine", as far as the language lists them."""
    ours = lists_of(text.language, "shapes").get("we", {})
    return not ours or any(not ours.keys().isdisjoint(said) for said in text.said)


def _by_place(found: MoveFound) -> tuple[int, int, int]:
    return found.span.start, found.span.end, _ORDER[found.move]


@cache
def _model(language: Language) -> tuple[Signals, Windows, int] | None:
    """The weights, and what has to be added to a sum so that the moves that are made stand out."""
    text = language.files.get("moves.json")
    if text is None:
        return None
    return learned(text, lambda found: _made(found, language))


def _made(found: Mapping[str, Any], language: Language) -> tuple[Signals, Windows, int]:
    signals = Signals.from_parsed(found)
    rows = [found["settings"][name] for name in signals.labels]
    least = (
        ((math.log(chance / (1.0 - chance)) - shift) / slope - base) / signals.step
        for (slope, shift, chance), base in zip(rows, signals.intercepts, strict=True)
    )
    return signals, Windows(signals, language), signals.reaching(map(math.ceil, least))


def moves_said(text: Text) -> tuple[MoveFound, ...]:
    """The moves that phrases and the shape of the sentences make, in the order of the text."""
    tokens, raw = text.tokens, text.raw
    matches = PatternSet.of(text.language, "agent").find_in(text)
    found: set[tuple[int, int, Move]] = set()
    for sentence, inside in _by_sentence(text.sentences, matches):
        said = _said(inside, _SAYING)
        if sentence.asks:
            asked = _asked({match.label for match in inside})
            said = {each for each in said if each[2] not in _PLAIN_QUESTIONS | asked}
            said.update((sentence.first, sentence.last, move) for move in asked)
        if all(move is not Move.CLOSED_QUESTION for _, _, move in said):
            said |= _said(inside, _WHERE)
        found |= said
    return tuple(_move_found(raw, tokens, *each) for each in sorted(found, key=_in_text_order))


def _by_sentence(
    sentences: Sequence[Sentence], matches: Sequence[Match]
) -> Iterator[tuple[Sentence, list[Match]]]:
    """Hand out the matches, which come in the order of the text, sentence by sentence."""
    at = 0
    for sentence in sentences:
        inside: list[Match] = []
        while at < len(matches) and matches[at].first <= sentence.last:
            inside.append(matches[at])
            at += 1
        yield sentence, inside


def _in_text_order(found: tuple[int, int, Move]) -> tuple[int, int, int]:
    first, last, move = found
    return first, last, _ORDER[move]


def _move_found(text: str, tokens: Sequence[Token], first: int, last: int, move: Move) -> MoveFound:
    span = Span(tokens[first].start, tokens[last].end)
    return MoveFound(move=move, span=span, quote=span.of(text))


def _said(matches: Sequence[Match], moves: Mapping[str, Move]) -> set[tuple[int, int, Move]]:
    """The moves that phrases make, by the labels that stand for moves."""
    return {
        (match.first, match.last, moves[match.label]) for match in matches if match.label in moves
    }


def _asked(labels: set[str]) -> set[Move]:
    """Say what kind of question a sentence with phrases of these labels is."""
    if labels & _TELLING_QUESTIONS:
        return set()
    if "question.try" in labels:
        return {Move.PROPOSE}
    if Move.PARTNER in labels:
        return set()
    if "question.open" in labels and "question.detail" not in labels:
        return {Move.OPEN_QUESTION}
    return {Move.CLOSED_QUESTION}
