"""What learners did. Only answering.py writes here, and regrading adds scores."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from articles.models import Passage
from quizzes.models.corrections import KeyCorrection
from quizzes.models.questions import QuestionVersion
from quizzes.models.quizzes import Quiz, QuizVersion


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", "in progress"
    SUBMITTED = "submitted", "finished"
    SET_ASIDE = "set_aside", "set aside"


class SlotState(models.TextChoices):
    OPEN = "open", "not answered"
    SKIPPED = "skipped", "skipped"
    ANSWERED = "answered", "answered"
    CLOSED = "closed", "not answered before the end"


WAITING = (SlotState.OPEN, SlotState.SKIPPED)


class StepKind(models.TextChoices):
    ANSWER = "answer", "answered"
    SKIP = "skip", "skipped"


class Phase(models.TextChoices):
    """Which half of a quiz that is taken before and after reading a page."""

    NONE = "", "–"
    BEFORE = "before", "before reading"
    AFTER = "after", "after reading"


class Certainty(models.IntegerChoices):
    GUESSING = 1, "I am guessing"
    FAIRLY_SURE = 2, "Fairly sure"
    VERY_SURE = 3, "Very sure"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(state=AttemptState.IN_PROGRESS)


class Attempt(models.Model):
    """One person taking one quiz version once. Its id is unguessable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quiz_version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, related_name="attempts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    guest_key = models.CharField(max_length=32, blank=True)
    state = models.CharField(
        max_length=12, choices=AttemptState, default=AttemptState.IN_PROGRESS
    )
    retry_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="retries"
    )
    phase = models.CharField(max_length=6, choices=Phase, blank=True)
    # A look again at questions that are due: practice, and no statistics.
    is_review = models.BooleanField(default=False)
    # Counts the tries of one person at a test; elsewhere nobody counts.
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(null=True)
    deadline_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz_version", "user"],
                condition=Q(state=AttemptState.IN_PROGRESS, user__isnull=False),
                name="one_open_attempt_per_user",
            ),
            models.UniqueConstraint(
                fields=["quiz_version", "guest_key"],
                condition=Q(state=AttemptState.IN_PROGRESS) & ~Q(guest_key=""),
                name="one_open_attempt_per_guest",
            ),
            models.UniqueConstraint(
                fields=["quiz", "user", "number"], name="try_counted_once_per_user"
            ),
            models.UniqueConstraint(
                fields=["quiz", "guest_key", "number"],
                condition=~Q(guest_key=""),
                name="try_counted_once_per_guest",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values), name="attempt_phase_is_known"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest_key=""),
                name="attempt_of_user_or_guest",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AttemptState.values),
                name="attempt_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=AttemptState.SUBMITTED, submitted_at__isnull=False)
                | (~Q(state=AttemptState.SUBMITTED) & Q(submitted_at__isnull=True)),
                name="finished_attempt_has_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["guest_key"]),
            models.Index(fields=["quiz_version", "state", "submitted_at"]),
            models.Index(fields=["state", "started_at"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


@dataclass(frozen=True)
class Taker:
    """Who takes a quiz: a signed-in user, or the guest of one session."""

    user_id: int | None = None
    guest_key: str = ""

    def theirs(self) -> AttemptQuerySet:
        if self.user_id is not None:
            return Attempt.objects.filter(user=self.user_id)
        if not self.guest_key:
            return Attempt.objects.none()
        return Attempt.objects.filter(user=None, guest_key=self.guest_key)

    def owns(self, standing: "Standing") -> bool:
        if self.user_id is not None:
            return standing.user_id == self.user_id
        return bool(self.guest_key) and standing.guest_key == self.guest_key


class AttemptSlot(models.Model):
    """A question in an attempt, pinned at the wording that the learner saw."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()
    question_version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="+"
    )
    passage = models.ForeignKey(
        Passage, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Tokens of the options in the order shown, stored so that it never depends on how
    # a library shuffles.
    option_order = models.JSONField()
    state = models.CharField(max_length=10, choices=SlotState, default=SlotState.OPEN)
    next_step = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="slot_position_once"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question_version"], name="question_once_per_attempt"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SlotState.values), name="slot_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"


@dataclass(frozen=True)
class Standing:
    """Where a question of an attempt stands, as much as answering it needs."""

    slot_id: int
    attempt_id: uuid.UUID
    position: int
    state: str
    step: int
    kind: str
    option_order: tuple[str, ...]
    scoring: dict[str, Any]
    attempt_is_open: bool
    deadline_at: dt.datetime | None
    purpose: str
    question_id: int
    quiz_id: int
    waiting: int
    """How many questions of the attempt have no answer yet."""
    user_id: int | None
    guest_key: str


# By hand: putting it together costs Django more than the whole rest of storing an answer
# (benchmarks/pages.py).
STANDING = """
    SELECT slot.id, slot.state, slot.next_step, slot.option_order,
           attempt.state, attempt.user_id, attempt.guest_key, attempt.deadline_at,
           quiz.id, quiz.purpose,
           question.question_id, question.kind,
           COALESCE(question.corrected_scoring, question.scoring),
           (SELECT COUNT(*) FROM quizzes_attemptslot AS other
            WHERE other.attempt_id = slot.attempt_id AND other.state <> 'answered')
    FROM quizzes_attemptslot AS slot
    JOIN quizzes_attempt AS attempt ON attempt.id = slot.attempt_id
    JOIN quizzes_quiz AS quiz ON quiz.id = attempt.quiz_id
    JOIN quizzes_questionversion AS question ON question.id = slot.question_version_id
    WHERE slot.attempt_id = %s AND slot.position = %s
"""


def standing_of(attempt_id: uuid.UUID, position: int) -> Standing | None:
    """Read where a question stands, in one query; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [attempt_id.hex, position])
        row = cursor.fetchone()
    if row is None:
        return None
    slot_id, state, step, order, attempt_state, user_id, guest_key, *more = row
    deadline, quiz_id, purpose, question_id, kind, scoring, waiting = more
    return Standing(
        slot_id=slot_id,
        attempt_id=attempt_id,
        position=position,
        state=state,
        step=step,
        kind=kind,
        option_order=tuple(json.loads(order)),
        scoring=json.loads(scoring),
        attempt_is_open=attempt_state == AttemptState.IN_PROGRESS,
        deadline_at=aware(deadline) if deadline else None,
        purpose=purpose,
        question_id=question_id,
        quiz_id=quiz_id,
        waiting=waiting,
        user_id=user_id,
        guest_key=guest_key,
    )


KEY = """
    SELECT COALESCE(corrected_scoring, scoring) FROM quizzes_questionversion
    WHERE id = (SELECT question_version_id FROM quizzes_attemptslot WHERE id = %s)
"""


def key_of(slot_id: int) -> dict[str, Any]:
    """The key in force at a slot, which stays in force until the transaction ends.

    Answers do not wait for each other here, only for a correction of this very key, and it
    for them. SQLite has one writer at a time anyway.
    """
    held = " FOR SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(KEY + held, [slot_id])
        (scoring,) = cursor.fetchone()
    key: dict[str, Any] = json.loads(scoring)
    return key


def aware(moment: dt.datetime) -> dt.datetime:
    """SQLite gives moments in UTC without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


class ResponseStep(models.Model):
    """One thing a learner did at a question. Rows are added, never changed."""

    slot = models.ForeignKey(
        AttemptSlot, on_delete=models.CASCADE, related_name="steps"
    )
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind)
    chosen = models.JSONField(default=list)
    """As answers.py reads it from a form: tokens, or ["unsure"]."""
    certainty = models.PositiveSmallIntegerField(choices=Certainty, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slot", "seq"], name="step_once"),
            models.CheckConstraint(
                condition=Q(kind__in=StepKind.values), name="step_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(certainty__isnull=True) | Q(certainty__range=(1, 3)),
                name="certainty_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} step {self.seq}"


class SlotScore(models.Model):
    """A mark in thousandths of the question's worth. Rows are added; the newest counts."""

    slot = models.ForeignKey(
        AttemptSlot, on_delete=models.CASCADE, related_name="scores"
    )
    thousandths = models.PositiveSmallIntegerField()
    rule = models.PositiveSmallIntegerField()
    correction = models.ForeignKey(
        KeyCorrection, on_delete=models.PROTECT, null=True, related_name="scores"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(thousandths__lte=1000), name="mark_is_at_most_one"
            ),
            models.UniqueConstraint(
                fields=["slot", "correction"], name="slot_corrected_once"
            ),
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(correction__isnull=True),
                name="first_score_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thousandths}/1000"
