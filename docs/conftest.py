"""The pages' examples are run as tests."""

from importlib.util import find_spec

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser


def setup(namespace):
    """What pages ask before they show another library."""
    namespace["installed"] = lambda *names: all(find_spec(name) for name in names)


pytest_collect_file = Sybil(
    setup=setup,
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["*.md"],
    excludes=["_build/*"],
).pytest()

collect_ignore_glob = ["conf.py", "figures/*", "try/*", "_build/*"]
