"""The learner's answer, checked against the paper and nothing else."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from quizzes import answers, certifying
from quizzes.models import Certainty, Kind
from quizzes.papers import Paper

STEP_DIGITS = 4
NAME = re.compile(r"(q\d+-answer)(-\w+)?")
ORDER = re.compile(r"[0-9a-f]{10}(,[0-9a-f]{10})*")


class AnswerForm(forms.Form):
    """One question. `of_many` puts it on a page with others, without its own buttons.

    `order` are the lines of an ordering question as the learner moved them.
    """

    def __init__(
        self,
        paper: Paper,
        data: Any = None,
        *,
        legend_tag: str = "h1",
        of_many: bool = False,
        is_check: bool = False,
        order: Sequence[str] = (),
    ) -> None:
        # Without an attempt nothing pins the wording, so the field's name does.
        prefix = f"q{paper.version_id}" if of_many or is_check else None
        super().__init__(data, prefix=prefix, use_required_attribute=False)
        self.paper = paper
        label = f"Question {paper.position} of {paper.of}: " if of_many else ""
        alone = not (of_many or is_check)
        self.fields["answer"] = AnswerField(
            paper, order, label=label + paper.stem, alone=alone
        )
        if paper.ask_certainty:
            self.fields["certainty"] = _certainty_field()
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

    @property
    def chosen(self) -> list[str]:
        """The answer as it is stored; call it on a valid form."""
        return cast("list[str]", self.cleaned_data["answer"])

    @property
    def certainty(self) -> int | None:
        return certainty_in(self.data.get(self.add_prefix("certainty"), ""))

    @property
    def was_answered(self) -> bool:
        field = cast("AnswerField", self.fields["answer"])
        return field.was_answered(self.data, self.add_prefix("answer"))

    def renew_step(self, step: int) -> None:
        """Make the form, sent again, fit the question as it stands now."""
        posted = cast("QueryDict", self.data).copy()
        posted["step"] = str(step)
        self.data = posted

    @property
    def anchor(self) -> str:
        return f"{self['answer'].auto_id}_0"


class AnswerField(forms.Field):
    """Any kind of answer; `answers.read` says what is one."""

    def __init__(
        self, paper: Paper, order: Sequence[str], *, label: str, alone: bool
    ) -> None:
        self.paper = paper
        widget = WIDGETS.get(paper.kind, _radios)(paper, order)
        if isinstance(widget, RowSelects) and not alone:
            widget.stand_among_others()
        super().__init__(widget=widget, label=label, help_text=paper.hint)

    def clean(self, value: Any) -> list[str]:
        try:
            return answers.read(self.paper.sheet, value)
        except answers.NotAnAnswer as error:
            raise ValidationError(str(error)) from error

    def was_answered(self, data: Mapping[str, Any], name: str) -> bool:
        values = posted_in(data)
        rows = [f"{name}-{row}" for row, _ in self.paper.rows]
        return any("".join(values(field)).strip() for field in (name, *rows))


Posted = Callable[[str], Sequence[str]]


def posted_in(data: Mapping[str, Any]) -> Posted:
    """All values sent under a name. A form without data has none."""
    return data.getlist if isinstance(data, MultiValueDict) else lambda _: []


def first_of(values: Posted) -> Callable[[str], str]:
    return lambda name: next(iter(values(name)), "")


class Fields:
    """A widget whose value is a way to ask for what was sent under its names."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Posted:
        values = posted_in(data)
        return lambda field: values(field.replace("answer", name, 1))


class Radios(Fields, forms.RadioSelect):
    def format_value(self, value: Any) -> list[str]:
        return list(value("answer"))[:1] if callable(value) else []


class Checkboxes(Fields, forms.CheckboxSelectMultiple):
    def format_value(self, value: Any) -> list[str]:
        return list(value("answer")) if callable(value) else []


class NumberInput(Fields, forms.TextInput):
    def __init__(self, unit: str) -> None:
        super().__init__(attrs={"inputmode": "decimal", "size": 12})
        self.unit = unit

    def format_value(self, value: Any) -> str:
        return first_of(value)("answer") if callable(value) else ""


