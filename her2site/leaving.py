"""Leaving: hand somebody all that is kept about them, and erase it."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F

from articles.models import PeriodicReview, SignOff
from her2site.models import User
from quizzes.models import Attempt, Certificate, ExtraTime, ReviewCard, Taker
from quizzes.receipts import moment, receipt
from quizzes.starting import forget

# Every table with rows about one person, and the part of their export that holds them. A
# test fails when a table is missing here.
ABOUT_A_PERSON = {
    "her2site.User_groups": "account",
    "her2site.User_user_permissions": "account",
    "account.EmailAddress": "account",
    "account.EmailConfirmation": "account",
    "mfa.Authenticator": "account",
    "quizzes.Attempt": "attempts",
    "quizzes.AttemptSlot": "attempts",
    "quizzes.ResponseStep": "attempts",
    "quizzes.SlotScore": "attempts",
    "quizzes.Certificate": "certificates",
    "quizzes.ExtraTime": "extra_time",
    "quizzes.ReviewCard": "review_cards",
    "quizzes.ReviewLog": "review_cards",
    "admin.LogEntry": "audit_trail",
    "articles.SignOff": "sign_offs",
    "articles.PeriodicReview": "periodic_reviews",
}
# Tables of the site's own text that say who worked on it. When that person is erased, the
# text stays and the field is empty.
SIGNED_BY_STAFF = {
    "articles.Article",
    "articles.ArticleVersion",
    "articles.HiddenPassage",
    "articles.ReaderReport",
    "articles.ReviewLink",
    "quizzes.QuestionVersion",
    "quizzes.QuizVersion",
    "quizzes.Basis",
    "quizzes.KeyCorrection",
    "quizzes.Certificate",
}
# What the sign-in keeps, where it is installed: the path to the person, and what may be
# shown. Never the secret of a second factor, nor a key that was sent by e-mail.
SIGN_IN = {
    "account.EmailAddress": ("user", ("email", "verified", "primary")),
    "account.EmailConfirmation": ("email_address__user", ("created", "sent")),
    "mfa.Authenticator": ("user", ("type", "created_at", "last_used_at")),
}
STAND_IN = "former-member-of-staff@example.invalid"
ERASED = "(erased)"


class CannotErase(Exception):
    """This person cannot be erased as things are; the message is for whoever asked."""


@dataclass(frozen=True)
class Erased:
    """How many rows of one person went, or are nobody's now."""

    attempts: int
    certificates: int
    review_cards: int
    extra_time: int
    sessions: int


# --- Taking it along --------------------------------------------------------------------------


def export_person(user: User) -> dict[str, Any]:
    """All that is kept about one person, as plain JSON; the same rows give the same text."""
    return {
        "account": _account(user),
        "attempts": [receipt(attempt) for attempt in _attempts(user)],
        "review_cards": [_card(card) for card in _cards(user)],
        "certificates": [_certificate(found) for found in _certificates(user)],
        "extra_time": [_plain(row) for row in _extra_time(user)],
        "sign_offs": [_sign_off(found) for found in _sign_offs(user)],
        "periodic_reviews": [_plain(row) for row in _periodic_reviews(user)],
        "audit_trail": [_entry(entry) for entry in _entries(user)],
        "worked_on": [*_worked_on(user)],
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "joined_at": moment(user.joined_at),
        "last_login": moment(user.last_login),
        "may_sign_in": user.is_active,
        "may_enter_the_admin": user.is_staff,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
        "sign_in": {
            label: [_plain(row) for row in rows.values(*SIGN_IN[label][1])]
            for label, rows in _sign_in_rows(user).items()
        },
    }


