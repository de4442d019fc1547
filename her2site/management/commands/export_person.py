"""Write down all that is kept about one person."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from her2site.leaving import export_person
from her2site.management.commands.erase_person import find_person


class Command(BaseCommand):
    help = "Write all that is kept about one person, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--output", type=Path, help="a file instead of the screen")

    def handle(
        self, *args: Any, email: str, output: Path | None, **options: Any
    ) -> None:
        found = export_person(find_person(email))
        text = json.dumps(found, indent=2, ensure_ascii=False)
        if output is None:
            self.stdout.write(text)
            return
        output.write_text(f"{text}\n", encoding="utf-8")
        self.stderr.write(f"Written to {output}.")
