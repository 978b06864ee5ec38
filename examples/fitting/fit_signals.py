"""Fit the learned signals of a customer's message, and say how well they do on new authors.

    python examples/fitting/fit_signals.py ../shared/data            # measure by authors left out
    python examples/fitting/fit_signals.py ../shared/data --write    # and write the model
    python examples/fitting/fit_signals.py ../shared/data --language german --write

The messages (examples/fitting/messages, one file an author) were written for this project, and so
were pieces of a few words, each a way to say one thing, that are learnt from and never judged
(examples/fitting/pieces). The same data give the same file. Of the other sets, whose licences
permit it, only what company words keep is learnt, and that they show no danger:
twitter_support_frustration (MIT), complaints_xci (MIT), goemotions (Apache-2.0),
github_incivility (MIT), politeness_stanford (Apache-2.0). Needs numpy and scipy.
"""

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path

import learning
import numpy as np
from attrs import evolve, field, frozen
from learning import Fitted, Vectors, auc, calibrated, fit, written

from deescalate.cues import Cue, CueKind
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.reading import CueFinder, features_of
from deescalate.reading._features import ENDS
from deescalate.reading._kinds import chances_of
from deescalate.text import Text, Token

HERE = Path(__file__).parent
LANGUAGES = HERE.parents[1] / "src/deescalate/languages"
KINDS = tuple(str(kind) for kind in CueKind)
# How much a near miss counts, beside a message that has nothing to do with a kind, and how much
# weights are held back; chosen on a quarter of the authors, left out, and for few messages others.
NEAR, NEAR_OF_FEW = 20.0, 10.0
RIDGE = (3.0, 3.0)
POSITIVE = 2.0
FOLDS = 4
# Kinds that move a case, so rare that the public sets may be presumed to have none, and how much
# that counts in the price of a threshold; what one of us read there is known (read_tweets.toml).
RARE = {
    "threat_violence": 1.0,
    "threat_self_harm": 1.0,
    "threat_legal": 0.33,
    "threat_publicity": 0.2,
    "threat_leaving": 0.15,
    "vulnerable_health": 0.33,
    "vulnerable_money": 0.33,
    "vulnerable_bereavement": 0.5,
    "vulnerable_age": 0.33,
    "asks_human": 0.1,
    "asks_supervisor": 0.3,
}
PRESUMED = 0.9
# With fewer messages than that, a phrase of a danger, or of what moves a case, adds at least so
# much to its own kind, whatever was learnt; and a phrase may fall short by so many log odds.
MANY, TRUSTED, LENIENT = 10_000, (5.2, 3.0), 1.8
KNOWN = 9.0  # how much a tweet counts that was read
PUBLIC = (  # said in the file
    "company of words in, and presumed to show no danger: complaints_xci (MIT; its tweets read),",
    "goemotions (Apache-2.0), github_incivility (MIT), politeness_stanford (Apache-2.0)",
)
UNTOLD = {"github": {"threat_leaving"}}  # where people do leave, and nobody read it
# What a miss costs, a near miss that fires, another message, one of the public sets; ours.
COSTS = (1.0, 1.0, 3.5, 20.0)
# A danger is shown as early as so few near misses allow, and in no more than such a share of the
# messages of the public sets; and sure in no more than that of them; ours.
ASKED, ALARMS = 0.08, (0.008, 0.0005)
# Words for who somebody is, what they believe or how they vote.
WHO = frozenset(
    word
    for line in (
        "african american americans arab arabs asian asians atheist black british catholic chinese",
        "christian christians conservative democrat european female feminist gay german hindu",
        "hindus hispanic immigrant immigrants indian islam islamic jew jewish jews labour lesbian",
        "liberal lgbt male man men migrant migrants muslim muslims nigerian pakistani polish",
        "protestant religious republican socialist straight trans transgender white woman women",
        "lady ladies guy girl boy",
    )
    for word in line.split()
)
# Whose voices the authors gave themselves; those of the first edition and three short files apart.
REGISTERS = {
    "British and Irish": ("author1", "author11", "author16", "author17"),
    "American": ("author2", "author12", "author47"),
    "South Asian and African English": ("author3", "author15"),
    "world English": ("author48",),
    "English as a second language": ("author4", "author13"),
    "business, dry": ("author5",),
    "people in hard situations": ("author6",),
    "the plainest ways": ("author8", "author14", "author22"),
    "long letters": ("author9", "author18", "author32", "author43", "author50"),
    "social media, phones, slang": ("author10", "author40", "author42"),
    "understated, dry": ("author41",),
    "spoken, in the middle of a talk": ("author44", "author52"),
    "what moves a case": ("author45", "author46"),
    "the natural mix": ("author51",),
    "danger and what looks like it": tuple(
        f"author{number}" for number in (19, 20, 25, 31, 38, 39, 49, 53)
    ),
}
# Kinds that change who answers, or what is promised: however early they are shown, not acted upon
# below this chance. Ours, chosen on what would be acted upon of the tweets that one of us read, by
# models that had not seen them; of leaving alone they are many enough to tell.
SURE = {
    "threat_legal": 0.3,
    "threat_publicity": 0.35,
    "threat_leaving": 0.4,
    "vulnerable_health": 0.25,
    "vulnerable_money": 0.4,
    "vulnerable_bereavement": 0.25,
    "vulnerable_age": 0.25,
    "asks_human": 0.5,
    "asks_supervisor": 0.5,
}
# The chances from which a danger is shown, and is sure, where no public set tells how rare it is.
UNKNOWN = (0.25, 0.6)
STEPS = [round(n / 100, 2) for n in range(10, 100)]  # what is less likely is never shown
DANGER = ("threat_violence", "threat_self_harm")
SIGN = re.compile(r"([+-])(\w+)(?:\[(\w+)>(\w+)/(\w+)\])?")


