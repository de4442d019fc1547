"""The pages that readers read."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import access, markup
from articles.bodies import Word, minutes, plain
from articles.finished import finished_page
from articles.models import (
    ArticleVersion,
    GlossaryTerm,
    Image,
    Reference,
    ReferenceStatus,
    SignOff,
    where_used,
)

PAGE_AGE = 60  # seconds for which a browser or proxy may keep an article
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class SignOffLine:
    name: str
    role: str
    kind: str
    kind_label: str
    signed_on: dt.date


@dataclass(frozen=True)
class ArticlePage:
    """What the article template prints around the stored body."""

    slug: str
    title: str
    summary: str
    topic_slug: str
    topic_name: str
    minutes: int
    live_from: dt.datetime
    first_published: dt.datetime
    version_number: int
    change_note: str
    written_by: str
    signed: tuple[SignOffLine, ...]
    body: str
    review_due_on: dt.date
    is_overdue: bool

    @property
    def is_clinically_signed(self) -> bool:
        return any(line.kind == "clinical" for line in self.signed)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    try:
        live = access.live_page(slug, at=at)
    except access.Renamed as renamed:
        return redirect("article", renamed.slug, permanent=True)
    except access.Withdrawn as withdrawn:
        return _withdrawn(request, withdrawn.version, at)
    if came_from := request.GET.get("from"):
        # With a way back it is one reader's page, and is not kept for others.
        html = _render(live.version_id, at, came_from=came_from)
        return HttpResponse(html, headers={"Cache-Control": "private, no-store"})
    return finished_page(
        request,
        state=live.state,
        max_age=live.seconds_fresh(at=at, longest=PAGE_AGE),
        render=lambda: _render(live.version_id, at),
    )


def _render(version_id: int, at: dt.datetime, *, came_from: str = "") -> str:
    versions = ArticleVersion.objects.select_related("article__topic")
    page = article_page(versions.get(pk=version_id), at=at)
    context = {
        "page": page,
        "came_from": came_from,
        "urgent_help": settings.URGENT_HELP,
    }
    return render_to_string("articles/article.html", context)


def article_page(version: ArticleVersion, *, at: dt.datetime) -> ArticlePage:
    """Everything on the page but the quizzes, which the template adds."""
    topic = version.article.topic
    live_from = version.live_from or at
    months = version.article.review_every_months
    due = access.review_due_on(live_from, months=months)
    return ArticlePage(
        slug=version.article.slug,
        title=version.title,
        summary=plain(version.summary),
        topic_slug=topic.slug,
        topic_name=topic.name,
        minutes=minutes(version.words),
        live_from=live_from,
        first_published=access.first_published(version),
        version_number=version.number,
        change_note=version.change_note,
        written_by=version.written_by,
        signed=tuple(
            SignOffLine(
                row.name,
                row.role,
                row.kind,
                row.get_kind_display(),
                timezone.localdate(row.signed_at),
            )
            for row in SignOff.objects.in_force().filter(version=version)
        ),
        body=version.html,
        review_due_on=due,
        is_overdue=due < timezone.localdate(at),
    )


def _withdrawn(
    request: HttpRequest, version: ArticleVersion, at: dt.datetime
) -> HttpResponse:
    context = {
        "withdrawn": {
            "title": version.title,
            "reason": version.withdrawn_reason,
            "withdrawn_on": timezone.localdate(version.withdrawn_at),
            "replacement": access.replacement(version, at=at),
        }
    }
    return render(request, "articles/withdrawn.html", context, status=410)


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    topics = access.topics(at=timezone.now())
    return render(request, "articles/list.html", {"topics": topics})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    (found,) = access.topics(at=timezone.now(), slug=slug)
    return render(request, "articles/topic.html", {"topic": found})


@require_safe
def reference(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Reference, key=key)
    uses = [
        (p.version.title, p.version.article.slug, p.heading, p.key)
        for p in where_used(row, at=timezone.now())
    ]
    # A source that only drafts cite would tell strangers what is being written.
    if not uses:
        msg = "No page cites this source."
        raise Http404(msg)
    is_current = row.status == ReferenceStatus.CURRENT
    context = {
        "reference": {
            "key": row.key,
            "title": row.title,
            "text_html": markup.source_html(row.csl),
            "status_label": "" if is_current else row.status_in_words,
            "status_note": row.status_note,
            "uses": uses,
        }
    }
    return render(request, "articles/reference.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    terms = [
        Word(row.slug, row.term, row.definition, row.say, tuple(row.also))
        for row in GlossaryTerm.objects.all()
    ]
    return render(request, "articles/glossary.html", {"terms": terms})


@require_safe
def image(request: HttpRequest, sha256: str) -> HttpResponse:
    row = get_object_or_404(Image, sha256=sha256)
    response = HttpResponse(row.read(), content_type="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
