"""Corrections of a key after people had answered. Written by regrading.py alone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models import Reference
from quizzes.models.questions import QuestionVersion


class Policy(models.TextChoices):
    NEVER_WORSE = "never_worse", "nobody gets less than before"
    STRICT = "strict", "everybody gets what the new key gives"


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", "waits for a second person"
    APPLIED = "applied", "applied"
    REJECTED = "rejected", "rejected"


class KeyCorrection(models.Model):
    """Another key for a published question, and who stands for it."""

    question_version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="corrections"
    )
    old_scoring = models.JSONField()
    new_scoring = models.JSONField()
    reason = models.CharField(max_length=500, help_text="Learners read this.")
    evidence = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="+")
    evidence_changed = models.BooleanField(
        "the evidence changed since",
        default=False,
        help_text="The old answer was right when it was given.",
    )
    policy = models.CharField(max_length=12, choices=Policy, default=Policy.NEVER_WORSE)
    state = models.CharField(
        max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "key correction"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question_version"],
                condition=Q(state=CorrectionState.PROPOSED),
                name="one_correction_waits_per_question",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CorrectionState.values),
                name="correction_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=Policy.values), name="correction_policy_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=CorrectionState.PROPOSED) & Q(decided_at__isnull=False)),
                name="correction_is_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.APPLIED)
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="correction_needs_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"Key of {self.question_version}"
