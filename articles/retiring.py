"""Retiring: an article goes off the site for good, and nobody writes it on by mistake."""

import datetime as dt

from django.db import transaction

from articles.models import Article, Status
from articles.publishing import By, CannotMove, must_say_why, note, withdraw


@transaction.atomic
def retire(
    article: Article,
    *,
    by: By,
    at: dt.datetime,
    reason: str,
    replaced_by: Article | None = None,
) -> None:
    """End the article: withdraw all that is published, and let no draft be started.

    A withdrawn page can be retired too; readers then see the new reason. Raises CannotMove
    when readers never saw the page, or it is retired already.
    """
    # The article first: a publication at the same moment waits for this row and is refused, or
    # has ended and is withdrawn below.
    rows = Article.objects.filter(pk=article.pk, retired_at=None)
    if not rows.update(retired_at=at):
        raise CannotMove("This page is retired already.")
    if article.versions.filter(status=Status.PUBLISHED).exists():
        withdraw(article, by=by, at=at, reason=reason, replaced_by=replaced_by)
    else:
        _say_why(article, at=at, reason=reason, replaced_by=replaced_by)
    article.retired_at = at
    note(by, article, f"Retired: {reason}")


def _say_why(
    article: Article, *, at: dt.datetime, reason: str, replaced_by: Article | None
) -> None:
    must_say_why(article, reason=reason, replaced_by=replaced_by)
    withdrawn = article.versions.seen_by(at).filter(status=Status.WITHDRAWN)
    if not withdrawn.update(withdrawn_reason=reason, replaced_by=replaced_by):
        msg = "Readers never saw this page. Discard its draft instead."
        raise CannotMove(msg)


@transaction.atomic
def reopen(article: Article, *, by: By) -> None:
    """Let the article be written again; readers see it when a new version is published."""
    rows = Article.objects.filter(pk=article.pk, retired_at__isnull=False)
    if not rows.update(retired_at=None):
        raise CannotMove("This page is not retired.")
    article.retired_at = None
    note(by, article, "Reopened.")
