"""The queues of the desk as lines, oldest first. Read only; few queries, however many rows."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from articles.access import review_due_on
from articles.models import (
    ArticleVersion,
    Reference,
    ReferenceStatus,
    SignOff,
    SignOffKind,
    Status,
)
from articles.publishing import moment_in_words
from quizzes.models import (
    QuestionVersion,
    QuizVersion,
    VersionStatus,
)
from quizzes.pools import askable_in
from quizzes.suspicion import leaning_on

SOON = dt.timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """One piece of work: what it is, what is the matter, and where to go."""

    text: str
    note: str
    url: str


LONGEST = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Lines:
    """How many lines a queue has, and the first of them."""

    total: int
    shown: tuple[Line, ...]


def lines_of(rows: Sequence[T], line: Callable[[T], Line]) -> Lines:
    """With many thousands of rows, making all the lines would take most of the time."""
    return Lines(len(rows), tuple(map(line, rows[:LONGEST])))


# --- Pages -----------------------------------------------------------------------------------

Due = tuple[dt.date, Mapping[str, Any]]
OF_A_PAGE = (
    "pk",
    "title",
    "number",
    "live_from",
    "article_id",
    "article__review_every_months",
    "article__last_reviewed_on",
    "article__owner",
    "article__owner__name",
    "article__deputy",
)


def published(at: dt.datetime, *, user_id: int | None) -> dict[str, Lines]:
    """Pages late for their review, due soon, without a clinician, and waiting to go live."""
    live = ArticleVersion.objects.live(at).values("pk")
    clinical = SignOff.objects.in_force().filter(kind=SignOffKind.CLINICAL)
    rows = (
        ArticleVersion.objects.filter(Q(pk__in=live) | _waits(at))
        .annotate(is_signed=Exists(clinical.filter(version=OuterRef("pk"))))
        .order_by("live_from", "pk")
        .values(*OF_A_PAGE, "is_signed")
    )
    pages = list(rows)
    shown = [page for page in pages if page["live_from"] <= at]
    due = sorted(((_due(page), page["pk"], page) for page in shown), key=_first_two)
    today = timezone.localdate(at)
    late = [(day, page) for day, _, page in due if day < today]
    soon = [(day, page) for day, _, page in due if today <= day <= today + SOON]
    unsigned = [page for page in shown if not page["is_signed"]]
    coming = [page for page in pages if page["live_from"] > at]
    return {
        "late": lines_of(late, partial(_late, today=today, user_id=user_id)),
        "soon": lines_of(soon, partial(_soon, user_id=user_id)),
        "unsigned": lines_of(unsigned, partial(_page, since="since")),
        "coming": lines_of(coming, partial(_page, since="from")),
    }


def _waits(at: dt.datetime) -> Q:
    return Q(status=Status.PUBLISHED, live_from__gt=at)


def _first_two(entry: tuple[dt.date, int, Any]) -> tuple[dt.date, int]:
    return entry[:2]


def _due(page: Mapping[str, Any]) -> dt.date:
    return review_due_on(
        page["live_from"],
        months=page["article__review_every_months"],
        reviewed_on=page["article__last_reviewed_on"],
    )


def _late(due: Due, *, today: dt.date, user_id: int | None) -> Line:
    day, page = due
    return _review(page, f"{days((today - day).days)} over", user_id)


def _soon(due: Due, *, user_id: int | None) -> Line:
    day, page = due
    return _review(page, f"due {day.day} {day:%B %Y}", user_id)


def _review(page: Mapping[str, Any], note: str, user_id: int | None) -> Line:
    owner = page["article__owner__name"]
    if user_id in (page["article__owner"], page["article__deputy"]):
        owner = "yours"
    url = reverse("admin:articles_article_change", args=[page["article_id"]])
    return Line(page["title"], f"{note}{f', {owner}' if owner else ''}", url)


def _page(page: Mapping[str, Any], *, since: str) -> Line:
    note = f"version {page['number']}, {since} {moment_in_words(page['live_from'])}"
    return Line(page["title"], note, version_url(page["pk"]))


def version_url(pk: int) -> str:
    return reverse("admin:articles_articleversion_change", args=[pk])


EDITOR = ("edited_by__name", "edited_by__email")


def working(at: dt.datetime) -> dict[str, Lines]:
    """Versions that somebody writes, and those that wait for a reviewer or publisher."""
    rows = (
        ArticleVersion.objects.working()
        .filter(article__retired_at=None)
        .select_related("article", "edited_by")
        .only("title", "status", "edited_at", "article__slug", *EDITOR)
        .order_by("edited_at", "pk")
    )
    versions = list(rows)
    drafts = [row for row in versions if row.status == Status.DRAFT]
    waiting = [row for row in versions if row.status != Status.DRAFT]
    line = partial(_working, at=at)
    return {"drafts": lines_of(drafts, line), "waiting": lines_of(waiting, line)}


def _working(version: ArticleVersion, *, at: dt.datetime) -> Line:
    edited = _edited(version.edited_at, version.edited_by, at)
    text = version.title or version.article.slug
    note = f"{version.get_status_display()}, {edited}"
    return Line(text, note, version_url(version.pk))


def sources(at: dt.datetime) -> Lines:
    """Sources that no longer hold and that a live page or a question leans on."""
    live = ArticleVersion.objects.live(at).values("pk")
    on_live = Q(citations__passage__version__in=live)
    leaning = leaning_on(OuterRef(OuterRef("pk")), at=at).order_by()
    number = leaning.annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    rows = (
        Reference.objects.exclude(status=ReferenceStatus.CURRENT)
        .annotate(
            passages=Count("citations__passage", filter=on_live, distinct=True),
            pages=Count("citations__passage__version", filter=on_live, distinct=True),
            questions=Coalesce(Subquery(number.values("n")), 0),
        )
        .filter(Q(pages__gt=0) | Q(questions__gt=0))
        .order_by("status_on", "key")
    )
    return lines_of(list(rows), _source)


def _source(row: Any) -> Line:
    note = (
        f"{row.get_status_display()}, {count(row.pages, 'live page')}, "
        f"{count(row.passages, 'passage')}, {count(row.questions, 'question')}"
    )
    url = reverse("admin:articles_reference_change", args=[row.pk])
    return Line(row.title or row.key, note, url)


# --- Questions and quizzes -------------------------------------------------------------------


def questions(at: dt.datetime) -> dict[str, Lines]:
    """Questions whose passage or source changed, and questions in draft."""
    doubtful = QuestionVersion.objects.newest_published().suspect(at).values("pk")
    rows = (
        QuestionVersion.objects.filter(
            Q(pk__in=doubtful) | Q(status=VersionStatus.DRAFT),
            question__retired_at=None,
        )
        .select_related("question", "basis", "edited_by")
        .order_by(F("published_at").asc(nulls_last=True), "edited_at", "pk")
    )
    versions = list(rows)
    drafts = [row for row in versions if row.status == VersionStatus.DRAFT]
    suspect = [row for row in versions if row.status != VersionStatus.DRAFT]
    return {
        "suspect": lines_of(suspect, _suspect),
        "question-drafts": lines_of(drafts, partial(_question_draft, at=at)),
    }


def _suspect(version: QuestionVersion) -> Line:
    url = reverse("admin:quizzes_question_change", args=[version.question_id])
    return Line(version.stem, f"rests on “{version.basis.passage_key}”", url)


def _question_draft(version: QuestionVersion, *, at: dt.datetime) -> Line:
    url = reverse("admin:quizzes_questionversion_change", args=[version.pk])
    edited = _edited(version.edited_at, version.edited_by, at)
    return Line(version.stem or version.question.slug, edited, url)


def quizzes(at: dt.datetime) -> Lines:
    """Open quizzes that cannot fill their places, those that cannot be started first."""
    asking = askable_in(QuizVersion.objects.current(), at=at)
    lost = [row for row in asking if row.asked < row.places]
    lost.sort(key=lambda row: (row.asked >= row.needed, row.quiz_slug))
    return lines_of(lost, _quiz)


def _quiz(row: Any) -> Line:
    asks = f"asks {row.asked} of its {count(row.places, 'question')}"
    if row.asked < row.needed:
        asks = f"cannot be started: it needs {row.needed}, and {asks}"
    url = reverse("admin:quizzes_quiz_change", args=[row.quiz_id])
    return Line(row.title, asks, url)


# --- Words -----------------------------------------------------------------------------------


def _edited(edited_at: dt.datetime, by: object, at: dt.datetime) -> str:
    ago = (timezone.localdate(at) - timezone.localdate(edited_at)).days
    when = "today" if ago < 1 else f"{days(ago)} ago"
    return f"last edited {when}{f' by {by}' if by else ''}"


def days(number: int) -> str:
    return count(number, "day")


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
