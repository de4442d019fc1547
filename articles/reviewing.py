"""Sign-off: a named person's word that exactly this text is right."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from articles.models import ArticleVersion, SignOff, SignOffKind
from articles.publishing import note, touch


class CannotSignOff(Exception):
    """The sign-off would not mean what it says; the message says why."""


@transaction.atomic
def sign_off(
    version: ArticleVersion,
    *,
    by: AbstractBaseUser,
    name: str,
    role: str,
    kind: SignOffKind,
    seen_hash: str,
    at: dt.datetime,
    remark: str = "",
) -> SignOff:
    """Record that `by` checked the text whose hash is `seen_hash`.

    Raises CannotSignOff when the text has changed since it was shown, when the signer made
    the last edit, or when they signed this text before.
    """
    version.refresh_from_db()
    if version.content_hash != seen_hash:
        msg = "The text changed after you opened it. Read it again before you sign."
        raise CannotSignOff(msg)
    if version.edited_by_id == by.pk:
        msg = "You made the last edit, so somebody else has to sign it off."
        raise CannotSignOff(msg)
    try:
        with transaction.atomic():
            signed = SignOff.objects.create(
                version=version,
                reviewer_id=by.pk,
                name=name,
                role=role,
                kind=kind,
                note=remark,
                content_hash=seen_hash,
                signed_at=at,
            )
    except IntegrityError as error:
        msg = "You have already signed off this text."
        raise CannotSignOff(msg) from error
    touch([version.article_id], at=at)
    note(by, version, f"Signed off: {signed.get_kind_display()}.")
    return signed
