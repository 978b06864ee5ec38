"""The vocabulary, its phrases, and the published frameworks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.moves import (
    Family,
    Move,
    Phase,
    fits,
    frameworks,
    phrases_for,
    precedences,
    slots,
)
from deescalate.testing.strategy import move_sequences


def test_phases_are_in_order_and_safety_comes_first():
    assert [phase.rank for phase in Phase] == [0, 1, 2, 3, 4]
    assert next(iter(Phase)) is Phase.SAFETY


def test_every_move_of_the_facts_is_known(shared):
    facts = json.loads(shared("facts/frameworks.json").read_text())
    for name, about in facts["moves"].items():
        assert Move(name).family == about["family"]
    ours = {move.value for move in Move} - set(facts["moves"])
    assert ours == {"give_choice", "accept", "decline"}


def test_every_move_has_a_purpose_of_its_own():
    assert len({move.purpose for move in Move}) == len([*Move])
    assert all(isinstance(move.family, Family) for move in Move)


def test_questions_end_in_a_question_mark_and_nothing_else_does():
    for move in Move:
        for phrase in phrases_for(move):
            assert phrase.template.endswith("?") == move.asks, phrase


def test_every_move_has_two_phrases_or_more_and_none_is_used_twice():
    texts = [phrase.template for move in Move for phrase in phrases_for(move)]
    assert len(texts) == len(set(texts))
    assert min(len(phrases_for(move)) for move in Move) >= 2


def test_every_slot_of_a_phrase_has_a_hint_and_every_hint_is_used():
    used = {slot for move in Move for phrase in phrases_for(move) for slot in phrase.slots}
    assert used == set(slots())


def test_a_slot_nobody_knows_is_refused_with_its_name():
    with pytest.raises(SettingError, match="`slot` is `nam`"):
        phrases_for(Move.THANK)[0].filled(nam="Ms Hale")


@given(st.sampled_from([*Move]), st.text(max_size=40))
def test_law_what_fills_a_slot_is_never_read_as_a_template(move, text):
    for phrase in phrases_for(move):
        filled = phrase.filled(**dict.fromkeys(slots(), text))
        expected = phrase.template
        pieces = []
        for slot in phrase.slots:
            before, expected = expected.split("{" + slot + "}", 1)
            pieces += [before, text]
        assert filled == "".join(pieces) + expected


def test_the_frameworks_are_those_of_the_facts(shared):
    facts = json.loads(shared("facts/frameworks.json").read_text())
    ours = {each.id: each for each in frameworks()}
    assert list(ours) == [each["id"] for each in facts["frameworks"]]
    for each in facts["frameworks"]:
        framework = ours[each["id"]]
        assert framework.ordered == each["ordered"]
        for step, mine in zip(each["steps"], framework.steps, strict=True):
            moves = {"offer_choice" if m is Move.GIVE_CHOICE else m.value for m in mine.moves}
            assert moves == set(step["moves"])


def test_the_orders_on_which_all_agree_are_those_of_the_facts(shared):
    """The published list, computed from the data in another way."""
    facts = json.loads(shared("facts/frameworks.json").read_text())
    theirs = {
        (each["before"], each["after"]): each["agree"] for each in facts["unanimous_precedences"]
    }
    ours = {(each.before.value, each.after.value): each.agree for each in precedences(least=3)}
    assert ours == theirs


def _assignable(framework, moves):
    """Whether moves can be given steps that never go back: by trying every way there is."""
    ways = {0}
    for move in moves:
        places = {at for at, step in enumerate(framework.steps) if move in step.moves}
        if places:
            ways = {at for at in places for way in ways if at >= way}
    return bool(ways)


@given(move_sequences())
def test_law_a_sequence_fits_exactly_where_its_steps_can_be_put_in_order(moves):
    for fit in fits(moves):
        known = [m for m in moves if any(m in step.moves for step in fit.framework.steps)]
        possible = not fit.framework.ordered or _assignable(fit.framework, moves)
        assert fit.compatible == (possible and bool(known))
        assert set(fit.outside) == set(moves) - set(known)
        assert fit.complete == (fit.compatible and not fit.missing)
        assert len(fit.reached) + len(fit.missing) == len(fit.framework.steps)


@given(move_sequences())
def test_law_leaving_the_last_move_out_never_breaks_an_order(moves):
    for whole, part in zip(fits(moves), fits(moves[:-1]), strict=True):
        if whole.compatible:
            assert not part.late


def test_the_steps_of_each_framework_carry_it_out():
    for framework in frameworks():
        moves = [step.moves[0] for step in framework.steps]
        assert framework.fit(moves).complete, framework.id
