"""Pages that are the same for every reader: rendered once, compressed once, kept by ETag.

The ETag says all that the page depends on, so a kept page can never be out of date, in
whichever process it is kept.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified


@cache
def release() -> str:
    """A short name for these templates, settings and static files, which a start fixes."""
    digest = hashlib.sha256(
        str(getattr(staticfiles_storage, "manifest_hash", "")).encode()
    )
    digest.update(settings.URGENT_HELP.encode())
    digest.update(settings.SITE_ADDRESS.encode())
    folder: Path = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def finished_page(
    request: HttpRequest, *, state: str, max_age: int, render: Callable[[], str]
) -> HttpResponse:
    """Answer with 304, the kept page or a newly rendered one.

    `state` names everything that the page shows; `max_age` is in seconds.
    """
    etag = f'W/"{release()}-{state}"'
    if not settings.DEBUG and request.headers.get("If-None-Match") == etag:
        return _with_headers(HttpResponseNotModified(), etag, max_age)
    encoding = _encoding(request.headers.get("Accept-Encoding", ""))
    key = f"{etag}{encoding}"
    page = None if settings.DEBUG else caches["pages"].get(key)
    if page is None:
        page = COMPRESS[encoding](render().encode())
        caches["pages"].set(key, page)
    response = HttpResponse(page)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return _with_headers(response, etag, max_age)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": partial(gzip.compress, mtime=0),
    "": bytes,
}


def _encoding(accepted: str) -> str:
    """The best compression that the browser names; none when it refuses with q=0."""
    named = {part.strip() for part in accepted.lower().split(",")}
    return next((name for name in ("br", "gzip") if name in named), "")


def _with_headers(response: HttpResponse, etag: str, max_age: int) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={max_age}, s-maxage={max_age}"
    return response
