"""Keeps what is searched in step with what is published.

Beside the table of entries stands the index itself, which Django has no name for: on SQLite a
virtual table of FTS5, on PostgreSQL a table of vectors. Both hold the stems that we made, so
that no rule of either database comes between. No trigger and no key ties it to other
tables: rows that are left over are never found, as each find is looked up among what
readers see.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from articles.excerpts import in_one_line
from articles.models import ArticleVersion, Passage, SearchEntry, Status
from articles.sentences import searchable_text
from articles.stems import index_terms

MAKE = {
    # "ascii" parts words at blanks alone; all other characters of a stem belong to it.
    "sqlite": [
        "CREATE VIRTUAL TABLE IF NOT EXISTS articles_searchindex "
        "USING fts5(title, heading, body, tokenize = 'ascii')",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS articles_searchindex "
        "(passage_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
        "CREATE INDEX IF NOT EXISTS articles_searchindex_vector "
        "ON articles_searchindex USING gin (vector)",
    ],
}
REMOVE = {
    "sqlite": "DELETE FROM articles_searchindex WHERE rowid = %s",
    "postgresql": "DELETE FROM articles_searchindex WHERE passage_id = %s",
}
ADD = {
    "sqlite": "INSERT INTO articles_searchindex (rowid, title, heading, body) "
    "VALUES (%s, %s, %s, %s)",
    "postgresql": "INSERT INTO articles_searchindex (passage_id, vector) "
    "VALUES (%s, %s::tsvector)",
}
# PostgreSQL counts positions to 16,383. The gap keeps phrases within one field.
LAST_POSITION, GAP = 16_383, 10


@transaction.atomic
def index(version: ArticleVersion) -> None:
    """Let the passages of a published version be found; from when is for the search to say."""
    passages = version.passages.all()
    entries = [_entry(passage, title=version.title) for passage in passages]
    SearchEntry.objects.filter(passage__version=version).delete()
    SearchEntry.objects.bulk_create(entries)
    with connection.cursor() as cursor:
        cursor.executemany(REMOVE[connection.vendor], [(e.pk,) for e in entries])
        cursor.executemany(ADD[connection.vendor], [_row(e) for e in entries])


def _entry(passage: Passage, *, title: str) -> SearchEntry:
    body = in_one_line(searchable_text(passage.body))
    return SearchEntry(
        passage=passage,
        title=title,
        heading=passage.heading,
        body=body,
        terms=" ".join(index_terms(body)),
    )


def _row(entry: SearchEntry) -> tuple[Any, ...]:
    terms = [index_terms(entry.title), index_terms(entry.heading)]
    fields = [*map(" ".join, terms), entry.terms]
    if connection.vendor == "sqlite":
        return (entry.pk, *fields)
    return (entry.pk, vector(field.split() for field in fields))


def vector(fields: Iterable[Iterable[str]]) -> str:
    """The stems of title, heading and body as PostgreSQL writes them: 'her2':1A 'cell':2C."""
    return " ".join(_lexemes(fields))


def _lexemes(fields: Iterable[Iterable[str]]) -> Iterator[str]:
    position = 0
    for label, stems in zip("ABC", fields, strict=True):
        for stem in stems:
            position += 1
            yield f"'{stem}':{min(position, LAST_POSITION)}{label}"
        position += GAP


@transaction.atomic
def reindex() -> int:
    """Make the whole index anew; gives the number of versions in it."""
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_searchindex")
    published = ArticleVersion.objects.filter(status=Status.PUBLISHED)
    for version in published.order_by("pk").iterator(chunk_size=100):
        index(version)
    return published.count()


def keep_index(**_: Any) -> None:
    """After migrate: make the index where there is none, and fill it where it lags behind.

    A migration could make it, but a restored dump or a rebuilt file may come without it.
    """
    if "articles_searchentry" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in MAKE[connection.vendor]:
            cursor.execute(statement)
    if not is_complete():
        reindex()


def is_complete() -> bool:
    """Whether every passage of a published version can be found."""
    published = Passage.objects.filter(version__status=Status.PUBLISHED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM articles_searchindex")
        (indexed,) = cursor.fetchone()
    is_each_entered = not published.filter(search_entry=None).exists()
    return is_each_entered and indexed == SearchEntry.objects.count()
