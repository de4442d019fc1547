"""The emergency lane: hide one passage from readers at once, and show it again."""

import datetime as dt

from django.db import IntegrityError, transaction

from articles.models import Article, HiddenPassage, Passage
from articles.publishing import By, note
from articles.rendering import hold, hold_stock, rerender


class CannotHide(Exception):
    """The passage cannot be hidden, or not be shown again; the message says why."""


@transaction.atomic
def hide(
    article: Article, *, key: str, by: By, at: dt.datetime, reason: str
) -> HiddenPassage:
    """Put `reason` in the place of a passage, in this version and all that follow.

    Raises CannotHide without a reason, or when readers do not see the passage.
    """
    if not reason.strip():
        msg = "Say why the passage is hidden. Readers see the reason."
        raise CannotHide(msg)
    hold_stock()
    hold(article.pk)
    passage = Passage.objects.live(at).filter(version__article=article, key=key).first()
    if passage is None:
        msg = "Readers do not see this passage any more."
        raise CannotHide(msg)
    try:
        with transaction.atomic():
            row = HiddenPassage.objects.create(
                article=article,
                key=key,
                reason=reason,
                hidden_at=at,
                hidden_by_id=by.pk if by else None,
            )
    except IntegrityError as error:
        msg = "Somebody else has hidden this passage already."
        raise CannotHide(msg) from error
    rerender(article.versions.all(), at=at)
    note(by, article, f"Hid “{passage.heading}”: {reason}")
    return row


@transaction.atomic
def show_again(article: Article, *, key: str, by: By, at: dt.datetime) -> None:
    """Give readers the passage back, in the wording of the version that they see.

    Raises CannotHide when it is not hidden.
    """
    hold_stock()
    hold(article.pk)
    hidden = HiddenPassage.objects.in_force().filter(article=article, key=key)
    if not hidden.update(lifted_at=at, lifted_by=by):
        msg = "This passage is not hidden any more."
        raise CannotHide(msg)
    rerender(article.versions.all(), at=at)
    note(by, article, f"Showed “{key}” again.")
