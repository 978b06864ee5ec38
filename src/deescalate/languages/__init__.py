"""Languages as folders: every word that the library reads or writes stands in one of these.

One phrase a line. Files in ``.phrases`` hold phrase rules (see `deescalate.text.phrases`), files in
``.txt`` plain lists: a line is a phrase, or ``phrase = value``, ``[name]`` begins a section, ``#``
begins a comment, and a line that begins with a space goes on from the one before. Settings and
weights stand in TOML and JSON.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Self

from attrs import field, frozen

from deescalate._public import publish
from deescalate.errors import DocumentError, Problem, SettingError, nearest_name

__all__ = ["ENGLISH", "Language", "languages", "lists_of"]

_PHRASES = ".phrases"
_SHARED = "common"
_NEGATION = "negation.txt"
_SLOT = re.compile(r"\{([a-z]+)\}")


@frozen(cache_hash=True)
class Language:
    r"""A language: a folder of texts.

    A shipped language is a name until one of its files is asked for.

    Attributes:
        name: Such as ``english``.

    >>> Language.load("english").name
    'english'
    >>> own = Language.from_files("pirate", {"customer.phrases": "[rule thanks]\nyarr"})
    >>> sorted(own.files)
    ['customer.phrases']
    """

    name: str
    _own: tuple[tuple[str, str], ...] | None = field(default=None, alias="own", repr=False)

    @classmethod
    def load(cls, name: str) -> Self:
        """A language that comes with the library.

        Args:
            name: ``english`` or ``german``.

        Returns:
            The language.

        Raises:
            SettingError: If the library has no such language.
        """
        known = languages()
        if name not in known:
            nearest = nearest_name(str(name), known)
            hint = f", did you mean `{nearest}`" if nearest else ""
            raise SettingError("language", name, f"one of {', '.join(known)}{hint}")
        return cls(name)

    @classmethod
    def from_files(cls, name: str, files: Mapping[str, str]) -> Self:
        """A language that is kept elsewhere.

        Args:
            name: What it is called.
            files: The texts of its files by their names; what is left out, it does not have. Begin
                with ``ENGLISH.files`` to change a few words of a shipped language.

        Returns:
            The language.
        """
        return cls(name, tuple(sorted(files.items())))

    @property
    def files(self) -> Mapping[str, str]:
        """The texts of its files by their names."""
        return _files(self.name) if self._own is None else dict(self._own)

    def say(self, text: str, **values: str) -> str:
        """Say in this language what the library says in English.

        Args:
            text: The English; a word in braces is a slot.
            values: A text for each slot, put in as it stands.

        Returns:
            What ``texts.txt`` says for it; the English itself where it says nothing.

        >>> own = Language.from_files("own", {"texts.txt": "due {when} = fällig {when}"})
        >>> own.say("due {when}", when="12 Uhr")
        'fällig 12 Uhr'
        """
        known = lists_of(self, "texts")
        said = next((texts[text] for texts in known.values() if text in texts), text)
        return _SLOT.sub(lambda found: values.get(found[1], found[0]), said)

    def settings(self, file: str) -> Mapping[str, Any]:
        """Read one of its TOML files.

        Args:
            file: Its name without ``.toml``.

        Returns:
            What it says; nothing where there is no such file.

        Raises:
            DocumentError: If it is no TOML.
        """
        return _settings(self, f"{file}.toml")

    def phrases(self, name: str) -> Mapping[str, str]:
        """The files of phrase rules that belong together.

        Args:
            name: What their names begin with: ``customer`` is ``customer.phrases`` and every
                ``customer_*.phrases``.

        Returns:
            Their texts by name. First what all share: the words of ``negation.txt`` as the section
            that phrase rules know, and ``common.phrases``.
        """
        files = self.files
        negators = [word for word in lists_of(self, "negation").get("", {}) if " " not in word]
        shared = {_NEGATION: "\n".join(("[negation]", *negators))} if negators else {}
        return shared | {
            file: files[file]
            for file in sorted(files, key=_shared_first)
            if _set_of(file) in (_SHARED, name)
        }

    @property
    def phrase_sets(self) -> tuple[str, ...]:
        """The names that `phrases` knows.

        >>> ENGLISH.phrase_sets
        ('agent', 'customer', 'promises', 'replies', 'told')
        """
        return tuple(sorted({_set_of(file) for file in self.files} - {_SHARED, ""}))

    def digest(self, name: str) -> str:
        """What tells the files of `phrases` from others: a SHA-256 in hexadecimal."""
        digest = sha256()
        for file, text in self.phrases(name).items():
            digest.update(f"{len(file)} {len(text)}\n{file}{text}".encode())
        return digest.hexdigest()

    def compiled(self, name: str) -> str:
        """What was compiled of `phrases` when the library was built; empty where nothing was."""
        if self._own is not None or self.name not in languages():
            return ""
        file = _folder(self.name) / "compiled" / f"{name}.json"
        return file.read_bytes().decode() if file.is_file() else ""


ENGLISH = Language("english")


def _shared_first(file: str) -> tuple[bool, str]:
    return _set_of(file) != _SHARED, file


def _set_of(file: str) -> str:
    """The set that a file of phrase rules belongs to; empty for other files."""
    return file.removesuffix(_PHRASES).partition("_")[0] if file.endswith(_PHRASES) else ""


def _folder(name: str) -> Traversable:
    return files(__name__) / name


@cache
def languages() -> tuple[str, ...]:
    """The names of the shipped languages.

    >>> "english" in languages()
    True
    """
    folders = (each for each in files(__name__).iterdir() if each.is_dir())
    return tuple(sorted(each.name for each in folders if not each.name.startswith("_")))


@cache
def lists_of(language: Language | str, name: str) -> Mapping[str, Mapping[str, str]]:
    """Read one file of lists of a language; once read it is kept.

    Args:
        language: The language, or the name of a shipped one.
        name: The file, without its ending.

    Returns:
        The values of the phrases of each section; what stands before any section is under ``""``, a
        phrase without a value has the value ``""``. A language may lack a file: it is empty.

    Raises:
        SettingError: If there is no such language.

    >>> lists_of("english", "chat")[""]["pls"]
    'please'
    """
    language = Language.load(language) if isinstance(language, str) else language
    text = language.files.get(f"{name}.txt")
    return {} if text is None else _sections(text)


def _sections(text: str) -> Mapping[str, Mapping[str, str]]:
    section: dict[str, str] = {}
    found = {"": section}
    for line in _joined(text):
        if line[0] == "[" and line[-1] == "]":
            section = found.setdefault(line[1:-1], {})
        elif " = " in line:
            phrase, _, value = line.partition(" = ")
            section[phrase.strip()] = value.strip()
        else:
            section[line] = ""
    return found


def _joined(text: str) -> list[str]:
    """The lines that say something, each with those that go on from it."""
    lines: list[str] = []
    for line in text.splitlines():
        said = line.strip()
        if not said or said == "#" or said[:2] == "# ":
            continue
        if said[0] != line[0] and lines:
            lines[-1] += f" {said}"
        else:
            lines.append(said)
    return lines


@cache
def _files(name: str) -> Mapping[str, str]:
    return _Files({each.name: each for each in _folder(name).iterdir() if each.is_file()})


class _Files(Mapping[str, str]):
    """Texts that are read when they are first asked for."""

    def __init__(self, files: Mapping[str, Traversable]) -> None:
        self._files = dict(sorted(files.items()))
        self._texts: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = self._files[name].read_bytes().decode()
        return self._texts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@cache
def _settings(language: Language, file: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(language.files.get(file, ""))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error)[:1].lower() + str(error)[1:]
        raise DocumentError("language", (Problem(file, reason),)) from None


publish(__name__, __all__, globals())
