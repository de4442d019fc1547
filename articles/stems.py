"""Words as the search knows them: folded, in one spelling, cut down to the stem.

The search does this itself, so that SQLite and PostgreSQL find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

# A letter may carry its accents beside it, as characters of their own.
_LETTERS = r"(?:[^\W_]++[\u0300-\u036f]*+)++"
_WORD = rf"{_LETTERS}(?:['’]{_LETTERS})*+"
_WORDS = re.compile(_WORD)
_RUN = re.compile(rf"{_WORD}(?:[-‐‑]{_WORD})*+")  # noqa: RUF001 - hyphens of all kinds
KEPT = 50_000  # words whose stems are remembered, some megabytes
LONGEST = 60  # characters of a word that count; more than any word has
# American spelling for all, so that either finds the other; a word too short stays.
SPELLINGS = (
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"our"), "or"),
    (re.compile(r"is(e[sd]?|ing|ations?)$"), r"iz\1"),
)
SHORTEST_SPELT = 4


class Word(NamedTuple):
    """A word of a text, and where it stands there."""

    start: int
    end: int
    folded: str

    @property
    def stem(self) -> str:
        return stem_of(self.folded)


Run = tuple[Word, ...]


def runs(text: str) -> Iterator[Run]:
    """The words of a text; those that hyphens join, such as T-DXd, together."""
    for run in _RUN.finditer(text):
        # Nearly all of them are one word.
        matches = (run,) if run[0].isalnum() else _WORDS.finditer(text, *run.span())
        words = (Word(*match.span(), folded(match[0])) for match in matches)
        # A character can be a letter and yet fold to nothing.
        if kept := tuple(word for word in words if word.folded):
            yield kept


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where each word starts and ends."""
    return [match.span() for match in _WORDS.finditer(text)]


def joined(run: Run) -> str:
    """The stem of a hyphened word written as one, as in TDXd."""
    return stem_of("".join(word.folded for word in run)[:LONGEST])


def stems_of(text: str) -> tuple[str, ...]:
    return tuple(word.stem for run in runs(text) for word in run)


def index_terms(text: str) -> tuple[str, ...]:
    """A stem for each of `spans_of`, and after them the hyphened words as one.

    A word that folds to nothing has "" as its stem.
    """
    stems = (stem_of(folded(word)) for word in _WORDS.findall(text))
    return (*stems, *(joined(run) for run in runs(text) if len(run) > 1))


@lru_cache(maxsize=KEPT)
def folded(word: str) -> str:
    """Without accents, capitals and the ’s of an owner."""
    flat = unicodedata.normalize("NFKD", word).casefold()
    flat = unicodedata.normalize("NFKD", flat).replace("’", "'").removesuffix("'s")
    return "".join(filter(str.isalnum, flat))[:LONGEST]


# A stemmer keeps the word it works on, so threads may not share one.
@lru_cache(maxsize=KEPT)
def stem_of(word: str) -> str:
    stem: str = EnglishStemmer().stemWord(_in_one_spelling(word))
    return stem


def _in_one_spelling(word: str) -> str:
    if len(word) < SHORTEST_SPELT:
        return word
    for pattern, spelling in SPELLINGS:
        word = pattern.sub(spelling, word)
    return word
