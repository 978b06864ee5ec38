"""The compiled phrase rules that ship are those of the documents that ship."""

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "fitting" / "compile_patterns.py"
COMPILE = runpy.run_path(str(SCRIPT))


@pytest.mark.parametrize("file", COMPILE["COMPILED"], ids=lambda file: file.stem)
def test_a_compiled_file_is_fresh(file):
    # if this fails: python examples/fitting/compile_patterns.py --write
    assert file.read_text("utf-8") == COMPILE["compiled"](file)
