"""Learned signals: exact sums, whatever the features."""

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.languages import ENGLISH, Language
from deescalate.reading import _agent
from deescalate.reading._direction import Directions
from deescalate.reading._features import ENDS, features_of
from deescalate.reading._kinds import Kinds
from deescalate.reading._signals import Signals, logistic
from deescalate.text import Text
from deescalate.wording import _faults

LABELS = ("late", "rude", "kind")


def model(weights: dict[str, tuple[int, int, int]], intercepts=(-1.0, -2.0, 0.5), step=0.25):
    return Signals(
        labels=LABELS,
        intercepts=intercepts,
        step=step,
        features=tuple(weights),
        weights=bytes(128 + each for row in weights.values() for each in row),
    )


rows = st.tuples(*[st.integers(-127, 127)] * 3)
words = st.text("abcdef ", min_size=1, max_size=4)


@given(st.dictionaries(words, rows, max_size=30), st.lists(words, unique=True, max_size=40))
def test_law_evidence_adds_up_exactly_to_the_score(weights, found):
    signals = model(weights)
    for label, odds in zip(LABELS, signals.log_odds(found), strict=True):
        parts = signals.parts(found, label)
        assert odds == signals.intercept(label) + sum(parts.values())
        assert parts.keys() <= set(found)


@given(st.dictionaries(words, rows, max_size=30), st.lists(words, unique=True, max_size=40))
def test_law_the_order_of_the_features_and_the_unknown_change_nothing(weights, found):
    signals = model(weights)
    known = [each for each in found if signals.knows(each)]
    assert signals.log_odds(found) == signals.log_odds(reversed(known))


@given(
    st.dictionaries(words, rows, min_size=1, max_size=30),
    st.lists(st.lists(words, unique=True, max_size=12), min_size=1, max_size=4),
    st.tuples(*[st.integers(-300, 300)] * 3),
)
def test_law_one_addition_tells_what_a_sum_a_label_tells(weights, texts, least):
    signals = model(weights)
    numbers = [[signals.places[each] for each in text if signals.knows(each)] for text in texts]
    sums = [signals.added(each) for each in numbers]
    plain = [
        [sum(weights[each][at] for each in t if each in weights) for at in range(3)] for t in texts
    ]
    assert [[signals.units(each, at) for at in range(3)] for each in sums] == plain
    limits = signals.reaching(least)
    reached = {at for at in range(3) if any(each[at] >= least[at] for each in plain)}
    assert set(signals.reached([each + limits for each in sums])) == reached
    for at, label in enumerate(LABELS):
        heard = signals.heard(numbers[0], at, 4)
        assert [each for each, _ in heard] == sorted((each for each, _ in heard), reverse=True)
        parts = signals.parts(texts[0], label)
        told = {signals.features[number]: 0.25 * each for each, number in heard}
        assert told == {name: each for name, each in parts.items() if each >= 1.0}


def test_a_thousand_features_overflow_no_lane():
    weights = {f"w{n}": (127, -127, 0) for n in range(1000)}
    assert model(weights).log_odds(weights) == (-1.0 + 31750.0, -2.0 - 31750.0, 0.5)


def test_a_model_reads_its_text_and_refuses_another():
    document = {
        "labels": LABELS,
        "intercepts": [0, 0, 0],
        "step": 0.1,
        "features": ["a\nb", "c"],
        "weights": [b64encode(bytes(range(120, 129))).decode()],
    }
    assert Signals.from_text(json.dumps(document)).features == ("a", "b", "c")
    for broken in (
        {**document, "weights": ["AAAA"]},
        {**document, "intercepts": [0]},
        {**document, "weights": ["?"]},
        {**document, "step": None},
        {k: v for k, v in document.items() if k != "labels"},
        [],
    ):
        with pytest.raises(DocumentError):
            Signals.from_text(json.dumps(broken))
    with pytest.raises(DocumentError):
        Signals.from_text("[" * 100_000)


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "I'M NOT DONE HERE!!!", "a" * 5000])
def test_features_stand_in_the_text(text):
    tokens = Text.of(text).tokens
    for first, last in features_of(tokens, "english", ["anger"]).values():
        assert 0 <= first <= max(last, 0) or not tokens


def test_features_are_words_pairs_capitals_and_constructions():
    found = features_of(Text.of("I DON'T WANT IT. NEVER AGAIN 5").tokens, "english", ["refusal"])
    assert {"not", "do not", "not want", "<number>", "<capitals 4>", "<refusal>"} <= found.keys()
    assert "| i" in found
    assert "<number> |" in found


def test_sentences_may_end_alike():
    tokens = Text.of("No! Go...").tokens
    plain = list(features_of(tokens, "english"))
    alike = list(features_of(tokens, "english", ends=ENDS))
    assert plain == ["no", "| no", "!", "no !", "go", "! go", "...", "go ...", "... |"]
    assert alike == ["no", "| no", "no |", "go", "| go", "go |"]
    assert list(features_of(Text.of("...").tokens, "english", ends=ENDS)) == []


def test_chances_are_bounded():
    assert logistic(-1e9) > 0.0
    assert logistic(1e9) <= 1.0


LEARNED = {
    "signals.json": Kinds.of,
    "directions.json": Directions.of,
    "moves.json": _agent._model,
    "faults.json": _faults._model,
}


@pytest.mark.parametrize("name", LEARNED)
def test_law_a_learned_file_that_is_none_is_told_and_raises_nothing_of_others(name):
    good = json.loads(ENGLISH.files[name])
    broken = ["", "{", "[]", "{}", "[" * 100_000]
    broken += [json.dumps({k: v for k, v in good.items() if k != key}) for key in good]
    broken += [json.dumps({**good, key: odd}) for key in good for odd in (5, None, {"x": 1}, "x")]
    told = 0
    for text in broken:
        try:
            LEARNED[name](Language.from_files("odd", {name: text}))
        except DocumentError:
            told += 1
    assert told > len(broken) // 2
