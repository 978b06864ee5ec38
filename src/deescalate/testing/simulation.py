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
from deescalate.moves import Move
from deescalate.simulation import (
    HARMS,
    Assumptions,
    Customer,
    Grievance,
    Mind,
    Said,
    manners,
)

__all__ = [
    "Who",
    "any_harm",
    "assumptions",
    "grievances",
    "minds_of_customers",
    "saids",
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
class Who:
    """A customer and a mind of theirs.

    Attributes:
        customer: Who it is.
        mind: How they are.
    """

    customer: Customer
    mind: Mind


@st.composite
def minds_of_customers(draw: st.DrawFn) -> Who:
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
    return Who(customer=customer, mind=mind)
