"""Sources: their details as fields instead of JSON, and where each is used."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import markup, publishing
from articles.admin.confirm import PlainAdmin
from articles.admin.terms import on_the_site
from articles.citations import csl_faults
from articles.models import (
    Article,
    Reference,
    ReferenceStatus,
    where_used,
)

TYPES = [
    ("article-journal", "journal article"),
    ("report", "report or guideline"),
    ("webpage", "web page"),
    ("book", "book"),
    ("chapter", "chapter"),
    ("paper-conference", "conference paper"),
    ("dataset", "data set"),
    ("document", "other document"),
]
# Fields that are stored as they are typed, by their names in CSL-JSON.
PLAIN = {
    "type": "type",
    "cited_title": "title",
    "container": "container-title",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "cited_doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
}


class ReferenceForm(forms.ModelForm):
    """Details as fields; what the form does not know of the CSL item stays in it."""

    type = forms.ChoiceField(label="Kind of source", choices=TYPES)
    cited_title = forms.CharField(label="Title", max_length=500)
    authors = forms.CharField(
        label="Authors",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One on each line: “Slamon, D. J.” for a person, “World Health "
        "Organization” without a comma for a body.",
    )
    published_in = forms.IntegerField(
        label="Year", min_value=1800, max_value=2100, required=False
    )
    container = forms.CharField(
        label="Journal, book or site", max_length=300, required=False
    )
    publisher = forms.CharField(max_length=200, required=False)
    volume = forms.CharField(max_length=40, required=False)
    issue = forms.CharField(max_length=40, required=False)
    pages = forms.CharField(max_length=60, required=False)
    cited_doi = forms.RegexField(
        r"^10\.\d{4,9}/\S+$",
        label="DOI",
        max_length=200,
        required=False,
        help_text="Such as 10.1056/NEJM200103153441101.",
        error_messages={"invalid": "A DOI begins with 10. and has a slash in it."},
    )
    pmid = forms.RegexField(
        r"^\d{1,9}$",
        label="PMID",
        required=False,
        error_messages={"invalid": "A PMID is a number of up to nine digits."},
    )
    pmcid = forms.RegexField(
        r"^PMC\d{1,9}$",
        label="PMCID",
        required=False,
        error_messages={"invalid": "A PMCID is PMC and a number."},
    )
    url = forms.URLField(label="Web address", required=False, assume_scheme="https")

    class Meta:
        model = Reference
        fields = ("key", "status", "status_note", "superseded_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        csl = self.instance.csl
        for name, stored in PLAIN.items():
            self.initial.setdefault(name, csl.get(stored, ""))
        self.initial.setdefault("authors", "\n".join(map(_line, csl.get("author", []))))
        self.initial.setdefault("published_in", _date(csl)[0] if _date(csl) else None)
        self._offer_type(csl.get("type"))
        if self.instance.pk and "key" in self.fields:
            self.fields["key"].widget.attrs["readonly"] = True

    def _offer_type(self, stored: str | None) -> None:
        field = self.fields["type"]
        if (
            stored
            and stored not in dict(TYPES)
            and isinstance(field, forms.ChoiceField)
        ):
            field.choices = [*TYPES, (stored, stored)]

    def clean_key(self) -> str:
        """Texts cite it, so it never changes."""
        return self.instance.key if self.instance.pk else str(self.cleaned_data["key"])

    def clean_cited_doi(self) -> str:
        doi = str(self.cleaned_data["cited_doi"]).strip()
        others = Reference.objects.exclude(pk=self.instance.pk)
        twin = others.filter(doi=doi.lower()).first() if doi else None
        if twin:
            msg = f"The source @{twin.key} has this DOI already. Cite that one."
            raise ValidationError(msg, code="twin")
        return doi

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("superseded_by") == self.instance and self.instance.pk:
            self.add_error("superseded_by", "A source cannot be superseded by itself.")
        if not self.errors:
            self.instance.csl = self._csl()
            for fault in csl_faults(self.instance.csl):
                self.add_error(None, fault)
        return cleaned

    def _csl(self) -> dict[str, Any]:
        csl = dict(self.instance.csl)
        for name, stored in PLAIN.items():
            csl[stored] = self.cleaned_data[name]
        if "authors" in self.changed_data:
            lines = self.cleaned_data["authors"].splitlines()
            csl["author"] = [_person(line) for line in lines if line.strip()]
        if "published_in" in self.changed_data:
            year = self.cleaned_data["published_in"]
            csl["issued"] = {"date-parts": [[year]]} if year else {}
        return {name: value for name, value in csl.items() if value}


def _date(csl: dict[str, Any]) -> list[int]:
    parts = csl.get("issued", {}).get("date-parts", [])
    return list(parts[0]) if parts else []


def _line(person: dict[str, str]) -> str:
    if "literal" in person:
        return person["literal"]
    return f"{person.get('family', '')}, {person.get('given', '')}".strip(", ")


def _person(line: str) -> dict[str, str]:
    family, comma, given = line.partition(",")
    if not comma:
        return {"literal": line.strip()}
    return {"family": family.strip(), "given": given.strip()}


@admin.register(Reference)
class ReferenceAdmin(PlainAdmin):
    form = ReferenceForm
    change_form_template = "admin/articles/reference.html"
    autocomplete_fields = ["superseded_by"]
    list_display = ["key", "title", "year", "status"]
    list_filter = ["status"]
    search_fields = ["key", "title", "doi"]
    fieldsets = [
        (None, {"fields": ["key", "type", "cited_title", "authors"]}),
        (
            "Published",
            {
                "fields": [
                    "published_in",
                    "container",
                    "publisher",
                    "volume",
                    "issue",
                    "pages",
                ]
            },
        ),
        ("Where to find it", {"fields": ["cited_doi", "pmid", "pmcid", "url"]}),
        (
            "Does it still hold?",
            {
                "fields": ["status", "status_note", "superseded_by"],
                "description": "Anything but “current” is printed on every page that cites "
                "the source, and its questions wait until somebody has looked.",
            },
        ),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old versions cite it for ever. Say instead that it no longer holds."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            names = ["key", "as_printed", "status", "status_note", "superseded_by"]
            return [(None, {"fields": names})]
        return super().get_fieldsets(request, obj)

    @admin.display(description="source")
    def as_printed(self, reference: Reference) -> str:
        return f"{reference.title} ({reference.year or 'no year'})"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["as_printed"]

    def save_model(
        self, request: HttpRequest, obj: Reference, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            at = timezone.now()
            pages = on_the_site(at).filter(passages__citations__reference=obj)
            publishing.rerender(pages.distinct(), at=at)
            # Pages that ask a question which rests on this source change too.
            publishing.touch(list(Article.objects.values_list("pk", flat=True)), at=at)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj: Reference | None = options.get("obj")
        if obj is not None:
            context["uses"] = where_used(obj, at=timezone.now())
            context["source_html"] = markup.source_html(obj.csl)
            context["is_current"] = obj.status == ReferenceStatus.CURRENT
        return super().render_change_form(request, context, *args, **options)
