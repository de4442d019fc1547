"""How gunicorn runs the site: `gunicorn -c python:her2site.gunicorn her2site.wsgi`."""

import os
import subprocess
import sys
from pathlib import Path


def read_workers() -> int:
    text = os.environ.get("WEB_CONCURRENCY") or "2"
    if not (text.isascii() and text.isdigit() and int(text)):
        sys.exit(
            "WEB_CONCURRENCY must be a whole number, for instance WEB_CONCURRENCY=2"
        )
    return int(text)


bind = os.environ.get("BIND") or "127.0.0.1:8000"
# Threads finish what they have begun when the server stops; plain workers drop connections.
worker_class = "gthread"
workers = read_workers()
threads = 4
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
control_socket_disable = True
# The heartbeat file must lie in memory: on a slow disk a healthy worker would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Whether a request came over TLS is decided in one place, the setting BEHIND_PROXY.
secure_scheme_headers: dict[str, str] = {}


def on_starting(server: object) -> None:
    """Stop with a sentence now, rather than start workers that can never answer.

    In a process of its own, so that this one, which lives for weeks, never loads the site.
    """
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    checks = [sys.executable, str(manage), "check", "--deploy", "--fail-level", "ERROR"]
    if subprocess.run(checks, check=False).returncode:  # noqa: S603
        sys.exit("The site was not started. What to set stands above.")
