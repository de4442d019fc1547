"""The moves of an article's versions. Nothing else changes a version's status."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from articles import gate, indexing, texts
from articles.findings import Finding
from articles.models import (
    Article,
    ArticleVersion,
    ChangeKind,
    Citation,
    Passage,
    Reference,
    Status,
)
from articles.rendering import hold, hold_stock, render_body, touch
from articles.texts import stock_of, text_of

By = AbstractBaseUser | None
# In the audit trail, where the page of a draft finds why it came back.
SUBMITTED = "Submitted for review."
RETURNED = "Returned for changes:"
COPIED = ("title", "summary", "key_points", "written_by")
RETIRED = "This page is retired. Reopen it before you write a new version."


class CannotPublish(Exception):
    """The version may not go live; `reasons` are sentences, shown as they are."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class CannotMove(Exception):
    """The version is not in a state from which this move can start."""


class StaleDraft(Exception):
    """Somebody else saved the draft after this form was opened."""


def note(by: By, row: models.Model, message: str) -> None:
    """Write the move into the audit trail, which the History button shows."""
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [row], CHANGE, message, single_object=True)


@transaction.atomic
def start_draft(
    article: Article,
    *,
    by: By,
    at: dt.datetime,
    source: ArticleVersion | None = None,
) -> ArticleVersion:
    """Start a draft from `source`, else from what was published to stand last, else empty.

    Passages keep their keys. Raises CannotMove when a working version exists, or the article
    is retired.
    """
    if is_retired(article):
        raise CannotMove(RETIRED)
    source = source or _latest(article)
    newest = article.versions.aggregate(n=models.Max("number"))["n"] or 0
    text = {name: getattr(source, name) for name in COPIED} if source else {}
    draft = ArticleVersion(
        article=article,
        number=newest + 1,
        based_on=source,
        created_at=at,
        created_by_id=by.pk if by else None,
        edited_at=at,
        edited_by_id=by.pk if by else None,
        change_kind=ChangeKind.EDITORIAL if source else ChangeKind.NEW,
        **text,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        msg = "This article already has a draft. Edit that one, or discard it first."
        raise CannotMove(msg) from error
    for passage in source.passages.all() if source else ():
        _copy(passage, draft)
    settle(draft)
    note(by, draft, f"Started from version {source.number}." if source else "Started.")
    return draft


def is_retired(article: Article) -> bool:
    """Locks the article, so that nobody retires it before this transaction ends."""
    rows = Article.objects.select_for_update().filter(pk=article.pk)
    return rows.get().retired_at is not None


def _latest(article: Article) -> ArticleVersion | None:
    """The text that readers see in the end, though it may still wait for its moment.

    A draft from the text before it would take back what the waiting version mends.
    """
    published = article.versions.filter(status=Status.PUBLISHED)
    newest = article.versions.order_by("-number")
    return published.order_by("-live_from").first() or newest.first()


def _copy(passage: Passage, draft: ArticleVersion) -> None:
    Passage(
        version=draft,
        key=passage.key,
        position=passage.position,
        heading=passage.heading,
        body=passage.body,
    ).save(force_insert=True)


def take_turn(version: ArticleVersion, *, token: int, by: By, at: dt.datetime) -> None:
    """Claim the right to save over edit number `token`, in the caller's transaction.

    Raises StaleDraft when the draft was saved, submitted or published meanwhile.
    """
    claimed = ArticleVersion.objects.filter(
        pk=version.pk, status=Status.DRAFT, edit_token=token
    ).update(edit_token=token + 1, edited_at=at, edited_by=by)
    if not claimed:
        raise StaleDraft
    version.edit_token, version.edited_at = token + 1, at
    version.edited_by_id = by.pk if by else None


@transaction.atomic
def settle(version: ArticleVersion) -> None:
    """After its text was saved: renew the hash, the word count and the citations."""
    text = text_of(version)
    ArticleVersion.objects.filter(pk=version.pk, status=Status.DRAFT).update(
        content_hash=text.content_hash, words=text.word_count
    )
    version.content_hash, version.words = text.content_hash, text.word_count
    _renew_citations(version)


def _renew_citations(version: ArticleVersion) -> None:
    Citation.objects.filter(passage__version=version).delete()
    ids = dict(Reference.objects.values_list("key", "pk"))
    Citation.objects.bulk_create(
        Citation(passage=passage, reference_id=ids[key])
        for passage in version.passages.all()
        for key in passage.cited_keys
        if key in ids
    )


def _move(
    version: ArticleVersion, *, start: Sequence[str], end: str, **changes: Any
) -> None:
    # Each move also counts as an edit, or a screen that was opened before it could still be
    # pressed after it: a text that was returned would go live after all.
    token = version.edit_token
    moved = ArticleVersion.objects.filter(
        pk=version.pk, status__in=start, edit_token=token
    ).update(status=end, edit_token=token + 1, **changes)
    if not moved:
        msg = (
            "This version was changed or moved on by somebody else. "
            "Look at it again before you go on."
        )
        raise CannotMove(msg)
    version.status, version.edit_token = end, token + 1


@transaction.atomic
def submit(version: ArticleVersion, *, by: By) -> None:
    """Hand a draft to its reviewers; it cannot be edited while they read."""
    _move(version, start=[Status.DRAFT], end=Status.IN_REVIEW)
    note(by, version, SUBMITTED)


@transaction.atomic
def return_for_changes(version: ArticleVersion, *, by: By, reason: str) -> None:
    """Make a submitted version a draft again."""
    start = [Status.IN_REVIEW, Status.APPROVED]
    _move(version, start=start, end=Status.DRAFT)
    note(by, version, f"{RETURNED} {reason}")


@transaction.atomic
def approve(version: ArticleVersion, *, by: By) -> None:
    """Say that a submitted version may be published."""
    _move(version, start=[Status.IN_REVIEW], end=Status.APPROVED)
    note(by, version, "Approved.")


@transaction.atomic
def discard(version: ArticleVersion, *, by: By) -> None:
    """Throw a draft away. Raises CannotMove when it was published or thrown away before."""
    # Locked: a publication that ended between the look and the delete would be lost.
    if not ArticleVersion.objects.working().select_for_update().filter(pk=version.pk):
        msg = "This draft was published or discarded by somebody else."
        raise CannotMove(msg)
    note(by, version.article, f"Discarded draft {version.number}: {version.title}")
    version.delete()


def findings(version: ArticleVersion) -> tuple[Finding, ...]:
    """What the gate says of this version's text now."""
    return texts.findings(version)


@transaction.atomic
def publish(
    version: ArticleVersion,
    *,
    by: By,
    at: dt.datetime,
    live_from: dt.datetime | None = None,
) -> None:
    """Freeze the version and let readers see it from `live_from`, or from now.

    Raises CannotPublish with reasons. Of several simultaneous calls one succeeds.
    """
    moment = live_from or at
    if moment < at:
        reason = (
            "The moment of publication has passed. Publish now or choose a later one."
        )
        raise CannotPublish(reason)
    hold_stock()
    hold(version.article_id)
    # Read afresh: the text that is checked and rendered is the text that is frozen,
    # because any save in between changes the edit token that `_move` asks for.
    try:
        version.refresh_from_db()
    except ArticleVersion.DoesNotExist as error:
        raise CannotPublish("Somebody discarded this draft.") from error
    if reasons := (
        *((RETIRED,) if is_retired(version.article) else ()),
        *_would_be_replaced(version, moment),
        *gate.blocking(texts.findings(version)),
    ):
        raise CannotPublish(*reasons)
    settled = text_of(version)
    try:
        with transaction.atomic():
            _move(
                version,
                start=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED],
                end=Status.PUBLISHED,
                live_from=moment,
                published_at=at,
                published_by=by,
                html=render_body(texts.body_of(version, stock_of())),
                rendered_at=at,
                content_hash=settled.content_hash,
                words=settled.word_count,
            )
    except CannotMove as error:
        raise CannotPublish(str(error)) from error
    except IntegrityError as error:
        reason = "Another version has this very moment. Choose another one."
        raise CannotPublish(reason) from error
    version.refresh_from_db()
    indexing.index(version)
    note(by, version, f"Published from {moment:%d %B %Y %H:%M %Z}.")


