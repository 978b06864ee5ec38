"""Published schedules as documents, and those that are shipped.

The shipped ones say what airlines, railways, utilities and clouds publish as of the dates that
every entitlement shows. They are no legal advice.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from attrs import frozen

from deescalate.documents import Document, Notes, Shape
from deescalate.errors import SettingError, nearest_name
from deescalate.findings import Finding, Report
from deescalate.schedules._checking import check_schedule, turns_along
from deescalate.schedules._nearby import AmountChange, nearest_amount
from deescalate.schedules._reading import read_schedule
from deescalate.schedules._tariff import Tariff
from deescalate.schedules._writing import schema, written

__all__ = ["Schedule", "load", "names", "text"]

_NAMES = (
    "aws_sla",
    "azure_sla",
    "cloudflare_business",
    "de_dticket",
    "eu261",
    "eu_rail",
    "gb_water_gss",
    "uk261",
    "uk_delay_repay",
    "uk_late_payment",
    "us_dbc",
    "us_refund",
)


@frozen(kw_only=True, repr=False)
class Schedule(Tariff, Document):
    """A published schedule of compensation.

    The amounts are worked out from a document, exactly. It says what a text publishes as of its
    dates, and it is no legal advice.

    Attributes:
        name: Its short name.
        title: Its title.
        currency: An ISO 4217 code, or ``percent``.
        given: The facts that a case brings.
        derived: The facts worked out from them, each after those it needs.
        parts: The components that add up.
        total: The last steps on their sum, in order.
        tests: Cases with their known amounts.
        in_force: From when the published rules hold.
        until: Until when; ``None`` where no end is known.
        checked: When the document was last compared with them.
        edition: Which edition of them it follows.
        sources: Where they are published.
        notes: What a reader should know.

    >>> schedule = Schedule.from_document('''
    ... format = 1
    ... name = "parcel"
    ... title = "Our promise on late parcels"
    ... currency = "EUR"
    ... [facts.days_late]
    ... number = { low = 0, integer = true, unit = "days" }
    ... [[parts]]
    ... name = "delay"
    ... formula = "min(5 * over(days_late, 2), 50)"
    ... ''')
    >>> print(schedule.amount({"days_late": 4}).money)
    EUR 10.00
    """

    document_kind = "schedule"

    @classmethod
    def document_shape(cls) -> Shape:
        """How it is read and written: the how-to page "write a schedule" describes the form."""

        def read(notes: Notes, path: str, found: object) -> Schedule | None:
            return notes.tried(path, lambda: read_schedule(found, cls))

        return Shape(read, schema, written)

    def check(self, *, most: int = 3, limit: int = 20_000) -> Report:
        """Look for everything that is wrong or odd with the schedule.

        Gaps, overlaps, dead rules and the like are proved table by table. Where a fact says
        that the amount rises or falls with it, the amount is followed along that fact.

        Args:
            most: Falls reported for each fact at most.
            limit: Cases worked out for each fact before giving up.

        Returns:
            Findings, the gravest first.

        Raises:
            WorkLimitError: It would take more work than the limit.

        >>> from deescalate import schedules
        >>> schedules.load("uk_late_payment").check().ok
        True
        """
        return check_schedule(self, most=most, limit=limit)

    def nearest(
        self,
        facts: Mapping[str, object],
        *,
        at_least: Decimal | int | None = None,
        fixed: Iterable[str] = (),
        limit: int = 20_000,
    ) -> tuple[AmountChange, ...]:
        """Find for each fact the smallest change of it alone that leads to another amount.

        Nothing is sampled: ranges of a number are worked out whole, and halved where they do not
        settle it. A whole number is moved by ones, another by hundredths, and one without an end
        by a million at most.

        Args:
            facts: The case; facts left out take their defaults.
            at_least: The amount that is wanted, in the schedule's currency or percent; ``None``
                for any other than the one awarded.
            fixed: Names of the facts that cannot be otherwise.
            limit: Cases and ranges worked out before giving up.

        Returns:
            One for each fact that can do it alone, numbers first.

        Raises:
            FactError: A fact is unknown, of a wrong type, or outside its domain.
            UndecidedError: Facts are missing that could still change what is awarded.
            WorkLimitError: It would take more work than the limit.

        >>> from deescalate import schedules
        >>> case = {"event": "delay", "km": 2000, "delay_min": 175}
        >>> print(schedules.load("eu261").nearest(case, at_least=400)[0])
        had delay_min been 5 min more (180, not 175), EUR 400.00 would be due, not EUR 0.00
        """
        return nearest_amount(self, facts, at_least=at_least, fixed=fixed, limit=limit)

    def turns(self, fact: str, *, most: int = 3, limit: int = 20_000) -> tuple[Finding, ...]:
        """Follow the amount along one fact and find where it turns the wrong way.

        Every pair that is found is worked out on both sides. Where the fact stands in conditions
        alone, none is overlooked; where formulas name it too, it is tried at every cut, beside
        it and between.

        Args:
            fact: A number that is given, and that says whether the amount rises or falls with it.
            most: Turns reported at most.
            limit: Cases worked out before giving up.

        Raises:
            SettingError: There is no such fact, or it says neither.
            WorkLimitError: It would take more work than the limit.

        >>> from deescalate import schedules
        >>> schedules.load("uk_late_payment").turns("debt")
        ()
        """
        return turns_along(self, fact, most=most, limit=limit)


def names() -> tuple[str, ...]:
    """The names of the shipped schedules, sorted.

    >>> "eu261" in names()
    True
    """
    return _NAMES


def text(name: str) -> str:
    """A shipped schedule's document, to read or to start one's own from.

    Args:
        name: One of `names`.

    Raises:
        SettingError: There is no such schedule.

    >>> text("eu261").splitlines()[1]
    'name = "eu261"'
    """
    if name not in _NAMES:
        near = nearest_name(name, _NAMES)
        hint = f"; did you mean `{near}`?" if near else ""
        raise SettingError("name", name, f"one of {', '.join(_NAMES)}{hint}")
    return files("deescalate.schedules").joinpath(f"data/{name}.toml").read_text("utf-8")


@cache
def load(name: str) -> Schedule:
    """Load a shipped schedule.

    Args:
        name: One of `names`.

    Raises:
        SettingError: There is no such schedule.

    >>> print(load("eu261").amount({"event": "delay", "km": 2000, "delay_min": 200}).money)
    EUR 400.00
    """
    return Schedule.from_document(text(name))
