"""Words that are explained in the text."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from articles import rendering
from articles.admin.confirm import PlainAdmin
from articles.models import ArticleVersion, GlossaryTerm

LONGEST_NAME = 80


class TermForm(forms.ModelForm):
    """The other names as lines instead of JSON."""

    names = forms.CharField(
        label="Also called",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line. The text is searched for these too.",
    )

    class Meta:
        model = GlossaryTerm
        fields = ("term", "slug", "definition", "say")
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("names", "\n".join(self.instance.also))

    def clean_names(self) -> list[str]:
        lines = self.cleaned_data["names"].splitlines()
        names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(f"A name has at most {LONGEST_NAME} characters.")
        return names

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.instance.also = self.cleaned_data.get("names", self.instance.also)
        return cleaned


@admin.register(GlossaryTerm)
class TermAdmin(PlainAdmin):
    form = TermForm
    list_display = ["term", "also_called", "definition"]
    search_fields = ["term", "definition"]
    prepopulated_fields = {"slug": ["term"]}

    @admin.display(description="also called")
    def also_called(self, term: GlossaryTerm) -> str:
        return ", ".join(term.also)

    def save_model(
        self, request: HttpRequest, obj: GlossaryTerm, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            self._renew_pages()

    def delete_model(self, request: HttpRequest, obj: GlossaryTerm) -> None:
        super().delete_model(request, obj)
        self._renew_pages()

    def delete_queryset(
        self, request: HttpRequest, queryset: models.QuerySet[GlossaryTerm]
    ) -> None:
        super().delete_queryset(request, queryset)
        self._renew_pages()

    def _renew_pages(self) -> None:
        at = timezone.now()
        rendering.rerender(ArticleVersion.objects.on_the_site(at), at=at)
