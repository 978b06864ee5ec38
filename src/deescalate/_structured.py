"""Values structured from plain data, with one clear reason where it does not fit."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

import cattrs
from attrs import fields

from deescalate._plain import expected, time_to_text
from deescalate.errors import SettingError, TranscriptError, quoted

__all__ = ["plain_converter", "structured", "time_from_text"]

T = TypeVar("T")


def plain_converter(*, alias: bool = False) -> cattrs.Converter:
    """A converter that refuses what it does not know, and texts and times that are none."""
    converter = cattrs.Converter(forbid_extra_keys=True, omit_if_default=True, use_alias=alias)
    converter.register_unstructure_hook(datetime, time_to_text)
    converter.register_structure_hook(datetime, lambda value, _: time_from_text(value))
    converter.register_structure_hook(str, _just_text)
    converter.register_structure_hook(StrEnum, lambda value, kind: kind(value))
    return converter


def time_from_text(value: object) -> datetime:
    """Read a moment as `time_to_text` writes it, or without a zone's name.

    Where this machine does not know the zone, the offset stands for it.

    Raises:
        SettingError: It is no such text.

    >>> time_from_text("2026-10-25T02:10:00+01:00[Europe/Paris]").fold
    1
    """
    text, _, key = str(value).partition("[")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingError("at", value, "a time in ISO 8601 with an offset") from None
    if not key or moment.tzinfo is None:
        return moment
    try:
        zone = ZoneInfo(key.removesuffix("]"))
        for shown in (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)):
            if shown.utcoffset() == moment.utcoffset():
                return shown
        return moment.astimezone(zone)
    except (ValueError, TypeError, OSError, LookupError, OverflowError):
        return moment


def _just_text(value: object, _kind: object) -> str:
    if not isinstance(value, str):
        raise SettingError("value", value, "a text")
    return value


def structured(data: Mapping[str, object], kind: type[T], converter: cattrs.Converter) -> T:
    """Structure plain data, with one clear reason where it does not fit.

    Raises:
        TranscriptError: What is wrong first, in our own words.
    """
    try:
        return converter.structure(data, kind)
    except Exception as error:  # cattrs groups whatever the values raised
        raise TranscriptError(_reason(error)) from error


def _reason(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    match error:
        case cattrs.ForbiddenExtraKeysError():
            key = min(error.extra_fields)
            names = [each.name for each in fields(error.cl)]
            return f"unknown {quoted(key)}: {expected(key, names)}"
        case KeyError():
            return f"{quoted(error.args[0])} is missing"
        case _:
            return str(error)
