"""Load the sample content from its files; what is already there stays as it is."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.files import FaultyContent
from articles.loading import load_articles
from her2site.models import User
from quizzes.loading import load_quizzes


class Command(BaseCommand):
    help = (
        "Load articles and quizzes from files. Safe to repeat: nothing is loaded twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.BASE_DIR / "content"
        )
        parser.add_argument(
            "--by", metavar="E-MAIL", help="in whose name the content is published"
        )

    def handle(self, *args: Any, folder: Path, by: str | None, **options: Any) -> None:
        user = self.find_user(by)
        at = timezone.now()
        try:
            for kind, load in [
                ("Articles, their sources and words", load_articles),
                ("Quizzes and their questions", load_quizzes),
            ]:
                report = load(folder, by=user, at=at)
                self.stdout.write(
                    f"{kind}: {len(report.made)} made, "
                    f"{len(report.unchanged)} found as they were."
                )
        except FaultyContent as error:
            raise CommandError("\n".join(error.faults)) from error

    def find_user(self, email: str | None) -> User | None:
        if email is None:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            msg = f"Nobody signs in as {email}. Make the account with manage.py createsuperuser."
            raise CommandError(msg)
        return user
