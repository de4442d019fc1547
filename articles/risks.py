"""The changes between two texts by which a reader could be harmed, each old beside new.

The words of a text are read one after the other: a date, a dose, a link or a name is one word.
Where the two texts differ, whatever is not a plain word is named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest

from articles.citations import CITATION
from articles.plain_words import source_in_words

PLAIN = ""
NUMBER, DOSE, TIME, UNIT = "number", "dose", "length of time", "unit"
DATE, SIGN, NOT = "date", "comparison", "“not” or the like"
MEDICINE, TERM = "medicine", "explained word"
LINK, PICTURE, SOURCE = "link", "picture", "source"
# A dose that lost its unit is a number: these are set against each other.
FIGURES = frozenset({NUMBER, DOSE, TIME, UNIT, DATE})
# The same in small and in capital letters, which keys, addresses and units are not.
BY_NAME = frozenset({SIGN, NOT, MEDICINE, TERM})

NEGATION = re.compile(
    r"not|no|non|never|none|nor|neither|nobody|nothing|without|unless|except|stop|avoid|"
    r"cannot|\w+n't|negative|positive"
)
ENDINGS = (
    "mab|tinib|taxel|platin|rubicin|ciclib|parib|tecan|tansine|vedotin|citabine|orelbine|"
    "uracil|trozole|mestane|strant|oxifen|relin|grastim|dronate|dronic|setron|lisib|limus"
)
STEM = re.compile(rf"[^\W\d_]+(?:{ENDINGS})s?", re.IGNORECASE)
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
OTHERS = {
    "half": "1/2",
    "quarter": "1/4",
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "once": "1×",
    "twice": "2×",
    "double": "2×",
}
VALUES = {
    **{word: str(n) for n, word in enumerate(ONES)},
    **{word: str(10 * n) for n, word in enumerate(TENS, 2)},
    **OTHERS,
}
UNITS = "mg/kg|mg/m2|mg/m²|mg|mcg|µg|μg|ng|kg|g|ml|mL|dl|dL|l|L|IU|mm|cm|mmol/l|mmol/L|Gy|°C"
PORTIONS = "tablets?|doses?|cycles?|times"
TIMES = "seconds?|minutes?|hours?|days?|weeks?|months?|years?"
OFTEN = frozenset(["hourly", "daily", "weekly", "fortnightly", "monthly", "yearly"])
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
SHORT = rf"(?:{MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATES = (
    rf"{DAY}\s+{SHORT}(?:,?\s+\d{{4}})?(?!\w)|{SHORT}\s+{DAY}(?!\w)(?:,?\s+\d{{4}}(?!\w))?|"
    rf"{MONTH}\s+\d{{4}}(?!\w)|\d{{4}}-\d\d-\d\d(?!\w)|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}(?!\w)|"
    r"(?:January|February|April|June|July|August|September|October|November|December)\b"
)
COUNTS = "|".join(
    [rf"(?:{'|'.join(TENS)})(?:-(?:{'|'.join(ONES[1:10])}))?", *ONES, *OTHERS]
)
FIGURE = (
    r"(?:(?<!\w)(?:(?:[<>]=?|[≤≥=~≈±])\s?|[−+-]))?"
    rf"(?:\d++(?:[.,:]\d++)*+\+?|(?i:\b(?:{COUNTS})\b))"
    rf"(?:(?P<dose>\s?(?:{UNITS})(?![\w/])|\s(?:{PORTIONS})\b)|(?P<time>\s(?:{TIMES})\b)|"
    r"\s?(?:%|per cent\b))?(?!\w|-[A-Za-z])"
)
SIGNS = (
    r"(?i:\b(?:at least|at most|(?:no )?(?:more|less|fewer) than|up to|"
    r"(?:over|under|above|below)(?=\s+\d))\b)|[<>≤≥=±]"
)
TARGET = r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)"
WORD = r"[^\W_]\w*(?:(?:[-'’]|(?<=\d)[.,:](?=\d))\w+)*|\S"


@dataclass(frozen=True)
class Risk:
    """One change to look at closely; what was not there before, or is not now, is empty."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True)
