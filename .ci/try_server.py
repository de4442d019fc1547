"""Start gunicorn as a host would, ask it a few things, stop it. The environment is production's."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time

GUNICORN = [
    sys.executable,
    *("-m", "gunicorn", "-c", "python:her2site.gunicorn", "her2site.wsgi"),
]
THROUGH_THE_PROXY = {"Host": "learn.example.org", "X-Forwarded-Proto": "https"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    print(answer.status, path, answer.headers["Content-Encoding"] or "", len(body))
    return answer, body


def wait_until_up(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(120):
        if server.poll() is not None:
            sys.exit("gunicorn did not start.")
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.25)
        else:
            return
    sys.exit("gunicorn did not answer within 30 seconds.")


def look(port: int) -> None:
    answer, body = ask(port, "/readyz")
    assert (answer.status, body) == (200, b"ready"), body

    answer, body = ask(port, "/", **THROUGH_THE_PROXY)
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.headers["Set-Cookie"] is None

    sheet = re.search(rb'href="(/static/[\w./-]+\.[0-9a-f]{12}\.css)"', body)
    assert sheet, "the home page names no hashed style sheet"
    answer, _ = ask(
        port, sheet[1].decode(), **THROUGH_THE_PROXY, **{"Accept-Encoding": "br"}
    )
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    answer, _ = ask(port, "/", Host="learn.example.org")
    assert answer.status == 301
    assert answer.headers["Location"] == "https://learn.example.org/"

    answer, _ = ask(port, "/", **THROUGH_THE_PROXY | {"Host": "elsewhere.example"})
    assert answer.status == 400


def serve_and_look() -> None:
    port = free_port()
    server = subprocess.Popen(GUNICORN, env=os.environ | {"BIND": f"127.0.0.1:{port}"})
    try:
        wait_until_up(port, server)
        look(port)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(timeout=40)
    assert code == 0, f"gunicorn stopped with {code}"


def see_it_refuse(**wrong: str) -> None:
    port = {"BIND": f"127.0.0.1:{free_port()}"}
    done = subprocess.run(
        GUNICORN,
        env=os.environ | port | wrong,
        check=False,
        timeout=60,
        capture_output=True,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode != 0
    assert f"her2site cannot start: {next(iter(wrong))}" in said, said
    assert "Traceback" not in said, said
    print(said.splitlines()[-1])


if __name__ == "__main__":
    serve_and_look()
    see_it_refuse(ALLOWED_HOSTS="*")
    see_it_refuse(SECRET_KEY="short")
