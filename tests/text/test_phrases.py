"""The pattern language: what each sign means, what cancels a match, what a bad document says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.text import tokenize
from deescalate.text.phrases import PatternSet

NEGATION = """
[negation]
words = ["not", "don't", "never"]
except = ["not only"]
stops = ["but", "i"]
reach = 2
[clauses]
starters = ["but"]
"""


def rules(*patterns, more="", head=""):
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    return PatternSet.from_document(
        f'{head}\n[[rules]]\nlabel = "x"\npatterns = [{listed}]\n{more}'
    )


def found(patterns, text, *, seen=True):
    tokens = tokenize(text)
    return [
        text[tokens[match.first].start : tokens[match.last].end]
        for match in patterns.find(tokens, text if seen else "")
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("give up", "I give up", ["give up"]),
        ("give up", "I give, up", ["give, up"]),
        ("give up", "I give. Up", []),
        ("give in|up", "they give in", ["give in"]),
        ("(give up|let go) now", "let go now", ["let go now"]),
        ("give [it] up", "give it up or give up", ["give it up", "give up"]),
        ("give [it all|them] up", "give it all up", ["give it all up"]),
        ("give _ up", "give them up and give up", ["give them up"]),
        ("give *2 up", "give it all up", ["give it all up"]),
        ("give *2 up", "give it all right up", []),
        ("cancel* it", "Cancelling it", ["Cancelling it"]),
        ("^ hello", "well hello. hello", ["hello"]),
        ("^ hello", "@shop hello", ["hello"]),
        ("^ hello", "one\nhello", ["hello"]),
        ("bye $", "bye bye. bye all", ["bye"]),
        ("bye $", "bye @shop", ["bye"]),
        ("bye $", "ok bye\U0001f642", ["bye"]),
        ("help !", "help!!! help", ["help!!!"]),
        ("what ?", "what?!", ["what?!"]),
        ("what ?!", "what? what!", ["what?"]),
        ("sorry , but", "sorry, but no. sorry but no", ["sorry, but"]),
        ("stop .", "stop. stop", ["stop."]),
        ("wait ... what", "wait... what", ["wait... what"]),
        ("<:number> times", "3 times", ["3 times"]),
        ("<:money> back", "$50 back", ["$50 back"]),
        ("thank <:mention>", "thank @you", ["thank @you"]),
        ("don't go", "dont go, don\u2019t go", ["dont go", "don\u2019t go"]),
        ("so late", "soooo late", ["soooo late"]),
        ("hello you", "helloooo you", ["helloooo you"]),
        ("really bad", "reallyyy bad, reaaally bad", ["reallyyy bad", "reaaally bad"]),
        ("\U0001f621", "no \U0001f621", ["\U0001f621"]),
        ("e-mail me", "e-mail me", ["e-mail me"]),
        ("50 % off", "50% off", ["50% off"]),
    ],
)
def test_what_a_sign_means(pattern, text, expected):
    assert found(rules(pattern), text) == expected


def test_lists_nest_and_hold_phrases():
    head = '[lists]\nwant = ["want", "would like"]\nask = ["i <want>", "please"]'
    patterns = rules("<ask> help", head=head)
    assert found(patterns, "I would like help, please help") == ["I would like help", "please help"]


def test_a_pattern_of_phrases_alone_is_filed_by_each():
    patterns = rules("(give up|let go) [now]")
    assert found(patterns, "let go now") == ["let go now"]


def test_spellings_and_apostrophes_come_from_the_document():
    head = 'apostrophes = ["we\'re"]\n[spellings]\nrefund = ["refnd"]'
    patterns = rules("refund", "we're", "i'm", head=head)
    assert found(patterns, "refnd were im") == ["refnd", "im"]


def test_documents_share_their_lists():
    patterns = PatternSet.from_document(
        '[lists]\ngo = ["go", "leave"]', '[[rules]]\nlabel = "x"\npatterns = ["<go> away"]'
    )
    assert found(patterns, "leave away") == ["leave away"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am happy", ["happy"]),
        ("I am not happy", []),
        ("not at all happy", []),
        ("not one of them is happy", ["happy"]),
        ("not only happy", ["happy"]),
        ("not, happy", ["happy"]),
        ("not but happy", ["happy"]),
        ("not\nhappy", ["happy"]),
        ("not. happy", ["happy"]),
    ],
)
def test_negation_just_before_cancels(text, expected):
    assert found(rules("happy", more="negatable = true", head=NEGATION), text) == expected


def test_a_gap_does_not_step_over_a_negation():
    patterns = rules("i *3 agree", more="negatable = true", head=NEGATION)
    assert found(patterns, "i really do not agree") == []
    assert found(patterns, "i really do agree") == ["i really do agree"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a review", ["review"]),
        ("a great long and kind review", []),
        ("great, a review", ["review"]),
        ("great but a review", ["review"]),
        ("a review but great", ["review"]),
        ("great\na review", ["review"]),
    ],
)
def test_unless_cancels_within_the_clause(text, expected):
    assert found(rules("review", more='unless = ["great"]', head=NEGATION), text) == expected


def test_unless_stands_wholly_in_the_clause():
    patterns = rules("review", more='unless = ["great but"]', head=NEGATION)
    assert found(patterns, "great but a review") == ["review"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("want to die", ["die"]),
        ("die laughing", []),
        ("die\nlaughing", ["die"]),
        ("laughing, die", ["die"]),
        ("we die, I die laughing", ["die"]),
    ],
)
def test_except_cancels_what_it_overlaps(text, expected):
    assert found(rules("die", more='except = ["die laughing"]'), text) == expected


def test_line_breaks_are_only_seen_with_the_text():
    patterns = rules("^ hello")
    assert found(patterns, "one\nhello", seen=False) == []
    assert found(patterns, "\n\nhello") == ["hello"]
    assert found(rules("one two"), "one\n\ntwo") == []


def test_a_blank_line_ends_a_sentence_at_its_last_word():
    assert found(rules("one ."), "one''\n\ntwo") == ["one"]


def test_matches_of_one_rule_are_leftmost_longest_and_apart():
    assert found(rules("a b", "a b c", "b c"), "a b c b c") == ["a b c", "b c"]


def test_a_rule_keeps_what_its_document_says():
    patterns = rules("hi", more='weight = 0.5\nalso = { code = "greet" }')
    match = patterns.find(tokenize("hi"))[0]
    assert (match.label, match.rule.weight, match.rule.also["code"]) == ("x", 0.5, "greet")


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ("rules = 3", "expected a list"),
        ("lists = 3", "expected a table"),
        ("nonsense", "toml"),
        ("ruels = []", "did you mean `rules`"),
        ("[negation]\nword = []", "did you mean `words`"),
        ("[negation]\nreach = 10", "0 to 9"),
        ("[lists]\na = ['<a>']", "contains itself"),
        ("[lists]\na = [3]", "texts only"),
        ("[[rules]]\npatterns = ['a']", "label"),
        ("[[rules]]\nlabel = 'x'\npatterns = []", "at least one pattern"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a']\nnegatable = 1", "true or false"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a']\nweight = 2", "at most 1"),
        ("[[rules]]\nlabel = 'x'\npatern = ['a']", "did you mean `patterns`"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['<lits>']\n[lists]\nlist = ['a']", "`list`"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['<:numbr>']", "did you mean `number`"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a (b']", "unbalanced"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a b)']", "unbalanced"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a [b]c']", "after its bracket"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['']", "empty pattern"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a ()']", "empty pattern"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['_']", "needs at least one word"),
        ("[[rules]]\nlabel = 'x'\npatterns = ['a __']", "holds no word"),
    ],
)
def test_a_bad_document_says_where_and_what(document, part):
    with pytest.raises(DocumentError, match="phrase rules") as caught:
        PatternSet.from_document(document)
    assert part in str(caught.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(DocumentError) as caught:
        PatternSet.from_document("ruels = 1", "[[rules]]\npatterns = 3")
    assert len(caught.value.problems) == 2
    assert caught.value.problems[1].path.startswith("document 2")


@given(st.text(alphabet="ab .,!?\n'", max_size=60))
def test_law_matches_lie_inside_the_tokens_in_order(text):
    tokens = tokenize(text)
    matches = rules("a *2 b", "b [a|b b] a", "^ a", "a $").find(tokens, text)
    assert all(0 <= match.first <= match.last < len(tokens) for match in matches)
    assert [match.first for match in matches] == sorted(match.first for match in matches)


@given(st.text(alphabet="ab .,\n", max_size=30), st.text(alphabet="ab .,\n", max_size=30))
def test_law_a_sentence_end_keeps_the_matches_of_both(first, second):
    patterns = rules("a b", "b *2 a", more='except = ["b a b"]\nunless = ["b b b"]')
    both = first + ".\n\n" + second
    assert found(patterns, first + ".") + found(patterns, second) == found(patterns, both)


def test_a_gap_runs_from_every_place_it_may_start():
    assert found(rules("a [b] *1 d"), "a b c d") == ["a b c d"]
    assert found(rules("a [b] *1 d"), "a b c c d") == []
    assert found(rules("a [b] *2 d"), "a b c c d, a b d") == ["a b c c d", "a b d"]
