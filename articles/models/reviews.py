"""Who checked a version, and which exact words they checked."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models.articles import Article
from articles.models.versions import ArticleVersion


class SignOffKind(models.TextChoices):
    CLINICAL = "clinical", "clinical check"
    PLAIN_LANGUAGE = "plain_language", "plain language check"
    PATIENT_READER = "patient_reader", "read by a patient or carer"


class ReviewLinkQuerySet(models.QuerySet):
    def open(self, at: dt.datetime) -> Self:
        """Links that still lead to their version."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class LinkOutcome(models.TextChoices):
    SIGNED = "signed", "signed off"
    CHANGES = "changes", "asks for changes"


class ReviewLink(models.Model):
    """An address that shows one version to somebody without an account.

    With a `kind` the person is asked for that sign-off, once; without one it is a preview.
    Only a hash of the address's secret is kept.
    """

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.CASCADE, related_name="review_links"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField("for whom", max_length=120)
    role = models.CharField("profession", max_length=160, blank=True)
    kind = models.CharField(max_length=20, choices=SignOffKind, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=LinkOutcome, blank=True)
    remark = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | (Q(answered_at__isnull=False) & ~Q(outcome="") & ~Q(kind="")),
                name="review_link_answers_what_it_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="review_link_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"Link for {self.name}"


class SignOffQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Sign-offs of the very words that the version now holds."""
        return self.filter(content_hash=F("version__content_hash")).exclude(
            content_hash=""
        )


class SignOff(models.Model):
    """A named person's word that this exact text is right. Never edited."""

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.CASCADE, related_name="sign_offs"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    role = models.CharField("profession", max_length=160)
    kind = models.CharField(max_length=20, choices=SignOffKind)
    note = models.CharField(max_length=2000, blank=True)
    # Goes with its version when a draft is discarded, and otherwise keeps its link.
    link = models.OneToOneField(
        ReviewLink,
        on_delete=models.RESTRICT,
        null=True,
        related_name="sign_off",
        help_text="The address by which somebody without an account signed.",
    )
    override_reason = models.CharField(
        max_length=500,
        blank=True,
        help_text="Why the last editor signed off their own text.",
    )
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = "sign-off"
        ordering: ClassVar = ["signed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "reviewer", "kind", "content_hash"],
                name="sign_off_once_per_text",
            ),
            models.CheckConstraint(
                condition=~models.Q(content_hash=""), name="sign_off_names_its_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.name}"


class ReviewOutcome(models.TextChoices):
    NO_CHANGE = "no_change", "still right, no change needed"
    CHANGE = "change", "has to change"
    RETIRE = "retire", "should go off the site"


class PeriodicReview(models.Model):
    """A named person's word on whether a page that stands still holds. Never edited."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="reviews"
    )
    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    role = models.CharField("profession", max_length=160)
    outcome = models.CharField(max_length=10, choices=ReviewOutcome)
    evidence_checked = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-done_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=ReviewOutcome.values),
                name="periodic_review_outcome_is_known",
            ),
            # "Still right" is worth nothing from somebody who did not look at the evidence.
            models.CheckConstraint(
                condition=~Q(outcome=ReviewOutcome.NO_CHANGE)
                | Q(evidence_checked=True),
                name="no_change_only_after_the_evidence_was_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, says {self.name}"
