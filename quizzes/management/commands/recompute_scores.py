"""Derive every mark again from answers, keys and rule, and name what differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from quizzes.models import AttemptSlot
from quizzes.rescores import Difference, differences


class Command(BaseCommand):
    help = (
        "Derive every mark again from the answer, the keys that were in force and the rule. "
        "Changes nothing; names every mark that differs and then ends with code 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        total, done, different = AttemptSlot.objects.count(), 0, 0
        for checked, found in differences():
            for difference in found:
                self.stdout.write(in_words(difference))
            done += checked
            different += len(found)
            self.stderr.write(f"{done} of {total} questions in attempts looked at")
        self.stdout.write(
            f"{different} of the marks differ." if different else "Every mark holds."
        )
        if different:
            sys.exit(1)


def in_words(difference: Difference) -> str:
    correction = difference.correction_id
    which = f"of correction {correction}" if correction else "first"
    return (
        f"Attempt and question {difference.slot}, {which}: stored {difference.stored}, "
        f"derived {difference.derived}."
    )
