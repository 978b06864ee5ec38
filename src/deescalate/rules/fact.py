"""What every kind of fact has in common."""

from abc import ABC, abstractmethod

from attrs import field, frozen

from deescalate.errors import TableError, quoted
from deescalate.rules.sets import ValueSet

__all__ = ["Fact", "check_text"]


def check_text(place: str, value: object) -> str:
    """Pass a name or text that any document can hold; refuse the rest.

    Args:
        place: Whose text it is, for the message.
        value: The text: not empty, and without lone surrogates.

    Returns:
        The text.

    Raises:
        TableError: It is no such text.

    >>> check_text("fact", "anger")
    'anger'
    """
    if not isinstance(value, str) or not value.strip():
        raise TableError(place, f"its name is {quoted(value)}, expected a text that is not empty")
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise TableError(place, f"its name {quoted(value)} holds half a surrogate pair")
    return value


def _check_name(fact: object, _attribute: object, value: str) -> None:
    check_text(type(fact).__name__.lower(), value)


@frozen(order=False)
class Fact(ABC):
    """Something a table may ask about: a name and the values it may take."""

    name: str = field(validator=_check_name)

    @property
    @abstractmethod
    def domain(self) -> ValueSet:
        """Every value it may take."""

    @property
    @abstractmethod
    def allowed(self) -> str:
        """Every value it may take, in words."""

    @abstractmethod
    def check(self, value: object) -> object:
        """Pass a value of the domain on, in its plain Python type; refuse any other.

        Raises:
            FactError: The value is of another type or outside the domain.
        """

    @abstractmethod
    def clip(self, values: ValueSet) -> ValueSet:
        """What a set, perhaps of another fact of the kind, leaves of the domain."""

    @abstractmethod
    def describe(self, values: ValueSet, *, written: bool = False) -> str:
        """Say in words that the fact lies in a set of values.

        Args:
            values: The values.
            written: Whether the bounds of whole numbers are to be said as they are.
        """

    @abstractmethod
    def sample(self, values: ValueSet) -> object:
        """Pick a plain value from a set that holds one."""
