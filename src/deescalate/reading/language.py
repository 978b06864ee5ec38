"""A language as data: word weights, negators, degrees, contrast, polite words, spellings.

The code of the reader holds no language. A language is two documents: a TOML one that people write
and a JSON one that a script fits.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Self

from attrs import field, frozen

__all__ = ["Language", "Weight"]

Weight = tuple[float, float, float]


@frozen(kw_only=True)
class Language:
    name: str
    negators: frozenset[str]
    reach: int
    contrast: frozenset[str]
    degrees: Mapping[str, float]
    polite: frozenset[str]
    spellings: Mapping[str, str]
    weights: Mapping[str, Weight] = field(factory=dict)
    scale: Mapping[str, float] = field(factory=dict)

    @classmethod
    def from_documents(cls, settings: str, weights: str = "{}") -> Self:
        found: dict[str, Any] = tomllib.loads(settings)
        fitted = json.loads(weights)
        return cls(
            name=found["name"],
            negators=frozenset(found["negation"]["words"]),
            reach=found["negation"]["reach"],
            contrast=frozenset(found["clauses"]["contrast"]),
            degrees=found["degrees"],
            polite=frozenset(found["polite"]["words"]),
            spellings=found["spellings"],
            weights=fitted.get("weights", {}),
            scale=fitted.get("scale", {}),
        )

    @classmethod
    def load(cls, name: str) -> "Language":
        return _load(name)


@cache
def _load(name: str) -> Language:
    folder = files("deescalate.reading") / "data" / name
    w = folder / "weights.json"
    return Language.from_documents(
        (folder / "language.toml").read_text("utf-8"), w.read_text("utf-8") if w.is_file() else "{}"
    )
