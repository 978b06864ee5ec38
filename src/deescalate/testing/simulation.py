"""Hypothesis strategies of the simulation room: assumptions, customers, minds, what is said.

>>> from hypothesis import given
>>> from deescalate.emotion import Affect
>>> from deescalate.simulation import Said, react
>>> @given(assumptions(), minds_of_customers())
... def test_words_alone_end_no_grievance(assume, who):
...     sorry = Said(moves=["apologise"])
...     after = react(
...         who.customer, who.mind, sorry, seconds=1e6, noise=Affect(), assume=assume
...     )
...     assert after.grievance == who.mind.grievance
>>> test_words_alone_end_no_grievance()
"""

from attrs import frozen
from hypothesis import strategies as st

from deescalate.emotion import CHARACTERS, Affect
from deescalate.findings import Severity
from deescalate.moves import Move
from deescalate.simulation import (
    DRILL_LAWS,
    HARMS,
    Assumptions,
    BrokenLaw,
    Customer,
    DrillEnding,
    Exchanged,
    Goal,
    Grievance,
    Hardness,
    Matter,
    Mind,
    ReportCard,
    Said,
    Scenario,
    ScenarioResult,
    manners,
)
from deescalate.wording import Flaw

__all__ = [
    "CustomerMind",
    "any_harm",
    "assumptions",
    "grievances",
    "minds_of_customers",
    "report_cards",
    "saids",
    "scenarios",
    "simulated_customers",
    "tones",
]

_SHARE = st.floats(0.0, 1.0)


def assumptions(**fixed: float) -> st.SearchStrategy[Assumptions]:
    """The shipped assumptions, each number anywhere in its range.

    Args:
        fixed: Numbers that are not drawn.

    Returns:
        The strategy.
    """
    shipped = Assumptions.default()
    drawn = {name: st.floats(each.low, each.high) for name, each in shipped.numbers.items()} | {
        name: st.just(value) for name, value in fixed.items()
    }
    return st.fixed_dictionaries(drawn).map(lambda values: shipped.with_(**values))


def grievances() -> st.SearchStrategy[Grievance]:
    """Grievances of any weight, from those that can be put right to those that cannot."""
    return st.builds(
        Grievance,
        size=_SHARE,
        can_meet=_SHARE,
        fault=st.sampled_from(("ours", "theirs", "nobody")),
        amount=st.floats(0.0, 1e4),
    )


def simulated_customers() -> st.SearchStrategy[Customer]:
    """Customers of every manner and every character."""
    return st.builds(
        Customer,
        name=st.text(max_size=8),
        temperament=st.sampled_from([each.temperament for each in CHARACTERS.values()]),
        grievance=grievances(),
        manner=st.sampled_from(sorted(manners())),
        wants=st.sampled_from(("remedy", "human", "answer")),
    )


def tones() -> st.SearchStrategy[Affect]:
    """Moods that an agent may show."""
    shown = st.floats(-0.95, 0.95)
    return st.builds(Affect, pleasure=shown, arousal=shown, dominance=shown)


def saids(
    *, harms: st.SearchStrategy[str] | None = None, toned: bool = True
) -> st.SearchStrategy[Said]:
    """What agents say: some moves, sometimes a mood, and harms of a kind.

    Args:
        harms: The harms to choose from; none where not given.
        toned: Whether a mood may be shown.
    """
    return st.builds(
        Said,
        moves=st.lists(st.sampled_from(list(Move)), max_size=5),
        harms=st.just(()) if harms is None else st.lists(harms, max_size=2),
        tone=st.none() | tones() if toned else st.none(),
    )


def any_harm() -> st.SearchStrategy[str]:
    """The name of anything that hurts."""
    return st.sampled_from(sorted(HARMS))


@frozen(kw_only=True)
class CustomerMind:
    """A customer and a mind of theirs.

    Attributes:
        customer: Who it is.
        mind: How they are.
    """

    customer: Customer
    mind: Mind


@st.composite
def minds_of_customers(draw: st.DrawFn) -> CustomerMind:
    """A customer anywhere in a conversation: before it, calm or furious, with words heard."""
    customer = draw(simulated_customers())
    at = st.floats(-2.5, 2.5)
    clock = draw(st.floats(0.0, 1e5))
    heard = draw(
        st.dictionaries(
            st.sampled_from([move.value for move in Move]), st.floats(0.0, 1.0), max_size=4
        )
    )
    pleasure, arousal = draw(at), draw(at)
    mind = Mind(
        pleasure=pleasure,
        arousal=arousal,
        dominance=draw(at),
        pending=Affect(pleasure=draw(_SHARE), arousal=-draw(_SHARE), dominance=draw(_SHARE)),
        smarting=Affect(pleasure=-draw(_SHARE), arousal=draw(_SHARE), dominance=-draw(_SHARE)),
        grievance=customer.grievance.size,
        heard={name: clock * share for name, share in heard.items()},
        clock=clock,
        open_to=draw(_SHARE),
    )
    return CustomerMind(customer=customer, mind=mind)


def scenarios() -> st.SearchStrategy[Scenario]:
    """Customers of drills: any words, any manner, any goal."""
    said = st.text(min_size=1, max_size=80).filter(str.strip)
    topics = st.sampled_from(("reference", "since", "wish", "matter", "safe", "choice"))
    return st.builds(
        Scenario,
        name=said,
        about=st.text(max_size=20),
        known=st.lists(said, max_size=2),
        hardness=st.sampled_from(Hardness),
        manner=st.sampled_from(sorted(manners())),
        grievance=st.sampled_from(Matter),
        character=st.sampled_from(("", *CHARACTERS)),
        goal=st.sampled_from(Goal),
        opening=said,
        remedies=st.lists(said, max_size=2),
        size=_SHARE,
        amount=st.floats(0.0, 1e4),
        fault=st.sampled_from(("ours", "theirs", "nobody")),
        patience=st.integers(0, 30),
        language=st.sampled_from(("english", "german")),
        answers=st.dictionaries(topics, said, max_size=3),
    )


def report_cards() -> st.SearchStrategy[ReportCard]:
    """Report cards with any words in them."""
    share = _SHARE.map(lambda each: round(each, 4))
    words = st.text(max_size=20)
    noted = st.builds(
        Flaw,
        code=st.sampled_from(("T108", "P401", "S801")),
        name=words,
        severity=st.sampled_from(Severity),
        quote=words,
        suggestion=words,
    )
    exchanged = st.builds(
        Exchanged,
        customer=st.text(max_size=40),
        reply=st.text(max_size=400),
        before=share,
        after=share,
        score=share,
        moves=st.lists(st.sampled_from(("act", "apologise")), max_size=2).map(tuple),
        findings=st.lists(noted, max_size=3).map(tuple),
        laws=st.lists(
            st.builds(BrokenLaw, law=st.sampled_from(sorted(DRILL_LAWS)), because=words), max_size=2
        ).map(tuple),
    )
    results = st.builds(
        ScenarioResult,
        scenario=st.text(min_size=1, max_size=10),
        about=words,
        ending=st.sampled_from(DrillEnding),
        because=words,
        course=st.lists(exchanged, max_size=3).map(tuple),
        goodbye=words,
        trouble=words,
    )
    return st.builds(
        ReportCard,
        results=st.lists(results, max_size=4, unique_by=lambda each: each.scenario),
        bot=st.text(max_size=10),
        seed=st.integers(),
    )
