"""What search engines are told: which pages there are, and which are not for them."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.access import live_versions
from articles.metadata import absolute, changed_at, with_moments
from quizzes.papers import quiz_cards

ALWAYS_THERE = ("home", "article-list", "quiz-list", "glossary", "about", "help")
NOT_FOR_LISTS = ("/admin/", "/account/", "/attempts/", "/search/", "/my-learning/")


@dataclass(frozen=True)
class ListedPage:
    url: str
    changed_on: dt.date | None = None


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = listed_pages(at=timezone.now())
    return render(
        request, "sitemap.xml", {"pages": pages}, content_type="application/xml"
    )


def listed_pages(*, at: dt.datetime) -> tuple[ListedPage, ...]:
    """Pages with something to read. An article changed when its content did."""
    days: dict[str, dt.date | None] = {reverse(name): None for name in ALWAYS_THERE}
    for version in with_moments(live_versions(at=at), at=at):
        day = timezone.localdate(changed_at(version))
        topic = version.article.topic.get_absolute_url()
        days[topic] = max(day, days.get(topic) or day)
        days[version.article.get_absolute_url()] = day
    for quiz in quiz_cards(at=at):
        days[reverse("quiz", args=[quiz.slug])] = None
    return tuple(ListedPage(absolute(path), day) for path, day in days.items())


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_LISTS),
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
