"""Where a text meets the questions that rest on it, on the staff side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils import timezone

from articles.difference import Change
from articles.models import ArticleVersion
from quizzes import suspicion
from quizzes.models import QuestionVersion

register = template.Library()


@dataclass(frozen=True)
class Line:
    stem: str
    passage_key: str
    url: str


@dataclass(frozen=True)
class Resting:
    """Questions whose passage goes away, and those whose passage changes."""

    removed: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()


@register.simple_tag
def resting_questions(version: ArticleVersion, changes: Iterable[Change]) -> Resting:
    """Questions that rest on passages which this version changes or leaves out.

    Not those that were checked against the very wording which it brings.
    """
    kinds = {change.key: change.kind for change in changes if change.kind != "moved"}
    hashes = dict(version.passages.values_list("key", "text_hash"))
    lines = [
        (_line(question), kinds[question.basis.passage_key])
        for question in suspicion.resting_on(version.article_id, list(kinds))
        if question.basis.accepted_hash != hashes.get(question.basis.passage_key)
    ]
    return Resting(
        removed=tuple(line for line, kind in lines if kind == "removed"),
        changed=tuple(line for line, kind in lines if kind != "removed"),
    )


@register.simple_tag
def resting_on_article(article_id: int) -> Resting:
    """All questions that rest on an article."""
    return Resting(removed=tuple(map(_line, suspicion.resting_on(article_id))))


@register.simple_tag
def questions_leaning_on(reference_id: int) -> tuple[Line, ...]:
    """Questions that name a source, or rest on a live passage that cites it."""
    return tuple(map(_line, suspicion.leaning_on(reference_id, at=timezone.now())))


def _line(version: QuestionVersion) -> Line:
    url = reverse("admin:quizzes_question_change", args=[version.question_id])
    return Line(version.stem, version.basis.passage_key, url)
