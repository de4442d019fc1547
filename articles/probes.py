"""Ask an address once whether it answers, without ever reaching into our own network.

The name is looked up here, every address it has must be public, and the connection goes to the
very address that was looked at: a name that answers differently the second time gains nothing.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from time import monotonic, sleep
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from articles.addresses import is_public

TIMEOUT = 10.0
GRACE = 0.5
MOST_HOPS = 5
BETWEEN = 1.0
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
SAFE = "/?:@!$&'()*+,;=-._~%[]"


class Verdict(StrEnum):
    WORKS = "works"
    FAILED = "failed"
    DOUBTFUL = "doubtful"
    """Says nothing about what a reader would see: busy, guarded, slow or out of order."""


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    words: str


class _Failed(Exception):
    """The address leads nowhere that a reader can go."""


class _Doubtful(Exception):
    """Nobody can tell from here."""


def look_up(host: str, port: int) -> list[str]:
    """Every IP address of a host. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[4][0]) for place in found]


@dataclass
class Caller:
    """Who asks, and by which rules: the name it gives, the pause between two questions."""

    name: str
    resolve: Callable[[str, int], list[str]] = look_up
    is_allowed: Callable[[str], bool] = is_public
    wait: Callable[[float], None] = sleep
    clock: Callable[[], float] = monotonic
    timeout: float = TIMEOUT
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    last: dict[str, float] = field(default_factory=dict)

    def pause(self, host: str) -> None:
        """Ask no host more than once in a second."""
        before = self.last.get(host)
        if before is not None and (left := before + BETWEEN - self.clock()) > 0:
            self.wait(left)
        self.last[host] = self.clock()


def ask(url: str, *, caller: Caller) -> Answer:
    """Whether the address answers: by HEAD, and by GET where that is refused."""
    try:
        return _follow(url, caller)
    except _Failed as failed:
        return Answer(Verdict.FAILED, str(failed))
    except _Doubtful as doubtful:
        return Answer(Verdict.DOUBTFUL, str(doubtful))


def _follow(url: str, caller: Caller) -> Answer:
    place = url
    for _ in range(MOST_HOPS + 1):
        status, target = _status(place, caller)
        if status not in REDIRECTS or not target:
            return _answer(status, "" if place == url else place)
        place = _next(place, target)
    raise _Failed(f"It is passed on more than {MOST_HOPS} times.")


def _next(place: str, target: str) -> str:
    try:
        return urljoin(place, target)
    except ValueError as error:
        raise _Failed("It is passed on to what is no web address.") from error


def _answer(status: int, place: str) -> Answer:
    words = f"{status} {http.client.responses.get(status, '')}".strip()
    words = f"{words}, at {place[:200]}" if place else words
    if 200 <= status < 300:
        return Answer(Verdict.WORKS, words)
    return Answer(Verdict.FAILED if status in GONE else Verdict.DOUBTFUL, words)


def _status(url: str, caller: Caller) -> tuple[int, str]:
    status, target = _request("HEAD", url, caller)
    # Many servers know only GET, and some of them say instead that nothing is there.
    is_refused = status >= 400 and status != HTTPStatus.TOO_MANY_REQUESTS
    return _request("GET", url, caller) if is_refused else (status, target)


def _request(method: str, url: str, caller: Caller) -> tuple[int, str]:
    """The status, and where it passes us on to."""
    parts, host, port = _split(url)
    ip = _public_ip(host, port, caller)
    caller.pause(host)
    try:
        with _connection(parts.scheme, host, port, ip, caller) as connection:
            connection.request(method, _path(parts), headers=_headers(caller))
            # The status says all; of the body nothing is read.
            with connection.getresponse() as response:
                return response.status, response.getheader("Location") or ""
    except ssl.SSLCertVerificationError as error:
        raise _Failed("Its certificate is not valid.") from error
    except TimeoutError as error:
        raise _Doubtful(f"No answer within {caller.timeout:g} seconds.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Doubtful("It breaks off the connection.") from error


def _headers(caller: Caller) -> dict[str, str]:
    return {"User-Agent": caller.name, "Accept": "*/*", "Connection": "close"}


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise _Failed("This is not a web address.") from error
    if not host or parts.scheme not in PORTS:
        raise _Failed("This is not a web address.")
    if parts.username is not None:
        raise _Failed("A name or a password stands in this address.")
    return parts, host, port


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=SAFE)


def _public_ip(host: str, port: int, caller: Caller) -> str:
    try:
        found = caller.resolve(host, port)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise _Doubtful("Its name could not be looked up just now.") from error
        raise _Failed("No host has this name.") from error
    except (UnicodeError, OSError) as error:
        raise _Failed("No host has this name.") from error
    if not found or not all(map(caller.is_allowed, found)):
        raise _Failed("It leads into a network that is not public.")
    return found[0]


@contextmanager
def _connection(
    scheme: str, host: str, port: int, ip: str, caller: Caller
) -> Iterator[http.client.HTTPConnection]:
    """A connection to this very IP address, that ends after the time that it may take."""
    raw = socket.create_connection((ip, port), timeout=caller.timeout)
    # A timeout of the socket begins anew with each byte; a server could send them slowly.
    line = raw.dup()
    alarm = threading.Timer(caller.timeout + GRACE, _hang_up, [line])
    alarm.daemon = True
    alarm.start()
    try:
        if scheme == "https":
            with caller.trust.wrap_socket(raw, server_hostname=host) as safe:
                yield _over(http.client.HTTPSConnection(host, port), safe)
        else:
            yield _over(http.client.HTTPConnection(host, port), raw)
    finally:
        alarm.cancel()
        line.close()
        raw.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _over(
    connection: http.client.HTTPConnection, stream: socket.socket
) -> http.client.HTTPConnection:
    connection.sock = stream
    return connection
