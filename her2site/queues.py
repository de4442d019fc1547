"""The queues of the desk as lines, oldest first. Read only; few queries, however many rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
)
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

SOON = dt.timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """One piece of work: what it is, what is the matter, and where to go."""

    text: str
    note: str
    url: str


Lines = tuple[Line, ...]


# --- Pages -----------------------------------------------------------------------------------

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
    return {
        "late": tuple(
            _review(page, f"{days((today - day).days)} over", user_id)
            for day, page in late
        ),
        "soon": tuple(
            _review(page, f"due {day.day} {day:%B %Y}", user_id) for day, page in soon
        ),
        "unsigned": tuple(
            _page(page, "since") for page in shown if not page["is_signed"]
        ),
        "coming": tuple(
            _page(page, "from") for page in pages if page["live_from"] > at
        ),
    }


def _waits(at: dt.datetime) -> Q:
    return Q(status=Status.PUBLISHED, live_from__gt=at)


def _first_two(entry: tuple[dt.date, int, Any]) -> tuple[dt.date, int]:
    return entry[:2]


def _due(page: Mapping[str, Any]) -> dt.date:
    return review_due_on(page["live_from"], months=page["article__review_every_months"])


def _review(page: Mapping[str, Any], note: str, user_id: int | None) -> Line:
    owner = page["article__owner__name"]
    if user_id in (page["article__owner"], page["article__deputy"]):
        owner = "yours"
    url = reverse("admin:articles_article_change", args=[page["article_id"]])
    return Line(page["title"], f"{note}{f', {owner}' if owner else ''}", url)


def _page(page: Mapping[str, Any], since: str) -> Line:
    note = f"version {page['number']}, {since} {moment_in_words(page['live_from'])}"
    return Line(page["title"], note, version_url(page["pk"]))


def version_url(pk: int) -> str:
    return reverse("admin:articles_articleversion_change", args=[pk])


EDITOR = ("edited_by__name", "edited_by__email")


def working(at: dt.datetime) -> dict[str, Lines]:
    """Versions that somebody writes, and those that wait for a reviewer or publisher."""
    rows = (
        ArticleVersion.objects.working()
        .select_related("article", "edited_by")
        .only("title", "status", "edited_at", "article__slug", *EDITOR)
        .order_by("edited_at", "pk")
    )
    lines = defaultdict(list)
    for row in rows:
        queue = "drafts" if row.status == Status.DRAFT else "waiting"
        edited = _edited(row.edited_at, row.edited_by, at)
        note = f"{row.get_status_display()}, {edited}"
        text = row.title or row.article.slug
        lines[queue].append(Line(text, note, version_url(row.pk)))
    return {queue: tuple(found) for queue, found in lines.items()}


def sources(at: dt.datetime) -> Lines:
    """Sources that no longer hold and that a live page or a question leans on."""
    live = ArticleVersion.objects.live(at).values("pk")
    on_live = Q(citations__passage__version__in=live)
    asked = QuestionVersion.objects.newest_published().filter(question__retired_at=None)
    rows = (
        Reference.objects.exclude(status=ReferenceStatus.CURRENT)
        .annotate(
            passages=Count("citations__passage", filter=on_live, distinct=True),
            pages=Count("citations__passage__version", filter=on_live, distinct=True),
            is_asked=Exists(asked.filter(references=OuterRef("pk"))),
        )
        .filter(Q(pages__gt=0) | Q(is_asked=True))
        .order_by("status_on", "key")
    )
    return tuple(
        Line(
            row.title or row.key,
            f"{row.get_status_display()}, {count(row.pages, 'live page')}, "
            f"{count(row.passages, 'passage')}",
            reverse("admin:articles_reference_change", args=[row.pk]),
        )
        for row in rows
    )


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
    suspect, drafts = [], []
    for row in rows:
        if row.status == VersionStatus.DRAFT:
            url = reverse("admin:quizzes_questionversion_change", args=[row.pk])
            edited = _edited(row.edited_at, row.edited_by, at)
            drafts.append(Line(row.stem or row.question.slug, edited, url))
            continue
        url = reverse("admin:quizzes_question_change", args=[row.question_id])
        note = f"rests on “{row.basis.passage_key}”"
        suspect.append(Line(row.stem, note, url))
    return {"suspect": tuple(suspect), "question-drafts": tuple(drafts)}


def quizzes(at: dt.datetime) -> Lines:
    """Open quizzes that cannot fill their places, those that cannot be started first."""
    asking = askable_in(QuizVersion.objects.current(), at=at)
    lost = [row for row in asking if row.asked < row.places]
    lost.sort(key=lambda row: (row.asked >= row.needed, row.quiz_slug))
    return tuple(map(_quiz, lost))


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
