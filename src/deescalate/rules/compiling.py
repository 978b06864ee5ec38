"""One function a table that takes the facts of a case to the boxes they meet, as quick as can be.

Its text is put together from a fixed pattern a fact, as attrs does for its methods. Nothing of
the table stands in the text: names, numbers and options are handed over as values.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from deescalate.rules.facts import Choice, Number
from deescalate.rules.matching import Axis, cuts_by_type
from deescalate.rules.sets import Bound, NumberSet

__all__ = ["matcher_of"]

MOST_COMPARED = 16
"""Cuts up to which a tree of comparisons is quicker than a bisection (measured)."""

NOTHING = None
"""Stands for the mask of a value outside the domain: it cannot be joined with any other."""


def matcher_of(axes: Sequence[Axis], everything: int) -> Callable[[Mapping[str, object]], int]:
    """Make the function that finds the boxes a case meets.

    Args:
        axes: The facts, cut by every box.
        everything: The bits of all boxes.

    Returns:
        A function from the facts of a case to the bits of the boxes that it lies in. It raises
        ``LookupError``, ``TypeError`` or ``ArithmeticError`` for whatever is not plain to see:
        facts that are missing, unknown, outside their domain or of an unusual type.

    >>> from deescalate.rules import Flag
    >>> from deescalate.rules.matching import axes_of
    >>> flag = Flag("vulnerable")
    >>> axes = axes_of([flag], flag.is_true().boxes)
    >>> matcher_of(axes, 0b1)({"vulnerable": True})
    1
    """
    values: dict[str, Any] = {"everything": everything, "bisect_right": bisect_right}
    values["Decimal"] = Decimal
    lines = [f"if len(facts) != {len(axes)}: raise TypeError"]
    masks = ["everything"]
    for place, axis in enumerate(axes):
        values[f"name{place}"] = axis.fact.name
        lines.append(f"value = facts[name{place}]")
        if isinstance(axis.fact, Number):
            lines += _number_lines(place, axis, values)
        elif isinstance(axis.fact, Choice):
            values[f"options{place}"] = dict(zip(axis.fact.options, axis.masks, strict=True))
            lines.append(f"mask{place} = options{place}[value]")
        else:
            values[f"no{place}"], values[f"yes{place}"] = axis.masks
            lines.append(f"if value is True: mask{place} = yes{place}")
            lines.append(f"elif value is False: mask{place} = no{place}")
            lines.append("else: raise TypeError")
        masks.append(f"mask{place}")
    lines.append(f"return {' & '.join(masks)}")
    return _built(lines, values)


def _built(
    lines: Sequence[str], values: Mapping[str, Any]
) -> Callable[[Mapping[str, object]], int]:
    body = "\n".join(f"        {line}" for line in lines)
    text = f"def make({', '.join(values)}):\n    def matcher(facts):\n{body}\n    return matcher\n"
    scope: dict[str, Any] = {}
    exec(compile(text, "<table>", "exec"), scope)  # noqa: S102  the text is ours: see the module
    return cast("Callable[[Mapping[str, object]], int]", scope["make"](**values))


def _number_lines(place: int, axis: Axis, values: dict[str, Any]) -> list[str]:
    fact = cast("Number", axis.fact)
    intervals = [cast("NumberSet", each).intervals[0] for each in axis.segments]
    bounds = [intervals[0].start, *(each.end for each in intervals)]
    masks = [NOTHING, *axis.masks, NOTHING]
    if len(bounds) > MOST_COMPARED:
        values[f"cuts{place}"], values[f"masks{place}"] = cuts_by_type(axis), masks
        return [f"mask{place} = masks{place}[bisect_right(cuts{place}[type(value)], value)]"]
    kinds = (
        ["int"]
        if fact.integer
        else ["int", "Decimal"]
        if fact.decimal
        else ["float", "int", "Decimal"]
    )
    test = " and ".join(f"kind is not {kind}" for kind in kinds)
    for number, mask in enumerate(masks):
        values[f"mask{place}_{number}"] = mask
    for number, bound in enumerate(bounds):
        values[f"cut{place}_{number}"] = bound.value
    tree = _tree(place, bounds, 0, len(bounds))
    return ["kind = type(value)", f"if {test}: raise TypeError", f"mask{place} = {tree}"]


def _tree(place: int, bounds: Sequence[Bound], first: int, last: int) -> str:
    """Comparisons that lead to the mask: what is not a number fails them all and ends outside."""
    if first == last:
        return f"mask{place}_{first}"
    middle = (first + last) // 2
    sign = "<=" if bounds[middle].after else "<"
    left = _tree(place, bounds, first, middle)
    right = _tree(place, bounds, middle + 1, last)
    return f"({left} if value {sign} cut{place}_{middle} else {right})"
