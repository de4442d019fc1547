"""Quizzes: what stays the same, and the versions below it."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone

from articles.admin.articles import titled
from articles.admin.confirm import who
from articles.rendering import touch
from quizzes import authoring
from quizzes.admin.forms import QuizForm
from quizzes.admin.identities import IdentityAdmin
from quizzes.admin.moves import PUBLISH_QUIZ, QUIZ_MOVES, REFUSALS
from quizzes.admin.reports import show_reports
from quizzes.models import Quiz, QuizSlot, QuizVersion, VersionStatus


def with_state(rows: models.QuerySet[Quiz]) -> models.QuerySet[Quiz]:
    """Annotate title, number of questions and state."""
    versions = QuizVersion.objects.filter(quiz=OuterRef("pk"))
    newest = versions.order_by("-number")
    slots = (
        QuizSlot.objects.filter(version=Subquery(newest_of("version__quiz")))
        .filter(version__quiz=OuterRef("pk"))
        .order_by()
        .values("version__quiz")
        .annotate(n=Count("pk"))
    )
    return rows.annotate(
        shown_title=Subquery(newest.values("title")[:1]),
        questions=Coalesce(Subquery(slots.values("n")), 0),
        has_draft=Exists(versions.filter(status=VersionStatus.DRAFT)),
        is_public=Exists(versions.filter(status=VersionStatus.PUBLISHED)),
    ).prefetch_related(titled("article"))


def newest_of(quiz: str) -> models.QuerySet[Any, Any]:
    versions = QuizVersion.objects.filter(quiz=OuterRef(quiz))
    return versions.order_by("-number").values("pk")[:1]


@admin.register(Quiz)
class QuizAdmin(IdentityAdmin):
    form = QuizForm
    moves = QUIZ_MOVES
    refusals = REFUSALS
    autocomplete_fields = ["article"]
    fields = QuizForm.Meta.fields
    list_display = ["title", "purpose", "questions", "state", "article"]
    list_filter = ["purpose"]
    search_fields = ["slug", "versions__title"]
    ordering = ["slug"]

    change_list_template = "admin/quizzes/quizzes.html"

    def get_urls(self) -> list[URLPattern]:
        return [self.url_for("reports/", self.reports), *super().get_urls()]

    def reports(self, request: HttpRequest) -> HttpResponse:
        return show_reports(request, self.admin_site)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Quiz]:
        return with_state(super().get_queryset(request))

    @admin.display(description="title")
    def title(self, quiz: Any) -> str:
        return str(quiz)

    @admin.display(description="questions")
    def questions(self, quiz: Any) -> int:
        return int(quiz.questions)

    @admin.display(description="state")
    def state(self, quiz: Any) -> str:
        if quiz.closed_at:
            return "Closed"
        if not quiz.is_public:
            return "Draft"
        return "Open, new version in draft" if quiz.has_draft else "Open"

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        """Once it is on the site, only who may publish moves it to another page."""
        if obj is None or request.user.has_perm(PUBLISH_QUIZ):
            return ()
        return ("article", "passage_key") if obj.is_public else ()

    def start(self, row: Any, request: HttpRequest) -> models.Model:
        return authoring.start_quiz_draft(row, by=who(request), at=timezone.now())

    def name_of(self, row: Any) -> str:
        return self.title(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            context["state"] = self.state(obj)
            is_open = obj.is_public and not obj.closed_at
            context["live_url"] = obj.get_absolute_url() if is_open else ""
        return super().render_change_form(request, context, *args, **options)

    def save_model(
        self, request: HttpRequest, obj: Quiz, form: ModelForm, change: bool
    ) -> None:
        before = form.initial.get("article")
        super().save_model(request, obj, form, change)
        touch([pk for pk in (before, obj.article_id) if pk])
        if not change:
            self.start(obj, request)
