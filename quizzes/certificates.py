"""What a certificate says: to the person who holds it, and to everybody else."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import timezone

from articles.access import card, live_versions
from quizzes.models import Attempt, Certificate
from quizzes.models.certificates import ALPHABET, LENGTH
from quizzes.results import percent_of

IN_A_GROUP = 4


@dataclass(frozen=True)
class Reviewed:
    """The page that a test is about, as readers saw it when the test was taken."""

    title: str
    published_on: dt.date
    signed_on: dt.date | None


@dataclass(frozen=True)
class Verification:
    """All that a stranger with the code may know. No name and no score."""

    code: str
    quiz_title: str
    finished_on: dt.date
    withdrawn_on: dt.date | None


@dataclass(frozen=True)
class Diploma:
    """The certificate as it is printed."""

    code: str
    attempt_id: uuid.UUID
    name: str
    quiz_title: str
    quiz_version: int
    percent: int
    minutes: int
    finished_on: dt.date
    reviewed: Reviewed | None
    withdrawn_on: dt.date | None
    withdrawn_reason: str


def canonical(code: str) -> str:
    """A code as it is stored, from how somebody may copy it from paper."""
    return "".join(c for c in code if c not in " -\N{EN DASH}\t").upper()


def is_code(text: str) -> bool:
    return len(text) == LENGTH and set(text) <= set(ALPHABET)


def certificate_with(code: str) -> Certificate | None:
    """The certificate with a canonical code; None when there is none."""
    if not is_code(code):
        return None
    related = "attempt__quiz_version__quiz__article"
    return Certificate.objects.filter(code=code).select_related(related).first()


def certificate_of(attempt: Attempt) -> Certificate | None:
    """The certificate that an attempt was given."""
    return Certificate.objects.filter(attempt=attempt).first()


def in_groups(code: str) -> str:
    """Easier to read from paper and to type."""
    starts = range(0, len(code), IN_A_GROUP)
    return "-".join(code[start : start + IN_A_GROUP] for start in starts)


def verification_of(certificate: Certificate) -> Verification:
    attempt = certificate.attempt
    return Verification(
        code=in_groups(certificate.code),
        quiz_title=attempt.quiz_version.title,
        finished_on=_finished_on(attempt),
        withdrawn_on=_withdrawn_on(certificate),
    )


def diploma_of(certificate: Certificate) -> Diploma:
    attempt = certificate.attempt
    version = attempt.quiz_version
    return Diploma(
        code=in_groups(certificate.code),
        attempt_id=attempt.pk,
        name=certificate.name,
        quiz_title=version.title,
        quiz_version=version.number,
        percent=percent_of(attempt),
        minutes=version.minutes,
        finished_on=_finished_on(attempt),
        reviewed=_reviewed(attempt),
        withdrawn_on=_withdrawn_on(certificate),
        withdrawn_reason=certificate.withdrawn_reason,
    )


def _finished_on(attempt: Attempt) -> dt.date:
    assert attempt.submitted_at is not None  # only finished attempts earn one
    return timezone.localdate(attempt.submitted_at)


def _withdrawn_on(certificate: Certificate) -> dt.date | None:
    moment = certificate.withdrawn_at
    return timezone.localdate(moment) if moment else None


def _reviewed(attempt: Attempt) -> Reviewed | None:
    article, moment = attempt.quiz_version.quiz.article, attempt.submitted_at
    if article is None or moment is None:
        return None
    page = live_versions(at=moment).filter(article=article).first()
    if page is None:
        return None
    seen = card(page)
    return Reviewed(seen.title, timezone.localdate(seen.live_from), seen.signed_on)
