"""CPU per request of our pages, as multiples of a Django hello view, in one run.

    .venv/bin/python benchmarks/pages.py [postgres://user@host/empty_database]

Two gunicorn servers stand side by side: a hello view with the middleware of `startproject`,
and the site in production settings with its sample content. Sixteen connections ask them in
turns, so that a busy machine slows both; the median of the rounds counts. CPU is the user and
system time of the workers; the work of a PostgreSQL server is not in it. Ratios hold from
machine to machine, milliseconds do not.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = Path(sys.executable).with_name("gunicorn")
ROUNDS, PER_ROUND, CONNECTIONS = 8, 160, 16
ARTICLE = "/articles/her2-treatment-and-immunotherapy/"
QUIZ = "/quizzes/heart-and-lung-safety/"
HOST = "learn.example.org"
Request = tuple[str, str, dict[str, str], str]  # method, path, headers, body


def main() -> None:
    databases = {"SQLite": ""}
    if len(sys.argv) > 1:
        databases["PostgreSQL"] = sys.argv[1]
    for name, url in databases.items():
        print(f"\n{name}: CPU per request as a multiple of a hello view")
        for page, ratio, milliseconds in measure(url):
            print(f"  {page:<16} {ratio:6.2f} ×  {milliseconds:6.2f} ms")


def measure(database_url: str) -> Iterator[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        site = {
            **os.environ,
            "SECRET_KEY": "x" * 50,
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "true",
            "DATA_DIR": folder,
            "DATABASE_URL": database_url,
        }
        for command in (["migrate"], ["collectstatic", "--noinput"], ["load_content"]):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(
                manage, cwd=ROOT, env=site, check=True, stdout=subprocess.DEVNULL
            )
        hello = {**os.environ, "HELLO_DATABASE": f"{folder}/hello.sqlite3"}
        with (
            serve("benchmarks.hello:application", hello) as hello_server,
            serve("her2site.wsgi:application", site) as site_server,
        ):
            yield from compare(hello_server, site_server)


class Server:
    """A running gunicorn: its port, and the CPU its workers have used."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid

    def cpu(self) -> float:
        """Seconds of user and system time of all workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        ticks = 0
        for child in children.split():
            fields = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def ask(self, request: Request, expect: int) -> tuple[dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            return send(connection, request, expect)
        finally:
            connection.close()


def send(
    connection: http.client.HTTPConnection, request: Request, expect: int
) -> tuple[dict[str, str], bytes]:
    method, path, headers, body = request
    common = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "Sec-Fetch-Site": "same-origin",
        "Accept-Encoding": "gzip, deflate, br",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request(method, path, body=body or None, headers=common | headers)
    response = connection.getresponse()
    content = response.read()
    if response.status != expect:
        sys.exit(f"{method} {path} answered {response.status} instead of {expect}")
    return dict(response.getheaders()), content


@contextmanager
def serve(app: str, environment: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--workers=2",
        "--threads=4",
        "--worker-class=gthread",
        "--keep-alive=30",
    ]
    quiet = ["--no-control-socket", "--log-level=error", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen(
        [GUNICORN, *options, *quiet, app], cwd=ROOT, env=environment
    )
    try:
        wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("gunicorn did not start")


def compare(hello: Server, site: Server) -> Iterator[tuple[str, float, float]]:
    etag = site.ask(get(ARTICLE), 200)[0]["ETag"]
    answers = start_attempts(site)
    first, _ = next(answers)
    pages: dict[str, tuple[Server, int, Callable[[], Iterator[Request]]]] = {
        "hello": (hello, 200, lambda: repeat(get("/"))),
        "home": (site, 200, lambda: repeat(get("/"))),
        "article, fresh": (site, 200, lambda: repeat(get(ARTICLE))),
        "article, 304": (
            site,
            304,
            lambda: repeat(get(ARTICLE, {"If-None-Match": etag})),
        ),
        "topic": (site, 200, lambda: repeat(get("/topics/treatment/"))),
        "question": (site, 200, lambda: repeat(first)),
        "answer POST": (site, 302, lambda: (post for _, post in answers)),
    }
    costs: dict[str, list[float]] = {page: [] for page in pages}
    for number in range(ROUNDS + 1):
        for page, (server, expect, requests) in pages.items():
            cost = round_of(server, expect, requests())
            if number:  # the first round warms up
                costs[page].append(cost)
    base = statistics.median(costs["hello"])
    for page, times in costs.items():
        cost = statistics.median(times)
        yield page, cost / base, cost * 1000


def get(path: str, headers: dict[str, str] | None = None) -> Request:
    return "GET", path, headers or {}, ""


def round_of(server: Server, expect: int, requests: Iterator[Request]) -> float:
    """CPU seconds of the workers per request, over connections that are kept open."""
    batch = [request for request, _ in zip(requests, range(PER_ROUND), strict=False)]
    before = server.cpu()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = [batch[place::CONNECTIONS] for place in range(CONNECTIONS)]
        list(pool.map(lambda share: send_all(server, share, expect), shares))
    return (server.cpu() - before) / len(batch)


def send_all(server: Server, requests: list[Request], expect: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for request in requests:
        send(connection, request, expect)
    connection.close()


def start_attempts(site: Server) -> Iterator[tuple[Request, Request]]:
    """One unanswered question after another: how to look at it and how to answer it."""
    ready: list[tuple[Request, Request]] = []
    while len(ready) < (ROUNDS + 1) * PER_ROUND + 1:
        headers, _ = site.ask(("POST", QUIZ, {}, "start=1"), 302)
        cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        first = headers["Location"]
        _, page = site.ask(get(first, cookie), 200)
        of = int(re.findall(rb"Question 1 of (\d+)", page)[0])
        for position in range(1, of + 1):
            look = get(first.replace("/1/", f"/{position}/"), cookie)
            _, page = site.ask(look, 200)
            value = re.findall(rb'name="answer" value="([^"]+)"', page)[0].decode()
            post = ("POST", look[1], cookie, f"answer={value}&step=1")
            ready.append((look, post))
    yield from ready


if __name__ == "__main__":
    main()
