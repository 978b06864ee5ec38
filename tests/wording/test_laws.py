"""What holds for every draft."""

import time
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.moves import Move, phrases_for
from deescalate.promises import Promise
from deescalate.testing.wording import (
    _SLOTS,
    KnownSituation,
    PlannedMoves,
    authorities,
    condescending_phrases,
    drafts,
    known_situations,
    planned_moves,
)
from deescalate.wording import Wording, review

SOME = st.fixed_dictionaries(
    {},
    optional={
        "plan": planned_moves(),
        "situation": known_situations(),
        "authority": authorities(),
        "previous": st.lists(drafts(), max_size=3),
    },
)
HOUSE = Wording.from_document("""
forbidden = ["no worries", "as i said"]
[[house]]
say = "guest"
instead_of = "customer"
[[house]]
say = "booking"
instead_of = "(order|reservation)"
""")


@given(drafts(), SOME)
def test_law_rewriting_is_idempotent(draft, beside):
    once = review(draft, **beside).rewritten
    assert review(once, **beside).rewritten == once


@given(drafts(), SOME)
def test_law_rewriting_adds_no_finding_and_lowers_no_score(draft, beside):
    before = review(draft, **beside)
    after = review(before.rewritten, **beside)
    assert _told(after) <= _told(before)
    assert len(after.findings) <= len(before.findings)
    assert after.score >= before.score


def _told(found):
    return Counter(each.code for each in found.findings if not each.heard)


@given(drafts())
def test_law_rewriting_with_house_phrases_is_idempotent_too(draft):
    once = review(draft, wording=HOUSE).rewritten
    assert review(once, wording=HOUSE).rewritten == once


@given(drafts(), SOME)
def test_law_spans_quote_exactly(draft, beside):
    found = review(draft, **beside)
    for each in (*found.findings, *found.moves):
        assert each.span.of(draft) == each.quote
        assert 0 <= each.span.start <= each.span.end <= len(draft)


@given(drafts(), SOME)
def test_law_scores_are_graded_between_0_and_1_and_1_is_clean(draft, beside):
    found = review(draft, **beside)
    assert 0 <= found.tone < 1
    assert 0 <= found.score <= 1
    if found.score == 1:
        assert found.findings == ()
        assert found.ok


@given(drafts(), condescending_phrases(), st.booleans(), SOME)
def test_law_a_condescending_sentence_never_raises_the_score(draft, phrase, first, beside):
    """Of a draft in which no other tone fault is told: beside one, the learned whole may give way."""
    draft = draft + "."
    before = review(draft, **beside)
    assume(
        before.ok and not any(each.code[0] == "T" and not each.heard for each in before.findings)
    )
    longer = f"{phrase} {draft}" if first else f"{draft} {phrase}"
    assert review(longer, **beside).score <= before.score


@given(planned_moves(), known_situations(), st.randoms(use_true_random=False))
def test_law_a_reply_that_makes_the_plan_and_nothing_it_avoids_has_no_ordering_findings(
    plan, situation, random
):
    said = [random.choice(phrases_for(each.move)).filled(**_SLOTS) for each in plan.moves]
    draft = " ".join(text[:1].upper() + text[1:] for text in said)
    found = review(draft, plan=plan, situation=situation)
    made = {each.move for each in found.moves}
    if made <= {each.move for each in plan.moves}:
        spoken = {each.move for each in plan.moves if each.move.spoken}
        if spoken <= made:
            assert found.of("O") == ()


@given(st.text(), SOME)
def test_law_any_text_is_safe(text, beside):
    review(text, **beside)


@given(st.text(st.characters(categories=["Cs", "Cc", "So", "Zs"])))
def test_law_surrogates_controls_and_pictures_are_safe(text):
    found = review(text)
    assert found.rewritten is not None


@pytest.mark.unwatched
def test_law_the_time_is_linear_in_the_length():
    line = (
        "You need to calm down. As I already said, sorry if this has caused trouble, but we can't. "
    )

    def took(times: int) -> float:
        start = time.process_time()
        review(line * times, situation=KnownSituation(distress=0.9, fault="ours"))
        return time.process_time() - start

    took(10)
    small, large = took(100), took(1600)
    assert large < 16 * small * 4 + 0.5


@given(drafts(), known_situations())
def test_law_a_review_is_a_function_of_what_it_is_given(draft, situation):
    assert review(draft, situation=situation) == review(draft, situation=situation)


def test_law_every_shipped_phrase_makes_the_move_it_stands_for():
    missed = [
        phrase.template
        for move in Move
        if move.spoken and move is not Move.MIRROR
        for phrase in phrases_for(move)
        if move not in {m.move for m in review(phrase.filled(**_SLOTS)).moves}
    ]
    assert len(missed) <= 3, missed


def test_law_no_shipped_phrase_is_worse_than_a_note():
    spoilt = [
        (phrase.template, found.codes)
        for move in Move
        for phrase in phrases_for(move)
        if not (found := review(phrase.filled(**_SLOTS))).ok or found.of("T1")
    ]
    assert spoilt == []


def test_plans_and_promises_are_duck_typed():
    plan = PlannedMoves.of(Move.APOLOGISE)
    broken: list[Promise] = []
    assert review("Hello. " * 12, plan=plan, promises=broken).of("O302")
