"""The person before the issue: what is early, late or missing, by where it stands in the reply."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deescalate.cues import Span
from deescalate.findings import Severity
from deescalate.moves import Move
from deescalate.testing.wording import KnownSituation, PlannedMoves
from deescalate.wording import Flaw, Review, _rewrite, review
from deescalate.wording._rewrite import rewritten

LATE = "Your parcel is late."
HEARD = "I understand how upsetting that is."
OFFER = "Here is what I can do: a refund today."
CAUSE = "It is late because the label was torn."
CLOSE = "Does that put it right for you?"
ASK = "What is your order number?"


def found(draft, code, **known):
    findings = review(draft, **known).findings
    return [each.quote for each in findings if each.code == code and not each.heard]


OPENNESS = st.integers(0, 20).map(lambda each: each / 20)


@given(OPENNESS, st.booleans())
def test_law_reasons_are_for_those_who_listen_or_where_they_are_planned(openness, planned):
    known = {"situation": KnownSituation(openness=openness, acknowledged=True)}
    if planned:
        known["plan"] = PlannedMoves.of(Move.EXPLAIN)
    assert bool(found(f"{LATE} {CAUSE}", "O304", **known)) is (openness < 0.4 and not planned)


@given(OPENNESS, st.permutations([HEARD, OFFER, LATE]), st.booleans())
def test_law_a_step_that_the_plan_avoids_has_its_place_behind_the_person_who_listens(
    openness, draft, heard
):
    draft = [each for each in draft if heard or each is not HEARD]
    plan = PlannedMoves.of(Move.EMPATHISE, avoid=(Move.PROPOSE,))
    known = KnownSituation(openness=openness, acknowledged=True)
    kept = heard and draft.index(HEARD) < draft.index(OFFER) and openness >= 0.4
    assert len(found(" ".join(draft), "O303", plan=plan, situation=known)) == (not kept)


@given(st.permutations([CLOSE, OFFER, LATE, ASK]), st.integers(1, 4), st.booleans(), st.booleans())
def test_law_only_an_offer_before_it_or_an_agreement_makes_room_for_a_closing_question(
    sentences, size, agreed, planned
):
    draft = sentences[:size]
    known = {"situation": KnownSituation(agreed=agreed)}
    if planned:
        known["plan"] = PlannedMoves.of(Move.CONFIRM)
    early = CLOSE in draft and OFFER not in draft[: draft.index(CLOSE)]
    hits = found(" ".join(draft), "O306", **known)
    assert hits == [CLOSE] * (early and not agreed and not planned)


@given(
    st.permutations([HEARD, OFFER, LATE]), st.booleans(), st.integers(0, 20).map(lambda n: n / 20),
    OPENNESS, st.booleans(),
)  # fmt: skip
def test_law_a_remedy_waits_for_a_word_for_the_person_where_they_are_upset_or_closed(
    draft, heard, distress, openness, acknowledged
):
    draft = [each for each in draft if heard or each is not HEARD]
    situation = KnownSituation(distress=distress, openness=openness, acknowledged=acknowledged)
    waits = (distress >= 0.5 or openness < 0.4) and not acknowledged
    first = heard and draft.index(HEARD) < draft.index(OFFER)
    assert bool(found(" ".join(draft), "O301", situation=situation)) is (waits and not first)


def test_who_asks_whether_they_may_suggest_something_has_not_done_so():
    upset = KnownSituation(distress=0.6)
    assert not found("May I suggest a refund?", "O301", situation=upset)
    assert found("I suggest a refund.", "O301", situation=upset) == ["I suggest"]
    both = "May I suggest a refund? I suggest a new parcel as well."
    assert found(both, "O301", situation=upset) == ["I suggest"]


@given(st.permutations([CAUSE, "That was our mistake.", LATE]), st.booleans(), st.booleans())
def test_law_our_part_is_owned_before_it_is_explained(draft, owned, ours):
    known = KnownSituation(fault="ours" if ours else "theirs", responsibility_owned=owned)
    early = draft.index(CAUSE) < draft.index("That was our mistake.")
    assert bool(found(" ".join(draft), "O305", situation=known)) is (early and ours and not owned)


@pytest.mark.parametrize("between", ["", " "])
def test_what_asks_nothing_is_no_closing_question_although_one_stands_before_it(between):
    """Also where nothing stands between the two sentences."""
    known = {"situation": KnownSituation()}
    assert found(f"{ASK}{between}Is there anything else?", "O306", **known)
    assert not found(f"{ASK}{between}Is there anything else.", "O306", **known)


SUGGEST = "I suggest a refund."
MAY_I = "May I suggest a refund?"


@given(
    st.lists(st.sampled_from([HEARD, MAY_I, SUGGEST, ASK, LATE]), max_size=7), st.booleans(), OPENNESS
)  # fmt: skip
@example([MAY_I, MAY_I], True, 0.0)
def test_law_of_each_kind_that_the_plan_avoids_the_first_early_one_is_told(draft, asks, openness):
    """A step that is asked about first shares its words with the question, which may be planned."""
    moves = [Move.EMPATHISE, *[Move.ASK_PERMISSION] * asks]
    plan = PlannedMoves.of(*moves, avoid=(Move.PROPOSE, Move.CLOSED_QUESTION))
    known = KnownSituation(openness=openness, acknowledged=True)
    offers = {SUGGEST: "I suggest", **({} if asks else {MAY_I: "I suggest"})}
    early = [
        (place, offers[each])
        for place, each in enumerate(draft)
        if each in offers and not (openness >= 0.4 and HEARD in draft[:place])
    ]
    asked = [(place, ASK) for place, each in enumerate(draft) if each == ASK]
    expected = [words for _, words in sorted([*early[:1], *asked[:1]])]
    assert found(" ".join(draft), "O303", plan=plan, situation=known) == expected


@given(st.lists(st.sampled_from([CLOSE, OFFER, LATE, ASK]), max_size=7))
def test_law_every_closing_question_before_an_offer_is_told(draft):
    before = draft[: draft.index(OFFER)] if OFFER in draft else draft
    hits = found(" ".join(draft), "O306", situation=KnownSituation())
    assert hits == [CLOSE] * before.count(CLOSE)


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("Can I help you with anything else?", []),
        (f"Can I help you with anything else? {ASK}", [ASK]),
        (f"{ASK} Let me know if there is anything else I can do.", [ASK]),
    ],
)
def test_who_asks_kindly_whether_there_is_anything_else_asks_nothing(draft, told):
    plan = PlannedMoves.of(Move.EMPATHISE, avoid=(Move.CLOSED_QUESTION, Move.OPEN_QUESTION))
    assert found(draft, "O303", plan=plan, situation=KnownSituation(openness=0.1)) == told


@pytest.mark.parametrize(
    ("planned", "told"),
    [(Move.DECLINE, []), (Move.SET_LIMIT, []), (Move.EXPLAIN, []), (Move.INFORM, ["because"])],
)
def test_who_says_no_may_say_why(planned, told):
    plan = PlannedMoves.of(planned, avoid=(Move.EXPLAIN,))
    assert found(f"{LATE} {CAUSE}", "O303", plan=plan) == told


MISSED = (
    Move.APOLOGISE, Move.OWN_RESPONSIBILITY, Move.EMPATHISE, Move.VALIDATE, Move.LABEL_EMOTION,
    Move.ACT, Move.PROPOSE, Move.OFFER_CHOICE,
)  # fmt: skip
NEUTRAL = "parcel " * 12


@given(
    st.lists(st.sampled_from([move for move in Move if move.spoken]), min_size=1, max_size=5, unique=True),
    st.booleans(),
)  # fmt: skip
def test_law_one_move_is_missed_the_weightiest_or_else_the_first(planned, twice):
    moves = PlannedMoves.of(*planned, *planned[:twice])
    weighty = [move for move in MISSED if move in planned]
    known = {"plan": moves, "situation": KnownSituation(distress=0.9, acknowledged=True)}
    hits = [each for each in review(NEUTRAL, **known).findings if each.code == "O302"]
    missed = (weighty or planned)[0]
    assert [each.suggestion.startswith(missed.purpose) for each in hits] == [True]
    assert hits[0].suggestion.count("for example") == 1


# --- the rewrite, whatever a review says ----------------------------------------------------

LETTERS = "abc"


@st.composite
def reviewers(draw):
    """A review by letters: what it finds in each, what may stand there, and what it weighs."""
    codes, heard = st.sampled_from("TP"), draw(st.booleans())
    replacements = st.sampled_from(["", "c", "cc"])
    rules = {letter: (draw(codes), draw(replacements), False) for letter in "ab"}
    rules["c"] = (draw(codes), draw(st.sampled_from([None, None, ""])), heard)
    weights = {letter: draw(st.integers(0, 1)) / 100 for letter in LETTERS}
    crowd = draw(st.integers(0, 1)) / 10

    def found(at, letter):
        code, replacement, heard = rules[letter]
        return Flaw(
            code=code, name="", span=Span(at, at + 1), quote=letter, reason="", suggestion="",
            severity=Severity.NOTE, replacement=replacement, heard=heard,
        )  # fmt: skip

    def look(text):
        bad = sum(weights.get(each, 0) for each in text) + crowd * (text.count("c") > 1)
        findings = tuple(found(at, each) for at, each in enumerate(text) if each in rules)
        return Review(draft=text, findings=findings, points={"bad": bad})

    return look


@pytest.mark.parametrize("longest", [4, 4_000])
@settings(max_examples=300)
@given(reviewers(), st.lists(st.sampled_from([*LETTERS, " ", "! ", "! "]), max_size=7).map("".join))
def test_law_a_rewrite_makes_nothing_worse_whatever_the_review_says(longest, look, draft):
    before = look(draft)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_rewrite, "LONG", longest)
        after = look(rewritten(before, look))
        assert rewritten(after, look) == after.draft
    told, still = (
        Counter(e.code for e in each.findings if not e.heard) for each in (before, after)
    )
    assert after.score >= before.score
    assert len(after.findings) <= len(before.findings)
    assert still <= told
    assert after.draft == draft or still.total() < told.total()
