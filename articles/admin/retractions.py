"""Load a table of retractions: first what it would change, then the change."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from articles import retracting
from articles.admin.confirm import PlainAdmin, sentences, who
from articles.notices import CannotReadNotices

LARGEST_FILE = 100 * 1024 * 1024


class TableForm(forms.Form):
    file = forms.FileField(
        label="Table",
        help_text="A CSV file: the one that Retraction Watch publishes, or one with the columns "
        "doi, date and source.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty.",
        },
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size and upload.size > LARGEST_FILE:
            raise forms.ValidationError("This file is larger than 100 MB.")
        return upload


class RetractingAdmin(PlainAdmin):
    """Sources, with a screen that takes a table of retractions."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.retractions_view)
        mine = path("retractions/", view, name="articles_reference_retractions")
        return [mine, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the way to that screen, for those who may use it."""
        may_load = {"may_load_retractions": self.has_change_permission(request)}
        return super().changelist_view(request, {**may_load, **(extra_context or {})})

    def retractions_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
        if not is_sent or not form.is_valid():
            return self._table_screen(request, form)
        try:
            outcome = self._read(request, form.cleaned_data["file"])
        except (CannotReadNotices, retracting.CannotMark) as refusal:
            return self._table_screen(request, form, reasons=sentences(refusal))
        return self._table_screen(request, form, outcome=outcome)

    def _read(self, request: HttpRequest, upload: UploadedFile) -> retracting.Outcome:
        at = timezone.now()
        lines = (line.decode("utf-8-sig", "replace") for line in upload)
        if "_load" not in request.POST:
            return retracting.look(lines, at=at)
        outcome = retracting.mark(lines, by=who(request), at=at)
        messages.success(request, f"Loaded. Sources marked: {len(outcome.marked)}.")
        return outcome

    def _table_screen(
        self, request: HttpRequest, form: TableForm, **shown: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Load retractions",
            "opts": self.opts,
            "form": form,
            "is_stored": "_load" in request.POST,
            "media": self.media,
            **shown,
        }
        return TemplateResponse(request, "admin/articles/retractions.html", context)
