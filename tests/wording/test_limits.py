"""Every limit of the review: what just keeps it is fine, what passes it by one is found."""

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.moves import Move
from deescalate.testing.wording import KnownSituation, PlannedMoves
from deescalate.wording import Wording, review

SMALL = st.integers(0, 5)
PRESS = ("please", "press", "the", "small", "red", "button", "under", "the", "cover")
SORRY = ("I am sorry.", "I do apologise.", "Sorry for that.", "My apologies.", "We are very sorry.")


def settings(**limits):
    wording = Wording.default()
    return evolve(wording, limits=evolve(wording.limits, **limits))


def found(draft, code, **known):
    """What phrases and the form tell of a code; what is learned has no limit of its own."""
    findings = review(draft, **known).findings
    return [each for each in findings if each.code == code and not each.heard]


@given(SMALL, SMALL, st.integers(0, 6), st.floats(0, 1), st.floats(0, 1))
def test_law_questions_are_counted_against_what_this_customer_can_take(
    upset_may, more, count, upset, distress
):
    wording = settings(questions=upset_may, questions_calm=upset_may + more, upset=upset)
    draft = " ".join(f"Is it number {number}?" for number in range(count))
    hits = found(draft, "C601", situation=KnownSituation(distress=distress), wording=wording)
    allowed = upset_may if distress >= upset else upset_may + more
    assert bool(hits) is (count > allowed)
    for hit in hits:
        assert hit.quote == draft[len("Is it number 0? ") * allowed :]


@given(SMALL, SMALL, SMALL, st.integers(0, 16), st.floats(0, 1))
def test_law_words_are_counted_against_what_this_customer_can_take(
    furious, upset, calm, count, distress
):
    wording = settings(
        words_furious=furious, words_upset=furious + upset, words=furious + upset + calm,
        upset=0.4, furious=0.7,
    )  # fmt: skip
    draft = " ".join(["parcel"] * count)
    hits = found(draft, "C602", situation=KnownSituation(distress=distress), wording=wording)
    allowed = furious + upset * (distress < 0.7) + calm * (distress < 0.4)
    assert bool(hits) is (count > allowed)
    for hit in hits:
        assert f"in {allowed} words or fewer: this has {count}" in hit.suggestion


@pytest.mark.parametrize(("distress", "allowed"), [(0.39, 9), (0.4, 6), (0.69, 6), (0.7, 3)])
def test_a_limit_begins_where_it_is_reached(distress, allowed):
    wording = settings(words_furious=3, words_upset=6, words=9, upset=0.4, furious=0.7)
    known = {"situation": KnownSituation(distress=distress), "wording": wording}
    assert not found("parcel " * allowed, "C602", **known)
    assert found("parcel " * (allowed + 1), "C602", **known)


@given(st.integers(1, 8), st.lists(st.integers(1, 12), min_size=1, max_size=4))
def test_law_a_sentence_is_long_from_one_word_too_many(allowed, lengths):
    sentences = [" ".join(["parcel"] * length) + "." for length in lengths]
    hits = found(" ".join(sentences), "C606", wording=settings(sentence_words=allowed))
    assert [each.quote for each in hits] == [
        sentence for sentence, length in zip(sentences, lengths, strict=True) if length > allowed
    ]


@given(st.integers(0, 4), st.lists(st.integers(0, 5), min_size=1, max_size=3), st.booleans())
def test_law_capitals_shout_from_so_many_words_in_a_row(allowed, runs, number):
    between = " 7 " if number else " is it "
    shouted = [" ".join(["PARCEL"] * run) for run in runs]
    hits = found(between.join(["so", *shouted, "so"]), "T112", wording=settings(shouted=allowed))
    assert [each.quote for each in hits] == [
        each for each in shouted if len(each.split()) >= max(allowed, 1)
    ]


@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_law_apologies_wear_thin_from_one_too_many(allowed, now, before, news):
    draft = " ".join([*SORRY[:now], *(["I will call you by 5 pm."] if news else [])])
    situation = KnownSituation(apologies=before)
    hits = found(draft, "A206", situation=situation, wording=settings(apologies=allowed))
    thin = now > allowed or (before >= allowed and not news)
    assert bool(hits) is (now > 0 and thin)
    for hit in hits:
        assert hit.span.start >= draft.index(SORRY[now - 1])


@given(st.integers(1, 5), st.integers(0, 6))
def test_law_the_same_apology_wears_thin_once_it_was_said_so_often(allowed, times):
    same = "I am so sorry about the late parcel."
    hits = found(
        f"It left the depot. {same}",
        "A206",
        previous=[same] * times,
        wording=settings(apologies=allowed),
    )
    assert bool(hits) is (times >= allowed)


@given(st.integers(1, 9), st.integers(1, 3))
def test_law_a_sentence_of_four_words_or_more_is_not_said_again(count, place):
    said = " ".join(PRESS[:count]) + "."
    draft = ["It left.", "It is here.", "It came."]
    draft.insert(place, said)
    hits = found(" ".join(draft), "O309", previous=["Hello there.", f"Good morning. {said}"])
    assert [each.quote for each in hits] == [said] * (count >= 4)


@given(st.integers(0, 30), st.integers(0, 3).map(lambda each: each / 4), st.booleans())
def test_law_the_move_that_matters_most_is_missed_by_the_upset_and_in_a_reply_of_some_length(
    words, distress, planned
):
    draft = " ".join(["parcel"] * words)
    plan = PlannedMoves.of(*[Move.APOLOGISE] * planned)
    hits = found(draft, "O302", plan=plan, situation=KnownSituation(distress=distress))
    assert bool(hits) is (planned and distress >= 0.5 and words >= 12)


@given(st.lists(st.integers(1, 90), min_size=1, max_size=4), st.integers(1, 200))
def test_law_sums_are_added_up_and_each_is_weighed_with_those_before_it(sums, limit):
    draft = " ".join(f"I will also refund you £{each} more." for each in sums)
    authority = Authority(tier="agent", money={"GBP": Decimal(limit)})
    given, beyond = [], []
    for each in sums:
        total = each if each in given else each + sum(given)
        given += [each] * (each not in given)
        beyond += [f"£{each}"] * (total > limit)
    assert [hit.quote for hit in found(draft, "M501", authority=authority)] == beyond
