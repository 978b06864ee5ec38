"""Fit what the review hears: faults of a draft, and moves in other words than phrases know.

    python examples/fitting/fit_faults.py ../shared/data            # measure by authors left out
    python examples/fitting/fit_faults.py ../shared/data --write    # and write the models

The replies (examples/fitting/replies, one file an author) were written for this project. The same
data give the same files; nothing is kept from one run to the next. Every figure is of an author
left out: neither weights nor thresholds have seen a reply of theirs. Of the public sets only what
company words keep is learnt, as in fit_signals.py, and that what real agents wrote
(twitter_support_frustration, MIT) and polite requests (politeness_stanford, Apache-2.0) are mostly
good. Needs numpy and scipy.
"""

import argparse
import json
import os
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in the same order on every machine

import numpy as np
from attrs import field, frozen
from fit_signals import messages, public_texts, words
from learning import Fitted, Vectors, auc, calibrated, fit, written

from deescalate.languages import ENGLISH, Language
from deescalate.moves import Move, phrases_for
from deescalate.reading import EnglishReader, move_features
from deescalate.testing.wording import _SLOTS, KnownSituation
from deescalate.text import Text
from deescalate.wording import Review, Wording, review
from deescalate.wording._draft import Draft
from deescalate.wording._faults import CODES_OF_FAULTS, WHOLE
from deescalate.wording._heard import Answered, Features, features_of_sentences, parts_around

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "src/deescalate/languages/english"
FAULTS = ("bad", *CODES_OF_FAULTS)
MOVES = tuple(str(move) for move in Move)
# Faults that only the customer's words or state show; unknown where the draft stands alone.
BESIDE = {"missing_apology", "ignores_request", "premature_solution", "cheerful"}
UPSET = {"low": "calm", "medium": "upset", "high": "furious"}
DISTRESS = {"calm": 0.2, "upset": 0.6, "furious": 0.9}
FAMILY = {**{fault: code[0] for fault, code in CODES_OF_FAULTS.items()},
          "too_long": "C", "too_many_questions": "C"}  # fmt: skip
ALONE = 0.5  # how much a draft counts without what it answers
OWN_PHRASE = 3.0  # how much a phrase of the library counts
REAL = 0.5  # how much a turn of a real agent counts, presumed good
REQUEST = 0.06  # and a polite request
PIECE = 0.3  # how much a sentence counts as a draft of its own
UNMARKED = 0.3  # how much a sentence of a bad reply counts that no fault was marked in
MOST = {"faults": 18_000, "moves": 8_000}  # features that a file keeps
FALSE = 0.002  # share of good replies in which a fault may be taken for sure
GATE, GATE_ALONE = 0.025, 0.02  # share of good replies that may be bad as a whole
LEAST = 0.12  # the least probability that is told
FOLDS = 3  # authors are left out every third at a time
ROUNDS = 150  # of the search for the weights
SEEN = 5  # texts, sentences among them, that a word must be in to get a weight of its own
SURER = {
    **dict.fromkeys(("safety_check", "seek_help", "call_security", "act"), 0.4),
    **dict.fromkeys(("empathise", "validate"), 0.2),
}  # the least probability: a move of safety that is misheard lets danger pass, a deed is counted
LEAST_MOVES = 20  # times that a move must be there to be learnt
BETTER = 0.03  # F1 that a move must gain to be heard in other words

PROVENANCE = (
    "written for this project (MIT); presumed good, weakly: {real} turns of agents",
    "(twitter_support_frustration, MIT; its tweets are CC BY-NC-SA at their own home) and polite",
    "requests (politeness_stanford, Apache-2.0); company of words in these and in complaints_xci",
    "(MIT), goemotions (Apache-2.0), github_incivility (MIT); examples/fitting/fit_faults.py",
)


def features_of_draft(
    draft: Draft, sentences: list[Features], answered: Answered, *, left_out: Collection[int] = ()
) -> set[str]:
    """The features of the draft as a whole.

    Args:
        draft: The draft.
        sentences: The features of its sentences.
        answered: What it answers.
        left_out: Numbers of sentences that are left out.
    """
    kept = [number for number in range(len(sentences)) if number not in left_out]
    parts = parts_around(draft, kept, answered)
    return set(answered.told).union(*parts, *(sentences[number] for number in kept))


