"""Hypothesis profiles, how long coverage watches, and where the shared facts and data are."""

import sys
from functools import wraps
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

WATCHED = 10
"""Examples of a law that coverage follows. The others run three times as fast without it."""

settings.register_profile("fast", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(
    "thorough",
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fast")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Let coverage go once it has seen enough, so what it counts is never too much."""
    current = "coverage" in sys.modules and sys.modules["coverage"].Coverage.current()
    if not current or not sys.gettrace():
        return (yield)
    law = getattr(pyfuncitem.obj, "hypothesis", None)
    if pyfuncitem.get_closest_marker("unwatched"):
        current.stop()
    elif law:
        law.inner_test = _watched(law.inner_test, current.stop)
    try:
        return (yield)
    finally:
        current.start()


def _watched(test, stop):
    seen = 0

    @wraps(test)
    def example(*args, **kwargs):
        nonlocal seen
        seen += 1
        if seen == WATCHED + 1:
            stop()
        return test(*args, **kwargs)

    return example


def shared(name: str) -> Path:
    """The path of a shared file, or a skip with the reason."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout (shared/ is not part of the project)")
    return path


@pytest.fixture(name="shared")
def shared_fixture():
    """Hand out paths of shared facts and data; skip where they are absent."""
    return shared
