"""Quizzes, their versions and the questions in them."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Freezing, FreezingQuerySet, Topic
from quizzes.models.questions import Question, Tag, VersionStatus


class Purpose(models.TextChoices):
    SELF_CHECK = "self_check", "quiz"
    TEST = "test", "test for students or professionals"
    BEFORE_AFTER = "before_after", "before and after reading a page"
    SECTION_CHECK = "section_check", "one question at the end of a section"


class Quiz(models.Model):
    """What stays the same while a quiz's versions come and go."""

    slug = models.SlugField("address", max_length=100, unique=True)
    purpose = models.CharField(
        max_length=14, choices=Purpose, default=Purpose.SELF_CHECK
    )
    article = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quizzes",
        help_text="The page that offers this quiz.",
    )
    passage_key = models.SlugField(
        max_length=80,
        blank=True,
        help_text="Section checks only: the section at whose end the question stands.",
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "quizzes"
        permissions: ClassVar = [
            ("view_reports", "Can see what answers say about pages and questions"),
        ]
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "passage_key"],
                condition=Q(purpose=Purpose.SECTION_CHECK, closed_at__isnull=True),
                name="one_check_per_section",
                violation_error_message="This section already has a question.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(purpose=Purpose.SECTION_CHECK, article__isnull=False)
                    & ~Q(passage_key="")
                )
                | (~Q(purpose=Purpose.SECTION_CHECK) & Q(passage_key="")),
                name="section_check_names_its_section",
                violation_error_message=(
                    "A section check needs a page and a section; a quiz has no section."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(purpose=Purpose.BEFORE_AFTER) | Q(article__isnull=False),
                name="before_and_after_needs_a_page",
                violation_error_message="Choose the page that is read in between.",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="quiz_purpose_is_known"
            ),
        ]

    def __str__(self) -> str:
        """The title where the query has annotated it, or each name would cost a query."""
        return str(getattr(self, "shown_title", "") or self.slug)

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.slug])


class QuizVersionQuerySet(FreezingQuerySet):
    def current(self) -> Self:
        """The newest published version of each quiz that is open."""
        newest = (
            QuizVersion.objects.filter(
                quiz=OuterRef("quiz"), status=VersionStatus.PUBLISHED
            )
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest), quiz__closed_at__isnull=True)


class QuizVersion(Freezing):
    """One state of a quiz: its words and its questions in order."""

    FROZEN_WHEN = Q(status=VersionStatus.PUBLISHED)

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        max_length=10,
        choices=VersionStatus,
        default=VersionStatus.DRAFT,
        editable=False,
    )
    title = models.CharField(max_length=120)
    intro = models.CharField("introduction", max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField("about how many minutes", default=3)
    ask_certainty = models.BooleanField(
        "ask “how sure are you?”", default=False, help_text="It is never marked."
    )
    needed = models.PositiveSmallIntegerField(
        "fewest questions",
        default=1,
        validators=[MinValueValidator(1)],
        help_text="With fewer sound questions than this the quiz cannot be started.",
    )
    pass_mark = models.PositiveSmallIntegerField(
        "pass mark in percent",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Tests only.",
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tests only. Empty: as many as people like.",
    )
    time_limit = models.PositiveSmallIntegerField(
        "time limit in minutes",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tests only. Empty: none. Some people need more: give them extra time.",
    )
    gives_certificate = models.BooleanField(
        default=False, help_text="Tests with a pass mark only."
    )
    edit_token = models.PositiveIntegerField(default=1, editable=False)
    edited_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = QuizVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "quiz version"
        permissions: ClassVar = [
            ("publish_quizversion", "Can publish and close quizzes"),
        ]
        ordering: ClassVar = ["quiz_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz", "number"], name="quiz_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["quiz"],
                condition=Q(status=VersionStatus.DRAFT),
                name="one_draft_per_quiz",
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at__isnull=True)
                | Q(status=VersionStatus.PUBLISHED, published_at__isnull=False),
                name="published_quiz_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__range=(1, 100)),
                name="pass_mark_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(gives_certificate=False) | Q(pass_mark__isnull=False),
                name="certificate_needs_a_pass_mark",
                violation_error_message="A certificate needs a pass mark.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"


class QuizSlot(Freezing):
    """A place in a quiz: one question, or some drawn from a pool."""

    FROZEN_WHEN = Q(version__status=VersionStatus.PUBLISHED)

    version = models.ForeignKey(
        QuizVersion, on_delete=models.CASCADE, related_name="slots"
    )
    position = models.PositiveSmallIntegerField(default=0)
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
    )
    pool_topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Draw from the questions that rest on pages of this topic.",
    )
    pool_tag = models.ForeignKey(
        Tag,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Draw from the questions with this tag.",
    )
    draw = models.PositiveSmallIntegerField(
        "how many to draw", default=1, validators=[MinValueValidator(1)]
    )

    objects = FreezingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "question"],
                name="question_once_per_quiz",
                violation_error_message="This question is already in the quiz.",
            ),
            models.CheckConstraint(
                condition=Q(
                    question__isnull=False, pool_topic=None, pool_tag=None, draw=1
                )
                | (
                    Q(question=None, draw__gte=1)
                    & (Q(pool_topic__isnull=False) | Q(pool_tag__isnull=False))
                ),
                name="slot_is_a_question_or_a_pool",
                violation_error_message=(
                    "Choose a question, or a topic or tag to draw questions from."
                ),
            ),
        ]

    def __str__(self) -> str:
        pool = self.pool_tag or self.pool_topic
        what = self.question or f"{self.draw} drawn from {pool}"
        return f"{self.position}. {what}"

    def is_frozen(self) -> bool:
        """Also a new slot may not join a published version."""
        return (
            QuizVersion.objects.frozen().filter(pk=self.version_id).exists()
            or super().is_frozen()
        )


class ExtraTime(models.Model):
    """More minutes for one person in one test: a disability, a poor connection."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="extra_time")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(
        "extra minutes", validators=[MinValueValidator(1)]
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "extra time"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz", "user"],
                name="extra_time_once_per_person",
                violation_error_message="This person has extra time already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes more in {self.quiz}"
