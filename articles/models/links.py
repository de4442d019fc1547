"""Addresses outside the site that pages and sources lead to, and whether they answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.models.references import Reference
from articles.models.versions import Passage

LONGEST_ADDRESS = 2000


class LinkHealth(models.TextChoices):
    UNKNOWN = "unknown", "not checked yet"
    WORKS = "works", "works"
    DOUBTFUL = "doubtful", "could not be checked"
    BROKEN = "broken", "broken"


class LinkTarget(models.Model):
    """One address, however many pages lead to it. `health` is what the desk shows."""

    # The hash is unique instead of the address, which is too long for an index.
    url_hash = models.CharField(max_length=64, unique=True, editable=False)
    url = models.CharField("address", max_length=LONGEST_ADDRESS)
    health = models.CharField(
        max_length=10, choices=LinkHealth, default=LinkHealth.UNKNOWN
    )
    found = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "outside link"
        ordering: ClassVar = ["url"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(health__in=LinkHealth.values), name="link_health_is_known"
            ),
            # One bad answer can be chance.
            models.CheckConstraint(
                condition=~Q(health=LinkHealth.BROKEN) | Q(failures__gte=2),
                name="broken_link_failed_twice",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """Where an address stands: in a passage or in the details of a source."""

    target = models.ForeignKey(
        LinkTarget, on_delete=models.CASCADE, related_name="uses"
    )
    passage = models.ForeignKey(
        Passage, on_delete=models.CASCADE, null=True, related_name="link_uses"
    )
    reference = models.ForeignKey(
        Reference, on_delete=models.CASCADE, null=True, related_name="link_uses"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(passage__isnull=True) ^ Q(reference__isnull=True),
                name="link_use_is_in_one_place",
            ),
            models.UniqueConstraint(
                fields=["target", "passage"], name="link_use_once_per_passage"
            ),
            models.UniqueConstraint(
                fields=["target", "reference"], name="link_use_once_per_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id or self.reference_id} leads to {self.target_id}"
