"""Spaced review: when each person looks at a question again. Written by recalling.py alone."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quizzes.models.corrections import KeyCorrection
from quizzes.models.questions import Question
from quizzes.models.quizzes import Quiz, QuizVersion


class ReviewCardQuerySet(models.QuerySet["ReviewCard"]):
    def due(self, at: dt.datetime) -> Self:
        """Ready to look at again: first what changed, then what is due longest.

        What may not be asked now waits: a suspect or retired question, a closed quiz.
        """
        return self.filter(
            due_at__lte=at,
            question__in=Question.objects.askable(at).values("pk"),
            quiz__in=QuizVersion.objects.current().values("quiz"),
        ).order_by(F("changed_by").desc(nulls_last=True), "due_at", "pk")


class ReviewCard(models.Model):
    """One person's memory of one question, as the scheduler sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_cards"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="review_cards"
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="+")
    """The quiz in which they met it last; reviews are asked as a part of it."""
    state = models.JSONField()
    """The card as the fsrs package writes it."""
    due_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        KeyCorrection, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """Set when the answer they gave is not the answer any more; cleared by a review."""

    objects = ReviewCardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "question"], name="card_once_per_person"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "due_at"])]

    def __str__(self) -> str:
        return f"card {self.pk}"


class ReviewLog(models.Model):
    """One answer as the scheduler took it. Rows are added, never changed."""

    card = models.ForeignKey(ReviewCard, on_delete=models.CASCADE, related_name="log")
    rating = models.PositiveSmallIntegerField()
    """1 again, 2 hard, 3 good, 4 easy."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rating__range=(1, 4)), name="rating_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} rated {self.rating}"