def _sign_in_rows(user: User) -> dict[str, models.QuerySet]:
    installed = {config.label for config in apps.get_app_configs()}
    return {
        label: apps.get_model(label).objects.filter(**{path: user}).order_by("pk")
        for label, (path, _) in SIGN_IN.items()
        if label.split(".")[0] in installed
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its moments as text."""
    return {
        name: moment(value) if isinstance(value, dt.datetime) else value
        for name, value in row.items()
    }


def _attempts(user: User) -> Iterable[Attempt]:
    mine = Attempt.objects.filter(user=user).order_by("started_at", "pk")
    return mine.select_related("quiz_version__quiz")


def _cards(user: User) -> Iterable[ReviewCard]:
    mine = ReviewCard.objects.filter(user=user).order_by("pk")
    return mine.select_related("question", "quiz").prefetch_related("log")


def _card(card: ReviewCard) -> dict[str, Any]:
    return {
        "question": str(card.question.uid),
        "quiz": card.quiz.slug,
        "due_at": moment(card.due_at),
        "state": card.state,
        "changed_by": card.changed_by_id,
        "log": [
            {"rating": line.rating, "at": moment(line.at)} for line in card.log.all()
        ],
    }


def _certificates(user: User) -> models.QuerySet[Certificate]:
    return Certificate.objects.filter(attempt__user=user).order_by("pk")


def _certificate(found: Certificate) -> dict[str, Any]:
    return {
        "attempt": str(found.attempt_id),
        "code": found.code,
        "name": found.name,
        "issued_at": moment(found.issued_at),
        "withdrawn_at": moment(found.withdrawn_at),
        "withdrawn_reason": found.withdrawn_reason,
    }


def _extra_time(user: User) -> Iterable[Mapping[str, Any]]:
    mine = ExtraTime.objects.filter(user=user).order_by("pk")
    return mine.values("minutes", "granted_at", test=F("quiz__slug"))


def _sign_offs(user: User) -> Iterable[SignOff]:
    mine = SignOff.objects.filter(reviewer=user).order_by("pk")
    return mine.select_related("version")


def _sign_off(found: SignOff) -> dict[str, Any]:
    return {
        "text": str(found.version),
        "kind": found.kind,
        "name": found.name,
        "role": found.role,
        "note": found.note,
        "override_reason": found.override_reason,
        "signed_at": moment(found.signed_at),
    }


def _periodic_reviews(user: User) -> Iterable[Mapping[str, Any]]:
    mine = PeriodicReview.objects.filter(reviewer=user).order_by("pk")
    return mine.values("outcome", "note", "done_at", page=F("article__slug"))


def _entries(user: User) -> Iterable[LogEntry]:
    mine = LogEntry.objects.filter(user=user).order_by("pk")
    return mine.select_related("content_type")


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "at": moment(entry.action_time),
        "table": entry.content_type.model if entry.content_type else None,
        "row": entry.object_id,
        "did": entry.get_action_flag_display(),
        "message": entry.get_change_message(),
    }


def _worked_on(user: User) -> Iterator[dict[str, Any]]:
    """Where the site's own text names this person, by table and field."""
    for field in naming_fields():
        rows = field.model._base_manager.filter(**{field.name: user})  # noqa: SLF001 - Django's name for it
        if found := sorted(rows.values_list("pk", flat=True), key=str):
            yield {"table": field.model._meta.label, "as": field.name, "rows": found}  # noqa: SLF001 - the same


def naming_fields() -> Iterator[models.Field]:
    """The fields of the site's own text that lead to a person."""
    for label in sorted(SIGNED_BY_STAFF):
        for field in apps.get_model(label)._meta.get_fields():  # noqa: SLF001 - Django's name for it
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield field


# --- Leaving ---------------------------------------------------------------------------------


def refusal_to_erase(user: User) -> str:
    """Why this person cannot be erased as things are; "" when they can."""
    if user.is_staff or user.is_superuser:
        return (
            "Whoever may enter the admin cannot be erased. An administrator must take that "
            "right away first."
        )
    if user.email == STAND_IN:
        return "This account stands in for people who are gone, so it stays."
    return ""


def erase_person(user: User) -> Erased:
    """Erase somebody. Their answers stay and count, but are nobody's. Raises CannotErase.

    Sign-offs keep the name under which they were published: readers were told who checked a
    page. What a former member of staff did stays in the audit trail, without the name.
    """
    # Before the transaction: it takes long with many sessions, and writers would wait for it.
    sessions = _sessions_of(user)
    return _erase(user, sessions=sessions)


@transaction.atomic
def _erase(user: User, *, sessions: list[str]) -> Erased:
    # Until the end nobody can begin an attempt in this name, nor make it staff.
    person = User.objects.select_for_update().get(pk=user.pk)
    if refusal := refusal_to_erase(person):
        raise CannotErase(refusal)
    _blank_entries_about(person)
    _hand_over_entries_of(person)
    erased = Erased(
        review_cards=ReviewCard.objects.filter(user=person).count(),
        extra_time=ExtraTime.objects.filter(user=person).count(),
        certificates=_certificates(person).delete()[0],
        attempts=forget(Taker(user_id=person.pk)),
        sessions=_end(sessions),
    )
    # Cards, extra time and what the sign-in keeps go with the person's own row.
    person.delete()
    return erased


def _blank_entries_about(person: User) -> None:
    """The audit trail quotes names of rows and words of staff about them."""
    for rows in (
        User.objects.filter(pk=person.pk),
        _certificates(person),
        ExtraTime.objects.filter(user=person),
        *_sign_in_rows(person).values(),
    ):
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(rows.model),
            object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
        ).update(object_repr=ERASED, change_message="")


def _hand_over_entries_of(person: User) -> None:
    """Django would delete what somebody did in the admin along with them."""
    entries = LogEntry.objects.filter(user=person)
    if entries.exists():
        entries.update(user=_stand_in())


def _stand_in() -> User:
    """The account under which former members of staff stand; nobody can sign in with it."""
    found = User.objects.filter(email=STAND_IN, is_active=False).first()
    return found or User.objects.create_user(
        STAND_IN, name="Former member of staff", is_active=False
    )


def _end(sessions: list[str]) -> int:
    """Sign somebody out everywhere. Through the engine, which may keep a copy in the cache."""
    engine = import_module(settings.SESSION_ENGINE)
    for key in sessions:
        engine.SessionStore(key).delete()
    return len(sessions)


def _sessions_of(person: User) -> list[str]:
    """Also what was begun with their address and is not signed in yet."""
    rows = Session.objects.iterator()
    return [row.session_key for row in rows if _is_of(row, person)]


def _is_of(session: Session, person: User) -> bool:
    content = session.get_decoded()
    if content.get(SESSION_KEY) == str(person.pk):
        return True
    address = rf"(?<![\w.+-]){re.escape(person.email)}(?!\.?[\w-])"
    text = json.dumps(content, ensure_ascii=False)
    return re.search(address, text, re.IGNORECASE) is not None
