"""A text analysed once, for everybody who looks at it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from attrs import evolve, field, fields, frozen

from deescalate._memory import Once, Remembered, empty_all, remembering
from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language
from deescalate.text._amounts import Amount, amounts_in
from deescalate.text._clean import Clean, clean, is_open, unmasked
from deescalate.text._durations import Duration, durations_in
from deescalate.text._numbers import Row, SaidNumber
from deescalate.text._own import is_plain, own_spans
from deescalate.text._points import SaidTime, times_in
from deescalate.text._sentences import Sentence, sentences_of
from deescalate.text._tokens import Cut, Span, Token, cut, cuts_in
from deescalate.text._understood import understood
from deescalate.text._words import Words, words_of

__all__ = ["LONGEST", "Text", "forget"]

LONGEST: Final = 100_000
"""Characters of a text that are read where nothing else is said: some forty pages. Ours, so that
no message keeps a server busy for more than a second (``tests/benchmarks/bench_hostile.py``)."""
_WORD: Final = 100
"""Characters that the cut may go back to the end of a word."""

_KEPT: Final = 2_000
"""Letters of the longest text that is kept for a while, since a draft is reviewed and then said."""


@frozen(slots=False)
class Text:
    r"""A text with what it is made of; each part is found when it is first asked for, and kept.

    Attributes:
        raw: The text, as it came, as far as it is read. Every span points into it.
        language: Its language.
        month_first: Whether a date such as 3/4 has its month first, as in the United States.
        unread: How many characters came after it, which are not read; 0 for most texts.
        kept: What others found in it, by who found it.

    >>> text = Text.of("Pls refund the &pound;5k within 2 days.\n> We are sorry")
    >>> [token.text for token in text.own.tokens][:4], text.amounts[0].span.of(text.raw)
    (['please', 'refund', 'the', '£5'], '&pound;5k')
    >>> text.own.durations[0].count, text.times[0].when.unit, text.understood
    (2.0, 'day', 1.0)
    """

    raw: str
    language: Language = ENGLISH
    month_first: bool = False
    unread: int = 0
    _passages: tuple[Span, ...] | None = field(default=None, alias="passages", repr=False)
    _whole: "Text | None" = field(default=None, alias="whole", eq=False, repr=False)
    kept: dict[object, Any] = field(factory=dict[object, Any], init=False, eq=False, repr=False)

    @classmethod
    def of(
        cls,
        raw: "str | Text",
        language: Language | str = ENGLISH,
        *,
        month_first: bool = False,
        longest: int = LONGEST,
    ) -> "Text":
        """Take a text; one that is taken already is given back.

        Of a text that is longer than ``longest`` the first part is taken, up to the end of a word
        where there is one near: it is as if the text ended there, but that ``unread`` tells how
        much more there was.

        Args:
            raw: Any text: empty, huge, with control characters or lone surrogates.
            language: The language, or the name of a shipped one.
            month_first: Whether a date such as 3/4 has its month first.
            longest: Characters that are read at most, 1 or more.

        Returns:
            The text.

        Raises:
            SettingError: If it is no text, there is no such language, or ``longest`` is no whole
                number from 1 on.

        >>> text = Text.of("My parcel is late. Where is it?", longest=20)
        >>> text.raw, text.unread
        ('My parcel is late. ', 12)
        """
        if isinstance(raw, Text):
            return raw
        if not isinstance(raw, str):  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
            raise SettingError("text", raw, "a text")
        if isinstance(language, str):
            language = Language.load(language)
        end = _end(raw, longest)
        return cls(raw[:end], language, month_first, len(raw) - end)

    def __getstate__(self) -> dict[str, object]:
        """What it was made of; what was found in it is found again."""
        made_of = {each.name: getattr(self, each.name) for each in fields(type(self))}
        return {**made_of, "kept": {}}

    @classmethod
    def shared(
        cls,
        raw: "str | Text",
        language: Language = ENGLISH,
        *,
        month_first: bool = False,
        longest: int = LONGEST,
    ) -> "Text":
        """Take a text as `of` does; one taken lately is given again, with what was found in it.

        Args:
            raw: As `of` takes it.
            language: The language.
            month_first: As `of` takes it.
            longest: As `of` takes it.

        >>> Text.shared("Where is it?") is Text.shared("Where is it?")
        True
        """
        short = type(raw) is str and type(longest) is int and len(raw) <= _KEPT
        take = _taken if short else cls.of
        return take(raw, language, month_first=month_first, longest=longest)

    def __str__(self) -> str:
        if self._passages is None:
            return self.raw
        return "".join(span.of(self.raw) for span in self._passages)

    @Once
    def words(self) -> Words:
        """The lists of its language."""
        return words_of(self.language)

    @property
    def own(self) -> "Text":
        """What was newly written, not quoted mail, signatures, footers, logs, code.

        Its parts, too, point into the raw text. Where all of it is new, it is the text itself.
        """
        return self if is_plain(self.raw) else self._own or self

    @Once
    def _own(self) -> "Text | None":
        spans = own_spans(self.raw, self.words) if self._passages is None else None
        return None if spans is None else evolve(self, passages=spans, whole=self)

    @Once
    def clean(self) -> Clean:
        """The text without what hides words, with where each character stands in the raw one."""
        return self._whole.clean if self._whole else clean(self.raw, self.words)

    @Once
    def tokens(self) -> tuple[Token, ...]:
        """The tokens, chat spelling spelt out."""
        return tuple(map(Token._make, self.cuts))

    @Once
    def cuts(self) -> Sequence[Cut]:
        """The tokens as plain tuples, which is all that most readers need."""
        if self._whole is not None:
            return list(_within(self._whole.cuts, self._passages or ()))
        chunks = _chunks(self.words)
        if is_open(self.raw):
            return cut(self.raw, chunks)
        return _placed(cut(self.clean.text, chunks), self.clean)

    @Once
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, as runs of tokens."""
        return tuple(sentences_of(self.cuts, self.raw, self.words.abbreviations))

    @Once
    def said(self) -> tuple[tuple[str, ...], ...]:
        """The words of each sentence, folded."""
        tokens = self.cuts
        return tuple(
            tuple([token[0] for token in tokens[first : last + 1] if token[3] == "word"])
            for first, last in [(each.first, each.last) for each in self.sentences]
        )

    @Once
    def row(self) -> Row:
        """The tokens with their numbers, which the readers of quantities share."""
        return Row(self.tokens, self.raw, self.words)

    @property
    def numbers(self) -> tuple[SaidNumber, ...]:
        """The numbers, in digits and in words."""
        return self.row.numbers

    @Once
    def amounts(self) -> tuple[Amount, ...]:
        """The sums of money."""
        return amounts_in(self.row)

    @Once
    def durations(self) -> tuple[Duration, ...]:
        """The lengths of time."""
        return durations_in(self.row)

    @Once
    def told_durations(self) -> tuple[Duration, ...]:
        """The lengths of time where it is known that they tell how long something took."""
        return durations_in(self.row, told=True)

    @Once
    def times(self) -> tuple[SaidTime, ...]:
        """The points in time, as they were said."""
        return times_in(self.row, self.durations, month_first=self.month_first)

    @Once
    def understood(self) -> float:
        """The share of its words that the language knows, 0 to 1; 1 where there is no word."""
        return understood(self.cuts, self.raw, self.words)


