"""Make the search index anew, for instance after an update changed how words are cut."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.indexing import reindex


class Command(BaseCommand):
    help = "Make the search index anew from the published pages."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Versions in the search index: {reindex()}.")
