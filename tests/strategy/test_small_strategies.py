"""Laws proved on small strategies, where every situation can be tried one by one."""

from itertools import product

from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deescalate.moves import Family, Move, Phase
from deescalate.rules import EVERYTHING, Flag
from deescalate.strategy import Situation, Strategy, _laws
from deescalate.strategy._space import Space

FLAGS = ("heard", "acknowledged", "asked", "rising")
SITUATIONS = [
    Situation(**dict(zip(FLAGS, flags, strict=True)))
    for flags in product((False, True), repeat=len(FLAGS))
]
FACTS = {situation: situation.facts for situation in SITUATIONS}
MOVES = (
    Move.SAFETY_CHECK, Move.ATTEND, Move.EMPATHISE, Move.OPEN_QUESTION, Move.EXPLAIN,
    Move.PROPOSE, Move.DECLINE, Move.CONFIRM,
)  # fmt: skip
NAMES = [move.value for move in MOVES]
PHASES = [phase.value for phase in Phase]
NAMED = {"id": "x", "statement": "y", "source": "z"}

some_moves = st.lists(st.sampled_from(MOVES), min_size=1, max_size=3, unique=True).map(tuple)
pairs = st.lists(st.sampled_from(MOVES), min_size=2, max_size=2, unique=True).map(tuple)
values = st.sampled_from(["true", "false"])
flags = st.one_of(
    st.dictionaries(st.sampled_from(FLAGS), values, max_size=1),
    st.dictionaries(st.sampled_from(FLAGS), values, max_size=2),
)
phases = st.one_of(
    st.just({}),
    st.just({}),
    st.fixed_dictionaries({"phase": st.sampled_from([f'"{each}"' for each in PHASES])}),
)
NOTHING = st.just({})


def rules(thens, least, most, also=NOTHING):
    """Some rules that ask about flags, and about more."""
    each = st.tuples(flags, also, st.sampled_from(thens))
    found = st.lists(each, min_size=least, max_size=most)
    return found.map(
        lambda all_: [
            {"name": f"rule {at}", "when": when | also, "then": then}
            for at, (when, also, then) in enumerate(all_)
        ]
    )


DOCUMENTS = st.fixed_dictionaries(
    {
        "phase": st.fixed_dictionaries(
            {"default": st.sampled_from(PHASES[::-1]), "rules": rules(PHASES, 0, 3)}
        ),
        "moves": st.fixed_dictionaries(
            {"outcomes": st.permutations(NAMES), "rules": rules(NAMES, 4, 8, phases)}
        ),
        "avoid": st.fixed_dictionaries(
            {"rules": rules([*NAMES, *(each.value for each in Family), *PHASES], 0, 2, phases)}
        ),
        "longest": st.sampled_from([1, 1, 2, 3]),
        "spare": st.lists(st.sampled_from(NAMES), max_size=1),
    }
)


def by_hand(strategy, facts):
    """The phase and the moves that the tables ask for, in order, before any is left out."""
    held = [rule.then for rule in strategy.phase.rules if rule.when.holds(facts)]
    phase = next((each for each in Phase if each in held), Phase(strategy.phase.default))
    facts = {**facts, "phase": phase.value}
    asked = {rule.then for rule in strategy.moves.rules if rule.when.holds(facts)}
    refused = {rule.then for rule in strategy.avoid.rules if rule.when.holds(facts)}
    made = [
        move
        for move in strategy.order
        if move in asked
        and not {move.value, move.family.value, move.phase.value} & refused
        and (move.phase.rank <= phase.rank or move.phase in (Phase.SAFETY, Phase.PERSON))
    ]
    return phase, made


def lies_in(region, situation, phase):
    """Whether a situation, held in its phase, is one of those that a region tells."""
    known = {"phase": phase.value} | {flag: str(getattr(situation, flag)).lower() for flag in FLAGS}
    asked = [each.split(" is ") for each in region.split(" and ")] if region != "always" else []
    return all(known[name] in said.replace(", ", " or ").split(" or ") for name, said in asked)


