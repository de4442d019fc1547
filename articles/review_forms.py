"""The forms of those who check: signing off, by account or link, and reviewing a page that stands."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from articles.forms import Lines, MoveForm, WithdrawForm, reason_field, with_values
from articles.inviting import LONGEST_DAYS
from articles.models import (
    LinkOutcome,
    ReviewLink,
    ReviewOutcome,
    SignOffKind,
    Status,
)
from articles.reviewing import is_own_edit, may_override


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
        if not (is_own_edit(row, user) and may_override(user)):
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


class InviteForm(MoveForm):
    """For whom the link is, what it asks, and for how long."""

    LOOK = ("", "Nothing: only to look at it")

    name = forms.CharField(
        label="For whom", max_length=120, help_text="A person's name. They can mend it."
    )
    role = forms.CharField(label="Their profession", max_length=160, required=False)
    kind = forms.ChoiceField(
        label="What you ask for", required=False, widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label="Days for which it works",
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=14,
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        # A draft can still change, so nobody can sign it.
        asked = [] if row.status == Status.DRAFT else SignOffKind.choices
        kind.choices = [*asked, self.LOOK]
        kind.initial = kind.choices[0][0]


class LinkAnswerForm(forms.Form):
    """What the person behind a link says of the text."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="When you sign off, readers see your name and profession.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    role = forms.CharField(
        label="Your profession",
        max_length=160,
        help_text="Or what lets you judge this text, such as “patient”.",
        error_messages={"required": "Write your profession."},
    )
    remark = forms.CharField(
        label="Remark for the authors",
        max_length=2000,
        required=False,
        help_text="If you ask for changes: which, and why. Readers do not see it.",
        widget=Lines(attrs={"rows": 6}),
    )
    seen_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, link: ReviewLink, action: str) -> None:
        seen = link.version.content_hash
        initial = {"name": link.name, "role": link.role, "seen_hash": seen}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        # Without it the browser keeps “#…”, and jumps past what there is to mend.
        self.helper.form_action = action
        self.helper.form_show_errors = False  # they stand at the head of the page
        self.helper.attrs = {"novalidate": True}
        # First, for the Enter key presses the first button: a slip must not sign anything.
        self.helper.add_input(Submit("changes", "Ask for changes"))
        self.helper.add_input(Submit("sign", "Sign off this text"))

    @property
    def outcome(self) -> LinkOutcome:
        is_signed = "sign" in self.data and "changes" not in self.data
        return LinkOutcome.SIGNED if is_signed else LinkOutcome.CHANGES

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_silent = not cleaned.get("remark") and "remark" not in self.errors
        if self.outcome == LinkOutcome.CHANGES and is_silent:
            self.add_error("remark", "Say what has to change.")
        return cleaned

    def answer(self) -> dict[str, Any]:
        """What `inviting.answer` asks for."""
        return {**self.cleaned_data, "outcome": self.outcome}

    def show_again(self, problem: str, *, link: ReviewLink) -> None:
        """Keep what was typed, beside the text as it is by now."""
        self.data = with_values(self.data, {"seen_hash": link.version.content_hash})
        self.add_error(None, problem)