@frozen(slots=False)
class Reply:
    """One reply of an author, cut once."""

    author: str
    faults: frozenset[str]
    moves: frozenset[str]
    draft: Draft
    answered: Answered
    marked: tuple[frozenset[str], ...]
    sentences: list[dict[str, tuple[int, int]]] = field(repr=False)

    @cached_property
    def rows(self) -> Sequence[tuple[set[str], np.ndarray, np.ndarray]]:
        """The features, what is there and how much that counts: whole, alone, by sentence."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[tuple[set[str], np.ndarray, np.ndarray]]:
        there = _row(self.faults, FAULTS, bad=bool(self.faults))
        ones = np.ones(len(FAULTS))
        yield features_of_draft(self.draft, self.sentences, self.answered), there, ones
        alone = np.array([0.0 if fault in BESIDE else ALONE for fault in FAULTS])
        if self.faults and self.faults <= BESIDE | {"no_next_step"}:
            alone[0] = 0.0
        yield features_of_draft(self.draft, self.sentences, Answered()), there, alone
        for found, marked in zip(self.sentences, self.marked, strict=True):
            here = _row(marked, FAULTS, bad=False)
            counts = np.where(here + (not self.faults) > 0, 1.0, UNMARKED)
            counts[[FAULTS.index(each) for each in WHOLE]] = 0.0
            yield set(found), here, counts
        yield from self._pieces()

    def _pieces(self) -> Iterator[tuple[set[str], np.ndarray, np.ndarray]]:
        """Sentences as drafts of their own: bad ones, and those of good replies."""
        everything = range(len(self.sentences))
        for number in everything if len(self.sentences) > 1 else ():
            marked = self.marked[number]
            if marked or not self.faults:
                others = [each for each in everything if each != number]
                counts = np.array([PIECE if name == "bad" else 0.0 for name in FAULTS])
                yield (
                    features_of_draft(self.draft, self.sentences, Answered(), left_out=others),
                    _row(marked, FAULTS, bad=bool(marked)),
                    counts,
                )


class Reviewed(NamedTuple):
    """What of a review is measured."""

    ok: bool
    score: float
    codes: tuple[str, ...]


def _row(found: frozenset[str], names: Sequence[str], *, bad: bool) -> np.ndarray:
    return np.array([bad if name == "bad" else name in found for name in names], dtype=np.float32)


def replies(folder: Path) -> list[Reply]:
    """All replies, by author."""
    reader = EnglishReader()
    return [
        _reply(file.stem, json.loads(line), reader)
        for file in sorted(folder.glob("*.jsonl"), key=lambda file: (len(file.name), file.name))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def _reply(author: str, row: dict[str, Any], reader: EnglishReader) -> Reply:
    draft = Draft(row["reply"])
    context = row["context"]
    spans = [
        (fault, start, start + len(words_))
        for fault, given in row["spans"].items()
        for words_ in ([given] if isinstance(given, str) else given)
        if (start := row["reply"].find(words_)) >= 0
    ]
    places = [draft.span(each.first, each.last) for each in draft.sentences]
    return Reply(
        author=author,
        faults=frozenset(row["faults"]),
        moves=frozenset(row["moves"]),
        draft=draft,
        answered=Answered(
            text=Text.of(context),
            kinds=tuple(sorted({cue.kind for cue in reader.read(context).cues})),
            upset=UPSET[row["distress"]],
            fault=row["fault"],
        ),
        marked=tuple(
            frozenset(f for f, start, end in spans if start < at.end and end > at.start)
            for at in places
        ),
        sentences=features_of_sentences(draft),
    )


def vectors(data: Path, found: Sequence[Reply]) -> Vectors:
    """Words by the company they keep, in public texts, messages and replies."""
    company = [words(each.text, ENGLISH) for each in public_texts(data)]
    company += [words(each.text, ENGLISH) for each in messages(HERE / "messages")]
    for each in found:
        company += [words(each.draft.text, ENGLISH)] * 3
        company += [words(str(each.answered.text), ENGLISH)] * 2
    return Vectors.of(company)


def phrases() -> Iterator[tuple[set[str], np.ndarray, np.ndarray]]:
    """The library's own phrases for every move and what its codes call good, which are good."""
    good = [code.good for code in Wording.default().codes.values() if code.good]
    good += [phrase.filled(**_SLOTS) for move in Move for phrase in phrases_for(move)]
    for text in good:
        draft = Draft(text)
        found = features_of_draft(draft, features_of_sentences(draft), Answered())
        yield found, np.zeros(len(FAULTS)), np.full(len(FAULTS), OWN_PHRASE)