def proved(strategy, law, breaks, tried):
    """A proof finds a breach where a situation breaks the law, and only there."""
    breach = law.breach(Space(strategy))
    broken = [each for each in SITUATIONS if breaks(each)]
    assert (breach is None) == (not broken), law
    if breach is None:
        return
    found = Situation(**{flag: breach.facts.get(flag, False) for flag in FLAGS})
    assert found in broken, law
    phase, _ = tried[found]
    assert breach.facts.get("phase", phase.value) == phase.value
    if not isinstance(law, _laws.FallsBack | _laws.NeverBackward):
        told = [each for each in SITUATIONS if lies_in(breach.region, each, tried[each][0])]
        assert found in told
        assert set(told) <= set(broken), (law, breach.region)


@given(DOCUMENTS, some_moves, some_moves, st.none() | st.sampled_from(FLAGS))
@settings(max_examples=20)
def test_law_a_proof_says_what_trying_every_situation_says(document, some, others, flag):
    strategy = Strategy.from_document(document)
    tried = {each: by_hand(strategy, FACTS[each]) for each in SITUATIONS}
    made = {each: {*moves} for each, (_, moves) in tried.items()}
    sure = {each: moves.difference(strategy.spare) for each, moves in made.items()}
    here = {each: flag is None or getattr(each, flag) for each in SITUATIONS}
    when = Flag(flag).is_true() if flag else EVERYTHING
    place = strategy.order.index
    one, other = {*some}, {*others}

    def unprepared(each):
        return any(
            all(place(two) >= place(move) for two in other & sure[each])
            for move in one & made[each]
        )

    needs = _laws.Needs(**NAMED, moves=some, one_of=others, when=when)
    for law, breaks in {
        _laws.Held(**NAMED, when=when, phases=(Phase.PERSON, Phase.ISSUE)): lambda each: (
            here[each] and tried[each][0] not in (Phase.PERSON, Phase.ISSUE)
        ),
        _laws.Absent(**NAMED, moves=some, when=when): lambda each: here[each] and one & made[each],
        _laws.Present(**NAMED, moves=some, when=when): lambda each: (
            here[each] and not one & sure[each]
        ),
        needs: lambda each: here[each] and unprepared(each),
        evolve(needs, before=False): lambda each: (
            here[each] and one & made[each] and not other & sure[each]
        ),
        _laws.Ordered(**NAMED, first=some, then=others): lambda each: any(
            place(a) > place(b) for a in one & made[each] for b in other & made[each]
        ),
    }.items():
        proved(strategy, law, breaks, tried)


@given(DOCUMENTS, st.lists(pairs, min_size=1, max_size=3).map(tuple), st.sampled_from(FLAGS))
@settings(max_examples=20)
def test_law_a_proof_about_two_says_what_trying_every_two_says(document, clashing, flag):
    strategy = Strategy.from_document(document)
    tried = {each: by_hand(strategy, FACTS[each]) for each in SITUATIONS}

    def rank(situation, raised):
        return tried[evolve(situation, **{flag: raised})][0].rank

    rises = _laws.NeverBackward(**NAMED, fact=flag)
    for law, breaks in {
        _laws.Together(**NAMED, pairs=clashing): lambda each: any(
            {*pair} <= {*tried[each][1]} for pair in clashing
        ),
        _laws.FallsBack(**NAMED, flag=flag): lambda each: (
            rank(each, False) >= Phase.ISSUE.rank and rank(each, True) >= rank(each, False)
        ),
        rises: lambda each: rank(each, True) > rank(each, False),
        evolve(rises, rising=False): lambda each: rank(each, True) < rank(each, False),
    }.items():
        proved(strategy, law, breaks, tried)


WORDY = {
    "phase": {"default": "closing"},
    "moves": {
        "rules": [{"name": name, "when": {}, "then": name} for name in ("attend", "empathise")]
    },
}
HEARD = [{"name": "heard", "when": {"heard": "true"}, "then": "issue"}]


@given(DOCUMENTS, rules(PHASES, 2, 3))
@example(WORDY, HEARD)
@settings(max_examples=40)
def test_law_a_plan_is_too_long_where_trying_says_so(document, held):
    strategy = Strategy.from_document(
        document | {"phase": document["phase"] | {"rules": held}, "longest": 1}
    )
    tried = {each: by_hand(strategy, FACTS[each]) for each in SITUATIONS}
    sure = {each: {*moves}.difference(strategy.spare) for each, (_, moves) in tried.items()}
    proved(strategy, _laws.ShortEnough(**NAMED), lambda each: len(sure[each]) > 1, tried)
