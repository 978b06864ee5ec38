"""How a fact and a set of its values are said to a person."""

from collections.abc import Sequence

from deescalate.rules._engine.sets import Bound, NumberSet, OptionSet, Stretch

__all__ = ["ends", "listed", "number_words", "option_words"]


def listed(words: Sequence[str], last: str = "or") -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def ends(stretch: Stretch, *, whole: bool) -> tuple[Bound, Bound]:
    """The stretch's ends as a person counts: whole numbers up to the last that is in.

    >>> first, last = ends(Stretch(Bound(3), Bound(5)), whole=True)
    >>> last
    Bound(value=4, after=True)
    """
    last = stretch.end
    if whole and last.finite:
        last = Bound(last.value - 1, after=True)
    return stretch.start, last


def number_words(name: str, values: NumberSet, domain: NumberSet, *, unit: str, whole: bool) -> str:
    """Say that a number lies in a set.

    Args:
        name: The fact's name.
        values: The set.
        domain: All that the number may be: ends that it has anyhow are left out.
        unit: What it counts; may be empty.
        whole: Whether it is whole.

    Returns:
        Such as ``waiting is above 30 min``.
    """
    if values == domain:
        return f"{name} is anything"
    words = [_stretch_words(each, domain, whole=whole) for each in values.stretches]
    holes = [ends(each, whole=whole) for each in (domain - values).stretches]
    if len(words) > len(holes) and all(low.value == high.value for low, high in holes):
        words = [f"not {listed([str(low.value) for low, _ in holes])}"]
    return f"{name} is {listed(words) or 'nothing'}{unit and ' ' + unit}"


def _stretch_words(stretch: Stretch, domain: NumberSet, *, whole: bool) -> str:
    low, high = ends(stretch, whole=whole)
    above = "above" if low.after else "at least"
    below = "at most" if high.after else "below"
    if low.value == high.value:
        return str(low.value)
    if stretch.end == domain.stretches[0].end:
        return f"{above} {low.value}"
    if stretch.start == domain.stretches[0].start:
        return f"{below} {high.value}"
    start = f"above {low.value}" if low.after else f"from {low.value}"
    return f"{start} to {high.value}" if high.after else f"{start} to below {high.value}"


def option_words(name: str, values: OptionSet, domain: OptionSet) -> str:
    """Say that a choice or a flag is one of some options.

    >>> option_words("threat", OptionSet(("legal",)), OptionSet(("none", "legal", "violence")))
    'threat is legal'
    """
    if values == domain:
        return f"{name} is anything"
    others = (domain - values).options
    if len(others) == 1 and len(values.options) > 1:
        return f"{name} is not {_option(others[0])}"
    return f"{name} is {listed([_option(each) for each in values.options]) or 'nothing'}"


def _option(option: object) -> str:
    return str(option).lower() if isinstance(option, bool) else str(option)
