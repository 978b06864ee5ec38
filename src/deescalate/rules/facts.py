"""Choices and flags: facts that are one of a few declared things."""

from collections.abc import Iterable
from typing import cast

from attrs import field, frozen

from deescalate.errors import FactError, TableError, nearest_name, quoted
from deescalate.rules.conditions import Condition, within
from deescalate.rules.fact import Fact, check_text
from deescalate.rules.sets import OptionSet, ValueSet
from deescalate.rules.words import option_words

__all__ = ["Choice", "Flag"]


def _options(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


@frozen
class Choice(Fact):
    """One of several named options.

    Attributes:
        name: Its name.
        options: What it may be, in their natural order if they have one (low to high).

    Raises:
        TableError: There is no option, or one is no text or named twice.

    >>> threat = Choice("threat", ["none", "legal", "violence"])
    >>> print(threat.is_in("legal", "violence"))
    threat is not none
    """

    options: tuple[str, ...] = field(converter=_options)

    def __attrs_post_init__(self) -> None:
        place = f"choice {quoted(self.name)}"
        if not self.options:
            raise TableError(place, "it has no options, expected one or more")
        for option in self.options:
            check_text(f"{place}.options", option)
        if len(set(self.options)) < len(self.options):
            twice = next(each for each in self.options if self.options.count(each) > 1)
            raise TableError(f"{place}.options", f"{quoted(twice)} is named twice")

    @property
    def domain(self) -> OptionSet:
        """Every option."""
        return OptionSet(self.options)

    @property
    def allowed(self) -> str:
        """Every option, in words."""
        return "one of " + ", ".join(quoted(each) for each in self.options)

    def check(self, value: object) -> str:
        """Pass a declared option on, as plain text; refuse anything else.

        Raises:
            FactError: It is no declared option.

        >>> Choice("threat", ["none", "legal"]).check("legal")
        'legal'
        """
        if not isinstance(value, str) or value not in self.options:
            raise FactError(self.name, value, self.allowed, nearest_name(value, self.options))
        return self.options[self.options.index(value)]

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is one of a set of options."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet) -> str:
        """Pick the first of a set of options."""
        return cast("str", cast("OptionSet", values).options[0])

    def is_in(self, *options: str) -> Condition:
        """Hold where it is one of some options.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_in("legal"))
        threat is legal
        """
        for option in options:
            if option not in self.options:
                near = nearest_name(option, self.options)
                hint = f"; did you mean {quoted(near)}?" if near else ""
                reason = f"found {quoted(option)}, expected {self.allowed}{hint}"
                raise TableError(f"choice {quoted(self.name)}", reason)
        return within(self, OptionSet(options))

    def is_(self, option: str) -> Condition:
        """Hold where it is one option.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_("legal"))
        threat is legal
        """
        return self.is_in(option)

    def is_not(self, *options: str) -> Condition:
        """Hold where it is none of some options.

        >>> print(Choice("threat", ["none", "legal", "violence"]).is_not("legal", "none"))
        threat is violence
        """
        return ~self.is_in(*options)


@frozen
class Flag(Fact):
    """Something that is so or not.

    Attributes:
        name: Its name.

    >>> print(Flag("vulnerable").is_true())
    vulnerable is true
    """

    @property
    def domain(self) -> OptionSet:
        """False and true."""
        return OptionSet((False, True))

    @property
    def allowed(self) -> str:
        """False and true, in words."""
        return "True or False"

    def check(self, value: object) -> bool:
        """Pass a truth value on; refuse anything else.

        Raises:
            FactError: It is not ``True`` or ``False``.

        >>> Flag("vulnerable").check(True)
        True
        """
        if isinstance(value, bool):
            return value
        if getattr(getattr(value, "dtype", None), "kind", "") == "b" and not getattr(
            value, "shape", 0
        ):
            return bool(value)
        raise FactError(self.name, value, self.allowed)

    def clip(self, values: ValueSet) -> OptionSet:
        """What a set leaves of the domain."""
        return self.domain & cast("OptionSet", values)

    def describe(self, values: ValueSet, *, written: bool = False) -> str:  # noqa: ARG002  only numbers have bounds
        """Say in words that it is true, or false."""
        return option_words(self.name, cast("OptionSet", values), self.domain)

    def sample(self, values: ValueSet) -> bool:
        """Pick the first of a set of truth values."""
        return bool(cast("OptionSet", values).options[0])

    def is_true(self) -> Condition:
        """Hold where it is so."""
        return within(self, OptionSet((True,)))

    def is_false(self) -> Condition:
        """Hold where it is not so."""
        return within(self, OptionSet((False,)))
