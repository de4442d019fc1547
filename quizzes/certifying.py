"""Certificates: issue and withdraw. The only writer of these."""

import datetime as dt
import unicodedata

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.publishing import note
from quizzes.models import Attempt, AttemptState, Certificate, Purpose
from quizzes.results import has_passed

LONGEST_NAME = 120
# Some scripts cannot be written without these two, though one cannot see them.
JOINERS = "\u200c\u200d"
By = AbstractBaseUser | None


class CannotIssue(Exception):
    """There is no certificate for this attempt, or not with this name."""


class CannotWithdraw(Exception):
    """The certificate is withdrawn already, or no reason was given."""


@transaction.atomic
def issue(attempt: Attempt, *, name: str, at: dt.datetime) -> Certificate:
    """Give a passed test its certificate, once; a repeat finds the first, with its name.

    Raises CannotIssue.
    """
    if not may_have(attempt):
        raise CannotIssue("This attempt earns no certificate.")
    found, _ = Certificate.objects.get_or_create(
        attempt=attempt, defaults={"name": printable(name), "issued_at": at}
    )
    return found


def may_have(attempt: Attempt) -> bool:
    """Whether it is a finished and passed try at a test that gives certificates."""
    version = attempt.quiz_version
    return (
        attempt.state == AttemptState.SUBMITTED
        and version.quiz.purpose == Purpose.TEST
        and version.gives_certificate
        and has_passed(attempt)
    )


def printable(name: str) -> str:
    """The name as it is printed. Raises CannotIssue.

    Without control characters and without those that turn the direction of writing: a name
    must not change how the rest of the line reads.
    """
    spaced = "".join(" " if c.isspace() else c for c in name)
    kept = "".join(c for c in spaced if c in JOINERS or _is_seen(c))
    kept = unicodedata.normalize("NFC", " ".join(kept.split()))
    if not kept.strip(JOINERS):
        raise CannotIssue("Write the name that is to stand on the certificate.")
    if len(kept) > LONGEST_NAME:
        raise CannotIssue(f"A name can have {LONGEST_NAME} characters at most.")
    return kept


def _is_seen(character: str) -> bool:
    """Neither a control character nor one that only steers others."""
    return not unicodedata.category(character).startswith("C")


@transaction.atomic
def withdraw(certificate: Certificate, *, by: By, reason: str, at: dt.datetime) -> None:
    """Take a certificate back; whoever looks it up sees since when. Raises CannotWithdraw."""
    if not reason.strip():
        raise CannotWithdraw("Say why the certificate is withdrawn.")
    withdrawn = Certificate.objects.filter(
        pk=certificate.pk, withdrawn_at__isnull=True
    ).update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason.strip())
    if not withdrawn:
        raise CannotWithdraw("This certificate is withdrawn already.")
    note(by, certificate, f"Withdrawn: {reason.strip()}")
