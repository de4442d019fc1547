"""What one person did and what waits for them: the page “Your learning”. Read only."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from articles.access import ArticleCard, TopicCard, topics
from quizzes.marks import FULL
from quizzes.models import (
    WAITING,
    AttemptSlot,
    AttemptState,
    Certificate,
    Phase,
    ReviewCard,
    SlotScore,
)
from quizzes.papers import QuizCard, quiz_cards


@dataclass(frozen=True)
class Changed:
    """A question whose answer is another one since this person answered it."""

    stem: str
    reason: str
    evidence_changed: bool


@dataclass(frozen=True)
class DueGroup:
    """What is due of one quiz."""

    quiz_slug: str
    quiz_title: str
    questions: int
    minutes: int


@dataclass(frozen=True)
class Unfinished:
    """A quiz to carry on with. `waits_for_reading`: the half before reading is done."""

    attempt_id: uuid.UUID
    quiz_title: str
    position: int
    of: int
    url: str
    is_set_aside: bool
    waits_for_reading: bool


@dataclass(frozen=True)
class QuizLine:
    """A quiz and the best result in it; `of` is 0 when it was not finished yet."""

    slug: str
    title: str
    right: int
    of: int


@dataclass(frozen=True)
class PageLine:
    slug: str
    title: str
    minutes: int
    quizzes: tuple[QuizLine, ...]


@dataclass(frozen=True)
class TopicLines:
    name: str
    slug: str
    pages: tuple[PageLine, ...]


@dataclass(frozen=True)
class CertificateLine:
    url: str
    quiz_title: str
    issued_on: dt.date
    is_withdrawn: bool


@dataclass(frozen=True)
class Learning:
    changed: tuple[Changed, ...]
    due: tuple[DueGroup, ...]
    unfinished: tuple[Unfinished, ...]
    topics: tuple[TopicLines, ...]
    others: tuple[QuizLine, ...]
    """Quizzes that belong to no page."""
    certificates: tuple[CertificateLine, ...]
    is_new: bool
    """Nothing was answered yet."""
    first_page: PageLine | None

    @property
    def due_count(self) -> int:
        return sum(group.questions for group in self.due)


def learning_of(user_id: int, *, at: dt.datetime) -> Learning:
    """All of it, in a fixed number of queries."""
    cards = list(
        ReviewCard.objects.due(at)
        .filter(user=user_id)
        .select_related("quiz", "changed_by__question_version")
    )
    quizzes = {card.slug: card for card in quiz_cards(at=at)}
    tries = _tries(user_id)
    best = _best(tries)
    shelves = [_topic(shelf, quizzes.values(), best) for shelf in topics(at=at)]
    pages = [page for shelf in shelves for page in shelf.pages]
    return Learning(
        changed=_changed(cards),
        due=_due(cards, quizzes),
        unfinished=_unfinished(tries, quizzes),
        topics=tuple(shelf for shelf in shelves if shelf.pages),
        others=tuple(_line(q, best) for q in quizzes.values() if not q.article_slug),
        certificates=_certificates(user_id),
        is_new=not tries,
        first_page=pages[0] if pages else None,
    )


def _changed(cards: Iterable[ReviewCard]) -> tuple[Changed, ...]:
    corrections = [card.changed_by for card in cards if card.changed_by]
    return tuple(
        Changed(row.question_version.stem, row.reason, row.evidence_changed)
        for row in corrections
    )


def _due(
    cards: Iterable[ReviewCard], quizzes: Mapping[str, QuizCard]
) -> tuple[DueGroup, ...]:
    """Of each quiz how many; the quiz that waits longest comes first."""
    counts: dict[str, int] = {}
    for card in cards:
        counts[card.quiz.slug] = counts.get(card.quiz.slug, 0) + 1
    return tuple(
        DueGroup(slug, quizzes[slug].title, n, _minutes(quizzes[slug], n))
        for slug, n in counts.items()
    )


def _minutes(quiz: QuizCard, questions: int) -> int:
    """The quiz's own time, for this part of it; a whole minute at least."""
    return max(1, ceil(quiz.minutes * questions / max(1, quiz.questions)))


