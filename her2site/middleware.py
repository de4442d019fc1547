"""Headers that Django does not set itself, and requests that it cannot read."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from django.views.defaults import bad_request

View = Callable[[HttpRequest], HttpResponse]

# One policy for every page, the admin's too: nothing inline, nothing from elsewhere. Being
# the same for all it needs no nonce, so pages can be kept (docs/decisions/0002).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
FIRST_REFUSAL = 400
# Browsers apply these to documents and workers alone, and there are no workers. On what a page merely uses they are
# five hundred bytes each time, of the 45,000 that a first visit may weigh.
ONLY_FOR_DOCUMENTS = ("Content-Security-Policy", "Permissions-Policy")
NO_DOCUMENTS = ("text/css", "text/javascript", "font/woff2")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class HeadersMiddleware:
    """Keep foreign code out of our pages, our answers out of other sites, and refusals out
    of stores: what is not there today may be there tomorrow, or be there for somebody else.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if response.headers.get("Content-Type", "").startswith(NO_DOCUMENTS):
            for name in ONLY_FOR_DOCUMENTS:
                del response.headers[name]
        if response.status_code >= FIRST_REFUSAL:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class EncodingMiddleware:
    """Refuse what is not written in UTF-8.

    Browsers send what our pages are in. Other encodings can spell half characters, and some,
    such as idna, raise errors of their own wherever the form is first looked at.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not can_be_read(request.META.get("CONTENT_TYPE", "")):
            return bad_request(request, BadRequest())
        return self.get_response(request)


def can_be_read(content_type: str) -> bool:
    """Whether it names no encoding or UTF-8, in a way that Django understands."""
    try:
        _, params = parse_header_parameters(content_type)
    except ValueError:
        return False
    return params.get("charset", "utf-8").lower() == "utf-8"
