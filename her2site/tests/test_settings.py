"""Every wrong or missing setting stops the start with a sentence that names what to set."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import checks
from django.core.checks import Tags
from django.db import connection

from her2site.settings import wal_is_safe

GOOD_KEY = "a-key-for-tests-0123456789-0123456789-0123456789-0123456789"
PRODUCTION = {"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "learn.example.org"}
SILENT = "import her2site.settings"


def run_python(words, environment):
    kept = ("PATH", "HOME", "COVERAGE_")
    clean = {name: text for name, text in os.environ.items() if name.startswith(kept)}
    return subprocess.run(
        [sys.executable, *words],
        check=False,
        cwd=settings.BASE_DIR,
        env=clean | environment,
        capture_output=True,
        text=True,
    )


def start(tmp_path, **environment):
    environment = {"DATA_DIR": str(tmp_path)} | environment
    return run_python(["manage.py", "check"], environment)


def show(name, tmp_path, **environment):
    """Print one setting as the process sees it."""
    code = f"from her2site import settings; print(settings.{name})"
    result = run_python(["-c", code], {"DATA_DIR": str(tmp_path)} | environment)
    return result.stdout.strip() or result.stderr


class TestStart:
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"SECRET_KEY": "short"}, "SECRET_KEY is too short. Set it to"),
            ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing. Set it to"),
            ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must not contain *."),
            ({"ALLOWED_HOSTS": "a.org,*.b.org"}, "ALLOWED_HOSTS must not contain *."),
            *(
                ({"ALLOWED_HOSTS": name}, "ALLOWED_HOSTS must name hosts alone,")
                for name in [
                    "https://a.org",
                    "a.org/",
                    "a.org:8000",
                    "a.org b.org",
                    "b.org,a.org:443",
                    "[::1]:80",
                ]
            ),
            ({"DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL must begin with"),
            ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must begin with"),
            ({"DATABASE_URL": "postgres://u:p/q@h/d"}, "DATABASE_URL cannot be read."),
            ({"DATABASE_URL": "postgres://h"}, "DATABASE_URL cannot be read."),
            ({"CACHE_URL": "localhost:6379"}, "CACHE_URL must read redis://"),
            ({"CACHE_URL": "redis://"}, "CACHE_URL must read redis://"),
            ({"CACHE_URL": "memcache://host"}, "CACHE_URL must read redis://"),
            (
                {"CSRF_TRUSTED_ORIGINS": "learn.example.org"},
                "CSRF_TRUSTED_ORIGINS must name",
            ),
            (
                {"SECURE_HSTS_SECONDS": "a year"},
                "SECURE_HSTS_SECONDS must be a whole number",
            ),
            (
                {"SECURE_HSTS_SECONDS": "-1"},
                "SECURE_HSTS_SECONDS must be a whole number",
            ),
            (
                {"SECURE_HSTS_SECONDS": "३६००"},
                "SECURE_HSTS_SECONDS must be a whole number",
            ),
            ({"BEHIND_PROXY": "maybe"}, "BEHIND_PROXY must be true or false"),
            ({"KIOSK": "maybe"}, "KIOSK must be true or false"),
            ({"REQUIRE_STAFF_MFA": "x"}, "REQUIRE_STAFF_MFA must be true or false"),
            ({"TIME_ZONE": "Mars/Base"}, "TIME_ZONE must be a name like"),
            ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must read smtp+tls://"),
            ({"EMAIL_URL": "smtp://host:port"}, "EMAIL_URL must read smtp+tls://"),
        ],
    )
    def test_stops_with_a_sentence(self, tmp_path, wrong, sentence):
        result = start(tmp_path, **PRODUCTION | wrong)
        assert result.returncode != 0
        assert f"her2site cannot start: {sentence}" in result.stderr
        assert "Traceback" not in result.stderr

    def test_a_wrong_database_address_does_not_print_its_password(self, tmp_path):
        result = start(tmp_path, **PRODUCTION, DATABASE_URL="postgres://u:sec/ret@h/d")
        assert "sec" not in result.stderr

    def test_a_missing_data_folder_stops_with_a_sentence(self, tmp_path):
        result = start(tmp_path, **PRODUCTION, DATA_DIR=str(tmp_path / "gone"))
        assert result.returncode != 0
        assert "or set DATA_DIR to another folder" in result.stderr

    def test_goes_on_when_all_is_well(self, tmp_path):
        assert start(tmp_path, **PRODUCTION).returncode == 0

    def test_an_empty_setting_is_no_setting(self, tmp_path):
        names = ["DATABASE_URL", "CACHE_URL", "EMAIL_URL", "TIME_ZONE", "BEHIND_PROXY"]
        empty = dict.fromkeys([*names, "SECURE_HSTS_SECONDS", "STATIC_ROOT"], "")
        assert start(tmp_path, **PRODUCTION | empty).returncode == 0


class TestProduction:
    def test_debug_is_off(self, tmp_path):
        assert show("DEBUG", tmp_path, **PRODUCTION) == "False"

    def test_a_key_may_begin_with_a_dollar_sign(self, tmp_path):
        key = f"${GOOD_KEY}"
        assert show("SECRET_KEY", tmp_path, **PRODUCTION | {"SECRET_KEY": key}) == key

    def test_blanks_between_host_names_do_not_matter(self, tmp_path):
        environment = PRODUCTION | {"ALLOWED_HOSTS": "a.org, b.org"}
        assert show("ALLOWED_HOSTS", tmp_path, **environment) == "['a.org', 'b.org']"

    @pytest.mark.parametrize("host", ["10.0.0.7", "[::1]", ".example.org"])
    def test_a_host_may_be_a_number_or_stand_for_those_below_it(self, tmp_path, host):
        environment = PRODUCTION | {"ALLOWED_HOSTS": host}
        assert show("ALLOWED_HOSTS", tmp_path, **environment) == f"['{host}']"

    def test_the_address_of_the_visitor_is_believed_only_behind_a_proxy(self, tmp_path):
        code = "hasattr(settings, 'SECURE_PROXY_SSL_HEADER')"
        name = f"DEBUG, {code}"
        assert show(name, tmp_path, **PRODUCTION) == "False False"
        assert show(name, tmp_path, **PRODUCTION, BEHIND_PROXY="true") == "False True"
        name = "ALLAUTH_TRUSTED_PROXY_COUNT"
        assert show(name, tmp_path, **PRODUCTION) == "0"
        assert show(name, tmp_path, **PRODUCTION, BEHIND_PROXY="true") == "1"

    def test_a_shared_cache_speeds_up_sessions_that_the_database_keeps(self, tmp_path):
        environment = PRODUCTION | {"CACHE_URL": "redis://cache:6379/0"}
        assert show("SESSION_ENGINE", tmp_path, **environment).endswith("cached_db")

    def test_without_one_the_processes_count_tries_in_the_database(self, tmp_path):
        shown = show("CACHES['default']['BACKEND']", tmp_path, **PRODUCTION)
        assert shown.endswith("db.DatabaseCache")
        assert show("SESSION_ENGINE", tmp_path, **PRODUCTION).endswith(".db")

    def test_staff_need_a_second_step_unless_the_host_says_no(self, tmp_path):
        name = "REQUIRE_STAFF_MFA"
        assert show(name, tmp_path, **PRODUCTION) == "True"
        assert show(name, tmp_path, **PRODUCTION, REQUIRE_STAFF_MFA="no") == "False"
        assert show(name, tmp_path) == "False"

    def test_a_kiosk_remembers_nobody_for_long(self, tmp_path):
        name = "SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_REMEMBER"
        assert show(name, tmp_path, **PRODUCTION, KIOSK="yes") == "3600 False"
        assert show(name, tmp_path, **PRODUCTION) == "2592000 None"

    def test_mail_comes_from_the_site_unless_the_host_says_otherwise(self, tmp_path):
        name = "DEFAULT_FROM_EMAIL"
        assert show(name, tmp_path, **PRODUCTION) == "noreply@learn.example.org"
        shown = show(name, tmp_path, **PRODUCTION, MAIL_FROM="Team <t@example.org>")
        assert shown == "Team <t@example.org>"

    def test_static_files_must_have_been_collected(self, tmp_path):
        environment = PRODUCTION | {"DATA_DIR": str(tmp_path)}
        result = run_python(["manage.py", "check", "--deploy"], environment)
        assert "Run manage.py collectstatic" in result.stderr


class TestServer:
    """Whatever starts the site stops with the sentence too, and does not try for ever."""

    def start_gunicorn(self, tmp_path, **environment):
        code = "from her2site import gunicorn; gunicorn.on_starting(None)"
        environment = PRODUCTION | {"DATA_DIR": str(tmp_path)} | environment
        return run_python(["-c", code], environment)

    def test_gunicorn_stops_before_it_has_a_worker(self, tmp_path):
        result = self.start_gunicorn(tmp_path, ALLOWED_HOSTS="*")
        assert result.returncode != 0
        assert "her2site cannot start: ALLOWED_HOSTS must not" in result.stderr
        assert "The site was not started." in result.stderr

    def test_gunicorn_stops_without_static_files(self, tmp_path):
        result = self.start_gunicorn(tmp_path)
        assert result.returncode != 0
        assert "Run manage.py collectstatic" in result.stderr

    @pytest.mark.parametrize("number", ["two", "2.5", "-1", "0", "²"])
    def test_gunicorn_stops_at_a_number_of_processes_that_is_none(
        self, tmp_path, number
    ):
        result = self.start_gunicorn(tmp_path, WEB_CONCURRENCY=number)
        assert result.returncode != 0
        assert "WEB_CONCURRENCY must be a whole number" in result.stderr
        assert "Traceback" not in result.stderr

    def test_gunicorn_goes_on_when_all_is_well(self, tmp_path):
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "staticfiles.json").touch()
        assert self.start_gunicorn(tmp_path).returncode == 0

    def test_another_server_sees_an_error_and_not_an_orderly_end(self, tmp_path):
        environment = PRODUCTION | {"DATA_DIR": str(tmp_path), "SECRET_KEY": "short"}
        result = run_python(["-c", "import her2site.wsgi"], environment)
        assert "ImproperlyConfigured: SECRET_KEY is too short." in result.stderr


class TestLaptop:
    def test_answers_only_this_computer(self, tmp_path):
        hosts = show("ALLOWED_HOSTS", tmp_path, ALLOWED_HOSTS="learn.example.org")
        assert "learn.example.org" not in hosts
        assert "localhost" in hosts

    def test_makes_its_data_folder(self, tmp_path):
        folder = tmp_path / "new" / "var"
        run_python(["-c", SILENT], {"DATA_DIR": str(folder)})
        assert folder.is_dir()


class TestJournal:
    @pytest.mark.parametrize(
        "version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 0)]
    )
    def test_write_ahead_logging_where_it_is_safe(self, version):
        assert wal_is_safe(version)

    # https://sqlite.org/wal.html, "the WAL-reset bug"; 3.52.0 was withdrawn.
    @pytest.mark.parametrize(
        "version",
        [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2), (3, 52, 0)],
    )
    def test_an_older_journal_where_it_is_not(self, version):
        assert not wal_is_safe(version)


@pytest.mark.django_db
class TestPragmas:
    def check(self):
        return checks.run_checks(tags=[Tags.database], databases=["default"])

    def test_the_live_connection_is_as_the_settings_say(self):
        assert self.check() == []

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own switches")
    def test_a_time_out_that_does_not_hold_is_an_error(self):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=5000")
            found = self.check()
            cursor.execute("PRAGMA busy_timeout=20000")
        assert [error.id for error in found] == ["her2site.E002"]
        assert "busy_timeout=5000" in found[0].msg
