"""Versions of questions and quizzes: the forms of drafts, and the read-only pages."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.admin.articles import titled
from articles.admin.drafts import DraftAdmin, PartInline
from articles.admin.stale import Rows
from quizzes import authoring
from quizzes.admin import history, moves
from quizzes.admin.forms import (
    BasisForm,
    OptionForm,
    PartFormSet,
    QuestionVersionForm,
    QuizVersionForm,
    SlotForm,
    basis_value,
    passage_choices,
)
from quizzes.admin.moves import QUESTION_VERSION_MOVES, QUIZ_VERSION_MOVES, REFUSALS
from quizzes.admin.questions import with_state
from quizzes.models import (
    Basis,
    Option,
    Question,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
)


class PartsAdmin(DraftAdmin):
    """What the drafts of questions and quizzes have in common."""

    stale_error = authoring.StaleDraft
    refusals = REFUSALS
    change_form_template = "admin/quizzes/version.html"
    ordering = ["-edited_at"]

    def name_of(self, version: Any) -> str:
        raise NotImplementedError

    def shown(self, version: Any, at: dt.datetime) -> dict[str, Any]:
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            is_draft = obj.status == "draft"
            context["is_draft"] = is_draft
            shown = self.shown(obj, timezone.now())
            context["faults"] = shown["faults"] if is_draft else ()
            context["name"] = self.name_of(obj)
            context["title"] = f"{self.name_of(obj)} – version {obj.number}"
            context["subtitle"] = None
        return super().render_change_form(request, context, *args, **options)


class OptionInline(PartInline):
    model = Option
    form = OptionForm
    formset = PartFormSet
    autocomplete_fields = ["misconception"]
    fields = [
        "text",
        "match",
        ("position", "is_right"),
        "explanation",
        "misconception",
    ]


class BasisInline(PartInline):
    model = Basis
    form = BasisForm
    verbose_name = "Passage it rests on"
    can_delete = False
    max_num = 1
    fields = ["passage"]
    readonly_fields: ClassVar[list[str]] = []

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Basis]:
        return super().get_queryset(request).prefetch_related(titled("article"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        is_open = obj is None or obj.status == "draft"
        return [] if is_open else ["article", "passage_key", "accepted_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_readonly_fields(request, obj) or self.fields


@admin.register(QuestionVersion)
class QuestionVersionAdmin(PartsAdmin):
    form = QuestionVersionForm
    inlines = [OptionInline, BasisInline]
    moves = QUESTION_VERSION_MOVES
    autocomplete_fields = ["references"]
    fieldsets = [
        (None, {"fields": ["kind", "audience", "stem", "explanation", "references"]}),
        ("For a number", {"fields": ["tolerance", "unit"]}),
        ("What changes", {"fields": ["change_kind", "change_note"]}),
    ]
    compared = QuestionVersionForm.Meta.fields
    copied_labels: ClassVar = {
        "stem": "Question",
        "text": "Text of option",
        "explanation": "Explanation",
        "match": "What an option belongs to",
        "unit": "Unit",
        "change_note": "What changed",
    }
    list_display = ["called", "number", "status", "edited_at"]
    list_filter = ["status"]
    list_select_related = ["question"]
    search_fields = ["stem", "question__slug"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[QuestionVersion]:
        rows = super().get_queryset(request)
        return rows.select_related("question", "edited_by", "published_by")

    def take_turn(
        self,
        version: QuestionVersion,
        *,
        token: int,
        by: AbstractBaseUser,
        at: dt.datetime,
    ) -> None:
        authoring.take_question_turn(version, token=token, by=by, at=at)

    @admin.display(description="question", ordering="stem")
    def called(self, version: QuestionVersion) -> str:
        return self.name_of(version)

    def identity_of(self, version: QuestionVersion) -> models.Model:
        return version.question

    def name_of(self, version: QuestionVersion) -> str:
        return version.stem or version.question.slug

    def shown(self, version: QuestionVersion, at: dt.datetime) -> dict[str, Any]:
        return moves.show_question(version, at)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, BasisInline):
            options["form_kwargs"] = {"choices": passage_choices(at=timezone.now())}
        return dict(options)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None and obj.status != "draft":
            context |= history.shown(obj)
            context["may_see_corrections"] = request.user.has_perm(
                "quizzes.view_keycorrection"
            )
        return super().render_change_form(request, context, *args, **options)

    def rows_of(self, version: QuestionVersion) -> tuple[Rows, ...]:
        names = OptionForm.Meta.fields
        options = tuple(version.options.select_related("misconception"))
        basis = tuple(Basis.objects.filter(version=version).select_related("article"))
        for row in basis:
            setattr(row, "passage", basis_value(row))  # noqa: B010 - as the form posts it
        return (
            Rows("options", "version", "id", names, options, called="text"),
            Rows("basis", "version", "version", ("passage",), basis),
        )


class SlotInline(PartInline):
    model = QuizSlot
    form = SlotForm
    formset = PartFormSet
    verbose_name = "question"
    autocomplete_fields = ["question"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[QuizSlot]:
        worded = with_state(Question.objects.all(), timezone.now())
        rows = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("question", worded))


@admin.register(QuizVersion)
class QuizVersionAdmin(PartsAdmin):
    form = QuizVersionForm
    inlines = [SlotInline]
    moves = QUIZ_VERSION_MOVES
    fieldsets = [
        (None, {"fields": ["title", "intro", "minutes", "ask_certainty", "needed"]}),
        (
            "For a test",
            {
                "fields": [
                    "pass_mark",
                    "attempts_allowed",
                    "time_limit",
                    "gives_certificate",
                ]
            },
        ),
    ]
    compared = QuizVersionForm.Meta.fields
    copied_labels: ClassVar = {"title": "Title", "intro": "Introduction"}
    list_display = ["called", "number", "status", "edited_at"]
    list_filter = ["status"]
    list_select_related = ["quiz"]
    search_fields = ["title", "quiz__slug"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[QuizVersion]:
        return super().get_queryset(request).select_related("quiz", "edited_by")

    def take_turn(
        self,
        version: QuizVersion,
        *,
        token: int,
        by: AbstractBaseUser,
        at: dt.datetime,
    ) -> None:
        authoring.take_quiz_turn(version, token=token, by=by, at=at)

    @admin.display(description="title", ordering="title")
    def called(self, version: QuizVersion) -> str:
        return self.name_of(version)

    def identity_of(self, version: QuizVersion) -> models.Model:
        return version.quiz

    def name_of(self, version: QuizVersion) -> str:
        return version.title or version.quiz.slug

    def shown(self, version: QuizVersion, at: dt.datetime) -> dict[str, Any]:
        return moves.show_quiz(version, at)

    def rows_of(self, version: QuizVersion) -> tuple[Rows, ...]:
        slots = tuple(version.slots.select_related("question"))
        names = ("position", "pool_topic", "pool_tag", "draw")
        return (Rows("slots", "version", "question", names, slots),)