@frozen(kw_only=True)
class Message:
    """One message of an author; of some kinds it is known who does it to whom, and when."""

    author: str
    level: int | None
    there: frozenset[str]
    near: frozenset[str]
    text: str
    directions: Mapping[str, tuple[str, str, str]] = field(factory=dict, eq=False)


def messages(folder: Path) -> list[Message]:
    """All messages, by author."""
    return [
        _message(file.stem, line)
        for file in sorted(folder.glob("*.txt"), key=lambda file: (len(file.stem), file.stem))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def _message(author: str, line: str) -> Message:
    level, kinds, text = (part.strip() for part in line.split("|", 2))
    signs = [SIGN.fullmatch(kind.strip()) for kind in kinds.split(",")]
    told = [sign.groups() for sign in signs if sign]
    return Message(
        author=author,
        level=int(level) if level.isdecimal() else None,
        there=frozenset(kind for sign, kind, *_ in told if sign == "+"),
        near=frozenset(kind for sign, kind, *_ in told if sign == "-"),
        text=text,
        directions={kind: (by, against, when) for _, kind, by, against, when in told if by},
    )


def folder_of(language: Language) -> Path:
    """Where the messages of a language are."""
    return HERE / "messages" / ("" if language == ENGLISH else language.name)


@frozen
class Public:
    """A text of a public set; only tweets have a name."""

    of: str
    text: str
    name: str = ""


def public_texts(data: Path) -> Iterator[Public]:
    """The texts of the public sets."""
    for name in ("train", "dev", "test"):
        for row in _rows(data / f"goemotions/{name}.jsonl"):
            yield Public("goemotions", str(row["text"]))
    for row in _rows(data / "complaints_xci/data.jsonl"):
        yield Public("complaints", str(row["text"]), str(row["id"]))
    for row in _rows(data / "politeness_stanford/data.jsonl"):
        yield Public("politeness", str(row["text"]))
    for row in _rows(data / "github_incivility/comments.jsonl"):
        text = str(row.get("text") or row.get("body") or row.get("comment_body") or "")
        yield Public("github", text[:3000])


def _rows(file: Path) -> Iterator[Mapping[str, object]]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


def windows(text: str, out: frozenset[str], language: Language) -> list[list[str]]:
    """What a model is told by: the features of the whole text, and of each of several sentences."""
    own = Text.of(text, language).own
    phrases = CueFinder.of(language).find(own)
    sentences = [own.tokens[each.first : each.last + 1] for each in own.sentences]
    return [
        [
            feature
            for feature in features_of(tokens, language, said_in(tokens, phrases), ends=ENDS)
            if out.isdisjoint(feature.split())
        ]
        for tokens in (own.tokens, *(sentences if len(sentences) > 1 else ()))
    ]


def said_in(tokens: Sequence[Token], phrases: Sequence[Cue]) -> set[str]:
    """The kinds of the phrases that begin in a row of tokens."""
    if not tokens:
        return set()
    low, high = tokens[0].start, tokens[-1].end
    return {str(cue.kind) for cue in phrases if low <= cue.span.start < high}


def kept_out(found: Sequence[Message], language: Language) -> frozenset[str]:
    """Names, and words for who somebody is: they are no sign of anything."""
    if language != ENGLISH:  # where nouns have capitals too, names are not told by them
        return frozenset(_listed(f"kept_out_{language.name}"))
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for message in found:
        starts = True
        for token in Text.of(message.text).tokens:
            if token.kind == "word" and not starts and not token.shouted:
                first = message.text[token.start]
                (capital if first.isupper() else small)[token.text] += 1
            starts = token.kind == "punct" and token.text != ","
    named = {word for word, times in capital.items() if times >= 2 and times > 2 * small[word]}
    return frozenset({*_listed("kept_out"), *WHO, *named} - {"i"})


def _listed(section: str) -> Sequence[str]:
    document = tomllib.loads((HERE / "word_groups.toml").read_text("utf-8"))
    return str(document[section]["names"]).split()


def words(text: str, language: Language) -> list[str]:
    """The words of a text, opened as the features are."""
    opened = lists_of(language, "contractions").get("", {})
    tokens = Text.of(text, language).own.tokens
    return [word for token in tokens for word in opened.get(token.text, token.text).split()]


def targets(found: Sequence[Message]) -> tuple[np.ndarray, np.ndarray]:
    """What is there, and how much each message counts for each kind."""
    there = np.array([[kind in each.there for kind in KINDS] for each in found], dtype=np.float32)
    near = np.array([[kind in each.near for kind in KINDS] for each in found], dtype=np.float32)
    counts = NEAR if len(found) >= MANY else NEAR_OF_FEW
    return there, 1.0 + (POSITIVE - 1.0) * there + (counts - 1.0) * near * (1 - there)


@frozen
class Presumed:
    """Public texts: what is there, how much each counts for each kind, and which were read."""

    texts: Sequence[Public]
    rows: Sequence[Sequence[Sequence[str]]]
    there: np.ndarray
    counts: np.ndarray
    read: np.ndarray

    @classmethod
    def of(cls, public: Sequence[Public], out: frozenset[str], language: Language) -> "Presumed":
        """Cut them; a kind that nobody looked for in a set does not count there."""
        told = tomllib.loads((HERE / "read_tweets.toml").read_text("utf-8"))
        there, unsure = (
            {kind: set(names.split()) for kind, names in told[part].items()}
            for part in ("there", "unsure")
        )

        def counted(text: Public, kind: str) -> float:
            if kind not in RARE or kind in UNTOLD.get(text.of, ()):
                return 0.0
            if not text.name:
                return PRESUMED * RARE[kind]
            return 0.0 if text.name in unsure.get(kind, ()) else KNOWN

        return cls(
            public,
            [windows(each.text, out, language) for each in public],
            _table([[bool(t.name) and t.name in there.get(k, ()) for k in KINDS] for t in public]),
            _table([[counted(text, kind) for kind in KINDS] for text in public]),
            np.array([bool(each.name) for each in public], dtype=bool),
        )

    def rate(self, fires: np.ndarray, at: int) -> float:
        """How often a kind fires where it is not, as much as each text counts."""
        counts = self.counts[:, at] * (1 - self.there[:, at])
        return float((fires * counts).sum() / max(counts.sum(), 1.0))


def _table(rows: Sequence[Sequence[float]]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(-1, len(KINDS))


@frozen
class Corpus:
    """Everything that a fit needs, cut once."""

    found: Sequence[Message]
    rows: Sequence[Sequence[Sequence[str]]]
    pieces: Sequence[Message]
    rows_of_pieces: Sequence[Sequence[Sequence[str]]]
    presumed: Presumed
    vectors: Vectors

    @classmethod
    def of(cls, data: Path, language: Language = ENGLISH) -> "Corpus":
        """Read and cut all texts; the public sets are English."""
        found = messages(folder_of(language))
        pieces = messages(HERE / "pieces") if language == ENGLISH else []
        public = list(public_texts(data)) if language == ENGLISH else []
        out = kept_out(found, language)
        company = [words(each.text, language) for each in public]
        company += [words(each.text, language) for each in found] * 2
        company = [[word for word in text if word not in out] for text in company]
        presumed = [each for each in public if each.of != "goemotions"]
        presumed += [each for each in public if each.of == "goemotions"][:3000]
        return cls(
            found,
            [windows(each.text, out, language) for each in found],
            pieces,
            [windows(each.text, out, language) for each in pieces],
            Presumed.of(presumed, out, language),
            Vectors.of(company),
        )

    def fit(self, out: Collection[str] = (), fold: int | None = None) -> Fitted:
        """A model of all but some authors and one part of the presumed; pieces only teach."""
        kept = [each.author not in out for each in self.found]
        there, counts = targets([*compress(self.found, kept), *self.pieces])
        public = np.array([n % FOLDS != fold for n in range(len(self.presumed.rows))], dtype=bool)
        fitted = fit(
            [
                row[0]
                for row in (
                    *compress(self.rows, kept),
                    *self.rows_of_pieces,
                    *compress(self.presumed.rows, public),
                )
            ],
            np.vstack([there, self.presumed.there[public]]),
            np.vstack([counts, self.presumed.counts[public]]),
            self.vectors,
            ridge=RIDGE if len(self.found) >= MANY else learning.RIDGE,
        )
        return fitted if len(self.found) >= MANY else _trusting(fitted)


def _trusting(fitted: Fitted) -> Fitted:
    """A model that believes phrases: where messages are few, it has met hardly any of them."""
    weights = fitted.weights.copy()
    for at, kind in enumerate(KINDS):
        if kind in RARE and f"<{kind}>" in fitted.features:
            place = fitted.features.index(f"<{kind}>")
            weights[place, at] = max(weights[place, at], TRUSTED[kind not in DANGER])
    return evolve(fitted, weights=weights)


def left_out(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of the messages, and of the presumed, by models that saw nothing of the author."""
    authors = sorted({each.author for each in corpus.found}, key=lambda name: (len(name), name))
    odds = np.zeros((len(corpus.found), len(KINDS)))
    calm = np.zeros((len(corpus.presumed.rows), len(KINDS)))
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        model = corpus.fit(out, fold)
        unseen = np.array([each.author in out for each in corpus.found])
        if unseen.any():
            odds[unseen] = highest(model, list(compress(corpus.rows, unseen)))
        if corpus.presumed.rows:
            calm[fold::FOLDS] = highest(model, corpus.presumed.rows[fold::FOLDS])
    return odds, calm


@frozen
class Unseen:
    """Log odds of the messages and of the presumed, by models that saw nothing of the author.

    `slopes` and `shifts` make them those of the shares that were there.
    """

    odds: np.ndarray
    calm: np.ndarray
    slopes: np.ndarray
    shifts: np.ndarray

    @classmethod
    def of(cls, corpus: Corpus) -> "Unseen":
        """Fit a model for each part that is left out."""
        odds, calm = left_out(corpus)
        there, _ = targets(corpus.found)
        pairs = [calibrated(odds[:, n], there[:, n]) for n in range(len(KINDS))]
        return cls(odds, calm, *np.array(pairs).T)

    def chances(self, odds: np.ndarray, less: np.ndarray | float = 0.0) -> np.ndarray:
        """The chances of log odds, after something is taken off."""
        return np.asarray(1 / (1 + np.exp(-(self.slopes * odds + self.shifts - less))))


def highest(model: Fitted, texts: Sequence[Sequence[Sequence[str]]]) -> np.ndarray:
    """The highest log odds of the windows of each text."""
    starts = np.cumsum([0, *map(len, texts)])[:-1]
    odds = model.log_odds([window for text in texts for window in text])
    return np.maximum.reduceat(odds, starts, axis=0)


def more_chances(texts: Sequence[Sequence[Sequence[str]]]) -> np.ndarray:
    """What the reader takes off in long texts, of all kinds but dangers."""
    each = np.array([[chances_of(max(len(text) - 1, 1))] for text in texts]).reshape(-1, 1)
    return np.asarray(each * np.array([kind not in DANGER for kind in KINDS]))


def thresholds(
    chances: np.ndarray, calm: np.ndarray, found: Sequence[Message], presumed: Presumed
) -> dict[str, list[float]]:
    """For each kind the probability from which it is shown, and of some from which it is sure."""
    limits: dict[str, list[float]] = {}
    for at, kind in enumerate(KINDS):
        if kind in DANGER:
            near = chances[[kind in each.near for each in found], at]
            limits[kind] = _of_danger(near, calm[:, at])
        else:
            shown = _cheapest(chances[:, at], calm[:, at], found, presumed, kind)
            limits[kind] = [shown, max(shown, SURE[kind])] if kind in SURE else [shown]
    return limits


def _of_danger(near: np.ndarray, calm: np.ndarray) -> list[float]:
    if not len(calm):
        return list(UNKNOWN)
    shown, sure = (_rarest(calm, most) for most in ALARMS)
    return [max(shown, _rarest(near, ASKED)), sure]


def _rarest(chances: np.ndarray, most: float) -> float:
    return next(float(each) for each in STEPS if (chances >= each).mean() <= most)


def _cheapest(
    chances: np.ndarray,
    calm: np.ndarray,
    found: Sequence[Message],
    presumed: Presumed,
    kind: str,
) -> float:
    miss, near_cost, other_cost, calm_cost = COSTS
    rare = calm_cost * RARE.get(kind, 0.0)
    there = np.array([kind in each.there for each in found])
    near = np.array([kind in each.near for each in found])
    other = ~there & ~near
    prices = {}
    for threshold in map(float, STEPS):
        fires = chances >= threshold
        prices[threshold] = (
            miss * (1 - fires[there].mean())
            + near_cost * fires[near].mean()
            + other_cost * fires[other].mean()
            + rare * presumed.rate(calm >= threshold, KINDS.index(kind))
        )
    return min(prices, key=prices.__getitem__)


def report(
    chances: np.ndarray,
    calm: np.ndarray,
    corpus: Corpus,
    limits: Mapping[str, list[float]],
) -> None:
    """Print the figures by kind and by author."""
    found, presumed = corpus.found, corpus.presumed
    rows = []
    for at, kind in enumerate(KINDS):
        there = np.array([kind in each.there for each in found])
        near = np.array([kind in each.near for each in found])
        fires = chances[:, at] >= limits[kind][0]
        rows.append(
            (
                fires[there].mean(),
                fires[near].mean(),
                fires[~there & ~near].mean(),
                auc(chances[there | near, at], there[there | near]),
            )
        )
        seen, alarms, others, area = rows[-1]
        print(
            f"{kind:24} n {there.sum():4} near {near.sum():4}  seen {seen:.2f}  near misses fired"
            f" {alarms:.2f}  others {100 * others:.2f} %  balanced {(1 + seen - alarms) / 2:.3f}"
            f"  AUC {area:.3f}  from {limits[kind]}"
        )
        for limit in limits[kind] if kind in RARE else ():
            fires = chances[:, at] >= limit
            print(
                f"{'':10} from {limit}: seen {fires[there].mean():.2f}, near misses"
                f" {fires[near].mean():.2f}, others {100 * fires[~there & ~near].mean():.2f} %,"
                f" public sets {100 * sum(calm[:, at] >= limit) / max(len(calm), 1):.3f} %,"
                f" {_of_those_read(calm[:, at] >= limit, presumed, at)}"
            )
    seen, alarms, others, area = np.nanmean(np.array(rows), axis=0)
    print(
        f"all kinds: seen {seen:.3f}, near misses fired {alarms:.3f}, others {100 * others:.2f} %,"
        f" balanced {(1 + seen - alarms) / 2:.3f}, AUC {area:.3f}"
    )
    for author in sorted({each.author for each in found}, key=lambda name: (len(name), name)):
        here = [n for n, each in enumerate(found) if each.author == author]
        pairs = []
        for at, kind in enumerate(KINDS):
            fires = chances[here, at] >= limits[kind][0]
            there = np.array([kind in found[n].there for n in here])
            near = np.array([kind in found[n].near for n in here])
            if there.any() and near.any():
                pairs.append((1 + fires[there].mean() - fires[near].mean()) / 2)
        print(f"  {author}: {len(here)} messages, balanced {np.mean(pairs):.3f}")


def _of_those_read(fires: np.ndarray, presumed: Presumed, at: int) -> str:
    read = presumed.read & (presumed.counts[:, at] > 0)
    there = presumed.there[:, at] > 0
    return (
        f"tweets: {(read & fires).sum()} shown, {(read & fires & there).sum()} right,"
        f" of {(read & there).sum()} that are there"
    )


def fairness(
    chances: np.ndarray, found: Sequence[Message], limits: Mapping[str, list[float]]
) -> None:
    """Print how often each register is heard, and how often a kind is shown that is not there."""
    print("by register: heard, near misses that fire, others that fire a kind, dangers among them")
    for register, authors in REGISTERS.items():
        here = np.array([each.author in authors for each in found])
        if not here.any():
            continue
        hits, alarms, others, dangers = [], [], [], []
        for at, kind in enumerate(KINDS):
            fires = chances[here, at] >= limits[kind][0]
            there = np.array([kind in each.there for each in compress(found, here)])
            near = np.array([kind in each.near for each in compress(found, here)])
            hits += list(fires[there])
            alarms += list(fires[near])
            others.append(fires[~there & ~near].mean())
            dangers += [others[-1]] if kind in DANGER else []
        print(
            f"  {register:34} {here.sum():5} messages  heard {np.mean(hits):.2f}  near misses"
            f" {np.mean(alarms):.2f}  others {100 * np.mean(others):.2f} %"
            f"  dangers {100 * np.mean(dangers):.2f} %"
        )


def main() -> None:
    """Measure, and write the model where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--language", default="english")
    arguments = parser.parse_args()
    language = Language.load(arguments.language)
    corpus = Corpus.of(arguments.data, language)
    unseen = Unseen.of(corpus)
    chances = unseen.chances(unseen.odds, more_chances(corpus.rows))
    calm = unseen.chances(unseen.calm, more_chances(corpus.presumed.rows))
    limits = thresholds(chances, calm, corpus.found, corpus.presumed)
    report(chances, calm, corpus, limits)
    fairness(chances, corpus.found, limits)
    if arguments.write:
        file = LANGUAGES / language.name / "signals.json"
        file.write_text(model(corpus.fit(), unseen, limits, corpus), "utf-8")
        print(f"{file.name}: {file.stat().st_size:,} bytes")


def model(fitted: Fitted, unseen: Unseen, limits: Mapping[str, list[float]], corpus: Corpus) -> str:
    """The file of a calibrated model."""
    found, public = corpus.found, corpus.presumed.rows
    moved = evolve(
        fitted,
        weights=fitted.weights * unseen.slopes,
        intercepts=fitted.intercepts * unseen.slopes + unseen.shifts,
    )
    many = len({each.author for each in found})
    extra = {
        "provenance": [
            f"{len(found)} messages by {many} authors, written for this project",
            *([f"and {len(corpus.pieces)} pieces of messages"] if corpus.pieces else []),
            *(PUBLIC if public else ()),
            "examples/fitting/fit_signals.py",
        ],
        **({} if len(found) >= MANY else {"lenient": LENIENT}),
        "thresholds": limits,
    }
    return written(moved, KINDS, extra)


if __name__ == "__main__":
    main()
