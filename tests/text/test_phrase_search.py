"""The phrase search beside a plain one written here: it tries every phrase at every word."""

import random

from hypothesis import given
from hypothesis import strategies as st

from deescalate.text import tokenize
from deescalate.text.phrases import PatternSet
from deescalate.text.phrases._compiled import (
    EXCEPT,
    PATTERN,
    CompiledRules,
)
from deescalate.text.phrases._index import PhraseIndex
from deescalate.text.phrases._items import view_of

WORDS = ("ab", "abba", "cold", "dog", "the", "<:number>", "abb*")
TOKENS = ("ab", "abba", "abbey", "cold", "dog", "the", "7", "fox")
COMMON = "[common]\nthe dog"

words = st.sampled_from(WORDS).map(lambda word: ("word", word))
gaps = st.integers(1, 3).map(lambda most: ("gap", most))
marks = st.sampled_from([("start",), ("end",), ("comma",), ("any",)])
leaves = st.one_of(words, words, words, gaps, marks)


def rows_of(items):
    return st.lists(items, min_size=1, max_size=3)


items = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(rows_of(inner), min_size=2, max_size=3).map(lambda rows: ("either", rows)),
        st.lists(rows_of(inner), min_size=1, max_size=2).map(lambda rows: ("maybe", rows)),
    ),
    max_leaves=6,
)
# a plain word in every phrase: one without any is no phrase
phrases = st.tuples(st.lists(items, max_size=2), words, st.lists(items, max_size=2)).map(
    lambda parts: [*parts[0], parts[1], *parts[2]]
)
texts = st.lists(st.sampled_from([*TOKENS, *TOKENS, ",", "."]), max_size=14)


def written(row):
    return " ".join(map(written_item, row))


def written_item(item):
    match item:
        case ("word", word):
            return word
        case ("gap", most):
            return f"*{most}"
        case ("any",):
            return "_"
        case ("start",):
            return "^"
        case ("end",):
            return "$"
        case ("comma",):
            return ","
        case ("either", rows):
            return "(" + "|".join(map(written, rows)) + ")"
        case ("maybe", rows):
            return "[" + "|".join(map(written, rows)) + "]"


class Plain:
    """A text as words, each with whether a comma or a sentence end stands before it."""

    def __init__(self, tokens):
        self.words, self.comma, self.edge = [], [], []
        comma, edge = False, True
        for word in tokens:
            if word == ",":
                comma = True
                continue
            self.words.append(word)
            self.comma.append(comma)
            self.edge.append(edge)
            comma, edge = False, word == "."
        self.comma.append(comma)
        self.edge.append(True)

    def fits(self, at, word):
        if at == len(self.words) or self.words[at] == ".":
            return False
        if word == "<:number>":
            return self.words[at].isdigit()
        if word.endswith("*"):
            return self.words[at].startswith(word[:-1])
        return self.words[at] == word

    def ends_of_row(self, row, at):
        places = {at}
        for item in row:
            places = {end for place in places for end in self.ends(item, place)}
        return places

    def ends(self, item, at):
        free = at < len(self.words) and self.words[at] != "."
        match item:
            case ("word", word):
                return {at + 1} if self.fits(at, word) else set()
            case ("any",):
                return {at + 1} if free else set()
            case ("gap", most):
                found = {at}
                while most and at < len(self.words) and self.words[at] != ".":
                    at, most = at + 1, most - 1
                    found.add(at)
                return found
            case ("start",):
                return {at} if self.edge[at] else set()
            case ("end",):
                return {at} if self.edge[at] or not free else set()
            case ("comma",):
                return {at} if self.comma[at] and not self.edge[at] else set()
            case ("either", rows):
                return {end for row in rows for end in self.ends_of_row(row, at)}
            case ("maybe", rows):
                return {at} | {end for row in rows for end in self.ends_of_row(row, at)}

    def spans(self, row):
        return {
            (start, end)
            for start in range(len(self.words))
            for end in self.ends_of_row(row, start)
            if end > start
        }


def leftmost_longest(spans):
    kept, taken = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= taken:
            kept.append((start, end))
            taken = end
    return kept


def document(*rows, cancelled_by=()):
    listed = "\n".join(written(row) for row in rows)
    exceptions = "\n".join(["[except]", *map(written, cancelled_by)]) if cancelled_by else ""
    return f"{COMMON}\n[rule x]\n{listed}\n{exceptions}"


def found_in(patterns, tokens):
    text = " ".join(tokens)
    cut = tokenize(text)
    seen = [index for index, token in enumerate(cut) if token.text != ","]
    place = {index: number for number, index in enumerate(seen)}
    return [(place[match.first], place[match.last] + 1) for match in patterns.find(cut, text)]


