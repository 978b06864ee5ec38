"""How well the cues of an author are heard whom nobody had in sight, and how often they are wrong.

    python tests/benchmarks/bench_cues.py                  # the kept-aside author; half a minute
    python tests/benchmarks/bench_cues.py --misread 30     # and what is misread
    python tests/benchmarks/bench_cues.py --rates          # how often each kind shows in public sets
    python tests/benchmarks/bench_cues.py --messages FILE  # another author's file
    python tests/benchmarks/bench_cues.py --language german

The messages of examples/fitting/kept_aside were written as those of examples/fitting/messages, by an
author of their own, and nothing was fitted or tuned on them. `fit_signals.py` prints the same for
each author that is left out of a fit. Beside the reader stand the phrases alone.

The public sets stand beside this checkout. Nobody has labelled danger there, and nearly all of it is
talk about games, films and the news, so that a high rate means false alarms. They were in the fit of
the rare kinds as messages that show none.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from deescalate.cues import CueKind, Reading
from deescalate.languages import ENGLISH, Language
from deescalate.reading import CueFinder, LanguageReader
from deescalate.text import Text

ROOT = Path(__file__).resolve().parents[2]
ASIDE = ROOT / "examples" / "fitting" / "kept_aside"
DATA = ROOT.parent / "shared" / "data"
SAFETY = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
TEXTS = {
    "Reddit comments": ("goemotions/train.jsonl",),
    "tweets": ("complaints_xci/data.jsonl",),
    "requests": ("politeness_stanford/data.jsonl",),
    "support dialogues": ("twitter_support_frustration/dialogues.jsonl",),
    "GitHub comments": ("github_incivility/comments.jsonl",),
}
Kinds = Callable[[str], set[str]]
Heads = dict[str, tuple[str, str, str]]
Labelled = tuple[set[str], set[str], Heads, str]
SIGN = re.compile(r"([+-])(\w+)(?:\[(\w+)>(\w+)/(\w+)\])?")
HEADS = ("by", "against", "when")


@frozen
class Ways:
    """The kinds that a language's reader shows, that it is sure of, and that its phrases find."""

    language: Language

    def read(self, text: str) -> Reading:
        return LanguageReader(self.language).read(text)

    def reader(self, text: str) -> set[str]:
        return {str(kind) for kind in self.read(text).kinds}

    def sure(self, text: str) -> set[str]:
        return {str(cue.kind) for cue in self.read(text).cues if cue.sure}

    def phrases(self, text: str) -> set[str]:
        own = Text.of(text, self.language).own
        return {str(cue.kind) for cue in CueFinder.of(self.language).find(own)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="measure the cues")
    parser.add_argument("--rates", action="store_true", help="rates of every kind in public sets")
    parser.add_argument("--misread", type=int, default=0, help="how many misread messages to list")
    parser.add_argument("--messages", type=Path, nargs="*", help="files of labelled messages")
    parser.add_argument("--language", default="english", help="whose messages")
    arguments = parser.parse_args()
    ways = Ways(Language.load(arguments.language))
    aside = ASIDE if ways.language == ENGLISH else ASIDE / ways.language.name
    for file in arguments.messages or sorted(aside.glob("*.txt")):
        rows = list(labelled(file))
        print(f"{file.stem}: {len(rows)} messages")
        for kinds in (ways.reader, ways.phrases, ways.sure):
            heard(kinds.__name__, kinds, rows, every=kinds.__name__ == "reader")
        directions(ways, rows)
        misread(ways, rows, arguments.misread)
    if ways.language == ENGLISH:
        rates(ways, tuple(CueKind) if arguments.rates else SAFETY)


def labelled(file: Path) -> Iterator[Labelled]:
    """Kinds that are there, near misses, directions and text of each message."""
    for line in file.read_text("utf-8").splitlines():
        _, kinds, text = (part.strip() for part in line.split("|", 2))
        signs = [sign for kind in kinds.split(",") if (sign := SIGN.fullmatch(kind.strip()))]
        there, near = ({each[2] for each in signs if each[1] == sign} for sign in "+-")
        heads = {each[2]: (each[3], each[4], each[5]) for each in signs if each[3]}
        yield there, near, heads, text