def _would_be_replaced(version: ArticleVersion, moment: dt.datetime) -> tuple[str, ...]:
    """Why readers would not keep this text: an older one, still to come, would replace it."""
    later = version.article.versions.waiting(moment)
    return tuple(
        f"Version {other.number} waits for {moment_in_words(other.live_from)} and would replace "
        "this one. Call it off first, or choose a later moment."
        for other in later.exclude(pk=version.pk).order_by("live_from")
    )


def moment_in_words(moment: dt.datetime | None) -> str:
    """Day and time in the site's time zone."""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y, %H:%M}"


@transaction.atomic
def call_off(version: ArticleVersion, *, by: By, at: dt.datetime) -> None:
    """Keep a version that waits for its moment from going live.

    Raises CannotMove when its moment has come, or it does not wait any more.
    """
    # Caches keep the live page until the moment that will not come. First, because whoever
    # renders the page anew also takes the article's row before the version's.
    touch([version.article_id], at=at)
    called_off = ArticleVersion.objects.waiting(at).filter(pk=version.pk)
    if not called_off.update(
        status=Status.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_by=by,
        withdrawn_reason="Called off before anybody saw it.",
    ):
        msg = "This version does not wait any more: it went live, or was called off."
        raise CannotMove(msg)
    note(by, version, "Called off before it went live.")


@transaction.atomic
def withdraw(
    article: Article,
    *,
    by: By,
    at: dt.datetime,
    reason: str,
    replaced_by: Article | None = None,
) -> None:
    """Take the article off the site: also older versions, and any that wait to go live.

    Otherwise the version before the withdrawn one would come back to life.
    """
    must_say_why(article, reason=reason, replaced_by=replaced_by)
    # Waits for a publication under way, which would bring the page back after it.
    hold(article.pk)
    withdrawn = article.versions.filter(status=Status.PUBLISHED).update(
        status=Status.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_by=by,
        withdrawn_reason=reason,
        replaced_by=replaced_by,
    )
    if not withdrawn:
        msg = "This article has no published version."
        raise CannotMove(msg)
    note(by, article, f"Withdrawn: {reason}")


def must_say_why(article: Article, *, reason: str, replaced_by: Article | None) -> None:
    """Raises CannotMove when readers would not learn why the page is gone."""
    if not reason.strip():
        msg = "Say why the page is withdrawn. Readers see the reason."
        raise CannotMove(msg)
    if replaced_by == article:
        msg = "A page cannot be replaced by itself."
        raise CannotMove(msg)


def restore(version: ArticleVersion, *, by: By, at: dt.datetime) -> ArticleVersion:
    """Start a draft with the text of an old version; the old one stays as it is."""
    return start_draft(version.article, by=by, at=at, source=version)
