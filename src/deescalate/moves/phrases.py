"""Ways of making a move, as data to start from, with slots for what only the case can tell."""

import re
from collections.abc import Mapping

from attrs import field, frozen

from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.moves.vocabulary import Move

__all__ = ["Phrase", "phrases_for", "slots"]

_SLOT = re.compile(r"\{([a-z]+)\}")


@frozen
class Phrase:
    """One way of making a move.

    Attributes:
        move: The move that it makes.
        template: Its words; a word in braces is a slot.
        language: The language it is in.

    >>> phrases_for(Move.APOLOGISE)[0].filled(matter="the late parcel", name="Ms Hale")
    'I am sorry about the late parcel, Ms Hale.'
    """

    move: Move
    template: str
    language: Language = field(default=ENGLISH, repr=False)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots in the order in which they stand.

        >>> phrases_for(Move.APOLOGISE)[0].slots
        ('matter', 'name')
        """
        return tuple(_SLOT.findall(self.template))

    def filled(self, **values: str) -> str:
        """The phrase with its slots filled.

        Args:
            **values: A text for each slot, see `slots`; those that this phrase lacks are ignored.
                A text is put in as it stands and never read as a template.

        Returns:
            The phrase. A slot that was given no value shows its hint in square brackets.

        Raises:
            SettingError: A name that is no slot at all.

        >>> phrases_for(Move.APOLOGISE)[1].filled()
        'I apologise for [what went wrong, such as: the late parcel].'
        """
        hints = slots(self.language)
        for name in values:
            if name not in hints:
                raise SettingError("slot", name, "one of " + ", ".join(hints))
        return _SLOT.sub(lambda found: values.get(found[1], f"[{hints[found[1]]}]"), self.template)


def slots(language: Language = ENGLISH) -> Mapping[str, str]:
    """The slots that phrases may have, each with a hint of what belongs there.

    Args:
        language: The language of the phrases.

    >>> slots()["feeling"]
    'the feeling, such as: let down'
    """
    return lists_of(language, "sayings").get("slots", {})


def phrases_for(move: Move, language: Language = ENGLISH) -> tuple[Phrase, ...]:
    """The shipped ways of making a move, in our own words.

    Args:
        move: The move.
        language: The language to speak.

    Returns:
        Two or more phrases; none where the language has none.

    >>> phrases_for(Move.ELICIT_WANT)[0].template
    'What would put this right for you?'
    """
    templates = lists_of(language, "sayings").get(move.value, {})
    return tuple(Phrase(move, template, language) for template in templates)
