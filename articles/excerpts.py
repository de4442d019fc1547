"""The part of a text that shows best why it was found, with its words marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.queries import Clause
from articles.stems import Run, Word, joined, runs

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


def marked(text: str, clauses: Sequence[Clause]) -> tuple[Part, ...]:
    """The whole text, cut where what was looked for begins and ends."""
    found = list(runs(text))
    words = [word for run in found for word in run]
    spans = _spans(text, words, sorted(_places(found, clauses)))
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


def _spans(
    text: str, words: Sequence[Word], places: list[int]
) -> Iterator[tuple[int, int]]:
    """Where words stand that were found; neighbours are one."""
    while places:
        first = last = places.pop(0)
        while places and places[0] == last + 1 and _touch(text, words, last):
            last = places.pop(0)
        yield words[first].start, words[last].end


def _touch(text: str, words: Sequence[Word], place: int) -> bool:
    """Whether only a blank or a hyphen is between this word and the next."""
    return len(text[words[place].end : words[place + 1].start]) == 1


def _places(found: Sequence[Run], clauses: Sequence[Clause]) -> set[int]:
    """The numbers of the words that were looked for."""
    stems = [word.stem for run in found for word in run]
    # A letter alone, as in T-DXd, says nothing without its neighbour.
    singles = {stem for c in clauses for stem in c.typed if len(stem) > 1}
    singles |= {c.typed[0] for c in clauses if len(c.typed) == 1}
    places = {place for place, stem in enumerate(stems) if stem in singles}
    phrases = {phrase for c in clauses for phrase in (c.typed, *c.phrases)}
    for phrase in phrases:
        places |= _places_of(phrase, stems)
    return places | set(_places_of_joined(found, phrases))


def _places_of(phrase: Sequence[str], stems: Sequence[str]) -> set[int]:
    length = len(phrase)
    return {
        place + step
        for place in range(len(stems) - length + 1)
        if tuple(stems[place : place + length]) == phrase
        for step in range(length)
    }


def _places_of_joined(
    found: Sequence[Run], phrases: set[tuple[str, ...]]
) -> Iterable[int]:
    place = 0
    for run in found:
        if len(run) > 1 and (joined(run),) in phrases:
            yield from range(place, place + len(run))
        place += len(run)


def excerpt(text: str, clauses: Sequence[Clause]) -> tuple[Part, ...]:
    """Some two lines of the text, from where most of what was looked for stands together."""
    text = LINE_END.sub(" · ", text).replace("\n", " ")
    found = list(runs(text))
    words = [word for run in found for word in run]
    if not words:
        return ()
    places = sorted(_places(found, clauses))
    first = _best_start(words, places)
    last = min(first + WORDS_SHOWN, len(words)) - 1
    start = words[first].start if first else 0
    end = words[last].end if last < len(words) - 1 else len(text)
    shown = [place for place in places if first <= place <= last]
    parts = _parts(text, _spans(text, words, shown), start=start, end=end)
    before = (Part("… "),) if first and not _is_sentence(text, start) else ()
    return (*before, *parts, *((Part(" …"),) if end < len(text) else ()))


def _best_start(words: Sequence[Word], places: Sequence[int]) -> int:
    """The number of the first word to show."""
    stems = {place: words[place].stem for place in places}
    best, most = 0, 0
    for place in places:
        start = max(0, place - WORDS_BEFORE)
        shown = {stems[p] for p in places if start <= p < start + WORDS_SHOWN}
        if len(shown) > most:
            best, most = start, len(shown)
    return best


def _is_sentence(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith(STOPS)
