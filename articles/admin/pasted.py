"""Add sources from a citation that was pasted: one into the usual form, several from a list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import markup, referencing
from articles.admin.confirm import PlainAdmin, who
from articles.bibliography import Pasted, proposed_key, read
from articles.csl import CannotRead
from articles.models import Reference

ADD = "admin:articles_reference_add"
LIST = "admin:articles_reference_changelist"
BY_HAND = (
    "Only the {called} is known, for nothing was looked up. Type the title, the authors, the "
    "year and where it was published, then save."
)
FILLED_IN = "Nothing is stored yet. Compare the fields with the source, then save."


class PasteForm(forms.Form):
    text = forms.CharField(
        label="Citation",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="A DOI, a PMID, RIS, BibTeX, CSL-JSON or what PubMed gives as “PubMed” "
        "format. One source, or several in one form.",
        error_messages={"required": "Paste a citation."},
        strip=False,
    )

    def clean_text(self) -> str:
        """Keep the text, and what it says beside it."""
        text = str(self.cleaned_data["text"])
        try:
            self.pasted = read(text)
        except CannotRead as error:
            raise ValidationError(str(error), code="unread") from error
        self._refuse_a_twin(self.pasted)
        return text

    def _refuse_a_twin(self, pasted: Pasted) -> None:
        """Of one source; a list says it beside each."""
        twin = referencing.twin_of(alone(pasted)) if len(pasted.sources) < 2 else None
        if twin:
            msg = f"This source is stored already as @{twin.key}. Cite that one."
            raise ValidationError(msg, code="twin")


def alone(pasted: Pasted) -> dict[str, Any]:
    """The details of the only source, which may be no more than its number."""
    if pasted.sources:
        return dict(pasted.sources[0].csl)
    numbers = {"DOI": pasted.doi, "PMID": pasted.pmid}
    return {name: number for name, number in numbers.items() if number}


class PastingAdmin(PlainAdmin):
    """Sources, with a screen on which a citation is pasted."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.paste_view)
        mine = path("paste/", view, name="articles_reference_paste")
        return [mine, *super().get_urls()]

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = PasteForm(request.POST) if is_sent else PasteForm()
        if not is_sent or not form.is_valid():
            return self._paste_screen(request, form)
        if len(form.pasted.sources) < 2:
            return self._filled_in(request, form.pasted)
        return self._several(request, form)

    def _several(self, request: HttpRequest, form: PasteForm) -> HttpResponse:
        offers = referencing.offers(form.pasted.sources)
        refusal = ""
        if "_store" in request.POST:
            numbers = request.POST.getlist("chosen")
            chosen = [offer for offer in offers if str(offer.number) in numbers]
            try:
                rows = referencing.add_references(chosen, by=who(request))
            except referencing.CannotAdd as error:
                refusal = str(error)
            else:
                keys = ", ".join(f"@{row.key}" for row in rows)
                messages.success(request, f"Added: {keys}.")
                return redirect(LIST)
        lines = [(offer, markup.source_html(offer.csl)) for offer in offers]
        return self._paste_screen(request, form, lines=lines, refusal=refusal)

    def _paste_screen(
        self, request: HttpRequest, form: PasteForm, **shown: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Add from a citation",
            "opts": self.opts,
            "form": form,
            "reasons": [shown["refusal"]] if shown.get("refusal") else [],
            "media": self.media,
            **shown,
        }
        return TemplateResponse(request, "admin/articles/paste.html", context)

    def _filled_in(self, request: HttpRequest, pasted: Pasted) -> HttpResponse:
        """The add form as it opens, with the details in it; saving it is another request."""
        csl = alone(pasted)
        called = "" if pasted.sources else next(iter(csl))
        taken = set(Reference.objects.values_list("key", flat=True))
        key = "" if called else proposed_key(csl, taken=taken)
        form = self.get_form(request)(instance=Reference(key=key, csl=csl))
        fieldsets: Any = self.get_fieldsets(request)
        shown = AdminForm(form, fieldsets, {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": "Add reference",
            "told": BY_HAND.format(called=called) if called else FILLED_IN,
            "adminform": shown,
            "errors": form.errors,
            "inline_admin_formsets": [],
            "is_popup": False,
            "to_field": None,
            "media": self.media + form.media,
        }
        return self.render_change_form(
            request, context, add=True, form_url=reverse(ADD)
        )
