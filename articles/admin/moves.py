"""The moves of articles and their versions, as buttons with confirm screens."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles import publishing, reviewing, texts
from articles.admin.confirm import Done, Move, Values, admin_url, moment
from articles.forms import (
    PublishForm,
    ReturnForm,
    SeenForm,
    WithdrawForm,
)
from articles.models import FROZEN, Article, ArticleVersion, SignOffKind, Status
from articles.review_forms import SignOffForm

By = AbstractBaseUser
WRITE = "articles.change_articleversion"
PUBLISH = "articles.publish_articleversion"
SIGN_OFF = "articles.sign_off_articleversion"
CHANGED = (
    "Somebody changed the text, moved it on or discarded it after you opened this page. "
    "Read it again before you go on."
)


# --- Articles --------------------------------------------------------------------------------


def _start(article: Article, _: Values, by: By, at: dt.datetime) -> Done:
    draft = publishing.start_draft(article, by=by, at=at)
    message = f"Draft {draft.number} is open for you."
    source = draft.based_on
    if source is not None and waits(source, at):
        begins = f"It begins with version {source.number}, which waits until"
        message = f"{message} {begins} {moment(source.live_from)}."
    return Done(message, admin_url(draft))


def _cannot_start(article: Article) -> str:
    if article.retired_at:
        return publishing.RETIRED
    if article.versions.working().exists():
        return "This article already has a draft. Edit that one, or discard it first."
    return ""


def _withdraw(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    publishing.withdraw(
        article,
        by=by,
        at=at,
        reason=values["reason"],
        replaced_by=values["replaced_by"],
    )
    return Done(
        "The page is off the site. Readers see your reason.", admin_url(article)
    )


def _is_not_public(article: Article) -> str:
    if article.versions.filter(status=Status.PUBLISHED).exists():
        return ""
    return "This article has no published version."


ARTICLE_MOVES = (
    Move(
        name="start-draft",
        verb="Start draft",
        title="Start a draft",
        explain="The draft begins with the text that readers see now, or with a newer one "
        "that waits to go live. They see nothing of the draft until you publish.",
        permissions=(WRITE,),
        run=_start,
        refusal=_cannot_start,
        at_once=True,
    ),
    Move(
        name="withdraw",
        verb="Withdraw",
        title="Withdraw the page",
        explain="The page goes off the site at once, with all its versions and any that wait "
        "to go live. Its address then shows your reason. It comes back when a new version is "
        "published; retire it instead when it shall not come back.",
        permissions=(PUBLISH,),
        run=_withdraw,
        refusal=_is_not_public,
        form=WithdrawForm,
        grave=True,
        show=lambda article, at: {"live": article.versions.live(at).first()},
        template="admin/articles/withdraw.html",
    ),
)


# --- Versions --------------------------------------------------------------------------------


def _as_seen(version: ArticleVersion, values: Values) -> ArticleVersion:
    """The stored version, locked, if it is still the one that the screen showed."""
    rows = ArticleVersion.objects.select_for_update()
    stored = rows.filter(pk=version.pk).first()
    if stored is None or stored.edit_token != values["token"]:
        raise publishing.CannotMove(CHANGED)
    return stored


def _submit(version: ArticleVersion, values: Values, by: By, _: dt.datetime) -> Done:
    publishing.submit(_as_seen(version, values), by=by)
    return Done("Submitted. The reviewers find it on their desk.", admin_url(version))


def _return(version: ArticleVersion, values: Values, by: By, _: dt.datetime) -> Done:
    seen = _as_seen(version, values)
    publishing.return_for_changes(seen, by=by, reason=values["reason"])
    return Done("Returned. It is a draft again.", admin_url(version))


def _approve(version: ArticleVersion, values: Values, by: By, _: dt.datetime) -> Done:
    publishing.approve(_as_seen(version, values), by=by)
    return Done("Approved. It can be published.", admin_url(version))


def _publish(version: ArticleVersion, values: Values, by: By, at: dt.datetime) -> Done:
    seen = _as_seen(version, values)
    live_from = values["live_from"]
    publishing.publish(seen, by=by, at=at, live_from=live_from)
    when = f"from {moment(live_from)}" if live_from else "now"
    return Done(
        f"Published. Readers see version {seen.number} {when}.",
        admin_url(version.article),
    )


def _call_off(version: ArticleVersion, _: Values, by: By, at: dt.datetime) -> Done:
    publishing.call_off(version, by=by, at=at)
    message = (
        f"Version {version.number} is called off. What readers see stays as it is."
    )
    return Done(message, admin_url(version.article))


def _discard(version: ArticleVersion, values: Values, by: By, _: dt.datetime) -> Done:
    article = version.article
    publishing.discard(_as_seen(version, values), by=by)
    return Done("The draft is gone.", admin_url(article))


def _restore(version: ArticleVersion, _: Values, by: By, at: dt.datetime) -> Done:
    draft = publishing.restore(version, by=by, at=at)
    message = f"Draft {draft.number} has the text of version {version.number}."
    return Done(message, admin_url(draft))


def _sign_off(version: ArticleVersion, values: Values, by: By, at: dt.datetime) -> Done:
    reviewing.sign_off(
        version,
        by=by,
        at=at,
        name=values["name"],
        role=values["role"],
        kind=SignOffKind(values["kind"]),
        remark=values["remark"],
        seen_hash=values["seen_hash"],
        override_reason=values.get("override_reason", ""),
    )
    return Done("Signed off. The page says so once it is live.", admin_url(version))


def _unless(*statuses: str, why: str) -> Any:
    """A refusal for every state but these."""
    return lambda version: "" if version.status in statuses else why


def waits(version: ArticleVersion, at: dt.datetime) -> bool:
    """Whether it is published and its moment is still to come."""
    live_from = version.live_from
    is_published = version.status == Status.PUBLISHED
    return is_published and live_from is not None and live_from > at


def _does_not_wait(version: ArticleVersion) -> str:
    if waits(version, timezone.now()):
        return ""
    return "This version does not wait to go live."


def _is_not_restorable(version: ArticleVersion) -> str:
    if version.status not in FROZEN:
        return "This version was never published. Edit it instead."
    return _cannot_start(version.article)


def before(version: ArticleVersion, at: dt.datetime) -> ArticleVersion | None:
    """What readers see now in this version's place."""
    others = version.article.versions.exclude(pk=version.pk)
    return others.live(at).first()


