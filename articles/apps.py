"""The articles app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.staffing import sync_groups  # noqa: PLC0415 - needs loaded models

        post_migrate.connect(sync_groups, sender=self)
