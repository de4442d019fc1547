"""What a learner may see before the answer. Frozen, flat, and without the key."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticleVersion, Passage
from quizzes import marks
from quizzes.models import (
    AttemptSlot,
    Kind,
    Option,
    Purpose,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotState,
    Standing,
    Taker,
)
from quizzes.sampling import option_order

HINTS = {
    Kind.SINGLE: "Select one option.",
    Kind.TRUE_FALSE: "Select one option.",
    Kind.SEVERAL: (
        "Select all that apply. Each right one adds to the result, each wrong one "
        "takes away."
    ),
}
UNSURE_LABEL = "I am not sure"


@dataclass(frozen=True)
class Paper:
    """A question before it is answered. There is no key in it."""

    attempt_id: uuid.UUID | None
    position: int
    of: int
    quiz_slug: str
    quiz_title: str
    kind: str
    stem: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    """(value, label); values are random and say nothing."""
    version_id: int
    step: int = 1
    where_url: str = ""
    where_heading: str = ""
    previous_url: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Answers:
    """What may be posted as the answer to a question."""

    values: frozenset[str]
    several: bool


@dataclass(frozen=True)
class SectionCheck:
    """The question at a section's end, as the article page shows it."""

    quiz_slug: str
    passage_key: str
    paper: Paper


@dataclass(frozen=True)
class QuizCard:
    slug: str
    title: str
    intro: str
    questions: int
    minutes: int
    article_slug: str
    article_title: str


@dataclass(frozen=True)
class OpenAttempt:
    id: uuid.UUID
    answered: int
    of: int
    started_on: dt.date
    next_position: int


def paper_for(slot: AttemptSlot, *, of: int) -> Paper:
    """The question of a slot; costs one query, for the options' texts."""
    version, quiz = slot.question_version, slot.attempt.quiz_version
    texts = dict(Option.objects.filter(version=version).values_list("token", "text"))
    place = where(slot.passage, slot)
    return Paper(
        attempt_id=slot.attempt_id,
        position=slot.position,
        of=of,
        quiz_slug=quiz.quiz.slug,
        quiz_title=quiz.title,
        kind=version.kind,
        stem=version.stem,
        hint=HINTS[Kind(version.kind)],
        choices=_choices(version.kind, slot.option_order, texts),
        version_id=version.pk,
        step=slot.next_step,
        where_url=place.url,
        where_heading=place.heading,
        previous_url=question_url(slot, slot.position - 1) if slot.position > 1 else "",
        skipped=slot.state == SlotState.SKIPPED,
    )


def answers_to(standing: Standing) -> Answers:
    """The values of the paper's choices, without their texts and so without a query."""
    several = standing.kind == Kind.SEVERAL
    more = () if several else (marks.UNSURE,)
    return Answers(frozenset((*standing.option_order, *more)), several)


