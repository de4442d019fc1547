"""Beliefs that wrong options stand for."""

from django.contrib import admin

from articles.admin.confirm import PlainAdmin
from quizzes.models import Misconception


@admin.register(Misconception)
class MisconceptionAdmin(PlainAdmin):
    list_display = ["name", "belief", "correction"]
    search_fields = ["name", "belief"]
    prepopulated_fields = {"slug": ["name"]}
