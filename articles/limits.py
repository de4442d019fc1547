"""How often one network address may send something."""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


def may_send(request: HttpRequest, *, what: str, times: int, seconds: int) -> bool:
    """Count one more, and say whether it is within `times` in `seconds`.

    The address itself is not kept: only a keyed hash of it, until the time is over. The count
    is in the shared cache, so that all processes see it; of two requests at one instant it may
    count one, which does not matter here.
    """
    key = hmac.new(settings.SECRET_KEY.encode(), _address(request), hashlib.sha256)
    name = f"sent-{what}-{key.hexdigest()[:32]}"
    cache = caches["default"]
    if cache.add(name, 1, seconds):
        return True
    try:
        return bool(cache.incr(name) <= times)
    except ValueError:  # it ran out between the two lines
        return True


def _address(request: HttpRequest) -> bytes:
    """Behind the proxy, the last entry is its own; visitors can write any before it."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2]
    return address.strip().encode()