@cache
def _chunks(words: Words) -> Remembered[Sequence[Cut] | None]:
    """What stands between spaces as tokens, masked words shown, chat spelling spelt out.

    It is ``None`` for a plain word.
    """

    def tell(chunk: str) -> Sequence[Cut] | None:
        view = unmasked(Clean(chunk), words)
        found = _placed(cuts_in(view.text, words.chat), view)
        return None if found == [(chunk, 0, len(chunk), "word", False, False)] else found

    return Remembered(tell)


def _placed(cuts: Iterable[Cut], view: Clean) -> list[Cut]:
    """Tokens of a clean text where they stand in the raw one."""
    if view.starts is None:
        return [*cuts]
    return [
        (word, place.start, place.end, kind, shouted, elongated)
        for word, start, end, kind, shouted, elongated in cuts
        for place in [view.raw(start, end)]
    ]


def _end(raw: str, longest: int) -> int:
    """Where the part of a text ends that is read."""
    if type(longest) is not int or longest < 1:
        raise SettingError("longest", longest, "a whole number, 1 or more")
    if len(raw) <= longest:
        return len(raw)
    nearest = max(longest - _WORD, 0)
    for parted in (_is_after_a_word, _is_after_a_letter):
        for at in range(longest, nearest, -1):
            if parted(raw, at):
                return at
    return longest


def _is_after_a_word(raw: str, at: int) -> bool:
    return raw[at - 1].isspace() or raw[at].isspace()


def _is_after_a_letter(raw: str, at: int) -> bool:
    """Whether no mark, joiner or second half of a pair that belongs to it follows."""
    before, after = raw[at - 1], raw[at]
    halves = "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff"
    joined = "\u200d" in (before, after) or unicodedata.category(after)[0] == "M"
    return not (halves or joined)


def _within(tokens: Iterable[Cut], passages: Sequence[Span]) -> Iterator[Cut]:
    """The tokens that lie in the passages, which stand in order."""
    at = 0
    for token in tokens:
        while at < len(passages) and passages[at].end <= token[1]:
            at += 1
        if at < len(passages) and passages[at].start <= token[1]:
            yield token


_taken = remembering(lru_cache(maxsize=64)(Text.of))


def forget() -> None:
    """Empty every cache that holds words of customers or agents.

    To be quick, the last 64 short texts and reviews stay in the memory of the process, and single
    words with what they are to the phrases. A host that may not keep what customers say calls this
    when a conversation is over. Nothing else changes: what is asked next is only found anew.

    >>> from deescalate.text import Text, forget
    >>> before = Text.shared("Where is it?")
    >>> forget()
    >>> Text.shared("Where is it?") is before
    False
    """
    empty_all()
