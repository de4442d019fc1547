"""What readers said, and what was done about it."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import reporting
from articles.admin.articles import title_of
from articles.admin.confirm import Done, Move, MovingAdmin, Values, admin_url
from articles.forms import Lines, MoveForm
from articles.models import Passage, ReaderReport
from articles.plain_words import in_words


class HandleForm(MoveForm):
    answer = forms.CharField(
        label="What was done",
        max_length=500,
        help_text="For colleagues. The reader cannot be written to.",
        widget=Lines(attrs={"rows": 3}),
        error_messages={"required": "What was done?"},
    )
    others = forms.BooleanField(
        label="This answers all other reports on the passage too", required=False
    )


def _handle(
    report: ReaderReport, values: Values, by: AbstractBaseUser, at: dt.datetime
) -> Done:
    count = reporting.handle(
        report, by=by, answer=values["answer"], others=values["others"], at=at
    )
    reports = "The report is" if count == 1 else f"{count} reports are"
    return Done(f"{reports} off the desk.", admin_url(report))


def _is_handled(report: ReaderReport) -> str:
    return "This report was dealt with already." if report.handled_at else ""


HANDLE = Move(
    name="handle",
    verb="Deal with it",
    title="Deal with what a reader said",
    explain="Say what you did: mended the text, or why it stays. The report then leaves the desk.",
    permissions=("articles.change_readerreport",),
    run=_handle,
    refusal=_is_handled,
    form=HandleForm,
    show=lambda report, at: {"others": reporting.about_the_same(report).count()},
    template="admin/articles/handle.html",
)


class UnreadFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unread", "waits for somebody"), ("done", "dealt with")]

    def queryset(
        self, request: HttpRequest, rows: models.QuerySet[ReaderReport]
    ) -> models.QuerySet[ReaderReport]:
        if self.value() == "unread":
            return rows.filter(pk__in=ReaderReport.objects.unread())
        return rows.exclude(handled_at=None) if self.value() == "done" else rows


@admin.register(ReaderReport)
class ReportAdmin(MovingAdmin):
    """Only read and dealt with: nobody writes a reader's word, or takes it back."""

    change_form_template = "admin/articles/report.html"
    moves = (HANDLE,)
    refusals = (reporting.AlreadyHandled,)
    fields = ["kind", "said", "where", "sent_at", "state", "answer"]
    readonly_fields = ["said", "where", "state"]
    list_display = ["said", "kind", "where", "sent_at", "state"]
    list_filter = [UnreadFilter, "kind"]
    list_select_related = ["article"]
    search_fields = ["text", "article__slug"]
    ordering = ["-sent_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ReaderReport]:
        rows = super().get_queryset(request).select_related("article", "handled_by")
        titled: models.QuerySet[ReaderReport] = rows.annotate(
            page=title_of("article", timezone.now())
        )
        return titled

    @admin.display(description="in the reader's words")
    def said(self, report: ReaderReport) -> str:
        return report.text or "(no words)"

    @admin.display(description="passage")
    def where(self, report: Any) -> str:
        version = f"version {report.version_number}"
        return f"{report.page or report.article.slug} # {report.passage_key}, {version}"

    @admin.display(description="state")
    def state(self, report: ReaderReport) -> str:
        if report.handled_at is None:
            return "Waits for somebody"
        day = timezone.localdate(report.handled_at)
        by = f" by {report.handled_by}" if report.handled_by else ""
        return f"Dealt with on {day.day} {day:%B %Y}{by}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        report: ReaderReport = options["obj"]
        at = timezone.now()
        context["buttons"] = self.buttons(request, report)
        context["title"] = report.get_kind_display().capitalize()
        context["subtitle"] = None
        context["page_url"] = (
            f"{report.article.get_absolute_url()}#{report.passage_key}"
        )
        context["article_url"] = admin_url(report.article)
        live = Passage.objects.live(at).filter(version__article=report.article_id)
        passage = live.filter(key=report.passage_key).first()
        context["passage"] = passage
        context["text"] = in_words(passage.body) if passage else ""
        context["counts"] = _counts(report)
        return super().render_change_form(request, context, *args, **options)


def _counts(report: ReaderReport) -> list[tuple[str, int]]:
    """How many said what of this passage, of any version."""
    same = ReaderReport.objects.filter(
        article=report.article_id, passage_key=report.passage_key
    )
    rows = same.order_by("kind").values_list("kind").annotate(n=models.Count("pk"))
    labels = dict(ReaderReport._meta.get_field("kind").flatchoices)  # noqa: SLF001 - Django's name for it
    return [(labels[kind], n) for kind, n in rows]
