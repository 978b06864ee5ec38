"""Hypothesis profiles, how long coverage watches, and where the shared facts and data are."""

import sys
from functools import wraps
from itertools import count
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
    """Let coverage go once it has seen enough: it may then count too little, never too much."""
    coverage = "coverage" in sys.modules and sys.modules["coverage"].Coverage.current()
    if not coverage or not sys.gettrace():
        return (yield)
    law = getattr(pyfuncitem.obj, "hypothesis", None)
    example = law and law.inner_test
    if pyfuncitem.get_closest_marker("unwatched"):
        coverage.stop()
    elif law:
        law.inner_test = _watched(example, coverage)
    try:
        return (yield)
    finally:
        if law:
            law.inner_test = example
        if not sys.gettrace():
            coverage.start()


def _watched(test, coverage):
    left = count(WATCHED, -1)

    @wraps(test)
    def example(*args, **kwargs):
        if next(left) == 0:
            coverage.stop()
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
