"""Hypothesis strategies and laws of the reading room."""

from hypothesis import strategies as st

from deescalate.cues import CueKind, CueReader
from deescalate.languages import Language
from deescalate.reading import Lexicon

__all__ = ["any_texts", "insults", "law_insults_distress", "law_spans_quote", "messages", "praises"]

_MARKS = (".", "!", "?", ",", "...", "!!!", "?!", "")


def any_texts() -> st.SearchStrategy[str]:
    """Any text at all: control characters, lone surrogates, emoji, runs of one character.

    >>> isinstance(any_texts(), st.SearchStrategy)
    True
    """
    anything = st.characters(exclude_categories=())
    runs = st.builds(_run, anything | st.sampled_from("aA!?.*'-@:)£1"), st.integers(2, 40))
    return st.one_of(
        st.text(anything), st.lists(runs | st.text(anything), max_size=8).map(" ".join)
    )


def _run(char: str, times: int) -> str:
    return char * times


def messages(language: str = "english") -> st.SearchStrategy[str]:
    """Messages of a few sentences, of words that the language weighs.

    >>> isinstance(messages(), st.SearchStrategy)
    True
    """
    known = Lexicon.of(Language.load(language))
    words = sorted(word for word in known.weights if word.replace("'", "").isalpha())
    spoken = st.builds(
        _shaped,
        st.sampled_from(words) | st.sampled_from(sorted(known.negators | known.degrees.keys())),
        st.sampled_from(("as it is", "as it is", "loud", "title")),
    )
    sentence = st.builds(
        _sentence, st.lists(spoken, min_size=1, max_size=12), st.sampled_from(_MARKS)
    )
    return st.lists(sentence, max_size=4).map(" ".join)


def _shaped(word: str, shape: str) -> str:
    return {"loud": word.upper(), "title": word.title()}.get(shape, word)


def _sentence(words: list[str], mark: str) -> str:
    return " ".join(words) + mark


def insults() -> st.SearchStrategy[str]:
    """Plain English insults.

    >>> isinstance(insults(), st.SearchStrategy)
    True
    """
    return st.sampled_from(
        (
            "you idiot",
            "you idiots",
            "you are an idiot",
            "you are idiots.",
            "You morons!",
            "idiots",
            "you're a moron",
            "You are all useless.",
            "bunch of clowns",
            "you are a liar",
        )
    )


def praises() -> st.SearchStrategy[str]:
    """English words of praise and contentment.

    >>> isinstance(praises(), st.SearchStrategy)
    True
    """
    return st.sampled_from(
        (  # noqa: SIM905  a word list reads better as a line
            "good great happy pleased glad satisfied delighted excellent wonderful fantastic "
            "amazing awesome brilliant perfect helpful friendly grateful thankful lovely nice "
            "impressed love enjoy appreciate thrilled superb reliable polite professional"
        ).split()
    )


def law_spans_quote(reader: CueReader, text: str) -> None:
    """Spans lie inside the text, and every cue quotes it exactly.

    Args:
        reader: The reader under test.
        text: Any text.

    Raises:
        AssertionError: If the law is broken.

    >>> from deescalate.reading import EnglishReader
    >>> law_spans_quote(EnglishReader(), "You idiots!")
    """
    reading = reader.read(text)
    for cue in reading.cues:
        assert 0 <= cue.span.start < cue.span.end <= len(text), cue  # noqa: S101  a law is an assertion
        assert cue.span.of(text) == cue.quote, cue  # noqa: S101  a law is an assertion
    for part in reading.evidence:
        assert 0 <= part.span.start < part.span.end <= len(text), part  # noqa: S101  a law is an assertion


def law_insults_distress(reader: CueReader, text: str, insult: str) -> None:
    """Adding an insult to a message never lowers its distress.

    Args:
        reader: The reader under test.
        text: Any message.
        insult: What is added, before it and after it.

    Raises:
        AssertionError: If the law is broken.

    >>> from deescalate.reading import EnglishReader
    >>> law_insults_distress(EnglishReader(), "Thank you so much", "you idiots")
    """
    plain = reader.read(text).distress
    for worse in (f"{text} {insult}", f"{insult} {text}", f"{insult}. {text}"):
        insulted = reader.read(worse)
        heard = CueKind.INSULT in insulted.kinds
        assert not heard or insulted.distress >= plain - 1e-12, worse  # noqa: S101  a law
