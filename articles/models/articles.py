"""Topics, articles and the addresses that articles once had."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone


class Topic(models.Model):
    """A shelf of articles that readers choose from."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="topic_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class Article(models.Model):
    """What stays the same while versions come and go: the address and the owner."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        "address",
        max_length=100,
        unique=True,
        help_text="The last part of the address.",
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="articles")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is asked when the page is due for review.",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is asked when the owner is away or has left.",
    )
    review_every_months = models.PositiveSmallIntegerField(
        "review every … months",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )
    # Written by a periodic review that found the page still right.
    last_reviewed_on = models.DateField(null=True, editable=False)
    position = models.PositiveSmallIntegerField("place in the topic", default=0)
    retired_at = models.DateTimeField(null=True, editable=False)
    # Moves that change what the page shows beside its version set this; it is part of the
    # page's ETag, so that an unchanged page is answered with one query.
    page_changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["topic__position", "position", "slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    review_every_months__gte=1, review_every_months__lte=36
                ),
                name="article_review_within_three_years",
            ),
        ]

    def __str__(self) -> str:
        """The title where the query has annotated it, or each name would cost a query."""
        return str(getattr(self, "shown_title", "") or self.slug)

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])


class SlugHistory(models.Model):
    """An address that an article had before; it leads to the article's present one."""

    slug = models.SlugField(max_length=100, unique=True)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="old_slugs"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "slug histories"

    def __str__(self) -> str:
        return self.slug
