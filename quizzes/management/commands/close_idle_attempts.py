"""Tidy up attempts that nobody goes on with. Run daily; the site works without it."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from quizzes import answering, starting

GUESTS_FOR = dt.timedelta(days=90)


class Command(BaseCommand):
    help = (
        "Set aside attempts that nobody goes on with, finish tests whose time is up, and cut "
        "the keys of guests after 90 days. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=days, default=14, help="without an answer (default 14)"
        )

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        at = timezone.now()
        finished = answering.finish_overdue(at=at)
        idle = starting.set_aside_idle(before=at - dt.timedelta(days=days))
        guests = starting.forget_guests(before=at - GUESTS_FOR)
        self.stdout.write(
            f"{counted(finished, 'test')} finished, whose time was up.\n"
            f"{counted(idle, 'attempt')} set aside, not answered for {days} days.\n"
            f"{counted(guests, 'attempt')} of guests cut off, older than 90 days."
        )


def days(text: str) -> int:
    """A number of days. Raises ValueError below one, which would close what is under way."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
