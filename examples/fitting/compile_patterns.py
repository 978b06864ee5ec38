"""Compile the shipped phrase rules, so that reading them takes milliseconds.

    python examples/fitting/compile_patterns.py            # say which files are stale
    python examples/fitting/compile_patterns.py --write    # write them

Documents of phrase rules (``cues*.toml``, ``agent.toml``, ...) have one JSON file beside them. A
file that was made from other documents is never used: the library compiles them itself then, in a
second.
"""

import argparse
import sys
from pathlib import Path

from deescalate.text.phrases import CompiledRules, digest_of, documents_in

SOURCE = Path(__file__).resolve().parents[2] / "src" / "deescalate"
COMPILED = (
    SOURCE / "reading" / "data" / "english" / "agent.json",
    SOURCE / "reading" / "data" / "english" / "commitments.json",
    SOURCE / "reading" / "data" / "english" / "cues.json",
    SOURCE / "wording" / "data" / "english.json",
)


def compiled(file: Path) -> str:
    """The text that a file of compiled rules should hold."""
    texts = documents_in(file.parent, file.stem)
    return CompiledRules.from_documents(*texts).to_json(digest=digest_of(texts)) + "\n"


def main() -> None:
    """Say which files are stale, or write them."""
    parser = argparse.ArgumentParser(description="compile the shipped phrase rules")
    parser.add_argument("--write", action="store_true", help="write what is stale")
    write = parser.parse_args().write
    stale = 0
    for file in COMPILED:
        text = compiled(file)
        fresh = file.exists() and file.read_text("utf-8") == text
        stale += not fresh
        if write and not fresh:
            file.write_text(text, "utf-8")
        said = "fresh" if fresh else "written" if write else "stale"
        print(f"{file.relative_to(SOURCE)}: {said}, {len(text) // 1000:,} kB")
    sys.exit(1 if stale and not write else 0)


if __name__ == "__main__":
    main()
