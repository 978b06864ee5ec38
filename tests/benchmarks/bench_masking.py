"""How much masking leaks and how much it takes too much, on made-up strings of twenty countries.

Each string is a sentence as a customer writes it, with one thing that identifies a person or one
number that does not. The formats are those in which people of each country write them; nothing of
the masker is used to make them. Beside it stand the pattern recognisers of presidio-analyzer, where
that package is installed.

Run with ``python tests/benchmarks/bench_masking.py [seed]``.
"""

import random
import re
import sys
import time
import uuid
from collections import Counter

from deescalate.conversation import mask

COUNTRIES = {
    "US": ("(2dd) 3dd-dddd", "2dd-3dd-dddd", "+1 2dd 3dd dddd", "2dd.3dd.dddd"),
    "GB": ("077dd dddddd", "+44 77dd dddddd", "020 7ddd dddd", "+44 (0)20 7ddd dddd"),
    "DE": ("0151 ddddddd", "+49 151 ddddddd", "030/8ddddddd", "0171-7dddddd"),
    "FR": ("06 dd dd dd dd", "+33 6 dd dd dd dd", "01.4d.dd.dd.dd"),
    "ES": ("6dd ddd ddd", "+34 6dd dd dd dd", "91 3dd dd dd"),
    "IT": ("34d ddd dddd", "+39 34d ddddddd", "06 6ddd dddd"),
    "NL": ("06-4ddddddd", "+31 6 4ddddddd", "020 6dd dddd"),
    "PL": ("50d ddd ddd", "+48 50d ddd ddd", "22 6dd dd dd"),
    "SE": ("070-3dd dd dd", "+46 70 3dd dd dd", "08-5dd ddd dd"),
    "NO": ("4dd dd ddd", "+47 4dd dd ddd"),
    "DK": ("2d dd dd dd", "+45 2d dd dd dd"),
    "FI": ("040 5dd dddd", "+358 40 5dd dddd"),
    "CH": ("079 3dd dd dd", "+41 79 3dd dd dd"),
    "AT": ("0664 3dddddd", "+43 664 3dddddd"),
    "BE": ("0470 dd dd dd", "+32 470 dd dd dd"),
    "PT": ("91d ddd ddd", "+351 91d ddd ddd"),
    "IN": ("98ddd ddddd", "+91 98ddd ddddd", "98dddddddd"),
    "SG": ("9ddd dddd", "+65 9ddd dddd"),
    "AU": ("04dd ddd ddd", "+61 4dd ddd ddd", "(02) 9ddd dddd"),
    "BR": ("(11) 9dddd-dddd", "+55 11 9dddd-dddd", "11 9dddd-dddd"),
}
BANKS = {
    "GB": "llll14d", "DE": "18d", "FR": "23d", "ES": "20d", "IT": "l22d", "NL": "llll10d",
    "PL": "24d", "SE": "20d", "NO": "11d", "DK": "14d", "FI": "14d", "CH": "17d", "AT": "16d",
    "BE": "12d", "PT": "21d", "BR": "23dla",
}  # fmt: skip
CARDS = (("4", 16), ("51", 16), ("55", 16), ("37", 15), ("6011", 16), ("3530", 16), ("36", 14))
ASK = (
    "please call me on {} after six", "my mobile is {}", "Tel: {}", "you can reach me at {}",
    "{} is my number, ring any time", "here is my phone number {} if you need it",
    "my new number is {} since May", "try {} tomorrow", "{} thanks", "ask for Ann, {}",
)  # fmt: skip
PAY = (
    "it was charged to {} twice", "my card is {} exp 09/28", "please refund {}, thanks",
    "card number: {}", "you still have {} on file, delete it",
)  # fmt: skip
WRITE = (
    "write to {} please",
    "my address is {}",
    "{} is where you can mail me",
    "I used {} to sign up",
)
WIRE = ("send it to {}", "IBAN: {}", "my account is {} at the usual bank", "refund to {} please")
OTHER = (
    ("order {} has not come", "1ddddddd"), ("order {} is late", "112-ddddddd-ddddddd"),
    ("the parcel {} is lost", "JJD0002223dddddddd"), ("tracking number {} says nothing", "dddddddddddd"),
    ("invoice {} is wrong", "INV-2026-ddddd"), ("case {} was closed", "00dddddd"),
    ("I paid EUR {} for it", "1 2dd 000"), ("it cost {} dollars", "1,ddd.50"),
    ("I was away {}", "2026/01/05-2026/02/1d"), ("it was on {} that I called", "2026-03-1d 14:3d"),
    ("you wrote on {}", "1d.02.2026"), ("you are open {} on Sundays", "0900-1730"),
    ("sizes {} are all gone", "32 34 36 3d"), ("the models of {} had it", "2019 2020 2021"),
    ("serial {} is on the label", "SNdddddddddd"), ("the article {} is missing", "ean"),
    ("version {} crashes", "10.2.3.d"), ("error {} again", "0x8007dddd"),
    ("the app shows id {}", "uuid"), ("it says {} in the log", "1767ddd dddddd".replace(" ", "")),
    ("the meter says {} kWh", "004dddd"), ("ticket #{} is still open", "48ddddd"),
)  # fmt: skip


def filled(shape, rng):
    if shape == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if shape == "ean":
        body = "401" + "".join(rng.choice("0123456789") for _ in range(9))
        return body + str(-sum(int(each) * (1, 3)[at % 2] for at, each in enumerate(body)) % 10)
    return re.sub("d", lambda _: rng.choice("0123456789"), shape)


