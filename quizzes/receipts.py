"""Receipts: what was asked, answered and marked, so that anybody can work it out again."""

import datetime as dt
from typing import Any

from articles.fingerprint import content_hash
from quizzes.feedback import is_withheld
from quizzes.keys import texts_of
from quizzes.models import (
    Attempt,
    AttemptSlot,
    AttemptState,
    CorrectionState,
)
from quizzes.recounts import FORMAT, Receipt, total_of

APPLIED = CorrectionState.APPLIED
# All that a receipt reads, in as many queries however long the quiz was.
ONE_EACH = ("question_version__question", "passage__version__article")
MANY = (
    "steps",
    "scores",
    "question_version__options",
    "question_version__corrections",
)


def shows_key(attempt: Attempt) -> bool:
    """Whether its receipt may tell the right answers: once it is over, and not before."""
    return attempt.state == AttemptState.SUBMITTED and not is_withheld(attempt)


def receipt(attempt: Attempt) -> Receipt:
    """An attempt as plain JSON, with a hash over all of it.

    Right answers and marks are in it only when the learner may see them.
    """
    with_key = shows_key(attempt)
    slots = attempt.slots.select_related(*ONE_EACH).prefetch_related(*MANY)
    questions = [_question(slot, with_key=with_key) for slot in slots]
    paper = {
        "format": FORMAT,
        "attempt": _attempt(attempt),
        "quiz": _quiz(attempt),
        "questions": questions,
        "total": total_of(questions) if with_key else None,
    }
    return {**paper, "sha256": content_hash(paper)}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "state": attempt.state,
        "started_at": moment(attempt.started_at),
        "submitted_at": moment(attempt.submitted_at),
        "deadline_at": moment(attempt.deadline_at),
        "phase": attempt.phase,
        "is_review": attempt.is_review,
        "try": attempt.number,
        "retry_of": str(attempt.retry_of_id) if attempt.retry_of_id else None,
    }


def _quiz(attempt: Attempt) -> dict[str, Any]:
    version = attempt.quiz_version
    return {
        "slug": version.quiz.slug,
        "version": version.number,
        "title": version.title,
        "purpose": version.quiz.purpose,
        "pass_mark": version.pass_mark,
    }


def _question(slot: AttemptSlot, *, with_key: bool) -> dict[str, Any]:
    version = slot.question_version
    texts = texts_of(version, slot.passage)
    return {
        "position": slot.position,
        "question": str(version.question.uid),
        "version": version.number,
        "kind": version.kind,
        "stem": version.stem,
        # By their random names: an author writes the lines of an order in the right one.
        "texts": dict(sorted({**texts.lines, **texts.matches}.items())),
        "option_order": slot.option_order,
        "passage": _passage(slot),
        "steps": [
            {
                "kind": step.kind,
                "chosen": step.chosen,
                "certainty": step.certainty,
                "at": moment(step.at),
            }
            for step in slot.steps.all()
        ],
        **(_marked(slot) if with_key else {}),
    }


def _passage(slot: AttemptSlot) -> dict[str, Any] | None:
    if slot.passage is None:
        return None
    return {
        "article": slot.passage.version.article.slug,
        "version": slot.passage.version.number,
        "key": slot.passage.key,
        "text_hash": slot.passage.text_hash,
    }


def _marked(slot: AttemptSlot) -> dict[str, Any]:
    """The key as it was published, what it was corrected to since, and the marks."""
    version = slot.question_version
    applied = [c for c in version.corrections.all() if c.state == APPLIED]
    return {
        # The key is in the hash, so somebody with patience could find it there.
        "content_hash": version.content_hash,
        "scoring": version.scoring,
        "corrections": [
            {
                "id": correction.pk,
                "at": moment(correction.decided_at),
                "reason": correction.reason,
                "scoring": correction.new_scoring,
                "policy": correction.policy,
            }
            for correction in applied
        ],
        "scores": [
            {
                "thousandths": score.thousandths,
                "rule": score.rule,
                "correction": score.correction_id,
                "at": moment(score.at),
            }
            # They are read newest first.
            for score in reversed(slot.scores.all())
        ],
    }


def moment(at: dt.datetime | None) -> str | None:
    """A moment in UTC, written the same on every database."""
    return at.astimezone(dt.UTC).isoformat() if at else None
