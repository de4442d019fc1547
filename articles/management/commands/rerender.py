"""Render every published page again, after an update changed how pages are laid out."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.models import ArticleVersion, Status
from articles.rendering import rerender


class Command(BaseCommand):
    help = "Render all published pages again. Their text stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        published = ArticleVersion.objects.filter(status=Status.PUBLISHED)
        versions = published.order_by("pk")
        total = versions.count()
        for done, version in enumerate(versions, 1):
            changed = rerender(published.filter(pk=version.pk), at=timezone.now())
            word = "changed" if changed else "the same"
            self.stdout.write(f"{done} of {total}: {version}, {word}")
        self.stdout.write("Done." if total else "No page is published yet.")
