"""Articles and topics: what stays the same, and the versions below it."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from articles import publishing, renaming, rendering
from articles.access import review_due_on
from articles.admin import hidden, moves, upkeep
from articles.admin.confirm import MovingAdmin, PlainAdmin, admin_url, moment, who
from articles.forms import ArticleForm
from articles.models import Article, ArticleVersion, Status, Topic

ON_PAGE = {"topic", "position", "review_every_months"}
# What readers see of an article at once, without a version that somebody approves.
AT_ONCE = ("slug", *sorted(ON_PAGE))


def title_of(article: str, at: dt.datetime) -> Coalesce:
    """What readers see as the title of the article in this column, or else the newest one."""
    versions = ArticleVersion.objects.filter(article=OuterRef(article))
    live = ArticleVersion.objects.live(at).filter(article=OuterRef(article))
    return Coalesce(
        Subquery(live.values("title")[:1]),
        Subquery(versions.order_by("-number").values("title")[:1]),
    )


def with_state(
    rows: models.QuerySet[Article], at: dt.datetime
) -> models.QuerySet[Article]:
    """Annotate what readers see of each article, and what is being written."""
    versions = ArticleVersion.objects.filter(article=OuterRef("pk"))
    live = ArticleVersion.objects.live(at).filter(article=OuterRef("pk"))
    waiting = versions.waiting(at)
    taken_off = versions.seen_by(at).filter(status=Status.WITHDRAWN)
    return rows.annotate(
        live_pk=Subquery(live.values("pk")[:1]),
        live_since=Subquery(live.values("live_from")[:1]),
        shown_title=title_of("pk", at),
        working=Subquery(versions.working().values("status")[:1]),
        live_next=Subquery(waiting.order_by("live_from").values("live_from")[:1]),
        is_withdrawn=Exists(taken_off),
    )


def titled(column: str) -> models.Prefetch:
    """The article of each row, with its title."""
    return models.Prefetch(column, with_state(Article.objects.all(), timezone.now()))


def state_in_words(article: Any) -> str:
    """Where an article stands; `article` comes from `with_state`."""
    parts = []
    if article.retired_at:
        parts.append("retired")
    elif article.live_since:
        parts.append("on the site")
    elif article.is_withdrawn:
        parts.append("withdrawn")
    else:
        parts.append("not on the site yet")
    if article.live_next:
        parts.append(f"new version from {moment(article.live_next)}")
    if article.working:
        parts.append(f"new version {Status(article.working).label}")
    words = ", ".join(parts)
    return words[0].upper() + words[1:]


def version_state(version: ArticleVersion, live_pk: int | None, at: dt.datetime) -> str:
    if version.status == Status.WITHDRAWN and was_called_off(version):
        return "Called off"
    if version.status != Status.PUBLISHED:
        return str(version.get_status_display()).capitalize()
    if version.pk == live_pk:
        return "On the site now"
    live_from = version.live_from or at
    if live_from > at:
        return f"Waits until {moment(live_from)}"
    return "Was on the site"


def was_called_off(version: ArticleVersion) -> bool:
    """Whether it was withdrawn before readers could see it."""
    assert version.live_from and version.withdrawn_at
    return version.withdrawn_at < version.live_from


@admin.register(Article)
class ArticleAdmin(MovingAdmin):
    form = ArticleForm
    moves = (*moves.ARTICLE_MOVES, *hidden.ARTICLE_MOVES, *upkeep.UPKEEP_MOVES)
    change_form_template = "admin/articles/article.html"
    fields = ArticleForm.Meta.fields

    list_display = ["title", "topic", "state", "review_due"]
    list_filter = ["topic"]
    list_select_related = ["topic"]
    search_fields = ["slug", "versions__title"]
    ordering = ["topic__position", "position", "slug"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Article]:
        return with_state(super().get_queryset(request), timezone.now())

    @admin.display(description="title")
    def title(self, article: Any) -> str:
        return str(article)

    @admin.display(description="state")
    def state(self, article: Any) -> str:
        return state_in_words(article)

    @admin.display(description="review due")
    def review_due(self, article: Any) -> str:
        if not article.live_since:
            return "–"
        due = review_due_on(
            article.live_since,
            months=article.review_every_months,
            reviewed_on=article.last_reviewed_on,
        )
        late = due < timezone.localdate()
        return f"{due.day} {due:%B %Y}{' – overdue' if late else ''}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Addresses are kept for ever; only what never had a version may go."""
        is_empty = obj is not None and not obj.versions.exists()
        return is_empty and super().has_delete_permission(request, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        """Once it was on the site, only who may publish changes what shows at once."""
        if obj is None or request.user.has_perm(moves.PUBLISH):
            return ()
        return AT_ONCE if obj.versions.frozen().exists() else ()

    def save_model(
        self, request: HttpRequest, obj: Article, form: ModelForm, change: bool
    ) -> None:
        user, at = who(request), timezone.now()
        slug = obj.slug
        if change:
            obj.slug = form.initial.get("slug", slug)
        super().save_model(request, obj, form, change)
        if not change:
            publishing.start_draft(obj, by=user, at=at)
        if slug != obj.slug:
            renaming.rename(obj, slug, by=user)
        if ON_PAGE & set(form.changed_data):
            rendering.touch([obj.pk], at=at)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A new address alone was written into the trail by `rename` already."""
        if message == [{"changed": {"fields": ["Address"]}}]:
            return None
        return super().log_change(request, obj, message)

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        draft = obj.versions.working().first()
        if draft is None or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, "The article has its address. Now write its text.")
        return redirect(admin_url(draft))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            context |= self._versions(obj, timezone.now())
            context["buttons"] = self.buttons(request, obj)
            context["title"] = self.title(obj)
            context["subtitle"] = None
            context["state"] = self.state(obj)
            context["review_due"] = self.review_due(obj)
            context["hidden"] = hidden.hidden_lines(obj, who(request))
            context["reviews"] = obj.reviews.select_related("version")
            may_write = request.user.has_perm(moves.WRITE)
            context["can_restore"] = may_write and not obj.retired_at
        return super().render_change_form(request, context, *args, **options)

    def _versions(self, article: Article, at: dt.datetime) -> dict[str, Any]:
        rows = list(
            article.versions.select_related("edited_by", "published_by")
            .defer("html", "summary", "key_points")
            .order_by("-number")
        )
        live = max(
            (v for v in rows if v.status == Status.PUBLISHED and _moment(v) <= at),
            key=_moment,
            default=None,
        )
        live_pk = live.pk if live else None
        return {
            "versions": [(row, version_state(row, live_pk, at)) for row in rows],
            "working": next((row for row in rows if row.is_working), None),
            "live": live,
        }


def _moment(version: ArticleVersion) -> dt.datetime:
    assert version.live_from is not None
    return version.live_from


@admin.register(Topic)
class TopicAdmin(PlainAdmin):
    list_display = ["name", "position", "description"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]

    def save_model(
        self, request: HttpRequest, obj: Topic, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        rendering.touch(list(obj.articles.values_list("pk", flat=True)))
