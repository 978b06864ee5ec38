"""Were equal cases treated equally: an audit of many decisions, by case, time, agent and group.

Every offer is compared with a reference for its own case: what was worked out for it, or else
the mean of what cases with the same facts were offered. The figures are estimates in floats; no
offer is worked out from them.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from statistics import fmean
from types import MappingProxyType

from attrs import field, frozen

from deescalate.compensation._inputs import payable
from deescalate.errors import SettingError
from deescalate.money import Money
from deescalate.statistics import Estimate, difference, slope

__all__ = ["Audit", "Comparison", "Decided", "OfferDrift", "Unequal", "audit"]


def _key(value: Hashable | Mapping[str, Hashable]) -> Hashable:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _payable_or_none(value: Money | None) -> Money | None:
    return None if value is None else payable(value)


def _labels(value: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(value).items()))


def _aware(_decided: object, _attribute: object, value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise SettingError("at", value, "a datetime with its time zone")


@frozen(kw_only=True)
class Decided:
    """One decision that was made.

    Attributes:
        facts: The facts of the case: a `Harm`, a mapping, or anything hashable. Equal facts are
            equal cases.
        offered: What was offered.
        proposed: What `propose` came to; ``None`` where it is not known.
        at: When, with its time zone; ``None`` where it is not known.
        labels: What decisions are to be compared by, such as ``{"agent": "ana"}``.

    Raises:
        MoneyError: An amount that cannot be used.
        SettingError: A time without its zone.

    >>> from deescalate.money import Money
    >>> Decided(facts={"km": 900}, offered=Money(250, "EUR")).facts
    (('km', 900),)
    """

    facts: Hashable = field(converter=_key)
    offered: Money = field(converter=payable)
    proposed: Money | None = field(default=None, converter=_payable_or_none)
    at: datetime | None = field(default=None, validator=_aware)
    _labels: tuple[tuple[str, str], ...] = field(default=(), converter=_labels, alias="labels")

    @property
    def labels(self) -> Mapping[str, str]:
        """What decisions are to be compared by, read only."""
        return MappingProxyType(dict(self._labels))


@frozen(kw_only=True)
class Unequal:
    """Cases with the same facts and different offers.

    Attributes:
        facts: The facts.
        count: How many cases.
        least: The least that was offered.
        most: The most that was offered.
    """

    facts: Hashable
    count: int
    least: Money
    most: Money


@frozen(kw_only=True)
class Comparison:
    """The decisions with one label beside all others that have such a label.

    Attributes:
        label: The label, such as ``agent``.
        value: Its value.
        count: How many decisions have it.
        others: How many have another.
        mean: The mean of their offers, each as a share of its reference.
        difference: That mean less the mean of the others, with its uncertainty.
        notable: Whether the interval, widened for the number of values compared, excludes none.
    """

    label: str
    value: str
    count: int
    others: int
    mean: float
    difference: Estimate
    notable: bool


@frozen(kw_only=True)
class OfferDrift:
    """How offers for like cases moved over time.

    Attributes:
        count: How many decisions have a time.
        per_30_days: The change of an offer, as a share of its reference, in 30 days.
        notable: Whether its interval excludes none.
    """

    count: int
    per_30_days: Estimate
    notable: bool


@frozen(kw_only=True)
class Audit:
    """What an audit found.

    Attributes:
        count: How many decisions were compared.
        left_out: How many could not be: their reference is nothing.
        unequal: Equal facts with unequal offers, the widest apart first.
        drift: How offers moved over time; ``None`` with fewer than three times.
        comparisons: Every value of every label that occurs often enough, by label and value.
    """

    count: int
    left_out: int
    unequal: tuple[Unequal, ...]
    drift: OfferDrift | None
    comparisons: tuple[Comparison, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing stands out."""
        drifting = self.drift is not None and self.drift.notable
        return not (self.unequal or drifting or any(each.notable for each in self.comparisons))


