"""How often one network address may send something."""

import hashlib
import hmac
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

HOME = 64  # bits of an IPv6 address that one household or ward has to itself


def may_send(request: HttpRequest, *, what: str, times: int, seconds: int) -> bool:
    """Count one more, and say whether it is within `times` in this stretch of `seconds`.

    The address itself is not kept: only a keyed hash of it, until the time is over. The count
    is in the shared cache, so that all processes see it; of two requests at one instant it may
    count one, which does not matter here. The stretch is in the name, because a count that is
    raised does not keep its end in every cache.
    """
    stretch = int(timezone.now().timestamp() // seconds)
    key = hmac.new(settings.SECRET_KEY.encode(), _address(request), hashlib.sha256)
    name = f"sent-{what}-{stretch}-{key.hexdigest()[:32]}"
    cache = caches["default"]
    count = int(cache.get(name, 0)) + 1
    cache.set(name, count, seconds)
    return count <= times


def _address(request: HttpRequest) -> bytes:
    """Behind the proxy, the last entry is its own; visitors can write any before it."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2]
    return _network(address.strip()).encode()


def _network(address: str) -> str:
    """An IPv6 address as the network that it is in: it has billions of neighbours."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return (
        str(ip_network((found, HOME), strict=False)) if found.version == 6 else address
    )
