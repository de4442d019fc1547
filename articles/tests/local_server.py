"""A server on this very machine, which answers as it is asked to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Answers(BaseHTTPRequestHandler):
    """Answers by path: a number is the status; others are below."""

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        first = self.path.split("/")[1]
        if first == "to":
            self.redirect(self.path.removeprefix("/to/"))
        elif first == "round":
            self.redirect(f"{self.path}x")
        elif first == "no-head":
            self.say(405 if self.command == "HEAD" else 200)
        elif first == "busy":
            self.say(429)
        elif first == "silent":
            self.server.released.wait(5)
        elif first == "slow":
            self.send_slowly()
        elif first == "nonsense":
            self.wfile.write(b"What is this?\r\n\r\n")
        elif first == "endless":
            self.send_endlessly()
        else:
            self.say(int(first))

    do_GET = do_HEAD  # noqa: N815 - the name that the server calls

    def say(self, status):
        self.send_response(status)
        self.end_headers()

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def send_slowly(self):
        """One letter after another, each in good time."""
        while not self.server.released.wait(0.05):
            try:
                self.wfile.write(b"H")
            except OSError:
                return

    def send_endlessly(self):
        self.say(405 if self.command == "HEAD" else 200)
        while self.command == "GET" and not self.server.released.is_set():
            try:
                self.server.sent += self.wfile.write(b"x" * 65_536)
            except OSError:
                return

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        running.asked, running.sent, running.released = [], 0, threading.Event()
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def url(server):
    return f"http://127.0.0.1:{server.server_port}"
