"""Questions: what stays the same, and the versions below it."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.admin.articles import title_of
from articles.admin.confirm import who
from quizzes import authoring, suspicion
from quizzes.admin import moves
from quizzes.admin.identities import IdentityAdmin
from quizzes.admin.moves import QUESTION_MOVES, REFUSALS
from quizzes.admin.suspects import SuspectFilter, accept_wording, in_words
from quizzes.models import Kind, Question, QuestionVersion, VersionStatus

NOT_ASKED = "not asked now"


def with_state(
    rows: models.QuerySet[Question], at: dt.datetime
) -> models.QuerySet[Question]:
    """Annotate wording, state and soundness; with the list it stays one query."""
    versions = QuestionVersion.objects.filter(question=OuterRef("pk"))
    newest = versions.order_by("-number")
    live = QuestionVersion.objects.newest_published().filter(question=OuterRef("pk"))
    return rows.annotate(
        stem=Subquery(newest.values("stem")[:1]),
        kind=Subquery(newest.values("kind")[:1]),
        page=Subquery(
            newest.annotate(page=title_of("basis__article", at)).values("page")[:1]
        ),
        has_draft=Exists(versions.filter(status=VersionStatus.DRAFT)),
        live_pk=Subquery(live.values("pk")[:1]),
        live_hash=Subquery(
            live.with_passage(at).values("live_hash")[:1]  # type: ignore[misc] # annotated there
        ),
        accepted_hash=Subquery(live.values("basis__accepted_hash")[:1]),
        is_well_sourced=Exists(
            QuestionVersion.objects.newest_published()
            .well_sourced(at)
            .filter(question=OuterRef("pk"))
        ),
        is_sound=Exists(
            QuestionVersion.objects.newest_published()
            .sound(at)
            .filter(question=OuterRef("pk"))
        ),
    )


def state_in_words(question: Any) -> str:
    """Where a question stands; `question` comes from `with_state`."""
    if question.retired_at:
        return "Retired"
    if not question.live_pk:
        return "Draft"
    words = "In use" if question.is_sound else NOT_ASKED.capitalize()
    return f"{words}, new version in draft" if question.has_draft else words


@admin.register(Question)
class QuestionAdmin(IdentityAdmin):
    moves = QUESTION_MOVES
    refusals = REFUSALS
    fields = ["slug", "tags"]
    autocomplete_fields = ["tags"]
    actions = (accept_wording,)
    list_display = ["wording", "type", "state", "suspect", "article"]
    list_filter = [SuspectFilter, "tags"]
    search_fields = ["slug", "versions__stem"]
    ordering = ["slug"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Question]:
        return with_state(super().get_queryset(request), timezone.now())

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(moves.PUBLISH_QUESTION)

    @admin.display(description="question")
    def wording(self, question: Any) -> str:
        return str(question)

    @admin.display(description="type")
    def type(self, question: Any) -> str:
        return str(Kind(question.kind).label) if question.kind else "–"

    @admin.display(description="state")
    def state(self, question: Any) -> str:
        return state_in_words(question)

    @admin.display(description="suspect")
    def suspect(self, question: Any) -> str:
        return in_words(question)

    @admin.display(description="rests on", ordering="page")
    def article(self, question: Any) -> str:
        return str(question.page or "–")

    def start(self, row: Any, request: HttpRequest) -> models.Model:
        return authoring.start_question_draft(row, by=who(request), at=timezone.now())

    def name_of(self, row: Any) -> str:
        return self.wording(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            version = obj.in_use
            is_asked = version is not None and obj.retired_at is None
            at = timezone.now()
            context["why_suspect"] = (
                suspicion.reasons(version, at=at) if is_asked and version else ()
            )
            context["state"] = self.state(obj)
            if not obj.is_sound or not is_asked:
                context["live_words"] = NOT_ASKED
            if obj.retired_reason:
                context["state"] += f": {obj.retired_reason}"
        return super().render_change_form(request, context, *args, **options)

    def save_model(
        self, request: HttpRequest, obj: Question, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self.start(obj, request)
