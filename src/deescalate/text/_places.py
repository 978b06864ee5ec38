"""Places in a text, asked many times whether something stands in one of them."""

from bisect import bisect_right
from collections.abc import Iterable

from attrs import field, frozen

from deescalate.text._tokens import Span

__all__ = ["Places"]


def _merged(spans: Iterable[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    starts: list[int] = []
    ends: list[int] = []
    for span in sorted(spans, key=_start):
        if ends and span.start < ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        elif span.start < span.end:
            starts.append(span.start)
            ends.append(span.end)
    return tuple(starts), tuple(ends)


def _start(span: Span) -> int:
    return span.start


@frozen
class Places:
    """Spans of a text, in any order; a question costs little however many there are.

    >>> places = Places([Span(4, 9), Span(0, 5)])
    >>> places.touch(Span(8, 20)), places.touch(Span(9, 20))
    (True, False)
    """

    _places: tuple[tuple[int, ...], tuple[int, ...]] = field(converter=_merged)

    def touch(self, span: Span) -> bool:
        """Whether a span overlaps one of them."""
        starts, ends = self._places
        at = bisect_right(ends, span.start)
        return at < len(starts) and starts[at] < span.end
