"""The forms of questions and quizzes on the staff side."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.forms import Lines, MoveForm, PlacedFormSet, SeenForm, TokenForm
from articles.models import Passage
from quizzes.models import Basis, Option, QuestionVersion, Quiz, QuizSlot, QuizVersion
from quizzes.suspicion import notices, seal

Choices = list[tuple[str, Any]]


class QuestionVersionForm(TokenForm):
    class Meta:
        model = QuestionVersion
        fields = (
            "kind",
            "audience",
            "stem",
            "explanation",
            "tolerance",
            "unit",
            "references",
            "change_kind",
            "change_note",
        )
        widgets = {
            "explanation": Lines(attrs={"rows": 2, "cols": 80}),
            "stem": Lines(attrs={"rows": 2, "cols": 80}),
            "change_note": forms.TextInput(attrs={"size": 60}),
        }


class PlacedForm(forms.ModelForm):
    """A row with a place, which is found for it when it is left empty."""

    position = forms.IntegerField(
        label="Place",
        required=False,
        min_value=0,
        max_value=32_000,
        help_text="They stand in the order of these numbers.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None


class OptionForm(PlacedForm):
    class Meta:
        model = Option
        fields = (
            "position",
            "text",
            "match",
            "is_right",
            "explanation",
            "misconception",
        )
        widgets = {
            "match": forms.TextInput(attrs={"size": 80}),
            "text": forms.TextInput(attrs={"size": 80}),
            "explanation": Lines(attrs={"rows": 2, "cols": 80}),
        }


class SlotForm(PlacedForm):
    """A place in a quiz. Its question stays; to ask another one, delete it and add one.

    Two rows that swapped their questions would be refused halfway by the database.
    """

    class Meta:
        model = QuizSlot
        fields = ("position", "question", "pool_topic", "pool_tag", "draw")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["question"].widget = forms.HiddenInput()

    def clean_question(self) -> Any:
        stays = bool(self.instance.pk)
        return self.instance.question if stays else self.cleaned_data["question"]


class PartFormSet(PlacedFormSet):
    """Options or slots."""


def passage_choices(*, at: dt.datetime) -> Choices:
    """Every passage that readers see, under the title of its page."""
    live = (
        Passage.objects.live(at)
        .select_related("version")
        .defer("body", "version__html")
        .order_by("version__title", "position", "pk")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for passage in live:
        value = f"{passage.version.article_id}#{passage.key}"
        groups.setdefault(passage.version.title, []).append((value, passage.heading))
    return list(groups.items())


class BasisForm(forms.ModelForm):
    """The passage by its heading; stored as article and key."""

    passage = forms.ChoiceField(
        label="Passage",
        help_text="Learners are sent to it after the answer. It must hold the answer.",
    )

    class Meta:
        model = Basis
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = basis_value(self.instance) if self.instance.pk else ""
        known = {value for _, group in choices for value, _ in group}
        absent = [(stored, f"Not on the site: {self.instance}")] if stored else []
        field = self.fields["passage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose a passage"),
            *([] if stored in known else absent),
            *choices,
        ]
        self.initial["passage"] = stored

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        article_id, _, key = self.cleaned_data.get("passage", "").partition("#")
        if article_id:
            self.instance.article_id = int(article_id)
            self.instance.passage_key = key
        return cleaned


def basis_value(basis: Basis) -> str:
    return f"{basis.article_id}#{basis.passage_key}"


class QuizVersionForm(TokenForm):
    class Meta:
        model = QuizVersion
        fields = (
            "title",
            "intro",
            "minutes",
            "ask_certainty",
            "needed",
            "pass_mark",
            "attempts_allowed",
            "time_limit",
            "gives_certificate",
        )
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            "intro": Lines(attrs={"rows": 3, "cols": 80}),
        }


class QuizForm(forms.ModelForm):
    class Meta:
        model = Quiz
        fields = ("slug", "purpose", "article", "passage_key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its questions were chosen, and people have answered them, for this purpose.
        if "purpose" in self.fields:
            self.fields["purpose"].disabled = self.is_public

    def validate_unique(self) -> None:
        """Django leaves out constraints on what the form does not show, as `closed_at`."""
        super().validate_unique()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)

    @property
    def is_public(self) -> bool:
        if not self.instance.pk:
            return False
        return bool(self.instance.versions.exclude(published_at=None).exists())

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if self.is_public and slug != self.initial["slug"]:
            msg = "Learners have this address already, so it stays."
            raise ValidationError(msg, code="public")
        return slug


def _seal_of(version: QuestionVersion | None) -> str:
    told = notices(version, at=timezone.now()) if version else ()
    return seal(told)


class PublishQuestionForm(SeenForm):
    """Carries what is told of the sources too, and what those say who may publish alone."""

    seen_sources = forms.CharField(widget=forms.HiddenInput, required=False)
    override_reason = forms.CharField(
        label="Why nobody else checks it",
        max_length=300,
        required=False,
        widget=Lines(attrs={"rows": 2}),
        help_text="Only if you wrote it yourself and cannot wait for a colleague. It stays "
        "in the history.",
    )

    def __init__(self, *args: Any, row: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        if not user.has_perm("quizzes.override_questionversion"):
            del self.fields["override_reason"]

    def seen(self, row: Any) -> dict[str, str]:
        return {**super().seen(row), "seen_sources": _seal_of(row)}


class AcceptForm(MoveForm):
    """Carries the wording of the passage that the screen shows, and what it tells of sources."""

    SEEN: ClassVar[dict[str, str]] = {"seen_hash": "live_hash"}

    seen_hash = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_sources = forms.CharField(widget=forms.HiddenInput, required=False)

    def seen(self, row: Any) -> dict[str, str]:
        return {**super().seen(row), "seen_sources": _seal_of(row.in_use)}


class WithdrawCertificateForm(MoveForm):
    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=300,
        widget=Lines(attrs={"rows": 2}),
        help_text="Whoever holds the certificate reads this.",
        error_messages={"required": "Say why the certificate is withdrawn."},
    )


class RetireForm(MoveForm):
    reason = forms.CharField(
        label="Why it is retired",
        max_length=300,
        widget=Lines(attrs={"rows": 2}),
        help_text="For colleagues. Learners do not see it.",
        error_messages={"required": "Say why the question is retired."},
    )
