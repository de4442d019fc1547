"""The desk: what waits for whom, from both apps. Read only; one query for each block."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
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
    CorrectionState,
    KeyCorrection,
    Question,
    QuestionVersion,
    QuizVersion,
    Taker,
    VersionStatus,
)
from quizzes.pools import asked_in

SOON = dt.timedelta(days=60)
LONGEST = 20


@dataclass(frozen=True)
class Line:
    """One piece of work: what it is, what is the matter, and where to go."""

    text: str
    note: str
    url: str


@dataclass(frozen=True)
class Block:
    """A queue, oldest first."""

    id: str
    title: str
    lines: tuple[Line, ...]
    more_url: str = ""
    is_urgent: bool = False

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:LONGEST]

    @property
    def more(self) -> int:
        return max(0, len(self.lines) - LONGEST)


@dataclass(frozen=True)
class Desk:
    """`may` says whether the person has a permission; they see only what they can open."""

    at: dt.datetime
    may: Callable[[str], bool]
    user_id: int | None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The queues with work in them, urgent ones first."""
        return tuple(
            sorted(
                (block for block in self._all if block.lines),
                key=lambda block: not block.is_urgent,
            )
        )

    @cached_property
    def empty(self) -> tuple[Block, ...]:
        return tuple(block for block in self._all if not block.lines)

    @cached_property
    def _all(self) -> tuple[Block, ...]:
        blocks: list[Block] = []
        if self.may("articles.view_articleversion"):
            blocks += [*self._reviews(), self._waiting(), self._drafts()]
            blocks += [self._coming(), self._unsigned()]
        if self.may("articles.view_reference"):
            blocks.append(self._sources())
        if self.may("quizzes.view_question"):
            blocks += [self._suspect(), self._question_drafts()]
        if self.may("quizzes.correct_questionversion"):
            blocks.append(self._corrections())
        if self.may("quizzes.view_quiz"):
            blocks.append(self._quizzes())
        return tuple(blocks)

    @property
    def greeting(self) -> str:
        hour = timezone.localtime(self.at).hour
        if hour < 12:
            return "Good morning"
        return "Good afternoon" if hour < 18 else "Good evening"

    def _reviews(self) -> tuple[Block, Block]:
        today = timezone.localdate(self.at)
        live = ArticleVersion.objects.live(self.at).select_related(
            "article", "article__owner"
        )
        due = sorted(
            (
                review_due_on(
                    v.live_from or self.at,
                    months=v.article.review_every_months,
                    reviewed_on=v.article.last_reviewed_on,
                ),
                v.pk,
                v,
            )
            for v in live.defer("html", "key_points", "summary")
        )
        late = [(day, v) for day, _, v in due if day < today]
        soon = [(day, v) for day, _, v in due if today <= day <= today + SOON]
        return (
            Block(
                "late",
                "Past their review date",
                tuple(
                    _review(v, f"{_days((today - day).days)} over") for day, v in late
                ),
                is_urgent=True,
            ),
            Block(
                "soon",
                "Due for review within 60 days",
                tuple(_review(v, f"due {day.day} {day:%B %Y}") for day, v in soon),
            ),
        )

    def _working(self, *statuses: str) -> tuple[Line, ...]:
        rows = (
            ArticleVersion.objects.filter(status__in=statuses)
            .select_related("article", "edited_by")
            .defer("html", "key_points", "summary")
            .order_by("edited_at", "pk")
        )
        return tuple(_version(row, self.at) for row in rows)

    def _waiting(self) -> Block:
        return Block(
            "waiting",
            "Waiting for a reviewer or a publisher",
            self._working(Status.IN_REVIEW, Status.APPROVED),
            reverse("admin:articles_articleversion_changelist"),
        )

    def _drafts(self) -> Block:
        return Block(
            "drafts",
            "Drafts",
            self._working(Status.DRAFT),
            reverse("admin:articles_articleversion_changelist")
            + "?status__exact=draft",
        )

    def _coming(self) -> Block:
        rows = (
            ArticleVersion.objects.waiting(self.at)
            .defer("html", "key_points", "summary")
            .order_by("live_from", "pk")
        )
        lines = tuple(_published(row, "from") for row in rows)
        return Block("coming", "Waits to go live", lines)

    def _unsigned(self) -> Block:
        clinical = SignOff.objects.in_force().filter(kind=SignOffKind.CLINICAL)
        rows = (
            ArticleVersion.objects.live(self.at)
            .exclude(Exists(clinical.filter(version=OuterRef("pk"))))
            .defer("html", "key_points", "summary")
            .order_by("live_from", "pk")
        )
        lines = tuple(_published(row, "since") for row in rows)
        return Block("unsigned", "On the site, not signed by a clinician", lines)

    def _sources(self) -> Block:
        live = ArticleVersion.objects.live(self.at).values("pk")
        rows = (
            Reference.objects.exclude(status=ReferenceStatus.CURRENT)
            .annotate(
                pages=Count(
                    "citations__passage__version",
                    filter=Q(citations__passage__version__in=live),
                    distinct=True,
                )
            )
            .filter(Q(pages__gt=0) | Exists(_asked_with_source()))
            .order_by("key")
        )
        lines = tuple(
            Line(
                row.title or row.key,
                f"{row.get_status_display()}, {_count(row.pages, 'live page')}",
                reverse("admin:articles_reference_change", args=[row.pk]),
            )
            for row in rows
        )
        return Block(
            "sources",
            "Sources that no longer hold",
            lines,
            is_urgent=True,
        )

    def _suspect(self) -> Block:
        rows = (
            QuestionVersion.objects.newest_published()
            .suspect(self.at)
            .filter(question__retired_at=None)
            .select_related("basis")
            .order_by("published_at", "pk")
        )
        lines = tuple(
            Line(
                row.stem,
                f"rests on “{row.basis.passage_key}”",
                reverse("admin:quizzes_question_change", args=[row.question_id]),
            )
            for row in rows
        )
        return Block(
            "suspect",
            "Questions whose passage or source changed",
            lines,
            reverse("admin:quizzes_question_changelist") + "?suspect=yes",
            is_urgent=True,
        )

    def _question_drafts(self) -> Block:
        rows = (
            QuestionVersion.objects.filter(
                status=VersionStatus.DRAFT, question__retired_at=None
            )
            .select_related("question", "edited_by")
            .order_by("edited_at", "pk")
        )
        lines = tuple(
            Line(
                row.stem or row.question.slug,
                _edited(row.edited_at, row.edited_by, self.at),
                reverse("admin:quizzes_questionversion_change", args=[row.pk]),
            )
            for row in rows
        )
        return Block("question-drafts", "Questions in draft", lines)

    def _corrections(self) -> Block:
        """Without their own, which somebody else decides."""
        rows = (
            KeyCorrection.objects.filter(state=CorrectionState.PROPOSED)
            .exclude(proposed_by=self.user_id)
            .select_related("question_version", "proposed_by")
        )
        lines = tuple(
            Line(
                row.question_version.stem,
                f"proposed by {row.proposed_by or 'somebody'}: {row.reason}",
                reverse("admin:quizzes_keycorrection_change", args=[row.pk]),
            )
            for row in rows
        )
        return Block(
            "corrections",
            "Corrected keys that wait for a second person",
            lines,
            reverse("admin:quizzes_keycorrection_changelist"),
            is_urgent=True,
        )

    def _quizzes(self) -> Block:
        lost = [row for row in self._asking() if row.asked < row.places]
        lost.sort(key=lambda row: row.asked >= row.needed)
        return Block(
            "quizzes",
            "Quizzes that lost questions",
            tuple(map(_quiz, lost)),
            is_urgent=True,
        )

    def _asking(self) -> Iterator[Any]:
        """Open quizzes with `places`, and `asked`: how many of these are filled now.

        In one query, and a few more for each quiz that draws from pools.
        """
        askable = Question.objects.askable(self.at).values("pk")
        rows = (
            QuizVersion.objects.current()
            .annotate(
                places=Sum("slots__draw"),
                pools=Count("slots", filter=Q(slots__question=None)),
                asked=Count("slots", filter=Q(slots__question__in=askable)),
            )
            .select_related("quiz")
            .order_by("quiz__slug")
        )
        for row in rows:
            if row.pools:
                found = asked_in(row, at=self.at, seed="", taker=Taker())
                row.asked = len(found)
            yield row


