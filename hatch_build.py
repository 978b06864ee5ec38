"""The build hook, where hatch looks for it: compiles the phrase rules of every language.

Also for editable installs. What is compiled is not in git; where it does not fit the files of its
language, because one was edited or pulled since, the library compiles them itself.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledLanguages(BuildHookInterface[Any]):
    """Writes ``languages/NAME/compiled/SET.json`` before the wheel is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile what is not compiled yet."""
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        try:
            from deescalate.languages import Language, languages
            from deescalate.reading import Lexicon
            from deescalate.text.phrases import CompiledRules
        finally:
            sys.path.remove(str(source))
        for language in map(Language.load, languages()):
            folder = source / "deescalate" / "languages" / language.name / "compiled"
            folder.mkdir(exist_ok=True)
            for name in language.phrase_sets:
                text = CompiledRules.from_documents(language.phrases(name)).to_json(
                    digest=language.digest(name)
                )
                (folder / f"{name}.json").write_text(text, "utf-8")
            (folder / "affect.json").write_text(Lexicon.compiled(language), "utf-8")
