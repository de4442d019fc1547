"""Answers: answer, skip, finish. The only writer of these.

Every move is safe to repeat: a double click, a resent form or a second tab finds what the
first one stored. Conditional updates name columns of their own row only, because PostgreSQL
checks those again after it waited for another writer; a joined condition it would not.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Literal

from django.db import transaction
from django.utils.crypto import salted_hmac

from quizzes import marks, recalling
from quizzes.models import (
    WAITING,
    Attempt,
    AttemptSlot,
    AttemptState,
    Purpose,
    QuizVersion,
    ResponseStep,
    SlotScore,
    SlotState,
    Standing,
    StepKind,
    Taker,
    key_of,
    standing_of,
)
from quizzes.starting import start

# With no more questions open than this it is worth asking whether all are answered; two,
# because two tabs may answer the last two at once.
NEARLY_DONE = 2
# An answer that was sent in time may arrive a little late.
GRACE = dt.timedelta(seconds=60)
Stored = Literal["stored", "repeated", "first_kept"]


class AttemptClosed(Exception):
    """The attempt was finished or set aside, so it takes no more answers."""


class TimeIsUp(Exception):
    """The deadline of a test has passed, so it takes no more answers."""


class StaleStep(Exception):
    """The question moved on in another tab, but has no answer yet."""


@transaction.atomic
def answer(
    standing: Standing,
    *,
    step: int,
    chosen: Sequence[str],
    at: dt.datetime,
    certainty: int | None = None,
) -> Stored:
    """Store the first answer to a question with its mark; finish after the last one.

    `step` is the number the form was given; `chosen` is what answers.read gave. A repeat
    stores nothing. Raises AttemptClosed, TimeIsUp and StaleStep.
    """
    picked = list(chosen)
    if is_over(standing, at=at):
        raise TimeIsUp
    if not _take_step(standing, step, SlotState.ANSWERED):
        return _already(standing, picked)
    ResponseStep.objects.create(
        slot_id=standing.slot_id,
        seq=step,
        kind=StepKind.ANSWER,
        chosen=picked,
        certainty=certainty,
        at=at,
    )
    # Read again, because it may have been corrected since `standing` was read.
    spec = marks.read(key_of(standing.slot_id))
    SlotScore.objects.create(
        slot_id=standing.slot_id,
        thousandths=marks.score(spec, picked),
        rule=marks.RULE,
        at=at,
    )
    if standing.user_id is not None and standing.purpose == Purpose.SELF_CHECK:
        recalling.remember(
            user_id=standing.user_id,
            question_id=standing.question_id,
            quiz_id=standing.quiz_id,
            outcome=marks.outcome(spec, picked),
            certainty=certainty,
            at=at,
        )
    if standing.waiting <= NEARLY_DONE and _all_answered(standing.attempt_id):
        finish(standing.attempt_id, at=at)
    return "stored"


def is_over(standing: Standing, *, at: dt.datetime) -> bool:
    """Whether the time of a test has run out, with some grace for the way here."""
    deadline = standing.deadline_at
    return deadline is not None and at > deadline + GRACE


def _take_step(standing: Standing, step: int, state: SlotState) -> bool:
    """Of several equal requests one gets through; none after the attempt ended."""
    if not standing.attempt_is_open:
        return False
    taken = AttemptSlot.objects.filter(
        pk=standing.slot_id, next_step=step, state__in=WAITING
    ).update(next_step=step + 1, state=state)
    return bool(taken)


def _already(standing: Standing, picked: list[str]) -> Stored:
    steps = ResponseStep.objects.filter(slot=standing.slot_id, kind=StepKind.ANSWER)
    stored = steps.first()
    if stored is not None:
        return "repeated" if stored.chosen == picked else "first_kept"
    now = standing_of(standing.attempt_id, standing.position)
    if now is None or not now.attempt_is_open:
        raise AttemptClosed
    # The form is older than a skip in another tab: nothing is lost by asking again.
    raise StaleStep


def _all_answered(attempt_id: uuid.UUID) -> bool:
    # Of two tabs that answer the last two questions, the second waits here until it can
    # see what the first one stored.
    Attempt.objects.select_for_update().get(pk=attempt_id)
    slots = AttemptSlot.objects.filter(attempt=attempt_id)
    return not slots.exclude(state=SlotState.ANSWERED).exists()


@transaction.atomic
def skip(standing: Standing, *, step: int, at: dt.datetime) -> None:
    """Leave a question for later. An answered or already skipped one stays as it is."""
    if not standing.attempt_is_open:
        raise AttemptClosed
    if is_over(standing, at=at):
        raise TimeIsUp
    if standing.state != SlotState.OPEN:
        return
    if _take_step(standing, step, SlotState.SKIPPED):
        ResponseStep.objects.create(
            slot_id=standing.slot_id, seq=step, kind=StepKind.SKIP, at=at
        )


@transaction.atomic
def finish(attempt_id: uuid.UUID, *, at: dt.datetime) -> None:
    """End the attempt; what is not answered counts as skipped. Safe to repeat.

    Closing the questions too makes an answer that is under way lose on its own row. They
    come first, as in `answer`: in the other order the two could wait for each other.
    """
    slots = AttemptSlot.objects.filter(attempt=attempt_id, state__in=WAITING)
    slots.update(state=SlotState.CLOSED)
    Attempt.objects.filter(pk=attempt_id, state=AttemptState.IN_PROGRESS).update(
        state=AttemptState.SUBMITTED, submitted_at=at
    )


def finish_overdue(*, at: dt.datetime) -> int:
    """Finish tests whose time is up, as of their deadlines. Gives their number."""
    overdue = list(Attempt.objects.open().filter(deadline_at__lt=at - GRACE))
    for attempt in overdue:
        finish(attempt.pk, at=attempt.deadline_at or at)
    return len(overdue)


@transaction.atomic
def take_at_once(
    quiz_version: QuizVersion,
    *,
    taker: Taker,
    attempt_id: uuid.UUID,
    answers: Mapping[int, tuple[Sequence[str], int | None]],
    at: dt.datetime,
) -> Attempt:
    """Start, answer and finish in one go.

    `answers`: question version id → what was chosen, and how sure they were.

    The page names the attempt, so that sending it twice finds the first one.
    """
    attempt = start(quiz_version, taker=taker, at=at, again=True, attempt_id=attempt_id)
    if attempt.state != AttemptState.IN_PROGRESS:
        return attempt
    for slot in attempt.slots.all():
        if given := answers.get(slot.question_version_id):
            chosen, certainty = given
            _answer_slot(slot, chosen, certainty, at)
    finish(attempt.id, at=at)
    return attempt


def answer_check(
    quiz_version: QuizVersion,
    *,
    taker: Taker,
    question_version_id: int,
    chosen: Sequence[str],
    at: dt.datetime,
) -> AttemptSlot:
    """Answer the one question at a section's end. The same answer again stores nothing."""
    picked = list(chosen)
    attempt = take_at_once(
        quiz_version,
        taker=taker,
        attempt_id=_same_for(taker, quiz_version.quiz_id, question_version_id, picked),
        answers={question_version_id: (picked, None)},
        at=at,
    )
    return attempt.slots.get()


def _same_for(*parts: object) -> uuid.UUID:
    """An id that only this site can work out, the same for the same parts."""
    digest = salted_hmac("quizzes.answering", repr(parts), algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _answer_slot(
    slot: AttemptSlot, chosen: Sequence[str], certainty: int | None, at: dt.datetime
) -> None:
    standing = standing_of(slot.attempt_id, slot.position)
    assert standing is not None  # the slot is there, in this transaction
    answer(standing, step=standing.step, chosen=chosen, certainty=certainty, at=at)
