"""Hypothesis strategies of the strategy room: situations, sequences of moves, edited strategies."""

import tomllib
from typing import Any

from hypothesis import strategies as st

from deescalate.advice import Situation, situation_facts
from deescalate.moves import Move
from deescalate.strategy import Strategy, default_document

__all__ = ["edited_strategies", "move_sequences", "situations"]

_THRESHOLDS = (0.0, 0.2, 0.25, 0.35, 0.5, 0.6, 0.75, 1.0)
_NEAR = 1e-9


def _values(domain: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a declared fact, many of them at and just beside the shipped thresholds."""
    if "flag" in domain:
        return st.booleans()
    if "choice" in domain:
        return st.sampled_from(domain["choice"])
    number = domain["number"]
    if number.get("integer"):
        return st.one_of(st.integers(0, 4), st.integers(number["low"], 10**6))
    low, high = float(number["low"]), float(number["high"])
    beside = [
        min(max(each + step, low), high) for each in _THRESHOLDS for step in (-_NEAR, 0.0, _NEAR)
    ]
    return st.one_of(st.sampled_from(beside), st.floats(low, high))


def situations(**fixed: Any) -> st.SearchStrategy[Situation]:
    """Situations of every kind, whether or not they are likely to come up together.

    Args:
        **fixed: Fields that are to have a given value.

    >>> situations(fault="ours").example().fault  # doctest: +SKIP
    'ours'
    """
    free = {
        name: _values(domain) for name, domain in situation_facts().items() if name not in fixed
    }
    return st.builds(Situation, **free, **{name: st.just(fixed[name]) for name in fixed})


def move_sequences(*, longest: int = 8) -> st.SearchStrategy[tuple[Move, ...]]:
    """Sequences of moves in any order, with repetitions.

    Args:
        longest: The most moves in a sequence.

    >>> len(move_sequences(longest=2).example()) <= 2  # doctest: +SKIP
    True
    """
    return st.lists(st.sampled_from([*Move]), max_size=longest).map(tuple)


@st.composite
def edited_strategies(draw: st.DrawFn, *, most_dropped: int = 6) -> Strategy:
    """The shipped strategy after somebody has edited it: some rules dropped, some moves swapped.

    Args:
        draw: Given by Hypothesis.
        most_dropped: The most rules that are dropped.

    >>> edited_strategies().example().name  # doctest: +SKIP
    'person first'
    """
    document = tomllib.loads(default_document())
    lines = [
        (part, at)
        for part in ("phase", "moves", "avoid")
        for at in range(len(document[part]["rules"]))
    ]
    dropped = set(draw(st.lists(st.sampled_from(lines), max_size=most_dropped)))
    for part in ("phase", "moves", "avoid"):
        document[part]["rules"] = [
            rule for at, rule in enumerate(document[part]["rules"]) if (part, at) not in dropped
        ]
    for rule in draw(st.lists(st.sampled_from(document["moves"]["rules"]), max_size=2)):
        rule["then"] = draw(st.sampled_from(document["moves"]["outcomes"]))
    return Strategy.from_document(document)
