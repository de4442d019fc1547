"""Recount a receipt, or all receipts in an export, from nothing but the file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.recounts import FaultyReceipt, Receipt, read_receipts, verify

LARGEST = 20_000_000  # bytes; thousands of attempts


class Command(BaseCommand):
    help = (
        "Work the marks in a receipt out again, from the answers and the keys in it. "
        "Takes a receipt, or a person's export with many."
    )
    # The file is all that is needed, so a broken site can check it too.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            found = read_receipts(read(file))
        except FaultyReceipt as error:
            msg = f"{file.name}: {error}"
            raise CommandError(msg) from error
        faults = [fault for one in found for fault in self.report(one)]
        if faults:
            msg = f"{len(faults)} of these marks or hashes do not hold."
            raise CommandError(msg)

    def report(self, receipt: Receipt) -> list[str]:
        faults = verify(receipt)
        for line in faults or ["holds"]:
            self.stdout.write(printable(f"{name_of(receipt)}: {line}"))
        return faults


def read(file: Path) -> str:
    """The text of a file. Raises CommandError when it is none, or is far too large."""
    try:
        if file.stat().st_size > LARGEST:
            msg = f"{file.name} is larger than {LARGEST:,} bytes, so it is no receipt."
            raise CommandError(msg)
        return file.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise CommandError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{file.name} is not text in UTF-8."
        raise CommandError(msg) from error


def printable(line: str) -> str:
    """Without what a file from strangers could make a terminal do."""
    return "".join(letter for letter in line if letter.isprintable())


def name_of(receipt: Receipt) -> str:
    """The attempt that a receipt says it is of."""
    attempt = receipt.get("attempt")
    known = attempt.get("id") if isinstance(attempt, dict) else None
    return str(known or "A receipt without a name")
