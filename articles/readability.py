"""How hard a text is to read. Advice for editors, never proof."""

import re
from dataclasses import dataclass

from articles.citations import CITATION

LONG_WORD = 6
# A full stop, question mark or exclamation mark, then a space: not the point in "12.5".
SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’)]*\s+")


@dataclass(frozen=True)
class Readability:
    words: int
    lix: float
    """Words a sentence plus the share of words over six letters in per cent.

    Björnsson 1968. Under 30 is easy, over 50 hard.
    """


def sentences(text: str) -> list[str]:
    """A citation is one piece, whatever stops are in it: “[@modi2022, p. 784]”."""
    masked = CITATION.sub(lambda found: "_" * len(found[0]), text)
    gaps = [found.span() for found in SENTENCE_END.finditer(masked)]
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(text)]
    parts = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [part for part in parts if part]


def count_words(text: str) -> int:
    return len(re.findall(r"\w[\w'’-]*", text))


def measure(text: str) -> Readability:
    """LIX of a text; an empty text measures 0."""
    words = re.findall(r"\w[\w'’-]*", text)
    if not words:
        return Readability(0, 0.0)
    long = sum(len(word) > LONG_WORD for word in words)
    lix = len(words) / max(1, len(sentences(text))) + 100 * long / len(words)
    return Readability(len(words), round(lix, 1))
