"""What one message makes of the state of someone at home: the scale that users are promised."""

import pytest

from deescalate.emotion import EmotionState, Temperament
from deescalate.reading import EnglishReader

READER, USUAL = EnglishReader(), Temperament()
NEUTRAL = (
    "Hello, I have a question about my order 12345.",
    "Where can I find the invoice for my last order?",
    "Can I change the delivery address?",
)
COMPLAINTS = (
    "My parcel has not arrived and it was due last week.",
    "I was charged twice for the same order.",
    "I am not happy with the service, the order is late.",
    "My flight was delayed and nobody told us anything.",
)
ANGRY = (
    "This is ridiculous! I have been waiting for three weeks and nobody answers my emails.",
    "I am really angry about this. Third time I call and still no refund!",
    "This is unacceptable, I am fed up with your excuses.",
)
FURIOUS = (
    "You useless idiots! This is a disgrace, you stole my money, I am furious!!",
    "Are you all morons?! THIS IS THE WORST COMPANY EVER, I will sue you!",
    "You incompetent clowns ruined my wedding. I am absolutely furious, go to hell!",
)
THANKS = (
    "Thank you so much, you were wonderful!",
    "Thanks a lot, that solved it, great service!",
    "Perfect, thanks, have a lovely day!",
)


def after(text: str, times: int = 1) -> EmotionState:
    seen, state = READER.read(text).affect, USUAL.start()
    for turn in range(times):
        state = USUAL.observe(USUAL.drift(state, seconds=300 * bool(turn)), seen)
    return state


@pytest.mark.parametrize(
    ("texts", "low", "high"),
    [
        pytest.param(NEUTRAL, 0.15, 0.35, id="neutral"),
        pytest.param(COMPLAINTS, 0.3, 0.6, id="complaint"),
        pytest.param(ANGRY, 0.6, 0.8, id="angry"),
        pytest.param(FURIOUS, 0.8, 0.95, id="furious"),
        pytest.param(THANKS, 0.0, 0.1, id="thanks"),
    ],
)
def test_one_message_moves_the_state_to_where_people_would_put_it(texts, low, high):
    assert all(low <= after(text).distress <= high for text in texts)


@pytest.mark.parametrize("text", [*COMPLAINTS, *ANGRY, *FURIOUS])
def test_said_again_it_counts_for_more(text):
    assert after(text).distress < after(text, 2).distress < after(text, 3).distress


@pytest.mark.parametrize("text", [*COMPLAINTS, *ANGRY, *FURIOUS, *THANKS])
def test_law_a_state_after_one_message_is_between_home_and_what_the_message_reads(text):
    least, most = sorted((USUAL.start().distress, READER.read(text).distress))
    assert least - 0.05 <= after(text).distress <= most + 0.05


def test_fury_closes_and_a_complaint_does_not():
    assert all(after(text).openness < 0.25 for text in FURIOUS)
    assert all(after(text).openness > 0.5 for text in COMPLAINTS)
    assert {after(text).dominant for text in FURIOUS} == {"anger"}
    assert {after(text).dominant for text in THANKS} <= {"gratitude", "satisfaction", "joy"}