def _asked_with_source() -> QuerySet[QuestionVersion]:
    """Questions in use that name the source of the outer query."""
    return QuestionVersion.objects.newest_published().filter(
        references=OuterRef("pk"), question__retired_at=None
    )


def _quiz(row: Any) -> Line:
    asks = f"asks {row.asked} of its {_count(row.places, 'question')}"
    if row.asked < row.needed:
        asks = f"cannot be started: it needs {row.needed}, and {asks}"
    url = reverse("admin:quizzes_quiz_change", args=[row.quiz_id])
    return Line(row.title, asks, url)


def _review(version: ArticleVersion, note: str) -> Line:
    owner = version.article.owner
    return Line(
        version.title,
        f"{note}{f', {owner}' if owner else ''}",
        reverse("admin:articles_article_change", args=[version.article_id]),
    )


def _version(version: ArticleVersion, at: dt.datetime) -> Line:
    edited = _edited(version.edited_at, version.edited_by, at)
    return Line(
        version.title or version.article.slug,
        f"{version.get_status_display()}, {edited}",
        reverse("admin:articles_articleversion_change", args=[version.pk]),
    )


def _published(version: ArticleVersion, since: str) -> Line:
    moment = moment_in_words(version.live_from)
    return Line(
        version.title,
        f"version {version.number}, {since} {moment}",
        reverse("admin:articles_articleversion_change", args=[version.pk]),
    )


def _edited(edited_at: dt.datetime, by: object, at: dt.datetime) -> str:
    days = (timezone.localdate(at) - timezone.localdate(edited_at)).days
    when = "today" if days < 1 else f"{_days(days)} ago"
    return f"last edited {when}{f' by {by}' if by else ''}"


def _days(count: int) -> str:
    return _count(count, "day")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
