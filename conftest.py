"""What every test stands on: a laptop's settings, a throw-away folder, a cheap hasher."""

import os

import pytest
from django.conf import settings
from django.db import connections


def pytest_configure():
    if os.environ.get("SECRET_KEY"):
        message = (
            "SECRET_KEY is set. The tests want a laptop's settings: unset it first."
        )
        raise pytest.UsageError(message)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Look static files up when they are asked for; else each client in each test lists them all.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def throwaway_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT = folder / "media"
    settings.STATIC_ROOT = folder / "static"
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(throwaway_folder):
    """Keep SQLite's test database in a file.

    In memory, threads would share one connection, and what parallel writers do to each other
    on a real site could not be seen.
    """
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(throwaway_folder / "test.sqlite3")
    else:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        database["TEST"]["NAME"] = f"test_{database['NAME']}_{worker}"
