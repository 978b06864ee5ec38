"""The entry point through which Hypothesis finds strategies: ``st.from_type`` just works.

It runs whenever Hypothesis is imported, so it registers only the values of the lower floors, whose
import costs little; the strategies themselves are loaded when they are first drawn from.
"""

from importlib import import_module

__all__ = ["register"]


def register() -> None:
    """Register a strategy for the values that users of the library meet most.

    >>> from deescalate import Money
    >>> from hypothesis import strategies as st
    >>> st.from_type(Money).is_empty
    False
    """
    from hypothesis import strategies as st

    from deescalate.authority import Authority
    from deescalate.emotion import EmotionState, Impulse, Observation, Temperament
    from deescalate.money import Money
    from deescalate.rules import Table

    def lazily(room: str, name: str) -> st.SearchStrategy[object]:
        def load() -> st.SearchStrategy[object]:
            strategy: st.SearchStrategy[object] = getattr(
                import_module(f"deescalate.testing.{room}"), name
            )()
            return strategy

        return st.deferred(load)

    st.register_type_strategy(Authority, lazily("escalation", "authorities"))
    st.register_type_strategy(EmotionState, lazily("emotion", "emotion_states"))
    st.register_type_strategy(Impulse, lazily("emotion", "impulses"))
    st.register_type_strategy(Money, lazily("compensation", "monies"))
    st.register_type_strategy(Observation, lazily("emotion", "observations"))
    st.register_type_strategy(Table, lazily("rules", "tables"))
    st.register_type_strategy(Temperament, lazily("emotion", "temperaments"))
