"""What moves do: the table, how they add up, and the document they come in."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.emotion import EmotionState, Impulse, MoveEffects, Temperament
from deescalate.errors import DocumentError, SettingError
from deescalate.moves import Move
from deescalate.testing.emotion import move_effects

COORDINATES = ("pleasure", "arousal", "dominance")
HEATING = {"decline", "state_consequence", "call_security"}
NEITHER = {"diagnose", "debrief", "set_limit"}


def test_every_move_of_the_vocabulary_has_an_effect():
    assert set(MoveEffects.default().pushes) == {str(move) for move in Move}


@pytest.mark.parametrize("move", sorted(str(move) for move in Move))
def test_moves_push_the_way_the_frameworks_say(move):
    angry = EmotionState.feeling("anger")
    after = Temperament().feel(angry, MoveEffects.default().impulse([move]))
    if move in HEATING:
        assert after.distress > angry.distress
    elif move in NEITHER:
        assert after.distress == pytest.approx(angry.distress, abs=0.01)
    else:
        assert after.distress < angry.distress


def test_acting_and_owning_calm_most_among_what_can_be_said_at_once():
    pushes = MoveEffects.default().pushes
    assert pushes["act"].pleasure > pushes["explain"].pleasure
    assert pushes["own_responsibility"].arousal < pushes["explain"].arousal


@given(move_effects(), st.lists(st.sampled_from("abcdef")))
def test_law_order_and_repetition_do_not_matter(effects, moves):
    assert effects.impulse(moves) == effects.impulse(sorted(set(moves)))


@given(move_effects(), st.sets(st.sampled_from("abcdef")), st.sampled_from("abcdef"))
def test_law_one_more_move_never_weakens_what_pushes_its_way(effects, moves, another):
    push = effects.pushes.get(another, Impulse())
    before, after = effects.impulse(moves), effects.impulse(moves | {another})
    for coordinate in COORDINATES:
        change = getattr(after, coordinate) - getattr(before, coordinate)
        assert change * getattr(push, coordinate) >= -1e-12


@given(move_effects(), st.sets(st.sampled_from("abcdef")))
def test_law_no_reply_is_more_than_twice_its_best_move(effects, moves):
    whole = effects.impulse(moves)
    for coordinate in COORDINATES:
        strongest = max(
            (abs(getattr(effects.pushes.get(move, Impulse()), coordinate)) for move in moves),
            default=0.0,
        )
        assert abs(getattr(whole, coordinate)) <= 2 * strongest


@given(move_effects())
def test_law_every_reply_is_as_unsure_as_any(effects):
    assert effects.impulse([]) == Impulse(spread=effects.spread)
    assert effects.impulse(["unheard of"]) == Impulse(spread=effects.spread)


def test_the_table_cannot_be_changed_behind_its_back():
    mine = {"act": Impulse(pleasure=0.1)}
    effects = MoveEffects(pushes=mine)
    mine["act"] = Impulse(pleasure=9)
    assert effects.pushes["act"].pleasure == 0.1
    with pytest.raises(TypeError):
        effects.pushes["act"] = Impulse()


def test_a_push_must_be_an_impulse():
    with pytest.raises(SettingError, match=r"pushes\.act"):
        MoveEffects(pushes={"act": 0.5})


def test_a_document_is_read():
    effects = MoveEffects.from_document(
        'about = "ours"\n[spread]\narousal = 0.2\n[pushes.act]\npleasure = 0.1\n[pushes.wait]\n'
    )
    assert effects.pushes["act"] == Impulse(pleasure=0.1)
    assert effects.pushes["wait"] == Impulse()
    assert effects.spread.arousal == 0.2


def test_all_problems_of_a_document_are_named_at_once():
    with pytest.raises(DocumentError) as caught:
        MoveEffects.from_document(
            """
            spred = 1
            spread = 3
            [pushes.act]
            plesure = 0.1
            arousal = "hot"
            dominance = true
            [pushes.wait]
            arousal = 1000
            """
        )
    assert [str(problem) for problem in caught.value.problems] == [
        (
            "spred (line 2): unknown, expected one of `spread`, `format`, `pushes`, `hurts`, `about`; "
            "did you mean `spread`?"
        ),
        (
            "pushes.act.plesure (line 5): unknown, expected one of `pleasure`, `arousal`, "
            "`dominance`; did you mean `pleasure`?"
        ),
        "pushes.act.arousal (line 6): found `hot`, expected a number, -100 to 100",
        "pushes.act.dominance (line 7): found `True`, expected a number, -100 to 100",
        "pushes.wait.arousal (line 9): found `1000`, expected a number, -100 to 100",
        "spread (line 3): found `3`, expected a mapping",
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("pushes = 1", "pushes"),
        ("[pushes]\nact = 1", "pushes.act"),
        ("[spread]\narousal = -0.1", "spread.arousal"),
        ("[", "text"),
        ("[pushes.wait]\npleasure = nan", "pushes.wait.pleasure"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(text, path):
    with pytest.raises(DocumentError) as caught:
        MoveEffects.from_document(text)
    assert caught.value.problems[0].path == path


def test_effects_are_written_pickled_copied_and_hashed():
    effects = MoveEffects.default()
    for form in ("toml", "json", "mapping"):
        assert MoveEffects.from_document(effects.to_document(form=form)) == effects
    assert pickle.loads(pickle.dumps(effects)) == copy.deepcopy(effects) == effects  # noqa: S301  our own
    assert hash(copy.deepcopy(effects)) == hash(effects)


def test_a_move_that_does_nothing_is_told():
    report = MoveEffects.from_document("[pushes.wait]\n[pushes.act]\npleasure = 0.1").check()
    assert [(each.code, each.place) for each in report] == [("no-push", "pushes.wait")]
    assert report.ok


def test_what_hurts_is_felt_whole_and_always_upsets():
    effects = MoveEffects.default()
    for name, push in effects.hurts.items():
        assert push.pleasure < 0.0 < push.arousal, name
    one = effects.impulse(["apologise"], hurts=["blame", "blame", "unheard of"])
    both = effects.impulse(["apologise"], hurts=["blame", "insult"])
    sorry, blame, insult = (
        effects.pushes["apologise"],
        effects.hurts["blame"],
        effects.hurts["insult"],
    )
    assert one.arousal == pytest.approx(sorry.arousal + blame.arousal)
    assert both.arousal == pytest.approx(one.arousal + insult.arousal)
    mine = MoveEffects.from_document("[hurts.insult]\npleasure = -1.0")
    assert mine.impulse([], hurts=["insult"]).pleasure == -1.0
    assert MoveEffects.from_document(mine.to_document()) == mine
