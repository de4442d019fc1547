"""Erase one person, whose answers stay as nobody's."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from her2site.leaving import CannotErase, erase_person
from her2site.models import User


class Command(BaseCommand):
    help = "Erase one person for good. Their answers stay and count, as nobody's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--yes", action="store_true", help="really do it")

    def handle(self, *args: Any, email: str, yes: bool, **options: Any) -> None:
        person = find_person(email)
        if not yes:
            msg = (
                f"This erases {person.email} and cannot be undone. Add --yes to do it."
            )
            raise CommandError(msg)
        try:
            erased = erase_person(person)
        except CannotErase as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Erased one person, with {erased.certificates} certificates, "
            f"{erased.review_cards} review cards, {erased.extra_time} grants of extra time "
            f"and {erased.sessions} sessions. {erased.attempts} attempts are nobody's now."
        )


def find_person(email: str) -> User:
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        msg = f"Nobody signs in as {email}."
        raise CommandError(msg)
    return found
