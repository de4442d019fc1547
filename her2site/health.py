"""Two answers for the machines that watch the site: /healthz and /readyz."""

import logging
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)

LEAST_FREE_DISK = 0.05
# A watcher waits two seconds at most, so it must not queue behind the site's own time-outs.
SHORT_WAITS = {
    "sqlite": {"timeout": 1},
    "postgresql": {
        "connect_timeout": 2,
        "options": "-c statement_timeout=1000 -c lock_timeout=500",
    },
}
TINY_WRITE = """
    INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES (%s, '', CURRENT_TIMESTAMP)
"""


class HealthMiddleware:
    """Answer before the host check and the redirect to https.

    A watcher inside the machine room knows the process by its number, not by the site's name,
    and speaks plain http.
    """

    def __init__(self, get_response: View) -> None:
        self.answers: dict[str, View] = {"/healthz": healthz, "/readyz": readyz}
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answers.get(request.path_info, self.get_response)(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; ask nobody else."""
    return plain("ok")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200, or 503 with one word: strangers may ask too, so the details go to the log."""
    trouble = first_trouble()
    if trouble:
        return plain(f"not ready: {trouble}", status=503)
    return plain("ready")


def plain(words: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        words, content_type="text/plain", status=status, headers=headers
    )


def first_trouble() -> str | None:
    if not disk_has_room():
        return "disk"
    own = connection_of_its_own()
    try:
        if not migrations_are_applied(own):
            return "migrations"
        write_and_roll_back(own)
    except Error:
        logger.exception("The site is not ready: its database does not take a write")
        return "database"
    finally:
        own.close()
    return None


def disk_has_room() -> bool:
    try:
        disk = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return False
    return disk.free > disk.total * LEAST_FREE_DISK


def connection_of_its_own() -> BaseDatabaseWrapper:
    """Open no pooled connection: when the database is away, the pool makes everyone wait."""
    own = connection.copy()
    options = own.settings_dict["OPTIONS"]
    own.settings_dict["OPTIONS"] = options | SHORT_WAITS[own.vendor]
    own.settings_dict["OPTIONS"].pop("pool", None)
    if own.vendor == "sqlite":
        # Else SQLite makes an empty file where the site's own has gone.
        file = Path(own.settings_dict["NAME"]).absolute().as_uri()
        own.settings_dict["NAME"] = f"{file}?mode=rw"
    return own


def migrations_are_applied(own: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(own)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def write_and_roll_back(own: BaseDatabaseWrapper) -> None:
    own.set_autocommit(False)
    with own.cursor() as cursor:
        cursor.execute(TINY_WRITE, [f"readyz-{uuid.uuid4().hex}"])
    own.rollback()
