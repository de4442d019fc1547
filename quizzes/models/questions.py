"""Questions, their versions and options, and the passage each rests on."""

import datetime as dt
import secrets
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from articles.models import (
    Article,
    ArticleVersion,
    Citation,
    Freezing,
    FreezingQuerySet,
    HiddenPassage,
    Passage,
    Reference,
)
from quizzes.models.misconceptions import Misconception


class Kind(models.TextChoices):
    SINGLE = "single", "one answer"
    SEVERAL = "several", "several answers"
    TRUE_FALSE = "true_false", "true or false"
    MATCHING = "matching", "matching"
    ORDERING = "ordering", "putting in order"
    NUMBER = "number", "a number"
    SENTENCE = "sentence", "point to the sentence"


class Audience(models.TextChoices):
    PATIENT = "patient", "patients and carers"
    PROFESSIONAL = "professional", "students and professionals"


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"


class EditKind(models.TextChoices):
    NEW = "new", "new question"
    TYPO = "typo", "typing error"
    CLARITY = "clarity", "clearer words, same meaning"
    MEANING = "meaning", "the meaning changed"


class Tag(models.Model):
    """A word by which staff collect questions, for instance for a pool."""

    name = models.SlugField(max_length=50, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(models.QuerySet):
    def askable(self, at: dt.datetime) -> Self:
        """In use, published, and resting on the wording it was checked against."""
        versions = QuestionVersion.objects.newest_published()
        return self.filter(
            Exists(versions.sound(at).filter(question=OuterRef("pk"))),
            retired_at__isnull=True,
        )


class Question(models.Model):
    """What stays the same while a question's versions come and go."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        "name",
        max_length=100,
        unique=True,
        help_text="For staff, such as what-her2-is. Readers do not see it.",
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="questions")
    retired_at = models.DateTimeField(null=True, editable=False)
    retired_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_reason="")
                | (Q(retired_at__isnull=False) & ~Q(retired_reason="")),
                name="retired_question_says_why",
            ),
        ]

    def __str__(self) -> str:
        """The wording where the query has annotated it, or each name would cost a query."""
        return str(getattr(self, "stem", "") or self.slug)

    @property
    def in_use(self) -> "QuestionVersion | None":
        """The version that learners get."""
        return self.versions.filter(status=VersionStatus.PUBLISHED).first()


class QuestionVersionQuerySet(FreezingQuerySet):
    def newest_published(self) -> Self:
        """The version of each question that new attempts get."""
        newest = (
            QuestionVersion.objects.filter(
                question=OuterRef("question"), status=VersionStatus.PUBLISHED
            )
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest))

    def with_passage(self, at: dt.datetime) -> Self:
        """Annotate `live_passage_id` and `live_hash`: the passage as readers see it."""
        live = ArticleVersion.objects.live(at).filter(
            article=OuterRef(OuterRef("basis__article"))
        )
        hidden = HiddenPassage.objects.in_force().filter(
            article=OuterRef(OuterRef("basis__article")), key=OuterRef("key")
        )
        passage = Passage.objects.filter(
            ~Exists(hidden),
            key=OuterRef("basis__passage_key"),
            version__in=live.values("pk"),
        )
        return self.annotate(
            live_passage_id=Subquery(passage.values("pk")[:1]),
            live_hash=Subquery(passage.values("text_hash")[:1]),
        )

    def well_sourced(self, at: dt.datetime) -> Self:
        """Neither the live passage nor the question cites a source that is in doubt."""
        doubtful = Reference.objects.in_doubt(OuterRef(OuterRef("basis__accepted_at")))
        shaky_passage = Citation.objects.filter(
            passage=OuterRef("live_passage_id"), reference__in=doubtful.values("pk")
        )
        shaky_question = QuestionVersion.references.through.objects.filter(
            questionversion=OuterRef("pk"), reference__in=doubtful.values("pk")
        )
        return self.with_passage(at).filter(
            ~Exists(shaky_passage), ~Exists(shaky_question)
        )

    def sound(self, at: dt.datetime) -> Self:
        """Not suspect: the live passage has the accepted wording and sound sources."""
        return self.well_sourced(at).filter(live_hash=F("basis__accepted_hash"))

    def suspect(self, at: dt.datetime) -> Self:
        return self.exclude(pk__in=QuestionVersion.objects.sound(at).values("pk"))


class QuestionVersion(Freezing):
    """One wording of a question. Published ones never change."""

    FROZEN_WHEN = Q(status=VersionStatus.PUBLISHED)
    MAY_CHANGE = frozenset({"corrected_scoring"})

    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        max_length=10,
        choices=VersionStatus,
        default=VersionStatus.DRAFT,
        editable=False,
    )
    kind = models.CharField("type", max_length=12, choices=Kind, default=Kind.SINGLE)
    stem = models.CharField("question", max_length=400)
    audience = models.CharField(
        "written for", max_length=12, choices=Audience, default=Audience.PATIENT
    )
    explanation = models.CharField(
        max_length=600,
        blank=True,
        help_text="Why the answer is right. Learners read it after answering.",
    )
    tolerance = models.CharField(
        max_length=20,
        default="0",
        help_text="A number only: how far from the right one still counts as right.",
    )
    unit = models.CharField(
        max_length=30, blank=True, help_text="A number only: such as “out of 100”."
    )
    references = models.ManyToManyField(Reference, blank=True, related_name="+")
    change_kind = models.CharField(
        "kind of change", max_length=10, choices=EditKind, default=EditKind.NEW
    )
    change_note = models.CharField("what changed", max_length=300, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Counts up when the meaning changes: statistics pool only within one.
    meaning_group = models.PositiveIntegerField(default=1, editable=False)
    # The key as marks.Spec reads it, so that a mark needs no further query.
    scoring = models.JSONField(default=dict, editable=False)
    # The key in force when it was corrected after people had answered.
    corrected_scoring = models.JSONField(null=True, editable=False)
    override_reason = models.CharField(
        "why it was published by its author", max_length=300, blank=True, editable=False
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

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "question version"
        permissions: ClassVar = [
            ("publish_questionversion", "Can publish and retire questions"),
            (
                "override_questionversion",
                "Can publish a question without a second person",
            ),
            ("correct_questionversion", "Can correct the key of a question"),
        ]
        ordering: ClassVar = ["question_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "number"],
                name="question_version_number_once",
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(status=VersionStatus.DRAFT),
                name="one_draft_per_question",
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at__isnull=True)
                | (
                    Q(status=VersionStatus.PUBLISHED, published_at__isnull=False)
                    & ~Q(content_hash="")
                ),
                name="published_question_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="question_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values),
                name="question_audience_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=VersionStatus.PUBLISHED, audience=Audience.PATIENT)
                | Q(edited_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("edited_by"))
                | ~Q(override_reason=""),
                name="patient_question_seen_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stem} (version {self.number})"

    @property
    def key(self) -> dict[str, Any]:
        """The scoring in force."""
        scoring: dict[str, Any] = self.corrected_scoring or self.scoring
        return scoring


def new_token() -> str:
    """Names an option in a form; random, so that it tells nothing."""
    return secrets.token_hex(5)


class Option(Freezing):
    """One possible answer, with why it is right or what its chooser may believe."""

    FROZEN_WHEN = Q(version__status=VersionStatus.PUBLISHED)

    version = models.ForeignKey(
        QuestionVersion, on_delete=models.CASCADE, related_name="options"
    )
    token = models.CharField(
        max_length=10, default=new_token, unique=True, editable=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)
    match = models.CharField(
        "belongs to",
        max_length=300,
        blank=True,
        help_text="Matching only: what this text belongs to.",
    )
    is_right = models.BooleanField("right answer", default=False)
    explanation = models.CharField(max_length=600, blank=True)
    misconception = models.ForeignKey(
        Misconception,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="options",
    )

    objects = FreezingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    def is_frozen(self) -> bool:
        """Also a new option may not join a published version."""
        return (
            QuestionVersion.objects.frozen().filter(pk=self.version_id).exists()
            or super().is_frozen()
        )


class Basis(Freezing):
    """The passage a question rests on, at the wording it was checked against."""

    FROZEN_WHEN = Q(version__status=VersionStatus.PUBLISHED)
    MAY_CHANGE = frozenset({"accepted_hash", "accepted_at", "accepted_by"})

    version = models.OneToOneField(
        QuestionVersion, on_delete=models.CASCADE, related_name="basis"
    )
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    passage_key = models.SlugField(max_length=80)
    accepted_hash = models.CharField(max_length=64, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = FreezingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bases"
        indexes: ClassVar = [models.Index(fields=["article", "passage_key"])]

    def __str__(self) -> str:
        return f"{self.article}#{self.passage_key}"