class Word:
    """`key` is what counts: “three weeks” and “3 weeks” have the same."""

    kind: str
    key: str
    text: str


Names = Mapping[str, str]
"""What a text may call by name, in small letters, and the kind: MEDICINE or TERM."""


def is_medicine(name: str) -> bool:
    """Whether a part of the name ends as the names of cancer medicines do."""
    return any(STEM.fullmatch(part) for part in re.split(r"[^\w]+", name))


def risks(old: str, new: str, *, names: Names) -> tuple[Risk, ...]:
    """Every changed number, unit, date, “not”, name and link, in reading order."""
    left, right = _words(old, names), _words(new, names)
    return tuple(
        risk
        for gone, come in _differing(left, right)
        for risk in _paired(_without_plain(gone), _without_plain(come))
    )


def _differing(
    left: Sequence[Word], right: Sequence[Word]
) -> Iterable[tuple[Sequence[Word], Sequence[Word]]]:
    old, new = ([word.key for word in side] for side in (left, right))
    matcher = SequenceMatcher(None, old, new)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield left[i1:i2], right[j1:j2]


def _without_plain(words: Iterable[Word]) -> list[Word]:
    return [word for word in words if word.kind != PLAIN]


def _paired(left: list[Word], right: list[Word]) -> Iterable[Risk]:
    for gone, come in _differing(left, right):
        gone, come = list(gone), list(come)  # noqa: PLW2901
        for kind in dict.fromkeys(_group(word) for word in [*gone, *come]):
            olds = [word for word in gone if _group(word) == kind]
            news = [word for word in come if _group(word) == kind]
            yield from (_risk(*pair) for pair in zip_longest(olds, news))


def _group(word: Word) -> str:
    return NUMBER if word.kind in FIGURES else word.kind


def _risk(old: Word | None, new: Word | None) -> Risk:
    kind = (new or old or Word(PLAIN, "", "")).kind
    return Risk(kind, old.text if old else "", new.text if new else "")


# --- Reading ---------------------------------------------------------------------------------


def _words(text: str, names: Names) -> list[Word]:
    pattern = _pattern(tuple(sorted(names, key=lambda name: (-len(name), name))))
    return [_word(match, names) for match in pattern.finditer(text)]


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, names)) or r"(?!)"
    return re.compile(
        rf"(?P<target>{TARGET})|(?P<source>{CITATION.pattern})|(?P<url>https?://[^\s()\]]+)|"
        rf"(?P<date>{DATES})|(?P<figure>{FIGURE})|(?P<sign>{SIGNS})|"
        rf"(?P<name>(?i:\b(?:{either})s?)(?!\w|-\w))|(?P<word>{WORD})"
    )


def _word(match: re.Match[str], names: Names) -> Word:
    text = " ".join(match[0].split())
    if match["target"]:
        target = text[2:-1]
        kind = PICTURE if target.startswith("image:") else LINK
        return Word(kind, text, target)
    if match["figure"]:
        kind = DOSE if match["dose"] else TIME if match["time"] else NUMBER
        return Word(kind, _value(text), text)
    if match["source"]:
        return Word(SOURCE, text, source_in_words(text))
    kinds = {"url": LINK, "date": DATE, "sign": SIGN}
    kind = kinds.get(match.lastgroup or "") or _kind(text, names)
    return Word(kind, text.lower() if kind in BY_NAME else text, text)


def _value(text: str) -> str:
    for word in re.findall(r"[^\W\d_]+", text):
        if word.lower() in VALUES:
            text = text.replace(word, VALUES[word.lower()])
    return "".join(text.split())


def _kind(word: str, names: Names) -> str:
    lower = word.lower().replace("’", "'")
    parts = re.split(r"[-/]", lower)
    if any(map(NEGATION.fullmatch, parts)):
        return NOT
    if kind := names.get(lower) or names.get(lower.removesuffix("s")):
        return kind
    if is_medicine(word):
        return MEDICINE
    if re.search(r"\d", word):
        return NUMBER
    is_unit = lower in OFTEN or re.fullmatch(rf"%|{UNITS}|(?i:{TIMES}|tablets?)", word)
    return UNIT if is_unit else PLAIN
