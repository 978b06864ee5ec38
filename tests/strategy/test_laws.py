"""The proofs: on the shipped tables, on edited ones, and on tables made to break each law."""

# ruff: noqa: ARG005  every law is asked in the same way

import math
import tomllib
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.moves import Family, Move, Phase
from deescalate.rules.proofs._covering import Work
from deescalate.strategy import (
    Situation,
    Strategy,
    default_document,
    prove_strategy,
    select,
    strategy_laws,
)
from deescalate.strategy._laws import Needs, Present
from deescalate.strategy._space import Space
from deescalate.testing.strategy import edited_strategies, situations

DEFAULT = Strategy.default()
LAWS = {law.id: law for law in strategy_laws()}

LISTEN = {m for m in Move if m.family is Family.LISTEN}
EMPATHY = {m for m in Move if m.family is Family.EMPATHY} | {Move.LABEL_EMOTION}
DOMINANT_FIRST = {Move.SAFETY_CHECK, Move.CALL_SECURITY}
REMEDY = {Move.ACCEPT, Move.OFFER_CHOICE, Move.PROPOSE, Move.ACT, Move.PARTNER}
CONFLICTS = [
    {Move.ACCEPT, Move.DECLINE},
    {Move.PROPOSE, Move.DECLINE},
    {Move.PROPOSE, Move.OFFER_CHOICE},
    {Move.PARAPHRASE, Move.SUMMARISE},
    {Move.ACT, Move.CONFIRM},
    {Move.SET_LIMIT, Move.APOLOGISE},
    {Move.SET_LIMIT, Move.THANK},
    {Move.SET_LIMIT, Move.AFFIRM},
    *({Move.GIVE_SPACE, m} for m in Move if m.asks),
    *({Move.GIVE_SPACE, m} for m in (Move.EXPLAIN, Move.REFOCUS, Move.INFORM)),
]


def first_is(moves, some, company):
    """Whether something of the company stands before each of some moves."""
    return all(set(moves[:at]) & company for at, move in enumerate(moves) if move in some)


def before(moves, first, then):
    places = {move: at for at, move in enumerate(moves)}
    return all(places[a] < places[b] for a in first & {*moves} for b in then & {*moves})


def unagreed(s):
    return not (s.agreed or s.resolved)


def open_case(s):
    return unagreed(s) and not s.lost


def phase_of(*phases):
    return {m for m in Move if m.phase in phases}


