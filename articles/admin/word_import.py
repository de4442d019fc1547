"""The screen that takes the text of a Word file into a draft."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import publishing
from articles.admin.confirm import admin_url, who
from articles.admin.moves import CHANGED
from articles.forms import SeenForm
from articles.importing import CannotImport, import_word_text, in_words
from articles.models import ArticleVersion, Status
from articles.word_files import (
    LARGEST_FILE,
    TOO_LARGE,
    CannotReadWordFile,
    WordText,
    read_word_file,
)

NO_DRAFT = "Only a draft takes in a file. This version was moved on."
READ_IT = (
    "Read the passages through and cite their sources before you submit the draft."
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class WordForm(SeenForm):
    file = forms.FileField(
        label="Word file",
        widget=forms.FileInput(attrs={"accept": f".docx,{DOCX}"}),
        help_text="A .docx of up to 5 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> WordText:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return read_word_file(upload.read())
        except CannotReadWordFile as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def screen(
    request: HttpRequest, version: ArticleVersion, *, of: ModelAdmin
) -> HttpResponse:
    """GET: ask for the file. POST: take it in, and say what was left out."""
    is_draft = version.status == Status.DRAFT
    is_sent = request.method == "POST" and is_draft
    sent = (request.POST, request.FILES) if is_sent else ()
    form = WordForm(*sent, row=version, user=who(request))
    reasons: tuple[str, ...] = () if is_draft else (NO_DRAFT,)
    if is_sent and form.is_valid():
        try:
            _take_in(request, version, form.cleaned_data, at=timezone.now())
        except publishing.StaleDraft:
            reasons = (CHANGED,)
        except CannotImport as refusal:
            reasons = (str(refusal),)
        else:
            return redirect(admin_url(version))
    version.refresh_from_db()
    form.see(version)
    context = {
        **of.admin_site.each_context(request),
        "title": "Import a Word file",
        "opts": of.opts,
        "row": version,
        "row_url": admin_url(version),
        "form": form,
        "reasons": reasons,
        "is_possible": is_draft,
    }
    return TemplateResponse(request, "admin/articles/word_import.html", context)


def _take_in(
    request: HttpRequest,
    version: ArticleVersion,
    values: dict[str, Any],
    *,
    at: dt.datetime,
) -> None:
    text: WordText = values["file"]
    import_word_text(version, text, token=values["token"], by=who(request), at=at)
    tell = messages.warning if text.left_out else messages.success
    tell(request, f"Imported {in_words(text)} {READ_IT}")
