"""The stored part of published pages: laid out, and laid out again when what they print changed.

Two locks keep it true. Whoever lays out a page first takes the stock (sources, words, pictures)
and then the article: else a page that was laid out before a source was retracted, or a passage
hidden, is stored after it.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from articles import texts
from articles.bodies import BodyContent
from articles.models import Article, ArticleVersion, Status
from articles.texts import stock_of

STOCK = 4_710_001  # any number that nothing else in the database takes for its lock


def hold_stock() -> None:
    """Let nobody else lay out a page until the transaction ends.

    On SQLite a transaction that writes holds everything already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STOCK])


def hold(article_id: int) -> None:
    """Let nobody else publish, withdraw or hide a part of this article meanwhile."""
    Article.objects.select_for_update(no_key=True).get(pk=article_id)


def render_body(body: BodyContent) -> str:
    """The part of the page that a version fixes, as stored at its publication."""
    return render_to_string("articles/_body.html", {"version": body})


@transaction.atomic
def rerender(versions: models.QuerySet[ArticleVersion], *, at: dt.datetime) -> int:
    """Render published versions again: a source, word or the renderer has changed.

    Gives the number of pages that came out differently; only these are touched.
    """
    hold_stock()
    stock = stock_of()
    count = 0
    for version in versions.filter(status=Status.PUBLISHED):
        hold(version.article_id)
        html = render_body(texts.body_of(version, stock))
        if html == version.html:
            continue
        ArticleVersion.objects.filter(pk=version.pk).update(html=html, rendered_at=at)
        touch([version.article_id], at=at)
        count += 1
    return count


def touch(article_ids: Sequence[int], *, at: dt.datetime | None = None) -> None:
    """Say that the page of these articles shows something new beside its version."""
    Article.objects.filter(pk__in=article_ids).update(
        page_changed_at=at or timezone.now()
    )