# Each law by hand: of a situation, the phase and the moves that the tables ask for, in order.
ORACLES = {
    "O1-safety": lambda s, p, m: s.danger == "none" or p is Phase.SAFETY,
    "O1-only-safety": lambda s, p, m: (
        s.danger == "none"
        or not {*m}
        & (
            phase_of(Phase.ISSUE, Phase.RESOLUTION, Phase.CLOSING)
            | {Move.APOLOGISE, Move.OWN_RESPONSIBILITY}
            | {x for x in Move if x.family is Family.LIMIT}
        )
    ),
    "O1-first": lambda s, p, m: before(m, DOMINANT_FIRST, {*Move} - DOMINANT_FIRST),
    "O2-person-first": lambda s, p, m: (
        s.openness >= 0.35 or s.acknowledged or p in (Phase.SAFETY, Phase.PERSON)
    ),
    "O2-listening-first": lambda s, p, m: before(
        m, LISTEN | {Move.INTRODUCE}, REMEDY | {Move.INFORM}
    ),
    "O3-empathy-before-remedy": lambda s, p, m: (
        s.acknowledged or s.distress < 0.5 or not open_case(s) or first_is(m, REMEDY, EMPATHY)
    ),
    "O4-apology-after-listening": lambda s, p, m: (
        s.heard or s.acknowledged or first_is(m, {Move.APOLOGISE}, LISTEN | EMPATHY)
    ),
    "O4-apology-before-remedy": lambda s, p, m: before(
        m,
        {Move.APOLOGISE, Move.OWN_RESPONSIBILITY},
        phase_of(Phase.RESOLUTION, Phase.CLOSING),
    ),
    "O5-fall-back": lambda s, p, m: (
        not (s.rising and unagreed(s)) or p in (Phase.SAFETY, Phase.PERSON, Phase.ISSUE)
    ),
    "O5-fall-back-again": lambda s, p, m: not s.rising or p is not Phase.CLOSING,
    "O6-limit-with-choice": lambda s, p, m: Move.SET_LIMIT not in m or Move.GIVE_CHOICE in m,
    "O6-limit-with-consequence": lambda s, p, m: (
        Move.SET_LIMIT not in m or Move.STATE_CONSEQUENCE in m
    ),
    "O6-limit-not-first": lambda s, p, m: first_is(
        m, {Move.SET_LIMIT, Move.GIVE_CHOICE, Move.STATE_CONSEQUENCE}, LISTEN | EMPATHY
    ),
    "O6-limit-for-conduct": lambda s, p, m: (
        s.manner in ("abusive", "disrespectful") or not {x for x in m if x.family is Family.LIMIT}
    ),
    "O7-no-reasons-in-heat": lambda s, p, m: s.arousal < 0.5 or Move.EXPLAIN not in m,
    "O7-no-reasons-when-closed": lambda s, p, m: s.openness >= 0.35 or Move.EXPLAIN not in m,
    "O8-responsibility-before-reasons": lambda s, p, m: (
        s.fault != "ours"
        or s.responsibility_owned
        or first_is(m, {Move.EXPLAIN}, {Move.OWN_RESPONSIBILITY})
    ),
    "O9-closing-last": lambda s, p, m: not open_case(s) or not {*m} & phase_of(Phase.CLOSING),
    "O10-one-question": lambda s, p, m: sum(x.asks for x in m) <= 1,
    "performable": lambda s, p, m: not any(pair <= {*m} for pair in CONFLICTS),
    "does-safety": lambda s, p, m: p is not Phase.SAFETY or bool({*m} & DOMINANT_FIRST),
    "does-person": lambda s, p, m: p is not Phase.PERSON or bool({*m} & phase_of(Phase.PERSON)),
    "does-issue": lambda s, p, m: (
        p is not Phase.ISSUE or bool({*m} & (phase_of(Phase.ISSUE) | {Move.SEEK_HELP}))
    ),
    "does-resolution": lambda s, p, m: (
        p is not Phase.RESOLUTION or bool({*m} & phase_of(Phase.RESOLUTION))
    ),
    "does-closing": lambda s, p, m: (
        p is not Phase.CLOSING or bool({*m} & (phase_of(Phase.CLOSING) | {Move.ACT}))
    ),
    "sorry-has-an-end": lambda s, p, m: s.apologies < 2 or Move.APOLOGISE not in m,
    "own-what-is-ours": lambda s, p, m: (
        s.fault == "ours" or s.promise_broken or Move.OWN_RESPONSIBILITY not in m
    ),
    "no-with-an-alternative": lambda s, p, m: (
        Move.DECLINE not in m or bool({*m} & {Move.OFFER_CHOICE, Move.PROPOSE})
    ),
    "asked-for-someone": lambda s, p, m: (
        not (s.asks_human or s.asks_supervisor) or Move.SEEK_HELP in m
    ),
    "stuck-brings-help": lambda s, p, m: s.same_plan < 3 or not unagreed(s) or Move.SEEK_HELP in m,
    "heated-agent-hands-over": lambda s, p, m: (
        s.agent_composure >= 0.25 or not unagreed(s) or Move.SEEK_HELP in m
    ),
    "O1-possible-danger": lambda s, p, m: (
        s.danger != "none" or s.danger_suspected == "none" or m[:1] == [Move.SAFETY_CHECK]
    ),
    "no-closing-on-what-is-not-understood": lambda s, p, m: (
        not s.not_understood or p in (Phase.SAFETY, Phase.PERSON, Phase.ISSUE)
    ),
    "not-understood-gets-a-person": lambda s, p, m: not s.not_understood or Move.SEEK_HELP in m,
    "no-closing-on-a-question": lambda s, p, m: (
        not s.unanswered or p in (Phase.SAFETY, Phase.PERSON, Phase.ISSUE)
    ),
    "watched-is-not-closed": lambda s, p, m: not s.danger_watched or p is not Phase.CLOSING,
    "told-is-not-asked": lambda s, p, m: not s.told_matter or Move.OPEN_QUESTION not in m,
    "no-regret-for-what-is-not-ours": lambda s, p, m: (
        not s.not_our_doing
        or s.fault == "ours"
        or s.promise_broken
        or not {*m} & {Move.APOLOGISE, Move.OWN_RESPONSIBILITY}
    ),
    "going-up-is-told": lambda s, p, m: not s.goes_up or Move.SEEK_HELP in m,
    "no-news-is-told": lambda s, p, m: (
        not (s.waiting_for_news and p is Phase.ISSUE) or Move.INFORM in m
    ),
}
MONOTONE = {
    "O5-back-a-phase",
    "distress-never-hurries",
    "arousal-never-hurries",
    "openness-never-holds-back",
    "rising-never-hurries",
}


