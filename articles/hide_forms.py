"""What the confirm screens ask that hide a passage and show it again."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from articles.forms import Lines, MoveForm
from articles.models import HiddenPassage, Passage


def _choose() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Which passage",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the passage.",
            "invalid_choice": "Somebody else was faster: this passage is not in the list now.",
        },
    )


def _offer(form: MoveForm, choices: Iterable[tuple[str, str]]) -> None:
    field = form.fields["passage"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class HideForm(MoveForm):
    """Of an article: one of the passages that readers see."""

    passage = _choose()
    reason = forms.CharField(
        label="Why it is hidden",
        max_length=300,
        help_text="Readers see this sentence in its place.",
        widget=Lines(attrs={"rows": 3}),
        error_messages={"required": "Why is it hidden?"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = Passage.objects.shown(timezone.now())
        rows = shown.filter(version__article=self.row.pk)
        _offer(self, rows.values_list("key", "heading"))


class ShowAgainForm(MoveForm):
    """Of an article: one of the passages that are hidden."""

    passage = _choose()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = HiddenPassage.objects.in_force().filter(article=self.row.pk)
        _offer(self, ((row.key, f"{row.key}: {row.reason}") for row in rows))
