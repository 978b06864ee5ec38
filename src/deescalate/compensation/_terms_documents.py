"""Terms as documents: TOML, JSON or a mapping, read with every problem at once, and written."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Any, TypeVar

from attrs import fields, fields_dict

from deescalate.authority import Authority, read_authority
from deescalate.compensation._curves import ResponseCurve
from deescalate.compensation._inputs import currency_code, payable, within
from deescalate.compensation._remedies import Provision, Remedy
from deescalate.documents import Notes, joined, parsed
from deescalate.money import Money, Rounding
from deescalate.rules import Table

K = TypeVar("K")
T = TypeVar("T", ResponseCurve, Provision)

__all__ = ["GATED", "default_gate", "read_terms", "terms_to_mapping"]

FORMAT = 1
_AMOUNTS = ("hour_value", "courtesy", "budget", "late_penalty")
_QUANTITIES = (
    "cap", "attention_share", "repeat_step", "repeat_days", "immediate_hours", "voucher_premium",
)  # fmt: skip
_TIER = ("name", "money", "actions")


GATED = ("wait", "no_money", "apology", "apologise_first", "compensate")
"""What the gate of terms may come to."""


@cache
def default_gate() -> Table:
    """The shipped table that says when money helps, and what comes before it.

    >>> default_gate().decide({"fault": "nobody"}).outcome
    'no_money'
    """
    document = files("deescalate.compensation").joinpath("data/gate.toml").read_text("utf-8")
    return Table.from_document(document)


def read_terms(document: str | Mapping[str, Any], make: type[K]) -> K:
    r"""Read terms.

    Args:
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping.
        make: The class of terms, whose fields state their bounds.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.

    >>> from deescalate.compensation import Terms
    >>> read_terms('currency = "GBP"\nhour_value = 12.50', Terms).hour_value
    Money(amount=Decimal('12.50'), currency='GBP')
    """
    reader = _Reader(make)
    settings = reader.settings(parsed("terms", document, fractions=Decimal))
    return reader.finished("terms", lambda: make(**settings), document)


class _Reader(Notes):
    """Reads terms."""

    currency = ""

    def __init__(self, terms: type[Any]) -> None:
        super().__init__()
        self.terms = terms

    def settings(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The settings, as `Terms` takes them."""
        readers: dict[str, Callable[[str, Any], object]] = {
            "format": self.format,
            "currency": self.code,
            **dict.fromkeys(_AMOUNTS, self.amount),
            **{name: self.quantity_of(self.terms, name) for name in _QUANTITIES},
            "rounding": lambda path, found: self.one_of(path, found, Rounding),
            "loyalty": self.loyalty,
            "curve": self.curve,
            "provisions": self.provisions,
            "tiers": lambda path, found: self.every(path, found, self.tier),
            "gate": self.gate,
        }
        parts = self.mapping("", document, readers)
        made = self.read("", {"currency": None, **parts}, readers)
        made.pop("format", None)
        return made

    def format(self, path: str, found: object) -> None:
        if found != FORMAT or isinstance(found, bool):
            self.expected(path, found, str(FORMAT))

    def code(self, path: str, found: object) -> str:
        if found is None:
            self.expected(path, found, "an ISO 4217 code")
        else:
            self.currency = self.tried(path, lambda: currency_code(self.text(path, found))) or ""
        return self.currency

    def amount(self, path: str, found: object) -> Money | None:
        """An amount in the currency of the terms, where there is one."""
        number = self.exact(path, found)
        if not self.currency:
            return None
        return self.tried(path, lambda: payable(Money(number, self.currency)))

    def quantity_of(self, kind: type, name: str) -> Callable[[str, object], Decimal]:
        """A reader of a setting that a class states the bounds of."""
        return partial(self.quantity, fields_dict(kind)[name])

    def quantity(self, setting: Any, path: str, found: object) -> Decimal:
        number = self.exact(path, found)
        self.tried(path, lambda: setting.validator(None, setting, number))
        return number

    def made_of(self, kind: type[T], path: str, parts: Mapping[str, Any], *first: Any) -> T | None:
        """A value of a class whose settings are exact, each within the bounds that it states."""
        before = len(self.problems)
        names = (name for name, each in fields_dict(kind).items() if each.validator)
        made = self.read(path, parts, {name: self.quantity_of(kind, name) for name in names})
        if len(self.problems) > before:
            return None
        return self.tried(path, lambda: kind(*first, **made))

    def curve(self, path: str, found: object) -> ResponseCurve | None:
        parts = self.mapping(path, found, fields_dict(ResponseCurve))
        return self.made_of(ResponseCurve, path, parts)

    def loyalty(self, path: str, found: object) -> dict[str, Decimal]:
        levels = self.mapping(path, found)
        return {name: self.extra_of(joined(path, name), each) for name, each in levels.items()}

    def extra_of(self, path: str, found: object) -> Decimal:
        number = self.exact(path, found)
        self.tried(path, lambda: within(path, number, 0, 1))
        return number

    def provisions(self, path: str, found: object) -> tuple[Provision | None, ...]:
        before = len(self.problems)
        provisions = self.every(path, found, self.provision)
        if len(self.problems) == before:
            judge: Any = fields(self.terms).provisions.converter
            self.tried(path, lambda: judge(provisions))
        return provisions

    def provision(self, path: str, found: object) -> Provision | None:
        parts = self.mapping(path, found, fields_dict(Provision))
        remedy = self.one_of(joined(path, "remedy"), parts.get("remedy"), Remedy)
        return self.made_of(Provision, path, parts, remedy)

    def tier(self, path: str, found: object) -> Authority | None:
        parts = self.mapping(path, found, _TIER)
        name = self.text(joined(path, "name"), parts.get("name"))
        return read_authority(self, path, tier=name, parts=parts)

    def gate(self, path: str, found: object) -> Table | None:
        """A table over the facts of the shipped one, which need not be written again."""
        shipped = default_gate().to_document(form="mapping")
        frame = {"format": FORMAT, "name": "gate", "facts": shipped["facts"]}
        document = {**frame, **self.mapping(path, found)}
        table = self.tried(path, lambda: Table.from_document(document))
        if table is None:
            return None
        names, known = ({fact.name for fact in each.facts} for each in (table, default_gate()))
        if names != known:
            self.expected(joined(path, "facts"), sorted(names), f"those of {sorted(known)}")
        outcomes = {f"rules[{place}].then": rule.then for place, rule in enumerate(table.rules)}
        outcomes |= {} if table.default is None else {"default": table.default}
        for place, outcome in outcomes.items():
            if outcome not in GATED:
                self.expected(joined(path, place), outcome, f"one of {', '.join(GATED)}")
        return table


