"""Ask each outside address that pages lead to whether it still answers."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import linking
from articles.models import LinkHealth, LinkTarget
from articles.probes import Caller, ask

NAME = "her2site-link-check/1.0 (checks the links of {host})"


class Command(BaseCommand):
    help = (
        "Check the outside links of the pages on the site, each host at most once in a second. "
        "To be run once a day; a link is broken when it failed twice in a row."
    )

    # Who asks, for tests that have a server of their own.
    stealth_options = ("caller",)

    def handle(self, *args: Any, **options: Any) -> None:
        caller = options.get("caller") or Caller(NAME.format(host=site_host()))
        targets = linking.collect(at=timezone.now())
        for number, target in enumerate(targets, 1):
            answer = ask(target.url, caller=caller)
            linking.record(target, answer, at=timezone.now())
            self.stdout.write(
                f"{number} of {len(targets)}: {target.url}: {answer.words}"
            )
        self.stdout.write(summary())


def site_host() -> str:
    return str(settings.ALLOWED_HOSTS[0])


def summary() -> str:
    """How many addresses are in which state."""
    count = Counter(LinkTarget.objects.values_list("health", flat=True))
    parts = [
        f"{count[health]} {health.label}" for health in LinkHealth if count[health]
    ]
    return f"{', '.join(parts) or 'No outside links'}."
