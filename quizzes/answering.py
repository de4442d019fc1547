"""Attempts and answers: start, answer, skip, finish, try again. The only writer of these.

Every move is safe to repeat: a double click, a resent form or a second tab finds what the
first one stored. Conditional updates name columns of their own row only, because PostgreSQL
checks those again after it waited for another writer; a joined condition it would not.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from quizzes import marks
from quizzes.models import (
    WAITING,
    Attempt,
    AttemptSlot,
    AttemptState,
    QuestionVersion,
    QuizVersion,
    ResponseStep,
    SlotScore,
    SlotState,
    Standing,
    StepKind,
    Taker,
    standing_of,
)
from quizzes.sampling import option_order

# With no more questions open than this it is worth asking whether all are answered; two,
# because two tabs may answer the last two at once.
NEARLY_DONE = 2
Stored = Literal["stored", "repeated", "first_kept"]


class CannotStart(Exception):
    """There is nothing to ask; the message is for the learner."""


class AttemptClosed(Exception):
    """The attempt was finished or set aside, so it takes no more answers."""


class StaleStep(Exception):
    """The question moved on in another tab, but has no answer yet."""


@transaction.atomic
def start(
    quiz_version: QuizVersion,
    *,
    taker: Taker,
    at: dt.datetime,
    again: bool = False,
    attempt_id: uuid.UUID | None = None,
    questions: Sequence[int] | None = None,
    retry_of: Attempt | None = None,
) -> Attempt:
    """Start an attempt, or go on with the open one unless `again`.

    Pins the wording of every question and passage, and the order of the options.
    `questions` limits it to these question ids. An attempt that has `attempt_id` already
    is found as it is. Raises CannotStart.
    """
    new_id = attempt_id or uuid.uuid4()
    same = taker.theirs().filter(pk=new_id)
    if attempt_id and (found := same.first()):
        return found
    open_ones = taker.theirs().open().filter(quiz_version=quiz_version)
    if again:
        open_ones.update(state=AttemptState.SET_ASIDE)
    elif found := open_ones.first():
        return found
    versions = _askable(quiz_version, at, questions)
    if not versions:
        msg = "The questions of this quiz are being checked. Please come back later."
        raise CannotStart(msg)
    attempt = Attempt(
        id=new_id,
        quiz_version=quiz_version,
        user_id=taker.user_id,
        guest_key=taker.guest_key,
        retry_of=retry_of,
        started_at=at,
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        # Somebody with the same key was faster: a double click, or another tab.
        found = same.first() or open_ones.first()
        if found is None:
            msg = "These answers were already sent from another browser."
            raise CannotStart(msg) from None
        return found
    AttemptSlot.objects.bulk_create(
        _slot(attempt, position, version)
        for position, version in enumerate(versions, 1)
    )
    return attempt


def _askable(
    quiz_version: QuizVersion, at: dt.datetime, questions: Sequence[int] | None
) -> list[QuestionVersion]:
    """Published wordings in the quiz's order, without retired and suspect questions."""
    found = (
        QuestionVersion.objects.newest_published()
        .sound(at)
        .filter(
            question__slots__version=quiz_version, question__retired_at__isnull=True
        )
        .order_by("question__slots__position", "question__slots__pk")
        .prefetch_related("options")
    )
    if questions is not None:
        found = found.filter(question__in=questions)
    return list(found)


def _slot(attempt: Attempt, position: int, version: QuestionVersion) -> AttemptSlot:
    tokens = [option.token for option in version.options.all()]
    return AttemptSlot(
        attempt=attempt,
        position=position,
        question_version=version,
        passage_id=getattr(version, "live_passage_id", None),
        option_order=option_order(version.kind, tokens, seed=str(attempt.id)),
    )


@transaction.atomic
def answer(
    standing: Standing, *, step: int, chosen: Sequence[str], at: dt.datetime
) -> Stored:
    """Store the first answer to a question with its mark; finish after the last one.

    `step` is the number the form was given; `chosen` are option tokens or "unsure".
    A repeat stores nothing. Raises AttemptClosed and StaleStep.
    """
    picked = sorted(set(chosen))
    if not _take_step(standing, step, SlotState.ANSWERED):
        return _already(standing, picked)
    ResponseStep.objects.create(
        slot_id=standing.slot_id, seq=step, kind=StepKind.ANSWER, chosen=picked, at=at
    )
    mark = marks.score(marks.Spec.read(standing.scoring), picked)
    SlotScore.objects.create(
        slot_id=standing.slot_id, thousandths=mark, rule=marks.RULE, at=at
    )
    if standing.waiting <= NEARLY_DONE and _all_answered(standing.attempt_id):
        finish(standing.attempt_id, at=at)
    return "stored"


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


@transaction.atomic
def try_again(attempt: Attempt, *, taker: Taker, at: dt.datetime) -> Attempt:
    """Start anew with only the questions that were not right. Raises CannotStart.

    A double click finds the attempt that the first one started.
    """
    retry = attempt.retries.filter(state=AttemptState.IN_PROGRESS).first()
    if retry:
        return retry
    return start(
        attempt.quiz_version,
        taker=taker,
        at=at,
        again=True,
        questions=missed_questions(attempt),
        retry_of=attempt,
    )


def missed_questions(attempt: Attempt) -> list[int]:
    """Ids of the questions whose newest mark is not full, or that have none."""
    slots = attempt.slots.select_related("question_version").prefetch_related("scores")
    return [
        slot.question_version.question_id
        for slot in slots
        if next((s.thousandths for s in slot.scores.all()), 0) < marks.FULL
    ]


@transaction.atomic
def take_at_once(
    quiz_version: QuizVersion,
    *,
    taker: Taker,
    attempt_id: uuid.UUID,
    answers: Mapping[int, Sequence[str]],
    at: dt.datetime,
) -> Attempt:
    """Start, answer and finish in one go. `answers`: question version id → tokens.

    The page names the attempt, so that sending it twice finds the first one.
    """
    attempt = start(quiz_version, taker=taker, at=at, again=True, attempt_id=attempt_id)
    if attempt.state != AttemptState.IN_PROGRESS:
        return attempt
    for slot in attempt.slots.all():
        if chosen := answers.get(slot.question_version_id):
            _answer_slot(slot, chosen, at)
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
    picked = sorted(set(chosen))
    attempt = take_at_once(
        quiz_version,
        taker=taker,
        attempt_id=_same_for(taker, quiz_version.quiz_id, question_version_id, picked),
        answers={question_version_id: picked},
        at=at,
    )
    return attempt.slots.get()


def _same_for(*parts: object) -> uuid.UUID:
    """An id that only this site can work out, the same for the same parts."""
    digest = salted_hmac("quizzes.answering", repr(parts), algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _answer_slot(slot: AttemptSlot, chosen: Sequence[str], at: dt.datetime) -> None:
    standing = standing_of(slot.attempt_id, slot.position)
    assert standing is not None  # the slot is there, in this transaction
    answer(standing, step=standing.step, chosen=chosen, at=at)