def show_changes(version: ArticleVersion, at: dt.datetime) -> dict[str, Any]:
    """The difference against the live page, and what the gate says."""
    live = before(version, at)
    others = version.article.versions.waiting(at).exclude(pk=version.pk)
    return {
        "live": live,
        "waiting": others.order_by("live_from"),
        "changes": texts.changes(live, version),
        "findings": publishing.findings(version) if version.is_working else (),
    }


WORKING = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
DONE = "This version is published already. Start a new draft to change the page."
NOT_SUBMITTED = "Only a submitted version can be checked, and this one is not."
CHANGES = "admin/moves/version.html"

VERSION_MOVES = (
    Move(
        name="publish",
        verb="Publish",
        title="Publish this version",
        explain="Readers see this text from the moment you choose. After that it cannot be "
        "changed, only replaced by a new version.",
        permissions=(PUBLISH,),
        run=_publish,
        refusal=_unless(*WORKING, why=DONE),
        form=PublishForm,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="approve",
        verb="Approve",
        title="Approve this version",
        explain="You say that this text may be published. It stays locked.",
        permissions=(PUBLISH, SIGN_OFF),
        run=_approve,
        refusal=_unless(Status.IN_REVIEW, why=NOT_SUBMITTED),
        form=SeenForm,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="sign-off",
        verb="Sign off",
        title="Sign off this text",
        explain="You say, with your name, that exactly this text is right. When one character "
        "changes, your sign-off no longer counts.",
        permissions=(SIGN_OFF,),
        run=_sign_off,
        refusal=_unless(
            Status.IN_REVIEW,
            Status.APPROVED,
            Status.PUBLISHED,
            why="A draft can still change. It is signed off after it was submitted.",
        ),
        form=SignOffForm,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="return",
        verb="Return for changes",
        title="Return for changes",
        explain="It becomes a draft again, and its author can edit it.",
        permissions=(PUBLISH, SIGN_OFF),
        run=_return,
        refusal=_unless(Status.IN_REVIEW, Status.APPROVED, why=NOT_SUBMITTED),
        form=ReturnForm,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="submit",
        verb="Submit for review",
        title="Submit for review",
        explain="The text is locked while reviewers read it. They can return it to you.",
        permissions=(WRITE,),
        run=_submit,
        refusal=_unless(Status.DRAFT, why="This version is not a draft any more."),
        form=SeenForm,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="restore",
        verb="Restore",
        title="Restore this version",
        explain="A new draft begins with this old text. Readers see it when that draft is "
        "published.",
        permissions=(WRITE,),
        run=_restore,
        refusal=_is_not_restorable,
        show=show_changes,
        template=CHANGES,
    ),
    Move(
        name="call-off",
        verb="Call off",
        title="Call off this version",
        explain="It does not go live. Nobody has seen it, and readers go on seeing what they "
        "see now. Its text can be restored as a draft.",
        permissions=(PUBLISH,),
        run=_call_off,
        refusal=_does_not_wait,
        show=show_changes,
        template=CHANGES,
        grave=True,
    ),
    Move(
        name="discard",
        verb="Discard draft",
        title="Discard this draft",
        explain="The text of the draft is thrown away. This cannot be undone. What readers "
        "see stays as it is.",
        permissions=(WRITE,),
        run=_discard,
        refusal=_unless(*WORKING, why=DONE),
        form=SeenForm,
        show=show_changes,
        template=CHANGES,
        grave=True,
    ),
)
