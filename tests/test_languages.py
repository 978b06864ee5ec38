"""Languages as folders: what is loaded, what is refused, and what was compiled when it was built."""

import pickle
from pathlib import Path

import pytest

import deescalate.languages
from deescalate.errors import DocumentError, SettingError
from deescalate.languages import ENGLISH, Language, languages, lists_of
from deescalate.reading import LanguageReader
from deescalate.text.phrases import CompiledRules, PatternSet

FOLDER = Path(deescalate.languages.__file__).parent
FILES = [
    each for name in languages() for each in sorted((FOLDER / name).iterdir()) if each.is_file()
]
PROMISES = {"promises.phrases": "[rule call]\ni'll call"}


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(SettingError, match=r"one of english.*did you mean `english`"):
        Language.load("englsh")
    with pytest.raises(SettingError, match="`language` is `7`"):
        Language.load(7)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_line_of_a_language_is_long(file):
    assert max(map(len, file.read_text("utf-8").splitlines()), default=0) <= 120


def test_a_language_kept_elsewhere_is_a_mapping_of_texts():
    own = Language.from_files("own", {**ENGLISH.files, "customer.phrases": "[rule thanks]\nyarr"})
    assert own.files["agent.phrases"] == ENGLISH.files["agent.phrases"]
    assert own.compiled("agent") == ""
    assert own == pickle.loads(pickle.dumps(own)) != ENGLISH  # noqa: S301  our own bytes
    assert hash(own) != hash(ENGLISH)


def test_what_a_language_lacks_is_empty():
    bare = Language.from_files("bare", {})
    assert bare.phrase_sets == ()
    assert bare.settings("tone") == lists_of(bare, "sayings") == {}
    assert PatternSet.of(bare, "customer").rules == ()
    reading = LanguageReader(bare).read("You idiots!")
    assert (reading.cues, reading.affect.pleasure.precision) == ((), 0.0)


def test_settings_that_are_no_toml_are_refused():
    with pytest.raises(DocumentError, match=r"tone\.toml: invalid"):
        Language.from_files("own", {"tone.toml": "= 1"}).settings("tone")


def test_a_line_of_a_list_goes_on_in_the_next():
    text = "# a comment\n[thank]\nthank you\n  very much\n\nthanks = 2\n"
    assert lists_of(Language.from_files("own", {"sayings.txt": text}), "sayings") == {
        "": {},
        "thank": {"thank you very much": "", "thanks": "2"},
    }


def test_what_all_rules_share_comes_first():
    own = Language.from_files(
        "own",
        {"agent.phrases": "", "agent_more.phrases": "", "common.phrases": "", "b.phrases": ""},
    )
    assert list(own.phrases("agent")) == ["common.phrases", "agent.phrases", "agent_more.phrases"]
    assert own.phrase_sets == ("agent", "b")


@pytest.fixture
def built(monkeypatch):
    """A language of one rule, and a way to say what was compiled when it was built."""
    own = Language.from_files("own", PROMISES)

    def compiled_was(text):
        monkeypatch.setattr(Language, "compiled", lambda _self, _name: text)
        return CompiledRules.of(own, "promises").rules[0].label

    return own, compiled_was


def test_what_was_compiled_is_used_for_its_own_files_only(built):
    own, label_with = built
    other = CompiledRules.from_documents({"": "[rule other]\nother"})
    assert label_with(other.to_json(digest=own.digest("promises"))) == "other"
    assert label_with(other.to_json(digest="of other files")) == "call"
    assert (
        label_with("") == label_with('{"half": ') == label_with("{}") == label_with("[]") == "call"
    )


@pytest.mark.unwatched
@pytest.mark.parametrize("name", languages())
def test_all_rules_of_a_language_compile_to_what_was_built(name):
    language = Language.load(name)
    for part in language.phrase_sets:
        digest, built = language.digest(part), language.compiled(part)
        fresh = CompiledRules.from_documents(language.phrases(part)).to_json(digest=digest)
        used = built if CompiledRules.from_json(built, digest=digest) else fresh
        assert used == fresh  # else the format of compiled rules has changed, its number has not
