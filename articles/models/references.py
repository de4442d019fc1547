"""Sources, and which passages lean on them."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.citations import KEY_PATTERN
from articles.models.versions import WORKING, ArticleVersion, Passage


class ReferenceStatus(models.TextChoices):
    CURRENT = "current", "current"
    CORRECTED = "corrected", "corrected"
    SUPERSEDED = "superseded", "superseded by newer evidence"
    RETRACTED = "retracted", "retracted"
    WITHDRAWN = "withdrawn", "withdrawn"


# A person can read the notice and find that what leans on the source is still right. Of a source
# that was retracted or withdrawn nothing is left to lean on.
CHECKABLE = (ReferenceStatus.CORRECTED, ReferenceStatus.SUPERSEDED)


class ReferenceQuerySet(models.QuerySet):
    def not_current(self) -> Self:
        return self.exclude(status=ReferenceStatus.CURRENT)

    def in_doubt(self, checked_at: dt.datetime | OuterRef | None) -> Self:
        """Sources that what was checked at this moment cannot lean on; None: never checked.

        A correction or newer evidence counts until somebody has looked since it was noted here.
        """
        sound = Q(status=ReferenceStatus.CURRENT)
        if checked_at is not None:
            sound |= Q(status__in=CHECKABLE, status_set_at__lt=checked_at)
        return self.exclude(sound)


class Reference(models.Model):
    """A source, stored as CSL-JSON with the fields that are searched beside it."""

    key = models.CharField(
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(rf"^{KEY_PATTERN}$", "Use letters, digits, - and _.")
        ],
        help_text="Cited in the text as [@key].",
    )
    csl = models.JSONField("bibliographic details (CSL-JSON)", default=dict)
    title = models.CharField(max_length=500, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    doi = models.CharField("DOI", max_length=200, blank=True, editable=False)
    pmid = models.CharField("PMID", max_length=9, blank=True, editable=False)
    status = models.CharField(
        max_length=12, choices=ReferenceStatus, default=ReferenceStatus.CURRENT
    )
    status_note = models.CharField(
        max_length=300,
        blank=True,
        help_text="Who says so, and where. Readers see this.",
    )
    status_on = models.DateField(
        "since",
        null=True,
        blank=True,
        help_text="The day of the notice that says so.",
    )
    # When the status, or what is said of it, was last set on this site.
    status_set_at = models.DateTimeField(null=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["doi"], condition=~Q(doi=""), name="one_reference_per_doi"
            ),
            models.UniqueConstraint(
                fields=["pmid"], condition=~Q(pmid=""), name="one_reference_per_pmid"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReferenceStatus.values),
                name="reference_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=ReferenceStatus.CURRENT)
                | Q(status_set_at__isnull=False),
                name="reference_status_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="reference_does_not_supersede_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, **options: Any) -> None:
        self.title = str(self.csl.get("title", ""))[:500]
        self.doi = str(self.csl.get("DOI", "")).strip().lower()
        self.pmid = str(self.csl.get("PMID", "")).strip()
        parts = self.csl.get("issued", {}).get("date-parts", [[None]])
        self.year = parts[0][0] if parts and parts[0] else None
        super().save(**options)

    def get_absolute_url(self) -> str:
        return reverse("reference", args=[self.key])

    @property
    def status_in_words(self) -> str:
        """Such as “retracted (5 March 2026)”."""
        since = self.status_on
        day = f" ({since.day} {since:%B %Y})" if since else ""
        return f"{self.get_status_display()}{day}"


class Citation(models.Model):
    """A passage that leans on a reference; rebuilt whenever the passage is saved."""

    passage = models.ForeignKey(
        Passage, on_delete=models.CASCADE, related_name="citations"
    )
    reference = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="citations"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["passage", "reference"], name="citation_once_per_passage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id} cites {self.reference_id}"


def where_used(reference: Reference, *, at: dt.datetime) -> QuerySet[Passage]:
    """Passages that readers see and that cite this, with their versions and articles."""
    return (
        Passage.objects.shown(at)
        .filter(citations__reference=reference)
        .select_related("version__article")
        .order_by("version__title", "position")
    )


def where_coming(reference: Reference, *, at: dt.datetime) -> QuerySet[Passage]:
    """Passages that cite this reference in drafts, and in texts that wait to go live."""
    waiting = ArticleVersion.objects.waiting(at)
    return (
        Passage.objects.filter(
            Q(version__status__in=WORKING) | Q(version__in=waiting),
            citations__reference=reference,
        )
        .select_related("version__article")
        .order_by("version__title", "position")
    )
