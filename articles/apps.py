"""The articles app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        # These need loaded models.
        from articles.indexing import keep_index  # noqa: PLC0415
        from articles.staffing import sync_groups  # noqa: PLC0415

        post_migrate.connect(sync_groups, sender=self)
        post_migrate.connect(keep_index, sender=self)
