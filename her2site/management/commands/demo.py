"""Set up everything on a laptop and serve it: tables, sample content, a staff account."""

import secrets
import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from her2site.models import User

STAFF_EMAIL = "staff@example.org"


class Command(BaseCommand):
    help = (
        "Set up the site with its sample content on this computer, and serve it here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("port", nargs="?", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="set up only")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        refuse_production()
        if not no_serve:
            refuse_taken(port)
        call_command("migrate", verbosity=0, interactive=False)
        staff, password = find_or_make_staff()
        call_command("load_content", by=staff.email, stdout=self.stdout)
        address = f"http://127.0.0.1:{port}"
        self.tell(staff, password, address)
        if not no_serve:
            # Only now is the port known; the feed and the list of pages print it.
            settings.SITE_ADDRESS = address
            # WhiteNoise serves the static files, as on a hosted site, with all the headers.
            call_command(
                "runserver",
                f"127.0.0.1:{port}",
                use_reloader=False,
                use_static_handler=False,
            )

    def tell(self, staff: User, password: str | None, address: str) -> None:
        if password:
            sign_in = f"as {staff.email} with the password {password}"
        else:
            sign_in = (
                f"as {staff.email}, an account found here (a new password: "
                f"manage.py changepassword {staff.email})"
            )
        self.stdout.write(f"\nReaders:  {address}/")
        self.stdout.write(f"Staff:    {address}/admin/")
        self.stdout.write(f"          {sign_in}\n\n")
        # Whoever starts this through a pipe wants the address before the server's own lines.
        self.stdout.flush()


def refuse_production() -> None:
    if settings.PRODUCTION:
        msg = (
            "SECRET_KEY is set, so this is a production site, and demo would put a staff "
            "account into it. To try the site out here, unset SECRET_KEY; to host it, read "
            "docs/deployment.md."
        )
        raise CommandError(msg)


def refuse_taken(port: int) -> None:
    """Before anything is printed: the addresses would lead to somebody else's site."""
    with socket.socket() as attempt:
        # As runserver does, so that its own port is free again right after it stopped.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as error:
            msg = (
                f"Port {port} cannot be used here ({error.strerror}). Try the next one: "
                f"manage.py demo {port + 1}"
            )
            raise CommandError(msg) from error


def find_or_make_staff() -> tuple[User, str | None]:
    """Return a staff account, and its password where it has just been made."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk").first()
    if staff:
        return staff, None
    password = secrets.token_urlsafe(12)
    return User.objects.create_superuser(STAFF_EMAIL, password), password
