"""What is kept to be quick the next time never changes an answer, however little of it is kept."""

import copy
import pickle

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.conversation import History
from deescalate.cues import CueKind
from deescalate.errors import FactError
from deescalate.escalation import EscalationPolicy, _evaluation
from deescalate.languages import ENGLISH
from deescalate.moves import Move
from deescalate.reading import _agent, features_of, read_agent
from deescalate.rules import Number, Table
from deescalate.strategy import Situation, Strategy, _choosing
from deescalate.testing.conversation import agent_texts
from deescalate.testing.escalation import facts_of
from deescalate.testing.strategy import situations
from deescalate.text import Text, forget
from deescalate.wording import _faults, review
from deescalate.wording._draft import Draft
from deescalate.wording._heard import features_of_sentences

STRATEGY = Strategy.default()
POLICY = EscalationPolicy.default()
FACTS = facts_of(POLICY)


@given(st.lists(situations(), min_size=3, max_size=5))
@settings(max_examples=10)
def test_law_a_plan_is_the_same_whatever_is_remembered(cases):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_choosing, "_MOST_KNOWN", 2)
        forgetful = evolve(STRATEGY)
        plans = [forgetful.select(each) for each in (*cases, *cases)]
    assert plans == [STRATEGY.select(each) for each in (*cases, *cases)]


def test_a_fact_that_one_table_alone_refuses_is_refused_by_all():
    strategy, share = STRATEGY, Number("share", 0, 10)
    tables = {
        name: Table(
            name,
            [*table.facts, Number("share", 0, 5) if name == "avoid" else share],
            table.rules,
            hit_policy=table.hit_policy,
            default=table.default,
            outcomes=table.outcomes,
        )
        for name in ("phase", "moves", "avoid", "agent")
        for table in [getattr(strategy, name)]
    }
    stricter = evolve(strategy, **tables)
    assert stricter.select(Situation(more={"share": 5})).kinds
    for wrong in (7, 11, [], True):
        with pytest.raises(FactError, match="share"):
            stricter.select(Situation(more={"share": wrong}))
    with pytest.raises(FactError, match="unknown fact `sharing`"):
        stricter.select(Situation(more={"share": 5, "sharing": 5}))


@given(st.lists(FACTS, min_size=3, max_size=5))
@settings(max_examples=10)
def test_law_a_decision_is_the_same_whatever_is_remembered(cases):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_evaluation, "_MOST_KEPT", 2)
        forgetful = evolve(POLICY)
        decisions = [forgetful.evaluate(each) for each in (*cases, *cases)]
    assert decisions == [POLICY.evaluate(each) for each in (*cases, *cases)]


def test_what_was_decided_is_not_written():
    policy = evolve(POLICY)
    unused = pickle.dumps(policy)
    policy.evaluate({})
    assert policy.decided
    assert pickle.dumps(policy) == unused
    assert not copy.deepcopy(policy).decided


@given(st.lists(agent_texts(), min_size=2, max_size=3))
@settings(max_examples=10)
def test_law_a_review_is_the_same_whatever_is_remembered(drafts):
    forget()
    _faults._model(ENGLISH)._sums.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_faults, "_MOST", 1)
        forgetful = [review(each, customer="Where is it?") for each in drafts]
    forget()
    assert forgetful == [review(each, customer="Where is it?") for each in drafts]


@given(agent_texts())
@settings(max_examples=30)
def test_law_what_is_looked_up_by_number_is_what_the_fit_looks_at(text):
    draft = Draft(text)
    model = _faults._model(draft.language)
    features = [model.signals.numbers(each) for each in features_of_sentences(draft)]
    assert model.numbered(draft) == features
    signals, windows, _ = _agent._model(draft.language)
    words = features_of(draft.tokens, draft.language)
    assert windows.alone(draft.tokens) == signals.numbers(words)


def test_the_facts_of_a_history_are_those_of_the_history_after():
    history = History(rounds_without_deed=3, last=frozenset({CueKind.INSULT}))
    assert (history.facts["rounds_without_deed"], history.facts["personal_remark"]) == (3, True)
    assert history.after_deed().facts["rounds_without_deed"] == 0
    assert history.after_agent([Move.OWN_RESPONSIBILITY]).facts["fault"] == "ours"


def test_of_sentences_that_tell_a_move_alike_the_first_makes_it():
    said = "Good. The new room is 214 and faces the garden. I've set a call for 6:30. Good luck."
    [inform] = read_agent(Text.of(said)).of(Move.INFORM)
    assert inform.quote.startswith("The new room")
