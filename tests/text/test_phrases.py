"""The pattern language: what each sign means, what cancels a match, what a bad document says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError
from deescalate.text import tokenize
from deescalate.text.phrases import PatternSet, PhraseRule

NEGATION = """
[negation]
reach = 2
not
don't never
[negation except]
not only
[negation stops]
but i
[clauses]
but
"""


def rules(*patterns, more="", head="", also=""):
    listed = "\n".join(patterns)
    return PatternSet.from_document(f"{head}\n[rule x]\n{also}\n{listed}\n{more}")


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
        ("give (in|up)", "they give in", ["give in"]),
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
    head = "[list want]\nwant\nwould like\n[list ask]\ni <want>\nplease"
    patterns = rules("<ask> help", head=head)
    assert found(patterns, "I would like help, please help") == ["I would like help", "please help"]


def test_a_pattern_of_phrases_alone_is_filed_by_each():
    patterns = rules("(give up|let go) [now]")
    assert found(patterns, "let go now") == ["let go now"]


def test_spellings_and_apostrophes_come_from_the_document():
    head = "[apostrophes]\nwe're\n[spellings]\nrefund = refnd, redund"
    patterns = rules("refund", "we're", "i'm", head=head)
    assert found(patterns, "refnd were im") == ["refnd", "im"]


def test_documents_share_their_lists():
    patterns = PatternSet.from_document("[list go]\ngo\nleave", "[rule x]\n<go> away")
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
    assert found(rules("happy", also="negatable = yes", head=NEGATION), text) == expected


def test_a_gap_does_not_step_over_a_negation():
    patterns = rules("i *3 agree", also="negatable = yes", head=NEGATION)
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
    assert found(rules("review", more="[unless]\ngreat", head=NEGATION), text) == expected


def test_unless_stands_wholly_in_the_clause():
    patterns = rules("review", more="[unless]\ngreat but", head=NEGATION)
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
    assert found(rules("die", more="[except]\ndie laughing"), text) == expected


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
    patterns = rules("hi", also="weight = 0.5\ncode = greet\nloud = yes\nquiet =")
    match = patterns.find(tokenize("hi"))[0]
    assert (match.label, match.rule.weight) == ("x", 0.5)
    assert match.rule.also == {"code": "greet", "loud": True, "quiet": ""}


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ("stray", "line 1: stands before the first header"),
        ("[rulse x]\na", "line 1: unknown header `[rulse x]`"),
        ("[negations]\nnot", "did you mean `negation`"),
        ("[rule]\na", "unknown header `[rule]`"),
        ("[negation]\nreach = 10", "line 2: found `10`, expected a whole number, 0 to 9"),
        ("[negation]\nraech = 1", "did you mean `reach`"),
        ("[spellings]\nrefund refnd", "line 2: expected `word = other, another`"),
        ("[list a]\n<a>", "contains itself"),
        ("[list a]", "list `a` is empty"),
        ("[rule x]", "rule `x` has no phrase"),
        ("[unless]\na", "`[unless]` stands after no rule"),
        ("[rule x]\na\n[list b]\nb\n[except]\nc", "line 5: `[except]` stands after no rule"),
        ("[rule x]\nnegatable = 1\na", "line 2: found `1`, expected yes or no"),
        ("[rule x]\nweight = 2\na", "at most 1"),
        ("[rule x]\nweight = much\na", "found `much`, expected a number above 0"),
        ("[rule x]\nweight = 1\nweight = 1\na", "line 3: `weight` is said twice"),
        ("[rule x]\n<lits>\n[list list]\na", "did you mean `list`"),
        ("[rule x]\n<:numbr>", "did you mean `number`"),
        ("[rule x]\na (b", "unbalanced"),
        ("[rule x]\na b)", "unbalanced"),
        ("[rule x]\na [b]c", "after its bracket"),
        ("[rule x]\na ()", "empty pattern"),
        ("[rule x]\n_", "line 1: `_` needs at least one word"),
        ("[rule x]\na __", "holds no word"),
        ("[rule x]\na|b c|d", "line 2: alternatives stand in brackets"),
        ("[rule x]\na | b", "alternatives stand in brackets"),
        ("[rule x]\na *12 b", "`*12` is no sign: a gap is `*1` to `*9`"),
        ("[rule x]\nab* c", "a stem has 3 letters or more"),
        ("[rule x]\na <b", "`<b` is no sign"),
    ],
)
def test_a_bad_document_says_where_and_what(document, part):
    with pytest.raises(DocumentError, match="phrase rules") as caught:
        PatternSet.from_document(document)
    assert part in str(caught.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(DocumentError) as caught:
        PatternSet.from_document("[rule x]\na|b", "[rule y]")
    assert [problem.path for problem in caught.value.problems] == [
        "line 2",
        "document 2: line 1",
    ]


def test_a_long_phrase_goes_on_in_the_next_line_and_comments_are_passed_over():
    patterns = rules("# not a phrase", "give (up|", "    # nor this", "    in) #now", "#sorry")
    assert found(patterns, "give in #now. give up, now. #sorry a phrase") == [
        "give in #now",
        "give up, now",
        "sorry",
    ]


def test_an_empty_document_has_no_rules():
    assert found(PatternSet.from_document("", "# nothing"), "give up") == []


def test_masked_words_and_faces_are_words():
    assert found(rules("b*tch", "f***", "<3"), "b*tch, f*** <3") == ["b*tch", "f***", "<3"]


def test_rules_can_be_given_without_a_document():
    patterns = PatternSet.from_rules(
        PhraseRule(label="x", patterns=("die",), exceptions=("die laughing",), unless=("film",))
    )
    assert found(patterns, "die. die laughing. a film to die for") == ["die"]
    with pytest.raises(DocumentError, match="rule 2: alternatives stand in brackets"):
        PatternSet.from_rules(
            PhraseRule(label="x", patterns=("a",)), PhraseRule(label="x", patterns=("a|b",))
        )


@given(st.text(alphabet="ab .,!?\n'", max_size=60))
def test_law_matches_lie_inside_the_tokens_in_order(text):
    tokens = tokenize(text)
    matches = rules("a *2 b", "b [a|b b] a", "^ a", "a $").find(tokens, text)
    assert all(0 <= match.first <= match.last < len(tokens) for match in matches)
    assert [match.first for match in matches] == sorted(match.first for match in matches)


@given(st.text(alphabet="ab .,\n", max_size=30), st.text(alphabet="ab .,\n", max_size=30))
def test_law_a_sentence_end_keeps_the_matches_of_both(first, second):
    patterns = rules("a b", "b *2 a", more="[except]\nb a b\n[unless]\nb b b")
    both = first + ".\n\n" + second
    assert found(patterns, first + ".") + found(patterns, second) == found(patterns, both)


def test_a_gap_runs_from_every_place_it_may_start():
    assert found(rules("a [b] *1 d"), "a b c d") == ["a b c d"]
    assert found(rules("a [b] *1 d"), "a b c c d") == []
    assert found(rules("a [b] *2 d"), "a b c c d, a b d") == ["a b c c d", "a b d"]
