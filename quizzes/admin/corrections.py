"""Corrections of a key: a form for each kind of question, and the screens of the decision."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.admin.confirm import Button, Done, Move, MovingAdmin, Values, admin_url
from articles.fingerprint import content_hash
from articles.forms import Lines, MoveForm, with_values
from articles.models import Reference, ReferenceStatus
from quizzes import marks, regrading, rescores
from quizzes.keys import answer_lines, figures, texts_of
from quizzes.models import (
    CorrectionState,
    KeyCorrection,
    Kind,
    Policy,
    Question,
    QuestionVersion,
    VersionStatus,
)
from quizzes.suspicion import accepted_passage

By = AbstractBaseUser
CORRECT = "quizzes.correct_questionversion"


# --- Proposing -------------------------------------------------------------------------------


class CorrectionForm(MoveForm):
    """Another key, and why. Subclasses ask for the key as the kind of question wants it.

    It is sent twice: the first time shows what the key would do, the second one stores it.
    """

    reason = forms.CharField(
        label="Why the key is corrected",
        max_length=500,
        widget=Lines(attrs={"rows": 3}),
        help_text="Learners read this sentence beside their answer.",
        error_messages={"required": "Say why the key is corrected. Learners read it."},
    )
    evidence = forms.ModelChoiceField(
        label="The source that shows it",
        queryset=Reference.objects.filter(status=ReferenceStatus.CURRENT),
        error_messages={"required": "Choose the source that shows it."},
    )
    evidence_changed = forms.BooleanField(
        label="The evidence changed since: the old answer was right at the time",
        required=False,
    )
    policy = forms.ChoiceField(
        label="Marks already given",
        choices=Policy,
        initial=Policy.NEVER_WORSE,
        widget=forms.RadioSelect,
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    """Names the key and policy whose effect the screen showed."""

    def __init__(self, *args: Any, row: models.Model, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        version = version_of(row)
        assert version is not None  # else there is no such form
        self.version = version
        self.texts = texts_of(version, accepted_passage(version.basis))
        self.in_force = marks.read(version.key)
        self.add_key_fields()
        self.order_fields(
            ["shown", *(n for n in self.fields if n not in self.base_fields)]
        )

    def add_key_fields(self) -> None:
        raise NotImplementedError

    def scoring(self) -> dict[str, Any]:
        """The key that was entered. Raises ValidationError."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            cleaned["key"] = regrading.checked_key(self.version, self.scoring())
        except regrading.CannotCorrect as refusal:
            raise ValidationError(str(refusal), code="key") from refusal
        return cleaned

    @property
    def _entered(self) -> str:
        entered = {name: self.cleaned_data[name] for name in ("key", "policy")}
        return content_hash(entered)

    def is_settled(self) -> bool:
        return bool(self.cleaned_data["shown"] == self._entered)

    def see(self, row: models.Model) -> None:
        """The screen is about to show the effect of what was entered."""
        super().see(row)
        if self.is_bound and self.is_valid():
            self.data = with_values(self.data, {"shown": self._entered})

    @cached_property
    def effect(self) -> rescores.Effect | None:
        """What the entered key would do; None before one was entered."""
        if not (self.is_bound and self.is_valid()):
            return None
        key, policy = self.cleaned_data["key"], self.cleaned_data["policy"]
        return rescores.dry_run(self.version, key, policy=policy)


