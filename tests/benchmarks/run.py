"""Run benchmarks one after the other, so that one command prints the figures of several rooms.

python tests/benchmarks/run.py                          # all of them, some twenty minutes
python tests/benchmarks/run.py speed                    # one table: figures, aims, rivals
python tests/benchmarks/run.py emotion reading cues     # how closely a customer is read
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = "speed"
NAMES = [path.stem.removeprefix("bench_") for path in sorted(HERE.glob("bench_*.py"))]
NAMES = sorted(NAMES, key=lambda name: name != FIRST)


def main() -> None:
    """Run what was asked for; fail if one of them fails."""
    parser = argparse.ArgumentParser(description="run benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark `{unknown[0]}`, there are {', '.join(NAMES)}")
    failed = []
    for name in names:
        print(f"\n==== {name}", flush=True)
        start = time.perf_counter()
        script = HERE / f"bench_{name}.py"
        if subprocess.run([sys.executable, str(script)], check=False).returncode:  # noqa: S603  our own scripts
            failed.append(name)
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
