"""Find passages that readers can see, the same ones in the same order on both databases.

The databases only say which passages hold which words. What counts for how much, and what
comes first among equals, is decided here: neither database's own measure of relevance
can be had in the other.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from articles import queries
from articles.bodies import Word
from articles.excerpts import Part, excerpt, marked
from articles.models import GlossaryTerm, Passage, SearchEntry
from articles.near_words import nearest
from articles.queries import Clause, clauses_of, names_of, spellings_of
from articles.stems import runs, stem_of

# Ranking costs more the more is found, and nobody reads on for so long.
MOST_PASSAGES = 500
PASSAGES_SHOWN = 3
WORDS_EXPLAINED = 2
PER_PAGE = 10
# Words that can be meant by a slip of the pen are learnt from so many passages at most.
LEARNT_FROM = 3000
MOST_GUESSES = 4
IDS = {
    "sqlite": "SELECT rowid FROM articles_searchindex WHERE articles_searchindex MATCH %s",
    "postgresql": "SELECT passage_id FROM articles_searchindex WHERE vector @@ %s::tsquery",
}
# Whether a passage that was found holds a match; on PostgreSQL its vector is at hand.
HOLDS = {
    "sqlite": f"articles_passage.id IN ({IDS['sqlite']})",
    "postgresql": "vector @@ %s::tsquery",
}
POINTS = {
    "sqlite": "({})",
    "postgresql": "(SELECT {} FROM articles_searchindex WHERE passage_id = articles_passage.id)",
}
# Title, heading, both together.
WORTH = {"A": 4, "B": 2, "AB": 1}
# Stands in a statement for the moment of asking.
SOME_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EXPRESSION = {"sqlite": queries.fts5, "postgresql": queries.tsquery}
IN_ORDER = (
    "-points",
    "version__article__topic__position",
    "version__article__position",
    "version__article_id",
    "position",
    "pk",
)


@dataclass(frozen=True)
class FoundPassage:
    key: str
    heading: tuple[Part, ...]
    excerpt: tuple[Part, ...]


@dataclass(frozen=True)
class FoundArticle:
    slug: str
    title: tuple[Part, ...]
    topic_name: str
    passages: tuple[FoundPassage, ...]
    others: int
    """Passages of it that hold the words, too, and are not shown."""


@dataclass(frozen=True)
class Results:
    """One page of what was found. `suggestion` is what was perhaps meant, or ""."""

    asked: str
    words: tuple[Word, ...] = ()
    articles: tuple[FoundArticle, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    is_any_word: bool = False
    """Nothing holds all the words; these hold some of them."""
    suggestion: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({"q": self.asked})

    @property
    def is_miss(self) -> bool:
        return bool(self.asked) and not (self.words or self.articles)


@dataclass(frozen=True)
class _Row:
    """A passage that holds the words, and what is needed to put it into order."""

    pk: int
    points: int
    article_id: int
    slug: str
    topic_name: str
    key: str


@dataclass(frozen=True)
class _Match:
    """Stands in a statement for what is looked for: one clause or all, in these fields."""

    fields: str = queries.ANYWHERE
    clause: int | None = None


ROW = (
    "pk",
    "points",
    "version__article_id",
    "version__article__slug",
    "version__article__topic__name",
    "key",
)


def search(text: str, *, at: dt.datetime, page: int = 1) -> Results:
    """What readers can see now that holds these words, a page of ten articles at a time."""
    asked = " ".join(text[: queries.MOST_CHARACTERS].split())
    things = tuple(
        (term, *also) for term, also in GlossaryTerm.objects.values_list("term", "also")
    )
    clauses = clauses_of(asked, names_of(things))
    if not clauses:
        return Results(asked)
    rows = _rows(clauses, at=at, every=True)
    is_any_word = not rows and len(clauses) > 1
    suggestion = "" if rows else _suggestion(asked, things, at=at)
    if is_any_word:
        rows = _rows(clauses, at=at, every=False)
    groups = _groups(rows)
    pages = max(1, -(-len(groups) // PER_PAGE))
    page = min(max(1, page), pages)
    return Results(
        asked,
        words=_explained(clauses, things) if page == 1 else (),
        articles=_articles(groups[(page - 1) * PER_PAGE :][:PER_PAGE], clauses),
        total=len(groups),
        page=page,
        pages=pages,
        is_any_word=bool(is_any_word and groups),
        suggestion=suggestion,
    )


def _rows(clauses: Sequence[Clause], *, at: dt.datetime, every: bool) -> list[_Row]:
    sql, blanks = _statement(connection.vendor, 0 if every else len(clauses))
    params = [_filled(blank, clauses, at=at, every=every) for blank in blanks]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_Row(*row) for row in cursor.fetchall()]


def _filled(
    blank: Any, clauses: Sequence[Clause], *, at: dt.datetime, every: bool
) -> Any:
    if isinstance(blank, _Match):
        sought = clauses if blank.clause is None else [clauses[blank.clause]]
        return EXPRESSION[connection.vendor](sought, every=every, fields=blank.fields)
    return _stored(at) if blank == _stored(SOME_TIME) else blank


def _stored(at: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


@lru_cache
def _statement(vendor: str, alone: int) -> tuple[str, tuple[Any, ...]]:
    """What finds passages and gives points to them, with blanks; `alone`: clauses that count alone.

    Built once, because Django takes longer to build it than a database to answer it.
    """
    found = Passage.objects.shown(SOME_TIME).filter(pk__in=_ids(vendor, _Match()))
    scored = found.annotate(points=_points(vendor, alone)).order_by(*IN_ORDER)
    query = scored.values_list(*ROW)[:MOST_PASSAGES].query
    sql, blanks = query.sql_with_params()
    return sql, tuple(blanks)


def _ids(vendor: str, match: _Match) -> RawSQL:
    return RawSQL(IDS[vendor], [match])  # noqa: S611 - IDS is written above


def _points(vendor: str, alone: int) -> RawSQL:
    """A title that holds the words counts for more than a heading, and that for more than text."""
    worth = {_Match(fields): points for fields, points in WORTH.items()}
    worth |= {_Match(clause=clause): 8 for clause in range(alone)}
    sql = " + ".join(
        f"CASE WHEN {HOLDS[vendor]} THEN {points} ELSE 0 END"
        for points in worth.values()
    )
    return RawSQL(POINTS[vendor].format(sql), list(worth), IntegerField())  # noqa: S611


def _groups(rows: Iterable[_Row]) -> list[list[_Row]]:
    """Passages by article: by its best passage, and then by how many hold the words."""
    groups: dict[int, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.article_id, []).append(row)
    return sorted(groups.values(), key=lambda group: (-group[0].points, -len(group)))


def _articles(
    groups: Sequence[Sequence[_Row]], clauses: tuple[Clause, ...]
) -> tuple[FoundArticle, ...]:
    shown = [row.pk for group in groups for row in group[:PASSAGES_SHOWN]]
    entries = SearchEntry.objects.in_bulk(shown)
    return tuple(_article(group, entries, clauses) for group in groups)


def _article(
    group: Sequence[_Row],
    entries: Mapping[Any, SearchEntry],
    clauses: tuple[Clause, ...],
) -> FoundArticle:
    first = group[0]
    return FoundArticle(
        slug=first.slug,
        title=marked(entries[first.pk].title, clauses),
        topic_name=first.topic_name,
        passages=tuple(
            _passage(row, entries[row.pk], clauses) for row in group[:PASSAGES_SHOWN]
        ),
        others=max(0, len(group) - PASSAGES_SHOWN),
    )


def _passage(
    row: _Row, entry: SearchEntry, clauses: tuple[Clause, ...]
) -> FoundPassage:
    heading = marked(entry.heading, clauses)
    shown = excerpt(entry.body, entry.terms.split(" "), clauses)
    return FoundPassage(row.key, heading, shown)


def _explained(
    clauses: Iterable[Clause], things: Iterable[Sequence[str]]
) -> tuple[Word, ...]:
    """The words of the glossary that were asked for by any of their names."""
    asked = {clause.typed for clause in clauses if clause.is_name}
    if not asked:
        return ()
    terms = [names[0] for names in things if asked & spellings_of(names).keys()]
    found = GlossaryTerm.objects.filter(term__in=terms[:WORDS_EXPLAINED])
    return tuple(
        Word(t.slug, t.term, t.definition, t.say, tuple(t.also)) for t in found
    )


# --- Slips of the pen ------------------------------------------------------------------------


def _suggestion(asked: str, things: Iterable[Sequence[str]], *, at: dt.datetime) -> str:
    """What was asked, with known words in the place of unknown ones; "" without such."""
    names = _spelt(name for thing in things for name in thing)
    known = _known_words(at)
    words = [word for run in runs(asked) for word in run]
    unknown = [w for w in words if not (w.folded in names or w.folded in known)]
    meant = asked
    for word in reversed(unknown[:MOST_GUESSES]):
        near = nearest(word.folded, [names, known])
        if near and stem_of(near) != word.stem:
            spelt = names.get(near) or known[near]
            meant = meant[: word.start] + spelt + meant[word.end :]
    return "" if meant == asked else meant


def _known_words(at: dt.datetime) -> Mapping[str, str]:
    """Each word that readers can read, as it is spelt; kept under the name of its passages."""
    shown = Passage.objects.shown(at).order_by("pk")[:LEARNT_FROM]
    ids = list(shown.values_list("pk", flat=True))
    key = "words-" + hashlib.sha256(repr(ids).encode()).hexdigest()
    words: Mapping[str, str] | None = caches["pages"].get(key)
    if words is None:
        entries = SearchEntry.objects.filter(passage__in=shown.values("pk"))
        texts = entries.order_by("pk").values_list("title", "heading", "body")
        words = _spelt(text for row in texts for text in row)
        caches["pages"].set(key, words)
    return words


def _spelt(texts: Iterable[str]) -> dict[str, str]:
    """Words by how they are folded; where several fold alike, the first one's spelling."""
    words: dict[str, str] = {}
    for text in texts:
        for run in runs(text):
            for word in run:
                words.setdefault(word.folded, text[word.start : word.end])
    return words
