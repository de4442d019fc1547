"""What readers say of a passage."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.articles import Article


class ReportKind(models.TextChoices):
    CLEAR = "clear", "clear"
    UNCLEAR = "unclear", "not clear"
    WRONG = "wrong", "something is wrong"


class ReaderReportQuerySet(models.QuerySet):
    def unread(self) -> Self:
        """Those that somebody has to look at; that a passage was clear is only counted."""
        return self.filter(handled_at=None).exclude(kind=ReportKind.CLEAR)


class ReaderReport(models.Model):
    """A reader's word on a passage. Nothing says who the reader was."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="reader_reports"
    )
    version_number = models.PositiveIntegerField()
    passage_key = models.SlugField(max_length=80)
    kind = models.CharField(max_length=10, choices=ReportKind)
    text = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answer = models.CharField(
        "what was done", max_length=500, blank=True, help_text="For colleagues."
    )

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sent_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values),
                name="reader_report_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, answer="")
                | (Q(handled_at__isnull=False) & ~Q(answer="")),
                name="handled_report_says_what_was_done",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["article", "passage_key", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article_id}#{self.passage_key}"
