"""System checks: what Django's own checks would let pass and a host should hear."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections

Apps = Sequence[AppConfig] | None


def check_data_folder(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    folder = settings.DATA_DIR
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The site cannot write to {folder}.",
            hint=(
                "Make the folder and give it to the user that runs the site, "
                "or set DATA_DIR to another folder."
            ),
            id="her2site.E001",
        )
    ]


def check_sqlite_pragmas(
    app_configs: Apps, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Ask each SQLite connection how it really is set.

    Options that stand one level too high in DATABASES, or that a PRAGMA refuses, do nothing
    and say nothing; what is lost then is an acknowledged answer, at a power cut.
    """
    found = []
    for alias in databases or []:
        if connections[alias].vendor == "sqlite":
            found += check_one_file(alias)
    return found


def check_one_file(alias: str) -> list[CheckMessage]:
    wanted: dict[str, object] = {
        "journal_mode": settings.JOURNAL.lower(),
        "synchronous": 2,
        "busy_timeout": 20_000,
        "foreign_keys": 1,
    }
    with connections[alias].cursor() as cursor:
        live = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    return [
        Error(
            f"SQLite runs with {name}={live[name]} where the site needs {name}={wanted[name]}.",
            hint="Leave the SQLite options in her2site/settings.py as they are.",
            id="her2site.E002",
        )
        for name in wanted
        if live[name] != wanted[name]
    ]


def check_static_files(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION or (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return []
    return [
        Error(
            f"There are no collected static files in {settings.STATIC_ROOT}.",
            hint="Run manage.py collectstatic, or set STATIC_ROOT to where they are.",
            id="her2site.E003",
        )
    ]