def card(rng):
    start, length = rng.choice(CARDS)
    body = start + "".join(rng.choice("0123456789") for _ in range(length - 1 - len(start)))
    total = sum(
        sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body))
    )
    digits = body + str(-total % 10)
    cuts = {16: (4, 8, 12), 15: (4, 10), 14: (4, 10)}[length]
    gap = rng.choice(["", " ", "-", ".", "\u2009", "\u202f", "\u200b", "_", " - "])
    return gap.join(digits[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True))


def account(country, rng):
    shape = re.sub(r"(\d+)d", lambda found: "d" * int(found[1]), BANKS[country])
    body = "".join(
        rng.choice("0123456789" if each == "d" else "BCDFGHKLMNPRSTVW") for each in shape
    )
    number = "".join(each if each.isdigit() else str(ord(each) - 55) for each in body + country)
    whole = f"{country}{98 - int(number + '00') % 97:02d}{body}"
    gap = rng.choice(["", " ", "-"])
    return gap.join(whole[at : at + 4] for at in range(0, len(whole), 4))


def mail(country, rng):
    first = rng.choice(["ann", "j.müller", "o'neil", "li-wei", "maria_r", "sven+shop", "p.k.rao"])
    first += str(rng.randrange(100))
    firm = rng.choice(["example", "mail-box", "kirsch", "bücher"])
    end = rng.choice(["com", "org", country.lower().replace("gb", "co.uk")])
    at, dot = rng.choice(
        [("@", ".")] * 6 + [("＠", "."), ("@\u200b", "."), (" (at) ", " dot "), ("[at]", "[dot]")]
    )
    return f"{first}{at}{firm}{dot}{end}"


def strings(seed):
    """Country, sentence, the part that counts, and its kind; ``other`` must stay."""
    rng = random.Random(seed)
    for country, phones in COUNTRIES.items():
        for number in range(25):
            kind = ("phone", "card", "other", "mail", "other", "phone", "account", "other")[
                number % 8
            ]
            if kind == "other":
                frame, shape = rng.choice(OTHER)
                part = filled(shape, rng)
            elif kind == "phone":
                frame, part = rng.choice(ASK), filled(rng.choice(phones), rng)
            elif kind == "account" and country in BANKS:
                frame, part = rng.choice(WIRE), account(country, rng)
            elif kind == "mail":
                frame, part = rng.choice(WRITE), mail(country, rng)
            else:
                kind, frame, part = "card", rng.choice(PAY), card(rng)
            yield country, frame.format(part), part, kind


def leaks(part, kind, masked):
    """Whether enough of it is left to find the person."""
    if kind == "mail":
        return (
            re.split(r"\W", part)[0] in masked
            and "mail address" not in masked
            and "<" not in masked
        )
    digits = re.sub(r"\D", "", part)
    left = re.sub(r"\D", "", masked)
    return any(digits[at : at + 6] in left for at in range(len(digits) - 5))


def measured(name, hide, course):
    leaked, over, examples = Counter(), 0, []
    secrets = others = 0
    started = time.perf_counter()
    for country, text, part, kind in course:
        masked = hide(text, country)
        if kind == "other":
            others += 1
            if part not in masked:
                over += 1
                examples.append((kind, text, masked))
        else:
            secrets += 1
            if leaks(part, kind, masked):
                leaked[kind] += 1
                examples.append((kind, text, masked))
    seconds = time.perf_counter() - started
    lost = sum(leaked.values())
    print(
        f"{name}: leaked {lost} of {secrets} ({lost / secrets:.1%}) {dict(leaked)}, "
        f"over-masked {over} of {others} ({over / others:.1%}), {1e6 * seconds / len(course):.0f} µs a string"
    )
    return examples


def presidio():
    """The pattern recognisers of presidio-analyzer alone, without any language model."""
    from presidio_analyzer import PatternRecognizer, RecognizerRegistry, predefined_recognizers

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    recognizers = [
        each
        for each in registry.recognizers
        if isinstance(each, PatternRecognizer) or type(each).__name__ == "PhoneRecognizer"
    ]
    recognizers = [
        predefined_recognizers.PhoneRecognizer(supported_regions=[*COUNTRIES])
        if type(each).__name__ == "PhoneRecognizer"
        else each
        for each in recognizers
    ]
    skipped = {"DATE_TIME", "URL"}

    def hide(text, _country):
        found = [
            result
            for each in recognizers
            for result in (each.analyze(text, each.supported_entities, None) or ())
            if result.entity_type not in skipped and result.score >= 0.4
        ]
        for result in sorted(found, key=lambda each: -each.start):
            text = text[: result.start] + "<masked>" + text[result.end :]
        return text

    return hide


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    course = [*strings(seed)]
    examples = measured("mask", lambda text, _: mask(text).text, course)
    try:
        examples += measured(
            "mask with the customer's country",
            lambda text, country: mask(text, regions=(country,)).text,
            course,
        )
    except ValueError as error:
        print(error)
    for kind, text, masked in examples:
        print(f"  {kind}: {text} -> {masked}")
    try:
        measured("presidio-analyzer, patterns", presidio(), course)
    except ImportError as error:
        print(f"presidio-analyzer: {error}")
    for size in (20_000, 200_000):
        text = "call +44 20 7946 0018 or ann@example.org, 4111 1111 1111 1111; " * (size // 64)
        started = time.perf_counter()
        mask(text)
        print(
            f"{size} characters: {1e9 * (time.perf_counter() - started) / size:.0f} ns a character"
        )


if __name__ == "__main__":
    main()
