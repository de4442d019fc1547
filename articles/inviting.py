"""Inviting: an address that shows one version to somebody without an account."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from articles import reviewing
from articles.models import (
    ArticleVersion,
    LinkOutcome,
    ReviewLink,
    SignOffKind,
    Status,
)
from articles.publishing import By, note
from articles.reviewing import CannotSignOff

SECRET_BYTES = 32
LONGEST_DAYS = 30


class CannotInvite(Exception):
    """The link would show nothing, or ask for what cannot be given."""


class CannotRevoke(Exception):
    """The link leads nowhere any more."""


class NoSuchLink(Exception):
    """The address is wrong, revoked or over, or its version is: a stranger is not told which."""


@transaction.atomic
def invite(
    version: ArticleVersion,
    *,
    by: By,
    name: str,
    role: str,
    kind: str,
    days: int,
    at: dt.datetime,
) -> tuple[ReviewLink, str]:
    """Make a link for somebody, and the secret of its address, which is not kept.

    `kind` is the sign-off that is asked for, or "" for a look. Raises CannotInvite.
    """
    version.refresh_from_db()
    if reason := refusal_to_invite(version, by=by, kind=kind, days=days, at=at):
        raise CannotInvite(reason)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = ReviewLink.objects.create(
        version=version,
        token_hash=_hash(secret),
        name=name,
        role=role,
        kind=kind,
        expires_at=at + dt.timedelta(days=days),
        created_at=at,
        created_by_id=by.pk if by else None,
    )
    until = timezone.localtime(link.expires_at)
    asked = link.get_kind_display() or "only to look at it"
    message = f"Made a link for {name}: {asked}, until {until.day} {until:%B %Y}."
    note(by, version, message)
    return link, secret


def refusal_to_invite(
    version: ArticleVersion, *, by: By, kind: str, days: int, at: dt.datetime
) -> str:
    """Why this link cannot be made; "" when it can."""
    if not can_be_shown(version, at=at):
        return "Readers do not see this version any more, so nobody need look at it."
    if kind and version.status == Status.DRAFT:
        return (
            "A draft can still change. Until it is submitted, a link can only show it."
        )
    # Or they could send the link to themselves.
    if kind and reviewing.is_own_edit(version, by) and not reviewing.may_override(by):
        return (
            "You made the last edit, so somebody else has to ask for this sign-off. You can "
            "make a link that only shows the page."
        )
    if not 1 <= days <= LONGEST_DAYS:
        return f"A link works for 1 to {LONGEST_DAYS} days."
    return ""


def can_be_shown(version: ArticleVersion, *, at: dt.datetime) -> bool:
    """Whether it is being written, waits for its moment, or is what readers see."""
    if version.is_working:
        return True
    same = ArticleVersion.objects.filter(pk=version.pk)
    return same.waiting(at).exists() or same.live(at).exists()


@transaction.atomic
def revoke(link: ReviewLink, *, by: By, at: dt.datetime) -> None:
    """Let the address lead nowhere. What was answered through it stays."""
    rows = ReviewLink.objects.open(at).filter(pk=link.pk)
    if not rows.update(revoked_at=at):
        raise CannotRevoke("This link leads nowhere any more.")
    note(by, link.version, f"Revoked the link for {link.name}.")


def open_link(secret: str, *, at: dt.datetime) -> ReviewLink:
    """The link with this secret. Raises NoSuchLink.

    A wrong secret costs one query and tells nothing by its time: what is looked up is a hash.
    """
    rows = ReviewLink.objects.open(at).filter(token_hash=_hash(secret))
    link = rows.select_related("version__article__topic").first()
    if link is None or not can_be_shown(link.version, at=at):
        raise NoSuchLink
    return link


def _hash(secret: str) -> str:
    # Without salt or stretching: nobody can guess 256 bits of chance.
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def answer(
    link: ReviewLink,
    *,
    outcome: LinkOutcome,
    name: str,
    role: str,
    remark: str,
    seen_hash: str,
    at: dt.datetime,
) -> ReviewLink:
    """Record what the invited person says, once; who answers again gets the first result.

    Raises CannotSignOff when the text changed since it was shown, or can still change, and
    NoSuchLink when the link ended meanwhile or asks for nothing.
    """
    rows = ReviewLink.objects.open(at).filter(pk=link.pk, outcome="")
    answered = rows.exclude(kind="").update(
        outcome=outcome, name=name, role=role, remark=remark, answered_at=at
    )
    link.refresh_from_db()
    if not answered and not link.outcome:
        raise NoSuchLink
    if answered and outcome == LinkOutcome.SIGNED:
        _sign(link, seen_hash=seen_hash, at=at)
    return link


def _sign(link: ReviewLink, *, seen_hash: str, at: dt.datetime) -> None:
    if link.version.status == Status.DRAFT:
        msg = "The authors are changing this text now. You can sign it when they have finished."
        raise CannotSignOff(msg)
    reviewing.sign_off(
        link.version,
        by=None,
        link=link,
        name=link.name,
        role=link.role,
        kind=SignOffKind(link.kind),
        remark=link.remark,
        seen_hash=seen_hash,
        at=at,
    )
