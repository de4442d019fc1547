"""Versions of an article and their passages."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles import markup
from articles.citations import cited_keys
from articles.fingerprint import passage_hash
from articles.models.articles import Article
from articles.models.frozen import Freezing, FreezingQuerySet


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    APPROVED = "approved", "approved"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


WORKING = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
FROZEN = (Status.PUBLISHED, Status.WITHDRAWN)


class ChangeKind(models.TextChoices):
    NEW = "new", "new page"
    EDITORIAL = "editorial", "wording only"
    MATERIAL = "material", "change of content"
    CORRECTION = "correction", "correction of an error"
    SAFETY = "safety", "safety information"


class VersionQuerySet(FreezingQuerySet):
    def working(self) -> Self:
        return self.filter(status__in=WORKING)

    def published_by(self, at: dt.datetime) -> Self:
        """Published with a moment that has come; newest first within an article."""
        return self.filter(status=Status.PUBLISHED, live_from__lte=at)

    def waiting(self, at: dt.datetime) -> Self:
        """Published with a moment that is still to come."""
        return self.filter(status=Status.PUBLISHED, live_from__gt=at)

    def on_the_site(self, at: dt.datetime) -> Self:
        """Those that readers see, or will."""
        live = ArticleVersion.objects.live(at).values("pk")
        waiting = Q(status=Status.PUBLISHED, live_from__gt=at)
        return self.filter(Q(pk__in=live) | waiting)

    def seen_by(self, at: dt.datetime) -> Self:
        """Those that readers saw at some time; one can be withdrawn before its moment."""
        kept = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("live_from"))
        return self.filter(kept, live_from__lte=at)

    def live(self, at: dt.datetime) -> Self:
        """The one version of each article that readers see at this moment."""
        return self.published_by(at).exclude(self.newer_than("", at))

    def newer_than(self, version: str, at: dt.datetime) -> Exists:
        """Whether another one came after the version at this path of a query, such as `version__`."""
        later = ArticleVersion.objects.published_by(at).filter(
            article=OuterRef(f"{version}article"),
            live_from__gt=OuterRef(f"{version}live_from"),
        )
        return Exists(later)


class ArticleVersion(Freezing):
    """One state of an article's text. Published ones never change."""

    FROZEN_WHEN = Q(status__in=FROZEN)
    MAY_CHANGE = frozenset(
        {
            "status",
            "withdrawn_at",
            "withdrawn_by",
            "withdrawn_reason",
            "replaced_by",
            "html",
            "rendered_at",
        }
    )

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    based_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    title = models.CharField(max_length=120)
    summary = models.TextField(
        max_length=1000, help_text="One to three plain sentences."
    )
    key_points = models.TextField(
        max_length=4000, blank=True, help_text="Three to five, one on each line."
    )
    written_by = models.CharField(
        max_length=200,
        help_text="Name and role of the author, as readers see them.",
    )
    change_kind = models.CharField(
        "kind of change", max_length=12, choices=ChangeKind, default=ChangeKind.NEW
    )
    change_note = models.CharField(
        "what changed", max_length=300, blank=True, help_text="Readers see this."
    )

    live_from = models.DateTimeField(null=True, editable=False)
    html = models.TextField(editable=False, blank=True)
    rendered_at = models.DateTimeField(null=True, editable=False)
    content_hash = models.CharField(max_length=64, editable=False, blank=True)
    words = models.PositiveIntegerField(default=0, editable=False)
    # Raised by each save and each move. A form that was opened before carries an old one.
    edit_token = models.PositiveIntegerField(default=1, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
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
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "article version"
        permissions: ClassVar = [
            ("publish_articleversion", "Can publish and withdraw article versions"),
            ("sign_off_articleversion", "Can sign off article versions"),
            ("override_articleversion", "Can sign off a text of their own"),
            ("hide_passage", "Can hide a passage at once"),
        ]
        ordering: ClassVar = ["article_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "number"], name="version_number_once_per_article"
            ),
            models.UniqueConstraint(
                fields=["article", "live_from"], name="version_live_from_once"
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(status__in=WORKING),
                name="one_working_version_per_article",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="version_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=FROZEN)
                | (Q(live_from__isnull=False) & ~Q(html="") & ~Q(content_hash="")),
                name="published_version_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FROZEN) | Q(live_from__isnull=True),
                name="working_version_has_no_moment",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False)
                    & ~Q(withdrawn_reason="")
                )
                | (
                    ~Q(status=Status.WITHDRAWN)
                    & Q(withdrawn_at__isnull=True, withdrawn_reason="")
                ),
                name="withdrawn_version_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["article", "status", "-live_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def is_working(self) -> bool:
        return self.status in WORKING


class PassageQuerySet(FreezingQuerySet):
    def live(self, at: dt.datetime) -> Self:
        """Of the version that readers see. Not by `version__in`, which lists those of all pages."""
        published = self.filter(
            version__status=Status.PUBLISHED, version__live_from__lte=at
        )
        return published.exclude(ArticleVersion.objects.newer_than("version__", at))

    def shown(self, at: dt.datetime) -> Self:
        """Live, and not hidden in an emergency."""
        hidden = HiddenPassage.objects.in_force().filter(
            article=OuterRef("version__article"), key=OuterRef("key")
        )
        return self.live(at).exclude(Exists(hidden))


class Passage(Freezing):
    """One headed section of a version, known by the same key in every version."""

    FROZEN_WHEN = Q(version__status__in=FROZEN)

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.CASCADE, related_name="passages"
    )
    key = models.SlugField(
        max_length=80,
        help_text="The part of the address after #. It stays when the heading changes.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField(max_length=150)
    body = models.TextField(max_length=markup.LONGEST)
    text_hash = models.CharField(max_length=64, editable=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "key"],
                name="passage_key_once_per_version",
                violation_error_message="Another passage of this version has this key.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["key", "text_hash"])]

    def __str__(self) -> str:
        return self.heading

    def is_frozen(self) -> bool:
        """Also a new passage may not join a published version."""
        return (
            ArticleVersion.objects.frozen().filter(pk=self.version_id).exists()
            or super().is_frozen()
        )

    def save(self, **options: Any) -> None:
        self.text_hash = passage_hash(heading=self.heading, body=self.body)
        super().save(**options)

    @property
    def cited_keys(self) -> tuple[str, ...]:
        return cited_keys(self.body)


class HiddenPassageQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)


class HiddenPassage(models.Model):
    """A passage that readers must not see, whatever version is live, until it is lifted.

    A row of its own, so that the published text stays as it was.
    """

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="hidden_passages"
    )
    key = models.SlugField(max_length=80)
    reason = models.CharField(max_length=300, help_text="Readers see this.")
    hidden_at = models.DateTimeField(default=timezone.now)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = HiddenPassageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["hidden_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "key"],
                condition=Q(lifted_at__isnull=True),
                name="passage_hidden_once",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="hidden_passage_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}#{self.key} is hidden"

    def as_hidden(self) -> Passage | None:
        """The passage as readers saw it until it was hidden."""
        seen = ArticleVersion.objects.seen_by(self.hidden_at)
        rows = Passage.objects.filter(
            version__in=seen, version__article=self.article_id, key=self.key
        )
        return rows.order_by("-version__live_from").first()
