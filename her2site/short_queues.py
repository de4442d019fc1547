"""Queues of the desk that are short by nature: all of them in one query. Read only."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from articles.models import (
    WORKING,
    HiddenPassage,
    LinkHealth,
    LinkOutcome,
    LinkTarget,
    ReaderReport,
    ReviewLink,
    SearchMiss,
)
from articles.publishing import moment_in_words
from her2site.queues import Line, Lines, count, lines_of, version_url
from quizzes.models import CorrectionState, KeyCorrection

Row = Mapping[str, Any]


def _hidden(_: dt.datetime, __: int | None) -> QuerySet:
    rows = HiddenPassage.objects.in_force()
    where = Concat("article__slug", Value(" # "), "key", output_field=TextField())
    return _lines(
        rows, pk="article_id", text=where, note=F("reason"), since=F("hidden_at")
    )


def _hidden_line(row: Row) -> Line:
    note = f"since {moment_in_words(row['line_since'])}: {row['line_note']}"
    url = reverse("admin:articles_article_change", args=[row["line_pk"]])
    return Line(row["line_text"], note, url)


def _experts(at: dt.datetime, _: int | None) -> QuerySet:
    unanswered = Q(outcome="", revoked_at=None, expires_at__lte=at)
    rows = ReviewLink.objects.filter(
        Q(outcome=LinkOutcome.CHANGES) | unanswered, version__status__in=WORKING
    ).exclude(kind="")
    return _lines(
        rows,
        pk="version_id",
        text=F("version__title"),
        note=Concat("name", Value("|"), "outcome", output_field=TextField()),
        since=F("created_at"),
    )


def _experts_line(row: Row) -> Line:
    name, _, outcome = row["line_note"].rpartition("|")
    note = f"{name} asks for changes" if outcome else f"{name} did not answer in time"
    return Line(row["line_text"], note, version_url(row["line_pk"]))


def _corrections(_: dt.datetime, user_id: int | None) -> QuerySet:
    """Without their own, which somebody else decides."""
    rows = KeyCorrection.objects.filter(state=CorrectionState.PROPOSED)
    rows = rows.exclude(proposed_by=user_id)
    by = Concat("proposed_by__name", Value(": "), "reason", output_field=TextField())
    return _lines(
        rows,
        pk="pk",
        text=F("question_version__stem"),
        note=by,
        since=F("proposed_at"),
    )


def _corrections_line(row: Row) -> Line:
    url = reverse("admin:quizzes_keycorrection_change", args=[row["line_pk"]])
    return Line(row["line_text"], f"proposed by {row['line_note']}", url)


def _links(_: dt.datetime, __: int | None) -> QuerySet:
    rows = LinkTarget.objects.filter(health=LinkHealth.BROKEN, uses__isnull=False)
    return _lines(
        rows.distinct(), pk="pk", text=F("url"), note=F("found"), since=F("checked_at")
    )


def _checked(_: dt.datetime, __: int | None) -> QuerySet:
    """One line: when outside links were last looked at."""
    rows = LinkTarget.objects.exclude(checked_at=None).annotate(all=Value(1))
    return _lines(rows.values("all"), pk="all", text=Value(""), since=Max("checked_at"))


def _checked_line(row: Row) -> Line:
    return Line(f"last checked {moment_in_words(row['line_since'])}", "", "")


def _links_line(row: Row) -> Line:
    url = reverse("admin:articles_linktarget_change", args=[row["line_pk"]])
    return Line(row["line_text"], row["line_note"], url)


def _misses(_: dt.datetime, __: int | None) -> QuerySet:
    return _lines(SearchMiss.objects.all(), pk="pk", text=F("words"), number=F("count"))


def _misses_line(row: Row) -> Line:
    times = "once" if row["line_number"] == 1 else f"{row['line_number']} times"
    url = reverse("admin:articles_searchmiss_changelist")
    return Line(f"“{row['line_text']}”", times, url)


def _reports(_: dt.datetime, __: int | None) -> QuerySet:
    where = Concat("article__slug", Value("|"), "passage_key", output_field=TextField())
    return _lines(
        ReaderReport.objects.unread().values("article_id", "passage_key"),
        pk="article_id",
        text=where,
        number=Count("pk"),
        since=Min("sent_at"),
    )


def _reports_line(row: Row) -> Line:
    slug, _, key = row["line_text"].rpartition("|")
    query = f"?state=unread&article__id__exact={row['line_pk']}&passage_key={key}"
    url = reverse("admin:articles_readerreport_changelist") + query
    waiting = f"{count(row['line_number'], 'report')}, the first of "
    return Line(
        f"{slug} # {key}", f"{waiting}{moment_in_words(row['line_since'])}", url
    )


def _lines(
    rows: QuerySet,
    *,
    pk: str,
    text: Any,
    note: Any = None,
    number: Any = None,
    since: Any = None,
) -> QuerySet:
    """The same columns, of the same types, for each of these queues."""
    lines: QuerySet = rows.order_by().annotate(
        line_pk=Cast(pk, BigIntegerField()),
        line_text=Cast(text, TextField()),
        line_note=Cast(note if note is not None else Value(""), TextField()),
        line_number=Cast(number if number is not None else Value(0), BigIntegerField()),
        line_since=Cast(
            since if since is not None else Value(None, DateTimeField()),
            DateTimeField(),
        ),
    )
    return lines


SHORT: dict[
    str,
    tuple[Callable[[dt.datetime, int | None], QuerySet], Callable[[Row], Line]],
] = {
    "hidden": (_hidden, _hidden_line),
    "experts": (_experts, _experts_line),
    "corrections": (_corrections, _corrections_line),
    "links": (_links, _links_line),
    "checked": (_checked, _checked_line),
    "misses": (_misses, _misses_line),
    "reports": (_reports, _reports_line),
}
COLUMNS = ("line_pk", "line_text", "line_note", "line_number", "line_since")


def short(
    at: dt.datetime, *, wanted: Collection[str], user_id: int | None
) -> dict[str, Lines]:
    """The wanted ones of these queues, oldest or most frequent first."""
    asked = [
        SHORT[queue][0](at, user_id)
        .annotate(queue=Value(queue, TextField()))
        .values("queue", *COLUMNS)
        for queue in SHORT
        if queue in wanted
    ]
    if not asked:
        return {}
    first, *others = asked
    found = defaultdict(list)
    for row in first.union(*others, all=True):
        found[row["queue"]].append(row)
    return {
        queue: lines_of(sorted(rows, key=_oldest), SHORT[queue][1])
        for queue, rows in found.items()
    }


def _oldest(row: Row) -> tuple[str, int, str]:
    return str(row["line_since"] or ""), -row["line_number"], row["line_text"]
