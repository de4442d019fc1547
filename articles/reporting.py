"""What readers say of a passage, and what editors do about it."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from articles.models import ArticleVersion, ReaderReport, ReportKind
from articles.publishing import note

A_MOMENT = dt.timedelta(minutes=10)


class AlreadyHandled(Exception):
    """Somebody else has dealt with this report."""


@transaction.atomic
def send_report(
    version: ArticleVersion, *, key: str, kind: str, text: str, at: dt.datetime
) -> None:
    """Keep a reader's word. The same words sent twice, as by a double click, count once."""
    said = {
        "article_id": version.article_id,
        "version_number": version.number,
        "passage_key": key,
        "kind": ReportKind(kind),
        "text": text,
    }
    # One after the other, or two equal ones would both find nothing.
    ArticleVersion.objects.select_for_update().filter(pk=version.pk).first()
    just_now = ReaderReport.objects.filter(sent_at__gt=at - A_MOMENT)
    if text and just_now.filter(**said).exists():
        return
    ReaderReport.objects.create(**said, sent_at=at)


def about_the_same(report: ReaderReport) -> models.QuerySet[ReaderReport]:
    """Other unread reports on this passage."""
    return (
        ReaderReport.objects.unread()
        .filter(article=report.article_id, passage_key=report.passage_key)
        .exclude(pk=report.pk)
    )


@transaction.atomic
def handle(
    report: ReaderReport,
    *,
    by: AbstractBaseUser,
    answer: str,
    at: dt.datetime,
    others: bool = False,
) -> int:
    """Say what was done about a report, and with `others` about all on the same passage.

    Gives how many were dealt with. Raises AlreadyHandled.
    """
    done = {"handled_at": at, "handled_by": by, "answer": answer}
    mine = ReaderReport.objects.filter(pk=report.pk, handled_at=None)
    if not mine.update(**done):
        msg = "Somebody else has dealt with this report. See what they did."
        raise AlreadyHandled(msg)
    count = 1 + (about_the_same(report).update(**done) if others else 0)
    note(by, report, f"Dealt with: {answer}")
    return count