@dataclass(frozen=True)
class Try:
    """An attempt at a whole quiz or at what was missed in it, and how far it went."""

    attempt_id: uuid.UUID
    slug: str
    attempt_state: str
    phase: str
    retry_of: uuid.UUID | None
    of: int
    right: int
    waiting: int | None
    """The first question without an answer."""


def _tries(user_id: int) -> list[Try]:
    """All attempts but reviews, the newest first."""
    newest = SlotScore.objects.filter(slot=OuterRef("pk")).order_by("-pk")
    rows = (
        AttemptSlot.objects.filter(attempt__user=user_id, attempt__is_review=False)
        .annotate(mark=Subquery(newest.values("thousandths")[:1]))
        .values(
            "attempt_id",
            slug=F("attempt__quiz__slug"),
            attempt_state=F("attempt__state"),
            phase=F("attempt__phase"),
            retry_of=F("attempt__retry_of"),
        )
        .annotate(
            of=Count("pk"),
            right=Count("pk", filter=Q(mark=FULL)),
            waiting=Min("position", filter=Q(state__in=WAITING)),
        )
        .order_by("-attempt__started_at", "attempt_id")
    )
    return [Try(**row) for row in rows]


def _best(tries: Iterable[Try]) -> dict[str, Try]:
    """The best whole try at each quiz. What was asked before reading is no result."""
    found: dict[str, Try] = {}
    for row in tries:
        if row.attempt_state != AttemptState.SUBMITTED or not _is_whole(row):
            continue
        known = found.get(row.slug)
        if known is None or row.right * known.of > known.right * row.of:
            found[row.slug] = row
    return found


def _is_whole(row: Try) -> bool:
    if row.phase == Phase.NONE:
        return row.retry_of is None
    return row.phase == Phase.AFTER


def _unfinished(
    tries: Sequence[Try], quizzes: Mapping[str, QuizCard]
) -> tuple[Unfinished, ...]:
    """The newest try at each quiz, unless it is finished or the quiz is closed."""
    newest: dict[str, Try] = {}
    for row in tries:
        newest.setdefault(row.slug, row)
    return tuple(
        _carry_on(row, quizzes[slug])
        for slug, row in newest.items()
        if slug in quizzes
        and (row.attempt_state != AttemptState.SUBMITTED or row.phase == Phase.BEFORE)
    )


def _carry_on(row: Try, quiz: QuizCard) -> Unfinished:
    waits = row.attempt_state == AttemptState.SUBMITTED
    position = row.waiting or 1
    address = reverse("question", args=[row.attempt_id, position])
    return Unfinished(
        attempt_id=row.attempt_id,
        quiz_title=quiz.title,
        position=position,
        of=row.of,
        url=reverse("result", args=[row.attempt_id]) if waits else address,
        is_set_aside=row.attempt_state == AttemptState.SET_ASIDE,
        waits_for_reading=waits,
    )


def _topic(
    shelf: TopicCard, quizzes: Iterable[QuizCard], best: Mapping[str, Try]
) -> TopicLines:
    by_page: dict[str, list[QuizLine]] = {}
    for quiz in quizzes:
        by_page.setdefault(quiz.article_slug, []).append(_line(quiz, best))
    pages = [_page(card, by_page.get(card.slug, [])) for card in shelf.articles]
    return TopicLines(shelf.name, shelf.slug, tuple(pages))


def _page(card: ArticleCard, quizzes: Iterable[QuizLine]) -> PageLine:
    return PageLine(card.slug, card.title, card.minutes, tuple(quizzes))


def _line(quiz: QuizCard, best: Mapping[str, Try]) -> QuizLine:
    row = best.get(quiz.slug)
    right, of = (row.right, row.of) if row else (0, 0)
    return QuizLine(quiz.slug, quiz.title, right, of)


def _certificates(user_id: int) -> tuple[CertificateLine, ...]:
    rows = Certificate.objects.filter(attempt__user=user_id)
    return tuple(
        CertificateLine(
            url=row.get_absolute_url(),
            quiz_title=row.attempt.quiz_version.title,
            issued_on=timezone.localdate(row.issued_at),
            is_withdrawn=row.withdrawn_at is not None,
        )
        for row in rows.select_related("attempt__quiz_version")
    )
