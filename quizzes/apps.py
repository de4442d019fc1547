"""The quizzes app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from quizzes.staffing import sync_groups  # noqa: PLC0415 - needs loaded models

        post_migrate.connect(sync_groups, sender=self)
