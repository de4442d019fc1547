"""The two addresses that machines watch."""

import shutil

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


class TestHealthz:
    def test_answers_without_the_database(self, client):
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok")

    def test_answers_to_any_host_name(self, client):
        assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200

    def test_answers_over_plain_http(self, client, settings):
        settings.SECURE_SSL_REDIRECT = True
        assert client.get("/healthz").status_code == 200

    def test_is_not_kept_by_caches(self, client):
        assert client.get("/healthz").headers["Cache-Control"] == "no-store"

    def test_leaves_other_addresses_behind_the_host_check(self, client):
        response = client.get("/healthz/more", headers={"host": "elsewhere.example"})
        assert response.status_code == 400


@pytest.mark.django_db(transaction=True)
class TestReadyz:
    def test_says_ready(self, client):
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (200, b"ready")

    def test_leaves_no_trace(self, client):
        client.get("/readyz")
        assert not Session.objects.exists()

    def test_a_missing_migration_is_not_ready(self, client):
        applied = MigrationRecorder(connection).migration_qs.filter(app="sessions")
        row = applied.get()
        applied.delete()
        try:
            response = client.get("/readyz")
        finally:
            row.save(force_insert=True)
        assert (response.status_code, response.content) == (
            503,
            b"not ready: migrations",
        )

    def test_a_database_that_takes_no_write_is_not_ready(self, client, caplog):
        with connection.schema_editor() as editor:
            editor.alter_db_table(Session, "django_session", "away")
        try:
            response = client.get("/readyz")
        finally:
            with connection.schema_editor() as editor:
                editor.alter_db_table(Session, "away", "django_session")
        assert (response.status_code, response.content) == (503, b"not ready: database")
        assert "django_session" in caplog.text

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="it has no file")
    def test_a_database_file_that_is_gone_is_not_ready_and_not_made_anew(
        self, client, monkeypatch, tmp_path
    ):
        gone = tmp_path / "a folder" / "site.sqlite3"
        gone.parent.mkdir()
        monkeypatch.setitem(connection.settings_dict, "NAME", gone)
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"not ready: database")
        assert not gone.exists()

    def test_a_full_disk_is_not_ready(self, client, monkeypatch):
        full = shutil._ntuple_diskusage(total=1000, used=951, free=49)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: full)
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"not ready: disk")

    def test_a_missing_data_folder_is_not_ready(self, client, settings, tmp_path):
        settings.DATA_DIR = tmp_path / "gone"
        assert client.get("/readyz").content == b"not ready: disk"
