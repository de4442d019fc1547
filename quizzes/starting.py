"""Attempts: start, go on, try again, set aside, forget, claim. The only writer of these, with answering.

Every move is safe to repeat: a double click, a resent form or a second tab finds what the
first one stored.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from quizzes import marks
from quizzes.keys import tokens_of
from quizzes.models import (
    Attempt,
    AttemptSlot,
    AttemptState,
    ExtraTime,
    Phase,
    Purpose,
    QuestionVersion,
    QuizVersion,
    ResponseStep,
    ReviewCard,
    Taker,
)
from quizzes.models.attempts import AttemptQuerySet
from quizzes.pools import asked_again, asked_in
from quizzes.sampling import option_order

KEPT = (Purpose.SELF_CHECK, Purpose.TEST, Purpose.BEFORE_AFTER)


class CannotStart(Exception):
    """There is nothing to ask; the message is for the learner."""


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
    is_review: bool = False,
) -> Attempt:
    """Start an attempt, or go on with the open one unless `again`.

    Pins the wording of every question and passage, the order of the options and the
    deadline. `questions` limits it to these question ids; a review asks them although the
    quiz may have others by now. An attempt that has `attempt_id` already is found as it is.
    Raises CannotStart.
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
    attempt = Attempt(
        id=new_id,
        quiz_version=quiz_version,
        quiz_id=quiz_version.quiz_id,
        user_id=taker.user_id,
        guest_key=taker.guest_key,
        retry_of=retry_of,
        is_review=is_review,
        phase=_first_phase(quiz_version),
        number=_next_try(quiz_version, taker),
        deadline_at=_deadline(quiz_version, taker, at),
        started_at=at,
    )
    if is_review:
        versions = asked_again(questions or (), at=at)
    else:
        versions = asked_in(
            quiz_version, at=at, seed=str(new_id), taker=taker, only=questions
        )
    if not versions or (questions is None and len(versions) < quiz_version.needed):
        msg = (
            "Too many questions of this quiz are being checked just now, because what they "
            "rest on has changed. Please come back later."
        )
        raise CannotStart(msg)
    slots = [_slot(attempt, n, version) for n, version in enumerate(versions, 1)]
    # Answers of a page that names its attempt must not end up in another one.
    return _insert(attempt, slots, same if attempt_id else open_ones)


def _insert(
    attempt: Attempt, slots: list[AttemptSlot], twins: AttemptQuerySet
) -> Attempt:
    """Store a new attempt; when a twin of it was stored meanwhile, give that one."""
    for _ in range(2):
        if _is_stored(attempt):
            AttemptSlot.objects.bulk_create(slots)
            return attempt
        # A double click, or another tab.
        if found := twins.first():
            return found
        if Attempt.objects.filter(pk=attempt.pk).exists():
            raise CannotStart("These answers were already sent from another browser.")
        # Another tab began the quiz anew; this page has its answers already.
        _open_ones(attempt).update(state=AttemptState.SET_ASIDE)
    raise CannotStart("This quiz was started twice at once. Please try again.")


def _is_stored(attempt: Attempt) -> bool:
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _open_ones(attempt: Attempt) -> AttemptQuerySet:
    """The open attempts of the same person at the same quiz."""
    owner = Taker(user_id=attempt.user_id, guest_key=attempt.guest_key)
    return owner.theirs().open().filter(quiz_version=attempt.quiz_version_id)


def _first_phase(quiz_version: QuizVersion) -> str:
    is_pair = quiz_version.quiz.purpose == Purpose.BEFORE_AFTER
    return Phase.BEFORE if is_pair else Phase.NONE


def _next_try(quiz_version: QuizVersion, taker: Taker) -> int | None:
    """The number of this try at a test that counts them. Raises CannotStart."""
    allowed = quiz_version.attempts_allowed
    if allowed is None:
        return None
    if taker.user_id is None:
        raise CannotStart("This test counts your tries. Please sign in to take it.")
    tries = taker.theirs().filter(quiz=quiz_version.quiz_id)
    used = tries.aggregate(used=Max("number"))["used"] or 0
    if used >= allowed:
        raise CannotStart(f"You have used all {allowed} tries at this test.")
    return used + 1


def _deadline(
    quiz_version: QuizVersion, taker: Taker, at: dt.datetime
) -> dt.datetime | None:
    if quiz_version.time_limit is None:
        return None
    extra = ExtraTime.objects.filter(quiz=quiz_version.quiz_id, user=taker.user_id)
    more = extra.values_list("minutes", flat=True).first() or 0
    return at + dt.timedelta(minutes=quiz_version.time_limit + more)


def _slot(attempt: Attempt, position: int, version: QuestionVersion) -> AttemptSlot:
    return AttemptSlot(
        attempt=attempt,
        position=position,
        question_version=version,
        passage_id=getattr(version, "live_passage_id", None),
        option_order=option_order(
            version.kind, tokens_of(version), seed=str(attempt.id)
        ),
    )


