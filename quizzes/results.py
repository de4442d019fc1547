"""What a learner sees after the answer: the reasons, the result, what to read again."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from articles.access import ArticleCard, card, live_versions
from quizzes import marks
from quizzes.models import (
    Attempt,
    AttemptSlot,
    AttemptState,
    Purpose,
    ResponseStep,
    SlotState,
    StepKind,
)
from quizzes.papers import question_url, where

HEADLINES: dict[marks.Outcome, str] = {
    "right": "Correct",
    "partly": "Partly right",
    "wrong": "Not quite – let’s look again",
    "unsure": "Good to know",
    "skipped": "Skipped",
}
OUTCOMES: dict[marks.Outcome, str] = {
    "right": "Correct",
    "partly": "Partly right",
    "wrong": "Not quite",
    "unsure": "Not sure",
    "skipped": "Skipped",
}


@dataclass(frozen=True)
class FeedbackOption:
    text: str
    is_right: bool
    chosen: bool
    explanation: str
    explain: bool


@dataclass(frozen=True)
class Feedback:
    attempt_id: uuid.UUID
    position: int
    of: int
    quiz_slug: str
    quiz_title: str
    outcome: marks.Outcome
    headline: str
    stem: str
    options: tuple[FeedbackOption, ...]
    passage_url: str
    passage_heading: str
    article_title: str
    article_slug: str
    sources: tuple[tuple[str, str], ...]
    next_url: str
    next_label: str
    is_check: bool


@dataclass(frozen=True)
class AnswerLine:
    """One question on the result page."""

    position: int
    stem: str
    outcome: marks.Outcome
    outcome_label: str
    feedback_url: str
    passage_url: str
    passage_heading: str
    article_title: str


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
    missed: int
    next_article: ArticleCard | None
    article_slug: str
    article_title: str


@dataclass(frozen=True)
class Finish:
    attempt_id: uuid.UUID
    quiz_slug: str
    quiz_title: str
    answered: int
    of: int
    open: tuple[tuple[int, str, str], ...]
    """(position, stem, address) of each question without an answer."""


def feedback_for(slot: AttemptSlot, chosen: list[str]) -> Feedback:
    """What the learner reads after answering: the result, the answer and the reasons."""
    version, attempt = slot.question_version, slot.attempt
    spec = marks.Spec.read(version.scoring)
    outcome = marks.outcome(spec, chosen)
    place = where(slot.passage, slot)
    next_url, next_label = next_after(slot)
    return Feedback(
        attempt_id=attempt.id,
        position=slot.position,
        of=attempt.slots.count(),
        quiz_slug=attempt.quiz_version.quiz.slug,
        quiz_title=attempt.quiz_version.title,
        outcome=outcome,
        headline=HEADLINES[outcome],
        stem=version.stem,
        options=_options(slot, spec, chosen),
        passage_url=place.url,
        passage_heading=place.heading,
        article_title=place.article_title,
        article_slug=place.article_slug,
        sources=tuple(
            (reference.title, reference.get_absolute_url())
            for reference in version.references.all()
        ),
        next_url=next_url,
        next_label=next_label,
        is_check=attempt.quiz_version.quiz.purpose == Purpose.SECTION_CHECK,
    )


def _options(
    slot: AttemptSlot, spec: marks.Spec, chosen: list[str]
) -> tuple[FeedbackOption, ...]:
    rows = {row.token: row for row in slot.question_version.options.all()}
    return tuple(
        FeedbackOption(
            text=rows[token].text,
            is_right=token in spec.right,
            chosen=token in chosen,
            explanation=rows[token].explanation,
            explain=token in spec.right or token in chosen,
        )
        for token in slot.option_order
    )


def next_after(slot: AttemptSlot) -> tuple[str, str]:
    """To the next open question; from the last one to the result."""
    quiz = slot.attempt.quiz_version.quiz
    if quiz.purpose == Purpose.SECTION_CHECK and quiz.article:
        page = reverse("article", args=[quiz.article.slug])
        return f"{page}#{quiz.passage_key}", "Back to the page"
    following = (
        slot.attempt.slots.filter(position__gt=slot.position)
        .exclude(state=SlotState.ANSWERED)
        .order_by("position")
        .first()
    )
    if following:
        return question_url(slot, following.position), "Next question"
    label = (
        "See your result"
        if slot.attempt.state == AttemptState.SUBMITTED
        else "Continue"
    )
    return reverse("result", args=[slot.attempt_id]), label


def chosen_in(slot: AttemptSlot) -> list[str] | None:
    """What was answered at a slot; None when nothing was."""
    step = ResponseStep.objects.filter(slot=slot, kind=StepKind.ANSWER).first()
    return step.chosen if step else None


def result_for(attempt: Attempt, *, at: dt.datetime) -> Result:
    """How it went, what to read again, and what next."""
    lines = _lines(attempt)
    counts = Counter(line.outcome for line in lines)
    quiz = attempt.quiz_version.quiz
    missed = tuple(line for line in lines if line.outcome != "right")
    cards = [card(version) for version in live_versions(at=at)]
    own = next((c for c in cards if quiz.article and c.slug == quiz.article.slug), None)
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
        can_retry=bool(missed) and quiz.closed_at is None,
        missed=len(missed),
        next_article=_following(cards, own),
        article_slug=own.slug if own else "",
        article_title=own.title if own else "",
    )


def _following(cards: list[ArticleCard], own: ArticleCard | None) -> ArticleCard | None:
    if own is None:
        return cards[0] if cards else None
    place = cards.index(own)
    return cards[(place + 1) % len(cards)] if len(cards) > 1 else None


def _lines(attempt: Attempt) -> tuple[AnswerLine, ...]:
    slots = attempt.slots.select_related(
        "question_version", "passage__version__article", "attempt"
    ).prefetch_related("steps")
    return tuple(_answer_line(slot) for slot in slots)


def _answer_line(slot: AttemptSlot) -> AnswerLine:
    steps = [step for step in slot.steps.all() if step.kind == StepKind.ANSWER]
    spec = marks.Spec.read(slot.question_version.scoring)
    outcome = marks.outcome(spec, steps[0].chosen if steps else [])
    place = where(slot.passage, slot)
    return AnswerLine(
        position=slot.position,
        stem=slot.question_version.stem,
        outcome=outcome,
        outcome_label=OUTCOMES[outcome],
        feedback_url=reverse("feedback", args=[slot.attempt_id, slot.position]),
        passage_url=place.url,
        passage_heading=place.heading,
        article_title=place.article_title,
    )


def finish_for(attempt: Attempt) -> Finish:
    """What is still open, before the learner finishes."""
    slots = list(attempt.slots.select_related("question_version"))
    waiting = [slot for slot in slots if slot.state != SlotState.ANSWERED]
    return Finish(
        attempt_id=attempt.id,
        quiz_slug=attempt.quiz_version.quiz.slug,
        quiz_title=attempt.quiz_version.title,
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
