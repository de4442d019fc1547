"""What a page costs its reader: bytes, requests, cookies. From gunicorn, as a host runs it."""

import os
import re
import secrets
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from her2site.tests.browser.tour import FLAGSHIP, SAMPLE_QUIZZES, press

KB = 1_000
# The proxy that speaks TLS for the site would say so; localhost counts as safe in Chromium.
THROUGH_THE_PROXY = {"X-Forwarded-Proto": "https"}
NONE_OR_SELF = re.compile(r"[\w-]+ '(none|self)'")


@pytest.fixture(scope="module")
def production(browser, tmp_path_factory):
    """The address of a site in production's settings with the sample content."""
    folder = tmp_path_factory.mktemp("production")
    environment = os.environ | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "BEHIND_PROXY": "true",
        "DATA_DIR": str(folder),
        "BIND": "127.0.0.1:0",
        "WEB_CONCURRENCY": "1",
    }
    for name in (
        "DATABASE_URL",
        "CACHE_URL",
        "STATIC_ROOT",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
    ):
        environment.pop(name, None)
    for words in (["migrate"], ["collectstatic", "--noinput"], ["load_content"]):
        command = [sys.executable, settings.BASE_DIR / "manage.py", *words]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    log = folder / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-c", "python:her2site.gunicorn"),
                "her2site.wsgi",
            ],
            cwd=settings.BASE_DIR,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=file,
        )
    try:
        yield address_of(server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)


def address_of(server):
    """Wait until it listens; a browser that is early waits in the queue for the workers."""
    said = b""
    for line in server.stderr:
        said += line
        if listening := re.search(rb"Listening at: http://127\.0\.0\.1:(\d+)", line):
            return f"http://localhost:{int(listening[1])}"
    pytest.fail(said.decode())


@pytest.fixture
def visitor(browser, production):
    context = browser.new_context(
        base_url=production, extra_http_headers=THROUGH_THE_PROXY
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


class Traffic:
    """What Chromium itself counts on the wire, with headers."""

    def __init__(self, page):
        self.asked, self.sent, self.encodings = {}, {}, {}
        watch = page.context.new_cdp_session(page)
        watch.send("Network.enable")
        watch.on("Network.requestWillBeSent", self.note_request)
        watch.on("Network.responseReceived", self.note_answer)
        watch.on("Network.loadingFinished", self.note_weight)

    def note_request(self, event):
        self.asked[event["requestId"]] = event["request"]["url"]

    def note_answer(self, event):
        headers = {k.lower(): v for k, v in event["response"]["headers"].items()}
        self.encodings[event["requestId"]] = headers.get("content-encoding", "")

    def note_weight(self, event):
        self.sent[event["requestId"]] = event["encodedDataLength"]

    @property
    def weight(self):
        return sum(self.sent.values())

    def __str__(self):
        lines = [
            f"{self.sent.get(key, 0):>7,.0f} {self.encodings.get(key, ''):>4}  {url}"
            for key, url in self.asked.items()
        ]
        return "\n".join(
            [*lines, f"{self.weight:>7,.0f} in {len(self.asked)} requests"]
        )


def visit(page, path):
    traffic = Traffic(page)
    page.goto(path, wait_until="networkidle")
    assert traffic.asked.keys() == traffic.sent.keys()
    return traffic


class TestFlagship:
    def test_weighs_at_most_45_kilobytes_in_5_requests(self, visitor):
        traffic = visit(visitor, FLAGSHIP)
        assert traffic.weight <= 45 * KB, traffic
        assert len(traffic.asked) <= 5, traffic

    def test_comes_compressed_all_but_the_typeface_which_is_so_already(self, visitor):
        traffic = visit(visitor, FLAGSHIP)
        plain = [u for key, u in traffic.asked.items() if not traffic.encodings[key]]
        assert [url.rpartition(".")[2] for url in plain] == ["woff2"]

    def test_asks_nobody_else(self, visitor, production):
        traffic = visit(visitor, FLAGSHIP)
        elsewhere = [u for u in traffic.asked.values() if not u.startswith(production)]
        assert elsewhere == []

    def test_weighs_at_most_16_kilobytes_the_second_time(self, visitor):
        visit(visitor, FLAGSHIP)
        again = visit(visitor, FLAGSHIP)
        assert again.weight <= 16 * KB, again

    def test_has_fewer_than_1500_elements(self, visitor):
        visitor.goto(FLAGSHIP)
        assert visitor.locator("*").count() < 1500


class TestCookies:
    @pytest.mark.parametrize(
        "path",
        ["/", FLAGSHIP, "/glossary/", SAMPLE_QUIZZES[0], "/quizzes/", "/nothing/"],
    )
    def test_are_not_set_by_reading(self, visitor, path):
        visitor.goto(path)
        assert visitor.context.cookies() == []

    def test_are_set_once_by_answering_and_only_sent_back_to_us(self, visitor):
        visitor.goto(SAMPLE_QUIZZES[0])
        press(visitor, "Start the quiz")
        (cookie,) = visitor.context.cookies()
        assert cookie["name"] == "__Host-sessionid"
        assert (cookie["secure"], cookie["httpOnly"]) == (True, True)
        assert cookie["sameSite"] == "Lax"


class TestPolicy:
    @pytest.mark.parametrize("path", ["/", FLAGSHIP, "/nothing/", "/admin/login/"])
    def test_allows_nothing_but_our_own_files(self, visitor, path):
        policy = visitor.goto(path).headers["content-security-policy"].split("; ")
        assert "default-src 'none'" in policy
        assert [rule for rule in policy if not NONE_OR_SELF.fullmatch(rule)] == []
