"""Links for people without an account: making one, seeing what came of it, taking it back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles import inviting
from articles.admin.confirm import (
    REFUSALS,
    Done,
    Move,
    MovingAdmin,
    Values,
    admin_url,
    moment,
)
from articles.admin.moves import PUBLISH, SIGN_OFF
from articles.models import ArticleVersion, ReviewLink
from articles.review_forms import InviteForm

By = AbstractBaseUser
MAY_INVITE = (PUBLISH, SIGN_OFF)
LINK_REFUSALS = (*REFUSALS, inviting.CannotInvite, inviting.CannotRevoke)


@dataclass(frozen=True)
class LinkMade(Done):
    """The address is on the page that follows, and never again."""

    link: ReviewLink
    secret: str


def _invite(version: ArticleVersion, values: Values, by: By, at: dt.datetime) -> Done:
    link, secret = inviting.invite(
        version,
        by=by,
        at=at,
        name=values["name"],
        role=values["role"],
        kind=values["kind"],
        days=values["days"],
    )
    return LinkMade("The link is made.", admin_url(version), link, secret)


def _cannot_be_shown(version: ArticleVersion) -> str:
    if inviting.can_be_shown(version, at=timezone.now()):
        return ""
    return "Readers do not see this version any more, so nobody need look at it."


INVITE = Move(
    name="invite",
    verb="Invite by link",
    title="Invite somebody by link",
    explain="You get an address that shows this version to one person without an account. They "
    "can sign it off or ask for changes, once. The address is shown to you once: copy it and "
    "send it. Whoever has it can answer in that person’s name, so send it to nobody else.",
    permissions=MAY_INVITE,
    run=_invite,
    refusal=_cannot_be_shown,
    form=InviteForm,
)


def _revoke(link: ReviewLink, _: Values, by: By, at: dt.datetime) -> Done:
    inviting.revoke(link, by=by, at=at)
    return Done("The link leads nowhere now.", admin_url(link.version))


def _has_ended(link: ReviewLink) -> str:
    if _is_open(link, timezone.now()):
        return ""
    return "This link leads nowhere any more."


def _is_open(link: ReviewLink, at: dt.datetime) -> bool:
    return link.revoked_at is None and link.expires_at > at


REVOKE = Move(
    name="revoke",
    verb="Revoke",
    title="Revoke the link",
    explain="The address leads nowhere from now on. What was answered through it stays.",
    permissions=MAY_INVITE,
    run=_revoke,
    refusal=_has_ended,
    show=lambda link, _: {"row_url": admin_url(link.version)},
    template="admin/articles/revoke.html",
    grave=True,
)


@dataclass(frozen=True)
class LinkLine:
    """A link as the page of its version lists it."""

    name: str
    role: str
    asked: str
    state: str
    remark: str
    made_by: str
    revoke_url: str


def lines(version: ArticleVersion, user: Any, at: dt.datetime) -> list[LinkLine]:
    rows = version.review_links.select_related("created_by")
    return [_line(row, REVOKE.is_allowed(user), at) for row in rows]


def _line(link: ReviewLink, may_revoke: bool, at: dt.datetime) -> LinkLine:
    url = reverse("admin:articles_reviewlink_revoke", args=[link.pk])
    return LinkLine(
        name=link.name,
        role=link.role,
        asked=str(link.get_kind_display()) or "only to look at it",
        state=state_in_words(link, at),
        remark=link.remark,
        made_by=str(link.created_by or ""),
        revoke_url=url if may_revoke and _is_open(link, at) else "",
    )


def state_in_words(link: ReviewLink, at: dt.datetime) -> str:
    if link.outcome:
        return f"{link.get_outcome_display()}, {moment(link.answered_at)}"
    if link.revoked_at:
        return f"revoked {moment(link.revoked_at)}"
    if link.expires_at <= at:
        return f"ran out {moment(link.expires_at)}"
    return f"no answer yet, works until {moment(link.expires_at)}"


@admin.register(ReviewLink)
class LinkAdmin(MovingAdmin):
    """Links are made and seen on the page of their version; here they are only revoked."""

    moves = (REVOKE,)
    refusals = LINK_REFUSALS
    list_display = ["name", "version", "kind", "expires_at", "outcome"]
    list_select_related = ["version"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ReviewLink]:
        return super().get_queryset(request).select_related("version__article")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