@transaction.atomic
def start_after(before: Attempt, *, taker: Taker, at: dt.datetime) -> Attempt:
    """The same questions again, in the same wording, after reading. Raises CannotStart.

    A double click finds the attempt that the first one started.
    """
    if before.phase != Phase.BEFORE or before.state != AttemptState.SUBMITTED:
        raise CannotStart("Please answer the questions before reading first.")
    if found := before.retries.exclude(state=AttemptState.SET_ASIDE).first():
        return found
    after = Attempt(
        quiz_version=before.quiz_version,
        quiz_id=before.quiz_id,
        user_id=taker.user_id,
        guest_key=taker.guest_key,
        retry_of=before,
        phase=Phase.AFTER,
        started_at=at,
    )
    slots = [_same_slot(slot, after) for slot in before.slots.all()]
    twins = taker.theirs().open().filter(quiz_version=before.quiz_version)
    return _insert(after, slots, twins)


def _same_slot(slot: AttemptSlot, attempt: Attempt) -> AttemptSlot:
    return AttemptSlot(
        attempt=attempt,
        position=slot.position,
        question_version_id=slot.question_version_id,
        passage_id=slot.passage_id,
        option_order=slot.option_order,
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
        is_review=attempt.is_review,
    )


@transaction.atomic
def start_review(
    quiz_version: QuizVersion, *, taker: Taker, at: dt.datetime
) -> Attempt:
    """Ask again what is due of this quiz. Raises CannotStart.

    A double click finds the attempt that the first one started.
    """
    reviews = taker.theirs().open().filter(quiz_version=quiz_version, is_review=True)
    if found := reviews.first():
        return found
    due = ReviewCard.objects.due(at).filter(
        user=taker.user_id, quiz=quiz_version.quiz_id
    )
    questions = list(due.values_list("question", flat=True))
    if not questions:
        raise CannotStart("There is nothing to look at again in this quiz today.")
    return start(
        quiz_version,
        taker=taker,
        at=at,
        again=True,
        questions=questions,
        is_review=True,
    )


def missed_questions(attempt: Attempt) -> list[int]:
    """Ids of the questions whose newest mark is not full, or that have none."""
    slots = attempt.slots.select_related("question_version").prefetch_related("scores")
    return [
        slot.question_version.question_id
        for slot in slots
        if next((s.thousandths for s in slot.scores.all()), 0) < marks.FULL
    ]


def go_on(attempt: Attempt, *, taker: Taker, at: dt.datetime) -> Attempt:
    """What follows an attempt: itself when it was set aside, the half after reading, or
    only what was missed. Raises CannotStart.
    """
    if attempt.state == AttemptState.SET_ASIDE:
        resume(attempt)
        return attempt
    if attempt.phase == Phase.BEFORE:
        return start_after(attempt, taker=taker, at=at)
    if attempt.quiz_version.quiz.purpose != Purpose.SELF_CHECK:
        raise CannotStart("Only a whole try counts here, so start again if you like.")
    return try_again(attempt, taker=taker, at=at)


# --- What was left ---------------------------------------------------------------------------


@transaction.atomic
def resume(attempt: Attempt) -> None:
    """Go on with an attempt that was set aside. Raises CannotStart.

    Another one of the same quiz that is open meanwhile is set aside in its place.
    """
    if attempt.state == AttemptState.IN_PROGRESS:
        return
    _open_ones(attempt).update(state=AttemptState.SET_ASIDE)
    resumed = Attempt.objects.filter(
        pk=attempt.pk, state=AttemptState.SET_ASIDE
    ).update(state=AttemptState.IN_PROGRESS)
    if not resumed:
        raise CannotStart("This quiz is finished already.")


def set_aside_idle(*, before: dt.datetime) -> int:
    """Set aside what nobody answered since; it can be gone on with. Gives their number."""
    busy = ResponseStep.objects.filter(slot__attempt=OuterRef("pk"), at__gte=before)
    idle = Attempt.objects.open().filter(
        ~Exists(busy), started_at__lt=before, deadline_at=None
    )
    return idle.update(state=AttemptState.SET_ASIDE)


def forget_guests(*, before: dt.datetime) -> int:
    """Cut the key of guests' old attempts, so that nobody can reach them any more."""
    old = Attempt.objects.exclude(guest_key="").filter(started_at__lt=before)
    old.open().update(state=AttemptState.SET_ASIDE)
    return old.update(guest_key="")


@transaction.atomic
def forget(taker: Taker) -> int:
    """Make somebody's attempts nobody's: the answers stay and count. Gives their number."""
    theirs = taker.theirs()
    theirs.open().update(state=AttemptState.SET_ASIDE)
    return theirs.update(user=None, guest_key="")


def claimable(guest: Taker) -> AttemptQuerySet:
    """What was finished or begun on this device before its user signed in."""
    return guest.theirs().filter(quiz__purpose__in=KEPT)


@transaction.atomic
def claim(guest: Taker, *, user_id: int) -> int:
    """Give a guest's attempts to the person who says that they are theirs; once.

    Of two open ones of the same quiz the newer stays open. Gives the number of attempts.
    """
    theirs = guest.theirs()
    owner = Taker(user_id=user_id)
    for attempt in theirs.open():
        twin = (
            owner.theirs().open().filter(quiz_version=attempt.quiz_version_id).first()
        )
        if twin is not None:
            older = min(attempt, twin, key=lambda row: row.started_at)
            Attempt.objects.filter(pk=older.pk).update(state=AttemptState.SET_ASIDE)
    return theirs.update(user_id=user_id, guest_key="")