def audit(decisions: Iterable[Decided], *, confidence: float = 0.95, fewest: int = 5) -> Audit:
    """Look for cases that were not treated alike.

    Args:
        decisions: The decisions, in any order, all in one currency.
        confidence: How sure the intervals are, 0.5 to 0.9999 (ours: 0.95).
        fewest: Decisions that a value and its others need to be compared, 2 or more (ours: 5).

    Raises:
        SettingError: A setting outside its range.
        MoneyError: Decisions in different currencies.

    >>> from deescalate.money import Money
    >>> fair = [Decided(facts={"km": 900}, offered=Money(250, "EUR")) for _ in range(3)]
    >>> audit(fair).ok
    True
    """
    if not 0.5 <= confidence <= 0.9999:
        raise SettingError("confidence", confidence, "a number from 0.5 to 0.9999")
    if fewest < 2:
        raise SettingError("fewest", fewest, "a whole number, 2 or more")
    every = list(decisions)
    cases = _by_facts(every)
    ratios = _ratios(every, cases)
    return Audit(
        count=len(ratios),
        left_out=len(every) - len(ratios),
        unequal=_unequal(cases),
        drift=_drift(ratios, confidence),
        comparisons=tuple(_comparisons(ratios, confidence, fewest)),
    )


_Ratio = tuple[Decided, float]


def _by_facts(decisions: Sequence[Decided]) -> dict[Hashable, list[Money]]:
    cases: dict[Hashable, list[Money]] = {}
    for each in decisions:
        decisions[0].offered.same(each.offered)
        cases.setdefault(each.facts, []).append(each.offered)
    return cases


def _unequal(cases: Mapping[Hashable, Sequence[Money]]) -> tuple[Unequal, ...]:
    found = [
        Unequal(facts=facts, count=len(offers), least=min(offers), most=max(offers))
        for facts, offers in cases.items()
        if min(offers) < max(offers)
    ]
    return tuple(sorted(found, key=lambda each: (each.most - each.least).amount, reverse=True))


def _ratios(
    decisions: Sequence[Decided], cases: Mapping[Hashable, Sequence[Money]]
) -> list[_Ratio]:
    found: list[_Ratio] = []
    for each in decisions:
        offers = cases[each.facts]
        mean = fmean(float(offer.amount) for offer in offers)
        reference = mean if each.proposed is None else float(each.proposed.amount)
        if reference:
            found.append((each, float(each.offered.amount) / reference))
    return found


def _drift(ratios: Sequence[_Ratio], confidence: float) -> OfferDrift | None:
    timed = [(each.at.timestamp() / 86_400, ratio) for each, ratio in ratios if each.at]
    daily = slope(timed, level=confidence)
    if daily is None:
        return None
    monthly = Estimate(30 * daily.estimate, 30 * daily.low, 30 * daily.high)
    return OfferDrift(count=len(timed), per_30_days=monthly, notable=_stands_out(monthly))


def _comparisons(ratios: Sequence[_Ratio], confidence: float, fewest: int) -> Iterator[Comparison]:
    names = sorted({name for each, _ in ratios for name in each.labels})
    for name in names:
        labelled = [(each.labels[name], ratio) for each, ratio in ratios if name in each.labels]
        values = sorted({value for value, _ in labelled})
        sure = 1 - (1 - confidence) / len(values)
        for value in values:
            one = [ratio for label, ratio in labelled if label == value]
            other = [ratio for label, ratio in labelled if label != value]
            found = difference(one, other, level=sure)
            if found and min(len(one), len(other)) >= fewest:
                apart = Estimate(found.value, found.low, found.high)
                yield Comparison(
                    label=name,
                    value=value,
                    count=len(one),
                    others=len(other),
                    mean=fmean(one),
                    difference=apart,
                    notable=_stands_out(apart),
                )


def _stands_out(interval: Estimate) -> bool:
    """Whether an interval excludes no difference by more than the arithmetic's own error."""
    return interval.excludes(0.0) and abs(interval.estimate) > 1e-9