def terms_to_mapping(terms: Any) -> dict[str, Any]:
    """Write terms as a plain mapping, its numbers exact, that loads back as equal terms.

    >>> from deescalate.compensation import Terms
    >>> written = terms_to_mapping(Terms(currency="JPY", voucher_premium=Decimal("0.5")))
    >>> written["voucher_premium"], "tiers" in written
    (Decimal('0.5'), False)
    """
    amounts = {name: getattr(terms, name) for name in _AMOUNTS}
    document: dict[str, Any] = {
        "format": FORMAT,
        "currency": terms.currency,
        **{name: _plain(money.amount) for name, money in amounts.items() if money is not None},
        **{name: _plain(getattr(terms, name)) for name in _QUANTITIES},
        "rounding": terms.rounding.value,
        "curve": {name: _plain(getattr(terms.curve, name)) for name in fields_dict(ResponseCurve)},
        "loyalty": {level: _plain(extra) for level, extra in terms.loyalty.items()},
        "provisions": [
            {"remedy": each.remedy.value, "cost": _plain(each.cost), "worth": _plain(each.worth)}
            for each in terms.provisions
        ],
    }
    if terms._stated is not None:
        document["tiers"] = [
            {
                "name": tier.tier,
                "money": {code: _plain(most) for code, most in tier.money.items()},
                "actions": sorted(tier.actions),
            }
            for tier in terms.tiers
        ]
    if terms.gate != default_gate():
        document["gate"] = terms.gate.to_document(form="mapping")
    return document


def _plain(number: Decimal) -> Decimal | int | str:
    """A number without needless places, as documents say it."""
    if number.is_infinite():
        return "unlimited"
    return int(number) if number == number.to_integral_value() else number
