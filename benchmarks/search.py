"""Our search beside a bare query of the same index, over ten thousand passages, in one run.

    .venv/bin/python benchmarks/search.py [postgres://user@host/empty_database]

The bare query asks the index for the best thirty passages by the database's own measure, with
an excerpt of each, as one would write it first: it knows nothing of what is live or hidden, of
other names, or of pages. Ours is measured twice: finding alone, which puts up to 500 passages
that readers see into order, and the whole, with the glossary and a page of up to thirty
excerpts. All are asked in turns, so that a busy machine slows all; the median of the rounds
counts. Ratios hold from machine to machine, milliseconds do not.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ARTICLES, PER_ARTICLE, WORDS, ROUNDS = 1000, 10, 80, 15
QUERIES = {
    "a rare word": "word4711",
    "a word in a tenth": "nausea",
    "a word in every passage": "treatment",
    "two words": "nausea treatment",
    "another name": "herceptin",
}
BARE = {
    "sqlite": """
        SELECT rowid, snippet(articles_searchindex, 2, '[', ']', '…', 30)
        FROM articles_searchindex WHERE articles_searchindex MATCH %s
        ORDER BY rank LIMIT 30
    """,
    "postgresql": """
        SELECT best.passage_id, ts_headline('simple', entry.body, best.query)
        FROM (
            SELECT passage_id, query
            FROM articles_searchindex, CAST(%s AS tsquery) AS query
            WHERE vector @@ query ORDER BY ts_rank(vector, query) DESC LIMIT 30
        ) AS best
        JOIN articles_searchentry AS entry ON entry.passage_id = best.passage_id
    """,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        if len(sys.argv) > 1:
            os.environ["DATABASE_URL"] = sys.argv[1]
        os.environ["DJANGO_SETTINGS_MODULE"] = "her2site.settings"
        import django  # noqa: PLC0415 - the settings have to be chosen first

        django.setup()
        print_ratios()


def print_ratios() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    settings.DEBUG = False
    call_command("migrate", verbosity=0)
    seed()
    connection.cursor().execute("ANALYZE")
    print(f"{connection.vendor}: our search as a multiple of the bare query")
    print(f"  {'':<24} {'finding':>8}   {'whole':>8}   {'bare':>10}")
    times = dict(measure())
    times["all together"] = tuple(map(sum, zip(*times.values(), strict=True)))
    for name, (finding, whole, bare) in times.items():
        print(
            f"  {name:<24} {finding / bare:8.2f} × {whole / bare:8.2f} × {bare:8.2f} ms"
        )


def seed() -> None:
    """Published pages of words by chance, always the same; past the moves, which would take long."""
    from django.utils import timezone  # noqa: PLC0415

    from articles import indexing  # noqa: PLC0415
    from articles.models import (  # noqa: PLC0415
        Article,
        ArticleVersion,
        GlossaryTerm,
        Passage,
        Status,
        Topic,
    )

    chance = random.Random(4711)  # noqa: S311 - texts by chance, no secrets
    at = timezone.now()
    topic = Topic.objects.create(name="All", slug="all")
    GlossaryTerm.objects.create(slug="t", term="Trastuzumab", also=["Herceptin"])
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(slug=f"t-{n}", term=f"term{n}", also=[f"other{n} name"])
        for n in range(60)
    )
    articles = Article.objects.bulk_create(
        Article(slug=f"page-{n}", topic=topic, position=n % 1000)
        for n in range(ARTICLES)
    )
    versions = ArticleVersion.objects.bulk_create(
        ArticleVersion(article=article, number=1, title=f"Page {article.slug}")
        for article in articles
    )
    Passage.objects.bulk_create(
        Passage(
            version=version,
            key=f"part-{n}",
            position=n,
            heading=f"Part {words(chance, 4)}",
            body=f"The treatment is {words(chance, WORDS)}.",
            text_hash="-",
        )
        for version in versions
        for n in range(PER_ARTICLE)
    )
    ArticleVersion.objects.update(
        status=Status.PUBLISHED, live_from=at, html="-", content_hash="-"
    )
    indexing.reindex()


def words(chance: random.Random, count: int) -> str:
    some = [f"word{chance.randrange(20_000)}" for _ in range(count)]
    some += [word for word in ("nausea", "trastuzumab") if chance.random() < 0.1]
    return " ".join(some)


def measure() -> Iterator[tuple[str, tuple[float, ...]]]:
    """Milliseconds of each query: ours without and with excerpts, and the bare one."""
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles import search  # noqa: PLC0415
    from articles.queries import Clause, clauses_of, names_of  # noqa: PLC0415

    at = timezone.now()
    for name, text in QUERIES.items():
        clauses = clauses_of(text, names_of((("Trastuzumab", "Herceptin"),)))
        expression = search.EXPRESSION[connection.vendor](clauses, every=True)

        def bare(expression: str = expression) -> None:
            with connection.cursor() as cursor:
                cursor.execute(BARE[connection.vendor], [expression])
                cursor.fetchall()

        def finding(clauses: tuple[Clause, ...] = clauses) -> None:
            search._rows(clauses, at=at, every=True)  # noqa: SLF001

        def whole(text: str = text) -> None:
            search.search(text, at=at)

        rounds = [[*map(timed, (finding, whole, bare))] for _ in range(ROUNDS)]
        yield name, tuple(map(statistics.median, zip(*rounds, strict=True)))


def timed(work: Callable[[], None]) -> float:
    """Milliseconds on the clock: the work of a PostgreSQL server counts, too."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
