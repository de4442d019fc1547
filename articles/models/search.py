"""What is searched: one entry for each passage of a published version."""

from typing import ClassVar

from django.db import models

from articles.models.versions import Passage


class SearchEntry(models.Model):
    """A passage as the search index knows it; the index itself is beside this table.

    Kept for every published version, live or not, because a version goes live and an older
    one comes back by the clock alone.
    """

    passage = models.OneToOneField(
        Passage, on_delete=models.CASCADE, related_name="search_entry", primary_key=True
    )
    title = models.TextField()
    heading = models.TextField()
    body = models.TextField()
    # What the index has of the body. Making it takes longer than finding the passage.
    terms = models.TextField()

    def __str__(self) -> str:
        return f"entry of passage {self.passage_id}"


class SearchMiss(models.Model):
    """Words that found nothing, and how often. Without who asked, and without where."""

    words = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField(default=1)
    last_asked_on = models.DateField()

    class Meta:
        verbose_name = "search without result"
        verbose_name_plural = "searches without result"
        ordering: ClassVar = ["-count", "words"]

    def __str__(self) -> str:
        return self.words
