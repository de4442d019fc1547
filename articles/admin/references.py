"""Sources: their details as fields instead of JSON, and where each is used."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import markup, referencing, rendering
from articles.admin.pasted import PastingAdmin
from articles.admin.retractions import RetractingAdmin
from articles.citations import csl_faults
from articles.csl import KINDS, line_of, person_of
from articles.fingerprint import content_hash
from articles.models import (
    Reference,
    ReferenceStatus,
    where_coming,
    where_used,
)

LABELS = (
    "journal article",
    "report or guideline",
    "web page",
    "book",
    "chapter",
    "conference paper",
    "data set",
    "other document",
)
TYPES = list(zip(KINDS, LABELS, strict=True))
# Fields that are stored as they are typed, by their names in CSL-JSON.
PLAIN = {
    "type": "type",
    "cited_title": "title",
    "container": "container-title",
    "publisher": "publisher",
    "place": "publisher-place",
    "edition": "edition",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "cited_doi": "DOI",
    "cited_pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
}


STATUS = ("status", "status_note", "status_on", "superseded_by")
STALE = (
    "Somebody changed this source while you were writing. What is stored now stands above, and "
    "its status in the fields below; of the details, yours are in the fields. Compare, and save again."
)
PEOPLE = {"authors": "author", "editors": "editor"}


class LongLine(forms.Textarea):
    """A line that may be longer than a screen is wide: shown on several, kept as one."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.split()) if isinstance(value, str) else value


class ReferenceForm(forms.ModelForm):
    """Details as fields; what the form does not know of the CSL item stays in it."""

    type = forms.ChoiceField(label="Kind of source", choices=TYPES)
    cited_title = forms.CharField(label="Title", max_length=500, widget=LongLine)
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
        label="Journal, book or site", max_length=300, required=False, widget=LongLine
    )
    editors = forms.CharField(
        label="Editors of the book",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For a chapter: one on each line, written like authors.",
    )
    publisher = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"class": "long"})
    )
    place = forms.CharField(max_length=100, required=False)
    edition = forms.CharField(max_length=60, required=False)
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
    cited_pmid = forms.RegexField(
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
    url = forms.URLField(
        label="Web address",
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "long"}),
    )
    accessed_on = forms.DateField(
        label="Read on",
        required=False,
        widget=AdminDateWidget,
        help_text="For a web page: the day on which it said so.",
    )

    # What was stored when the form was opened.
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Reference
        fields = ("key", "status", "status_note", "status_on", "superseded_by")
        widgets: ClassVar = {"status_note": LongLine}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["token"] = _token(self.instance)
        self.is_stale = bool(self.instance.pk) and self.is_bound and self._catch_up()
        csl = self.instance.csl
        for name, stored in PLAIN.items():
            self.initial.setdefault(name, csl.get(stored, ""))
        for name, role in PEOPLE.items():
            self.initial.setdefault(name, "\n".join(map(line_of, csl.get(role, []))))
        self.initial.setdefault("accessed_on", _day(csl))
        self.initial.setdefault("published_in", _date(csl)[0] if _date(csl) else None)
        self._offer_type(csl.get("type"))
        if self.instance.pk and "key" in self.fields:
            self.fields["key"].widget.attrs["readonly"] = True

    def _catch_up(self) -> bool:
        """Whether somebody saved meanwhile; then their status stands in the form, not the old one."""
        if self.data.get("token") == self.initial["token"]:
            return False
        stored = {name: self.initial.get(name) or "" for name in (*STATUS, "token")}
        self.data = {**dict(self.data.items()), **stored}
        return True

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
        self._refuse_twin("DOI", doi=doi.lower())
        return doi

    def clean_cited_pmid(self) -> str:
        pmid = str(self.cleaned_data["cited_pmid"])
        self._refuse_twin("PMID", pmid=pmid)
        return pmid

    def _refuse_twin(self, called: str, **number: str) -> None:
        others = Reference.objects.exclude(pk=self.instance.pk)
        twin = others.filter(**number).first() if all(number.values()) else None
        if twin:
            msg = f"The source @{twin.key} has this {called} already. Cite that one."
            raise ValidationError(msg, code="twin")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("superseded_by") == self.instance and self.instance.pk:
            self.add_error("superseded_by", "A source cannot be superseded by itself.")
        if self.cleaned_data.get("status") not in (None, ReferenceStatus.CURRENT):
            self._ask_who_says_so()
        if self.is_stale:
            self.add_error(None, STALE)
        if not self.errors:
            self.instance.csl = self._csl()
            for fault in csl_faults(self.instance.csl):
                self.add_error(None, fault)
        return cleaned

    def _ask_who_says_so(self) -> None:
        if not self.cleaned_data.get("status_note"):
            self.add_error("status_note", "Who says so, and where? Readers see this.")
        if not self.cleaned_data.get("status_on") and "status_on" not in self.errors:
            self.add_error("status_on", "Since which day? That of the notice.")

    def _csl(self) -> dict[str, Any]:
        csl = dict(self.instance.csl)
        for name, stored in PLAIN.items():
            csl[stored] = self.cleaned_data[name]
        for name, role in PEOPLE.items():
            if name in self.changed_data:
                lines = self.cleaned_data[name].splitlines()
                csl[role] = [person_of(line) for line in lines if line.strip()]
        if "accessed_on" in self.changed_data:
            day = self.cleaned_data["accessed_on"]
            parts = [[day.year, day.month, day.day]] if day else []
            csl["accessed"] = {"date-parts": parts} if day else {}
        if "published_in" in self.changed_data:
            year = self.cleaned_data["published_in"]
            csl["issued"] = {"date-parts": [[year]]} if year else {}
        return {name: value for name, value in csl.items() if value}


