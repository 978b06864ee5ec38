"""The pages' examples are run as tests."""

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["*.md"],
    excludes=["_build/*"],
).pytest()

collect_ignore_glob = ["conf.py", "figures/*", "_build/*"]