class ChoiceKeyForm(CorrectionForm):
    """Which options are right."""

    def add_key_fields(self) -> None:
        assert isinstance(self.in_force, marks.Choice)
        self.fields["right"] = forms.MultipleChoiceField(
            label="Right answers",
            choices=list(self.texts.lines.items()),
            initial=sorted(self.in_force.right),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def scoring(self) -> dict[str, Any]:
        options = self.version.key["options"]
        return {"options": options, "right": self.cleaned_data["right"]}


class MatchingKeyForm(CorrectionForm):
    """What each row belongs to."""

    def add_key_fields(self) -> None:
        assert isinstance(self.in_force, marks.Matching)
        choices = sorted(self.texts.matches.items(), key=lambda match: match[1].lower())
        for row, text in self.texts.lines.items():
            self.fields[f"row-{row}"] = forms.ChoiceField(
                label=f"“{text}” belongs to",
                choices=choices,
                initial=self.in_force.pairs[row],
            )

    def scoring(self) -> dict[str, Any]:
        pairs = {row: self.cleaned_data[f"row-{row}"] for row in self.texts.lines}
        return {**self.version.key, "pairs": pairs}


class OrderingKeyForm(CorrectionForm):
    """The place of each line."""

    def add_key_fields(self) -> None:
        assert isinstance(self.in_force, marks.Ordering)
        last = len(self.in_force.order)
        for token, text in self.texts.lines.items():
            self.fields[f"place-{token}"] = forms.TypedChoiceField(
                label=f"Place of “{text}”",
                choices=[(place, place) for place in range(1, last + 1)],
                initial=self.in_force.order.index(token) + 1,
                coerce=int,
            )

    def scoring(self) -> dict[str, Any]:
        places = {self.cleaned_data[f"place-{row}"]: row for row in self.texts.lines}
        if len(places) < len(self.texts.lines):
            raise ValidationError("Give each line a place of its own.", code="places")
        return {"order": [places[place] for place in sorted(places)]}


class NumberKeyForm(CorrectionForm):
    """The right number and its tolerance."""

    def add_key_fields(self) -> None:
        assert isinstance(self.in_force, marks.Number)
        for name, label, value in (
            ("value", "The right number", self.in_force.value),
            (
                "tolerance",
                "How far from it still counts as right",
                self.in_force.tolerance,
            ),
        ):
            self.fields[name] = forms.CharField(
                label=label, max_length=40, initial=figures(value)
            )

    def scoring(self) -> dict[str, Any]:
        found = {
            n: marks.number_of(self.cleaned_data[n]) for n in ("value", "tolerance")
        }
        if None in found.values():
            msg = "Enter both numbers in figures, such as 12 or 3.5."
            raise ValidationError(msg, code="figures")
        return {name: str(number) for name, number in found.items()}


FORMS: dict[str, type[CorrectionForm]] = {
    Kind.MATCHING: MatchingKeyForm,
    Kind.ORDERING: OrderingKeyForm,
    Kind.NUMBER: NumberKeyForm,
}


def version_of(row: models.Model) -> QuestionVersion | None:
    """The version itself, or the one of a question that is in use."""
    if isinstance(row, QuestionVersion):
        return row
    assert isinstance(row, Question)
    return row.versions.filter(status=VersionStatus.PUBLISHED).first()


def form_for(*args: Any, row: models.Model, user: By, **options: Any) -> MoveForm:
    """The form that fits the kind of question; an empty one where there is no key yet."""
    version = version_of(row)
    is_public = version is not None and version.status == VersionStatus.PUBLISHED
    kind = version.kind if version and is_public else None
    form = FORMS.get(kind, ChoiceKeyForm) if kind else MoveForm
    return form(*args, row=row, user=user, **options)


def _propose(row: models.Model, values: Values, by: By, at: dt.datetime) -> Done:
    version = version_of(row)
    assert version is not None  # `_cannot_correct` said so
    correction = regrading.propose(
        version,
        new_scoring=values["key"],
        reason=values["reason"],
        evidence=values["evidence"],
        evidence_changed=values["evidence_changed"],
        policy=values["policy"],
        by=by,
        at=at,
    )
    message = "Proposed. The key changes when a colleague has approved it."
    return Done(message, admin_url(correction))


def _cannot_correct(row: models.Model) -> str:
    version = version_of(row)
    if version is None or version.status != VersionStatus.PUBLISHED:
        return "There is no published version yet, so there is no key to correct."
    if version.corrections.filter(state=CorrectionState.PROPOSED).exists():
        return "A correction of this key waits for a decision already."
    return ""


def _show_key(row: models.Model, _: dt.datetime) -> dict[str, Any]:
    version = version_of(row)
    if version is None or _cannot_correct(row):
        return {}
    return {"version": version, "old": lines_of(version, version.key)}


def lines_of(version: QuestionVersion, scoring: dict[str, Any]) -> tuple[str, ...]:
    """A key of a version in words."""
    passage = accepted_passage(version.basis)
    return answer_lines(version, marks.read(scoring), passage)


CORRECT_MOVE = Move(
    name="correct",
    verb="Correct the key",
    title="Correct the key",
    explain="Use this when an answer that counts as right is not, or the other way round. "
    "Learners who answered already are told the old answer, the new one and your reason. "
    "Another person has to approve it. To change words, start a draft instead.",
    permissions=(CORRECT,),
    run=_propose,
    refusal=_cannot_correct,
    form=form_for,
    show=_show_key,
    template="admin/quizzes/correct.html",
)


# --- Deciding --------------------------------------------------------------------------------


def _approve(correction: KeyCorrection, _: Values, by: By, at: dt.datetime) -> Done:
    regrading.approve(correction, by=by, at=at)
    return Done("Approved. The new key is in force.", admin_url(correction))


def _reject(correction: KeyCorrection, _: Values, by: By, at: dt.datetime) -> Done:
    regrading.reject(correction, by=by, at=at)
    return Done("Rejected. The key stays as it is.", admin_url(correction))


def _is_decided(correction: KeyCorrection) -> str:
    is_open = correction.state == CorrectionState.PROPOSED
    return "" if is_open else regrading.DECIDED


def show_correction(correction: KeyCorrection, _: dt.datetime) -> dict[str, Any]:
    """Both keys in words, and what the new one would do or has left to decide."""
    version = correction.question_version
    waits = correction.state == CorrectionState.PROPOSED
    new, policy = correction.new_scoring, correction.policy
    return {
        "correction": correction,
        "version_url": admin_url(version),
        "old": lines_of(version, correction.old_scoring),
        "new": lines_of(version, new),
        "effect": rescores.dry_run(version, new, policy=policy) if waits else None,
        "certificates": rescores.doubtful_certificates(correction),
    }


@admin.register(KeyCorrection)
class KeyCorrectionAdmin(MovingAdmin):
    """Read only: corrections are proposed on a question's page and decided here."""

    moves = (
        Move(
            name="approve",
            verb="Approve",
            title="Approve the new key",
            explain="The new key is in force from now on. Every answer given before is marked "
            "again, and learners are told. It cannot be undone, only corrected again.",
            permissions=(CORRECT,),
            run=_approve,
            refusal=_is_decided,
            show=show_correction,
            template="admin/quizzes/decide.html",
        ),
        Move(
            name="reject",
            verb="Reject",
            title="Leave the key as it is",
            explain="No mark changes. The proposal stays in the list as rejected.",
            permissions=(CORRECT,),
            run=_reject,
            refusal=_is_decided,
            show=show_correction,
            template="admin/quizzes/decide.html",
            grave=True,
        ),
    )
    refusals: ClassVar = (regrading.CannotCorrect,)
    change_form_template = "admin/quizzes/correction.html"
    list_display = ["question", "state", "policy", "proposed_by", "proposed_at"]
    list_filter = ["state"]
    list_select_related = [
        "question_version__basis",
        "proposed_by",
        "decided_by",
        "evidence",
    ]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[KeyCorrection]:
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """None: the page says all in words, and the rows hold codes."""
        return []

    @admin.display(description="question")
    def question(self, correction: KeyCorrection) -> str:
        return str(correction.question_version)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def buttons(self, request: HttpRequest, row: models.Model) -> tuple[Button, ...]:
        """Whoever proposed it can take it back, and not approve it."""
        found: Iterable[Button] = super().buttons(request, row)
        if getattr(row, "proposed_by_id", None) == request.user.pk:
            found = (button for button in found if button.verb != "Approve")
        return tuple(found)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        correction = options["obj"]
        context |= show_correction(correction, timezone.now())
        context["buttons"] = self.buttons(request, correction)
        context["title"] = "Correction of a key"
        context["subtitle"] = None
        return super().render_change_form(request, context, *args, **options)
