"""Hypothesis strategies and laws of the escalation room."""

from decimal import Decimal

from hypothesis import strategies as st

from deescalate.authority import Authority

__all__ = ["authorities"]


def authorities() -> st.SearchStrategy[Authority]:
    """Authorities over a few currencies and actions, so that some cover others.

    >>> isinstance(authorities(), st.SearchStrategy)
    True
    """
    limit = st.one_of(st.sampled_from([Decimal(0), Decimal(50)]), st.decimals(0, 10_000, places=2))
    return st.builds(
        Authority,
        tier=st.sampled_from(["agent", "supervisor", "manager"]),
        money=st.dictionaries(st.sampled_from(["EUR", "USD", "JPY"]), limit, max_size=3),
        actions=st.frozensets(st.sampled_from(["replace", "refund", "waive_fee"])),
    )
