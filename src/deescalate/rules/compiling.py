"""One function a table that takes the facts of a case to its verdict, as quick as can be.

Its text is put together from a fixed pattern a fact, as attrs does for its methods. Nothing of
the table stands in the text but numbers; names and options are handed over as values.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from deescalate.rules.facts import Choice, Number
from deescalate.rules.matching import Axis, cuts_by_type
from deescalate.rules.verdict import Verdict

__all__ = ["Matcher", "matcher_of"]

MOST_COMPARED = 16
"""Cuts up to which a tree of comparisons is quicker than a bisection (measured)."""

NOTHING = None
"""Stands for the mask of a value outside the domain: it cannot be joined with any other."""

Matcher = Callable[[Mapping[str, object]], Verdict]


def matcher_of(
    axes: Sequence[Axis], known: Mapping[int, Verdict], verdict_for: Callable[[int], Verdict]
) -> Matcher:
    """Make the function that decides a case for which all facts are given and plain.

    Args:
        axes: The facts, cut by every box.
        known: Verdicts by the bits of the boxes that a case lies in.
        verdict_for: Makes those that are not there yet.

    Returns:
        A function from the facts of a case to its verdict. It raises ``LookupError``,
        ``TypeError`` or ``ArithmeticError`` for whatever is not plain to see: facts that are
        missing, unknown, outside their domain or of an unusual type.
    """
    values: dict[str, Any] = {
        "known": known,
        "verdict_for": verdict_for,
        "bisect_right": bisect_right,
        "infinity": math.inf,
    }
    lines = [f"if len(facts) != {len(axes)}: raise TypeError"]
    for place, axis in enumerate(axes):
        values[f"name{place}"] = axis.fact.name
        lines.append(f"value = facts[name{place}]")
        if isinstance(axis.fact, Number):
            lines += _number_lines(place, axis, values)
        elif isinstance(axis.fact, Choice):
            values[f"options{place}"] = dict(zip(axis.fact.options, axis.masks, strict=True))
            lines.append(f"mask{place} = options{place}[value]")
        else:
            no, yes = axis.masks
            lines.append(f"if value is True: mask{place} = {yes:#x}")
            lines.append(f"elif value is False: mask{place} = {no:#x}")
            lines.append("else: raise TypeError")
    if not axes:
        lines.append("raise TypeError")  # nothing to look up: the careful way decides
    everything = (
        f"{(1 << max((m.bit_length() for axis in axes for m in axis.masks), default=0)) - 1:#x}"
    )
    masks = " & ".join((everything, *(f"mask{place}" for place in range(len(axes)))))
    lines += [f"mask = {masks}", "if mask in known: return known[mask]", "return verdict_for(mask)"]
    return _built(lines, values)


def _built(lines: Sequence[str], values: Mapping[str, Any]) -> Matcher:
    body = "\n".join(f"        {line}" for line in lines)
    text = f"def make({', '.join(values)}):\n    def matcher(facts):\n{body}\n    return matcher\n"
    scope: dict[str, Any] = {}
    exec(compile(text, "<table>", "exec"), scope)  # noqa: S102  the text is ours: see the module
    return cast("Matcher", scope["make"](**values))


def _number_lines(place: int, axis: Axis, values: dict[str, Any]) -> list[str]:
    """A tree of comparisons for floats and for ints, each with cuts of its own type."""
    cuts = cuts_by_type(axis)
    masks = [NOTHING, *axis.masks, NOTHING]
    values[f"cuts{place}"], values[f"masks{place}"] = cuts, masks
    bisected = f"mask{place} = masks{place}[bisect_right(cuts{place}[type(value)], value)]"
    if len(masks) > MOST_COMPARED:
        return [bisected]
    words = [NOTHING if mask is None else f"{mask:#x}" for mask in masks]
    lines: list[str] = []
    for kind in (float, int):
        if kind in cuts:
            word = "elif" if lines else "if"
            tree = _tree(cast("Sequence[float]", cuts[kind]), words, whole=kind is int)
            lines.append(f"{word} type(value) is {kind.__name__}: mask{place} = {tree}")
    return [*lines, f"else: {bisected}"]


def _tree(cuts: Sequence[float], masks: Sequence[str | None], *, whole: bool) -> str:
    """Comparisons that lead to the mask: what is not a number fails them all and ends outside."""
    if not cuts:
        return str(masks[0])
    middle = len(cuts) // 2
    cut = cuts[middle]
    left = _tree(cuts[:middle], masks[: middle + 1], whole=whole)
    right = _tree(cuts[middle + 1 :], masks[middle + 1 :], whole=whole)
    if whole and isinstance(cut, float):
        return left if cut > 0 else right
    return f"({left} if value < {_written(cut)} else {right})"


def _written(cut: float) -> str:
    if isinstance(cut, int):
        return f"{cut:#x}"
    return "infinity" if math.isinf(cut) else repr(cut)
