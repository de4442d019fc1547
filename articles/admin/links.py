"""Addresses outside the site: whether they answered when they were last asked. Read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from articles.admin.confirm import PlainAdmin, admin_url
from articles.models import LinkTarget, LinkUse


@admin.register(LinkTarget)
class LinkAdmin(PlainAdmin):
    """What check_links found; opening the list asks nobody."""

    list_display = ["url", "health", "found", "stands_in", "checked_at"]
    list_filter = ["health"]
    search_fields = ["url"]
    fields = ("url", "health", "found", "failures", "checked_at", "stands_in")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkTarget]:
        rows = super().get_queryset(request)
        return rows.prefetch_related("uses__passage__version", "uses__reference")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": "Outside links", **(extra_context or {})}
        return super().changelist_view(request, title)

    @admin.display(description="where it stands")
    def stands_in(self, target: LinkTarget) -> str:
        places = [_place(use) for use in target.uses.all()]
        return format_html_join(", ", '<a href="{}">{}</a>', places)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _place(use: LinkUse) -> tuple[str, str]:
    """(address in the admin, words)."""
    if use.reference:
        return admin_url(use.reference), f"@{use.reference.key}"
    assert use.passage is not None
    version = use.passage.version
    return admin_url(version), f"{version.title}: {use.passage.heading}"
