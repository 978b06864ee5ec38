"""Every file of numbers that a script has learnt stands in the notice of where its data come from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "deescalate"
FILES = [path for kind in ("*.json", "*.toml", "*.txt") for path in sorted(SOURCE.rglob(kind))]


def test_every_learnt_file_is_in_the_notice():
    notice = (ROOT / "NOTICE.md").read_text("utf-8")
    learnt = [
        path
        for path in FILES
        if "compiled" not in path.parts and "examples/fitting/" in path.read_text("utf-8")
    ]
    missing = [path for path in learnt if f"`{path.relative_to(SOURCE).as_posix()}`" not in notice]
    assert len(learnt) >= 7
    assert not missing
