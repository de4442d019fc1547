"""Words by which staff collect questions."""

from django.contrib import admin

from articles.admin.confirm import PlainAdmin
from quizzes.models import Tag


@admin.register(Tag)
class TagAdmin(PlainAdmin):
    list_display = ["name"]
    search_fields = ["name"]
