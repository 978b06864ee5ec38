"""What earlier versions wrote, read by this one: the folders beside this file, one a version, written by `write.py`.

The folder of 0.1.0 was written by that version at commit 56bcd9c, which had no snapshots, no documents of playbooks
and no decisions to keep; what it said of each file stands in its ``said.json``, as in every folder.
"""

import json
import runpy
from pathlib import Path

import pytest

from deescalate.errors import DocumentError

HERE = Path(__file__).resolve().parent
WRITE = runpy.run_path(str(HERE / "write.py"))
FOLDERS = sorted(
    folder for folder in HERE.iterdir() if folder.is_dir() and folder.name[0].isdigit()
)
FILES = [
    pytest.param(folder, file.name, id=f"{folder.name}-{file.name}")
    for folder in FOLDERS
    for file in sorted(folder.iterdir())
    if file.name != "said.json"
]
GIVEN_UP = {
    (
        "0.1.0",
        "cues.toml",
    ): "rules in the TOML of version 0.1.0: write `.rule NAME.`, then a phrase a line",
}
"""Forms that were given up on purpose, with what is said to whoever still has one; the changelog says why."""


def kept(folder, name):
    return (folder / name).read_text(encoding="utf-8", errors="surrogatepass")


@pytest.mark.parametrize(("folder", "name"), FILES)
def test_what_was_written_is_read_as_it_was_meant(folder, name):
    read = WRITE["READERS"][name]
    if (folder.name, name) in GIVEN_UP:
        with pytest.raises(DocumentError, match=GIVEN_UP[folder.name, name]) as caught:
            read(kept(folder, name))
        assert len(caught.value.problems) == 1
        return
    said = json.loads(kept(folder, "said.json"))[name]
    assert json.loads(json.dumps(read(kept(folder, name)))) == said


def test_there_is_a_folder_of_every_version_and_it_holds_what_this_one_keeps():
    names = [folder.name for folder in FOLDERS]
    assert names == ["0.1.0", WRITE["VERSION"]]
    assert {*WRITE["READERS"]} - {"cues.toml"} == {
        file.name for file in FOLDERS[-1].iterdir() if file.name != "said.json"
    }


def test_what_this_version_keeps_is_written_as_its_folder_has_it():
    written = WRITE["written"]()
    for name in (
        "refund.jsonl",
        "threat.jsonl",
        "terms.toml",
        "terms.json",
        "wording.toml",
        "cues.phrases",
    ):
        assert written[name] == kept(FOLDERS[-1], name), (
            "run tests/persistence/write.py if this is meant"
        )
