"""A version's text as the parts that its page prints."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from articles import markup
from articles.citations import CITATION
from articles.markup import Page, Picture, Term

READING_SPEED = 200  # words a minute, unhurried
# With the space before it, or "It works [@a]?" would end in " ?".
CITED = re.compile(rf"\s*{CITATION.pattern}")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Source:
    """A reference as the page prints it. `note` warns when it is no longer current."""

    key: str
    csl: Mapping[str, Any]
    note: str = ""
    is_taken_back: bool = False
    """Retracted or withdrawn: nothing in it counts, so its passages say so themselves."""


@dataclass(frozen=True)
class Word:
    slug: str
    term: str
    definition: str
    say: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stock:
    """What texts may draw on: sources by key, words, pictures by id."""

    sources: Mapping[str, Source]
    words: Mapping[str, Word]
    pictures: Mapping[str, Picture]

    def page(self) -> Page:
        terms = tuple(
            Term(word.slug, (word.term, *word.also)) for word in self.words.values()
        )
        return Page(known=self.sources, terms=terms, pictures=self.pictures)


@dataclass(frozen=True)
class ReferenceLine:
    number: int
    key: str
    text_html: str
    note: str
    back: tuple[tuple[str, str], ...]
    """(anchor, label) of each place in the text that cites it."""


TakenBack = tuple[tuple[int, str], ...]
"""(number, key) of sources that were taken back."""


@dataclass(frozen=True)
class PassageContent:
    """A passage as the page prints it; a hidden one has a reason instead of a text."""

    key: str
    heading: str
    html: str
    hidden_reason: str = ""
    taken_back: TakenBack = ()


@dataclass(frozen=True)
class BodyContent:
    """`taken_back` are sources of the key points and the summary."""

    summary_html: str
    key_points_html: tuple[str, ...]
    taken_back: TakenBack
    passages: tuple[PassageContent, ...]
    references: tuple[ReferenceLine, ...]
    words: tuple[Word, ...]


def body_content(
    *,
    summary: str,
    key_points: Iterable[str],
    passages: Iterable[tuple[str, str, str]],
    stock: Stock,
    hidden: Mapping[str, str],
) -> BodyContent:
    """Render every part in reading order, so that sources are numbered by first use.

    `passages` are (key, heading, Markdown body), `hidden` the reasons of those not shown.
    """
    page = stock.page()
    return BodyContent(
        # First, as they stand first on the page: sources are numbered in this order.
        key_points_html=tuple(page.line(point) for point in key_points),
        summary_html=page.line(summary),
        taken_back=_taken_back(page, stock, before=Counter()),
        passages=tuple(
            PassageContent(key, heading, "", hidden[key])
            if key in hidden
            else _passage(key, heading, body, page=page, stock=stock)
            for key, heading, body in passages
        ),
        references=tuple(
            _line(stock.sources[key], number, page.uses[key])
            for key, number in page.numbers.items()
        ),
        words=tuple(stock.words[slug] for slug in page.words),
    )


def _passage(
    key: str, heading: str, body: str, *, page: Page, stock: Stock
) -> PassageContent:
    before = page.uses.copy()
    html = page.passage(body)
    taken_back = _taken_back(page, stock, before=before)
    return PassageContent(key, heading, html, taken_back=taken_back)


def _taken_back(page: Page, stock: Stock, *, before: Counter[str]) -> TakenBack:
    """Of the sources that the page has used since."""
    used = page.uses - before
    return tuple(
        (page.numbers[key], key) for key in used if stock.sources[key].is_taken_back
    )


def _line(source: Source, number: int, uses: int) -> ReferenceLine:
    back = tuple(
        (f"cite-{source.key}-{n}", LETTERS[(n - 1) % len(LETTERS)])
        for n in range(1, uses + 1)
    )
    return ReferenceLine(
        number, source.key, markup.source_html(source.csl), source.note, back
    )


def plain(text: str) -> str:
    """A line without its citations, for lists of pages."""
    return " ".join(CITED.sub("", text).split())


def minutes(words: int) -> int:
    return max(1, round(words / READING_SPEED))