def _token(source: Reference) -> str:
    status = [
        str(getattr(source, f"{name}_id" if name == "superseded_by" else name))
        for name in STATUS
    ]
    return content_hash([source.csl, *status])


def _date(csl: dict[str, Any]) -> list[int]:
    parts = csl.get("issued", {}).get("date-parts", [])
    return list(parts[0]) if parts else []


def _day(csl: dict[str, Any]) -> dt.date | None:
    """The day on which a page was read, where all of it is known."""
    try:
        return dt.date(*csl["accessed"]["date-parts"][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


@admin.register(Reference)
class ReferenceAdmin(PastingAdmin, RetractingAdmin):
    form = ReferenceForm
    change_form_template = "admin/articles/reference.html"
    change_list_template = "admin/articles/reference_list.html"
    autocomplete_fields = ["superseded_by"]
    list_display = ["key", "title", "year", "status"]
    list_filter = ["status"]
    search_fields = ["key", "title", "doi", "pmid"]
    fieldsets = [
        (None, {"fields": ["key", "type", "cited_title", "authors"]}),
        (
            "Published",
            {
                "fields": [
                    "published_in",
                    "container",
                    "editors",
                    "edition",
                    "place",
                    "publisher",
                    "volume",
                    "issue",
                    "pages",
                ]
            },
        ),
        (
            "Where to find it",
            {"fields": ["cited_doi", "cited_pmid", "pmcid", "url", "accessed_on"]},
        ),
        (
            "Does it still hold?",
            {
                "fields": STATUS,
                "description": "Anything but “current” is printed on every page that cites "
                "the source. Its questions are not asked: until somebody has looked, where it was "
                "corrected or superseded; until it is taken out, where it is gone.",
            },
        ),
    ]

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Before it is written nobody else may: the form compares what it saw with what is stored."""
        if request.method == "POST":
            rendering.hold_stock()
        return super().get_object(request, *args, **options)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old versions cite it for ever. Say instead that it no longer holds."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            names = ["key", "as_printed", *STATUS]
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
        if not set(STATUS).isdisjoint(form.changed_data):
            obj.status_set_at = referencing.moment_of_status()
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            referencing.renew_pages([obj], at=timezone.now())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj: Reference | None = options.get("obj")
        if obj is not None:
            context["uses"] = where_used(obj, at=timezone.now())
            context["coming"] = where_coming(obj, at=timezone.now())
            context["source_html"] = markup.source_html(obj.csl)
        return super().render_change_form(request, context, *args, **options)