@given(st.lists(phrases, min_size=1, max_size=3), texts)
def test_law_the_search_finds_what_trying_everything_finds(rows, tokens):
    plain = Plain(tokens)
    spans = set().union(*(plain.spans(row) for row in rows))
    assert found_in(PatternSet.from_document(document(*rows)), tokens) == leftmost_longest(spans)


@given(phrases, phrases, texts.filter(lambda tokens: "." not in tokens and len(tokens) <= 11))
def test_law_what_overlaps_an_exception_is_not_found(row, exception, tokens):
    plain = Plain(tokens)
    exceptions = plain.spans(exception)
    spans = {
        (start, end)
        for start, end in plain.spans(row)
        if not any(first < end and last > start for first, last in exceptions)
    }
    patterns = PatternSet.from_document(document(row, cancelled_by=[exception]))
    assert found_in(patterns, tokens) == leftmost_longest(spans)


@given(st.lists(phrases, min_size=1, max_size=3), st.lists(texts, min_size=1, max_size=4))
def test_law_what_was_read_before_changes_nothing(rows, several):
    patterns = PatternSet.from_document(document(*rows))
    first = [found_in(patterns, tokens) for tokens in several]
    assert [found_in(patterns, tokens) for tokens in reversed(several)] == first[::-1]


@given(st.lists(phrases, min_size=1, max_size=3), texts)
def test_law_rules_read_back_as_they_were_written(rows, tokens):
    compiled = CompiledRules.from_documents({"": document(*rows, cancelled_by=rows[:1])})
    again = CompiledRules.from_json(compiled.to_json(digest="d"), digest="d")
    assert again.to_json() == compiled.to_json()
    both = [found_in(PatternSet.from_compiled(each), tokens) for each in (compiled, again)]
    assert both[0] == both[1]


def test_more_words_than_are_kept_are_looked_up_anew():
    patterns = PatternSet.from_document(document([("word", "dog"), ("gap", 3), ("word", "cold")]))
    many = " ".join(f"dog w{number} cold" for number in range(20_000))
    assert len(patterns.find(tokenize(many), many)) == 20_000


def test_more_pairs_than_are_kept_are_looked_up_anew():
    patterns = PatternSet.from_document(document([("word", "the"), ("word", "dog")]))
    many = " ".join(f"w{number} dog" for number in range(3_000)) + " the dog"
    assert len(patterns.find(tokenize(many), many)) == 1


def test_more_states_than_are_kept_are_made_anew():
    gap, dog, fox, cold = ("gap", 9), ("word", "dog"), ("word", "the"), ("word", "cold")
    row = [("word", "ab"), gap, dog, gap, fox, gap, cold]
    patterns = PatternSet.from_document(document(row))
    draw = random.Random(1)
    for _ in range(400):
        tokens = ["ab", *draw.choices(["dog", "the", "fox"], k=9), "dog", "the", "fox", "cold"]
        assert found_in(patterns, tokens) == leftmost_longest(Plain(tokens).spans(row))


def test_each_phrase_has_one_part():
    row, other = [("word", "dog")], [("word", "fox"), ("word", "ab")]
    compiled = CompiledRules.from_documents({"": document(row, cancelled_by=[other])})
    assert [phrase.role for phrase in compiled.phrases] == [PATTERN, EXCEPT]
    index = PhraseIndex(compiled)
    view = view_of(tokenize("fox ab dog"))
    seen = index.look(view)
    assert index.patterns(view, seen, shouted=False) == {(0, 2, 3)}
    assert list(index.guards(view, seen, EXCEPT, 0, 0, 3)) == [(0, 0, 2)]


def test_alternatives_that_begin_with_common_words_are_looked_up_apart():
    row = [("word", "the"), ("maybe", [[("word", "cold")]])]
    either = ("either", [[("word", "dog"), ("word", "cold")], [("word", "dog"), ("word", "ab")]])
    compiled = CompiledRules.from_documents({"": document([*row, either])})
    assert len(compiled.phrases) == 2
    patterns = PatternSet.from_compiled(compiled)
    assert found_in(patterns, ["the", "cold", "dog", "ab", "the", "dog", "cold"]) == [
        (0, 4),
        (4, 7),
    ]


def test_a_phrase_over_a_question_mark_is_found():
    patterns = PatternSet.from_document(f"{COMMON}\n[rule x]\nthe dog ? *2 the\nthe ? dog the")
    text = "The dog? Cold the."
    assert [(match.first, match.last) for match in patterns.find(tokenize(text), text)] == [(0, 4)]
