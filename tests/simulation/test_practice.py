"""The drill for people: turn by turn, with coaching, and a card at the end."""

import pytest

from deescalate.errors import SettingError
from deescalate.simulation import STANDARD, DrillEnding, drill, practise


def practised(name, *replies, **more):
    given, lines = iter(replies), []

    def read(prompt):
        lines.append(prompt)
        reply = next(given, None)
        if reply is None:
            raise EOFError
        return reply

    card = practise(STANDARD[name], read=read, write=lines.append, **more)
    return card, lines


def test_a_good_reply_ends_well_and_a_card_is_shown():
    card, lines = practised(
        "charged twice",
        "I am so sorry about this, that is our mistake. I have refunded you the 45 euros just now.",
    )
    assert card.endings == {"settled": 1}
    assert lines[0].startswith("charged twice (easy): ")
    assert "- you know: it can be refunded at once" in lines
    assert lines.count("you: ") == 1
    assert "  coach: they calmed, distress 0.49 to " in "\n".join(lines)
    assert any(line.startswith("you: A") for line in lines)
    assert not any("plan was" in line for line in lines)
    assert any(line.startswith("customer: Thank") for line in lines)


def test_a_bad_reply_is_coached():
    _, lines = practised("charged twice", "Calm down, that is your own fault.", "Calm down!")
    told = "\n".join(lines)
    for part in ("they are more upset", "law broken, respect: T108", "the plan was: "):
        assert part in told
    assert "demand to calm down: " in told


def test_who_stops_gets_the_card_of_what_there_is():
    card, lines = practised("late parcel")
    assert card.results[0].ending in (DrillEnding.OPEN, DrillEnding.LEFT)
    assert card.results[0].course == ()
    assert lines


def test_a_reply_without_effect_is_told_so():
    said = [practised("late parcel", "Hm.", seed=seed)[1] for seed in range(4)]
    assert any("no change" in line for lines in said for line in lines)


def test_a_reply_too_long_ends_it():
    card, _ = practised("late parcel", "x" * 30_000)
    assert card.results[0].ending is DrillEnding.FAILED


def test_it_is_the_same_drill():
    said = ("Hm.",) * 20
    card, _ = practised("late parcel", *said, seed=7)
    other = drill(lambda _: "Hm.", [STANDARD["late parcel"]], seed=7)
    assert card.results == other.results


@pytest.mark.parametrize("reply", [7, b"hi"])
def test_what_is_read_is_a_text(reply):
    with pytest.raises(SettingError, match="gives a text"):
        practised("late parcel", reply)


def test_nothing_but_a_scenario_is_practised():
    with pytest.raises(SettingError, match="at least one scenario"):
        practise("late parcel")  # type: ignore[arg-type]
