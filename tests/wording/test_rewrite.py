"""How far a rewrite goes: every bound of its work at its end, with reviews made up for it."""

from string import ascii_lowercase

import pytest
from attrs import evolve

from deescalate.findings import Severity
from deescalate.text import Span
from deescalate.wording import Flaw, Review
from deescalate.wording._rewrite import rewritten

LETTERS = ascii_lowercase + "äöüßéèêàâôîûç"


def flaw(at, letter, replacement, code="T"):
    return Flaw(
        code=code, name="", span=Span(at, at + 1), quote=letter, reason="", suggestion="",
        severity=Severity.NOTE, replacement=replacement,
    )  # fmt: skip


def one_by_one(text):
    """Every `a` is a flaw, and only the first of them can be put right."""
    places = [at for at, letter in enumerate(text) if letter == "a"]
    flaws = tuple(flaw(at, "a", "" if at == places[0] else None) for at in places)
    return Review(draft=text, findings=flaws)


def one_helps(place, better="!"):
    """Replacements letter by letter: that of one place settles all, any other makes it worse."""

    def look(text):
        if better in text and "X" not in text:
            return Review(draft=text)
        flaws = [
            flaw(at, letter, better if letter == LETTERS[place] else "X", code=letter)
            for at, letter in enumerate(text)
            if letter in LETTERS
        ]
        flaws += [flaw(at, "X", None, code="X") for at, each in enumerate(text) if each == "X"]
        return Review(draft=text, findings=tuple(flaws))

    return look


def seen_by(look):
    """A look, and what it has looked at."""
    seen = []

    def looked(text):
        seen.append(text)
        return look(text)

    return looked, seen


@pytest.mark.parametrize(("flaws", "left"), [(1, 0), (11, 0), (12, 12), (20, 20)])
def test_what_is_not_settled_after_twelve_rounds_is_left_as_it_was(flaws, left):
    draft = "a" * flaws
    assert rewritten(one_by_one(draft), one_by_one) == "a" * left


@pytest.mark.parametrize(("place", "helped"), [(0, True), (29, True), (30, False)])
def test_thirty_kinds_of_replacements_are_tried_one_by_one(place, helped):
    look = one_helps(place)
    after = LETTERS.replace(LETTERS[place], "!") if helped else LETTERS
    assert rewritten(look(LETTERS), look) == after


@pytest.mark.parametrize(
    ("length", "alone", "place", "better", "read"),
    [
        # whole as its sentences leave it, then with all replacements, then with each of thirty
        (6_250, 0, 29, "!", 32 * 6_250),
        # and before it the first sentence as it is and with all replacements; all but two looks at
        # the draft, and one at the sentence, are a letter shorter than the one that helps
        (6_247, 47, 29, "!!", 200_001),
        (25_000, 0, 7, "!", 10 * 25_000),
        (25_000, 0, 7, "!!", 10 * 25_000 + 2),
    ],
)
def test_no_more_is_read_again_than_two_hundred_thousand_characters_or_ten_drafts(
    length, alone, place, better, read
):
    look, seen = seen_by(one_helps(place, better))
    letters = LETTERS[: place + 1]
    first = f"{letters.ljust(alone - 1, '0')}. " if alone else letters
    draft = first.ljust(length, "0")
    helped = read <= max(200_000, 10 * length)
    after = draft.replace(LETTERS[place], better)
    assert rewritten(look(draft), look) == (after if helped else draft)
    unread = 0 if helped else len(after)
    assert sum(map(len, seen[1:])) + unread == read


@pytest.mark.parametrize(("length", "alone"), [(3_999, False), (4_000, True), (4_001, True)])
def test_from_four_thousand_characters_on_a_draft_is_first_settled_by_sentences(length, alone):
    look, seen = seen_by(one_by_one)
    draft = "Yes, a. " + "Or not. " * (length // 8 - 1) + "0" * (length % 8)
    assert rewritten(look(draft), look) == draft.replace("a", "")
    assert (len(seen[1]) == len("Yes, a.")) is alone


@pytest.mark.parametrize(("length", "alone"), [(3_999, True), (4_000, False)])
def test_a_sentence_of_four_thousand_characters_is_none_to_settle_alone(length, alone):
    look, seen = seen_by(one_by_one)
    sentence = "a" + "0" * (length - 2) + "."
    assert rewritten(look(f"So be it. {sentence} Good."), look).count("a") == 0
    assert (seen[1] == sentence) is alone


def all_at_once(text):
    """Every `a` may go, and so may all of a sentence that is only an `x`."""
    flaws = [flaw(at, letter, "") for at, letter in enumerate(text) if letter in "ax"]
    whole = [evolve(each, span=Span(each.span.start, each.span.start + 2)) for each in flaws]
    pairs = zip(flaws, whole, strict=True)
    return Review(draft=text, findings=tuple(w if f.quote == "x" else f for f, w in pairs))


def test_of_a_long_draft_each_bad_sentence_is_read_once_alone_and_the_whole_once():
    bad = ["aa is it.", "Well not thea.", "Neither thisa nor thata now.", "Sao."]
    good = [each.replace("a", "") for each in bad]
    filled = "Or not. " * 500

    def draft(each):
        return f"So. {each[0]} So. So. {each[1]} {filled}{each[2]} {each[0]} {each[3]} {filled}"

    look, seen = seen_by(all_at_once)
    assert rewritten(look(draft(bad)), look) == draft(good)
    assert seen[1:] == [
        *(each for both in zip(bad, good, strict=True) for each in both),
        draft(good),
    ]


def test_a_sentence_that_is_to_go_wholly_goes_with_the_whole():
    look, seen = seen_by(all_at_once)
    draft = "So. x. " + "Or not. " * 500
    assert rewritten(look(draft), look) == draft.replace("x.", "")
    assert seen[1:] == ["x.", "", draft, draft.replace("x.", "")]
