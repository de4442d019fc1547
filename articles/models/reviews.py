"""Who checked a version, and which exact words they checked."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from articles.models.versions import ArticleVersion


class SignOffKind(models.TextChoices):
    CLINICAL = "clinical", "clinical check"
    PLAIN_LANGUAGE = "plain_language", "plain language check"
    PATIENT_READER = "patient_reader", "read by a patient or carer"


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
    note = models.CharField(max_length=500, blank=True)
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
