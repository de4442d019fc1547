"""What readers looked for and did not find."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.confirm import PlainAdmin
from articles.models import SearchMiss


@admin.register(SearchMiss)
class MissAdmin(PlainAdmin):
    """Only read, and struck off when the site has something to find, or never will."""

    list_display = ["words", "count", "last_asked_on"]
    list_display_links = None
    search_fields = ["words"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