def asked_for(strategy, situation):
    """The phase, and the moves that the tables ask for in order, before any is left out."""
    facts = situation.facts
    held_in = [rule.then for rule in strategy.phase.rules if rule.when.holds(facts)]
    phase = next((each for each in Phase if each.value in held_in), Phase.CLOSING)
    facts["phase"] = phase.value
    asked = {rule.then for rule in strategy.moves.rules if rule.when.holds(facts)}
    refused = {rule.then for rule in strategy.avoid.rules if rule.when.holds(facts)}
    moves = [
        move
        for move in strategy.order
        if move.value in asked
        and not {move.value, move.family.value, move.phase.value} & refused
        and move.phase.rank <= max(phase.rank, 1)
    ]
    return phase, moves


# Laws that ask for a move to be there count on no move that may be left out.
def kept(strategy, law_id, situation, found=None):
    phase, moves = found or asked_for(strategy, situation)
    law = LAWS[law_id]
    if isinstance(law, Needs | Present):
        needing = law.moves if isinstance(law, Needs) else ()
        moves = [move for move in moves if move not in strategy.spare or move in needing]
    return ORACLES[law_id](situation, phase, moves)


def test_every_law_has_an_oracle_of_its_own():
    assert set(LAWS) == set(ORACLES) | MONOTONE | {"short"}


@pytest.mark.unwatched
def test_every_law_is_proved_on_the_shipped_strategy_and_few_places_are_looked_at(monkeypatch):
    steps = count()
    monkeypatch.setattr(Work, "step", lambda _: next(steps))
    broken = [str(result) for result in prove_strategy(DEFAULT) if not result.holds]
    assert not broken, "\n".join(broken)
    assert next(steps) < 40_000


@given(situations())
def test_law_every_law_holds_of_every_plan_of_the_shipped_strategy(situation):
    plan = select(situation)
    broken = {i for i, law in ORACLES.items() if not law(situation, plan.phase, [*plan.kinds])}
    assert not broken


def test_one_law_can_be_proved_alone():
    assert LAWS["O5-back-a-phase"].breach(Space(DEFAULT)) is None


@pytest.mark.unwatched
@given(edited_strategies(), st.lists(situations(), min_size=8, max_size=8))
@settings(max_examples=2)
def test_law_a_proof_and_a_search_never_disagree(strategy, cases):
    """Every breach found is a real one, and where none is found no situation shows one."""
    space = Space(strategy)
    plans = [(case, asked_for(strategy, case)) for case in cases]
    for law_id in ORACLES:
        breach = LAWS[law_id].breach(space)
        if breach is None:
            assert all(kept(strategy, law_id, case, found) for case, found in plans), law_id
        else:
            facts = {name: value for name, value in breach.facts.items() if name != "phase"}
            situation = Situation(**facts)
            assert strategy.select(situation).phase == breach.facts["phase"]
            assert not kept(strategy, law_id, situation), law_id


def edited(*, drop=(), add=(), **top):
    """The shipped document without some rules, with others, and with other settings."""
    document = tomllib.loads(default_document()) | top
    for part in ("phase", "moves", "avoid"):
        document[part]["rules"] = [r for r in document[part]["rules"] if r["name"] not in drop]
    for part, then, when in add:
        rule = {"name": f"added {then}", "when": when, "then": then}
        document[part]["rules"].append(rule)
    return Strategy.from_document(document)


