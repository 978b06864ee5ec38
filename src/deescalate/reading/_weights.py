"""Thousands of weights, read in a few milliseconds: as they are written, and as they are built in.

``affect.json`` is for people: a row a feature. When the library is built, the same is written as
whole hundredths in one text, under the digest of the file; with another file it is not used.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from itertools import chain
from struct import pack, unpack
from typing import Any, NamedTuple

__all__ = ["MOST", "Weight", "packed", "unpacked", "weights_of"]

MOST = 100.0
"""The largest weight."""
_HUNDRED = 100


class Weight(NamedTuple):
    """What one feature adds to the three sums.

    Attributes:
        distress: In log odds of distress.
        arousal: In latent arousal.
        dominance: In latent dominance.

    >>> Weight(0.9, 0.2, 0.0).distress
    0.9
    """

    distress: float
    arousal: float
    dominance: float


Weights = tuple[dict[str, Weight], dict[str, Any]]
"""Weights, and the rest of their document."""


def weights_of(text: str) -> Weights:
    """Thousands of weights and the rest of their document; nothing where any of it is wrong.

    What is wrong is then told by the layer that knows its line.
    """
    try:
        found: dict[str, Any] = dict(json.loads(text))
        rows: dict[str, Any] = dict(found.pop("weights", {}))
    except (ValueError, TypeError, RecursionError):
        return {}, {}
    try:
        every = [*chain.from_iterable(rows.values())]
        fits = {*map(len, rows.values())} <= {len(Weight._fields)} and {*map(type, every)} <= {
            int,
            float,
        }
        if not fits or not -MOST <= min(every, default=0) <= max(every, default=0) <= MOST:
            return {}, {}
    except TypeError:
        return {}, {}
    return _rowed(rows, rows.values()), found


def _rowed(features: Iterable[str], rows: Iterable[Iterable[float]]) -> dict[str, Weight]:
    new = partial(tuple.__new__, Weight)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  a third of the time of Weight(...)
    return dict(zip(features, map(new, rows), strict=True))


def packed(text: str) -> str:
    """Weights as they are built in; empty where they are no hundredths.

    >>> text = '{"weights": {"late": [0.3, 0.25, 0.0]}}'
    >>> unpacked(packed(text), text)
    ({'late': Weight(distress=0.3, arousal=0.25, dominance=0.0)}, {})
    """
    rows, rest = weights_of(text)
    every = [*chain.from_iterable(rows.values())]
    whole = [round(_HUNDRED * each) for each in every]
    features = "\n".join(rows)
    if [each / _HUNDRED for each in whole] != every or features.split("\n") != [*rows]:
        return ""
    weights = b64encode(pack(f"<{len(whole)}h", *whole)).decode()
    document = {"digest": _digest(text), "features": features, "weights": weights, "rest": rest}
    return json.dumps(document, ensure_ascii=False)


def unpacked(text: str, of: str) -> Weights | None:
    """Weights as they were built in, if they are those of a document.

    Args:
        text: What `packed` wrote.
        of: The document.
    """
    if not text:
        return None
    try:
        found = json.loads(text)
        if found["digest"] != _digest(of):
            return None
        raw = b64decode(found["weights"])
        every = [each / _HUNDRED for each in unpack(f"<{len(raw) // 2}h", raw)]
        rows = zip(every[::3], every[1::3], every[2::3], strict=True)
        return _rowed(found["features"].split("\n"), rows), found["rest"]
    except (ValueError, LookupError, TypeError):  # half written
        return None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
