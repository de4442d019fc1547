"""How an attempt ended: the result, what to read again, and what next."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from articles.access import ArticleCard, card, live_versions
from quizzes import marks
from quizzes.models import (
    Attempt,
    AttemptSlot,
    Certainty,
    Certificate,
    Phase,
    Purpose,
    SlotState,
    StepKind,
)
from quizzes.papers import question_url, quiz_cards, where

OUTCOMES: dict[marks.Outcome, str] = {
    "right": "Correct",
    "partly": "Partly right",
    "wrong": "Not quite",
    "unsure": "Not sure",
    "skipped": "Skipped",
}


@dataclass(frozen=True)
class AnswerLine:
    """One question on the result page."""

    position: int
    stem: str
    outcome: marks.Outcome
    outcome_label: str
    thousandths: int
    certainty: int | None
    was_corrected: bool
    feedback_url: str
    passage_url: str
    passage_heading: str
    article_title: str


@dataclass(frozen=True)
class Verdict:
    """How a test ended. Percent of all marks, rounded down, so nobody passes by rounding."""

    percent: int
    pass_mark: int | None
    passed: bool
    certificate_url: str
    """Where to get the certificate, or to look at it; "" without one."""
    has_certificate: bool


@dataclass(frozen=True)
class Sureness:
    """Of the answers given with this certainty, how many were right."""

    label: str
    right: int
    of: int


@dataclass(frozen=True)
class Result:
    attempt_id: uuid.UUID
    quiz_slug: str
    quiz_title: str
    right: int
    of: int
    unsure: int
    skipped: int
    again: tuple[AnswerLine, ...]
    answers: tuple[AnswerLine, ...]
    can_retry: bool
    can_start_again: bool
    missed: int
    next_article: ArticleCard | None
    article_slug: str
    article_title: str
    verdict: Verdict | None
    sureness: tuple[Sureness, ...]
    before: int | None
    """How many were right before reading, of a quiz taken before and after."""
    corrected: int
    """How many marks changed since, because a key was corrected."""


@dataclass(frozen=True)
class Finish:
    attempt_id: uuid.UUID
    quiz_slug: str
    quiz_title: str
    is_over: bool
    """The time is up, so nothing can be answered any more."""
    answered: int
    of: int
    open: tuple[tuple[int, str, str], ...]
    """(position, stem, address) of each question without an answer."""


def result_for(attempt: Attempt, *, at: dt.datetime) -> Result:
    """How it went, what to read again, and what next."""
    lines = _lines(attempt)
    counts = Counter(line.outcome for line in lines)
    quiz = attempt.quiz_version.quiz
    missed = tuple(line for line in lines if line.outcome != "right")
    cards = [card(version) for version in live_versions(at=at)]
    own = next((c for c in cards if quiz.article and c.slug == quiz.article.slug), None)
    is_open = quiz.closed_at is None
    return Result(
        attempt_id=attempt.id,
        quiz_slug=quiz.slug,
        quiz_title=attempt.quiz_version.title,
        right=counts["right"],
        of=len(lines),
        unsure=counts["unsure"],
        skipped=counts["skipped"],
        again=missed,
        answers=lines,
        can_retry=bool(missed) and is_open and quiz.purpose == Purpose.SELF_CHECK,
        can_start_again=is_open and quiz.purpose != Purpose.SECTION_CHECK,
        missed=len(missed),
        next_article=_following(cards, own),
        article_slug=own.slug if own else "",
        article_title=own.title if own else "",
        verdict=_verdict(attempt, lines) if quiz.purpose == Purpose.TEST else None,
        sureness=_sureness(lines),
        before=_right_before(attempt),
        corrected=sum(line.was_corrected for line in lines),
    )


def percent_of(attempt: Attempt) -> int:
    """The marks in force as a percentage of all marks, rounded down."""
    slots = list(attempt.slots.prefetch_related("scores"))
    got = sum(next((s.thousandths for s in slot.scores.all()), 0) for slot in slots)
    return marks.percent(got, of=len(slots))


def has_passed(attempt: Attempt) -> bool:
    pass_mark = attempt.quiz_version.pass_mark
    return pass_mark is not None and percent_of(attempt) >= pass_mark


def _verdict(attempt: Attempt, lines: Sequence[AnswerLine]) -> Verdict:
    got = sum(line.thousandths for line in lines)
    percent = marks.percent(got, of=len(lines))
    version = attempt.quiz_version
    passed = version.pass_mark is not None and percent >= version.pass_mark
    issued = Certificate.objects.filter(attempt=attempt).first()
    url = issued.get_absolute_url() if issued else ""
    if passed and version.gives_certificate and not issued:
        url = reverse("certificate-new", args=[attempt.id])
    return Verdict(percent, version.pass_mark, passed, url, issued is not None)


def _sureness(lines: Sequence[AnswerLine]) -> tuple[Sureness, ...]:
    """The learner's own calibration, the surest first."""
    found = []
    for value, label in reversed(Certainty.choices):
        these = [line for line in lines if line.certainty == value]
        right = sum(line.outcome == "right" for line in these)
        if these:
            found.append(Sureness(str(label), right, len(these)))
    return tuple(found)


