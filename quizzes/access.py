"""Ask for a quiz or an attempt and get yours, or a 404 that tells nothing."""

import secrets
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest

from quizzes.models import (
    Attempt,
    AttemptSlot,
    Purpose,
    QuizVersion,
    Standing,
    Taker,
    standing_of,
)
from quizzes.models.attempts import AttemptQuerySet
from quizzes.starting import claimable

GUEST = "guest_key"
BEYOND = 32_767  # no quiz is so long; SQLite cannot be asked for much larger numbers
NOT_YOURS = (
    "We cannot find this quiz on this device. Answers are kept for 30 days, and only "
    "in the browser in which you gave them."
)


def taker_of(request: HttpRequest) -> Taker:
    """Who is asking. Reads a session that exists; never makes one."""
    user_id = getattr(request.user, "pk", None)
    if user_id is not None:
        return Taker(user_id=user_id)
    return Taker(guest_key=request.session.get(GUEST, ""))


def taker_to_keep(request: HttpRequest, *, guest_key: str = "") -> Taker:
    """Who is answering; a guest gets a key in the session now, at the first answer."""
    taker = taker_of(request)
    if taker.user_id is None and not taker.guest_key:
        request.session[GUEST] = guest_key or secrets.token_hex(16)
        taker = taker_of(request)
    return taker


def guest_before(request: HttpRequest) -> Taker:
    """The guest who answered in this session before its user signed in, or nobody.

    A session's key goes with it: signing out, or signing in over somebody else, empties it.
    """
    if settings.KIOSK:
        # Whoever answered here before may have been anybody.
        return Taker()
    return Taker(guest_key=request.session.get(GUEST, ""))


def claimable_in(request: HttpRequest) -> AttemptQuerySet:
    """What the person who is signed in may add to their account."""
    return claimable(guest_before(request))


def forget_guest(request: HttpRequest) -> None:
    """Take the guest's key out of the session, so that nobody is asked about it again."""
    request.session.pop(GUEST, None)


QUIZZES = (Purpose.SELF_CHECK, Purpose.TEST, Purpose.BEFORE_AFTER)


def quiz_version_for(slug: str, *purposes: str) -> QuizVersion:
    """The version of a quiz that new attempts get; not of a check at a section's end."""
    found = (
        QuizVersion.objects.current()
        .filter(quiz__slug=slug, quiz__purpose__in=purposes or QUIZZES)
        .select_related("quiz__article")
        .first()
    )
    if found is None:
        msg = "There is no such quiz, or it is closed."
        raise Http404(msg)
    return found


def attempt_for(request: HttpRequest, attempt_id: uuid.UUID) -> Attempt:
    """An attempt of this learner."""
    found = (
        taker_of(request)
        .theirs()
        .filter(pk=attempt_id)
        .select_related("quiz_version__quiz__article")
        .first()
    )
    if found is None:
        raise Http404(NOT_YOURS)
    return found


def standing_for(
    request: HttpRequest, attempt_id: uuid.UUID, position: int
) -> Standing:
    """Where a question of this learner's attempt stands."""
    # Asked first, so that an attempt of somebody else is answered like one of nobody.
    taker = taker_of(request)
    standing = standing_of(attempt_id, min(position, BEYOND))
    if standing is None or not taker.owns(standing):
        raise Http404(NOT_YOURS)
    return standing


# What the pages of one question print; an article's stored page is never among it.
ON_QUESTION_PAGES = (
    "attempt__state",
    "attempt__deadline_at",
    "attempt__phase",
    "attempt__quiz_version__title",
    "attempt__quiz_version__ask_certainty",
    "attempt__quiz_version__quiz__slug",
    "attempt__quiz_version__quiz__purpose",
    "attempt__quiz_version__quiz__passage_key",
    "attempt__quiz_version__quiz__article__slug",
    "question_version__kind",
    "question_version__stem",
    "question_version__unit",
    "question_version__explanation",
    "question_version__scoring",
    "question_version__corrected_scoring",
    "passage__key",
    "passage__heading",
    "passage__version__title",
    "passage__version__article__slug",
    "position",
    "option_order",
    "state",
    "next_step",
)


def slot_for(request: HttpRequest, attempt_id: uuid.UUID, position: int) -> AttemptSlot:
    """A question in an attempt of this learner, with all that its pages need."""
    found = (
        AttemptSlot.objects.filter(
            attempt__in=taker_of(request).theirs().filter(pk=attempt_id),
            position=position,
        )
        .select_related(
            "attempt__quiz_version__quiz__article",
            "question_version",
            "passage__version__article",
        )
        .only(*ON_QUESTION_PAGES)
        .first()
    )
    if found is None:
        raise Http404(NOT_YOURS)
    return found
