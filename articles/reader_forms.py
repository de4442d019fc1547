"""Forms that readers fill in."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from articles.models import ReportKind

SAID = [
    (ReportKind.CLEAR, "It is clear"),
    (ReportKind.UNCLEAR, "It is not clear"),
    (ReportKind.WRONG, "Something is wrong"),
]


class ReportForm(forms.Form):
    """Was this passage clear? Asks for nothing about the person."""

    kind = forms.ChoiceField(
        label="What do you want to tell us?",
        choices=SAID,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you want to tell us.",
            "invalid_choice": "Choose one of the answers on this page.",
        },
    )
    text = forms.CharField(
        label="Which words, and why?",
        required=False,
        max_length=500,
        help_text="At most 500 characters. Please leave out your name and your own health.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        self.helper.attrs = {"novalidate": True}
        self.helper.form_show_errors = False
        self.helper.add_input(Submit("send", "Send"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == ReportKind.WRONG and not cleaned.get("text"):
            self.add_error("text", "Say in a few words what is wrong.")
        return cleaned
