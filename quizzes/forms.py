"""The learner's answer, checked against the paper and nothing else."""

import re
from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from quizzes.papers import Answers, Paper

STEP_DIGITS = 4
NAME = re.compile(r"q\d+-answer")


class AnswerForm(forms.Form):
    """One question. `of_many` puts it on a page with others, without its own buttons."""

    def __init__(
        self,
        paper: Paper,
        data: Any = None,
        *,
        legend_tag: str = "h1",
        of_many: bool = False,
        is_check: bool = False,
    ) -> None:
        # Without an attempt nothing pins the wording, so the field's name does.
        prefix = f"q{paper.version_id}" if of_many or is_check else None
        super().__init__(data, prefix=prefix, use_required_attribute=False)
        self.paper = paper
        self.fields["answer"] = _field(paper)
        if paper.kind == "several" and not (of_many or is_check):
            # Only there stands a button that skips.
            messages = self.fields["answer"].error_messages
            messages["required"] = "Select at least one answer, or skip this question."
        label = f"Question {paper.position} of {paper.of}: " if of_many else ""
        self.fields["answer"].label = label + paper.stem
        self.helper = _helper(legend_tag)
        if of_many:
            self.helper.form_tag = False
            return
        if is_check:
            _add_check_button(self.helper, paper)
            return
        self.fields["step"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial["step"] = paper.step
        _add_buttons(self.helper, paper)

    def clean_answer(self) -> Any:
        """Of two answers to a question that takes one, neither counts."""
        answer = self.cleaned_data["answer"]
        data = cast("MultiValueDict[str, str]", self.data)
        sent = data.getlist(self.add_prefix("answer"))
        if isinstance(answer, str) and len(set(sent)) > 1:
            raise ValidationError(
                self.fields["answer"].error_messages["invalid_choice"]
            )
        return answer

    @property
    def chosen(self) -> list[str]:
        """Tokens, each once; call it on a valid form."""
        answer = self.cleaned_data["answer"]
        return [answer] if isinstance(answer, str) else list(dict.fromkeys(answer))

    @property
    def was_answered(self) -> bool:
        return self.add_prefix("answer") in self.data

    def renew_step(self, step: int) -> None:
        """Make the form, sent again, fit the question as it stands now."""
        self.data = MultiValueDict({**self.data, "step": [str(step)]})

    @property
    def anchor(self) -> str:
        return f"{self['answer'].auto_id}_0"


def ask_again_if_changed(forms: Sequence[AnswerForm], *, problem: str) -> bool:
    """Whether the page held other wordings than these forms do when it was sent.

    Then `problem` is said of each question without an answer, for it may be a new one.
    """
    data = forms[0].data if forms else {}
    known = {form.add_prefix("answer") for form in forms}
    changed = any(NAME.fullmatch(name) and name not in known for name in data)
    for form in forms:
        if changed and not form.was_answered:
            form.errors["answer"] = form.error_class([problem])
    return changed


def _field(paper: Paper) -> forms.Field:
    messages = {
        "required": "Select an answer. You can choose “I am not sure”.",
        "invalid_choice": "Select one of the answers shown.",
    }
    if paper.kind == "several":
        messages["required"] = "Select at least one answer."
        messages["invalid_list"] = messages["invalid_choice"]
        return forms.MultipleChoiceField(
            choices=paper.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=paper.hint,
            error_messages=messages,
        )
    return forms.ChoiceField(
        choices=paper.choices,
        widget=forms.RadioSelect,
        help_text=paper.hint,
        error_messages=messages,
    )


def _helper(legend_tag: str) -> FormHelper:
    helper = FormHelper()
    helper.form_method = "post"
    helper.disable_csrf = True
    helper.attrs = {"novalidate": True}
    helper.legend_tag = legend_tag
    return helper


def _add_buttons(helper: FormHelper, paper: Paper) -> None:
    helper.form_action = reverse("question", args=[paper.attempt_id, paper.position])
    helper.add_input(Submit("check", "Check my answer"))
    helper.add_input(Submit("skip", "Skip this question"))


def _add_check_button(helper: FormHelper, paper: Paper) -> None:
    helper.form_action = reverse("check", args=[paper.quiz_slug])
    helper.add_input(Submit("check", "Check my answer"))


def chosen_in(data: QueryDict, allowed: Answers) -> list[str]:
    """The answer in a posted form, or nothing when it is missing or not allowed.

    The same rule as the form's own, for the way on which nothing is wrong and no form is
    shown: building one costs more than storing the answer.
    """
    chosen = list(dict.fromkeys(data.getlist("answer")))
    if len(chosen) > 1 and not allowed.several:
        return []
    return chosen if all(value in allowed.values for value in chosen) else []


def step_in(data: QueryDict) -> int:
    """The number the page was given; 0, which never fits, when it was tampered with."""
    text = data.get("step", "")
    fits = text.isascii() and text.isdigit() and len(text) <= STEP_DIGITS
    return int(text) if fits else 0
