"""The pages that readers read."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from articles import access, limits, markup, missing, reporting
from articles.bodies import Word, minutes, plain
from articles.finished import finished_page
from articles.metadata import metadata_of, with_moments
from articles.models import (
    ArticleVersion,
    GlossaryTerm,
    Image,
    Passage,
    Reference,
    ReferenceStatus,
    SignOff,
    SignOffKind,
    where_used,
)
from articles.origin import from_this_site
from articles.reader_forms import ReportForm
from articles.search import search as find

PAGE_AGE = 60  # seconds for which a browser or proxy may keep an article
A_YEAR = 365 * 24 * 60 * 60
AN_HOUR = 60 * 60
# A classroom reads behind one address; a machine that fills the desk sends far more.
REPORTS_AN_HOUR = MISSES_AN_HOUR = 100
LONGEST_NUMBER = 6  # digits of a page's number
TOO_MANY = "Many reports came from your network within the hour. Please try later."


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
    last_reviewed_on: dt.date | None
    review_due_on: dt.date
    is_overdue: bool
    is_live: bool
    """Whether readers see it; else it is a preview."""

    @property
    def is_clinically_signed(self) -> bool:
        return bool(self.clinical_checks)

    @property
    def clinical_checks(self) -> tuple[tuple[str, str, dt.date], ...]:
        """Name, role and day of each clinician who stands for these words."""
        clinical = (line for line in self.signed if line.kind == SignOffKind.CLINICAL)
        return tuple((line.name, line.role, line.signed_on) for line in clinical)


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
    version = with_moments(versions, at=at).get(pk=version_id)
    page = article_page(version, at=at, is_live=True)
    context = {
        "page": page,
        "metadata": metadata_of(
            version, first_published=page.first_published, checks=page.clinical_checks
        ),
        "came_from": came_from,
        "urgent_help": settings.URGENT_HELP,
    }
    return render_to_string("articles/article.html", context)


def article_page(
    version: ArticleVersion, *, at: dt.datetime, is_live: bool
) -> ArticlePage:
    """Everything on the page but the quizzes, which the template adds."""
    article = version.article
    topic = article.topic
    live_from = version.live_from or at
    due = access.review_due_on(
        live_from,
        months=article.review_every_months,
        reviewed_on=article.last_reviewed_on,
    )
    return ArticlePage(
        slug=article.slug,
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
        last_reviewed_on=article.last_reviewed_on,
        review_due_on=due,
        is_overdue=due < timezone.localdate(at),
        is_live=is_live,
    )


def _withdrawn(
    request: HttpRequest, version: ArticleVersion, at: dt.datetime
) -> HttpResponse:
    context = {
        "withdrawn": {
            "title": version.title,
            "reason": version.withdrawn_reason,
            "withdrawn_on": timezone.localdate(version.withdrawn_at),
            "is_for_good": version.article.retired_at is not None,
            "replacement": access.replacement(version, at=at),
        }
    }
    return render(request, "articles/withdrawn.html", context, status=410)


@dataclass(frozen=True)
class ReportedPassage:
    title: str
    heading: str
    url: str


@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Was this passage clear? Works without an account, and leaves no cookie."""
    at = timezone.now()
    try:
        live = access.live_page(slug, at=at)
    except access.Renamed as renamed:
        # What was typed is sent on to the new address.
        return redirect(
            "report", renamed.slug, key, permanent=True, preserve_request=True
        )
    except access.Withdrawn as withdrawn:
        return _withdrawn(request, withdrawn.version, at)
    shown = Passage.objects.shown(at).select_related("version__article")
    passage = get_object_or_404(shown, version=live.version_id, key=key)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if limits.may_send(
            request, what="report", times=REPORTS_AN_HOUR, seconds=AN_HOUR
        ):
            reporting.send_report(passage.version, key=key, at=at, **form.cleaned_data)
            return redirect(f"{request.path}?sent")
        form.add_error(None, TOO_MANY)
    context = {
        "passage": _reported(passage),
        "form": form,
        "sent": "sent" in request.GET and not form.is_bound,
    }
    status = 429 if form.has_error("__all__") else 200
    return render(request, "articles/report.html", context, status=status)


def _reported(passage: Passage) -> ReportedPassage:
    page = passage.version.article.get_absolute_url()
    return ReportedPassage(
        passage.version.title, passage.heading, f"{page}#{passage.key}"
    )


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
def search(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    results = find(request.GET.get("q", ""), at=at, page=_page(request))
    context = {
        "results": results,
        "is_blank": "q" in request.GET and not results.asked,
        "is_told": "told" in request.GET,
    }
    return render(request, "articles/search.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    is_number = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
    return int(text) if is_number else 1


@from_this_site
@require_POST
def search_missed(request: HttpRequest) -> HttpResponse:
    """Count words for which we have nothing. Asking alone counts nothing: that is a GET."""
    at = timezone.now()
    results = find(request.POST.get("q", ""), at=at)
    if results.is_miss and limits.may_send(
        request, what="search", times=MISSES_AN_HOUR, seconds=AN_HOUR
    ):
        missing.count_miss(results.asked, at=at)
    query = urlencode({"q": results.asked, "told": "yes"})
    return redirect(f"{reverse('search')}?{query}")


@require_safe
def image(request: HttpRequest, sha256: str) -> HttpResponse:
    row = get_object_or_404(Image, sha256=sha256)
    response = HttpResponse(row.read(), content_type="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