def _right_before(attempt: Attempt) -> int | None:
    if attempt.phase != Phase.AFTER or attempt.retry_of is None:
        return None
    return sum(line.outcome == "right" for line in _lines(attempt.retry_of))


def _following(cards: list[ArticleCard], own: ArticleCard | None) -> ArticleCard | None:
    if own is None:
        return cards[0] if cards else None
    place = cards.index(own)
    return cards[(place + 1) % len(cards)] if len(cards) > 1 else None


def _lines(attempt: Attempt) -> tuple[AnswerLine, ...]:
    slots = attempt.slots.select_related(
        "question_version", "passage__version__article", "attempt"
    ).prefetch_related("steps", "scores")
    return tuple(_answer_line(slot) for slot in slots)


def _answer_line(slot: AttemptSlot) -> AnswerLine:
    steps = [step for step in slot.steps.all() if step.kind == StepKind.ANSWER]
    scores = list(slot.scores.all())
    spec = marks.read(slot.question_version.key)
    outcome = marks.outcome(spec, steps[0].chosen if steps else [])
    place = where(slot.passage, slot)
    return AnswerLine(
        position=slot.position,
        stem=slot.question_version.stem,
        outcome=outcome,
        outcome_label=OUTCOMES[outcome],
        thousandths=scores[0].thousandths if scores else 0,
        certainty=steps[0].certainty if steps else None,
        was_corrected=len({score.thousandths for score in scores}) > 1,
        feedback_url=reverse("feedback", args=[slot.attempt_id, slot.position]),
        passage_url=place.url,
        passage_heading=place.heading,
        article_title=place.article_title,
    )


def finish_for(attempt: Attempt, *, is_over: bool) -> Finish:
    """What is still open, before the learner finishes."""
    slots = list(attempt.slots.select_related("question_version"))
    waiting = [slot for slot in slots if slot.state != SlotState.ANSWERED]
    return Finish(
        attempt_id=attempt.id,
        quiz_slug=attempt.quiz_version.quiz.slug,
        quiz_title=attempt.quiz_version.title,
        is_over=is_over,
        answered=len(slots) - len(waiting),
        of=len(slots),
        open=tuple(
            (
                slot.position,
                slot.question_version.stem,
                question_url(slot, slot.position),
            )
            for slot in waiting
        ),
    )


@dataclass(frozen=True)
class Halfway:
    """Between the two halves: read the page, then answer again."""

    attempt_id: uuid.UUID
    quiz_title: str
    of: int
    article_slug: str
    article_title: str


def halfway_for(attempt: Attempt) -> Halfway:
    version = attempt.quiz_version
    cards = quiz_cards(at=timezone.now(), slug=version.quiz.slug)
    return Halfway(
        attempt_id=attempt.id,
        quiz_title=version.title,
        of=attempt.slots.count(),
        article_slug=cards[0].article_slug if cards else "",
        article_title=cards[0].article_title if cards else "",
    )