def heard(name: str, kinds: Kinds, rows: Sequence[Labelled], *, every: bool) -> None:
    """Share of each kind that is heard, of near misses and of other messages that fire."""
    found = [kinds(text) for *_, text in rows]
    sums = []
    for kind in map(str, CueKind):
        pairs = [(kind in there, kind in near) for there, near, *_ in rows]
        parts = [
            [kind in each for each, pair in zip(found, pairs, strict=True) if pair == wanted]
            for wanted in ((True, False), (False, True), (False, False))
        ]
        sums.append([sum(part) / max(len(part), 1) for part in parts])
        if every or kind in SAFETY:
            seen, near, other = sums[-1]
            print(
                f"  {name:8} {kind:24} {len(parts[0]):4} seen {seen:.2f}   {len(parts[1]):4} near"
                f" misses fired {near:.2f}   others {100 * other:.2f} %"
            )
    seen, near, other = (sum(column) / len(sums) for column in zip(*sums, strict=True))
    print(
        f"  {name:8} all kinds: seen {seen:.3f}, near misses fired {near:.3f}, others"
        f" {100 * other:.2f} %, balanced accuracy {(1 + seen - near) / 2:.3f}"
    )


def directions(ways: Ways, rows: Sequence[Labelled]) -> None:
    """Print how often each head says something of the cues that are shown, and is right."""
    said: dict[tuple[str, str], list[bool | None]] = {}
    doubted: dict[bool, list[bool]] = {True: [], False: []}
    for there, _, heads, text in rows:
        shown = {str(cue.kind): cue for cue in ways.read(text).cues} if heads else {}
        for kind in heads.keys() & shown.keys():
            cue = shown[kind]
            doubted[kind in there].append(cue.told)
            for head, answer in zip(HEADS, heads[kind], strict=True):
                found = getattr(cue, head)
                for row in (kind, "all"):
                    said.setdefault((row, head), []).append(found and found == answer)
    for (kind, head), answers in sorted(said.items()):
        known = [each for each in answers if each is not None]
        print(
            f"  direction {kind:24} {head:8} of {len(answers):4} shown: said"
            f" {len(known) / len(answers):.2f}, right {sum(known) / max(len(known), 1):.2f}"
        )
    if said:
        there, near = (f"{sum(each)} of {len(each)}" for each in (doubted[True], doubted[False]))
        print(f"  only told, so not acted upon: {there} that are there, {near} near misses")


def misread(ways: Ways, rows: Sequence[Labelled], most: int) -> None:
    """List messages with a kind that is missed or wrongly shown."""
    for there, near, _, text in rows:
        found = ways.reader(text)
        wrong = [f"missed {kind}" for kind in sorted(there - found)]
        wrong += [f"wrongly {kind}" for kind in sorted(near & found)]
        if wrong and most > 0:
            most -= 1
            print(f"  {', '.join(wrong)}: {text}")


def messages(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "turns" in row:
            yield from (turn["text"] for turn in row["turns"] if turn["role"] == "customer")
        else:
            yield row["text"]


def rates(ways: Ways, wanted: Sequence[CueKind]) -> None:
    """Print how many messages of the public sets show a kind, and in how many it is sure."""
    for name, paths in TEXTS.items():
        missing = [path for path in paths if not (DATA / path).exists()]
        if missing:
            print(f"skipped {name}: {', '.join(missing)} not beside this checkout")
            continue
        texts = [text for path in paths for text in messages(DATA / path)][:15_000]
        shown = Counter(kind for text in texts for kind in ways.reader(text))
        sure = Counter(kind for text in texts for kind in ways.sure(text))
        for kind in map(str, wanted):
            print(
                f"{name:18} {len(texts):6,} messages: {kind:24} shown"
                f" {100 * shown[kind] / len(texts):.3f} %, sure {100 * sure[kind] / len(texts):.3f} %"
            )


if __name__ == "__main__":
    main()
