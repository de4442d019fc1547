"""Versions of articles: the form of a draft, and the read-only page of the others."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from articles import publishing, texts
from articles.admin import invitations, moves, pickers, previews, word_import
from articles.admin.confirm import Done, moment
from articles.admin.drafts import DraftAdmin, PartInline
from articles.admin.stale import Rows, acts_of
from articles.forms import PassageForm, PassageFormSet, VersionForm
from articles.models import ArticleVersion, Passage, Status


class PassageInline(PartInline):
    model = Passage
    form = PassageForm
    formset = PassageFormSet
    fields = ["heading", ("position", "key"), "body"]


@admin.register(ArticleVersion)
class VersionAdmin(DraftAdmin):
    form = VersionForm
    inlines = [PassageInline]
    moves = (*moves.VERSION_MOVES, invitations.INVITE)
    refusals = invitations.LINK_REFUSALS
    change_form_template = "admin/articles/version.html"
    fieldsets = [
        (None, {"fields": ["title", "summary", "key_points", "written_by"]}),
        ("What changes", {"fields": ["change_kind", "change_note"]}),
    ]
    compared = VersionForm.Meta.fields
    copied_labels: ClassVar = {
        "title": "Title",
        "summary": "Summary",
        "key_points": "Key points",
        "written_by": "Written by",
        "change_note": "What changed",
        "heading": "Heading of passage",
        "body": "Text of passage",
    }

    list_display = ["name", "number", "state", "edited_at"]
    list_filter = ["status"]
    list_select_related = ["article"]
    search_fields = ["title", "article__slug"]
    ordering = ["-edited_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ArticleVersion]:
        rows = super().get_queryset(request)
        return rows.select_related("article__topic", "edited_by")

    @admin.display(description="title", ordering="title")
    def name(self, version: ArticleVersion) -> str:
        return version.title or version.article.slug

    @admin.display(description="state", ordering="status")
    def state(self, version: ArticleVersion) -> str:
        if moves.waits(version, timezone.now()):
            return f"Waits until {moment(version.live_from)}"
        return str(version.get_status_display()).capitalize()

    def take_turn(
        self,
        version: ArticleVersion,
        *,
        token: int,
        by: AbstractBaseUser,
        at: dt.datetime,
    ) -> None:
        publishing.take_turn(version, token=token, by=by, at=at)

    def settle(self, version: ArticleVersion) -> None:
        publishing.settle(version)

    def identity_of(self, version: ArticleVersion) -> models.Model:
        return version.article

    def rows_of(self, version: ArticleVersion) -> tuple[Rows, ...]:
        stored = tuple(version.passages.order_by("position", "pk"))
        names = ("position", "heading", "body")
        return (Rows("passages", "version", "key", names, stored, called="heading"),)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.url_for("<int:pk>/preview/", self.preview_view),
            self.url_for("<int:pk>/compare/", self.compare_view),
            self.url_for("<int:pk>/import-word/", self.import_view),
            self.url_for("sources/", self.sources_view),
            self.url_for("pictures/", self.pictures_view),
            self.url_for("chances/", self.chances_view),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the stored text as a page. POST: what stands in the form, which stays unsaved."""
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            self.must(self.has_view_permission(request, version))
            return previews.page(request, version, texts.text_of(version))
        self.must(self.has_change_permission(request, version))
        text = previews.text_of_post(request.POST)
        if "panel" in request.GET:
            return previews.panel(text)
        if "words" in request.GET:
            return previews.word_lists(text)
        return previews.page(request, version, text)

    def go_on(self, request: HttpRequest, done: Done) -> HttpResponse:
        """The address of a new link is in this answer alone: no message or session keeps it."""
        if not isinstance(done, invitations.LinkMade):
            return super().go_on(request, done)
        path = reverse("review-link", args=[done.secret])
        context = {
            **self.admin_site.each_context(request),
            "title": f"The link for {done.link.name}",
            "opts": self.opts,
            "link": done.link,
            "address": request.build_absolute_uri(path),
            "version_url": done.url,
        }
        return TemplateResponse(request, "admin/articles/link_made.html", context)

    def must(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        # Of the table: a version that was moved on answers with a sentence.
        self.must(super().has_change_permission(request))
        return word_import.screen(request, version, of=self)

    # What the dialogs of the editor look up.

    def sources_view(self, request: HttpRequest) -> HttpResponse:
        self.must(request.user.has_perm("articles.view_reference"))
        return pickers.sources(request)

    def pictures_view(self, request: HttpRequest) -> HttpResponse:
        self.must(request.user.has_perm("articles.view_image"))
        return pickers.pictures(request)

    def chances_view(self, request: HttpRequest) -> HttpResponse:
        self.must(self.has_view_permission(request))
        return pickers.chances(request)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What differs from the live page, or from the version that `with` numbers."""
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        self.must(self.has_view_permission(request, version))
        others = version.article.versions.exclude(pk=version.pk).order_by("-number")
        number = request.GET.get("with", "")
        other = (
            get_object_or_404(others, number=number)
            if number.isdecimal() and len(number) < len("1000000")
            else moves.before(version, timezone.now()) or version.based_on
        )
        context = {
            **self.admin_site.each_context(request),
            "title": f"Compare version {version.number}",
            "opts": self.opts,
            "version": version,
            "other": other,
            "others": others,
            "changes": texts.changes(other, version),
        }
        return TemplateResponse(request, "admin/articles/compare.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj: ArticleVersion | None = options.get("obj")
        if obj is not None:
            is_working = obj.status in moves.WORKING
            context["findings"] = publishing.findings(obj) if is_working else ()
            context["is_working"] = is_working
            context["state"] = self.state(obj)
            context["waits"] = moves.waits(obj, timezone.now())
            context["is_draft"] = obj.status == Status.DRAFT
            context["returned"] = returned(obj)
            context["signed"] = obj.sign_offs.select_related("link__created_by")
            context["links"] = invitations.lines(obj, request.user, timezone.now())
            context["title"] = f"{obj.title or 'New page'} – version {obj.number}"
            context["subtitle"] = None
        return super().render_change_form(request, context, *args, **options)


def returned(version: ArticleVersion) -> LogEntry | None:
    """Who returned a draft for changes, and why; nobody once it was submitted again."""
    if version.status != Status.DRAFT:
        return None
    begins = Q(change_message__startswith=publishing.RETURNED)
    begins |= Q(change_message__startswith=publishing.SUBMITTED)
    last = acts_of(version).filter(begins).first()
    is_returned = last and last.change_message.startswith(publishing.RETURNED)
    return last if is_returned else None
