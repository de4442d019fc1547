"""Where an article's page meets its quizzes: one call a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from quizzes import papers
from quizzes.forms import AnswerForm
from quizzes.papers import QuizCard, SectionCheck

register = template.Library()
QUESTION = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9]{1,4})")
PLACE = re.compile(r"<!--check:([A-Za-z0-9_-]+)-->")


@dataclass(frozen=True)
class ArticleQuizzes:
    checks: Mapping[str, SectionCheck]
    quizzes: tuple[QuizCard, ...]


@register.simple_tag
def article_quizzes(slug: str) -> ArticleQuizzes:
    """The questions at the ends of an article's sections, and its quizzes."""
    at = timezone.now()
    checks = papers.section_checks(slug, at=at)
    return ArticleQuizzes(
        checks={check.passage_key: check for check in checks},
        quizzes=papers.quiz_cards(at=at, article_slug=slug),
    )


@register.simple_tag
def way_back(came_from: str) -> str:
    """The address of the question that sent the reader here; "" when none did."""
    question = QUESTION.fullmatch(came_from)
    return reverse("question", args=question.groups()) if question else ""


@register.simple_tag
def article_body(
    body: str, slug: str, here: ArticleQuizzes, *, is_live: bool
) -> SafeString:
    """The stored body, which markup made, with what stands at the ends of its passages."""

    def put(match: re.Match[str]) -> str:
        asked = _was_it_clear(slug, match[1]) if is_live else ""
        check = here.checks.get(match[1])
        if check is None:
            return asked
        form = AnswerForm(check.paper, legend_tag="h4", is_check=True)
        context = {"check": check, "form": form}
        return render_to_string("quizzes/_check.html", context) + asked

    offer = render_to_string("quizzes/_offer.html", {"quizzes": here.quizzes})
    html = PLACE.sub(put, body).replace("<!--quizzes-->", offer)
    return mark_safe(html)  # noqa: S308 - markup's output; templates escaped the rest


def _was_it_clear(slug: str, key: str) -> SafeString:
    """Not in a preview: what readers do not see has no such page."""
    url = reverse("report", args=[slug, key])
    return format_html('<a class="said" href="{}">Was this clear?</a>', url)
