"""The shipped schedules: published rules of airlines, railways, utilities and clouds, as documents.

They say what those texts publish as of the dates that every entitlement shows. They are no legal
advice.
"""

from functools import cache
from importlib.resources import files

from deescalate.compensation.schedule import Schedule
from deescalate.errors import SettingError, nearest_name

__all__ = ["load", "names", "text"]

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
    return files("deescalate.compensation").joinpath(f"data/{name}.toml").read_text("utf-8")


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
