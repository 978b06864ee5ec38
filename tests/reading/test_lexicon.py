"""What tells the affect, as two files: what is refused, and that English holds nothing but data."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deescalate
from deescalate.errors import DocumentError
from deescalate.languages import ENGLISH, Language, languages
from deescalate.reading import Lexicon
from deescalate.reading._lexicon import Scale, Trust
from deescalate.reading._weights import packed, unpacked, weights_of

GOOD = """
[negation]
reach = 3
turned = 0.5
softened = 0.2
strong = 0.4
[clauses]
contrast = ["aber"]
[degrees]
most = 2
words = { sehr = 1.5 }
[polite]
words = ["bitte"]
[spellings]
nich = "nicht"
"""


def lexicon(settings, weights="{}"):
    files = {"affect.toml": settings, "affect.json": weights, "negation.txt": "nicht"}
    return Lexicon.of(Language.from_files("tiny", files))


def problems(settings, weights="{}"):
    with pytest.raises(DocumentError) as caught:
        lexicon(settings, weights)
    return [str(problem) for problem in caught.value.problems]


def test_a_lexicon_is_two_files():
    language = lexicon(
        GOOD,
        '{"provenance": {"by": "hand"}, "scale": {"distress": 3, "stretch": 1.5, "trust_pleasure": {"most": 5, "half": 2}},'
        ' "weights": {"schlecht": [0.9, 0.1, 0]}}',
    )
    assert language.negators == {"nicht"}
    assert language.degrees == {"sehr": 1.5}
    assert language.weights["schlecht"].distress == 0.9
    assert language.scale == Scale(
        distress=3.0, stretch=1.5, trust_pleasure=Trust(most=5.0, half=2.0)
    )
    assert language.provenance == '{"by": "hand"}'


def test_weights_may_be_missing():
    assert lexicon(GOOD).weights == {}
    assert Lexicon.of(Language.from_files("none", {})) == Lexicon()


@pytest.mark.parametrize(
    ("settings", "weights", "expected"),
    [
        ("name = ", "{}", "affect.toml.text: invalid value"),
        (GOOD, "{", "affect.json.text: "),
        (GOOD, "[" * 100_000, "affect.json"),
        (GOOD, "[]", "affect.json.text: "),
        (GOOD.replace("[polite]", "[politte]"), "{}", "politte: unknown, expected one of"),
        (
            GOOD.replace('["bitte"]', '"bitte"'),
            "{}",
            "polite.words: found `bitte`, expected a list",
        ),
        (
            GOOD.replace('["bitte"]', '["Bitte"]'),
            "{}",
            "polite.words[0]: found `Bitte`, expected one",
        ),
        (GOOD.replace('["bitte"]', "[1]"), "{}", "polite.words[0]: found `1`, expected one word"),
        (
            GOOD.replace("reach = 3", 'words = ["nicht"]\nreach = 3'),
            "{}",
            "negation.words: unknown",
        ),
        (
            GOOD.replace("reach = 3", "reach = 0"),
            "{}",
            "negation.reach: found `0`, expected a number, 1",
        ),
        (GOOD.replace("turned = 0.5", "turned = true"), "{}", "negation.turned: found `True`"),
        (GOOD.replace("turned = 0.5", "turned = 2"), "{}", "expected a number, 0 to 1"),
        (GOOD.replace("1.5", "nan"), "{}", "degrees.words.sehr: found `nan`"),
        (GOOD.replace('= "nicht"', "= 4"), "{}", "spellings.nich: found `4`, expected one word"),
        (GOOD, '{"weights": {"late": [1, 2]}}', "weights.late: found `[1, 2]`, expected 3 numbers"),
        (GOOD, '{"weights": {"late": [1, 2, "x"]}}', "weights.late"),
        (GOOD, '{"weights": {"late": 3}}', "weights.late: found `3`"),
        (GOOD, '{"weights": {"late": [1, 2, NaN]}}', "affect.json.text: found `NaN`"),
        (GOOD, '{"scale": {"distres": 3}}', "scale.distres: unknown"),
        (GOOD, '{"scale": {"distress": 0}}', "scale.distress: found `0`"),
        (GOOD, '{"scale": {"trust_arousal": {"most": -1, "half": 1}}}', "scale.trust_arousal.most"),
        (GOOD, '{"scale": {"trust_arousal": {"most": 1}}}', "scale.trust_arousal.half: missing"),
        (
            GOOD,
            '{"scale": {"trust_arousal": 4}}',
            "scale.trust_arousal: found `4`, expected a mapping",
        ),
        (GOOD, '{"wieghts": {}}', "did you mean `weights`?"),
    ],
)
def test_a_wrong_document_says_where(settings, weights, expected):
    assert any(expected in problem for problem in problems(settings, weights))


def test_all_problems_are_told_at_once():
    assert len(problems("x = 1", '{"weights": {"a": 1, "b": 2}}')) == 7


def test_the_weights_are_small_and_say_where_they_come_from():
    assert len(ENGLISH.files["affect.json"]) < 1_000_000
    english = Lexicon.of(ENGLISH)
    assert "goemotions" in english.provenance
    assert "unhealthy" not in english.provenance
    assert len(english.weights) > 1_000
    assert all(feature.count(" ") <= 1 for feature in english.weights)


@pytest.mark.parametrize("module", ["reading/_affect", "reading/_lexicon", "text/_tokens"])
def test_the_code_holds_no_english(module):
    """No text in the code is a negator, a degree, a contrast, a polite word or a spelling."""
    source = (Path(deescalate.__file__).parent / f"{module}.py").read_text("utf-8")
    texts = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    english = Lexicon.of(ENGLISH)
    words = english.negators | english.contrast | english.polite
    words |= english.degrees.keys() | english.spellings.keys()
    assert texts & words <= {"most"}  # the name of a setting


def built(monkeypatch, text, compiled):
    """A language of some weights, with what was built in for it."""
    own = Language.from_files("own", {"affect.toml": GOOD, "affect.json": text})
    monkeypatch.setattr(Language, "compiled", lambda _self, _name: compiled)
    return Lexicon.of(own).weights


NUMBERS = st.integers(-10_000, 10_000).map(lambda each: each / 100)


@given(
    st.dictionaries(
        st.text("abc<> ", min_size=1), st.lists(NUMBERS, min_size=3, max_size=3), min_size=1
    )
)
def test_law_weights_that_are_built_in_are_those_of_the_file(rows):
    text = json.dumps({"scale": {"stretch": 2.0}, "weights": rows})
    found, rest = unpacked(packed(text), text)
    assert found == {name: tuple(row) for name, row in rows.items()}
    assert rest == {"scale": {"stretch": 2.0}}


@pytest.mark.parametrize("row", ["[0.123, 0, 0]", "[1e-9, 0, 0]", "[0]", "3"])
def test_what_is_no_hundredth_is_not_built_in(row):
    assert packed(f'{{"weights": {{"late": {row}}}}}') == ""


def test_a_name_of_two_lines_is_not_built_in():
    assert packed(json.dumps({"weights": {"a\nb": [0, 0, 0]}})) == ""


def test_what_was_built_in_is_used_for_its_own_file_only(monkeypatch):
    text = '{"weights": {"late": [0.3, 0, 0]}}'
    other = text.replace("0.3", "0.5")
    assert built(monkeypatch, text, packed(text))["late"].distress == 0.3
    assert built(monkeypatch, other, packed(text))["late"].distress == 0.5
    for spaces, half in enumerate((packed(other)[:-9], "[]", "{}", "3"), 1):
        assert built(monkeypatch, other + " " * spaces, half)["late"].distress == 0.5


def test_the_shipped_weights_can_be_built_in():
    for name in languages():
        language = Language.load(name)
        text = language.files["affect.json"]
        compiled = Lexicon.compiled(language)
        assert compiled
        assert unpacked(compiled, text) == weights_of(text)
