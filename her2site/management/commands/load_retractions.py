"""Load a table of retractions, and name every passage and question that leans on one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import retracting
from articles.notices import CannotReadNotices
from quizzes import suspicion

FEW = 10


class Command(BaseCommand):
    help = (
        "Mark sources as retracted or corrected, by the CSV file of Retraction Watch or one with "
        "the columns doi, date and source. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would change"
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            outcome = self.read(file, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file.name}: {error.strerror}.") from error
        except (CannotReadNotices, retracting.CannotMark) as error:
            reasons = getattr(error, "reasons", (str(error),))
            raise CommandError("\n".join(reasons)) from error
        for line in report(outcome):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Nothing was stored.")

    def read(self, file: Path, *, dry_run: bool) -> retracting.Outcome:
        at = timezone.now()
        # What is no UTF-8 is found again in the lines that matter.
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            if dry_run:
                return retracting.look(lines, at=at, progress=self.progress)
            return retracting.mark(lines, by=None, at=at, progress=self.progress)

    def progress(self, lines: int) -> None:
        self.stderr.write(f"{lines} lines read …")


def report(outcome: retracting.Outcome) -> Iterator[str]:
    """What was found, line by line."""
    yield (
        f"{outcome.table.lines} lines read: {len(outcome.marked)} sources marked, "
        f"{outcome.known} marked before, {len(outcome.for_a_person)} for a person to decide."
    )
    for marking in outcome.marked:
        yield from describe(marking, marking.notice.outcome)
    for marking in outcome.for_a_person:
        yield from describe(marking, f"{marking.notice.nature}, for you to decide")
    if nameless := outcome.table.nameless:
        first = ", ".join(str(line) for line in nameless[:FEW])
        yield f"{len(nameless)} lines name neither DOI nor PMID; the first: {first}."


def describe(marking: retracting.Marking, label: str) -> Iterator[str]:
    """The notice, then each passage and each question that leans on the source."""
    row = marking.reference
    yield f"@{row.key}: {label}, {marking.notice.on}. {marking.notice.words}"
    for title, heading in marking.uses:
        yield f"  Page “{title}”: {heading}"
    for question in suspicion.leaning_on(row.pk, at=timezone.now()):
        yield f"  Question: {question.stem}"
