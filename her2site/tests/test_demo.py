"""The command that sets everything up on a laptop."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from her2site.management.commands.demo import find_or_make_staff
from her2site.models import User

NEW_ACCOUNT = re.compile(r"as (\S+) with the password (\S+)")


def run_demo():
    out = io.StringIO()
    call_command("demo", "8123", no_serve=True, stdout=out)
    return out.getvalue()


def count_rows():
    return {
        model._meta.label: model._base_manager.count() for model in apps.get_models()
    }


@pytest.mark.django_db
class TestDemo:
    def test_prints_a_password_that_opens_the_admin(self, client):
        printed = run_demo()
        assert "http://127.0.0.1:8123/admin/" in printed
        email, password = NEW_ACCOUNT.search(printed).groups()
        assert client.login(username=email, password=password)
        assert client.get("/admin/").status_code == 200

    def test_loads_content_that_readers_see(self, client):
        assert "http://127.0.0.1:8123/\n" in run_demo()
        assert b'href="/articles/' in client.get("/articles/").content
        assert b'href="/quizzes/' in client.get("/quizzes/").content

    def test_a_second_run_changes_nothing_and_says_what_it_found(self):
        email, password = NEW_ACCOUNT.search(run_demo()).groups()
        rows = count_rows()
        printed = run_demo()
        assert count_rows() == rows
        assert authenticate(username=email, password=password)
        assert "sources and words: 0 made" in printed
        assert "questions: 0 made" in printed
        assert "an account found here" in printed
        assert f"manage.py changepassword {email}" in printed

    def test_makes_a_fresh_password_each_time_it_makes_an_account(self):
        _, first = find_or_make_staff()
        User.objects.all().delete()
        _, second = find_or_make_staff()
        assert len(first) >= 12
        assert first != second

    def test_uses_a_staff_account_that_is_there(self):
        nurse = User.objects.create_superuser("nurse@example.org", "a long enough one")
        assert find_or_make_staff() == (nurse, None)


class TestServing:
    @pytest.fixture
    def calls(self, monkeypatch, settings):
        """What the command calls when it serves; the site's address is put back after."""
        settings.SITE_ADDRESS = "http://localhost:8000"
        made = []
        monkeypatch.setattr(
            "her2site.management.commands.demo.call_command",
            lambda *args, **options: made.append((args, options)),
        )
        monkeypatch.setattr(
            "her2site.management.commands.demo.find_or_make_staff",
            lambda: (User(email="asa@example.org"), None),
        )
        call_command("demo", "8123", stdout=io.StringIO())
        return made

    def test_prints_its_own_address_for_search_engines(self, calls, client):
        sitemap = "Sitemap: http://127.0.0.1:8123/sitemap.xml"
        assert sitemap in client.get("/robots.txt").content.decode()

    def test_leaves_static_files_to_the_site_with_its_headers(self, calls):
        (name, address), options = calls[-1]
        assert (name, address) == ("runserver", "127.0.0.1:8123")
        assert options["use_static_handler"] is False


class TestRefusals:
    def test_refuses_a_production_site(self, tmp_path):
        kept = ("PATH", "COVERAGE_")
        environment = {
            **{name: os.environ[name] for name in os.environ if name.startswith(kept)},
            "SECRET_KEY": "a-key-for-tests-0123456789-0123456789-0123456789-0123456789",
            "ALLOWED_HOSTS": "learn.example.org",
            "DATA_DIR": str(tmp_path),
        }
        result = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            check=False,
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert result.returncode != 0
        assert "SECRET_KEY is set" in result.stderr
        assert not (tmp_path / "site.sqlite3").exists()

    @pytest.mark.django_db
    def test_says_which_port_to_try_when_this_one_is_taken(self):
        out = io.StringIO()
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(CommandError) as refused:
                call_command("demo", str(port), stdout=out)
        assert str(refused.value) == (
            f"Port {port} cannot be used here (Address already in use). "
            f"Try the next one: manage.py demo {port + 1}"
        )
        assert out.getvalue() == ""

    @pytest.mark.django_db
    def test_content_by_nobody_is_refused(self):
        with pytest.raises(CommandError, match=r"Nobody signs in as x@example\.org"):
            call_command("load_content", by="x@example.org")

    @pytest.mark.django_db
    def test_a_faulty_file_is_named_and_nothing_is_loaded(self, tmp_path):
        shutil.copytree(settings.BASE_DIR / "content", tmp_path / "content")
        (tmp_path / "content" / "articles" / "faulty.md").write_text("No title.\n")
        rows = count_rows()
        with pytest.raises(CommandError, match=r"faulty\.md"):
            call_command("load_content", tmp_path / "content")
        assert count_rows() == rows