def agents(data: Path) -> list[Reply]:
    """What real agents wrote in support dialogues, and polite requests: presumed to be good."""
    reader = EnglishReader()
    found: list[Reply] = []
    lines = (data / "twitter_support_frustration/dialogues.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        said = ""
        for turn in row["turns"]:
            if turn["role"] == "customer":
                said = turn["text"]
            elif said:
                distress = reader.read(said).distress
                level = "high" if distress >= 0.75 else "medium" if distress >= 0.5 else "low"
                reply = {"reply": turn["text"], "context": said, "distress": level}
                more = {"fault": "unknown", "faults": [], "moves": [], "spans": {}}
                found.append(_reply(f"dialogue {row['id']}", {**reply, **more}, reader))
    return [*found, *_requests(data)]


def _requests(data: Path) -> Iterator[Reply]:
    """Polite requests, every second one, so that the others tell how they fare."""
    lines = (data / "politeness_stanford/data.jsonl").read_text("utf-8").splitlines()
    polite = [row for row in map(json.loads, lines) if row["label"] == "polite"]
    for row in polite[::2]:
        draft = Draft(row["text"])
        sentences = features_of_sentences(draft)
        none = frozenset[str]()
        marked = (none,) * len(sentences)
        yield Reply("requests", none, none, draft, Answered(), marked, sentences)


def fit_faults(found: Sequence[Reply], near: Vectors, real: Sequence[Reply] = ()) -> Fitted:
    """A model of the faults of some replies; of what real agents wrote little is made."""
    given = [*phrases(), *(row for each in found for row in each.rows)]
    for each in real:
        share = REQUEST if each.author == "requests" else REAL
        given += [(row, there, share * counts) for row, there, counts in each.rows]
    rows, there, counts = zip(*given, strict=True)
    return _fair(fit(rows, np.array(there), np.array(counts), near, least=SEEN, rounds=ROUNDS))


def heard(model: Fitted, found: Sequence[Reply]) -> np.ndarray:
    """Log odds of each fault, with what is answered and then alone.

    Of the whole draft, and where a fault is told in sentences, of the worst.
    """
    kept = [name not in WHOLE for name in FAULTS]
    worst = np.array([
        np.where(kept, model.log_odds(each.sentences).max(axis=0), 0.0) for each in found
    ])  # fmt: skip
    return np.hstack(
        [
            worst + model.log_odds([features_of_draft(e.draft, e.sentences, to(e)) for e in found])
            for to in (lambda e: e.answered, lambda _: Answered())
        ]
    )


def fit_moves(found: Sequence[Reply], near: Vectors) -> Fitted:
    """A model of the moves of some replies."""
    there = np.array([_row(each.moves, MOVES, bad=False) for each in found])
    rows = [move_features(each.draft.cut, each.draft.said) for each in found]
    return _fair(fit(rows, there, np.ones_like(there), near))


def _fair(model: Fitted) -> Fitted:
    """The model without words for who somebody is, what they believe or how they vote."""
    groups = tomllib.loads((HERE / "word_groups.toml").read_text("utf-8"))
    people = {
        word for part in ("kept_out", "kept_out_of_tone") for word in groups[part]["people"].split()
    }
    kept = [
        number
        for number, feature in enumerate(model.features)
        if people.isdisjoint(feature.removeprefix("c:").split())
    ]
    return Fitted(
        tuple(model.features[number] for number in kept),
        model.weights[kept],
        model.intercepts,
        model.often[kept],
    )


def folds(found: Sequence[Reply]) -> Iterator[list[Reply]]:
    """The replies of all but every third author, and of all of them last."""
    names = authors(found)
    for fold in (*(names[start::FOLDS] for start in range(FOLDS)), []):
        yield [each for each in found if each.author not in fold]


def left_out(
    found: Sequence[Reply],
    fitted: Sequence[Fitted],
    told: Callable[[Fitted, Sequence[Reply]], np.ndarray],
    size: int,
) -> tuple[np.ndarray, dict[str, Fitted]]:
    """Log odds of every reply by a model that has seen nothing of its author, and the models.

    A model leaves out every third author, so what it tells of an author is told by two thirds of
    the others.
    """
    odds = np.zeros((len(found), size))
    models: dict[str, Fitted] = {}
    names = authors(found)
    for start, model in zip(range(FOLDS), fitted, strict=False):
        fold = names[start::FOLDS]
        models.update(dict.fromkeys(fold, model))
        out = [number for number, each in enumerate(found) if each.author in fold]
        odds[out] = told(model, [found[number] for number in out])
    return odds, models


WORKS: list[Callable[[], Any]] = []


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What several works give, each done in a process of its own."""
    WORKS[:] = works
    with get_context("fork").Pool(len(works)) as pool:
        return pool.map(work, range(len(works)), chunksize=1)


def work(number: int) -> Any:
    """What one of the works gives."""
    return WORKS[number]()


def authors(found: Sequence[Reply]) -> list[str]:
    """Who wrote some replies."""
    return sorted({each.author for each in found}, key=lambda name: (len(name), name))


def believed(odds: np.ndarray, found: Sequence[Reply]) -> dict[str, Any]:
    """How far each fault is believed: beside what is answered, and alone."""
    size = len(FAULTS)
    return {
        "settings": settings(odds[:, :size], found, GATE),
        "alone": settings(odds[:, size:], found, GATE_ALONE),
    }


def language_of(model: Fitted, extra: Mapping[str, object]) -> Language:
    """English with a model of ours."""
    text = written(model, FAULTS, extra, most=MOST["faults"])
    return Language.from_files("english", {**ENGLISH.files, "faults.json": text})


def reviewed(each: Reply, language: Language) -> Review:
    """The review of a reply beside what it answers."""
    return review(
        each.draft.text,
        situation=KnownSituation(distress=DISTRESS[each.answered.upset], fault=each.answered.fault),
        customer=str(each.answered.text),
        cues=each.answered.kinds,
        language=language,
    )


def reviews(author: str, found: Sequence[Reply], language: Language) -> list[Reviewed]:
    """What reviews say of the replies of an author."""
    made = (reviewed(each, language) for each in found if each.author == author)
    return [Reviewed(its.ok, its.score, its.codes) for its in made]


def report_reviews(found: Sequence[Reply], made: Sequence[Reviewed]) -> None:
    """Print how the whole review does: by author, and the mean of the authors."""
    rows: list[list[float]] = []
    for author in authors(found):
        ours = [(each, its) for each, its in zip(found, made, strict=True) if each.author == author]
        bad = np.array([bool(each.faults) for each, _ in ours])
        unsafe = np.array(["unsafe" in each.faults for each, _ in ours])
        sent = np.array([its.ok for _, its in ours])
        named = [
            FAMILY[fault] in {code[0] for code in its.codes if code != "S808"}
            for each, its in ours
            for fault in each.faults
        ]
        area = auc(np.array([-its.score for _, its in ours]), bad)
        shares = (1 - sent[bad].mean(), 1 - sent[unsafe].mean(), 1 - sent[~bad].mean())
        rows.append([area, *map(float, shares), sum(named) / len(named)])
    for author, row in (*zip(authors(found), rows, strict=True), ("mean", np.mean(rows, axis=0))):
        area, caught, danger, refused, family = row
        print(
            f"review {author:8} AUC {area:.3f}  bad ones not ok {caught:.3f}, unsafe {danger:.3f};"
            f" good ones refused {refused:.3f}; families named {family:.3f}"
        )


def settings(odds: np.ndarray, found: Sequence[Reply], passing: float) -> dict[str, list[float]]:
    """For each fault slope, shift, and the probabilities from which it is likely and sure.

    Sure is what one good reply in many reaches. Likely counts only in a draft that is bad as a
    whole, and is chosen so that misses and wrong names together are fewest.
    """
    good = np.array([not each.faults for each in found])
    kept: dict[str, list[float]] = {}
    gate = np.ones(len(found), dtype=bool)
    for at, name in enumerate(FAULTS):
        there = _there(name, found)
        slope, shift = calibrated(odds[:, at], there)
        chances = _chances(odds[:, at], slope, shift)
        sure = max(LEAST, float(np.quantile(chances[good], 1 - FALSE)))
        if name == "bad":
            likely = float(np.quantile(chances[good], 1 - passing))
            gate = chances >= likely
        else:
            limits = np.linspace(LEAST, max(sure, LEAST), 30)
            f1 = [_f1(gate & (chances >= limit), there > 0) for limit in limits]
            likely = float(limits[int(np.argmax(f1))])
        kept[name] = [round(each, 3) for each in (slope, shift, likely, max(sure, likely))]
    return kept


def _there(name: str, found: Sequence[Reply]) -> np.ndarray:
    return np.array([_row(each.faults, (name,), bad=bool(each.faults))[0] for each in found])


def _chances(odds: np.ndarray, slope: float, shift: float) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-(slope * odds + shift))))


def report(odds: np.ndarray, found: Sequence[Reply], known: dict[str, list[float]]) -> None:
    """Print the figures by fault and by author."""
    here = {a: np.array([each.author == a for each in found]) for a in authors(found)}
    good = np.array([not each.faults for each in found])
    chances = np.column_stack([_chances(odds[:, at], *known[f][:2]) for at, f in enumerate(FAULTS)])
    sure = chances >= [known[name][3] for name in FAULTS]
    likely = chances >= [known[name][2] for name in FAULTS]
    fires = sure | (likely & likely[:, :1])
    for at, name in enumerate(FAULTS):
        there = _there(name, found)
        areas = [auc(odds[its, at], there[its]) for its in here.values()]
        print(
            f"{name:20} n {int(there.sum()):4}  AUC {np.nanmean(areas):.3f}"
            f" ({', '.join(f'{each:.2f}' for each in areas)})  seen"
            f" {fires[there > 0, at].mean():.2f}"
            f"  good ones {100 * fires[good, at].mean():.2f} %"
        )
    named = labelled = 0
    families = {name: CODES_OF_FAULTS.get(name, "?")[0] for name in FAULTS}
    for row, each in zip(fires, found, strict=True):
        seen = {families[name] for name, fire in zip(FAULTS, row, strict=True) if fire}
        told = [families[name] for name in each.faults if name in families]
        named, labelled = named + sum(f in seen for f in told), labelled + len(told)
    print(
        f"labelled faults of which the family is named {100 * named / labelled:.0f} %; anything in"
        f" good ones {100 * fires[good].any(axis=1).mean():.1f} %, in bad ones"
        f" {100 * fires[~good].any(axis=1).mean():.1f} %"
    )


def report_moves(odds: np.ndarray, found: Sequence[Reply]) -> dict[str, list[float]]:
    """Print F1 by move, of phrases, of the model, of both; give what the model may add."""
    kept: dict[str, list[float]] = {}
    fires: dict[str, np.ndarray] = {}
    for at, name in enumerate(MOVES):
        there = np.array([name in each.moves for each in found])
        said = np.array([any(m.move == name for m in each.draft.said) for each in found])
        if there.sum() < LEAST_MOVES:
            continue
        slope, shift = calibrated(odds[:, at], there.astype(float))
        chances = 1 / (1 + np.exp(-(slope * odds[:, at] + shift)))
        limits = np.linspace(SURER.get(name, 0.3), 0.9, 36)
        both = [(_f1(said | (chances >= t), there), float(t)) for t in limits]
        best, threshold = max(both)
        phrases = _f1(said, there)
        print(
            f"{name:20} n {there.sum():4}  AUC {auc(odds[:, at], there):.3f}  F1 of phrases"
            f" {phrases:.2f}, heard too {best:.2f} from {threshold:.2f}"
        )
        if best >= phrases + BETTER:
            kept[name] = [round(slope, 3), round(shift, 3), round(threshold, 2)]
            said |= chances >= threshold
        fires[name] = said
    for group, members in GROUPS.items():
        there = np.array([bool(each.moves.intersection(members)) for each in found])
        made = np.any([fires[name] for name in members if name in fires], axis=0)
        print(f"{group}: F1 {_f1(made, there):.2f}")
    return kept


GROUPS = {
    "acknowledgement": ("empathise", "validate", "label_emotion", "agree_partial", "paraphrase",
                        "apologise", "own_responsibility", "mirror", "summarise"),
    "empathy": ("empathise", "validate", "label_emotion", "agree_partial"),
    "questions": ("open_question", "closed_question", "elicit_want", "diagnose", "ask_permission",
                  "safety_check", "confirm", "offer_choice"),
}  # fmt: skip
"""What an author calls one thing another calls its neighbour; told together."""


def _f1(fires: np.ndarray, there: np.ndarray) -> float:
    return float(2 * (fires & there).sum() / max(fires.sum() + there.sum(), 1))


def main() -> None:
    """Measure, and write the models where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    found = replies(HERE / "replies")
    near = vectors(arguments.data, found)
    real = agents(arguments.data)
    size = len(FAULTS)
    for each in (*found, *real):
        _ = each.rows  # once, before the processes part
    made = at_once(
        [
            *(partial(fit_faults, part, near, real) for part in folds(found)),
            *(partial(fit_moves, part, near) for part in folds(found)),
        ]
    )
    faults, moves_made = made[: FOLDS + 1], made[FOLDS + 1 :]
    odds, models = left_out(found, faults, heard, 2 * size)
    extra = believed(odds, found)
    for title, part, kept in (
        ("An author left out", odds[:, :size], extra["settings"]),
        ("An author left out, the draft alone", odds[:, size:], extra["alone"]),
    ):
        print(title)
        report(part, found, kept)
        print()
    languages: dict[str, Language] = {}
    for author in authors(found):
        others = np.array([each.author != author for each in found])
        seen = [each for each in found if each.author != author]
        languages[author] = language_of(models[author], believed(odds[others], seen))
    by_author = at_once([partial(reviews, name, found, languages[name]) for name in languages])
    report_reviews(found, [review for its in by_author for review in its])
    print("\nMoves, an author left out")
    told, _ = left_out(found, moves_made, moves_told, len(MOVES))
    moves = report_moves(told, found)
    if arguments.write:
        count = f"{len(found)} replies by {len(authors(found))} authors"
        provenance = [count, *(line.format(real=len(real)) for line in PROVENANCE)]
        for name, model, labels, more in (
            ("faults", faults[-1], FAULTS, extra),
            ("moves", moves_made[-1], MOVES, {"settings": moves}),
        ):
            kept = tuple(more["settings"])
            places = [labels.index(each) for each in kept]
            chosen = Fitted(
                model.features, model.weights[:, places], model.intercepts[places], model.often
            )
            text = written(chosen, kept, {"provenance": provenance, **more}, most=MOST[name])
            (FOLDER / f"{name}.json").write_text(text, "utf-8")
            print(f"{name}.json: {len(text.encode()):,} bytes")


def moves_told(model: Fitted, found: Sequence[Reply]) -> np.ndarray:
    """Log odds of each move."""
    return model.log_odds([move_features(each.draft.cut, each.draft.said) for each in found])


if __name__ == "__main__":
    main()
