"""What a learner sees after an answer: the result in a word, the answer and the reasons."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from quizzes import marks
from quizzes.keys import (
    Texts,
    answer_lines,
    figures,
    sentences_of,
    shown_sentences,
    shown_texts,
)
from quizzes.models import (
    Attempt,
    AttemptSlot,
    AttemptState,
    Certainty,
    CorrectionState,
    Kind,
    Option,
    Phase,
    Purpose,
    QuestionVersion,
    ResponseStep,
    SlotState,
    StepKind,
)
from quizzes.papers import UNSURE_LABEL, question_url, where
from quizzes.sampling import choice_token

HEADLINES: dict[marks.Outcome, str] = {
    "right": "Correct",
    "partly": "Partly right",
    "wrong": "Not quite – let’s look again",
    "unsure": "Good to know",
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
class FeedbackLine:
    """A line of a matching or ordering question: what was given and what is right."""

    text: str
    given: str
    right: str
    explanation: str

    @property
    def is_right(self) -> bool:
        return self.given == self.right


@dataclass(frozen=True)
class FeedbackNumber:
    given: str
    right: str
    unit: str
    explanation: str
    """Of the number given, when an option foresaw it."""


@dataclass(frozen=True)
class Corrected:
    """That the key was corrected after this answer."""

    on: dt.date
    reason: str
    evidence_changed: bool
    was: tuple[str, ...]
    """What counted as the answer until then, in words."""
    before: int
    """Thousandths when it was answered, and now."""
    now: int


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
    kind: str
    options: tuple[FeedbackOption, ...]
    lines: tuple[FeedbackLine, ...]
    number: FeedbackNumber | None
    explanation: str
    certainty: str
    corrected: Corrected | None
    passage_url: str
    passage_heading: str
    article_title: str
    article_slug: str
    sources: tuple[tuple[str, str], ...]
    next_url: str
    next_label: str
    is_check: bool


@dataclass(frozen=True)
class Given:
    """What a learner answered at a slot, and how sure they were."""

    chosen: tuple[str, ...] = ()
    certainty: int | None = None


def given_in(slot: AttemptSlot) -> Given | None:
    """What was answered at a slot; None when nothing was."""
    step = ResponseStep.objects.filter(slot=slot, kind=StepKind.ANSWER).first()
    return Given(tuple(step.chosen), step.certainty) if step else None


def feedback_for(slot: AttemptSlot, given: Given) -> Feedback:
    """What the learner reads after answering: the result, the answer and the reasons."""
    version, attempt = slot.question_version, slot.attempt
    spec = marks.read(version.key)
    outcome = marks.outcome(spec, given.chosen)
    place = where(slot.passage, slot)
    corrected = _corrected(slot)
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
        kind=version.kind,
        **_answer_parts(slot, spec, given.chosen),
        explanation=_explanation(version, corrected),
        certainty=Certainty(given.certainty).label if given.certainty else "",
        corrected=corrected,
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


def _explanation(version: QuestionVersion, corrected: Corrected | None) -> str:
    """Why the answer is right. Of a corrected key that is the reason for correcting it."""
    if version.corrected_scoring is None:
        return version.explanation
    if corrected is not None:  # which says the reason already
        return ""
    newest = version.corrections.filter(state=CorrectionState.APPLIED).last()
    return newest.reason if newest else ""


def _answer_parts(
    slot: AttemptSlot, spec: marks.Spec, chosen: Sequence[str]
) -> dict[str, Any]:
    """What was given and what is right, as the kind of question wants it."""
    rows = list(slot.question_version.options.all())
    parts: dict[str, Any] = {"options": (), "lines": (), "number": None}
    match spec:
        case marks.Choice():
            parts["options"] = _options(slot, spec, chosen, rows)
        case marks.Matching():
            parts["lines"] = _matched(slot, spec, chosen, rows)
        case marks.Ordering():
            parts["lines"] = _ordered(slot, spec, chosen, rows)
        case marks.Number():
            parts["number"] = _number(slot.question_version, spec, chosen, rows)
    return parts


def _options(
    slot: AttemptSlot, spec: marks.Choice, chosen: Sequence[str], rows: list[Option]
) -> tuple[FeedbackOption, ...]:
    version = slot.question_version
    texts = {row.token: row.text for row in rows}
    reasons = {row.token: row.explanation for row in rows}
    if version.kind == Kind.SENTENCE:
        texts = sentences_of(slot.passage)
        by_text = {row.text: row.explanation for row in rows}
        reasons = {token: by_text.get(text, "") for token, text in texts.items()}
        texts = shown_sentences(slot.passage)
    # An explanation that was written for the old key would contradict the new one.
    changed = spec.right ^ set(version.scoring.get("right", ()))
    return tuple(
        FeedbackOption(
            text=texts[token],
            is_right=token in spec.right,
            chosen=token in chosen,
            explanation="" if token in changed else reasons[token],
            explain=token in spec.right or token in chosen,
        )
        for token in slot.option_order
    )


def _matched(
    slot: AttemptSlot, spec: marks.Matching, chosen: Sequence[str], rows: list[Option]
) -> tuple[FeedbackLine, ...]:
    by_token = {row.token: row for row in rows}
    names = {choice_token(row.match): row.match for row in rows}
    given = dict(pair.split(":") for pair in chosen if ":" in pair)
    # Here and below as above: no explanation that was written for another key.
    before = slot.question_version.scoring["pairs"]
    return tuple(
        FeedbackLine(
            text=by_token[token].text,
            given=names.get(given.get(token, ""), ""),
            right=names[spec.pairs[token]],
            explanation=by_token[token].explanation
            if spec.pairs[token] == before[token]
            else "",
        )
        for token in slot.option_order
    )


def _ordered(
    slot: AttemptSlot, spec: marks.Ordering, chosen: Sequence[str], rows: list[Option]
) -> tuple[FeedbackLine, ...]:
    before = slot.question_version.scoring["order"]
    by_token = {row.token: row for row in rows}
    given = {token: str(place) for place, token in enumerate(chosen, 1)}
    return tuple(
        FeedbackLine(
            text=by_token[token].text,
            given=given.get(token, ""),
            right=str(place),
            explanation=by_token[token].explanation
            if before[place - 1] == token
            else "",
        )
        for place, token in enumerate(spec.order, 1)
    )


def _number(
    version: QuestionVersion,
    spec: marks.Number,
    chosen: Sequence[str],
    rows: list[Option],
) -> FeedbackNumber:
    number = marks.number_of(chosen[0]) if chosen else None
    foreseen = [
        row.explanation
        for row in rows
        if number is not None and marks.number_of(row.text) == number
    ]
    is_as_written = version.corrected_scoring is None
    return FeedbackNumber(
        given=chosen[0] if chosen else "",
        right=figures(spec.value),
        unit=version.unit,
        explanation=foreseen[0] if foreseen and is_as_written else "",
    )


def _corrected(slot: AttemptSlot) -> Corrected | None:
    """The newest correction that re-scored this answer."""
    scores = list(slot.scores.select_related("correction"))
    if len(scores) < 2 or scores[0].correction is None:
        return None
    newest, first, oldest = scores[0], scores[-1], scores[-2].correction
    correction = newest.correction
    assert correction is not None
    assert oldest is not None
    was = marks.read(oldest.old_scoring)
    return Corrected(
        on=timezone.localdate(newest.at),
        reason=correction.reason,
        evidence_changed=correction.evidence_changed,
        was=answer_lines(slot.question_version, was, slot.passage),
        before=first.thousandths,
        now=newest.thousandths,
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


AT_THE_END = (Purpose.TEST, Purpose.BEFORE_AFTER)


def comes_at_the_end(purpose: str) -> bool:
    """Whether learners see right answers only after all of their own."""
    return purpose in AT_THE_END


def is_withheld(attempt: Attempt) -> bool:
    """Whether the right answers may not be shown yet.

    In a test until it is finished; before reading until the second half is finished too.
    """
    if attempt.phase == Phase.BEFORE:
        done = attempt.retries.filter(state=AttemptState.SUBMITTED, phase=Phase.AFTER)
        return not done.exists()
    at_the_end = comes_at_the_end(attempt.quiz_version.quiz.purpose)
    return at_the_end and attempt.state != AttemptState.SUBMITTED


@dataclass(frozen=True)
class Kept:
    """That an answer is stored, and what it was; there is no key in it."""

    attempt_id: uuid.UUID
    position: int
    of: int
    quiz_title: str
    stem: str
    given: tuple[str, ...]
    next_url: str
    next_label: str


def kept_for(slot: AttemptSlot, given: Given) -> Kept:
    version, attempt = slot.question_version, slot.attempt
    texts = shown_texts(version, slot.passage)
    url, label = next_after(slot)
    return Kept(
        attempt_id=attempt.id,
        position=slot.position,
        of=attempt.slots.count(),
        quiz_title=attempt.quiz_version.title,
        stem=version.stem,
        given=tuple(_in_words(token, texts, version.unit) for token in given.chosen),
        next_url=url,
        next_label=label,
    )


def _in_words(token: str, texts: Texts, unit: str) -> str:
    if token == marks.UNSURE:
        return UNSURE_LABEL
    row, _, choice = token.partition(":")
    if choice:
        return f"{texts.lines[row]}: {texts.matches[choice]}"
    return texts.lines.get(token, f"{token} {unit}".strip())
