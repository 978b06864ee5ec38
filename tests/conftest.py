"""Hypothesis profiles, and where the shared facts and data are."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("fast", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(
    "ci",
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "fast")


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
