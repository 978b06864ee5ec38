"""Build the page on which one can try the library in a browser; nothing on it comes from elsewhere.

::

    python docs/try/build.py docs/_build/html/try

It needs npm (for Pyodide, Python in WebAssembly) and pip. What it puts together is served as it
is, by any server of files; opened as a file it does not run, since browsers load no modules so.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYODIDE = "pyodide@314.0.7"
NEEDED = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
WHEELS = ("attrs", "cattrs", "typing-extensions")


def run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  npm and pip


def build(out: Path) -> None:
    """Put the page, Python and the wheels into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run("npm", "pack", "--silent", PYODIDE, folder=work)
        with tarfile.open(next(work.glob("pyodide-*.tgz"))) as archive:
            for each in NEEDED:
                archive.extract(f"package/{each}", work, filter="data")
                (out / each).write_bytes((work / "package" / each).read_bytes())
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(*pip, "wheel", "--no-deps", "-w", str(work), str(ROOT), folder=work)
        run(*pip, "download", "--no-deps", "-d", str(work), *WHEELS, folder=work)
        wheels = sorted(work.glob("*.whl"))
        for wheel in wheels:
            (out / wheel.name).write_bytes(wheel.read_bytes())
    (out / "wheels.json").write_text(json.dumps([wheel.name for wheel in wheels]))
    for page in ("index.html", "try.mjs", "look.py"):
        (out / page).write_bytes((HERE / page).read_bytes())


if __name__ == "__main__":
    build(Path(sys.argv[1]).resolve())