class RowSelects(Fields, forms.Widget):
    """A select in each line: what it belongs to, or its place."""

    use_fieldset = True

    def __init__(
        self,
        rows: Sequence[tuple[str, str]],
        choices: Sequence[tuple[str, str]],
        *,
        is_order: bool = False,
    ) -> None:
        super().__init__()
        self.rows, self.choices = rows, choices
        self.has_buttons = is_order

    def stand_among_others(self) -> None:
        """No buttons, which would send the other questions too, and no place until given."""
        if self.has_buttons:
            self.has_buttons = False
            self.choices = [("", "Choose its place"), *self.choices]

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        sent = first_of(value) if callable(value) else lambda _: ""
        last = len(self.rows) - 1
        rows = [
            {
                "name": f"{name}-{token}",
                "id": f"{(attrs or {}).get('id', name)}_{place}",
                "token": token,
                "label": label,
                "value": sent(f"answer-{token}") or self._first(place),
                "is_first": place == 0,
                "is_last": place == last,
            }
            for place, (token, label) in enumerate(self.rows)
        ]
        shown = ",".join(token for token, _ in self.rows) if self.has_buttons else ""
        context = {"rows": rows, "choices": self.choices, "shown": shown}
        return render_to_string("daylight/layout/rows.html", context)

    def _first(self, place: int) -> str:
        """Lines to be put in order begin with the place at which they stand."""
        return str(place + 1) if self.has_buttons else ""


def _radios(paper: Paper, _: Sequence[str]) -> forms.Widget:
    return Radios(choices=paper.choices)


def _checkboxes(paper: Paper, _: Sequence[str]) -> forms.Widget:
    return Checkboxes(choices=paper.choices)


def _matching(paper: Paper, _: Sequence[str]) -> forms.Widget:
    choices = [("", "Choose an answer"), *paper.choices]
    return RowSelects(paper.rows, choices)


def _ordering(paper: Paper, order: Sequence[str]) -> forms.Widget:
    labels = dict(paper.rows)
    moved = sorted(order) == sorted(labels)
    rows = [(token, labels[token]) for token in order] if moved else paper.rows
    places = [(str(place), str(place)) for place, _ in enumerate(rows, 1)]
    return RowSelects(rows, places, is_order=True)


def _number(paper: Paper, _: Sequence[str]) -> forms.Widget:
    return NumberInput(paper.unit)


WIDGETS: dict[str, Callable[[Paper, Sequence[str]], forms.Widget]] = {
    Kind.SEVERAL: _checkboxes,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.NUMBER: _number,
}


def _certainty_field() -> forms.Field:
    return forms.ChoiceField(
        label="How sure are you?",
        help_text="You need not say. It changes nothing in your result.",
        choices=[(str(value), label) for value, label in Certainty.choices],
        widget=forms.RadioSelect,
        required=False,
    )


def ask_again_if_changed(forms: Sequence[AnswerForm], *, problem: str) -> bool:
    """Whether the page held other wordings than these forms do when it was sent.

    Then `problem` is said of each question without an answer, for it may be a new one.
    """
    data = forms[0].data if forms else {}
    known = {form.add_prefix("answer") for form in forms}
    sent = [match[1] for name in data if (match := NAME.fullmatch(name))]
    changed = any(name not in known for name in sent)
    for form in forms:
        if changed and not form.was_answered:
            form.errors["answer"] = form.error_class([problem])
    return changed


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


def certainty_in(text: str) -> int | None:
    """How sure somebody said they are; nothing, when they did not say."""
    return int(text) if text in {str(value) for value in Certainty.values} else None


def order_in(text: str) -> list[str]:
    """The lines of an ordering question in an address, as far as they can be any."""
    return text.split(",") if ORDER.fullmatch(text) else []


def order_posted(data: QueryDict, paper: Paper) -> list[str]:
    """The lines in the order of the places given; ones without a place keep theirs."""
    places = {
        token: data.get(f"answer-{token}", "") for token in order_shown(data, paper)
    }
    return sorted(
        places, key=lambda token: int(places[token]) if _is_place(places[token]) else 0
    )


def order_shown(data: QueryDict, paper: Paper) -> list[str]:
    """The lines as they stood on the page, which its form says."""
    known = [token for token, _ in paper.rows]
    shown = order_in(data.get("shown", ""))
    return shown if sorted(shown) == sorted(known) else known


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= STEP_DIGITS


def step_in(data: QueryDict) -> int:
    """The number the page was given; 0, which never fits, when it was tampered with."""
    text = data.get("step", "")
    return int(text) if _is_place(text) else 0


class CertificateForm(forms.Form):
    """The name on a certificate."""

    name = forms.CharField(
        label="Your name, as you want it printed",
        help_text="It cannot be changed later. Nobody who checks the certificate online sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Write the name that is to stand on the certificate."
        },
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"name": name}, use_required_attribute=False)
        self.helper = _helper("h2")
        self.helper.add_input(Submit("issue", "Get the certificate"))

    def clean_name(self) -> str:
        try:
            return certifying.printable(self.cleaned_data["name"])
        except certifying.CannotIssue as error:
            raise ValidationError(str(error), code="not_printable") from error
