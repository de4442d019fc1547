"""The forms of those who check: signing off, reviewing a page that stands, ending it."""

from typing import Any, ClassVar

from django import forms

from articles.forms import Lines, MoveForm, WithdrawForm, reason_field
from articles.models import ReviewOutcome, SignOffKind
from articles.reviewing import is_own_edit

OVERRIDE = "articles.override_articleversion"


class NamedForm(MoveForm):
    """Says who speaks, and as what."""

    name = forms.CharField(
        label="Your name", max_length=120, help_text="Readers see your name."
    )
    role = forms.CharField(
        label="Your profession", max_length=160, help_text="Readers see this too."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = getattr(self.user, "name", "")


class SignOffForm(NamedForm):
    """With a field for the last editor, when they may sign their own text all the same."""

    kind = forms.ChoiceField(
        label="What you checked", choices=SignOffKind, widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label="Remark for colleagues",
        max_length=500,
        required=False,
        widget=Lines(attrs={"rows": 2}),
    )
    override_reason = reason_field(
        "Why nobody else can sign it off",
        longest=500,
        help_text="You made the last edit yourself. Your reason stays in the history, and "
        "colleagues see it beside your sign-off.",
    )
    seen_hash = forms.CharField(widget=forms.HiddenInput)

    SEEN: ClassVar[dict[str, str]] = {"seen_hash": "content_hash"}
    field_order = ("kind", "name", "role", "remark", "override_reason", "seen_hash")

    def __init__(self, *args: Any, row: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        if not (is_own_edit(row, user) and user.has_perm(OVERRIDE)):
            del self.fields["override_reason"]


class PeriodicReviewForm(NamedForm):
    outcome = forms.ChoiceField(
        label="What you found", choices=ReviewOutcome, widget=forms.RadioSelect
    )
    evidence_checked = forms.BooleanField(
        label="I compared the page with its sources and looked for newer evidence.",
        required=False,
    )
    remark = forms.CharField(
        label="What has to change, or why it should go",
        max_length=500,
        required=False,
        help_text="Colleagues read this.",
        widget=Lines(attrs={"rows": 3}),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    SEEN: ClassVar[dict[str, str]] = {"seen_version": "live_pk"}
    field_order = ("outcome", "evidence_checked", "remark", "name", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "Colleagues see your name."
        self.fields["role"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome == ReviewOutcome.NO_CHANGE and not cleaned.get("evidence_checked"):
            msg = "Look at the evidence before you say that the page is right, and tick this."
            self.add_error("evidence_checked", msg)
        if outcome in (ReviewOutcome.CHANGE, ReviewOutcome.RETIRE):
            self._must_say_what(cleaned)
        return cleaned

    def _must_say_what(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("remark") and "remark" not in self.errors:
            self.add_error("remark", "Say what has to change, or why it should go.")


class RetireForm(WithdrawForm):
    reason = reason_field(
        "Why it goes for good", longest=500, help_text="Readers see this sentence."
    )