def _choices(
    kind: str, order: Iterable[str], texts: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    choices = [(token, texts[token]) for token in order]
    if kind != Kind.SEVERAL:
        choices.append((marks.UNSURE, UNSURE_LABEL))
    return tuple(choices)


def papers_of(
    quiz_version: QuizVersion, *, at: dt.datetime, seed: str
) -> tuple[Paper, ...]:
    """All questions of a quiz for one page, before any attempt exists."""
    versions = (
        QuestionVersion.objects.newest_published()
        .sound(at)
        .filter(
            question__slots__version=quiz_version, question__retired_at__isnull=True
        )
        .order_by("question__slots__position", "question__slots__pk")
        .prefetch_related("options")
    )
    found = list(versions)
    return tuple(
        _unstarted(quiz_version, version, position, len(found), seed)
        for position, version in enumerate(found, 1)
    )


def _unstarted(
    quiz_version: QuizVersion,
    version: QuestionVersion,
    position: int,
    of: int,
    seed: str,
) -> Paper:
    texts = {option.token: option.text for option in version.options.all()}
    order = option_order(version.kind, list(texts), seed=f"{seed}:{version.pk}")
    return Paper(
        attempt_id=None,
        position=position,
        of=of,
        quiz_slug=quiz_version.quiz.slug,
        quiz_title=quiz_version.title,
        kind=version.kind,
        stem=version.stem,
        hint=HINTS[Kind(version.kind)],
        choices=_choices(version.kind, order, texts),
        version_id=version.pk,
    )


def section_checks(article_slug: str, *, at: dt.datetime) -> tuple[SectionCheck, ...]:
    """The checks on an article's page, in the same order of options for every reader."""
    quizzes = (
        QuizVersion.objects.current()
        .filter(quiz__article__slug=article_slug, quiz__purpose=Purpose.SECTION_CHECK)
        .select_related("quiz")
    )
    by_question = {
        slot.question_id: slot.version
        for slot in QuizSlot.objects.filter(version__in=quizzes).select_related(
            "version__quiz"
        )
    }
    versions = (
        QuestionVersion.objects.newest_published()
        .sound(at)
        .filter(question__in=by_question, question__retired_at__isnull=True)
        .prefetch_related("options")
    )
    found = []
    for version in versions:
        quiz = by_question[version.question_id]
        paper = _unstarted(quiz, version, 1, 1, seed=quiz.quiz.slug)
        found.append(SectionCheck(quiz.quiz.slug, quiz.quiz.passage_key, paper))
    return tuple(found)


def quiz_cards(
    *, at: dt.datetime, article_slug: str | None = None, slug: str | None = None
) -> tuple[QuizCard, ...]:
    """Quizzes that can be taken, in one query."""
    live = ArticleVersion.objects.live(at).filter(article=OuterRef("quiz__article"))
    rows = (
        QuizVersion.objects.current()
        .filter(quiz__purpose=Purpose.SELF_CHECK)
        .select_related("quiz__article")
        .annotate(
            questions=Count("slots"), article_title=Subquery(live.values("title")[:1])
        )
        .only("title", "intro", "minutes", "quiz__slug", "quiz__article__slug")
        .order_by("quiz__article__position", "quiz__slug")
    )
    if article_slug is not None:
        rows = rows.filter(quiz__article__slug=article_slug)
    if slug is not None:
        rows = rows.filter(quiz__slug=slug)
    return tuple(_card(row) for row in rows)


def _card(row: QuizVersion) -> QuizCard:
    title = getattr(row, "article_title", None) or ""
    article = row.quiz.article
    return QuizCard(
        slug=row.quiz.slug,
        title=row.title,
        intro=row.intro,
        questions=getattr(row, "questions", 0),
        minutes=row.minutes,
        article_slug=article.slug if article and title else "",
        article_title=title,
    )


def open_attempt(quiz_version: QuizVersion, *, taker: Taker) -> OpenAttempt | None:
    """The attempt that the learner can go on with."""
    found = taker.theirs().open().filter(quiz_version=quiz_version).first()
    if found is None:
        return None
    slots = list(found.slots.all())
    waiting = [s.position for s in slots if s.state != SlotState.ANSWERED]
    return OpenAttempt(
        id=found.id,
        answered=len(slots) - len(waiting),
        of=len(slots),
        started_on=timezone.localdate(found.started_at),
        next_position=min(waiting, default=1),
    )


@dataclass(frozen=True)
class Where:
    """The passage that answers a question, on today's page."""

    url: str = ""
    heading: str = ""
    article_title: str = ""
    article_slug: str = ""


def where(passage: Passage | None, slot: AttemptSlot) -> Where:
    """The passage on today's page, with the way back to this question."""
    if passage is None:
        return Where()
    slug = passage.version.article.slug
    back = f"?from={slot.attempt_id}.{slot.position}"
    return Where(
        url=f"{reverse('article', args=[slug])}{back}#{passage.key}",
        heading=passage.heading,
        article_title=passage.version.title,
        article_slug=slug,
    )


def question_url(slot: AttemptSlot, position: int) -> str:
    return reverse("question", args=[slot.attempt_id, position])
