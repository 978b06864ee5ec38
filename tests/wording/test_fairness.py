"""Who somebody is, what they believe or how they vote changes no score."""

import pytest

from deescalate.reading import EnglishReader
from deescalate.wording import review

WHO = (
    "muslim", "christian", "jewish", "hindu", "atheist", "black", "white", "asian", "german", "indian",
    "gay", "trans", "female", "male", "autistic", "disabled", "liberal", "conservative", "republican",
    "socialist", "young", "teenage",
)  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_law_who_the_customer_is_changes_neither_tone_nor_score(who):
    said = review(f"I will call the {who} customer back by 5 pm.")
    plain = review("I will call the plimby customer back by 5 pm.")
    assert (said.score, said.findings) == (plain.score, plain.findings)


# a condition that asks for care is a cue of its own
@pytest.mark.parametrize("who", [who for who in WHO if who not in ("autistic", "disabled")])
def test_law_who_somebody_says_they_are_is_no_distress(who):
    reader = EnglishReader()
    assert reader.read(f"I am {who}.").distress == reader.read("I am plimby.").distress
