"""The part of a text that shows best why it was found, with its words marked."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from articles.queries import Clause, Phrase
from articles.stems import index_terms, joined, runs, spans_of

WORDS_BEFORE = 8
WORDS_SHOWN = 34
STOPS = (".", "!", "?", ":", "·")
# The end of a cell or of a point in a list, which has no full stop.
LINE_END = re.compile(r"(?<![.!?:])\n")


@dataclass(frozen=True)
class Part:
    """A stretch of text that was looked for, or not."""

    text: str
    is_found: bool = False


class Words(NamedTuple):
    """Of a text: where each word starts and ends, its stem, and hyphened words as one."""

    text: str
    spans: Sequence[tuple[int, int]]
    stems: Sequence[str]
    joined: Sequence[str]


def _words(text: str, terms: Sequence[str]) -> Words:
    spans = spans_of(text)
    return Words(text, spans, terms[: len(spans)], terms[len(spans) :])


def marked(text: str, clauses: tuple[Clause, ...]) -> tuple[Part, ...]:
    """The whole text, cut where what was looked for begins and ends."""
    words = _words(text, index_terms(text))
    spans = _spans(words, sorted(_places(words, clauses)))
    return tuple(_parts(text, spans, start=0, end=len(text)))


def _parts(
    text: str, spans: Iterable[tuple[int, int]], *, start: int, end: int
) -> Iterator[Part]:
    for first, last in spans:
        if first > start:
            yield Part(text[start:first])
        yield Part(text[first:last], is_found=True)
        start = last
    if start < end:
        yield Part(text[start:end])


def _spans(words: Words, places: list[int]) -> Iterator[tuple[int, int]]:
    """Where words stand that were found; neighbours are one."""
    while places:
        first = last = places.pop(0)
        while places and places[0] == last + 1 and _touch(words, last):
            last = places.pop(0)
        yield words.spans[first][0], words.spans[last][1]


def _touch(words: Words, place: int) -> bool:
    """Whether only a blank or a hyphen is between this word and the next."""
    return words.spans[place + 1][0] - words.spans[place][1] == 1


def _places(words: Words, clauses: tuple[Clause, ...]) -> set[int]:
    """The numbers of the words that were looked for."""
    singles, phrases = _sought(clauses)
    places = {place for place, stem in enumerate(words.stems) if stem in singles}
    for phrase in phrases:
        places |= _places_of(phrase, words.stems)
    return places | set(_places_of_joined(words, singles))


@lru_cache(maxsize=16)
def _sought(clauses: tuple[Clause, ...]) -> tuple[frozenset[str], tuple[Phrase, ...]]:
    """The stems that count wherever they stand, and those that count in a row."""
    phrases = {phrase for c in clauses for phrase in (c.typed, *c.phrases)}
    alone = {phrase[0] for phrase in phrases if len(phrase) == 1}
    # A letter alone, as in T-DXd, says nothing without its neighbour.
    parts = {stem for c in clauses for stem in c.typed if len(stem) > 1}
    return frozenset(alone | parts), tuple(p for p in phrases if len(p) > 1)


def _places_of(phrase: Sequence[str], stems: Sequence[str]) -> set[int]:
    length = len(phrase)
    return {
        place + step
        for place in range(len(stems) - length + 1)
        if tuple(stems[place : place + length]) == phrase
        for step in range(length)
    }


def _places_of_joined(words: Words, singles: frozenset[str]) -> Iterable[int]:
    if singles.isdisjoint(words.joined):
        return
    for run in runs(words.text):
        if joined(run) in singles:
            first = bisect_left(words.spans, (run[0].start, 0))
            yield from range(first, bisect_left(words.spans, (run[-1].end, 0)))


def in_one_line(text: str) -> str:
    return LINE_END.sub(" · ", text).replace("\n", " ")


def excerpt(
    text: str, terms: Sequence[str], clauses: tuple[Clause, ...]
) -> tuple[Part, ...]:
    """Some two lines of the text, from where most of what was looked for stands together.

    `terms` are what the index has of the text.
    """
    words = _words(text, terms)
    if not words.spans:
        return ()
    places = sorted(_places(words, clauses))
    first = _best_start(words, places)
    last = min(first + WORDS_SHOWN, len(words.spans)) - 1
    start = words.spans[first][0] if first else 0
    end = words.spans[last][1] if last < len(words.spans) - 1 else len(text)
    shown = [place for place in places if first <= place <= last]
    parts = _parts(text, _spans(words, shown), start=start, end=end)
    before = (Part("… "),) if first and not _is_sentence(text, start) else ()
    return (*before, *parts, *((Part(" …"),) if end < len(text) else ()))


def _best_start(words: Words, places: Sequence[int]) -> int:
    """The number of the first word to show."""
    best, most = 0, 0
    for place in places:
        start = max(0, place - WORDS_BEFORE)
        shown = {words.stems[p] for p in places if start <= p < start + WORDS_SHOWN}
        if len(shown) > most:
            best, most = start, len(shown)
    return best


def _is_sentence(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith(STOPS)
