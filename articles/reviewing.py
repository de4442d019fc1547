"""Reviews: a named person's word that exactly this text is right, or that it still is."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import (
    Article,
    ArticleVersion,
    PeriodicReview,
    ReviewLink,
    ReviewOutcome,
    SignOff,
    SignOffKind,
)
from articles.publishing import By, note
from articles.rendering import touch

OVERRIDE = "articles.override_articleversion"


class CannotSignOff(Exception):
    """The sign-off would not mean what it says; the message says why."""


class CannotReview(Exception):
    """The periodic review would not mean what it says; the message says why."""


@transaction.atomic
def sign_off(
    version: ArticleVersion,
    *,
    by: By,
    name: str,
    role: str,
    kind: SignOffKind,
    seen_hash: str,
    at: dt.datetime,
    remark: str = "",
    override_reason: str = "",
    link: ReviewLink | None = None,
) -> SignOff:
    """Record that somebody checked the text whose hash is `seen_hash`.

    `by` is nobody where the address of a `link` was used. Raises CannotSignOff when the text
    has changed since it was shown, when the signer made the last edit and gives no reason for
    signing it, or when they signed this text before.
    """
    version.refresh_from_db()
    if version.content_hash != seen_hash:
        msg = "The text changed after you opened it. Read it again before you sign."
        raise CannotSignOff(msg)
    reason = override_reason.strip() if is_own_edit(version, by) else ""
    if is_own_edit(version, by) and not reason:
        msg = "You made the last edit, so somebody else has to sign it off."
        raise CannotSignOff(msg)
    try:
        with transaction.atomic():
            signed = SignOff.objects.create(
                version=version,
                reviewer_id=by.pk if by else None,
                link=link,
                name=name,
                role=role,
                kind=kind,
                note=remark,
                override_reason=reason,
                content_hash=seen_hash,
                signed_at=at,
            )
    except IntegrityError as error:
        msg = "You have already signed off this text."
        raise CannotSignOff(msg) from error
    touch([version.article_id], at=at)
    own = f" Their own last edit, because: {reason}" if reason else ""
    note(by, version, f"Signed off: {signed.get_kind_display()}.{own}")
    return signed


def is_own_edit(version: ArticleVersion, by: AbstractBaseUser | None) -> bool:
    """Whether this person edited the text last, and so should not be the one to sign it."""
    return by is not None and version.edited_by_id == by.pk


def may_override(by: AbstractBaseUser | None) -> bool:
    """Whether this person may let a text be signed off that they edited last."""
    return isinstance(by, PermissionsMixin) and by.has_perm(OVERRIDE)


@transaction.atomic
def record_periodic_review(
    article: Article,
    *,
    by: By,
    name: str,
    role: str,
    outcome: ReviewOutcome,
    seen_version_id: int | None,
    at: dt.datetime,
    evidence_checked: bool = False,
    remark: str = "",
) -> PeriodicReview:
    """Record whether the page that readers see still holds.

    Who made the last edit may do it: the text was signed off as it stands, and what is asked
    here is whether the evidence has moved since. Only "still right" puts the next review off;
    the other outcomes are records, and what follows from them is a move of its own.
    Raises CannotReview.
    """
    live = _read_version(article, seen_version_id, at)
    if outcome == ReviewOutcome.NO_CHANGE and not evidence_checked:
        raise CannotReview(
            "Look at the evidence before you say that the page is right."
        )
    review = PeriodicReview.objects.create(
        article=article,
        version=live,
        reviewer_id=by.pk if by else None,
        name=name,
        role=role,
        outcome=outcome,
        evidence_checked=evidence_checked,
        note=remark,
        done_at=at,
    )
    if outcome == ReviewOutcome.NO_CHANGE:
        _put_off(article, reviewed_on=timezone.localdate(at))
        touch([article.pk], at=at)
    said = f": {remark}" if remark else "."
    note(by, article, f"Reviewed, {review.get_outcome_display()}{said}")
    return review


def _read_version(
    article: Article, seen_version_id: int | None, at: dt.datetime
) -> ArticleVersion:
    """The version that readers see, if the reviewer read that one."""
    live = article.versions.live(at).first()
    if live is None:
        raise CannotReview(
            "Readers cannot see this page now. There is nothing to review."
        )
    if live.pk != seen_version_id:
        msg = "Readers see another version since you opened this screen. Read that one."
        raise CannotReview(msg)
    return live


def _put_off(article: Article, *, reviewed_on: dt.date) -> None:
    """Of two reviews at once the later day stays, whichever is stored last."""
    earlier = Q(last_reviewed_on=None) | Q(last_reviewed_on__lt=reviewed_on)
    rows = Article.objects.filter(earlier, pk=article.pk)
    rows.update(last_reviewed_on=reviewed_on)