ALWAYS = {"distress": "[0..1]"}
SAFE = {"phase": '"safety"'}
PLANTED = {
    "O1-safety": {"drop": ["danger"]},
    "O1-only-safety": {"add": [("moves", "apologise", SAFE)]},
    "O1-first": {"reorder": ("attend", "safety_check")},
    "O2-person-first": {"drop": ["not acknowledged"]},
    "O2-listening-first": {"reorder": ("introduce", "inform")},
    "O3-empathy-before-remedy": {"drop": ["grant the right to be upset"]},
    "O4-apology-after-listening": {"drop": ["see their situation"]},
    "O4-apology-before-remedy": {"reorder": ("propose", "apologise")},
    "O5-fall-back": {"drop": ["heating up over an offer"]},
    "O5-fall-back-again": {"drop": ["heating up after an agreement"]},
    "O5-back-a-phase": {"drop": ["heating up while the matter is open"]},
    "O6-limit-with-choice": {"drop": ["leave them two ways to go on"]},
    "O6-limit-with-consequence": {"drop": ["say what follows"]},
    "O6-limit-not-first": {"reorder": ("set_limit", "attend")},
    "O6-limit-for-conduct": {
        "add": [("moves", "state_consequence", {"phase": '"person"', "manner": '"talkative"'})]
    },
    "O7-no-reasons-in-heat": {
        "drop": ["no reasons in the heat"],
        "add": [("moves", "explain", {"arousal": ">= 0.4"})],
    },
    "O7-no-reasons-when-closed": {
        "drop": ["no reasons in the heat"],
        "add": [("moves", "explain", {"openness": "< 0.4"})],
    },
    "O8-responsibility-before-reasons": {
        "drop": ["no excuse before responsibility", "own our part"],
        "add": [("moves", "explain", {"fault": '"ours"'})],
    },
    "O9-closing-last": {
        "drop": ["no closing yet", "nothing agreed"],
    },
    "O10-one-question": {"add": [("moves", "closed_question", {"phase": '"issue"'})]},
    "performable": {"add": [("moves", "accept", {"phase": '"resolution"'})]},
    "short": {"longest": 4},
    "does-safety": {"drop": ["bring security"]},
    "does-person": {"drop": ["listen first", "listen again", "see their situation"]},
    "does-issue": {"drop": ["ask openly"]},
    "does-resolution": {"drop": ["suggest the remedy"]},
    "does-closing": {"drop": ["do it"]},
    "distress-never-hurries": {"add": [("phase", "person", {"distress": "< 0.1"})]},
    "arousal-never-hurries": {"add": [("phase", "person", {"arousal": "< -0.5"})]},
    "openness-never-holds-back": {"add": [("phase", "person", {"openness": "> 0.9"})]},
    "rising-never-hurries": {"add": [("phase", "person", {"rising": "false"})]},
    "sorry-has-an-end": {
        "drop": ["not another apology"],
        "add": [("moves", "apologise", {"apologies": "2"})],
    },
    "own-what-is-ours": {
        "drop": ["no blame taken that is not ours"],
        "add": [("moves", "own_responsibility", {"fault": '"unknown"'})],
    },
    "no-with-an-alternative": {"drop": ["offer what there is instead"]},
    "asked-for-someone": {"drop": ["bring in who they ask for"]},
    "stuck-brings-help": {"drop": ["bring in help when stuck"]},
    "heated-agent-hands-over": {"drop": ["hand over before you break"]},
    "no-closing-on-a-question": {"drop": ["an open question"]},
    "O1-possible-danger": {"drop": ["ask whether it is meant"]},
    "no-closing-on-what-is-not-understood": {"drop": ["not understood"]},
    "not-understood-gets-a-person": {"drop": ["offer somebody who reads them"]},
    "watched-is-not-closed": {"drop": ["safe since a short while"]},
    "told-is-not-asked": {
        "add": [("moves", "open_question", {"phase": '"issue"', "told_matter": "true"})]
    },
    "no-regret-for-what-is-not-ours": {"drop": ["no regret for what is not ours"]},
    "going-up-is-told": {"drop": ["tell them that it goes up"]},
    "no-news-is-told": {"drop": ["say what is being done"]},
}


def planted(law_id):
    change = dict(PLANTED[law_id])
    swap = change.pop("reorder", None)
    if swap:
        document = tomllib.loads(default_document())
        order = document["moves"]["outcomes"]
        first, second = (order.index(name) for name in swap)
        order[first], order[second] = order[second], order[first]
        change["moves"] = document["moves"]
    return edited(**change)


@pytest.mark.parametrize("law_id", sorted(LAWS))
def test_a_planted_breach_is_found_and_shown(law_id):
    strategy = planted(law_id)
    breach = LAWS[law_id].breach(Space(strategy))
    assert breach is not None
    assert breach.region
    if law_id in ORACLES:
        facts = {name: value for name, value in breach.facts.items() if name != "phase"}
        assert not kept(strategy, law_id, Situation(**facts))


def test_a_result_says_what_was_broken_and_shows_the_plan():
    strategy = planted("O6-limit-with-choice")
    [result] = prove_strategy(strategy, [LAWS["O6-limit-with-choice"]])
    assert not result.holds
    assert Move.SET_LIMIT in result.plan.kinds
    shown = str(result)
    assert shown.startswith("O6-limit-with-choice is broken: a limit comes with two ways to go on")
    assert "the plan in the person phase is: " in shown
    assert "set_limit" in shown


def test_a_plan_without_a_move_is_shown_as_nothing():
    strategy = edited(drop=["ask openly", "say who you are"])
    [result] = prove_strategy(strategy, [LAWS["does-issue"]])
    assert str(result).endswith("the plan in the issue phase is: nothing")


def test_facts_of_your_own_are_proved_over_too():
    document = tomllib.loads(default_document())
    document["facts"] = {"vip": {"flag": True}}
    rule = {"name": "vip", "when": {"vip": "true"}, "then": "propose"}
    document["moves"]["rules"].append(rule)
    laws = [LAWS["performable"], LAWS["O2-person-first"]]
    results = {r.law.id: r for r in prove_strategy(Strategy.from_document(document), laws)}
    assert not results["performable"].holds
    assert results["performable"].situation.more == {"vip": True}
    assert results["O2-person-first"].holds


def test_other_thresholds_are_other_laws():
    space = Space(DEFAULT)
    strict = {law.id: law for law in strategy_laws(heated_from=0.4, closed_below=0.5)}
    assert strict["O7-no-reasons-in-heat"].breach(space)
    assert strict["O2-person-first"].breach(space)
    assert not strict["O9-closing-last"].breach(space)


@pytest.mark.parametrize(
    ("law_id", "fact", "held", "free"),
    [
        ("O2-person-first", "openness", math.nextafter(0.35, 0), 0.35),
        ("O3-empathy-before-remedy", "distress", 0.5, math.nextafter(0.5, 0)),
        ("O7-no-reasons-in-heat", "arousal", 0.5, math.nextafter(0.5, 0)),
        ("O7-no-reasons-when-closed", "openness", math.nextafter(0.35, 0), 0.35),
        ("sorry-has-an-end", "apologies", 2, 1),
        ("stuck-brings-help", "same_plan", 3, 2),
        ("heated-agent-hands-over", "agent_composure", math.nextafter(0.25, 0), 0.25),
    ],
)
def test_law_a_threshold_is_where_it_is_said_to_be(law_id, fact, held, free):
    when = LAWS[law_id].when
    assert when.holds(Situation(**{fact: held}).facts)
    assert not when.holds(Situation(**{fact: free}).facts)


@pytest.mark.parametrize(
    "wrong", [{"closed_below": 1.5}, {"upset_from": -0.1}, {"heated_from": float("nan")}]
)
def test_a_threshold_outside_its_range_is_refused(wrong):
    with pytest.raises(SettingError, match=f"`{next(iter(wrong))}`"):
        strategy_laws(**wrong)


def test_a_threshold_may_be_the_end_of_its_range():
    for ends in ((0, 0, -1), (1, 1, 1)):
        closed, upset, heated = ends
        assert strategy_laws(closed_below=closed, upset_from=upset, heated_from=heated)


def test_where_a_flag_ends_the_time_for_the_person_nothing_stood_still_in_the_issue():
    document = """
    name = "turned round"
    [phase]
    rules = [
        {name = "person", when = {distress = ">= 0.5", rising = "false"}, then = "person", because = "b"},
        {name = "issue", when = {distress = ">= 0.5"}, then = "issue", because = "b"},
    ]
    [moves]
    rules = []
    """
    space = Space(Strategy.from_document(document))
    assert LAWS["O5-back-a-phase"].breach(space) is not None  # of closing, which stays
    assert space.standing("rising", [Phase.ISSUE]) is None


def test_law_statements_are_sentences_with_sources():
    for law in LAWS.values():
        assert law.statement[0].islower()
        assert not law.statement.endswith(".")
        assert law.source
